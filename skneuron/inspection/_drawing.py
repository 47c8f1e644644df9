"""Drawing of a network as circles and lines.

Layers stand side by side from left to right. If a layer has more units than are drawn,
those with the largest weights are; likewise the largest weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ..teaching.names import Names
from ._style import GREY, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RADIUS = 0.26
CENTRED: dict[str, Any] = {"ha": "center", "va": "center"}
PAPER = {"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.8}
"""Background of texts that lines may cross."""
FEW = 6
"""Layers with at most this many weights, or units, are labelled with numbers."""

Edge: TypeAlias = tuple[int, int, int]
"""Indices of a weight: (layer, i, j) for `lines[layer][i, j]`."""


@dataclass
class Drawing:
    """Selection and positions of the units and weights that are drawn.

    Attributes
    ----------
    lines : list of ndarray of shape (fan_in, fan_out)
        One number for each weight: the weight itself, or the derivative of the loss
        with respect to it.
    names : Names
        Names of units, weights and biases.
    units : list of ndarray of int
        Indices of the units drawn in each layer, including the input layer.
    edges : list of (layer, i, j)
        Indices of the weights drawn, the largest last.
    """

    lines: Sequence[np.ndarray]
    max_units: int
    max_edges: int
    row: float
    """Distance between units."""
    column: float
    """Distance between layers."""
    margins: tuple[float, float] = (1.0, 1.0)
    """Space on the left and on the right."""
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        if self.max_units < 2:
            raise ValueError(f"max_units must be 2 or more, got {self.max_units!r}.")
        sizes = [self.lines[0].shape[0], *(W.shape[1] for W in self.lines)]
        self.names = Names(sizes)
        self.units = [
            _largest(importance, self.max_units)
            for importance in _importances(self.lines)
        ]
        candidates = [
            (layer, i, j)
            for layer, (before, after) in enumerate(pairwise(self.units))
            for i in before
            for j in after
        ]
        candidates.sort(key=self.relative_size)
        self.edges = candidates[-self.max_edges :]

    @property
    def labelled(self) -> bool:
        """True if there is space for numbers on the lines."""
        return max(W.size for W in self.lines) <= FEW

    def relative_size(self, edge: Edge) -> float:
        """Return the magnitude of a line relative to the largest of its layer."""
        layer, i, j = edge
        W = self.lines[layer]
        return float(abs(W[i, j]) / max(np.abs(W).max(), 1e-300))

    def position(self, layer: int, unit: int) -> tuple[float, float]:
        """Return the centre of a unit."""
        units = self.units[layer]
        rank = int(np.flatnonzero(units == unit)[0])
        height = self._height(layer)
        y = -rank * self.row - (self.row * 0.7 if self._has_gap(layer, rank) else 0)
        return layer * self.column, y + height / 2

    def _height(self, layer: int) -> float:
        gap = self.row * 0.7 if self.is_cut(layer) else 0
        return (len(self.units[layer]) - 1) * self.row + gap

    def _has_gap(self, layer: int, rank: int) -> bool:
        """Return True if the dots for omitted units are above this one."""
        return self.is_cut(layer) and rank >= (len(self.units[layer]) + 1) // 2

    def is_cut(self, layer: int) -> bool:
        """Return True if some units of a layer are omitted."""
        return len(self.units[layer]) < self.names.sizes[layer]

    def figsize(self) -> tuple[float, float]:
        """Return the size of a figure for this drawing, in inches."""
        tallest = max(self._height(layer) for layer in range(len(self.units)))
        width = (len(self.units) - 1) * self.column + sum(self.margins)
        return width, tallest + 3.2

    def draw_edges(self, ax: "Axes", prefix: str = "") -> None:
        """Draw the lines: their width shows the magnitude, their colour the sign.

        If there is space, each line is labelled with the prefix, the name of the weight
        and the number.
        """
        labels: list[np.ndarray] = []
        for edge in self.edges:
            layer, i, j = edge
            value, share = self.lines[layer][i, j], self.relative_size(edge)
            start, end = self.position(layer, i), self.position(layer + 1, j)
            tone = colour(value)
            ax.annotate(
                "",
                xy=end,
                xytext=start,
                zorder=1 + share,
                arrowprops={
                    "arrowstyle": "-|>" if self.labelled else "-",
                    "color": tone,
                    "linewidth": 0.4 + 2.8 * share,
                    "alpha": 0.25 + 0.75 * share,
                    "shrinkA": 0,
                    "shrinkB": 19 if self.labelled else 0,
                    "mutation_scale": 9,
                },
            )
            if self.labelled:
                name = self.names.weights[layer][j][i]
                text = f"{prefix}{name} = {value + 0.0:.3g}"
                at = _free_position(np.array(start), np.array(end), len(text), labels)
                labels.append(at)
                ax.text(
                    at[0],
                    at[1],
                    text,
                    color=tone,
                    fontsize=8,
                    **CENTRED,
                    zorder=4,
                    bbox=PAPER | {"alpha": 1},
                )

    def draw_units(
        self,
        ax: "Axes",
        texts: Callable[[int, int], str],
        rings: Callable[[int, int], tuple[str, float]],
    ) -> None:
        """Draw each unit as a circle with a text in it; dots stand for omitted units.

        `texts` and `rings` take a layer and a unit; a ring is the colour and the width
        of the circle.
        """
        from matplotlib.patches import Circle

        for layer, units in enumerate(self.units):
            for unit in units:
                x, y = self.position(layer, unit)
                tone, width = rings(layer, unit)
                ax.add_patch(
                    Circle(
                        (x, y),
                        RADIUS,
                        facecolor="white",
                        edgecolor=tone,
                        linewidth=width,
                        zorder=5,
                    )
                )
                ax.text(x, y, texts(layer, unit), **CENTRED, fontsize=8, zorder=6)
            if self.is_cut(layer):
                half = (len(units) + 1) // 2
                above = self.position(layer, units[half - 1])[1]
                below = self.position(layer, units[half])[1]
                middle = (above + below) / 2
                ax.text(layer * self.column, middle, "⋮", **CENTRED, fontsize=14)

    def label_layers(self, ax: "Axes", labels: Sequence[str]) -> None:
        """Write a label below each layer."""
        lowest = -max(self._height(layer) for layer in range(len(self.units))) / 2
        for layer, label in enumerate(labels):
            ax.text(
                layer * self.column,
                lowest - 2.6 * RADIUS,
                label,
                ha="center",
                va="top",
                fontsize=9,
                color=GREY,
            )

    def frame(self, ax: "Axes") -> None:
        """Set the limits, and hide the axes."""
        half = max(self._height(layer) for layer in range(len(self.units))) / 2
        left, right = self.margins
        ax.set(
            xlim=(-left, (len(self.units) - 1) * self.column + right),
            ylim=(-half - 5.2 * RADIUS, half + 3.8 * RADIUS),
            aspect="equal",
        )
        ax.axis("off")

    def write_note(self, ax: "Axes") -> None:
        """Write below the drawing what is omitted."""
        ax.text(
            0.5,
            0.0,
            self._note(),
            transform=ax.transAxes,
            ha="center",
            va="bottom",
            fontsize=8,
            color=GREY,
        )

    def _note(self) -> str:
        """Return a note on what is omitted; an empty string if nothing is."""
        parts = []
        for layer, units in enumerate(self.units):
            size = self.names.sizes[layer]
            if self.is_cut(layer):
                kinds = {0: "inputs", len(self.units) - 1: "outputs"}
                kind = kinds.get(layer, f"units of hidden layer {layer}")
                parts.append(f"{len(units)} of {size:,} {kind}")
        n_weights = sum(W.size for W in self.lines)
        if len(self.edges) < n_weights:
            parts.append(f"{len(self.edges)} of {n_weights:,} weights")
        return f"Largest shown: {', '.join(parts)}." if parts else ""


def _importances(lines: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the importance of each unit: the norms of its lines on both sides."""
    after = [np.linalg.norm(W, axis=1) for W in lines]
    before = [np.linalg.norm(W, axis=0) for W in lines]
    inner = [b * a for b, a in zip(before[:-1], after[1:], strict=True)]
    return [after[0], *inner, before[-1]]


def _largest(importance: np.ndarray, n: int) -> np.ndarray:
    """Return the indices of the n largest, in ascending order."""
    return np.sort(np.argsort(-importance, kind="stable")[:n])


def _free_position(
    start: np.ndarray, end: np.ndarray, n_letters: int, taken: Sequence[np.ndarray]
) -> np.ndarray:
    """Return a position on a line where a text overlaps none of those placed so far.

    Positions nearer to the start are preferred: lines are further apart there.
    """
    size = np.array([0.065 * n_letters, 0.16])  # of the text, in inches
    shares = sorted(np.linspace(0.24, 0.72, 25), key=lambda share: abs(share - 0.34))
    places = [start + share * (end - start) for share in shares]

    def clearance(at: np.ndarray) -> float:
        """Return the distance to the nearest text; at 1 they touch."""
        return min((np.max(np.abs(at - t) / size) for t in taken), default=np.inf)

    free = (at for at in places if clearance(at) > 1)
    return next(free, max(places, key=clearance))
