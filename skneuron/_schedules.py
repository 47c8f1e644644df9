"""Schedules: the learning rate as a pure function of the training samples seen.

What reacts to the loss (learning_rate="adaptive") is a callback, not a schedule.
"""

from dataclasses import dataclass
from typing import Protocol


class Schedule(Protocol):
    """The learning rate after so many samples."""

    def __call__(self, samples_seen: int) -> float: ...


@dataclass(frozen=True)
class Constant:
    """rate(t) = initial."""

    initial: float

    def __call__(self, samples_seen: int) -> float:
        return self.initial


@dataclass(frozen=True)
class InverseScaling:
    """rate(t) = initial / (t + 1) ** power_t."""

    initial: float
    power_t: float

    def __call__(self, samples_seen: int) -> float:
        return self.initial / (samples_seen + 1) ** self.power_t
