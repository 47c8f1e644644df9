"""CompareDisplay."""

from typing import Any, Self

import numpy as np

from ..model_selection import Comparison
from ..model_selection._comparison import format_p_value
from ._style import CYCLE, GREY, axes, write_legend

MARKERS = "os^Dv<>P"


class CompareDisplay:
    """Plot of the scores of several estimators against their fit times.

    The best are on the upper left: high scores after short fits. Upright bars are
    standard deviations of the scores, level bars go from the shortest fit to the
    longest. The dotted line is the mean score of the first estimator, from which each p
    tells the others apart.

    Make it by :meth:`from_comparison`.

    Parameters
    ----------
    comparison : Comparison
        As `skneuron.model_selection.compare` returns it.

    Attributes
    ----------
    ax_ : matplotlib Axes
        What is drawn on.

    figure_ : matplotlib Figure
        What that belongs to.

    See Also
    --------
    skneuron.model_selection.compare : Scores and times on the same folds.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import CompareDisplay
    >>> from skneuron.model_selection import compare
    >>> X, y = make_moons(300, noise=0.2, random_state=0)
    >>> clf = NeuronClassifier(5, solver="lbfgs", max_iter=2000, random_state=0)
    >>> comparison = compare([LogisticRegression(), clf], X, y)
    >>> display = CompareDisplay.from_comparison(comparison)
    >>> display.ax_.get_xlabel()
    'fit time in seconds'
    """

    def __init__(self, *, comparison: Comparison) -> None:
        self.comparison = comparison

    @classmethod
    def from_comparison(cls, comparison: Comparison, *, ax: Any = None) -> Self:
        """Plot a comparison.

        Parameters
        ----------
        comparison : Comparison
            As `skneuron.model_selection.compare` returns it.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : CompareDisplay
            With the plot in `ax_`.
        """
        if not isinstance(comparison, Comparison):
            raise TypeError(
                "comparison must be what skneuron.model_selection.compare returns, got "
                f"{type(comparison).__name__}."
            )
        return cls(comparison=comparison).plot(ax=ax)

    def plot(self, *, ax: Any = None) -> Self:
        """Plot a point with bars for each estimator.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : CompareDisplay
            With the plot in `ax_`.
        """
        high = 4.5 + 0.15 * len(self.comparison.names)  # the legend has a line for each
        ax = axes(f"{type(self).__name__}.plot", ax, figsize=(6.4, high))
        self._draw_points(ax)
        ax.axhline(self.comparison.mean_scores[0], color=GREY, ls=":", lw=1, zorder=0)
        name = f"mean {self.comparison.score_name}"
        if np.isfinite(self.comparison.std_scores).any():
            name += " ± standard deviation"
        ax.set(xlabel="fit time in seconds", ylabel=name)
        ax.grid(alpha=0.3)
        _scale_times(ax, np.concatenate(list(self.comparison.fit_times.values())))
        write_legend(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw_points(self, ax: Any) -> None:
        """Draw the estimators, each with a colour and a marker of its own."""
        rows = zip(
            self.comparison.fit_times.items(),
            self.comparison.mean_scores,
            self.comparison.std_scores,
            self.comparison.p_values,
            strict=True,
        )
        for k, ((name, times), score, deviation, p_value) in enumerate(rows):
            mean = times.mean()
            ax.errorbar(
                mean,
                score,
                yerr=deviation if np.isfinite(deviation) else None,
                xerr=[[mean - times.min()], [times.max() - mean]],
                color=CYCLE[k % len(CYCLE)],
                marker=MARKERS[k % len(MARKERS)],
                markersize=8,
                mec="black",
                elinewidth=1.2,
                capsize=3,
                ls="",
                label=f"{name}{_p_label(p_value)}",
            )


def _p_label(p_value: float) -> str:
    """Return what the legend says of a test."""
    if np.isnan(p_value):
        return ""
    text = format_p_value(p_value)
    return f" (p {text})" if text.startswith("<") else f" (p = {text})"


def _scale_times(ax: Any, times: np.ndarray) -> None:
    """Make the axis of the times logarithmic if they differ by more than 5 times."""
    if times.min() <= 0 or times.max() < 5 * times.min():
        ax.set_xlim(left=0)
        return
    from matplotlib.ticker import LogLocator, NullFormatter

    ax.set_xscale("log")
    ax.set_xlim(times.min() / 1.5, times.max() * 1.5)
    close = times.max() < 100 * times.min()
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if close else (1,)))
    ax.xaxis.set_major_formatter(lambda seconds, _: f"{seconds:g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
