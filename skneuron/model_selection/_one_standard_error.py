"""One standard error: the smallest network of a search that is as good as the best."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ._one_standard_error_rule import one_standard_error_choice
from ._search_results import as_size, find_sizes, from_small_to_large, standard_errors


def one_standard_error(cv_results: Mapping[str, Any]) -> int:
    """Choose the smallest hidden size within one standard error of the best.

    Pass it to a search: `GridSearchCV(estimator, grid, refit=one_standard_error)`. The
    search then refits with this choice. As with any callable `refit`, scikit-learn
    leaves `best_score_` out; it is `cv_results_["mean_test_score"][best_index_]`.

    The sizes are the parameter whose name ends with `hidden_layer_sizes`, of a step of
    a pipeline, too. Size is the number of hidden units in all; of equal sizes, and of
    other parameters with the same size, the best mean is taken. The standard error is
    that of the best mean: the standard deviation of its scores, with one degree of
    freedom less than splits, divided by the square root of the number of splits [1]_
    [2]_.

    `HiddenSizeDisplay` marks the same choice. scikit-learn's successive halving calls
    no `refit`; call this one with its `cv_results_`, of which the last iteration
    counts.

    Parameters
    ----------
    cv_results : dict of str to ndarray
        The `cv_results_` of a search with a single score. Candidates without a hidden
        size, as of a list of grids, and failed fits are left aside.

    Returns
    -------
    best_index : int
        Which candidate to take.

    Raises
    ------
    ValueError
        If the search has no hidden sizes or two such parameters, several scores, or no
        fit that succeeded.

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
    sizes = find_sizes(params)
    means = np.asarray(cv_results["mean_test_score"], float)
    iterations = np.asarray(cv_results.get("iter", np.zeros(len(means))))
    rows = [
        row
        for row in np.flatnonzero(iterations == iterations.max())
        if sizes in params[row] and not np.isnan(means[row])
    ]
    if not rows:
        raise ValueError(f"no candidate with {sizes} has a score: all fits failed.")
    # of equally good means the first is the best: make that the smallest network's
    rows.sort(key=lambda row: from_small_to_large(as_size(params[row][sizes])))
    units = [sum(as_size(params[row][sizes])) for row in rows]
    errors = standard_errors(cv_results)
    return int(rows[one_standard_error_choice(units, means[rows], errors[rows])])
