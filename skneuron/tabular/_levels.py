"""Levels of a categorical column: their names, which of them count, their encoding.

Levels are compared by name, so that 1, 1.0 and "1" are the same level, whichever
data frame they come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import IndexArray
from ..preprocessing import QUARTILES, center_and_scale
from ._reading import BOOLEANS, Column

MAX_LEVELS = 255  # encoded columns of one column of X, as in HistGradientBoosting
ALIASES = {"0": "False", "1": "True", "False": "0", "True": "1"}


@dataclass(frozen=True)
class Levels:
    """The levels of a column in the training data, sorted by name, and their counts."""

    names: list[str]
    counts: NDArray[np.intp]
    n_samples: int

    @property
    def are_too_many(self) -> bool:
        """Whether the column looks like an identifier or free text."""
        n_levels = len(self.names)
        return n_levels > MAX_LEVELS and 2 * n_levels > self.counts.sum()

    def frequent(self) -> tuple["Levels", bool]:
        """Return the most frequent levels, and whether others are grouped.

        The group of the other levels comes last in `counts` and has no name.
        """
        if len(self.names) <= MAX_LEVELS:
            return self, False
        order = np.argsort(-self.counts, kind="stable")
        kept, rest = np.sort(order[: MAX_LEVELS - 1]), order[MAX_LEVELS - 1 :]
        counts = np.append(self.counts[kept], self.counts[rest].sum())
        return Levels([self.names[k] for k in kept], counts, self.n_samples), True


def count_levels(column: Column) -> Levels:
    """Return the levels that occur in a column, sorted by name."""
    codes, names = _named_codes(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    seen = sorted(np.flatnonzero(counts).tolist(), key=names.__getitem__)
    return Levels([names[k] for k in seen], counts[seen], len(codes))


def level_indices(column: Column, names: Sequence[str], groups: bool) -> IndexArray:
    """Return the index among `names` of the level of each row; -1 if it is missing.

    Other levels get the index after the last if `groups`, and -1 if not.
    """
    index = {name: k for k, name in enumerate(names)}
    for name, k in list(index.items()):  # 0 and 1 for booleans, and the reverse
        index.setdefault(ALIASES.get(name, name), k)
    codes, present = _named_codes(column)
    other = len(names) if groups else -1
    return np.array([*(index.get(name, other) for name in present), -1])[codes]


def n_encoded(n_levels: int) -> int:
    """Return the number of encoded columns: two levels share one."""
    return 1 if n_levels == 2 else n_levels


def encoded_center_and_scale(
    levels: Levels,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the median and the divisor of encoded columns, from the counts alone."""
    n = levels.n_samples
    if len(levels.counts) == 2:  # -1, 0 or 1: as the sum of two indicators less 1
        n_steps = np.array([n - levels.counts[0], levels.counts[1]])
        quartiles = _indicator_quartiles(n_steps, n).sum(axis=1, keepdims=True) - 1
        return center_and_scale(quartiles, [2])
    span = levels.counts < n
    return center_and_scale(_indicator_quartiles(levels.counts, n), span)


def _indicator_quartiles(n_ones: NDArray[np.intp], n: int) -> NDArray[np.float64]:
    """Return the quartiles of columns of zeros and ones, as np.quantile does.

    Sorted, the column is 0 up to position n - n_ones - 1, and 1 from the next on.
    """
    position = np.array(QUARTILES)[:, np.newaxis] * (n - 1)
    return np.clip(position - (n - n_ones) + 1, 0, 1)


def _named_codes(column: Column) -> tuple[IndexArray, list[str]]:
    """Return codes and names of the levels; levels of the same name become one."""
    codes, levels = column.as_codes()
    index: dict[str, int] = {}
    merged = [index.setdefault(name, len(index)) for name in map(_name, levels)]
    return np.array([*merged, -1])[codes], list(index)


def _name(level: Any) -> str:
    """Return the name of a level; whole numbers have no decimal point."""
    if isinstance(level, BOOLEANS):
        return str(level)
    if isinstance(level, Integral):
        return str(int(level))
    if isinstance(level, Real | Decimal) and float(level).is_integer():
        return str(int(float(level)))
    return str(level)
