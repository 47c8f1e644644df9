"""HiddenSizeDisplay."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Self

import numpy as np
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


class HiddenSizeDisplay:
    """Plot of the scores of a search over the sizes of the hidden layers.

    The scores are means over the splits, and the bars standard errors of these means.
    A star marks the best, a ring the choice of the one-standard-error rule: the
    smallest size that is within one standard error of the best [1]_ [2]_. Sizes stand
    side by side in the order of their number of units, not to scale; the grey bars
    behind them are the time that a fit took.

    Make it by :meth:`from_search`.

    Parameters
    ----------
    sizes : sequence of tuple of int
        Units of each hidden layer, from the smallest network to the largest.

    test_scores : array-like of shape (n_sizes,)
        The mean score of each on the samples left out.

    standard_errors : array-like of shape (n_sizes,)
        Of these means; NaN where there was a single split.

    fit_times : array-like of shape (n_sizes,)
        Mean seconds of a fit.

    train_scores : array-like of shape (n_sizes,), default=None
        The mean score on the samples fitted.

    finalist : array-like of bool of shape (n_sizes,), default=None
        Which sizes were in the last iteration of a successive halving. The scores of
        others are of fewer resources, so best and choice are among these. None means
        all.

    score_name : str, default='score'
        What the scores are.

    Attributes
    ----------
    best : int
        Which of `sizes` has the best test score.

    choice : int
        Which of them the one-standard-error rule takes.

    ax_ : matplotlib Axes
        What the scores are drawn on.

    time_ax_ : matplotlib Axes
        What the times are drawn on.

    figure_ : matplotlib Figure
        What both belong to.

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
        test_scores: Any,
        standard_errors: Any,
        fit_times: Any,
        train_scores: Any = None,
        finalist: Any = None,
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
        cls, search: Any, *, param: str | None = None, ax: Any = None
    ) -> Self:
        """Plot the scores that a search has found.

        If it varied other parameters, too, each size is shown with the best of them;
        and if it went by successive halving, with the scores of the last iteration that
        the size took part in.

        Parameters
        ----------
        search : GridSearchCV, RandomizedSearchCV or their Halving counterparts
            Fitted. With `return_train_score=True`, training scores are shown as well.
            Of several metrics, the one that `refit` names is shown.

        param : str, default=None
            The parameter with the sizes, as the search calls it:
            'neuronclassifier__hidden_layer_sizes'. None means the only one whose name
            ends with 'hidden_layer_sizes'.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : HiddenSizeDisplay
            With the plot in `ax_`.
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

    def plot(self, *, ax: Any = None) -> Self:
        """Plot scores as lines and times as bars.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : HiddenSizeDisplay
            With the plot in `ax_`.
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

    def _draw_scores(self, ax: Any, places: np.ndarray) -> None:
        """Draw the lines of test and training."""
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
            hollow = {"marker": "o", "mfc": "white", "ls": "", "zorder": 3}
            points = places[out], self.test_scores[out]
            label = "out before the last iteration"
            ax.plot(*points, **hollow, color=tone, label=label)
        if self.train_scores is not None:
            style = {"color": CYCLE[1], "marker": "s", "markersize": 4, "ls": "--"}
            ax.plot(places, self.train_scores, **style, label="training")

    def _mark(self, ax: Any, places: np.ndarray, labels: list[str]) -> None:
        """Mark the best and the choice of the one-standard-error rule."""
        star = {"marker": "*", "markersize": 14, "color": CYCLE[4]}
        ring = {"marker": "o", "markersize": 16, "mfc": "none", "mew": 1.5}
        marks = [(self.best, "best", star)]
        if np.isfinite(self.standard_errors[self.best]):
            marks.append((self.choice, "smallest within 1 SE of it", ring))
        for k, name, style in marks:
            point = places[[k]], self.test_scores[[k]]
            style = {"mec": "black", "ls": "", "zorder": 4, **style}
            ax.plot(*point, **style, label=f"{name}: {labels[k]}")


def _write_sizes(ax: Any, places: np.ndarray, labels: list[str]) -> None:
    """Write the sizes below the axis, as many as have room."""
    inches = ax.get_window_extent().width / ax.figure.dpi
    every = ceil(len(labels) / max(4 * inches, 1))
    shown = labels[::every]
    upright = len(shown) * (max(map(len, shown)) + 1) > 10 * inches
    ax.set_xticks(places[::every], shown, rotation=90 if upright else 0)


def _draw_times(ax: Any, places: np.ndarray, times: np.ndarray, share: float) -> Any:
    """Draw the times as bars behind the scores, and return their axes."""
    behind = ax.twinx()
    behind.bar(places, times, width=0.6, color="0.9")
    behind.set_ylabel("mean fit time in seconds (bars)", color=GREY)
    behind.tick_params(axis="y", colors=GREY)
    # as high as the legend leaves room for, and no more than 5/8
    behind.set_ylim(0, max(times.max(), 1e-9) * max(1.6, 1 / (1 - share)))
    ax.set_zorder(behind.get_zorder() + 1)
    ax.patch.set_visible(False)  # it would hide the bars
    return behind


def _results(search: Any) -> Mapping[str, Any]:
    """Return what a search has found."""
    if not isinstance(search, BaseSearchCV) and not hasattr(search, "cv_results_"):
        raise TypeError(
            "search must be a fitted GridSearchCV, RandomizedSearchCV or one of the "
            f"Halving ones, got {type(search).__name__}."
        )
    check_is_fitted(search, "cv_results_")
    return search.cv_results_


def _metric(search: Any) -> str:
    """Return what the results call the scores."""
    if not getattr(search, "multimetric_", False):
        return "score"
    if isinstance(search.refit, str):
        return search.refit
    raise ValueError(
        f"search has several metrics, and refit={search.refit!r} names none of them. "
        "Pass GridSearchCV the name of the one to show: refit='accuracy'."
    )


def _score_name(search: Any, metric: str) -> str:
    """Return what to write at the axis of the scores."""
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
    """Return the row of the results to show of each size, the smallest size first.

    It is the best of the last iteration that the size took part in.
    """
    rows: dict[Size, int] = {}
    for row, candidate in enumerate(params):
        if param not in candidate or np.isnan(means[row]):
            continue  # of another grid of a list of grids; its fits failed
        size = as_size(candidate[param])
        now = rows.setdefault(size, row)
        if (iterations[row], means[row]) > (iterations[now], means[now]):
            rows[size] = row
    if not rows:
        raise ValueError("search has no size with a score: all of its fits failed.")
    return dict(sorted(rows.items(), key=lambda row: size_order(row[0])))


def _label(size: Size) -> str:
    """Write the units of each hidden layer."""
    return "-".join(map(str, size)) or "none"
