"""Activations: the functions f of a = f(z), with their derivatives.

Pass one as `activation=`, with parameters that the estimators' strings do not have:
`NeuronClassifier(activation=LeakyReLU(slope=0.1))`, tuned as `activation__slope`. Any
object with the methods of `Activation` will do; it runs on the NumPy engine.
"""

from copy import deepcopy
from dataclasses import dataclass
from math import pi, sqrt
from numbers import Real
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
from scipy.special import erf, expit
from sklearn.base import BaseEstimator

from ._by_value import ByValue
from ._sklearn import Interval
from ._types import FloatArray

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "Identity",
    "LeakyReLU",
    "Logistic",
    "Mish",
    "ReLU",
    "SiLU",
    "Softplus",
    "Tanh",
]

NOT_NEGATIVE = [Interval(Real, 0, None, closed="left")]


class Activation(Protocol):
    """The methods of an activation; both work element by element.

    Examples
    --------
    Any object with the two methods is one:

    >>> import numpy as np
    >>> from skneuron import NeuronClassifier, check_gradient
    >>> class Arctan:
    ...     def value(self, z):
    ...         return np.arctan(z)
    ...     def derivative(self, z, a):
    ...         return 1 / (1 + z**2)
    >>> check_gradient(Arctan()) < 1e-6
    True
    >>> clf = NeuronClassifier(activation=Arctan())
    """

    def value(self, z: FloatArray) -> FloatArray:
        """Return a = f(z)."""

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return f'(z), computed from z, from a = f(z), or from both.

        The back-propagated error is multiplied by it, so an array of bool is allowed.
        """


class _Parameterless(ByValue, BaseEstimator):
    """A built-in activation that has nothing to set."""

    kernel_constants: ClassVar[tuple[float, ...]] = ()
    _parameter_constraints: ClassVar[dict[str, Any]] = {}


class Identity(_Parameterless):
    """The identity, f(z) = z: the network computes a linear function.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import Identity
    >>> Identity().value(np.array([-2.0, 3.0]))
    array([-2.,  3.])
    """

    kernel_name: ClassVar[str] = "IDENTITY"

    def value(self, z: FloatArray) -> FloatArray:
        """Return z itself."""
        return z

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return ones."""
        return np.ones_like(z)


