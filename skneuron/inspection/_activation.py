"""Plot of activation functions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from ..activations import ActivationName
from ..teaching.conversion import read_activations
from ..teaching.functions import find
from ._style import CYCLE, GREY, axes
from ._types import Estimator

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class ActivationDisplay:
    """Plot of activation functions f and their derivatives f'.

    Create it with :meth:`from_names` or :meth:`from_estimator`.

    Parameters
    ----------
    z : ndarray of shape (n_points,)
        Points of evaluation.

    values : dict of str to ndarray of shape (n_points,)
        Values f(z), by the name of the activation.

    derivatives : dict of str to ndarray of shape (n_points,)
        Derivatives f'(z), by the name of the activation.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the plot.

    figure_ : matplotlib Figure
        Figure with the axes.

    Examples
    --------
    >>> from skneuron.inspection import ActivationDisplay
    >>> display = ActivationDisplay.from_names(["logistic", "tanh"])
    >>> float(display.derivatives["logistic"].max())
    0.25
    """

    def __init__(
        self,
        *,
        z: np.ndarray,
        values: Mapping[str, np.ndarray],
        derivatives: Mapping[str, np.ndarray],
    ) -> None:
        self.z = z
        self.values = values
        self.derivatives = derivatives

    @classmethod
    def from_names(
        cls,
        names: ActivationName | Sequence[ActivationName],
        *,
        z_range: tuple[float, float] = (-5, 5),
        ax: "Axes | None" = None,
    ) -> Self:
        """Plot activations by name.

        Parameters
        ----------
        names : str or sequence of str
            Names that the estimators accept as `activation`.

        z_range : tuple of float, default=(-5, 5)
            Smallest and largest z.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : ActivationDisplay
            Display with the plot in `ax_`.
        """
        several = [names] if isinstance(names, str) else names
        return cls._evaluate(several, z_range).plot(ax=ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Estimator,
        *,
        z_range: tuple[float, float] = (-5, 5),
        ax: "Axes | None" = None,
    ) -> Self:
        """Plot the activations of a fitted network.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted estimator.

        z_range : tuple of float, default=(-5, 5)
            Smallest and largest z.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : ActivationDisplay
            Display with the plot in `ax_`.
        """
        names = read_activations(estimator)
        return cls._evaluate(names[:-1] or names, z_range).plot(ax=ax)

    @classmethod
    def _evaluate(cls, names: Iterable[str], z_range: tuple[float, float]) -> Self:
        """Return a display of the functions and derivatives on a grid."""
        functions = {name: find(name) for name in names}
        z = np.linspace(*z_range, 401)
        return cls(
            z=z,
            values={n: np.array(list(map(f.value, z))) for n, f in functions.items()},
            derivatives={
                n: np.array(list(map(f.derivative, z))) for n, f in functions.items()
            },
        )

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Plot f as solid and f' as dashed lines.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : ActivationDisplay
            Display with the plot in `ax_`.
        """
        ax = axes(f"{type(self).__name__}.plot", ax)
        for level in ("h", "v"):
            getattr(ax, f"ax{level}line")(0, color=GREY, linewidth=0.6)
        for k, name in enumerate(self.values):
            tone = CYCLE[k % len(CYCLE)]
            ax.plot(self.z, self.values[name], color=tone, label=f"{name}, f")
            ax.plot(self.z, self.derivatives[name], color=tone, ls="--", label="its f'")
        ax.set(xlabel="z", ylabel="f(z), f'(z)", xlim=(self.z[0], self.z[-1]))
        ax.grid(alpha=0.3)
        ax.legend(fontsize=8)
        self.ax_, self.figure_ = ax, ax.figure
        return self
