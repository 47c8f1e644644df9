"""The parameter `categorical_features`, turned into a mask of columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def chosen_columns(
    value: Any, n_features: int, feature_names: Sequence[str] | None
) -> NDArray[np.bool_] | None:
    """Return the mask of the categorical columns, or None if the dtypes decide."""
    if isinstance(value, str):
        if value == "from_dtype":
            return None
        raise _invalid(value, "a single string")
    mask = np.zeros(n_features, dtype=bool)
    try:
        chosen = np.asarray([] if value is None else value)
    except ValueError:
        raise _invalid(value, "sequences of unequal length") from None
    if chosen.size == 0:
        return mask
    if chosen.ndim != 1:
        raise _invalid(value, f"{chosen.ndim} dimensions")
    if chosen.dtype.kind == "b":
        return _checked_mask(chosen, n_features)
    mask[_indices(chosen, n_features, feature_names)] = True
    return mask


def _checked_mask(mask: NDArray[np.bool_], n_features: int) -> NDArray[np.bool_]:
    if len(mask) != n_features:
        raise ValueError(
            f"categorical_features is a mask of {len(mask)} columns, but X has "
            f"{n_features}; give one boolean for each column."
        )
    return mask


def _indices(
    chosen: NDArray[Any], n_features: int, feature_names: Sequence[str] | None
) -> list[int]:
    if chosen.dtype.kind in "iu":
        wrong = [int(j) for j in chosen if not 0 <= j < n_features]
        if wrong:
            raise ValueError(
                f"categorical_features has {wrong}, but indices of columns must be "
                f"from 0 to {n_features - 1}."
            )
        return [int(j) for j in chosen]
    if not all(isinstance(name, str) for name in chosen):
        raise _invalid(chosen.tolist(), "other values")
    if feature_names is None:
        raise ValueError(
            f"categorical_features={chosen.tolist()} names columns, but X has no "
            "names that are strings; pass a data frame, or give indices or a mask."
        )
    position = {name: j for j, name in enumerate(feature_names)}
    unknown = [str(name) for name in chosen if name not in position]
    if unknown:
        raise ValueError(
            f"categorical_features has {unknown}, which are not columns of X; the "
            f"columns are {list(position)}."
        )
    return [position[name] for name in chosen]


def _invalid(value: Any, got: str) -> ValueError:
    return ValueError(
        "categorical_features must be 'from_dtype', None, or a list of names, of "
        f"indices or of booleans, one for each column; got {got}: {value!r}."
    )
