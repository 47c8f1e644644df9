"""Products of the inputs of a layer, dense or sparse, with weights and errors.

The features are CSR rows or an array, all other inputs are arrays. SciPy multiplies CSR
rows; the results that layers work with are dense.
"""

from typing import Any

import numpy as np
from scipy import sparse

from .._types import Features, FloatArray


def rows_times(X: Features, W: FloatArray) -> FloatArray:
    """Return X W, of shape (n_samples, n_outputs)."""
    return X @ W


def columns_times(X: Features, delta: FloatArray) -> FloatArray:
    """Return X' delta, of shape (n_inputs, n_outputs): the sum over samples."""
    return X.T @ delta


def scaled(X: Features, factors: FloatArray) -> Features:
    """Return X with each column multiplied by its factor; sparse if X is."""
    return _elementwise(X, factors)


def column_sums(X: Features, error: FloatArray) -> FloatArray:
    """Return the sum over samples of X times error, element by element."""
    return np.asarray(_elementwise(X, error).sum(axis=0)).ravel()


def as_dense(X: Any) -> FloatArray:
    """Return X as an array, itself if it is one."""
    dense: FloatArray = X.toarray() if sparse.issparse(X) else X
    return dense


def _elementwise(X: Any, other: FloatArray) -> Any:
    return X.multiply(other).tocsr() if sparse.issparse(X) else X * other
