"""Cross-validation of several estimators on the same folds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, is_classifier
from sklearn.model_selection import (
    BaseCrossValidator,
    BaseShuffleSplit,
    check_cv,
    cross_validate,
)
from sklearn.pipeline import Pipeline
from sklearn.utils import indexable
from sklearn.utils.parallel import Parallel, delayed

from .._estimators.choices import Scoring
from .._types import ArrayLikeOrSparse
from ._comparison import Comparison
from ._progress_bar import is_interactive, with_progress_bar

Splitter: TypeAlias = BaseCrossValidator | BaseShuffleSplit
Split: TypeAlias = tuple[ArrayLike, ArrayLike]


def compare(
    estimators: Mapping[str, BaseEstimator] | Sequence[BaseEstimator],
    X: ArrayLikeOrSparse,
    y: ArrayLikeOrSparse,
    cv: int | Splitter | Iterable[Split] = 5,
    scoring: Scoring = None,
    n_jobs: int | None = None,
    *,
    verbose: bool | None = None,
) -> Comparison:
    """Compare estimators by cross-validation on the same folds.

    Parameters
    ----------
    estimators : dict of str to estimator, or list of estimators
        Estimators to compare; only clones of them are fitted. Each is tested against
        the first. In a list, an estimator is named after its class, a pipeline after
        the class of its last step; equal names are numbered.

    X : array-like, sparse matrix or DataFrame of shape (n_samples, n_features)
        Samples.

    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Targets.

    cv : int, splitter or iterable of (train, test), default=5
        Same as in `cross_validate`; an int means stratified folds if any of the
        estimators is a classifier. The data are split once, so that all estimators get
        the same folds even if `random_state` is None. For groups, pass
        `list(GroupKFold().split(X, y, groups))`. An int and most of scikit-learn's
        splitters do not shuffle by default; repeated splits, such as
        `RepeatedStratifiedKFold(n_splits=10, n_repeats=10)`, detect smaller
        differences.

    scoring : str or callable, default=None
        The name of a score, or a callable `scorer(estimator, X, y)`. None means the
        `score` method of each estimator.

    n_jobs : int, default=None
        Number of fits that run in parallel. None means 1, unless in a
        `joblib.parallel_config` context. Parallel fits slow each other down: leave it
        None to compare times.

    verbose : bool, default=None
        If True, show a progress bar on the standard error. None shows it in a notebook,
        an interactive session or a terminal.

    Returns
    -------
    comparison : Comparison
        Scores, p-values of the corrected paired test, and times. It prints as a table.

    Raises
    ------
    TypeError, ValueError
        If a parameter is invalid.
    Exception
        Any error of an estimator, with a note that names the estimator and the fold.

    See Also
    --------
    skneuron.inspection.CompareDisplay : Plot of the scores against the fit times.
    sklearn.model_selection.cross_validate : The same for one estimator.

    Notes
    -----
    The test is that of Nadeau and Bengio [1]_: a paired t-test whose variance allows
    for the training samples that the folds share. Each p-value is for one pair of
    estimators: with several pairs, multiply the p-values by the number of pairs
    (Bonferroni) before calling a difference significant.

    References
    ----------
    .. [1] Nadeau, C. and Bengio, Y. (2003), "Inference for the Generalization Error",
       Machine Learning 52, 239-281.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.model_selection import compare
    >>> X, y = make_moons(300, noise=0.2, random_state=0)
    >>> clf = NeuronClassifier(5, solver="lbfgs", max_iter=2000, random_state=0)
    >>> comparison = compare([LogisticRegression(), clf], X, y)
    >>> comparison
    score on 5 folds (mean ± sd), p against LogisticRegression
                                score      p  fit time  predict time
    LogisticRegression  0.843 ± 0.028      –    ...           ...
    NeuronClassifier    0.9...
    >>> bool(comparison.mean_scores[1] > 0.95)
    True
    """
    named = _named(estimators)
    _check_scoring(scoring, named)
    X, y = indexable(X, y)
    classifying = any(is_classifier(estimator) for estimator in named.values())
    splits = list(check_cv(cv, y, classifier=classifying).split(X, y))
    # Fold by fold: other load on the machine then affects all estimators alike.
    fits = [(name, k) for k in range(len(splits)) for name in named]
    results = _parallel(n_jobs)(
        delayed(_fit_and_score)(
            named[name], X, y, splits[k], scoring, f"{name!r}, fold {k + 1}"
        )
        for name, k in fits
    )
    shown = is_interactive() if verbose is None else bool(verbose)
    rows = np.array(list(with_progress_bar(results, len(fits), shown)))
    table = rows.reshape(len(splits), len(named), 3).transpose(2, 1, 0)
    scores, fit_times, predict_times = (dict(zip(named, t, strict=True)) for t in table)
    return Comparison(
        scores=scores,
        fit_times=fit_times,
        predict_times=predict_times,
        n_train=np.array([len(_indices(train)) for train, _ in splits]),
        n_test=np.array([len(_indices(test)) for _, test in splits]),
        score_name=scoring.replace("_", " ") if isinstance(scoring, str) else "score",
    )


def _named(estimators: Any) -> dict[str, BaseEstimator]:
    """Return the estimators by name."""
    if isinstance(estimators, Mapping):
        named = {str(name): estimator for name, estimator in estimators.items()}
    elif isinstance(estimators, list | tuple):
        named = dict(zip(_names(estimators), estimators, strict=True))
    else:
        raise TypeError(
            "estimators must be a dict of names to estimators or a list of estimators, "
            f"got {type(estimators).__name__}."
        )
    if not named:
        raise ValueError("estimators must not be empty.")
    for name, estimator in named.items():
        if isinstance(estimator, type) or not hasattr(estimator, "fit"):
            raise TypeError(
                f"estimators must be instances with a fit method, but {name} is "
                f"{estimator!r}. To choose the names, pass a dict."
            )
    return named


def _names(estimators: Sequence[BaseEstimator]) -> list[str]:
    """Return the names of the classes; equal names are numbered."""
    last = [e.steps[-1][1] if isinstance(e, Pipeline) else e for e in estimators]
    names = [type(estimator).__name__ for estimator in last]
    total, number = Counter(names), {name: count(1) for name in names}
    return [f"{n} {next(number[n])}" if total[n] > 1 else n for n in names]


def _check_scoring(scoring: Any, named: Mapping[str, BaseEstimator]) -> None:
    """Check that there is one score, the same for all estimators."""
    if scoring is not None and not isinstance(scoring, str) and not callable(scoring):
        raise TypeError(
            "scoring must be None, the name of one score or a callable, got "
            f"{scoring!r}. For several scores, call compare once for each."
        )
    kinds = {is_classifier(estimator) for estimator in named.values()}
    if scoring is None and len(kinds) > 1:
        raise ValueError(
            "scoring=None uses each estimator's score method, but some of the "
            "estimators are classifiers and some are not. Pass one score for all, such "
            "as scoring='r2'."
        )


def _parallel(n_jobs: int | None) -> Any:
    """Return a joblib `Parallel` that yields results one by one, if possible."""
    try:
        return Parallel(n_jobs=n_jobs, return_as="generator")
    except (TypeError, ValueError):  # joblib < 1.3; the multiprocessing backend
        return Parallel(n_jobs=n_jobs)


def _fit_and_score(
    estimator: BaseEstimator,
    X: ArrayLikeOrSparse,
    y: ArrayLikeOrSparse,
    split: Split,
    scoring: Scoring,
    place: str,
) -> tuple[float, float, float]:
    """Return the score, fit time and predict time of one fold, times in seconds."""
    try:
        result = cross_validate(
            estimator, X, y, cv=[split], scoring=scoring, error_score="raise"
        )
        if "test_score" not in result:
            raise ValueError("scoring must return one number, but it returned a dict.")
    except Exception as error:
        error.add_note(f"Raised by {place}, in skneuron.model_selection.compare.")
        raise
    return tuple(result[key][0] for key in ("test_score", "fit_time", "score_time"))


def _indices(side: ArrayLike) -> np.ndarray:
    """Return the indices of the samples on one side of a split, also from a mask."""
    side = np.asarray(side)
    return np.flatnonzero(side) if side.dtype == bool else side
