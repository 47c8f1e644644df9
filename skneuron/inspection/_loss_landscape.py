"""Plot of the loss over two parameters."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .._engines import choose
from .._network.parameters import Parameters
from .._types import ArrayLikeOrSparse
from ..teaching import Network
from ..teaching.conversion import read_activations
from ..teaching.names import Names
from ._style import NEGATIVE, axes
from ._types import Estimator, LossName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINT: dict[str, Any] = {"color": NEGATIVE, "mec": "white", "ls": ""}
LossAt: TypeAlias = Callable[[float, float], float]


class LossLandscapeDisplay:
    """Plot of the loss over two parameters, with the path of training.

    All other parameters keep their current values, those after training. Unless the
    network has no other parameters, the plotted loss along the path is therefore exact
    only at its end.

    Create it with :meth:`from_estimator`.

    Parameters
    ----------
    first, second : ndarray of shape (n_points,)
        Values of the two parameters on the grid.

    losses : ndarray of shape (n_points, n_points)
        Loss `losses[i, j]` at `first[j]`, `second[i]`.

    names : tuple of two str
        Names of the two parameters.

    now : tuple of two float
        Current values of the two parameters.

    path : ndarray of shape (n_steps, 2), default=None
        Values of the two parameters during training.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the plot.

    figure_ : matplotlib Figure
        Figure with the axes.

    Examples
    --------
    >>> from skneuron.inspection import LossLandscapeDisplay
    >>> from skneuron.teaching import Network, Neuron
    >>> X, y = [[0], [0.2], [0.5]], [0.2, 0.3, 0.9]
    >>> line = Network([[Neuron([0.5], 0, "identity")]])
    >>> path = [(line["w1"], line["b1"])]
    >>> def remember(epoch, loss, line):
    ...     path.append((line["w1"], line["b1"]))
    >>> history = line.train(X, y, 1, 50, "full", loss="half_mse", callback=remember)
    >>> display = LossLandscapeDisplay.from_estimator(
    ...     line, X, y, parameters=("w1", "b1"), loss="half_mse", path=path
    ... )
    """

    def __init__(
        self,
        *,
        first: np.ndarray,
        second: np.ndarray,
        losses: np.ndarray,
        names: tuple[str, str],
        now: tuple[float, float],
        path: np.ndarray | None = None,
    ) -> None:
        self.first = first
        self.second = second
        self.losses = losses
        self.names = names
        self.now = now
        self.path = path

    @classmethod
    def from_estimator(
        cls,
        estimator: Estimator | Network,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        *,
        parameters: tuple[str, str] = ("w1", "w2"),
        path: ArrayLike | None = None,
        loss: LossName | None = None,
        grid_resolution: int = 50,
        ax: "Axes | None" = None,
    ) -> Self:
        """Compute the loss on a grid and plot it.

        Parameters
        ----------
        estimator : NeuronClassifier, NeuronRegressor or skneuron.teaching.Network
            An estimator must be fitted; its loss includes the penalty.

        X : array-like of shape (n_samples, n_features)
            Samples.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            Targets.

        parameters : tuple of two str, default=('w1', 'w2')
            Names of two weights or biases, such as 'w1' and 'b1'. Weights are numbered
            neuron by neuron, from the first hidden neuron on; its inputs are the
            outputs of the `input_layers`, if there are any.

        path : array-like of shape (n_steps, 2), default=None
            Values of the two parameters during training. The grid covers them.

        loss : {'mse', 'half_mse', 'sse', 'log_loss'}, default=None
            Loss of a Network; None means 'mse'. For an estimator it must be None: its
            own loss is used.

        grid_resolution : int, default=50
            Number of points along each axis.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : LossLandscapeDisplay
            Display with the plot in `ax_`.
        """
        if len(parameters) != 2:
            raise ValueError(f"parameters must be two names, got {parameters!r}.")
        if isinstance(estimator, Network):
            now, loss_at = _of_network(estimator, X, y, parameters, loss or "mse")
        elif loss is not None:
            raise ValueError(
                f"loss={loss!r} is for a Network only; an estimator has its own loss."
            )
        else:
            now, loss_at = _of_estimator(estimator, X, y, parameters)
        path = None if path is None else np.asarray(path, float).reshape(-1, 2)
        first, second = (
            np.linspace(*_extent(now[k], None if path is None else path[:, k]), n)
            for k, n in enumerate([grid_resolution] * 2)
        )
        losses = np.array([[loss_at(a, b) for a in first] for b in second])
        return cls(
            first=first,
            second=second,
            losses=losses,
            names=parameters,
            now=now,
            path=path,
        ).plot(ax=ax)

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Plot the loss as filled contours, with the path of training.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : LossLandscapeDisplay
            Display with the plot in `ax_`.
        """
        ax = axes(f"{type(self).__name__}.plot", ax)
        # quantiles as levels, so that flat valleys show as well
        levels = np.unique(np.quantile(self.losses, np.linspace(0, 1, 18)))
        if len(levels) < 2:  # the loss depends on neither parameter
            levels = levels[0] + np.array([0, 1e-9])
        from matplotlib.colors import BoundaryNorm

        norm = BoundaryNorm(levels, 256)
        filled = ax.contourf(
            self.first, self.second, self.losses, levels, cmap="cividis", norm=norm
        )
        ax.contour(
            self.first,
            self.second,
            self.losses,
            levels,
            colors="white",
            linewidths=0.3,
            alpha=0.6,
        )
        ax.figure.colorbar(
            filled, ax=ax, label="loss", ticks=levels[::3], format="%.4g"
        )
        if self.path is not None:
            ax.plot(*self.path.T, color="white", linewidth=3.2)
            ax.plot(*self.path.T, color=NEGATIVE, linewidth=1.6, label="training")
            start = {"marker": "o", "markersize": 8, "label": "start"}
            ax.plot(*self.path[0], **POINT | start)
        now = {"marker": "*", "markersize": 15, "label": "now"}
        ax.plot(*self.now, **POINT | now)
        ax.legend(fontsize=8)
        ax.set(xlabel=self.names[0], ylabel=self.names[1])
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _of_network(
    network: Network,
    X: ArrayLikeOrSparse,
    y: ArrayLikeOrSparse,
    parameters: tuple[str, str],
    loss: LossName,
) -> tuple[tuple[float, float], LossAt]:
    """Return two parameters' current values, and the loss as a function of both."""
    one, other = parameters
    network = network.copy()

    def loss_at(a: float, b: float) -> float:
        network[one], network[other] = a, b
        return network.loss(X, y, loss)

    return (network[one], network[other]), loss_at


