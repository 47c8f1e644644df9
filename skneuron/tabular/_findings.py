"""Findings: the encoding of each column, or the reason why it is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._warnings import warn
from ..preprocessing import column_center_and_scale
from ._levels import Levels, encoded_center_and_scale, weigh_levels
from ._reading import Column


@dataclass(frozen=True)
class Encoding:
    """The encoding of a column; `names` is None for numbers."""

    center: NDArray[np.float64]
    scale: NDArray[np.float64]
    names: list[str] | None = None
    groups_rare: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether all encoded columns are constant."""
        return bool(np.isinf(self.scale).all())


@dataclass(frozen=True)
class Finding:
    """A column, and its encoding or the reason why it has none."""

    label: str
    is_categorical: bool
    encoding: Encoding | None = None
    holds_times: bool = False
    levels: Levels | None = None


def examine(
    column: Column,
    is_categorical: bool,
    sample_weight: NDArray[np.float64] | None = None,
) -> Finding:
    """Return the encoding of a column, or why it is left out."""
    label = column.label
    if column.holds_times:
        return Finding(label, is_categorical, holds_times=True)
    if not is_categorical:
        encoding = _encoding_of_numbers(column.as_numbers(), sample_weight)
        return Finding(label, False, encoding)
    levels = weigh_levels(column, sample_weight)
    encoding = None if levels.are_too_many else _encoding_of_levels(levels)
    return Finding(label, True, encoding, levels=levels)


def _encoding_of_numbers(
    values: NDArray[np.generic], sample_weight: NDArray[np.float64] | None
) -> Encoding | None:
    if np.isnan(values).all():
        return None
    center, scale = column_center_and_scale(values, sample_weight)
    return Encoding(np.array([center]), np.array([scale]))


def _encoding_of_levels(levels: Levels) -> Encoding | None:
    if not levels.names:
        return None
    frequent, groups_rare = levels.frequent()
    center, scale = encoded_center_and_scale(frequent)
    return Encoding(center, scale, frequent.names, groups_rare)


def columns_to_encode(findings: Sequence[Finding]) -> dict[int, Encoding]:
    """Return the encodings by column, and warn of the columns left out.

    Constant columns stay only if there are no others.
    """
    _warn_of_lost_information(findings)
    found = {j: f.encoding for j, f in enumerate(findings) if f.encoding is not None}
    if not found:
        raise ValueError(
            "X has no column to learn from: all of them are left out, see the warnings."
        )
    varying = {j: encoding for j, encoding in found.items() if not encoding.is_constant}
    return varying or found


def _warn_of_lost_information(findings: Sequence[Finding]) -> None:
    times = [f.label for f in findings if f.holds_times]
    if times:
        warn(
            f"Dates, times and durations are left out: {', '.join(times)}. Make "
            "numbers of them to use them, for example year, month and weekday "
            "(.dt.year, .dt.month, .dt.day_of_week), or the time itself "
            "(.astype('int64'))."
        )
    for f in findings:
        if f.levels is not None and f.levels.names:
            _warn_of_many_levels(f.label, f.levels)
        elif f.encoding is None and not f.holds_times:
            warn(f"{f.label} is left out: all of its values are missing.")


def _warn_of_many_levels(label: str, levels: Levels) -> None:
    n_levels = len(levels.names)
    advice = (
        "encode it before, for example by sklearn's TargetEncoder, or TfidfVectorizer "
        "for text."
    )
    if levels.are_too_many:
        warn(
            f"{label} is left out: it has {n_levels:,} levels in {levels.n_known:,} "
            f"samples, like an identifier or free text. Drop it, or {advice}"
        )
        return
    frequent, groups_rare = levels.frequent()
    fraction = frequent.weights[-1] / frequent.weights.sum()
    if groups_rare and fraction > 0.5:
        warn(
            f"{label} has {n_levels:,} levels. All but the {len(frequent.names)} most "
            f"frequent share an encoded column, which stands for {fraction:.0%} of the "
            f"samples. Drop the column, or {advice}"
        )
