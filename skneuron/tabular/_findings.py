"""What fit finds in each column: its encoding, or why it is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._warnings import warn
from ..preprocessing import column_center_and_scale
from ._levels import Levels, count_levels, encoded_center_and_scale
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


def examine(column: Column, is_categorical: bool) -> Finding:
    """Return the encoding of a column, or why it is left out."""
    label = column.label
    if column.holds_times:
        return Finding(label, is_categorical, holds_times=True)
    if not is_categorical:
        return Finding(label, False, _encoding_of_numbers(column.as_numbers()))
    levels = count_levels(column)
    encoding = None if levels.are_too_many else _encoding_of_levels(levels)
    return Finding(label, True, encoding, levels=levels)


def _encoding_of_numbers(values: NDArray[np.generic]) -> Encoding | None:
    if np.isnan(values).all():
        return None
    center, scale = column_center_and_scale(values)
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
            "(.dt.year, .dt.month, .dt.weekday), or the time itself "
            "(.astype('int64'))."
        )
    for f in findings:
        if f.levels is not None and f.levels.names:
            _warn_of_many_levels(f.label, f.levels)
        elif f.encoding is None and not f.holds_times:
            warn(f"{f.label} is left out: all of its values are missing.")


def _warn_of_many_levels(label: str, levels: Levels) -> None:
    n_levels, n_known = len(levels.names), int(levels.counts.sum())
    advice = (
        "encode it before, for example by sklearn's TargetEncoder, or TfidfVectorizer "
        "for text."
    )
    if levels.are_too_many:
        warn(
            f"{label} is left out: it has {n_levels:,} levels in {n_known:,} samples, "
            f"like an identifier or free text. Drop it, or {advice}"
        )
        return
    frequent, groups_rare = levels.frequent()
    if groups_rare and 2 * frequent.counts[-1] > n_known:
        warn(
            f"{label} has {n_levels:,} levels. All but the {len(frequent.names)} most "
            f"frequent share an encoded column, which {frequent.counts[-1]:,} of "
            f"{n_known:,} samples have. Drop the column, or {advice}"
        )
