"""Hidden sizes and standard errors in the `cv_results_` of a search."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, TypeAlias

import numpy as np

Size: TypeAlias = tuple[int, ...]
"""Number of units of each hidden layer."""


def find_size_param(
    params: Sequence[Mapping[str, Any]], param: str | None = None
) -> str:
    """Return the name of the parameter that holds the hidden sizes."""
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


def as_size(value: int | Sequence[int] | np.ndarray) -> Size:
    """Return `hidden_layer_sizes` as a tuple."""
    return tuple(int(n) for n in np.atleast_1d(value))


def size_order(size: Size) -> tuple[int, int, Size]:
    """Return a sort key: fewest units first, then fewest layers."""
    return sum(size), len(size), size


def standard_errors(results: Mapping[str, Any], metric: str = "score") -> np.ndarray:
    """Return the standard error of each mean test score; NaN for a single split."""
    n_splits = next(k for k in count() if f"split{k}_test_{metric}" not in results)
    # scikit-learn's deviations divide by n_splits, not by n_splits - 1
    divisor = np.sqrt(n_splits - 1) if n_splits > 1 else np.nan
    return np.asarray(results[f"std_test_{metric}"], float) / divisor