class Logistic(_Parameterless):
    """The logistic function, f(z) = 1 / (1 + exp(-z)), with values between 0 and 1.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import Logistic
    >>> Logistic().value(np.array([-2.0, 0.0, 3.0])).round(3)
    array([0.119, 0.5  , 0.953])
    """

    kernel_name: ClassVar[str] = "LOGISTIC"
    glorot: ClassVar[float] = 2.0  # scikit-learn draws narrower weights for it

    def value(self, z: FloatArray) -> FloatArray:
        """Return 1 / (1 + exp(-z))."""
        return expit(z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return a (1 - a)."""
        return a * (1 - a)


class Tanh(_Parameterless):
    """The hyperbolic tangent, f(z) = tanh(z), with values between -1 and 1.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import Tanh
    >>> Tanh().value(np.array([-2.0, 0.0, 3.0])).round(3)
    array([-0.964,  0.   ,  0.995])
    """

    kernel_name: ClassVar[str] = "TANH"

    def value(self, z: FloatArray) -> FloatArray:
        """Return tanh(z)."""
        return np.tanh(z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return 1 - a²."""
        return 1 - a * a


class ReLU(_Parameterless):
    """The rectified linear unit, f(z) = max(z, 0): Nair and Hinton (2010), ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import ReLU
    >>> ReLU().value(np.array([-2.0, 3.0]))
    array([0., 3.])
    """

    kernel_name: ClassVar[str] = "RELU"

    def value(self, z: FloatArray) -> FloatArray:
        """Return max(z, 0)."""
        return np.maximum(z, 0)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return whether z > 0; NaN counts as True."""
        return a != 0


@dataclass(repr=False, eq=False)
class LeakyReLU(ByValue, BaseEstimator):
    """The leaky rectified linear unit, f(z) = z if z > 0, else slope · z.

    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network
    acoustic models".

    Parameters
    ----------
    slope : float, default=0.01
        Derivative below zero, 0 or more.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.activations import LeakyReLU
    >>> LeakyReLU(slope=0.1).value(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    >>> clf = NeuronClassifier(activation=LeakyReLU(slope=0.1))
    >>> clf.set_params(activation__slope=0.2).activation
    LeakyReLU(slope=0.2)
    """

    slope: float = 0.01

    kernel_name: ClassVar[str] = "LEAKY_RELU"
    _parameter_constraints: ClassVar[dict[str, Any]] = {"slope": NOT_NEGATIVE}

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The slope."""
        return (float(self.slope),)

    def value(self, z: FloatArray) -> FloatArray:
        """Return z where it is positive, slope · z elsewhere."""
        return np.where(z > 0, z, float(self.slope) * z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return 1 where z is positive, the slope elsewhere."""
        return np.where(z > 0, z.dtype.type(1), z.dtype.type(self.slope))


@dataclass(repr=False, eq=False)
class ELU(ByValue, BaseEstimator):
    """The exponential linear unit, f(z) = z if z > 0, else alpha · (exp(z) - 1).

    Clevert, Unterthiner and Hochreiter (2015), arXiv:1511.07289.

    Parameters
    ----------
    alpha : float, default=1.0
        Minus the limit of f(z) for small z, 0 or more.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import ELU
    >>> ELU(alpha=0.5).value(np.array([-30.0, 3.0]))
    array([-0.5,  3. ])
    """

    alpha: float = 1.0

    kernel_name: ClassVar[str] = "ELU"
    _parameter_constraints: ClassVar[dict[str, Any]] = {"alpha": NOT_NEGATIVE}

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The constant alpha, and a scale of one."""
        return float(self.alpha), 1.0

    def value(self, z: FloatArray) -> FloatArray:
        """Return z where it is positive, alpha · (exp(z) - 1) elsewhere."""
        return np.where(z > 0, z, float(self.alpha) * np.expm1(np.minimum(z, 0)))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return 1 where z is positive, a + alpha elsewhere."""
        return np.where(z > 0, z.dtype.type(1), a + z.dtype.type(self.alpha))


class SELU(_Parameterless):
    """The scaled ELU, f(z) = scale · (z if z > 0, else alpha · (exp(z) - 1)).

    With alpha = 1.6733 and scale = 1.0507, layers keep their outputs near mean 0 and
    variance 1: Klambauer et al. (2017), arXiv:1706.02515, equation (14). Their weights
    start as `init="lecun_normal"` draws them.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import SELU
    >>> SELU().value(np.array([-30.0, 1.0])).round(4)
    array([-1.7581,  1.0507])
    """

    kernel_name: ClassVar[str] = "ELU"
    kernel_constants: ClassVar[tuple[float, ...]] = (
        1.6732632423543772,
        1.0507009873554805,
    )

    def value(self, z: FloatArray) -> FloatArray:
        """Return scale · (z where it is positive, alpha · (exp(z) - 1) elsewhere)."""
        alpha, scale = self.kernel_constants
        return scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return scale where z is positive, a + scale · alpha elsewhere."""
        alpha, scale = self.kernel_constants
        below = a + z.dtype.type(scale * alpha)
        return np.where(z > 0, z.dtype.type(scale), below)


class Softplus(_Parameterless):
    """The softplus, f(z) = log(1 + exp(z)), a smooth ReLU: Dugas et al. (2001), NIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import Softplus
    >>> Softplus().value(np.array([-2.0, 0.0, 3.0])).round(3)
    array([0.127, 0.693, 3.049])
    """

    kernel_name: ClassVar[str] = "SOFTPLUS"

    def value(self, z: FloatArray) -> FloatArray:
        """Return log(1 + exp(z)), without overflow."""
        # np.logaddexp takes three times as long.
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return 1 / (1 + exp(-z))."""
        return expit(z)


class GELU(_Parameterless):
    """The Gaussian error linear unit, f(z) = z Φ(z).

    Φ is the distribution function of the standard normal distribution: Hendrycks and
    Gimpel (2016), arXiv:1606.08415, in the exact form, not the approximation by tanh.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import GELU
    >>> GELU().value(np.array([-2.0, 0.0, 3.0])).round(3)
    array([-0.046,  0.   ,  2.996])
    """

    kernel_name: ClassVar[str] = "GELU"

    def value(self, z: FloatArray) -> FloatArray:
        """Return z Φ(z)."""
        return 0.5 * z * (1 + erf(z / sqrt(2)))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return Φ(z) + z φ(z), φ the density."""
        density = np.exp(-0.5 * z * z) / sqrt(2 * pi)
        return 0.5 * (1 + erf(z / sqrt(2))) + z * density


class SiLU(_Parameterless):
    """The sigmoid linear unit, f(z) = z / (1 + exp(-z)), also called swish.

    Elfwing, Uchibe and Doya (2017), arXiv:1702.03118.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import SiLU
    >>> SiLU().value(np.array([-2.0, 0.0, 3.0])).round(3)
    array([-0.238,  0.   ,  2.858])
    """

    kernel_name: ClassVar[str] = "SILU"

    def value(self, z: FloatArray) -> FloatArray:
        """Return z / (1 + exp(-z))."""
        return z * expit(z)

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return p + a (1 - p) with p = 1 / (1 + exp(-z))."""
        p = expit(z)
        return p + a * (1 - p)


class Mish(_Parameterless):
    """The Mish function, f(z) = z · tanh(log(1 + exp(z))).

    Misra (2019), arXiv:1908.08681.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.activations import Mish
    >>> Mish().value(np.array([-2.0, 0.0, 3.0])).round(3)
    array([-0.253,  0.   ,  2.987])
    """

    kernel_name: ClassVar[str] = "MISH"

    def value(self, z: FloatArray) -> FloatArray:
        """Return z · tanh(softplus(z))."""
        return z * np.tanh(Softplus().value(z))

    def derivative(self, z: FloatArray, a: FloatArray) -> FloatArray:
        """Return t + z (1 - t²) / (1 + exp(-z)) with t = tanh(softplus(z))."""
        t = np.tanh(Softplus().value(z))
        return t + z * (1 - t * t) * expit(z)


ActivationName: TypeAlias = Literal[
    "identity",
    "logistic",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "softplus",
    "gelu",
    "silu",
    "mish",
]

ACTIVATIONS: dict[str, Activation] = {
    "identity": Identity(),
    "logistic": Logistic(),
    "tanh": Tanh(),
    "relu": ReLU(),
    "leaky_relu": LeakyReLU(),
    "elu": ELU(),
    "selu": SELU(),
    "softplus": Softplus(),
    "gelu": GELU(),
    "silu": SiLU(),
    "mish": Mish(),
}
"""By the names that the estimators know."""


def as_activation(chosen: Any) -> Activation:
    """Return the activation for a name, or a validated object.

    A copy if it has `set_params`, whose call after `fit` must change no fitted network.
    """
    if isinstance(chosen, str):
        return ACTIVATIONS[chosen]
    if hasattr(chosen, "_validate_params"):
        chosen._validate_params()
    return deepcopy(chosen) if hasattr(chosen, "set_params") else chosen
