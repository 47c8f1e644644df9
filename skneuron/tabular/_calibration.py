"""Calibration: one temperature for all probabilities."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from .._types import FloatArray

COOLEST, HOTTEST = 0.05, 20.0
SMALLEST = 1e-30  # probabilities of zero have no logarithm
BLOCK = 2**14  # rows


def fit_temperature(
    probabilities: FloatArray, codes: FloatArray, sample_weight: FloatArray | None
) -> float:
    """Return the temperature T with the lowest log loss of softmax(log(p) / T).

    The log loss is convex in 1 / T, so its derivative has at most one root: Guo et al.
    (2017), "On calibration of modern neural networks", arXiv:1706.04599.

    Parameters
    ----------
    probabilities : ndarray of shape (n_samples, n_classes)
    codes : ndarray of int of shape (n_samples,)
        The index of the class of each sample.
    sample_weight : ndarray of shape (n_samples,) or None
    """
    if probabilities.shape[1] == 1:
        return 1.0
    logits = _logits(probabilities)
    of_class = np.take_along_axis(logits, codes[:, np.newaxis], axis=1).ravel()

    def slope(log_inverse: float) -> float:
        factor = np.exp(log_inverse)
        expected = [
            (some * softmax(factor * some, axis=1)).sum(axis=1)
            for some in _blocks(logits)
        ]
        gap = np.concatenate(expected) - of_class
        return float(np.average(gap, weights=sample_weight))

    low, high = -np.log(HOTTEST), -np.log(COOLEST)
    if slope(low) >= 0:  # no better than chance
        return HOTTEST
    if slope(high) <= 0:  # without a mistake
        return COOLEST
    return float(np.exp(-brentq(slope, low, high, xtol=1e-13)))


def tempered(probabilities: FloatArray, temperature: float) -> FloatArray:
    """Return softmax(log(p) / T), in which the most probable class stays the same."""
    return np.concatenate(
        [
            np.maximum(softmax(_logits(some) / temperature, axis=1), SMALLEST)
            for some in _blocks(probabilities)
        ]
    )


def _logits(probabilities: FloatArray) -> FloatArray:
    return np.log(np.maximum(probabilities, SMALLEST))


def _blocks(rows: FloatArray) -> list[FloatArray]:
    """Split an array into blocks of rows, so that little memory is needed."""
    return np.split(rows, range(BLOCK, len(rows), BLOCK))
