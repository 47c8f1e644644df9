"""Links: functions from raw outputs z to predictions p, by scikit-learn's names."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from .._types import FloatArray


def softmax(z: FloatArray) -> FloatArray:
    """Return exp(z) scaled so that each row sums to one."""
    # For a small batch, scipy.special.softmax takes most of its time to choose an
    # array library.
    p: FloatArray = z - z.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return p


def increasing(z: FloatArray) -> FloatArray:
    """Return z in the first column, and each next one softplus(z) above the last."""
    steps = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    steps[:, 0] = z[:, 0]
    return np.cumsum(steps, axis=1)


def identity(z: FloatArray) -> FloatArray:
    """Return z."""
    return z


INVERSE_LINKS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "identity": identity,
    "exp": np.exp,
    "increasing": increasing,
    "logistic": expit,
    "softmax": softmax,
}
