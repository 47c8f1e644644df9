"""Columns of data frames and arrays as NumPy arrays: numbers, or codes of levels.

pandas, polars and pyarrow are recognized by their methods and never imported. Every
column is converted to a NumPy array first; its dtype and, for objects, the types of
its distinct values decide what the column is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import repeat
from math import inf, nan
from numbers import Number, Real
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

TIMES = (date, time, timedelta, np.datetime64, np.timedelta64)
NESTED = (list, dict, tuple, set, frozenset, np.ndarray)
BOOLEANS = (bool, np.bool_)
ALL = slice(None)


@dataclass(frozen=True)
class Column:
    """A column of numbers with NaN, or of codes of levels with -1 for missing ones."""

    label: str
    values: NDArray[Any]
    levels: list[Any] | None = None
    holds_times: bool = False

    def as_numbers(self) -> NDArray[Any]:
        """Return the numbers, with NaN where they are missing."""
        self._reject_times()
        if self.levels is None:
            reject_infinity(self.values, self.label)
            return self.values
        for level in self.levels:
            if not isinstance(level, (Real, Decimal, *BOOLEANS)):
                raise ValueError(
                    f"{self.label} is numeric but contains {level!r}. Convert it to "
                    "numbers, for example by pandas.to_numeric, or list it in "
                    "categorical_features before fit."
                )
        return _floats(self.levels)[self.values]

    def as_codes(self) -> tuple[NDArray[Any], list[Any]]:
        """Return the code of each row, -1 where it is missing, and the levels."""
        self._reject_times()
        if self.levels is not None:
            return self.values, self.levels
        reject_infinity(self.values, self.label)
        levels, codes = np.unique(self.values, return_inverse=True)
        n_levels = np.count_nonzero(~np.isnan(levels))  # NaN comes last
        return np.where(codes < n_levels, codes, -1), list(levels[:n_levels])

    def _reject_times(self) -> None:
        if self.holds_times:
            raise ValueError(
                f"{self.label} holds dates, times or durations, but it held numbers or "
                "categories in the data passed to fit. Convert it to the same type."
            )


def reject_infinity(values: NDArray[Any], label: str) -> None:
    """Raise a ValueError that names the column if it has infinite values."""
    if np.isinf(values).any():
        raise ValueError(
            f"Input X contains infinity: {label} has infinite values. Replace them by "
            "NaN, which counts as missing, or by a finite limit."
        )


def is_data_frame(X: Any) -> bool:
    """Return True for data frames of pandas, polars and pyarrow."""
    return hasattr(X, "shape") and (
        (hasattr(X, "iloc") and hasattr(X, "columns"))
        or hasattr(X, "get_columns")
        or hasattr(X, "column_names")
    )


def column_names(X: Any) -> list[Any]:
    """Return the names of the columns, which are numbers for an array."""
    if not is_data_frame(X):
        return list(range(X.shape[1]))
    return list(X.column_names if hasattr(X, "column_names") else X.columns)


def column_label(name: Any) -> str:
    """Return what messages call a column."""
    return f"Column {name!r}" if isinstance(name, str) else f"Column {name}"


def read_column(
    X: Any, j: int, name: Any, rows: slice | NDArray[np.bool_] = ALL
) -> Column:
    """Return some rows of column j of a data frame or array."""
    label = column_label(name)
    if hasattr(X, "iloc"):
        series = X.iloc[:, j]
        if hasattr(series.dtype, "categories"):
            codes = series.cat.codes.to_numpy()[rows]
            return Column(label, codes, list(series.cat.categories))
        column = _from_array(_pandas_values(series)[rows], label)
        arrow_type = getattr(series.dtype, "pyarrow_dtype", None)
        return _of_categories(column) if _holds_categories(arrow_type) else column
    if hasattr(X, "get_columns"):
        return _from_array(X.to_series(j).to_numpy()[rows], label)
    if hasattr(X, "column_names"):
        column = _from_array(_pyarrow_values(X.column(j))[rows], label)
        return _of_categories(column) if _holds_categories(X.column(j).type) else column
    return _from_array(X[:, j][rows], label)


def _pyarrow_values(column: Any) -> NDArray[Any]:
    if _holds_categories(column.type):  # in which to_numpy loses missing values
        column = column.cast(column.type.value_type)
    return column.to_numpy(zero_copy_only=False)


def _holds_categories(arrow_type: Any) -> bool:
    """Return True for the dictionary type, which is pyarrow's for categories."""
    return hasattr(arrow_type, "index_type")


