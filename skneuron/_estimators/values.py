"""Values: checks that X and y contain data that a network can be trained on."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np
from scipy.sparse import issparse

from .cells import (
    FOR_CLASSES,
    FOR_FEATURES,
    FOR_NUMBERS,
    NUMERIC,
    Advice,
    Cells,
    cast_method,
    cells_of,
    dtype_kind,
    is_number,
    is_table,
    shown,
)


def check_features(X: Any, name: str = "X") -> Any:
    """Raise unless X contains only numbers; return it, a list as an array.

    Parameters
    ----------
    X : object
        Data from the user. Shape, NaN and infinity are left to scikit-learn.
    name : str
        Name of the data in error messages.

    Returns
    -------
    X : object
        The same object, or an array in place of a list or another sequence.

    Raises
    ------
    ValueError, TypeError
        Of the type that scikit-learn raises in similar cases.
    """
    return X if _is_plain(X) else _check_numbers(X, name, FOR_FEATURES)


def check_targets(y: Any, name: str = "y", *, numeric: bool) -> Any:
    """Raise unless y contains targets; return it, a list as an array.

    Parameters
    ----------
    y : object
        Data from the user. None is left to scikit-learn.
    name : str
        Name of the data in error messages.
    numeric : bool
        True if the targets are numbers, False if they are classes.

    Returns
    -------
    y : object
        The same object, or an array in place of a list or another sequence.

    Raises
    ------
    ValueError, TypeError
        Of the type that scikit-learn raises in similar cases.
    """
    if y is None or _is_plain(y):
        return y
    _check_sparse_targets(y, name, numeric=numeric)
    return _check_numbers(y, name, FOR_NUMBERS) if numeric else _check_classes(y, name)


def _is_plain(data: Any) -> bool:
    """Return True for an array of numbers with one or two dimensions."""
    numeric = type(data) is np.ndarray and data.dtype.kind in NUMERIC
    return numeric and 1 <= data.ndim <= 2


def _check_numbers(data: Any, name: str, advice: Advice) -> Any:
    array, code = _as_array(data, name)
    for cells in cells_of(array, name, code):
        cells.refuse([t for t in cells.types if not is_number(t)], advice)
    return array


def _check_classes(y: Any, name: str) -> Any:
    array, code = _as_array(y, name, classes=True)
    columns = list(cells_of(array, name, code))
    kinds = {_check_column_of_classes(cells) for cells in columns}
    if is_table(y) and len(columns) < len(y.columns):
        kinds.add("numbers")
    if len(kinds) > 1:
        raise TypeError(
            f"{name} has columns of {' and of '.join(sorted(kinds))}: make all of them "
            f"strings, {name}.{cast_method(y)}(str)."
        )
    # scikit-learn does not support NumPy's variable-length strings
    return array.astype(object) if dtype_kind(array) == "T" else array


def _check_column_of_classes(cells: Cells) -> str:
    """Return the kind of the classes; raise if the values are not classes."""
    kind = dtype_kind(cells.values)
    if kind in ("M", "m"):
        missing = np.isnat(cells.values).any()
        cells.refuse(cells.types if missing else (), FOR_CLASSES)
        return "dates" if kind == "M" else "durations"
    cells.refuse([t for t in cells.types if not issubclass(t, str)], FOR_CLASSES)
    return "strings"


def _check_sparse_targets(y: Any, name: str, *, numeric: bool) -> None:
    """Raise if y is sparse, unless it is an indicator matrix of several labels."""
    in_pandas = is_table(y) and hasattr(y, "sparse")  # all of its columns are sparse
    if not (in_pandas or issparse(y)) or (not numeric and _is_sparse_indicator(y)):
        return
    why = "only an indicator matrix, several columns of 0 and 1, may be sparse"
    if numeric:
        why = "a regressor needs dense targets"
    dense = "sparse.to_dense()" if in_pandas else "toarray()"
    if not in_pandas and y.shape[1:] == (1,):
        dense += ".ravel()"
    raise TypeError(
        f"{name} is sparse, of shape {y.shape}, but {why}: use {name}.{dense}."
    )


def _is_sparse_indicator(y: Any) -> bool:
    if is_table(y):
        if any(dtype.fill_value != 0 for dtype in y.dtypes):
            return False
        y = y.sparse.to_coo()
    several = y.ndim == 2 and y.shape[1] > 1
    return several and bool(np.isin(y.tocsr().data, (0, 1)).all())


def _as_array(data: Any, name: str, *, classes: bool = False) -> tuple[Any, str]:
    """Return a list or another sequence as an array, and the code that does so.

    Other data are returned unchanged. Raise for anything but an array, a table or a
    sequence, and for more than two dimensions.
    """
    if issparse(data) or is_table(data):
        return data, name
    array, code = data, name
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        array, code = _from_sequence(data, name, classes=classes), f"np.asarray({name})"
    _check_dimensions(array, name)
    if np.ma.is_masked(array):
        n_masked = np.ma.getmaskarray(array).sum()
        raise ValueError(
            f"{name} is a masked array that masks {n_masked} of its {array.size} "
            f"values: fill them in with {name}.filled(...), or leave these samples out."
        )
    return array, code


def _check_dimensions(array: Any, name: str) -> None:
    shape = array.shape if hasattr(array, "shape") else np.asarray(array).shape
    if len(shape) == 0:
        raise TypeError(
            f"{name} must be an array, a table or a list, with an entry for each "
            f"sample; got {shown(array)}, of type {type(array).__name__}"
            f"{_way_out(array, name)}."
        )
    if len(shape) > 2:
        raise ValueError(
            f"Found array with dim {len(shape)}, while dim <= 2 is required: {name} "
            f"has shape {shape}. Use np.reshape({name}, ({shape[0]}, -1)), for example."
        )


def _from_sequence(data: Sequence[Any], name: str, *, classes: bool) -> np.ndarray:
    try:
        array = np.asarray(data)
    except ValueError:
        _check_not_ragged(data, name, classes=classes)
        raise
    if array.dtype.kind in "US" and not classes:
        # Numbers among strings became strings too; keep the original cells.
        return np.asarray(data, dtype=object)
    return array


def _check_not_ragged(data: Sequence[Any], name: str, *, classes: bool) -> None:
    """Raise if the rows of a nested list differ in length."""
    lengths = [len(row) if hasattr(row, "__len__") else None for row in data]
    other = next((i for i, n in enumerate(lengths) if n != lengths[0]), None)
    if other is None:
        return
    labels = "; MultiLabelBinarizer makes labels of lists" if classes else ""
    raise ValueError(
        f"All rows of {name} must have the same length, but row 0 is {shown(data[0])} "
        f"and row {other} is {shown(data[other])}{labels}."
    )


def _way_out(data: Any, name: str) -> str:
    """Return advice on converting data that are not a sequence, if there is any."""
    if isinstance(data, Mapping):
        return ": use its values, in an array or a table"
    if isinstance(data, Iterator):
        return f": use list({name})"
    return ", which has no order" if isinstance(data, Set) else ""
