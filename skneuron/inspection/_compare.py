"""Plot of a comparison of estimators."""

from typing import TYPE_CHECKING, Self

import numpy as np

from ..model_selection import Comparison
from ..model_selection._comparison import format_p_value
from ._style import CYCLE, GREY, axes, write_legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = "os^Dv<>P"


class CompareDisplay:
    """Plot of the scores of several estimators against their fit times.

    The best estimators are at the upper left, with high scores and short fits. Vertical
    bars are standard deviations of the scores; horizontal bars extend from the shortest
    fit to the longest. The dotted line is the mean score of the first estimator,
    against which the p-values in the legend compare the others.

    Create it with :meth:`from_comparison`.

    Parameters
    ----------
    comparison : Comparison
        Result of `skneuron.model_selection.compare`.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the plot.

    figure_ : matplotlib Figure
        Figure with the axes.

    See Also
    --------
    skneuron.model_selection.compare : Cross-validation on the same folds.

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
    def from_comparison(
        cls, comparison: Comparison, *, ax: "Axes | None" = None
    ) -> Self:
        """Plot a comparison.

        Parameters
        ----------
        comparison : Comparison
            Result of `skneuron.model_selection.compare`.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : CompareDisplay
            Display with the plot in `ax_`.
        """
        if not isinstance(comparison, Comparison):
            raise TypeError(
                "comparison must be a result of skneuron.model_selection.compare, got "
                f"{type(comparison).__name__}."
            )
        return cls(comparison=comparison).plot(ax=ax)

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Plot a point with error bars for each estimator.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : CompareDisplay
            Display with the plot in `ax_`.
        """
        height = 4.5 + 0.15 * len(self.comparison.names)  # legend: a line for each
        ax = axes(f"{type(self).__name__}.plot", ax, figsize=(6.4, height))
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

    def _draw_points(self, ax: "Axes") -> None:
        """Draw the estimators, with different colours and markers."""
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
    """Return the p-value as part of a legend entry."""
    if np.isnan(p_value):
        return ""
    text = format_p_value(p_value)
    return f" (p {text})" if text.startswith("<") else f" (p = {text})"


def _scale_times(ax: "Axes", times: np.ndarray) -> None:
    """Make the time axis logarithmic if the times differ by a factor of 5 or more."""
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
