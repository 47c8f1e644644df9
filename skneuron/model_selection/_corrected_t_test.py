"""The corrected resampled t-test."""

import numpy as np
from scipy.stats import t as student


def corrected_t_test(
    scores: np.ndarray, others: np.ndarray, n_train: np.ndarray, n_test: np.ndarray
) -> float:
    """Return the p-value of a two-sided test for equal mean scores.

    With J differences d, one for each split, the statistic is

        t = mean(d) / sqrt((1 / J + n_test / n_train) var(d))

    with J - 1 degrees of freedom. The plain paired test has 1 / J alone, which assumes
    that the splits are independent; they are not, since their training samples overlap.
    Nadeau and Bengio, "Inference for the Generalization Error", Machine Learning 52
    (2003).

    Parameters
    ----------
    scores, others : ndarray of shape (n_splits,)
        Scores of two estimators on the same splits.
    n_train, n_test : ndarray of shape (n_splits,)
        Number of training and of test samples in each split; only the ratio of their
        sums matters.

    Returns
    -------
    p_value : float
        1 if all differences are zero. NaN if they are equal but not zero, or if there
        is only one, since their variance is then unknown.
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
