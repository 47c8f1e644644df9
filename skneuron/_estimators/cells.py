"""Cells: values of the user's data, and errors that name the first invalid one."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy.sparse import issparse

NUMERIC = frozenset("biuf")  # kinds of NumPy dtypes: bool, int, unsigned, float
MOST_SHOWN = 60  # characters of an example value in an error
KINDS: dict[str, tuple[type, ...]] = {
    "strings": (str,),
    "bytes": (bytes,),
    "dates": (datetime.date, np.datetime64),
    "durations": (datetime.timedelta, np.timedelta64),
    "times of day": (datetime.time,),
    "complex numbers": (complex, np.complexfloating),
    "records": (np.void,),
    "sequences": (list, tuple, np.ndarray),
}
KINDS_BY_NAME = {  # of the type, because pandas is not a dependency
    "NoneType": "missing values",
    "NAType": "missing values",
    "NaTType": "missing values",
    "Period": "dates",
}

Advice = dict[str, tuple[type[Exception], str]]
"""Type and text of the error for each kind of value."""

IN_DAYS = "{it}: subtract a reference date and divide by np.timedelta64(1, 'D')"
FOR_FEATURES: Advice = {
    "strings": (
        ValueError,
        "{it}: encode it, for example with OneHotEncoder or OrdinalEncoder",
    ),
    "numbers as strings": (ValueError, "{it}: convert it, {code}.{cast}(float)"),
    "dates": (TypeError, f"{IN_DAYS}, or use a part of the dates, such as the month"),
    "durations": (TypeError, "{it}: divide it by np.timedelta64(1, 'D')"),
    "times of day": (TypeError, "{it}: convert it to hours, for example"),
    "complex numbers": (
        ValueError,
        "Complex data not supported: {it}: use {code}.real and {code}.imag",
    ),
    "records": (
        TypeError,
        "{it}: use numpy.lib.recfunctions.structured_to_unstructured({code})",
    ),
    "sequences": (ValueError, "{it}: make a column of each entry"),
    "missing values": (
        ValueError,
        "{it}: fill them in, for example with SimpleImputer",
    ),
    "objects": (TypeError, "{it}: argument must be a string or a real number"),
}
FOR_NUMBERS: Advice = {
    **FOR_FEATURES,
    "strings": (
        ValueError,
        "{it}: a regressor needs numbers; for classes use a classifier",
    ),
    "dates": (TypeError, IN_DAYS),
    "missing values": (ValueError, "{it}: leave these samples out"),
}
CONVERT = "{it}: convert it, {code}.{cast}({own_type})"
FOR_CLASSES: Advice = {
    **dict.fromkeys(
        [*KINDS, "objects"], (ValueError, f"Unknown label type: {CONVERT}")
    ),
    "bytes": (TypeError, "{it}: decode it, {code}.{cast}(str)"),
    "complex numbers": (ValueError, f"Complex data not supported: {CONVERT}"),
    "records": FOR_FEATURES["records"],
    "sequences": (ValueError, "{it}: MultiLabelBinarizer makes labels of lists"),
    "missing values": FOR_NUMBERS["missing values"],
}


@dataclass(frozen=True)
class Cells:
    """Values of the user's data: one column of a table, or a whole array.

    Attributes
    ----------
    place : str
        Where they are, in the words of error messages.
    code : str
        The user's code that selects them.
    source : object
        Series or array.
    """

    place: str
    code: str
    source: Any

    @cached_property
    def values(self) -> np.ndarray:
        """The cells as an array."""
        return np.asarray(self.source)

    @cached_property
    def types(self) -> set[type]:
        """The types of the cells."""
        if self.values.dtype == object:
            return set(map(type, self.values.flat))
        return {self.values.dtype.type}

    def refuse(self, types: Collection[type], advice: Advice) -> None:
        """Raise if any cell has one of these types, and name the first.

        Missing classes take precedence, because they cannot be converted. Missing
        numbers come last, because conversion turns them into NaN.
        """
        if not types:
            return
        cells = ((i, v) for i, v in np.ndenumerate(self.values) if type(v) in types)
        first = next(cells, None)
        if first is None:
            return
        preferred = (
            (i, value)
            for i, value in chain([first], cells)
            if _is_missing(value) == (advice is FOR_CLASSES)
        )
        raise self._error(*next(preferred, first), advice)

    def _error(self, index: tuple[int, ...], value: Any, advice: Advice) -> Exception:
        error, text = advice[_case(value, advice)]
        row = f" in row {index[0]}" if _is_missing(value) else ""
        text = text.format(
            it=f"{self._holds(index, value)}, the first is {shown(value)}{row}",
            code=self.code,
            cast=cast_method(self.source),
            own_type=_common_type(self.types),
        )
        return error(f"{text}.")

    def _holds(self, index: tuple[int, ...], value: Any) -> str:
        """Return where the value is, and its kind."""
        place, kind = self.place, kind_of_value(value)
        if len(index) == 2 and self.values.dtype == object:
            place = f"In {place}, column {index[1]}"
        if kind in ("strings", "bytes", "missing values"):
            return f"{place} holds {kind}"
        dtype = str(getattr(self.source, "dtype", "object"))
        if kind == "objects" or dtype == "object":
            dtype = " and ".join(sorted(t.__name__ for t in self.types))
        return f"{place} holds {kind} ({dtype})"


def cells_of(data: Any, name: str, code: str) -> Iterator[Cells]:
    """Yield the columns of a table, or a whole array, unless they are numeric.

    Parameters
    ----------
    data : table, array, series or sparse matrix
    name : str
        Name of the data in error messages.
    code : str
        The user's code that returns the data as an array.
    """
    if is_table(data):
        yield from _columns(data, name)
    elif dtype_kind(data) not in NUMERIC:
        cells = Cells(name, code, data.tocoo().data if issparse(data) else data)
        if cells.values.dtype.kind not in NUMERIC:
            yield cells


def _columns(table: Any, name: str) -> Iterator[Cells]:
    labels, dtypes = list(table.columns), list(table.dtypes)
    for number, (label, dtype) in enumerate(zip(labels, dtypes, strict=True)):
        if getattr(dtype, "kind", None) in NUMERIC:
            continue
        in_pandas = hasattr(table, "iloc")
        column = table.iloc[:, number] if in_pandas else table[:, number]
        if np.asarray(column).ndim > 1:  # polars, with several numbers per cell
            column = np.fromiter(column.to_list(), dtype=object)
        where = "" if label == number else f" (number {number})"
        place = f"In {name}, column {label!r}{where}"
        cells = Cells(place, f"{name}[{label!r}]", column)
        if cells.values.dtype.kind not in NUMERIC:
            yield cells


def is_table(data: Any) -> bool:
    """Return True for a data frame of pandas, polars or a similar library."""
    # of the class, because pandas builds a list of the dtypes
    return hasattr(type(data), "columns") and hasattr(type(data), "dtypes")


def dtype_kind(data: Any) -> str | None:
    """Return the kind of the dtype, or None without a dtype."""
    return getattr(getattr(data, "dtype", None), "kind", None)


def is_number(t: type) -> bool:
    """Return True for numbers and other types that float() accepts."""
    known = any(issubclass(t, types) for types in KINDS.values())
    return not known and t.__name__ not in KINDS_BY_NAME and hasattr(t, "__float__")


def kind_of_value(value: Any) -> str:
    """Return the kind of a value."""
    t = type(value)
    if t.__name__ in KINDS_BY_NAME:
        return KINDS_BY_NAME[t.__name__]
    if isinstance(value, float | np.datetime64 | np.timedelta64) and value != value:
        return "missing values"  # NaN and NaT are not equal to themselves
    return next((k for k, types in KINDS.items() if issubclass(t, types)), "objects")


def _is_missing(value: Any) -> bool:
    return kind_of_value(value) == "missing values"


def _case(value: Any, advice: Advice) -> str:
    """Return the key of the advice for this value."""
    kind = kind_of_value(value)
    if kind not in ("strings", "bytes") or "numbers as strings" not in advice:
        return kind
    try:
        float(value)
    except ValueError:
        return "strings"
    return "numbers as strings"


def cast_method(source: Any) -> str:
    """Return the name of the method that converts this data."""
    is_polars = hasattr(source, "cast") and not hasattr(source, "astype")
    return "cast" if is_polars else "astype"


def _common_type(types: Collection[type]) -> str:
    """Return the type of classes to which values of these types can be converted."""
    kinds: dict[str, Any] = {"bool": (bool, np.bool_), "int": Integral, "float": Real}
    for name, parents in kinds.items():
        if all(issubclass(t, parents) for t in types):
            return name
    return "str"


def shown(value: Any) -> str:
    """Return an example value as text, for an error message."""
    by_str = datetime.date | datetime.time | datetime.timedelta | np.generic
    plain = isinstance(value, by_str) and not isinstance(value, str | bytes)
    text = str(value) if plain else repr(value)
    if isinstance(value, str | bytes):
        text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
