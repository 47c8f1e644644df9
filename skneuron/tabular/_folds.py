"""Folds: the rows that each member trains on and is validated by."""

import warnings
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    check_cv,
)

from .._types import FloatArray, IndexArray

DEFAULT = 5  # scikit-learn's, for None

Folds: TypeAlias = list[tuple[IndexArray, IndexArray]]


def split(
    cv: Any,
    table: FloatArray,
    y: np.ndarray,
    groups: Any,
    strata: np.ndarray | None,
    random_state: np.random.RandomState,
) -> Folds:
    """Return the rows that each member trains on, and those that it does not.

    An integer gives shuffled folds: stratified by the classes, if there are strata, and
    with groups kept together, if there are groups.
    """
    if cv is None or isinstance(cv, Integral):
        n_splits = DEFAULT if cv is None else int(cv)
        splitter = _splitter(n_splits, len(table), groups, strata, random_state)
        y = y if strata is None else strata
    else:
        splitter = check_cv(cv)
    with warnings.catch_warnings():  # folds may lack a class: members know all of them
        warnings.filterwarnings("ignore", "The least populated class")
        folds = [
            (np.asarray(train), np.asarray(test))
            for train, test in splitter.split(table, y, groups)
        ]
    if not folds or any(not len(rows) for fold in folds for rows in fold):
        raise ValueError(
            f"cv={cv!r} must give at least one split, each with rows to train on and "
            "rows to validate by."
        )
    return folds


def _splitter(
    n_splits: int,
    n_samples: int,
    groups: Any,
    strata: np.ndarray | None,
    random_state: np.random.RandomState,
) -> Any:
    if n_samples < 2:
        raise ValueError(
            f"Found n_samples = {n_samples}, but at least 2 samples are needed: one to "
            "train on and one to validate by."
        )
    can_stratify = strata is not None and np.bincount(strata).max() >= n_splits
    if groups is not None:
        kind = StratifiedGroupKFold if can_stratify else GroupKFold
    else:
        kind = StratifiedKFold if can_stratify else KFold
        n_splits = min(n_splits, n_samples)
    seed = random_state.randint(2**31)
    return kind(n_splits, shuffle=True, random_state=seed)
