"""Schedules: the learning rate as a function of the progress of training.

Pass one as `learning_rate=`, with parameters that its strings do not have:
`NeuronClassifier(learning_rate=OneCycle(warmup=0.1))`. Any function will do that takes
the progress, which grows from 0 in the first epoch towards 1 in the last of `max_iter`,
and returns a factor for `learning_rate_init`. `Plateau` reacts to the loss instead.
Each call of `partial_fit` is an epoch, too; after `max_iter` of them the rate stays at
the end of the schedule, with a warning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, inf, nan, pi
from numbers import Integral, Real
from typing import Any, Protocol

from sklearn.base import BaseEstimator

from ._sklearn import Interval

__all__ = ["Cosine", "Linear", "OneCycle", "Plateau"]

FACTOR = [Interval(Real, 0, 1, closed="both")]


class Schedule(Protocol):
    """The learning rate of an epoch, given the samples and epochs before it."""

    def __call__(self, samples_seen: int, epochs_seen: int) -> float: ...


@dataclass(frozen=True)
class Constant:
    """rate = initial."""

    initial: float

    def __call__(self, samples_seen: int, epochs_seen: int) -> float:
        return self.initial


@dataclass(frozen=True)
class InverseScaling:
    """rate = initial / (samples_seen + 1) ** power_t."""

    initial: float
    power_t: float

    def __call__(self, samples_seen: int, epochs_seen: int) -> float:
        return self.initial / (samples_seen + 1) ** self.power_t


@dataclass(frozen=True)
class ByProgress:
    """rate = initial · factor(epochs_seen / max_iter)."""

    initial: float
    factor: Callable[[float], float]
    max_iter: int

    def __call__(self, samples_seen: int, epochs_seen: int) -> float:
        factor: Any = self.factor(min(epochs_seen / self.max_iter, 1.0))
        rate = self.initial * float(factor) if isinstance(factor, Real) else nan
        if not 0 <= rate < inf:
            raise ValueError(
                f"learning_rate={self.factor!r} returned {factor!r} for epoch "
                f"{epochs_seen + 1} of {self.max_iter}; it must return a factor for "
                "learning_rate_init, 0 or more and finite."
            )
        return rate


def _cosine(start: float, end: float, progress: float) -> float:
    """Return the value between start and end on a half-cosine."""
    return end + (start - end) * (1 + cos(pi * progress)) / 2


@dataclass(repr=False)
class Cosine(BaseEstimator):
    """Half-cosine decay: Loshchilov and Hutter (2016), arXiv:1608.03983.

    Parameters
    ----------
    final : float, default=0.0
        Fraction of `learning_rate_init` that remains after `max_iter` epochs, from 0 to
        1.

    Examples
    --------
    >>> from skneuron.schedules import Cosine
    >>> [Cosine()(progress) for progress in (0, 0.5, 1)]
    [1.0, 0.5, 0.0]
    """

    final: float = 0.0

    _parameter_constraints = {"final": FACTOR}

    def __call__(self, progress: float) -> float:
        return _cosine(1.0, self.final, progress)


@dataclass(repr=False)
class Linear(BaseEstimator):
    """Linear warm-up to `learning_rate_init`, then linear decay.

    Parameters
    ----------
    warmup : float, default=0.05
        Fraction of the `max_iter` epochs in which the rate rises, from 0 to 1.

    start : float, default=0.25
        Fraction of `learning_rate_init` at the start, from 0 to 1.

    final : float, default=0.0
        Fraction of `learning_rate_init` at the end, from 0 to 1.

    Examples
    --------
    >>> from skneuron.schedules import Linear
    >>> [Linear(warmup=0.2)(progress) for progress in (0, 0.1, 0.2, 0.6, 1)]
    [0.25, 0.625, 1.0, 0.5, 0.0]
    """

    warmup: float = 0.05
    start: float = 0.25
    final: float = 0.0

    _parameter_constraints = {"warmup": FACTOR, "start": FACTOR, "final": FACTOR}

    def __call__(self, progress: float) -> float:
        if progress < self.warmup:
            return self.start + (1 - self.start) * progress / self.warmup
        left = 1 - self.warmup
        decayed = (progress - self.warmup) / left if left else 0
        return 1 + (self.final - 1) * decayed


@dataclass(repr=False)
class OneCycle(BaseEstimator):
    """One cycle: rise to `learning_rate_init`, then decay, both along half-cosines.

    Smith and Topin (2018), "Super-convergence", arXiv:1708.07120.

    Parameters
    ----------
    warmup : float, default=0.3
        Fraction of the `max_iter` epochs in which the rate rises, from 0 to 1.

    start : float, default=0.04
        Fraction of `learning_rate_init` at the start, from 0 to 1.

    final : float, default=4e-6
        Fraction of `learning_rate_init` at the end, from 0 to 1.

    Examples
    --------
    >>> from skneuron.schedules import OneCycle
    >>> [round(OneCycle(warmup=0.1)(progress), 6) for progress in (0, 0.1, 1)]
    [0.04, 1.0, 4e-06]
    """

    warmup: float = 0.3
    start: float = 0.04
    final: float = 4e-6

    _parameter_constraints = {"warmup": FACTOR, "start": FACTOR, "final": FACTOR}

    def __call__(self, progress: float) -> float:
        if progress < self.warmup:
            return _cosine(self.start, 1.0, progress / self.warmup)
        left = 1 - self.warmup
        return _cosine(1.0, self.final, (progress - self.warmup) / left if left else 0)


@dataclass(repr=False)
class Plateau(BaseEstimator):
    """Reduce the learning rate when training stops improving.

    The rate is multiplied by `factor` after more than `patience` epochs in a row
    without an improvement of at least the estimator's `tol`: of the validation score
    with `early_stopping`, of the training loss without. Training still ends after
    `n_iter_no_change` epochs without improvement, so `patience` should be smaller.

    Parameters
    ----------
    factor : float, default=0.2
        Factor of each reduction, above 0 and below 1.

    patience : int, default=4
        Number of epochs without improvement that are tolerated, 0 or more.

    Examples
    --------
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.schedules import Plateau
    >>> clf = NeuronClassifier(learning_rate=Plateau(factor=0.5), n_iter_no_change=15)
    """

    factor: float = 0.2
    patience: int = 4

    _parameter_constraints = {
        "factor": [Interval(Real, 0, 1, closed="neither")],
        "patience": [Interval(Integral, 0, None, closed="left")],
    }
