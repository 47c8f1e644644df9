"""Drawing of one forward and backward pass."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike

from ..teaching import Network, losses
from ..teaching.checks import target
from ..teaching.conversion import loss_of, target_of
from ..teaching.losses import Loss
from ._drawing import PAPER, Drawing
from ._style import GREY, axes, colour
from ._types import Estimator, LossName

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class BackpropDisplay:
    """Drawing of the forward and the backward pass of one sample.

    Each circle holds the output of its unit; below it is delta = ∂L/∂z, the derivative
    of the loss with respect to the unit's weighted sum. The width of a line shows the
    magnitude of ∂L/∂w: blue where a larger weight increases the loss, orange where it
    decreases the loss. Gradient descent moves in the opposite direction.

    Create it with :meth:`from_estimator`.

    Parameters
    ----------
    values : list of ndarray of shape (n_units,)
        Output of each unit; those of the first layer are the features.

    deltas : list of ndarray of shape (n_units,)
        Derivative ∂L/∂z of each unit after the input layer.

    prediction : ndarray of shape (n_outputs,)
        Predicted values.

    target : ndarray of shape (n_outputs,)
        True values.

    loss : float
        Loss of the sample.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the plot.

    figure_ : matplotlib Figure
        Figure with the axes.

    See Also
    --------
    skneuron.teaching.explain : The chain rule for one weight, step by step.

    Examples
    --------
    >>> from skneuron.inspection import BackpropDisplay
    >>> from skneuron.teaching import Network
    >>> network = Network.random((2, 2, 1), random_state=0)
    >>> display = BackpropDisplay.from_estimator(network, x=[-2, -1], y=1)
    >>> round(display.loss, 3)
    0.256
    """

    def __init__(
        self,
        *,
        values: Sequence[np.ndarray],
        deltas: Sequence[np.ndarray],
        prediction: np.ndarray,
        target: np.ndarray,
        loss: float,
    ) -> None:
        self.values = values
        self.deltas = deltas
        self.prediction = prediction
        self.target = target
        self.loss = loss

    @classmethod
    def from_estimator(
        cls,
        estimator: Estimator | Network,
        x: Iterable[float],
        y: ArrayLike,
        *,
        loss: LossName | None = None,
        ax: "Axes | None" = None,
        max_units: int = 8,
        max_edges: int = 150,
    ) -> Self:
        """Draw the forward and the backward pass of one sample.

        Parameters
        ----------
        estimator : NeuronClassifier, NeuronRegressor or skneuron.teaching.Network
            An estimator must be fitted. Its penalty is not included.

        x : sequence of float of length n_features
            Features of the sample.

        y : float, label or sequence of float
            Target of the sample.

        loss : {'mse', 'half_mse', 'sse', 'log_loss'}, default=None
            Loss L. None means the loss that an estimator was fitted with, and 'mse' for
            a Network.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        max_units : int, default=8
            Maximum number of units drawn in each layer: those with the largest ∂L/∂w.

        max_edges : int, default=150
            Maximum number of weights drawn: the largest ∂L/∂w relative to their layer.

        Returns
        -------
        display : BackpropDisplay
            Display with the drawing in `ax_`.
        """
        by_default: str | Loss = "mse"
        if isinstance(estimator, Network):
            network = cast(Network, estimator)  # and no estimator
        else:
            network = Network.from_estimator(estimator)
            y, by_default = target_of(estimator, y), loss_of(estimator)
        function = losses.find(loss or by_default, network.softmax)
        truth = target(y, network.names.sizes[-1], network.softmax)
        forward = network.forward(x)
        gradients = network.gradients(x, truth, function)
        display = cls(
            values=[*map(np.array, forward.inputs), np.array(forward.outputs)],
            deltas=[np.array(delta) for delta in gradients.by_total],
            prediction=np.array(forward.outputs),
            target=np.array(truth),
            loss=network.loss([x], [truth], function),
        )
        return display.plot(ax=ax, max_units=max_units, max_edges=max_edges)

    def plot(
        self, *, ax: "Axes | None" = None, max_units: int = 8, max_edges: int = 150
    ) -> Self:
        """Draw the forward and the backward pass.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        max_units : int, default=8
            Maximum number of units drawn in each layer.

        max_edges : int, default=150
            Maximum number of weights drawn.

        Returns
        -------
        display : BackpropDisplay
            Display with the drawing in `ax_`.
        """
        by_weight = [
            np.outer(a, d) for a, d in zip(self.values, self.deltas, strict=False)
        ]
        drawing = Drawing(by_weight, max_units, max_edges, row=1.25, column=3.0)
        ax = axes(f"{type(self).__name__}.plot", ax, drawing.figsize())
        drawing.draw_edges(ax, prefix="∂L/∂")
        largest = max(np.abs(d).max() for d in self.deltas)

        def ring(layer: int, unit: int) -> tuple[str, float]:
            if layer == 0:
                return GREY, 1.0
            delta = self.deltas[layer - 1][unit]
            return colour(delta), 0.8 + 2.5 * abs(delta) / max(largest, 1e-300)

        drawing.draw_units(ax, lambda *at: f"{self.values[at[0]][at[1]]:.3g}", ring)
        self._write_names(ax, drawing)
        drawing.label_layers(ax, self._layer_labels())
        drawing.frame(ax)
        ax.set_title(
            f"L = {self.loss:.4g}\n"
            "Lines: ∂L/∂w, blue if positive, orange if negative. Circles: outputs.",
            fontsize=9,
        )
        drawing.write_note(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _layer_labels(self) -> list[str]:
        """Return the text below each layer."""
        n_hidden = len(self.deltas) - 1
        hidden = [f"hidden {k}" for k in range(1, n_hidden + 1)]
        return ["input", *(["hidden"] if n_hidden == 1 else hidden), "output"]

    def _write_names(self, ax: "Axes", drawing: Drawing) -> None:
        """Write the name above each unit, delta below, and the target of outputs."""
        last = len(drawing.units) - 1
        for layer, units in enumerate(drawing.units):
            for unit in units:
                x, y = drawing.position(layer, unit)
                name = drawing.names.into(layer)[unit]
                style: dict[str, Any] = {
                    "ha": "center",
                    "fontsize": 8,
                    "zorder": 6,
                    "bbox": PAPER,
                }
                ax.text(x, y + 0.32, name, va="bottom", **style)
                if layer:
                    delta = self.deltas[layer - 1][unit]
                    tone = colour(delta)
                    text = f"δ {delta + 0.0:.3g}"
                    ax.text(x, y - 0.32, text, va="top", color=tone, **style)
                if layer == last:
                    target = f"y = {self.target[unit]:.3g}"
                    ax.text(x + 0.36, y, target, va="center", fontsize=8)
