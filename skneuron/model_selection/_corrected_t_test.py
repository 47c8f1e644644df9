"""The corrected resampled t-test."""

import numpy as np
from scipy.stats import t as student


def corrected_t_test(
    scores: np.ndarray, others: np.ndarray, n_train: np.ndarray, n_test: np.ndarray
) -> float:
    """Return how likely such differences are where there is none on average.

    With J differences d, one for each split, the statistic is

        t = mean(d) / sqrt((1 / J + n_test / n_train) var(d))

    with J - 1 degrees of freedom, two-sided. The plain test has 1 / J alone and takes
    the splits for independent; they are not, since their training samples overlap.
    Nadeau and Bengio, "Inference for the Generalization Error", Machine Learning 52
    (2003).

    Parameters
    ----------
    scores, others : ndarray of shape (n_splits,)
        Of two estimators on the same samples.
    n_train, n_test : ndarray of shape (n_splits,)
        Samples on each side of each split; what counts is the ratio of their sums.

    Returns
    -------
    p_value : float
        1 where all differences are zero. NaN where they are equal and not zero, or
        where there is one only: nothing then says how much they vary.
    """
    differences, n_splits = scores - others, len(scores)
    mean, rounding = np.mean(differences), 1e-12 * np.abs([scores, others]).max()
    if np.abs(differences).max() <= rounding:
        return 1.0
    if np.ptp(differences) <= rounding:
        return np.nan
    factor = 1 / n_splits + n_test.sum() / n_train.sum()
    statistic = mean / np.sqrt(factor * np.var(differences, ddof=1))
    return float(2 * student.sf(abs(statistic), n_splits - 1))
