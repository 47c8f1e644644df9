"""ActivationDisplay."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from ..teaching.conversion import read_estimator
from ..teaching.functions import find
from ._style import CYCLE, GREY, axes


class ActivationDisplay:
    """Plot of activation functions f, and of their derivatives f'.

    Make it by :meth:`from_names` or :meth:`from_estimator`.

    Parameters
    ----------
    z : ndarray of shape (n_points,)
        Where they are evaluated.

    values : dict of str to ndarray of shape (n_points,)
        What f(z) is, by the name of the activation.

    derivatives : dict of str to ndarray of shape (n_points,)
        What f'(z) is, likewise.

    Attributes
    ----------
    ax_ : matplotlib Axes
        What is drawn on.

    figure_ : matplotlib Figure
        What that belongs to.

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
        names: str | Sequence[str],
        *,
        z_range: tuple[float, float] = (-5, 5),
        ax: Any = None,
    ) -> Self:
        """Plot activations by their names.

        Parameters
        ----------
        names : str or sequence of str
            As the estimators' `activation` takes them.

        z_range : tuple of float, default=(-5, 5)
            From where to where.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : ActivationDisplay
            With the plot in `ax_`.
        """
        names = [names] if isinstance(names, str) else list(dict.fromkeys(names))
        functions = {name: find(name) for name in names}
        z = np.linspace(*z_range, 401)
        return cls(
            z=z,
            values={n: np.array(list(map(f.value, z))) for n, f in functions.items()},
            derivatives={
                n: np.array(list(map(f.derivative, z))) for n, f in functions.items()
            },
        ).plot(ax=ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        z_range: tuple[float, float] = (-5, 5),
        ax: Any = None,
    ) -> Self:
        """Plot the activations of a fitted network's layers.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted.

        z_range : tuple of float, default=(-5, 5)
            From where to where.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : ActivationDisplay
            With the plot in `ax_`.
        """
        names = [activation for _, _, activation in read_estimator(estimator).layers]
        return cls.from_names(names[:-1] or names, z_range=z_range, ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Plot f as lines and f' as dashes.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : ActivationDisplay
            With the plot in `ax_`.
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
