"""Input checks, with errors that a beginner understands."""

from collections.abc import Iterable, Sequence
from math import isfinite
from numbers import Real
from typing import Any, TypeAlias

Rows: TypeAlias = list[list[float]]


def plain(value: Any) -> Any:
    """Return a NumPy scalar as a Python number, and a data frame as an array."""
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    return value.item() if getattr(value, "ndim", None) == 0 else value


def number(value: Any, name: str) -> float:
    """Return a finite number as a float."""
    value = plain(value)
    if not isinstance(value, Real) or not isfinite(value):
        raise ValueError(f"{name} must be a number, got {value!r}.")
    return float(value)


def numbers(values: Any, name: str, length: int | None = None) -> list[float]:
    """Return numbers as a list of floats; check its length if one is given."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a list of numbers, got {values!r}.")
    checked = [number(v, f"{name}[{i}]") for i, v in enumerate(values)]
    if length is not None and len(checked) != length:
        raise ValueError(f"{name} must have {length} numbers, got {len(checked)}.")
    return checked


def target(y: Any, n_outputs: int, softmax: bool, name: str = "y") -> list[float]:
    """Return the target of each output for one sample."""
    y = plain(y)
    if not isinstance(y, Real):
        return numbers(y, name, n_outputs)
    if not softmax:
        return numbers([y], name, n_outputs)
    if y not in range(n_outputs):
        raise ValueError(
            f"{name} must be the number of a class, from 0 to {n_outputs - 1}, got "
            f"{y!r}."
        )
    return [float(k == y) for k in range(n_outputs)]


def samples(X: Any, y: Any, sizes: Sequence[int], softmax: bool) -> tuple[Rows, Rows]:
    """Return the samples and their targets for a network with these layer sizes."""
    X, y = list(plain(X)), list(plain(y))
    if not X or len(X) != len(y):
        raise ValueError(
            f"X and y must be as long as each other, and not empty: X has {len(X)} "
            f"samples, y has {len(y)}."
        )
    return (
        [numbers(x, f"X[{i}]", sizes[0]) for i, x in enumerate(X)],
        [target(t, sizes[-1], softmax, f"y[{i}]") for i, t in enumerate(y)],
    )
