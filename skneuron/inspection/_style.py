"""Style: what all displays share, colours and where to draw."""

from typing import Any

from .._sklearn import check_matplotlib_support

# Okabe and Ito's colours, which the colour-blind tell apart, too.
POSITIVE, NEGATIVE = "#0072B2", "#D55E00"
CYCLE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
GREY = "#666666"


def colour(value: float) -> str:
    """Return the colour of a number's sign."""
    return POSITIVE if value >= 0 else NEGATIVE


def next_colour(ax: Any) -> str:
    """Return the first colour that no line on the axes has yet."""
    taken = {line.get_color() for line in ax.get_lines()}
    return next((c for c in CYCLE if c not in taken), CYCLE[len(taken) % len(CYCLE)])


def axes(caller: str, ax: Any, figsize: tuple[float, float] | None = None) -> Any:
    """Return the axes to draw on, new ones if none are given."""
    check_matplotlib_support(caller)
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=figsize, layout="constrained")[1]


def write_legend(ax: Any) -> float:
    """Write what is what above the scores; return the share of height it takes."""
    style = {"loc": "upper center", "fontsize": 8, "frameon": False, "markerscale": 0.7}
    low, high = ax.get_ylim()
    ticks = [t for t in ax.get_yticks() if low <= t <= high]
    whole, legend = ax.get_window_extent(), ax.legend(ncols=2, **style)
    if legend.get_window_extent().width > 0.95 * whole.width:
        legend = ax.legend(ncols=1, **style)
    share = min(1.3 * legend.get_window_extent().height / whole.height, 0.6)
    ax.set_ylim(low, low + (high - low) / (1 - share))
    ax.set_yticks(ticks)  # none beside the legend: an accuracy of 1.1 is none
    return share
