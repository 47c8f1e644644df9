"""One standard error: the rule that takes the smallest model as good as the best."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def one_standard_error_choice(
    sizes: Sequence[float], means: ArrayLike, standard_errors: ArrayLike
) -> int:
    """Return which of several models to take, by the one-standard-error rule.

    It is the smallest whose mean score is within one standard error of the best; of
    equally small ones, the better. The error is that of the best mean. Breiman,
    Friedman, Olshen and Stone, "Classification and Regression Trees" (1984), section
    3.4.3; Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning"
    (2009), section 7.10.

    Parameters
    ----------
    sizes : sequence of float of length n_models
        How large each model is.
    means : array-like of shape (n_models,)
        Their mean scores, the greater the better. NaN is never taken; one must not be.
    standard_errors : array-like of shape (n_models,)
        Of these means. NaN, as of a single score, counts as 0.

    Returns
    -------
    index : int
    """
    means = np.asarray(means, float)
    best = int(np.nanargmax(means))
    error = float(np.nan_to_num(np.asarray(standard_errors, float)[best]))
    near = [k for k, mean in enumerate(means) if mean >= means[best] - error]
    return min(near, key=lambda k: (sizes[k], -means[k]))
