"""Search results: what a search over the sizes of the hidden layers has found."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

Size = tuple[int, ...]


def find_sizes(params: Sequence[Mapping[str, Any]], param: str | None = None) -> str:
    """Return which of the parameters of a search are the sizes."""
    names = sorted({name for candidate in params for name in candidate})
    sizes = [n for n in names if n.split("__")[-1] == "hidden_layer_sizes"]
    if not sizes:
        raise ValueError(
            "the search must vary hidden_layer_sizes, but it varies "
            f"{', '.join(names) or 'nothing'}."
        )
    if param in sizes:
        return param
    if param is None and len(sizes) == 1:
        return sizes[0]
    raise ValueError(f"param must be one of {', '.join(sizes)}, got {param!r}.")


def as_size(value: Any) -> Size:
    """Return the units of each hidden layer, of an int or any sequence."""
    return tuple(int(n) for n in np.atleast_1d(value))


def from_small_to_large(size: Size) -> Any:
    """Return what to sort sizes by: their units, then their layers."""
    return sum(size), len(size), size


def standard_errors(results: Mapping[str, Any], metric: str = "score") -> np.ndarray:
    """Return the standard error of each mean test score; NaN of a single split."""
    n_splits = next(k for k in count() if f"split{k}_test_{metric}" not in results)
    # the deviation in the results divides by n_splits, not by n_splits - 1
    divisor = np.sqrt(n_splits - 1) if n_splits > 1 else np.nan
    return np.asarray(results[f"std_test_{metric}"], float) / divisor
