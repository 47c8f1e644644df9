"""Losses of classes: y is a boolean indicator matrix, p a probability."""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator

from .._by_value import ByValue
from .._sklearn import Interval
from .._types import FloatArray
from ._base import BuiltIn, Loss, as_loss, look_up, weighted
from ._links import softmax
from ._squared_error import SquaredError

__all__ = ["LogLoss"]


def negative_log(p: FloatArray) -> FloatArray:
    """Return -log(p), with p clipped to [eps, 1 - eps] of its precision.

    The bounds are scikit-learn's. They affect the numbers in `loss_curve_`, and keep
    the loss of each sample finite (at most 36 in float64). The gradient is not clipped.
    """
    eps = np.finfo(p.dtype).eps
    clipped: FloatArray = np.clip(p, eps, 1 - eps)
    return -np.log(clipped)


@dataclass(repr=False, eq=False)
class LogLoss(ByValue, BaseEstimator):
    """The log loss of probabilities p, also called cross-entropy.

    -log p of the true class with p = softmax(z), or, with p = 1 / (1 + exp(-z)), -log p
    where y is true and -log(1 - p) elsewhere: the estimator chooses by the targets.

    Parameters
    ----------
    label_smoothing : float, default=0.0
        Fraction s of the true class that is shared out among all K classes, from 0 to
        below 1: its target is 1 - s + s / K, that of the others s / K. Szegedy et al.
        (2015), arXiv:1512.00567, section 7.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.losses import LogLoss
    >>> z, y = np.zeros((1, 4)), np.array([[True, False, False, False]])
    >>> value, gradient = LogLoss().with_link("softmax").value_and_gradient(z, y, None)
    >>> round(value, 3), gradient.ravel()
    (1.386, array([-0.75,  0.25,  0.25,  0.25]))
    >>> clf = NeuronClassifier(loss=LogLoss(label_smoothing=0.1))
    """

    label_smoothing: float = 0.0

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "label_smoothing": [Interval(Real, 0, 1, closed="left")]
    }

    def with_link(self, link: str) -> Loss:
        """Return the log loss of the probabilities that this link makes of z."""
        smoothing = float(self.label_smoothing)
        if link == "logistic":
            return SmoothedBinaryLogLoss(smoothing) if smoothing else BinaryLogLoss()
        if link == "softmax":
            if smoothing:
                return SmoothedMultinomialLogLoss(smoothing)
            return MultinomialLogLoss()
        raise ValueError(
            f"{self!r} is for classes, with the link 'logistic' or 'softmax'; got "
            f"{link!r}."
        )


class BinaryLogLoss(BuiltIn):
    """-log p where y, -log(1 - p) elsewhere, p = 1 / (1 + exp(-z)); each output."""

    kernel_name: ClassVar[str] = "BINARY_LOG"
    link: ClassVar[str] = "logistic"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = expit(z)
        return weighted(negative_log(np.where(y, p, 1 - p)), p - y, sample_weight)


class MultinomialLogLoss(BuiltIn):
    """-log p of the true class, p = softmax(z)."""

    kernel_name: ClassVar[str] = "MULTINOMIAL_LOG"
    link: ClassVar[str] = "softmax"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = softmax(z)
        losses = negative_log(p[y])[:, np.newaxis]
        return weighted(losses, p - y, sample_weight)


@dataclass(eq=False)
class _Smoothed(BuiltIn):
    label_smoothing: float

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The smoothing s."""
        return (self.label_smoothing,)


class SmoothedBinaryLogLoss(_Smoothed):
    """-t log p - (1 - t) log(1 - p) with t = (1 - s) y + s / 2; each output."""

    kernel_name: ClassVar[str] = "BINARY_SMOOTHED"
    link: ClassVar[str] = "logistic"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = expit(z)
        t = ((1 - self.label_smoothing) * y + self.label_smoothing / 2).astype(z.dtype)
        losses = t * negative_log(p) + (1 - t) * negative_log(1 - p)
        return weighted(losses, p - t, sample_weight)


class SmoothedMultinomialLogLoss(_Smoothed):
    """Sum of -t log p over the K classes with t = (1 - s) y + s / K, p = softmax(z)."""

    kernel_name: ClassVar[str] = "MULTINOMIAL_SMOOTHED"
    link: ClassVar[str] = "softmax"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = softmax(z)
        share = self.label_smoothing / z.shape[1]
        t = ((1 - self.label_smoothing) * y + share).astype(z.dtype)
        return weighted(t * negative_log(p), p - t, sample_weight)


ClassificationLossName: TypeAlias = Literal["log_loss", "squared_error"]

CLASSIFICATION_LOSSES: dict[str, Callable[..., Any]] = {
    "log_loss": LogLoss,
    "squared_error": SquaredError,
}


def classification_loss(chosen: Any, link: str, *, label_smoothing: float) -> Loss:
    """Return the loss for a name and the estimator's smoothing, or for an object."""
    if not isinstance(chosen, str):
        return as_loss(chosen, link)
    make = look_up(CLASSIFICATION_LOSSES, chosen)
    loss = make(label_smoothing) if make is LogLoss else make()
    return loss.with_link(link)
