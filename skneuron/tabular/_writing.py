"""Encoded columns, written into the float32 matrix of the network."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import IndexArray
from ..preprocessing import smooth_clip


def write_numbers(
    out: NDArray[np.float32],
    values: NDArray[Any],
    center: Any,
    scale: Any,
    limit: float,
) -> None:
    """Write scaled numbers; missing ones become the median."""
    scaled = smooth_clip(values, center, scale, limit)
    np.copyto(scaled, 0.0, where=np.isnan(scaled))
    out[:] = scaled


def write_levels(
    out: NDArray[np.float32],
    indices: IndexArray,
    n_levels: int,
    center: NDArray[np.float64],
    scale: NDArray[np.float64],
    limit: float,
) -> None:
    """Write the encoded columns: one-hot, or -1 and 1 for two levels, then scaled."""
    shared = n_levels == 2
    out[:] = smooth_clip(np.zeros(out.shape[1]), center, scale, limit)
    values = np.array([-1.0, 1.0]) if shared else np.ones(n_levels)
    scaled = smooth_clip(values, center, scale, limit)
    known = np.flatnonzero(indices >= 0)
    at = indices[known]
    out[known, 0 if shared else at] = scaled[at]
