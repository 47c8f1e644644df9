"""The array types that the lower floors speak of."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray: TypeAlias = NDArray[Any]  # float32 or float64 throughout one network
IndexArray: TypeAlias = NDArray[np.intp]
Features: TypeAlias = NDArray[Any] | sparse.csr_array | sparse.csr_matrix
