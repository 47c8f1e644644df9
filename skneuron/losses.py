"""Losses: what is minimised, as a function of the raw output z of the last layer.

Each has its link inside, which turns z into a prediction p, so that its derivative with
respect to z is exact whatever the pair. To add one, write a class with the members of
`Loss` and enter it in a table below; the tests go over those tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from scipy.special import expit, xlogy

from ._types import FloatArray


class Loss(Protocol):
    """What the layers above need to know of a loss.

    z and y have shape (n_samples, n_outputs), sample_weight (n_samples,) or is None.
    """

    target_range: ClassVar[str]
    """Which targets are valid, in words."""

    @property
    def link(self) -> str:
        """Key of `INVERSE_LINKS`: scikit-learn's name for the output's activation."""

    def in_target_range(self, y: FloatArray) -> bool:
        """Whether every target is valid."""

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the sum over samples and outputs, and its derivative by z."""


def softmax(z: FloatArray) -> FloatArray:
    """Return exp(z) scaled so that each row sums to one."""
    # scipy.special.softmax spends more time on choosing an array library than a
    # small batch takes.
    p: FloatArray = z - z.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return p


def increasing(z: FloatArray) -> FloatArray:
    """Return z of the first column, and each further one by softplus(z) above it."""
    steps = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    steps[:, 0] = z[:, 0]
    return np.cumsum(steps, axis=1)


def identity(z: FloatArray) -> FloatArray:
    """Return z."""
    return z


INVERSE_LINKS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "identity": identity,
    "exp": np.exp,
    "increasing": increasing,
    "logistic": expit,
    "softmax": softmax,
}


def _weighted(
    losses: FloatArray, gradient: FloatArray, sample_weight: FloatArray | None
) -> tuple[float, FloatArray]:
    """Weigh each sample's row of both, and sum the losses."""
    if sample_weight is not None:
        w = sample_weight[:, np.newaxis]
        losses, gradient = w * losses, w * gradient
    return float(losses.sum(dtype=np.float64)), gradient


def _negative_log(p: FloatArray) -> FloatArray:
    """Return -log(p), with p kept within [eps, 1 - eps] of its precision.

    scikit-learn's bounds: they decide the numbers in `loss_curve_`, and keep the loss
    of a hopeless sample finite (at most 36 in float64). The gradient knows no bounds.
    """
    eps = np.finfo(p.dtype).eps
    clipped: FloatArray = np.clip(p, eps, 1 - eps)
    return -np.log(clipped)


class _AnyTarget:
    """For losses that are defined for every finite target."""

    target_range: ClassVar[str] = "any real number"

    def in_target_range(self, y: FloatArray) -> bool:
        return True


# Classification: y is a boolean indicator matrix.


class BinaryLogLoss(_AnyTarget):
    """-log p where y, -log(1 - p) elsewhere, p = 1 / (1 + exp(-z)); each output."""

    kernel_name: ClassVar[str] = "BINARY_LOG"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "logistic"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = expit(z)
        return _weighted(_negative_log(np.where(y, p, 1 - p)), p - y, sample_weight)


class MultinomialLogLoss(_AnyTarget):
    """-log p of the true class, p = softmax(z)."""

    kernel_name: ClassVar[str] = "MULTINOMIAL_LOG"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "softmax"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = softmax(z)
        losses = _negative_log(p[y])[:, np.newaxis]
        return _weighted(losses, p - y, sample_weight)


@dataclass(frozen=True)
class SmoothedBinaryLogLoss(_AnyTarget):
    """-t log p - (1 - t) log(1 - p) with t = (1 - s) y + s / 2; each output.

    Label smoothing: Szegedy et al. (2015), arXiv:1512.00567, section 7.
    """

    kernel_name: ClassVar[str] = "BINARY_SMOOTHED"
    link: ClassVar[str] = "logistic"
    label_smoothing: float

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return (self.label_smoothing,)

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = expit(z)
        t = ((1 - self.label_smoothing) * y + self.label_smoothing / 2).astype(z.dtype)
        losses = t * _negative_log(p) + (1 - t) * _negative_log(1 - p)
        return _weighted(losses, p - t, sample_weight)


@dataclass(frozen=True)
class SmoothedMultinomialLogLoss(_AnyTarget):
    """Sum of -t log p over the K classes with t = (1 - s) y + s / K, p = softmax(z).

    Label smoothing: Szegedy et al. (2015), arXiv:1512.00567, section 7.
    """

    kernel_name: ClassVar[str] = "MULTINOMIAL_SMOOTHED"
    link: ClassVar[str] = "softmax"
    label_smoothing: float

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return (self.label_smoothing,)

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = softmax(z)
        share = self.label_smoothing / z.shape[1]
        t = ((1 - self.label_smoothing) * y + share).astype(z.dtype)
        return _weighted(t * _negative_log(p), p - t, sample_weight)


class LogisticSquaredError(_AnyTarget):
    """(p - y)² / 2 with p = 1 / (1 + exp(-z)); each output."""

    kernel_name: ClassVar[str] = "LOGISTIC_SQUARED"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "logistic"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = expit(z)
        error = p - y
        return _weighted(0.5 * error**2, error * p * (1 - p), sample_weight)


