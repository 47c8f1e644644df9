"""Activations: the functions f of a = f(z), with their derivatives.

To add one, write a class with the two methods of `Activation` and enter an instance in
`ACTIVATIONS`; the tests go over that table.
"""

from dataclasses import dataclass
from math import pi, sqrt
from typing import ClassVar, Protocol

import numpy as np
from scipy.special import erf, expit

from ._types import FloatArray


class Activation(Protocol):
    """What an engine needs to know of an activation; both work element by element."""

    def value(self, z: FloatArray) -> FloatArray:
        """Return a = f(z)."""

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return f'(z), from whichever of z and a = f(z) gives it cheaply.

        A factor for the back-propagated error, so an array of bool will do.
        """


class Identity:
    """f(z) = z."""

    kernel_name: ClassVar[str] = "IDENTITY"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        return z

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        return np.ones_like(z)


class Logistic:
    """f(z) = 1 / (1 + exp(-z))."""

    kernel_name: ClassVar[str] = "LOGISTIC"
    kernel_constants: ClassVar[tuple[float, ...]] = ()
    glorot: ClassVar[float] = 2.0  # scikit-learn draws narrower weights for it

    def value(self, z: FloatArray) -> FloatArray:
        return expit(z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        return a * (1 - a)


class Tanh:
    """f(z) = tanh(z)."""

    kernel_name: ClassVar[str] = "TANH"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        return np.tanh(z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        return 1 - a * a


class Relu:
    """f(z) = max(z, 0)."""

    kernel_name: ClassVar[str] = "RELU"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        return np.maximum(z, 0)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        return a != 0


@dataclass(frozen=True)
class LeakyRelu:
    """f(z) = z where z > 0, else slope · z (Maas, Hannun and Ng, 2013)."""

    kernel_name: ClassVar[str] = "LEAKY_RELU"

    slope: float = 0.01

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return (self.slope,)

    def value(self, z: FloatArray) -> FloatArray:
        return np.where(z > 0, z, self.slope * z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        return np.where(z > 0, z.dtype.type(1), z.dtype.type(self.slope))


@dataclass(frozen=True)
class Elu:
    """f(z) = scale · (z where z > 0, else alpha · (exp(z) - 1)).

    Clevert, Unterthiner and Hochreiter (2015), arXiv:1511.07289.
    """

    kernel_name: ClassVar[str] = "ELU"

    alpha: float = 1.0
    scale: float = 1.0

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        return self.alpha, self.scale

    def value(self, z: FloatArray) -> FloatArray:
        below = self.alpha * np.expm1(np.minimum(z, 0))
        return self.scale * np.where(z > 0, z, below)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        below = a + z.dtype.type(self.scale * self.alpha)
        return np.where(z > 0, z.dtype.type(self.scale), below)


# The fixed point of mean 0 and variance 1: Klambauer et al. (2017), arXiv:1706.02515,
# equation (14).
SELU = Elu(alpha=1.6732632423543772, scale=1.0507009873554805)


class Softplus:
    """f(z) = log(1 + exp(z))."""

    kernel_name: ClassVar[str] = "SOFTPLUS"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        # np.logaddexp would do, at three times the cost.
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        return expit(z)


class Gelu:
    """f(z) = z Φ(z), Φ the normal distribution function.

    Hendrycks and Gimpel (2016), arXiv:1606.08415; the exact form, not the tanh one.
    """

    kernel_name: ClassVar[str] = "GELU"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        return 0.5 * z * (1 + erf(z / sqrt(2)))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        density = np.exp(-0.5 * z * z) / sqrt(2 * pi)
        return 0.5 * (1 + erf(z / sqrt(2))) + z * density


class Silu:
    """f(z) = z / (1 + exp(-z)), also called swish."""

    kernel_name: ClassVar[str] = "SILU"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        return z * expit(z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        p = expit(z)
        return p + a * (1 - p)


class Mish:
    """f(z) = z · tanh(softplus(z)) (Misra, 2019, arXiv:1908.08681)."""

    kernel_name: ClassVar[str] = "MISH"
    kernel_constants: ClassVar[tuple[float, ...]] = ()

    def value(self, z: FloatArray) -> FloatArray:
        return z * np.tanh(Softplus().value(z))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        t = np.tanh(Softplus().value(z))
        return t + z * (1 - t * t) * expit(z)


ACTIVATIONS: dict[str, Activation] = {
    "identity": Identity(),
    "logistic": Logistic(),
    "tanh": Tanh(),
    "relu": Relu(),
    "leaky_relu": LeakyRelu(),
    "elu": Elu(),
    "selu": SELU,
    "softplus": Softplus(),
    "gelu": Gelu(),
    "silu": Silu(),
    "mish": Mish(),
}
