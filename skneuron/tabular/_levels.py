"""Levels of a categorical column: their names, which of them count, their encoding.

Levels are compared by name, so that 1, 1.0 and "1" are the same level, whichever
data frame they come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import IndexArray
from ..preprocessing import QUARTILES, ROUNDING, center_and_scale
from ._reading import BOOLEANS, Column

MAX_LEVELS = 255  # encoded columns of one column of X, as in HistGradientBoosting
ALIASES = {"0": "False", "1": "True", "False": "0", "True": "1"}


@dataclass(frozen=True)
class Levels:
    """The levels of a column in the training data, sorted by name, and their weights.

    Attributes
    ----------
    names : list of str
    weights : ndarray of shape (n_levels,)
        Sums of the sample weights, or numbers of samples.
    total : float
        Weight of all samples, including those without a level.
    n_known : int
        Number of samples with a level.
    """

    names: list[str]
    weights: NDArray[Any]
    total: float
    n_known: int

    @property
    def are_too_many(self) -> bool:
        """Whether the column looks like an identifier or free text.

        Samples count without their weights, whose unit is arbitrary.
        """
        n_levels = len(self.names)
        return n_levels > MAX_LEVELS and 2 * n_levels > self.n_known

    def frequent(self) -> tuple["Levels", bool]:
        """Return the most frequent levels, and whether others are grouped.

        The group of the other levels comes last in `weights` and has no name.
        """
        if len(self.names) <= MAX_LEVELS:
            return self, False
        fractions = (self.weights / self.total).round(10)  # so that ties remain ties
        order = np.argsort(-fractions, kind="stable")
        kept, rest = np.sort(order[: MAX_LEVELS - 1]), order[MAX_LEVELS - 1 :]
        weights = np.append(self.weights[kept], self.weights[rest].sum())
        names = [self.names[k] for k in kept]
        return replace(self, names=names, weights=weights), True


def weigh_levels(
    column: Column, sample_weight: NDArray[np.float64] | None = None
) -> Levels:
    """Return the levels that occur in a column, sorted by name."""
    codes, names = _named_codes(column)
    sums = np.bincount(codes + 1, sample_weight, len(names) + 1)  # missing ones first
    weights, total = sums[1:], sums.sum()
    seen = sorted(np.flatnonzero(weights).tolist(), key=names.__getitem__)
    n_known = int(np.count_nonzero(codes >= 0))
    return Levels([names[k] for k in seen], weights[seen], total, n_known)


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
    """Return the median and the divisor of encoded columns, from the weights alone."""
    weights, total = levels.weights, levels.total
    if len(weights) == 2:  # -1, 0 or 1: as the sum of two indicators less 1
        ones = np.array([total - weights[0], weights[1]]) / total
        quartiles = _indicator_quartiles(ones).sum(axis=1, keepdims=True) - 1
        return center_and_scale(quartiles, [2])
    span = weights < total
    return center_and_scale(_indicator_quartiles(weights / total), span)


def _indicator_quartiles(ones: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the quartiles of columns of zeros and ones, given the fraction of ones.

    They are 0 where the zeros exceed the quartile's fraction, 1 where they fall short
    of it, and 1/2 where they equal it.
    """
    excess = QUARTILES[:, np.newaxis] - (1 - ones)
    excess[np.abs(excess) < ROUNDING] = 0
    return (1 + np.sign(excess)) / 2


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