def _of_estimator(
    estimator: Estimator,
    X: ArrayLikeOrSparse,
    y: ArrayLikeOrSparse,
    parameters: tuple[str, str],
) -> tuple[tuple[float, float], LossAt]:
    """Return the same for a fitted estimator."""
    read_activations(estimator)  # for its errors
    objective, layers = estimator._learned_arrays()
    samples = estimator._check_known(X, y, None, layers[-1][0].dtype)
    engine = choose(estimator.engine, objective, None, samples.X)
    network = Parameters.from_arrays(objective.network, layers, samples.dtype)
    names = Names(objective.network.dense_sizes)
    places = [names.place(name) for name in parameters]
    # views of one element each
    views = [
        network.biases[layer][j : j + 1]
        if i is None
        else network.weights[layer][i, j : j + 1]
        for layer, j, i in places
    ]

    def loss_at(a: float, b: float) -> float:
        views[0][:], views[1][:] = a, b
        sums = engine.sums(objective, network, samples)
        return objective.normalise(sums, network.vector)[0]

    return (float(views[0][0]), float(views[1][0])), loss_at


def _extent(now: float, path: np.ndarray | None) -> tuple[float, float]:
    """Return the range of the grid along one parameter."""
    if path is None:
        reach = 3 * max(abs(now), 1.0)
        return now - reach, now + reach
    low, high = min(now, path.min()), max(now, path.max())
    margin = 0.4 * (high - low) or 1.0
    return low - margin, high + margin
