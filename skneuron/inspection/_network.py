"""Drawing of a network."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from ..teaching import Network
from ..teaching.conversion import read_estimator
from ._drawing import FEW, PAPER, Drawing
from ._style import GREY, NEGATIVE, POSITIVE, axes, colour
from ._types import EstimatorOrMLP

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class NetworkDisplay:
    """Drawing of a network: circles for units, lines for weights.

    The width of a line shows the magnitude of its weight relative to the largest of the
    layer; positive weights are blue, negative ones orange. The outlines of the circles
    show the biases in the same way. Small networks are labelled with their numbers.

    Create it with :meth:`from_estimator`.

    Parameters
    ----------
    coefs : list of ndarray of shape (fan_in, fan_out)
        Weights of each layer.

    intercepts : list of ndarray of shape (fan_out,)
        Biases of each layer.

    activations : list of str
        Activation of each layer, including the output layer.

    feature_names : sequence of str, default=None
        Names beside the inputs; None writes none.

    output_names : sequence of str, default=None
        Names beside the outputs; None writes none.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the plot.

    figure_ : matplotlib Figure
        Figure with the axes.

    See Also
    --------
    BackpropDisplay : Forward and backward pass of one sample.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import NetworkDisplay
    >>> X, y = make_moons(100, noise=0.1, random_state=0)
    >>> clf = NeuronClassifier(3, "tanh", solver="lbfgs", random_state=0).fit(X, y)
    >>> display = NetworkDisplay.from_estimator(clf)
    >>> display.figure_.savefig("network.png")  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        coefs: Sequence[np.ndarray],
        intercepts: Sequence[np.ndarray],
        activations: Sequence[str],
        feature_names: Sequence[str] | None = None,
        output_names: Sequence[str] | None = None,
    ) -> None:
        self.coefs = coefs
        self.intercepts = intercepts
        self.activations = activations
        self.feature_names = feature_names
        self.output_names = output_names

    @classmethod
    def from_estimator(
        cls,
        estimator: EstimatorOrMLP | Network,
        *,
        ax: "Axes | None" = None,
        max_units: int = 12,
        max_edges: int = 150,
    ) -> Self:
        """Draw a fitted network.

        Parameters
        ----------
        estimator : NeuronClassifier, NeuronRegressor or skneuron.teaching.Network
            An estimator must be fitted. MLPClassifier and MLPRegressor work, too.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        max_units : int, default=12
            Maximum number of units drawn in each layer: those with the largest weights.

        max_edges : int, default=150
            Maximum number of weights drawn: the largest relative to their layer. A note
            below the drawing says what is omitted.

        Returns
        -------
        display : NetworkDisplay
            Display with the drawing in `ax_`.
        """
        has_classes = hasattr(estimator, "classes_")
        if isinstance(estimator, Network):
            estimator = estimator.to_estimator()  # its classes are placeholders
        recipe = read_estimator(estimator)
        weights, biases, activations = zip(*recipe.layers, strict=True)
        classes = [
            c if isinstance(c, str) else f"class {c}"
            for c in (estimator.classes_ if has_classes else [])
        ]
        display = cls(
            coefs=list(weights),
            intercepts=list(biases),
            activations=[*activations[:-1], estimator.out_activation_],
            feature_names=getattr(estimator, "feature_names_in_", None),
            # a single logistic output is that of the second class
            output_names=classes[-len(biases[-1]) :] or None,
        )
        return display.plot(ax=ax, max_units=max_units, max_edges=max_edges)

    def plot(
        self, *, ax: "Axes | None" = None, max_units: int = 12, max_edges: int = 150
    ) -> Self:
        """Draw the network.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        max_units : int, default=12
            Maximum number of units drawn in each layer.

        max_edges : int, default=150
            Maximum number of weights drawn.

        Returns
        -------
        display : NetworkDisplay
            Display with the drawing in `ax_`.
        """
        few_units = max(max(W.shape) for W in self.coefs) <= FEW
        drawing = Drawing(
            self.coefs,
            max_units,
            max_edges,
            row=1.25 if few_units else 0.85,
            column=2.4,
            margins=(_room(self.feature_names), _room(self.output_names)),
        )
        ax = axes(f"{type(self).__name__}.plot", ax, drawing.figsize())
        drawing.draw_edges(ax)
        largest = max(np.abs(b).max() for b in self.intercepts)

        def ring(layer: int, unit: int) -> tuple[str, float]:
            if layer == 0:
                return GREY, 1.0
            bias = self.intercepts[layer - 1][unit]
            return colour(bias), 0.8 + 2.5 * abs(bias) / max(largest, 1e-300)

        drawing.draw_units(ax, lambda layer, unit: _name(drawing, layer, unit), ring)
        self._write_beside(ax, drawing)
        if few_units:
            self._write_biases(ax, drawing)
        drawing.label_layers(ax, self._layer_labels(drawing))
        drawing.frame(ax)
        drawing.write_note(ax)
        self._write_legend(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _layer_labels(self, drawing: Drawing) -> list[str]:
        """Return the text below each layer."""
        sizes, last = drawing.names.sizes, len(self.activations) - 1
        labels = [f"input\n{sizes[0]:,}"]
        for layer, activation in enumerate(self.activations):
            kind = "output" if layer == last else "hidden"
            if kind == "hidden" and last > 1:
                kind = f"hidden {layer + 1}"
            labels.append(f"{kind}\n{sizes[layer + 1]:,} {activation}")
        return labels

    def _write_beside(self, ax: "Axes", drawing: Drawing) -> None:
        """Write the feature names on the left and the output names on the right."""
        for names, layer, shift, side in (
            (self.feature_names, 0, -0.4, "right"),
            (self.output_names, len(drawing.units) - 1, 0.4, "left"),
        ):
            if names is not None:
                for unit in drawing.units[layer]:
                    x, y = drawing.position(layer, unit)
                    ax.text(x + shift, y, names[unit], ha=side, va="center", fontsize=8)

    def _write_biases(self, ax: "Axes", drawing: Drawing) -> None:
        """Write each bias above its unit."""
        for layer, biases in enumerate(self.intercepts):
            for unit in drawing.units[layer + 1]:
                x, y = drawing.position(layer + 1, unit)
                name = drawing.names.biases[layer][unit]
                ax.text(
                    x,
                    y + 0.32,
                    f"{name} = {biases[unit]:.3g}",
                    color=colour(biases[unit]),
                    ha="center",
                    va="bottom",
                    fontsize=8,
                    zorder=6,
                    bbox=PAPER,
                )

    def _write_legend(self, ax: "Axes") -> None:
        """Explain the colours."""
        from matplotlib.lines import Line2D

        ax.legend(
            [Line2D([], [], color=tone, lw=2) for tone in (POSITIVE, NEGATIVE)],
            ["positive", "negative"],
            loc="upper center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=2,
            frameon=False,
            fontsize=8,
        )


def _room(names: Sequence[str] | None) -> float:
    """Return the space that names need beside the drawing."""
    return 0.6 + 0.085 * max(map(len, names), default=0) if names is not None else 0.6


def _name(drawing: Drawing, layer: int, unit: int) -> str:
    """Return the name of a unit: x1, h1, o1."""
    names = drawing.names
    return names.inputs[unit] if layer == 0 else names.neurons[layer - 1][unit]
