"""Colours, axes and legends that all displays share."""

from typing import TYPE_CHECKING

from .._sklearn import check_matplotlib_support

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's palette, which colour-blind readers can tell apart.
POSITIVE, NEGATIVE = "#0072B2", "#D55E00"
CYCLE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
GREY = "#666666"


def colour(value: float) -> str:
    """Return the colour for the sign of a number."""
    return POSITIVE if value >= 0 else NEGATIVE


def next_colour(ax: "Axes") -> str:
    """Return the first colour that no line on the axes uses yet."""
    taken = {line.get_color() for line in ax.get_lines()}
    return next((c for c in CYCLE if c not in taken), CYCLE[len(taken) % len(CYCLE)])


def axes(
    caller: str, ax: "Axes | None", figsize: tuple[float, float] | None = None
) -> "Axes":
    """Return the axes to draw on; None creates a new figure."""
    check_matplotlib_support(caller)
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=figsize, layout="constrained")[1]


def write_legend(ax: "Axes") -> float:
    """Write the legend above the data; return the share of the height it takes."""
    style = {"loc": "upper center", "fontsize": 8, "frameon": False, "markerscale": 0.7}
    low, high = ax.get_ylim()
    ticks = [t for t in ax.get_yticks() if low <= t <= high]
    whole, legend = ax.get_window_extent(), ax.legend(ncols=2, **style)
    if legend.get_window_extent().width > 0.95 * whole.width:
        legend = ax.legend(ncols=1, **style)
    share = min(1.3 * legend.get_window_extent().height / whole.height, 0.6)
    ax.set_ylim(low, low + (high - low) / (1 - share))
    ax.set_yticks(ticks)  # none beside the legend, where an accuracy would exceed 1
    return share
