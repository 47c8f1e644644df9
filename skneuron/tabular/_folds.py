"""Folds: the rows that each member trains on and is validated by."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
)

from .._types import FloatArray, IndexArray

DEFAULT = 5  # scikit-learn's, for None
LONGEST = 100  # characters of a cv in a message

Folds: TypeAlias = list[tuple[IndexArray, IndexArray]]


def split(
    cv: Any,
    table: FloatArray,
    y: np.ndarray,
    groups: Any,
    strata: np.ndarray | None,
    weights: np.ndarray | None,
    random_state: np.random.RandomState,
) -> Folds:
    """Return the rows that each member trains on, and those that it does not.

    An integer gives shuffled folds: stratified by the classes, if there are strata, and
    with groups kept together, if there are groups. Rows of weight zero are in none.
    """
    n_samples = len(table)
    _check_sizes(n_samples, groups)
    if cv is None or isinstance(cv, Integral):
        rows = np.arange(n_samples) if weights is None else np.flatnonzero(weights)
        n_splits = DEFAULT if cv is None else int(cv)
        return _shuffled(n_splits, rows, groups, strata, random_state)
    with _explained(cv, groups):
        splits = cv.split(table, y, groups) if hasattr(cv, "split") else cv
        folds = [_pair(parts, n_samples, cv) for parts in splits]
    if not folds or any(not len(rows) for fold in folds for rows in fold):
        raise ValueError(
            f"{_named(cv)} must give at least one split, each with rows to train on "
            "and rows to validate by."
        )
    _check_apart(cv, folds)
    return folds


def _check_apart(cv: Any, folds: Folds) -> None:
    """Raise if a member would be validated by rows that it trains on."""
    for number, (train, held_out) in enumerate(folds):
        shared = np.intersect1d(train, held_out)
        if len(shared):
            raise ValueError(
                f"Split {number} of {_named(cv)} trains on {len(shared)} of the rows "
                f"that it holds out, row {shared[0]} for example. Pass splits whose "
                "two parts share no row."
            )


def _shuffled(
    n_splits: int,
    rows: IndexArray,
    groups: Any,
    strata: np.ndarray | None,
    random_state: np.random.RandomState,
) -> Folds:
    """Return folds of some rows."""
    groups = None if groups is None else np.asarray(groups)[rows]
    strata = None if strata is None else strata[rows]
    _check_sizes(len(rows), groups)
    splitter = _splitter(n_splits, len(rows), groups, strata, random_state)
    with _explained(n_splits, groups):
        parts = splitter.split(rows, strata, groups)
        return [(rows[train], rows[test]) for train, test in parts]


def check_fold_weights(cv: Any, folds: Folds, weights: np.ndarray | None) -> None:
    """Raise if a member would have only rows of weight zero."""
    if weights is None:
        return
    for number, fold in enumerate(folds):
        for rows, purpose in zip(fold, ("train on", "validate by"), strict=True):
            if not weights[rows].any():
                raise ValueError(
                    f"sample_weight is zero for all {len(rows)} rows that split "
                    f"{number} of {_named(cv)} gives to {purpose}. Leave out rows of "
                    "weight zero, or pass other splits as cv."
                )


def _check_sizes(n_samples: int, groups: Any) -> None:
    if n_samples < 2:
        raise ValueError(
            f"Found n_samples = {n_samples}, but at least 2 samples are needed, not "
            "counting those of sample_weight 0: one to train on and one to validate by."
        )
    if groups is not None and np.shape(groups) != (n_samples,):
        raise ValueError(
            f"groups has the shape {np.shape(groups)}, but X has {n_samples} rows: "
            "pass one group for each row."
        )
    if groups is not None and any(g is None or g != g for g in groups):
        raise ValueError(
            "groups has missing values: give every row a group, for example one of its "
            "own."
        )


def _splitter(
    n_splits: int,
    n_samples: int,
    groups: Any,
    strata: np.ndarray | None,
    random_state: np.random.RandomState,
) -> Any:
    can_stratify = strata is not None and np.bincount(strata).max() >= n_splits
    if groups is not None:
        _check_groups(n_splits, groups)
        kind = StratifiedGroupKFold if can_stratify else GroupKFold
    else:
        kind = StratifiedKFold if can_stratify else KFold
        n_splits = min(n_splits, n_samples)
    seed = random_state.randint(2**31)
    return kind(n_splits, shuffle=True, random_state=seed)


def _check_groups(n_splits: int, groups: Any) -> None:
    n_groups = len(np.unique(np.asarray(groups)))
    if n_groups < 2:
        raise ValueError(
            "groups has the same group for all rows, but at least 2 are needed: one to "
            "train on and one to validate by. Without groups, leave the argument out."
        )
    if n_groups < n_splits:
        raise ValueError(
            f"cv={n_splits} needs a group for each split, but groups has only "
            f"{n_groups}: set cv={n_groups} or less."
        )


@contextmanager
def _explained(cv: Any, groups: Any) -> Iterator[None]:
    """Say what to do where a splitter needs groups; keep it silent on rare classes."""
    try:
        with warnings.catch_warnings():  # members know the classes that a fold lacks
            warnings.filterwarnings("ignore", "The least populated class")
            yield
    except ValueError as error:
        if groups is None and "groups" in str(error):
            raise ValueError(
                f"{_named(cv)} splits by groups: pass the group of each row, as in "
                "fit(X, y, groups=...)."
            ) from error
        raise


def _named(cv: Any) -> str:
    """Return what messages call the splits; lists of indices are too long."""
    text = f"cv={cv!r}"
    return text if len(text) < LONGEST else "cv"


def _pair(parts: Any, n_samples: int, cv: Any) -> tuple[IndexArray, IndexArray]:
    """Return the rows of both parts of a split."""
    try:
        train, held_out = parts
    except (TypeError, ValueError):
        raise ValueError(
            f"{_named(cv)} must be an int, a splitter, or an iterable of pairs of row "
            f"indices, (train, test); got {parts!r} in it."
        ) from None
    return _indices(train, n_samples, cv), _indices(held_out, n_samples, cv)


def _indices(part: Any, n_samples: int, cv: Any) -> IndexArray:
    """Return the rows of a part of a split, which may be a mask."""
    rows = np.asarray(part)
    if rows.dtype == bool and rows.shape == (n_samples,):
        return np.flatnonzero(rows)
    if rows.size == 0:
        return np.empty(0, np.intp)
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        raise ValueError(
            f"{_named(cv)} must give indices of rows or masks of {n_samples} booleans, "
            f"got an array of shape {rows.shape} and dtype {rows.dtype}."
        )
    if rows.min() < 0 or rows.max() >= n_samples:
        raise ValueError(
            f"{_named(cv)} gives rows from {rows.min()} to {rows.max()}, but X has the "
            f"rows 0 to {n_samples - 1}."
        )
    return rows.astype(np.intp, copy=False)
