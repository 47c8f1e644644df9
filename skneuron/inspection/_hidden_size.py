"""Plot of a search over the sizes of the hidden layers."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from .._sklearn import BaseSearchCV
from ..model_selection._one_standard_error import smallest_within_one_error
from ..model_selection._search_results import (
    Size,
    as_size,
    find_size_param,
    size_order,
    standard_errors,
)
from ._style import CYCLE, GREY, axes, write_legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class HiddenSizeDisplay:
    """Plot of the scores of a search over the sizes of the hidden layers.

    Points are mean scores over the splits, with bars for their standard errors. A star
    marks the best size, a ring the choice of the one-standard-error rule: the smallest
    size within one standard error of the best [1]_ [2]_. Sizes are ordered by their
    number of units, with equal spacing; grey bars in the background show the fit times.

    Create it with :meth:`from_search`.

    Parameters
    ----------
    sizes : sequence of tuple of int
        Units of each hidden layer, from the smallest network to the largest.

    test_scores : array-like of shape (n_sizes,)
        Mean test score of each size.

    standard_errors : array-like of shape (n_sizes,)
        Standard error of each mean test score; NaN for a single split.

    fit_times : array-like of shape (n_sizes,)
        Mean fit time of each size, in seconds.

    train_scores : array-like of shape (n_sizes,), default=None
        Mean training score of each size.

    finalist : array-like of bool of shape (n_sizes,), default=None
        Sizes that took part in the last iteration of successive halving. `best` and
        `choice` are among them, since the other scores come from fewer resources. None
        means all.

    score_name : str, default='score'
        Name of the score.

    Attributes
    ----------
    best : int
        Index of the size with the best test score.

    choice : int
        Index of the size that the one-standard-error rule chooses.

    ax_ : matplotlib Axes
        Axes with the scores.

    time_ax_ : matplotlib Axes
        Axes with the fit times.

    figure_ : matplotlib Figure
        Figure with both axes.

    References
    ----------
    .. [1] Breiman, L., Friedman, J., Olshen, R. and Stone, C. (1984), "Classification
       and Regression Trees", section 3.4.3.

    .. [2] Hastie, T., Tibshirani, R. and Friedman, J. (2009), "The Elements of
       Statistical Learning", section 7.10.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import HiddenSizeDisplay
    >>> X, y = make_moons(200, noise=0.2, random_state=0)
    >>> params = {"solver": "lbfgs", "alpha": 0.01, "max_iter": 5000}
    >>> clf = NeuronClassifier(activation="tanh", random_state=0, **params)
    >>> grid = {"hidden_layer_sizes": [1, 2, 3, 20, (10, 10)]}
    >>> search = GridSearchCV(clf, grid, return_train_score=True).fit(X, y)
    >>> display = HiddenSizeDisplay.from_search(search)
    >>> display.sizes
    [(1,), (2,), (3,), (20,), (10, 10)]
    >>> display.choice <= display.best
    True
    """

    def __init__(
        self,
        *,
        sizes: Sequence[Size],
        test_scores: ArrayLike,
        standard_errors: ArrayLike,
        fit_times: ArrayLike,
        train_scores: ArrayLike | None = None,
        finalist: ArrayLike | None = None,
        score_name: str = "score",
    ) -> None:
        self.sizes = list(sizes)
        self.test_scores = np.asarray(test_scores, float)
        self.standard_errors = np.asarray(standard_errors, float)
        self.fit_times = np.asarray(fit_times, float)
        self.train_scores = None if train_scores is None else np.asarray(train_scores)
        everyone = np.ones(len(self.sizes), bool)
        self.finalist = everyone if finalist is None else np.asarray(finalist, bool)
        self.score_name = score_name
        compared = np.where(self.finalist, self.test_scores, np.nan)
        self.best = int(np.nanargmax(compared))
        self.choice = smallest_within_one_error(
            [sum(size) for size in self.sizes], compared, self.standard_errors
        )

    @classmethod
    def from_search(
        cls, search: BaseSearchCV, *, param: str | None = None, ax: "Axes | None" = None
    ) -> Self:
        """Plot the scores of a search.

        If other parameters were searched as well, each size is shown with the best of
        them; after successive halving, with its scores in the last iteration that it
        reached.

        Parameters
        ----------
        search : GridSearchCV, RandomizedSearchCV or their Halving counterparts
            Fitted search. With `return_train_score=True`, training scores are shown as
            well. With several metrics, the one that `refit` names is shown.

        param : str, default=None
            Name of the parameter with the sizes, such as
            'neuronclassifier__hidden_layer_sizes'. None means the only one whose name
            ends with 'hidden_layer_sizes'.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : HiddenSizeDisplay
            Display with the plot in `ax_`.
        """
        results = _results(search)
        param = find_size_param(results["params"], param)
        metric = _metric(search)
        test = np.asarray(results[f"mean_test_{metric}"], float)
        iterations = np.asarray(results.get("iter", np.zeros(len(test))))
        rows = _best_rows(results["params"], param, iterations, test)
        shown = list(rows.values())
        train = results.get(f"mean_train_{metric}")
        return cls(
            sizes=list(rows),
            test_scores=test[shown],
            standard_errors=standard_errors(results, metric)[shown],
            fit_times=np.asarray(results["mean_fit_time"])[shown],
            train_scores=None if train is None else np.asarray(train)[shown],
            finalist=iterations[shown] == iterations[shown].max(),
            score_name=_score_name(search, metric),
        ).plot(ax=ax)

    def plot(self, *, ax: "Axes | None" = None) -> Self:
        """Plot scores as lines and fit times as bars.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : HiddenSizeDisplay
            Display with the plot in `ax_`.
        """
        ax = axes(f"{type(self).__name__}.plot", ax)
        places, labels = np.arange(len(self.sizes)), [_label(s) for s in self.sizes]
        self._draw_scores(ax, places)
        self._mark(ax, places, labels)
        _write_sizes(ax, places, labels)
        ax.set(xlabel="units of the hidden layers", ylabel=self.score_name)
        share = write_legend(ax)
        self.time_ax_ = _draw_times(ax, places, self.fit_times, share)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw_scores(self, ax: "Axes", places: np.ndarray) -> None:
        """Draw the lines of test and training scores."""
        tone = CYCLE[0]
        known = np.isfinite(self.standard_errors).any()
        ax.errorbar(
            places,
            self.test_scores,
            self.standard_errors if known else None,
            color=tone,
            marker="o",
            capsize=3,
            label="test ± standard error (SE)" if known else "test",
        )
        out = ~self.finalist
        if out.any():
            ax.plot(
                places[out],
                self.test_scores[out],
                marker="o",
                markerfacecolor="white",
                linestyle="",
                zorder=3,
                color=tone,
                label="eliminated before the last iteration",
            )
        if self.train_scores is not None:
            ax.plot(
                places,
                self.train_scores,
                color=CYCLE[1],
                marker="s",
                markersize=4,
                linestyle="--",
                label="training",
            )

    def _mark(self, ax: "Axes", places: np.ndarray, labels: list[str]) -> None:
        """Mark the best and the choice of the one-standard-error rule."""
        common: dict[str, Any] = {"mec": "black", "ls": "", "zorder": 4}
        star = {"marker": "*", "markersize": 14, "color": CYCLE[4]}
        ring = {"marker": "o", "markersize": 16, "mfc": "none", "mew": 1.5}
        marks = [(self.best, "best", star)]
        if np.isfinite(self.standard_errors[self.best]):
            marks.append((self.choice, "smallest within 1 SE of it", ring))
        for k, name, style in marks:
            point = places[[k]], self.test_scores[[k]]
            ax.plot(*point, **common | style, label=f"{name}: {labels[k]}")


def _write_sizes(ax: "Axes", places: np.ndarray, labels: list[str]) -> None:
    """Write the sizes below the axis, as many as there is space for."""
    inches = ax.get_window_extent().width / ax.figure.dpi
    every = ceil(len(labels) / max(4 * inches, 1))
    shown = labels[::every]
    upright = len(shown) * (max(map(len, shown)) + 1) > 10 * inches
    ax.set_xticks(places[::every], shown, rotation=90 if upright else 0)


def _draw_times(
    ax: "Axes", places: np.ndarray, times: np.ndarray, share: float
) -> "Axes":
    """Draw the times as bars behind the scores, and return their axes."""
    behind = ax.twinx()
    behind.bar(places, times, width=0.6, color="0.9")
    behind.set_ylabel("mean fit time in seconds (bars)", color=GREY)
    behind.tick_params(axis="y", colors=GREY)
    # up to 5/8 of the height, less if the legend needs the space
    behind.set_ylim(0, max(times.max(), 1e-9) * max(1.6, 1 / (1 - share)))
    ax.set_zorder(behind.get_zorder() + 1)
    ax.patch.set_visible(False)  # it would hide the bars
    return behind


def _results(search: BaseSearchCV) -> Mapping[str, Any]:
    """Return the results of a fitted search."""
    if not isinstance(search, BaseSearchCV) and not hasattr(search, "cv_results_"):
        raise TypeError(
            "search must be a fitted GridSearchCV, RandomizedSearchCV or one of their "
            f"Halving counterparts, got {type(search).__name__}."
        )
    check_is_fitted(search, "cv_results_")
    return search.cv_results_


def _metric(search: BaseSearchCV) -> str:
    """Return the name of the metric in the results."""
    if not getattr(search, "multimetric_", False):
        return "score"
    if isinstance(search.refit, str):
        return search.refit
    raise ValueError(
        f"search has several metrics, and refit={search.refit!r} names none of them. "
        "Name the one to show when you create the search, such as refit='accuracy'."
    )


def _score_name(search: BaseSearchCV, metric: str) -> str:
    """Return the label of the score axis."""
    scoring = getattr(search, "scoring", None)
    if metric == "score" and isinstance(scoring, str):
        metric = scoring
    return f"mean {metric.replace('_', ' ')}"


def _best_rows(
    params: Sequence[Mapping[str, Any]],
    param: str,
    iterations: np.ndarray,
    means: np.ndarray,
) -> dict[Size, int]:
    """Return the row of the results to show for each size, smallest size first.

    It is the best row of the last iteration that the size reached.
    """
    rows: dict[Size, int] = {}
    for row, candidate in enumerate(params):
        if param not in candidate or np.isnan(means[row]):
            continue  # from a grid without sizes, or all its fits failed
        size = as_size(candidate[param])
        best = rows.setdefault(size, row)
        if (iterations[row], means[row]) > (iterations[best], means[best]):
            rows[size] = row
    if not rows:
        raise ValueError("search has no size with a score: all of its fits failed.")
    return dict(sorted(rows.items(), key=lambda row: size_order(row[0])))


def _label(size: Size) -> str:
    """Return the label of a size: '10-5' for (10, 5)."""
    return "-".join(map(str, size)) or "none"
