"""The one-standard-error rule: the smallest network as good as the best one."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._search_results import as_size, find_size_param, size_order, standard_errors


def one_standard_error(cv_results: Mapping[str, Any]) -> int:
    """Choose the smallest hidden size within one standard error of the best.

    Pass it to a search: `GridSearchCV(estimator, grid, refit=one_standard_error)`. The
    search then refits with this choice. As with any callable `refit`, scikit-learn does
    not set `best_score_`; it is `cv_results_["mean_test_score"][best_index_]`.

    The sizes are the parameter whose name ends with `hidden_layer_sizes`, also that of
    a step in a pipeline. Size is the total number of hidden units; among candidates of
    the same size, the one with the best mean score is taken. The standard error is that
    of the best mean: the sample standard deviation of its scores (`ddof=1`), divided by
    the square root of the number of splits [1]_ [2]_.

    `HiddenSizeDisplay` marks the same choice. scikit-learn's successive halving does
    not call `refit`; call this function with its `cv_results_`, of which only the last
    iteration is used.

    Parameters
    ----------
    cv_results : dict of str to ndarray
        The `cv_results_` of a search with a single score. Candidates that failed, or
        have no hidden size, as in a list of grids, are ignored.

    Returns
    -------
    best_index : int
        Index of the chosen candidate.

    Raises
    ------
    ValueError
        If the search has several scores, no successful fit, or not exactly one
        parameter with hidden sizes.

    See Also
    --------
    skneuron.inspection.HiddenSizeDisplay : Plot of the scores, with this choice.

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
    >>> from skneuron.model_selection import one_standard_error
    >>> X, y = make_moons(200, noise=0.2, random_state=0)
    >>> params = {"solver": "lbfgs", "alpha": 0.01, "max_iter": 5000}
    >>> clf = NeuronClassifier(activation="tanh", random_state=0, **params)
    >>> grid = {"hidden_layer_sizes": [1, 2, 3, 20, (10, 10)]}
    >>> search = GridSearchCV(clf, grid, refit=one_standard_error).fit(X, y)
    >>> search.best_params_["hidden_layer_sizes"] in (2, 3, 20)
    True
    """
    if "mean_test_score" not in cv_results:
        metrics = [key[10:] for key in cv_results if key.startswith("mean_test_")]
        raise ValueError(
            "one_standard_error needs a search with one score, but this one has "
            f"{', '.join(metrics)}. Pass the search scoring={metrics[0]!r}."
        )
    params = cv_results["params"]
    size_param = find_size_param(params)
    means = np.asarray(cv_results["mean_test_score"], float)
    iterations = np.asarray(cv_results.get("iter", np.zeros(len(means))))
    rows = [
        row
        for row in np.flatnonzero(iterations == iterations.max())
        if size_param in params[row] and not np.isnan(means[row])
    ]
    if not rows:
        raise ValueError(
            f"no candidate with {size_param} has a score: all fits failed."
        )
    # The first of equal means counts as the best: sort, so that it is the smallest.
    rows.sort(key=lambda row: size_order(as_size(params[row][size_param])))
    units = [sum(as_size(params[row][size_param])) for row in rows]
    errors = standard_errors(cv_results)
    return int(rows[smallest_within_one_error(units, means[rows], errors[rows])])


def smallest_within_one_error(
    sizes: Sequence[float], means: ArrayLike, standard_errors: ArrayLike
) -> int:
    """Return the index of the smallest model within one standard error of the best.

    The standard error is that of the best mean; of equally small models, the better one
    is taken.

    Parameters
    ----------
    sizes : sequence of float of length n_models
        Size of each model.
    means : array-like of shape (n_models,)
        Mean score of each model; higher is better. A NaN is never taken, and at least
        one mean must not be NaN.
    standard_errors : array-like of shape (n_models,)
        Standard error of each mean. A NaN, as of a single score, counts as 0.

    Returns
    -------
    index : int
    """
    means = np.asarray(means, float)
    best = int(np.nanargmax(means))
    error = float(np.nan_to_num(np.asarray(standard_errors, float)[best]))
    near = [k for k, mean in enumerate(means) if mean >= means[best] - error]
    return min(near, key=lambda k: (sizes[k], -means[k]))