class SoftmaxSquaredError(_AnyTarget):
    """Sum of (p - y)² / 2 over the classes with p = softmax(z)."""

    kernel_name: ClassVar[str] = "SOFTMAX_SQUARED"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "softmax"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = softmax(z)
        error = p - y
        mean_error = (p * error).sum(axis=1, keepdims=True)
        return _weighted(0.5 * error**2, p * (error - mean_error), sample_weight)


# Regression: y holds numbers.


class HalfSquaredError(_AnyTarget):
    """(z - y)² / 2.

    Over several outputs scikit-learn's MLP reports the mean and descends the sum. So
    does this: the value is 1 / n_outputs of what the gradient belongs to.
    """

    kernel_name: ClassVar[str] = "HALF_SQUARED"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "identity"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        error = z - y
        value, gradient = _weighted(0.5 * error**2, error, sample_weight)
        return value / z.shape[1], gradient


class AbsoluteError(_AnyTarget):
    """|z - y|."""

    kernel_name: ClassVar[str] = "ABSOLUTE"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "identity"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        error = z - y
        return _weighted(np.abs(error), np.sign(error), sample_weight)


@dataclass(frozen=True)
class Huber(_AnyTarget):
    """(z - y)² / 2 where |z - y| <= delta, else delta (|z - y| - delta / 2).

    Huber (1964), Annals of Mathematical Statistics 35, p. 73.
    """

    kernel_name: ClassVar[str] = "HUBER"
    link: ClassVar[str] = "identity"
    delta: float = 1.35

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return (self.delta,)

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        error = z - y
        clipped = np.clip(error, -self.delta, self.delta)
        return _weighted(clipped * (error - 0.5 * clipped), clipped, sample_weight)


@dataclass(frozen=True)
class Quantile(_AnyTarget):
    """quantile · (y - z) where y >= z, else (1 - quantile) · (z - y).

    The pinball loss of Koenker and Bassett (1978), Econometrica 46, p. 33.
    """

    kernel_name: ClassVar[str] = "QUANTILE"
    link: ClassVar[str] = "identity"
    quantile: float = 0.5

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return (self.quantile,)

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        error = z - y
        slope = np.where(error > 0, 1 - self.quantile, -self.quantile).astype(z.dtype)
        return _weighted(slope * error, slope, sample_weight)


@dataclass(frozen=True)
class Quantiles(_AnyTarget):
    """The pinball losses of several quantiles at once, an output each; p increases.

    p of the first is z, that of each further one is softplus(z) above it: so quantiles
    never cross. y has the target once for each of them.
    """

    kernel_name: ClassVar[str] = "QUANTILES"
    link: ClassVar[str] = "increasing"
    quantiles: tuple[float, ...]

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return self.quantiles

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        error = increasing(z) - y
        q = np.array(self.quantiles, z.dtype)
        slope = np.where(error > 0, 1 - q, -q)
        gradient = np.cumsum(slope[:, ::-1], axis=1)[:, ::-1]
        gradient[:, 1:] *= expit(z[:, 1:])
        return _weighted(slope * error, gradient, sample_weight)


class HalfPoissonDeviance:
    """y log(y / p) - y + p with p = exp(z)."""

    kernel_name: ClassVar[str] = "POISSON"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "exp"
    target_range: ClassVar[str] = "y >= 0"

    def in_target_range(self, y: FloatArray) -> bool:
        return bool(np.all(y >= 0))

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = np.exp(z)
        return _weighted(xlogy(y, y) - y * z - y + p, p - y, sample_weight)


class HalfGammaDeviance:
    """log(p / y) + y / p - 1 with p = exp(z)."""

    kernel_name: ClassVar[str] = "GAMMA"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    link: ClassVar[str] = "exp"
    target_range: ClassVar[str] = "y > 0"

    def in_target_range(self, y: FloatArray) -> bool:
        return bool(np.all(y > 0))

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        ratio = y * np.exp(-z)
        return _weighted(z - np.log(y) + ratio - 1, 1 - ratio, sample_weight)


@dataclass(frozen=True)
class ByColumn(_AnyTarget):
    """The sum of one loss over several columns, each of so many outputs."""

    loss: Loss
    sizes: tuple[int, ...]

    @property
    def link(self) -> str:
        return self.loss.link

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        ends = np.cumsum(self.sizes)[:-1]
        columns = zip(np.split(z, ends, axis=1), np.split(y, ends, axis=1), strict=True)
        parts = [
            self.loss.value_and_gradient(part, truth, sample_weight)
            for part, truth in columns
        ]
        gradient = np.concatenate([part for _, part in parts], axis=1)
        return sum(value for value, _ in parts), gradient


CLASSIFICATION_LOSSES: dict[str, dict[str, Loss]] = {
    "log_loss": {"logistic": BinaryLogLoss(), "softmax": MultinomialLogLoss()},
    "squared_error": {
        "logistic": LogisticSquaredError(),
        "softmax": SoftmaxSquaredError(),
    },
}
"""By the name of the loss, then by the link that the kind of target asks for."""

SMOOTHED_LOSSES: dict[str, Callable[[float], Loss]] = {
    "logistic": SmoothedBinaryLogLoss,
    "softmax": SmoothedMultinomialLogLoss,
}
"""The log-loss with smoothed labels, by the link."""

REGRESSION_LOSSES: dict[str, Callable[..., Loss]] = {
    "squared_error": HalfSquaredError,
    "absolute_error": AbsoluteError,
    "huber": Huber,
    "quantile": Quantile,
    "poisson": HalfPoissonDeviance,
    "gamma": HalfGammaDeviance,
}
