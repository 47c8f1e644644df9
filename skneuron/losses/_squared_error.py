"""The squared error of numbers and of probabilities."""

from copy import copy
from typing import ClassVar

from scipy.special import expit
from sklearn.base import BaseEstimator

from .._types import FloatArray
from ._base import BuiltIn, Loss, weighted
from ._links import softmax


class SquaredError(BuiltIn, BaseEstimator):
    """Half the squared error, (p - y)² / 2, summed over the outputs.

    In a regressor p = z, and p estimates the mean. Over several outputs the value is
    the mean, but the gradient is that of the sum, as in scikit-learn's MLP. In a
    classifier p is a probability, and the mean loss is half the Brier score.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.losses import SquaredError
    >>> z, y = np.array([[1.0], [4.0]]), np.array([[2.0], [2.0]])
    >>> value, gradient = SquaredError().value_and_gradient(z, y, None)
    >>> value, gradient.ravel()
    (2.5, array([-1.,  2.]))
    """

    kernel_name: ClassVar[str] = "HALF_SQUARED"
    link: ClassVar[str] = "identity"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""
        error = z - y
        value, gradient = weighted(0.5 * error**2, error, sample_weight)
        return value / z.shape[1], gradient

    def with_link(self, link: str) -> Loss:
        """Return the squared error of the predictions that this link makes of z."""
        if link == self.link:
            return copy(self)  # perhaps of a subclass, with its methods
        forms: dict[str, type] = {
            "identity": SquaredError,
            "logistic": LogisticSquaredError,
            "softmax": SoftmaxSquaredError,
        }
        return forms[link]()


class LogisticSquaredError(BuiltIn):
    """(p - y)² / 2 with p = 1 / (1 + exp(-z)); each output."""

    kernel_name: ClassVar[str] = "LOGISTIC_SQUARED"
    link: ClassVar[str] = "logistic"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = expit(z)
        error = p - y
        return weighted(0.5 * error**2, error * p * (1 - p), sample_weight)


class SoftmaxSquaredError(BuiltIn):
    """Sum of (p - y)² / 2 over the classes with p = softmax(z)."""

    kernel_name: ClassVar[str] = "SOFTMAX_SQUARED"
    link: ClassVar[str] = "softmax"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        p = softmax(z)
        error = p - y
        mean_error = (p * error).sum(axis=1, keepdims=True)
        return weighted(0.5 * error**2, p * (error - mean_error), sample_weight)