def _of_categories(column: Column) -> Column:
    """Return the column with levels, also if they are numbers."""
    if column.holds_times:
        return column
    return Column(column.label, *column.as_codes())


def _pandas_values(series: Any) -> NDArray[Any]:
    if isinstance(series.dtype, np.dtype):
        return series.to_numpy()
    if series.dtype.kind in "iuf":
        return series.to_numpy(dtype=np.float64, na_value=nan)
    return series.to_numpy(dtype=object)


def _from_array(values: NDArray[Any], label: str) -> Column:
    if values.ndim != 1 or values.dtype.kind == "V":
        raise _nested(label, "arrays")
    match values.dtype.kind:
        case "i" | "u" | "f":
            return Column(label, values)
        case "b":
            return Column(label, values.astype(np.int8), [False, True])
        case "M" | "m":
            if np.isnat(values).all():
                return Column(label, np.full(len(values), nan))
            return Column(label, values, holds_times=True)
        case "c":
            raise _complex(label)
        case _:
            return _from_objects(values.tolist(), label)


def _from_objects(values: list[Any], label: str) -> Column:
    """Read a column of objects by the types of its distinct values.

    Numbers make a numeric column. Strings, booleans and other objects make a
    categorical one, also if there are numbers among them.
    """
    if set(map(type, values)) <= {float, NoneType}:  # saves counting many levels
        return Column(label, np.array(values, dtype=np.float64))
    codes, levels = _factorize(values, label)
    types = set(map(type, levels))
    if any(issubclass(t, TIMES) or t.__name__ == "Period" for t in types):
        return Column(label, codes, holds_times=True)
    numeric = all(issubclass(t, (Number, Decimal, *BOOLEANS)) for t in types)
    if numeric and not all(issubclass(t, (Real, Decimal, *BOOLEANS)) for t in types):
        raise _complex(label)
    if numeric and not (types and types <= set(BOOLEANS)):
        return Column(label, _floats(levels)[codes])
    return Column(label, codes, levels)


def _factorize(values: list[Any], label: str) -> tuple[NDArray[np.intp], list[Any]]:
    for t in set(map(type, values)):
        if issubclass(t, NESTED):
            raise _nested(label, t.__name__)
    try:
        levels = [value for value in dict.fromkeys(values) if not _is_missing(value)]
    except TypeError:
        raise _nested(label, "objects without a hash") from None
    code_of = dict(zip(levels, range(len(levels)), strict=True))
    codes = map(code_of.get, values, repeat(-1))
    return np.fromiter(codes, dtype=np.intp, count=len(values)), levels


def _is_missing(value: Any) -> bool:
    """Return True for None, NaN of every kind, and pandas' NA and NaT."""
    missing = value is None or type(value).__name__ in ("NAType", "NaTType")
    return missing or bool(value != value)


def _floats(levels: Iterable[Any]) -> NDArray[np.float64]:
    """Return levels as float64, and NaN at the end, which the code -1 finds."""
    return np.array([*map(_as_float, levels), nan])


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of Python's
        return inf


def _nested(label: str, content: str) -> TypeError:
    return TypeError(
        f"{label} contains {content}, but each argument must be a string or a number. "
        "Make a column of each of their elements, or drop the column."
    )


def _complex(label: str) -> ValueError:
    return ValueError(
        f"Complex data not supported: {label} has complex numbers. Make two columns "
        "of them, for example the absolute value and the angle."
    )
