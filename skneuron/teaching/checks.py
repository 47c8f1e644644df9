"""Checks: errors that a beginner understands."""

from collections.abc import Iterable
from math import isfinite
from numbers import Real
from typing import Any


def number(value: Any, name: str) -> float:
    """Return a finite number as a float."""
    if not isinstance(value, Real) or not isfinite(value):
        raise ValueError(f"{name} must be a number, got {value!r}.")
    return float(value)


def numbers(values: Any, name: str, length: int | None = None) -> list[float]:
    """Return some numbers as a list of float, of this length if one is given."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a list of numbers, got {values!r}.")
    checked = [number(v, f"{name}[{i}]") for i, v in enumerate(values)]
    if length is not None and len(checked) != length:
        raise ValueError(f"{name} must have {length} numbers, got {len(checked)}.")
    return checked
