"""Types of arrays: what users pass, and what the lower floors compute with."""

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

FloatArray: TypeAlias = NDArray[Any]  # float32 or float64 throughout one network
IndexArray: TypeAlias = NDArray[np.intp]
Features: TypeAlias = NDArray[Any] | sparse.csr_array | sparse.csr_matrix


class SparseLike(Protocol):
    """A sparse matrix or array of SciPy, with or without type stubs for SciPy."""

    def tocsr(self) -> Any:
        """Return it in CSR format."""


ArrayLikeOrSparse: TypeAlias = ArrayLike | SparseLike
"""What may be passed as X or y: arrays, nested lists, data frames, sparse matrices."""
