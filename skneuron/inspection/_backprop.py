"""BackpropDisplay."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from ..teaching import Network, losses
from ..teaching.checks import target
from ..teaching.conversion import loss_of, target_of
from ..teaching.losses import Loss
from ._drawing import PAPER, Drawing
from ._style import GREY, axes, colour


class BackpropDisplay:
    """Drawing of one sample's way through a network, and of its error's way back.

    In each circle stands what the unit puts out, below it delta = ∂L/∂z, how the loss
    changes with the unit's weighted sum. A line is as thick as ∂L/∂w of its weight:
    blue where raising the weight raises the loss, orange where it lowers it. A step of
    gradient descent goes the other way.

    Make it by :meth:`from_estimator`.

    Parameters
    ----------
    values : list of ndarray of shape (n_units,)
        What each unit puts out; the first layer's are the features.

    deltas : list of ndarray of shape (n_units,)
        The derivative ∂L/∂z of each unit after the input.

    prediction : ndarray of shape (n_outputs,)
        What the outputs predict.

    target : ndarray of shape (n_outputs,)
        What they should.

    loss : float
        The loss of the sample.

    Attributes
    ----------
    ax_ : matplotlib Axes
        What is drawn on.

    figure_ : matplotlib Figure
        What that belongs to.

    See Also
    --------
    skneuron.teaching.explain : The same for one weight, in words and numbers.

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
        estimator: Any,
        x: Any,
        y: Any,
        *,
        loss: str | None = None,
        ax: Any = None,
        max_units: int = 8,
        max_edges: int = 150,
    ) -> Self:
        """Draw the forward and the backward pass of one sample.

        Parameters
        ----------
        estimator : NeuronClassifier, NeuronRegressor or skneuron.teaching.Network
            An estimator must be fitted. Its L2 penalty is left out.

        x : sequence of float
            One sample's features.

        y : float, label or sequence of float
            Its target.

        loss : {'mse', 'half_mse', 'sse', 'log_loss'}, default=None
            None means 'mse' for a Network, and for an estimator its own loss.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        max_units : int, default=8
            Of a larger layer this many units are drawn: those with the largest ∂L/∂w.

        max_edges : int, default=150
            Most weights.

        Returns
        -------
        display : BackpropDisplay
            With the drawing in `ax_`.
        """
        network = estimator
        by_default: str | Loss = "mse"
        if not isinstance(estimator, Network):
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

    def plot(self, *, ax: Any = None, max_units: int = 8, max_edges: int = 150) -> Self:
        """Draw the two passes.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        max_units : int, default=8
            Most units of a layer.

        max_edges : int, default=150
            Most weights.

        Returns
        -------
        display : BackpropDisplay
            With the drawing in `ax_`.
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
            "Lines: ∂L/∂w, blue above zero, orange below. In circles: the outputs.",
            fontsize=9,
        )
        drawing.write_note(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _layer_labels(self) -> list[str]:
        n_hidden = len(self.deltas) - 1
        hidden = [f"hidden {k}" for k in range(1, n_hidden + 1)]
        return ["input", *(["hidden"] if n_hidden == 1 else hidden), "output"]

    def _write_names(self, ax: Any, drawing: Drawing) -> None:
        """Write each unit's name above it and its delta below, its target beside it."""
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
