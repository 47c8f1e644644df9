"""Compare: several estimators on the same folds."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.model_selection import check_cv, cross_validate
from sklearn.pipeline import Pipeline
from sklearn.utils import indexable
from sklearn.utils.parallel import Parallel, delayed

from ._comparison import Comparison
from ._progress_bar import somebody_is_looking, with_progress_bar


def compare(
    estimators: Mapping[str, Any] | Sequence[Any],
    X: Any,
    y: Any,
    cv: Any = 5,
    scoring: str | Callable[..., float] | None = None,
    n_jobs: int | None = None,
    *,
    verbose: bool | None = None,
) -> Comparison:
    """Compare estimators by cross-validation on the same folds.

    Parameters
    ----------
    estimators : dict of str to estimator, or list of estimators
        Not fitted, or fitted: what is fitted are clones. The others are tested against
        the first. In a list, each is called by its class (of a pipeline, the class of
        the last step), numbered where several are of the same.

    X : array-like, sparse matrix or DataFrame of shape (n_samples, n_features)
        The samples.

    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Their targets.

    cv : int, splitter or iterable of (train, test), default=5
        As in `cross_validate`; an int stands for stratified folds if one of the
        estimators is a classifier. It splits once, so that all get the same folds even
        if its `random_state` is None. For groups, pass
        `list(GroupKFold().split(X, y, groups))`. Integers and scikit-learn's splitters
        by default do not shuffle; repeated ones, such as
        `RepeatedStratifiedKFold(n_splits=10, n_repeats=10)`, find smaller differences.

    scoring : str or callable, default=None
        The name of a score, or a callable `scorer(estimator, X, y)`. None means each
        estimator's `score`.

    n_jobs : int, default=None
        How many fits at the same time; None means one, unless a joblib backend says
        otherwise. Fits side by side take longer than alone: leave it None to compare
        times.

    verbose : bool, default=None
        Whether to show a progress bar, on the standard error. None means if that is a
        terminal, or the session interactive, as in a notebook.

    Returns
    -------
    comparison : Comparison
        Scores, the corrected paired test and times, which prints as a table.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not as above.
    Exception
        What the fit or the score of an estimator raises, with a note which it was.

    See Also
    --------
    skneuron.inspection.CompareDisplay : Plot of the scores against the fit times.
    sklearn.model_selection.cross_validate : The same for one estimator.

    Notes
    -----
    The test is Nadeau and Bengio's [1]_: a paired t-test whose variance counts that the
    folds share training samples. With several estimators each p-value still speaks of
    one pair: multiply them by the number of pairs (Bonferroni) before calling the
    smallest one a find.

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
    # fold by fold, so that whatever else the machine does meets all estimators alike
    fits = [(name, k) for k in range(len(splits)) for name in named]
    results = _parallel(n_jobs)(
        delayed(_fit_and_score)(
            named[name], X, y, splits[k], scoring, f"{name!r}, fold {k + 1}"
        )
        for name, k in fits
    )
    shown = somebody_is_looking() if verbose is None else bool(verbose)
    rows = np.array(list(with_progress_bar(results, len(fits), shown)))
    table = rows.reshape(len(splits), len(named), 3).transpose(2, 1, 0)
    scores, fit_times, predict_times = (dict(zip(named, t, strict=True)) for t in table)
    return Comparison(
        scores=scores,
        fit_times=fit_times,
        predict_times=predict_times,
        n_train=np.array([len(_places(train)) for train, _ in splits]),
        n_test=np.array([len(_places(test)) for _, test in splits]),
        score_name=scoring.replace("_", " ") if isinstance(scoring, str) else "score",
    )


def _named(estimators: Any) -> dict[str, Any]:
    """Return the estimators by their names."""
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
        raise ValueError("estimators must hold at least one, got none.")
    for name, estimator in named.items():
        if isinstance(estimator, type) or not hasattr(estimator, "fit"):
            raise TypeError(
                f"estimators must be instances that have a fit, but {name} is "
                f"{estimator!r}. With names of your own, pass a dict."
            )
    return named


def _names(estimators: Sequence[Any]) -> list[str]:
    """Return the names of the classes, numbered where they are equal."""
    last = [e.steps[-1][1] if isinstance(e, Pipeline) else e for e in estimators]
    names = [type(estimator).__name__ for estimator in last]
    often, number = Counter(names), {name: count(1) for name in names}
    return [f"{n} {next(number[n])}" if often[n] > 1 else n for n in names]


def _check_scoring(scoring: Any, named: Mapping[str, Any]) -> None:
    """Check that there is one score, and the same one for all."""
    if scoring is not None and not isinstance(scoring, str) and not callable(scoring):
        raise TypeError(
            "scoring must be None, the name of one score or a callable, got "
            f"{scoring!r}. For several scores, compare once for each."
        )
    kinds = {is_classifier(estimator) for estimator in named.values()}
    if scoring is None and len(kinds) > 1:
        raise ValueError(
            "scoring=None is the score of each estimator, but some of estimators are "
            "classifiers and some are not. Say how to score them: scoring='r2'."
        )


def _parallel(n_jobs: int | None) -> Any:
    """Return what fits side by side, and if it can hands results over one by one."""
    try:
        return Parallel(n_jobs=n_jobs, return_as="generator")
    except (TypeError, ValueError):  # joblib < 1.3; the multiprocessing backend
        return Parallel(n_jobs=n_jobs)


def _fit_and_score(
    estimator: Any, X: Any, y: Any, split: Any, scoring: Any, place: str
) -> tuple[float, float, float]:
    """Return the score of one fold, the seconds to fit and those to predict."""
    try:
        result = cross_validate(
            estimator, X, y, cv=[split], scoring=scoring, error_score="raise"
        )
        if "test_score" not in result:
            raise ValueError("scoring must give one number, but it gave a dict.")
    except Exception as error:
        error.add_note(f"This was {place}, in skneuron.model_selection.compare.")
        raise
    return tuple(result[key][0] for key in ("test_score", "fit_time", "score_time"))


def _places(side: Any) -> np.ndarray:
    """Return the samples on one side of a split as their places, masks among them."""
    side = np.asarray(side)
    return np.flatnonzero(side) if side.dtype == bool else side
