"""Links: what turns raw outputs z into predictions p, by scikit-learn's names."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from .._types import FloatArray


def softmax(z: FloatArray) -> FloatArray:
    """Return exp(z) scaled so that each row sums to one."""
    # scipy.special.softmax spends more time on choosing an array library than a
    # small batch takes.
    p: FloatArray = z - z.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return p


def increasing(z: FloatArray) -> FloatArray:
    """Return z of the first column, and each further one by softplus(z) above it."""
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
