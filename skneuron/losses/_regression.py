"""Losses of numbers: y and p are real."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from numbers import Real
from typing import Any, ClassVar, Literal, TypeAlias, cast

import numpy as np
from scipy.special import expit, xlogy
from sklearn.base import BaseEstimator

from .._sklearn import Interval
from .._types import FloatArray
from ._base import BuiltIn, Loss, as_loss, look_up, weighted
from ._links import increasing
from ._squared_error import SquaredError

__all__ = ["AbsoluteError", "GammaDeviance", "Huber", "PoissonDeviance", "Quantile"]


class AbsoluteError(BuiltIn, BaseEstimator):
    """The absolute error, ``|z - y|``; the prediction p = z estimates the median.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.losses import AbsoluteError
    >>> z, y = np.array([[1.0], [4.0]]), np.array([[2.0], [2.0]])
    >>> value, gradient = AbsoluteError().value_and_gradient(z, y, None)
    >>> value, gradient.ravel()
    (3.0, array([-1.,  1.]))
    """

    kernel_name: ClassVar[str] = "ABSOLUTE"
    link: ClassVar[str] = "identity"

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""
        error = z - y
        return weighted(np.abs(error), np.sign(error), sample_weight)


@dataclass(repr=False, eq=False)
class Huber(BuiltIn, BaseEstimator):
    """The Huber loss: the squared error for small errors, linear for large ones.

    (z - y)² / 2 where ``|z - y| <= delta``, else ``delta (|z - y| - delta / 2)``: Huber
    (1964), Annals of Mathematical Statistics 35, p. 73.

    Parameters
    ----------
    delta : float, default=1.35
        Error above which the loss is linear, in units of y; above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronRegressor
    >>> from skneuron.losses import Huber
    >>> z, y = np.array([[1.0], [4.0]]), np.array([[2.0], [2.0]])
    >>> value, gradient = Huber(delta=1).value_and_gradient(z, y, None)
    >>> value, gradient.ravel()
    (2.0, array([-1.,  1.]))
    >>> reg = NeuronRegressor(loss=Huber(delta=1))
    >>> reg.set_params(loss__delta=2).loss
    Huber(delta=2)
    """

    delta: float = 1.35

    kernel_name: ClassVar[str] = "HUBER"
    link: ClassVar[str] = "identity"
    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "delta": [Interval(Real, 0, None, closed="neither")]
    }

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The parameter delta."""
        return (float(self.delta),)

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""
        error, delta = z - y, float(self.delta)
        clipped = np.clip(error, -delta, delta)
        return weighted(clipped * (error - 0.5 * clipped), clipped, sample_weight)


@dataclass(repr=False, eq=False)
class Quantile(BuiltIn, BaseEstimator):
    """The pinball loss, whose minimum is a quantile of the target.

    quantile · (y - p) where y >= p, else (1 - quantile) · (p - y), with p = z: Koenker
    and Bassett (1978), Econometrica 46, p. 33.

    Parameters
    ----------
    quantile : float or sequence of float, default=0.5
        Level of the quantile, between 0 and 1. For several levels, in increasing order,
        the network has an output each, and the predictions never cross.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronRegressor
    >>> from skneuron.losses import Quantile
    >>> z, y = np.array([[1.0], [4.0]]), np.array([[2.0], [2.0]])
    >>> value, gradient = Quantile(0.75).value_and_gradient(z, y, None)
    >>> value, gradient.ravel()
    (1.25, array([-0.75,  0.25]))
    >>> X, y = np.linspace(0, 1, 50).reshape(-1, 1), np.linspace(0, 1, 50)
    >>> reg = NeuronRegressor(loss=Quantile([0.1, 0.9]), solver="lbfgs", random_state=0)
    >>> reg.fit(X, y).predict(X).shape
    (50, 2)
    """

    quantile: float | Sequence[float] = 0.5

    kernel_name: ClassVar[str] = "QUANTILE"
    link: ClassVar[str] = "identity"
    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "quantile": [Interval(Real, 0, 1, closed="neither"), "array-like"]
    }

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The single level."""
        return (float(cast(float, self.quantile)),)

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""
        error, (q,) = z - y, self.kernel_constants
        slope = np.where(error > 0, 1 - q, -q).astype(z.dtype)
        return weighted(slope * error, slope, sample_weight)

    def with_link(self, link: str) -> Loss:
        """Return the loss of one level, or of several with the link 'increasing'."""
        given: Any = self.quantile
        if isinstance(given, Real):
            return copy(self)
        levels = tuple(float(q) if isinstance(q, Real) else nan for q in given)
        increases = all(one < other for one, other in pairwise(levels))
        if not (levels and increases and all(0 < q < 1 for q in levels)):
            raise ValueError(
                "quantile must be a number between 0 and 1, or several of them in "
                f"increasing order; got {self.quantile!r}."
            )
        return Quantiles(levels)


@dataclass(eq=False)
class Quantiles(BuiltIn):
    """The pinball losses of several quantiles, one output for each, in order.

    The first prediction is z, each next one is softplus(z) above the last, so quantiles
    never cross. y repeats the target in a column for each quantile.
    """

    kernel_name: ClassVar[str] = "QUANTILES"
    link: ClassVar[str] = "increasing"
    quantiles: tuple[float, ...]

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The levels."""
        return self.quantiles

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        error = increasing(z) - y
        q = np.array(self.quantiles, z.dtype)
        slope = np.where(error > 0, 1 - q, -q)
        gradient = np.cumsum(slope[:, ::-1], axis=1)[:, ::-1]
        gradient[:, 1:] *= expit(z[:, 1:])
        return weighted(slope * error, gradient, sample_weight)


class PoissonDeviance(BuiltIn, BaseEstimator):
    """Half the Poisson deviance, y log(y / p) - y + p with p = exp(z); y >= 0.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.losses import PoissonDeviance
    >>> z, y = np.array([[0.0], [0.0]]), np.array([[0.0], [3.0]])
    >>> value, gradient = PoissonDeviance().value_and_gradient(z, y, None)
    >>> round(value, 3), gradient.ravel()
    (2.296, array([ 1., -2.]))
    """

    kernel_name: ClassVar[str] = "POISSON"
    link: ClassVar[str] = "exp"
    target_range: ClassVar[str] = "y >= 0"

    def in_target_range(self, y: FloatArray) -> bool:
        """Return whether every target is 0 or more."""
        return bool(np.all(y >= 0))

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""
        p = np.exp(z)
        return weighted(xlogy(y, y) - y * z - y + p, p - y, sample_weight)


class GammaDeviance(BuiltIn, BaseEstimator):
    """Half the gamma deviance, log(p / y) + y / p - 1 with p = exp(z); y > 0.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron.losses import GammaDeviance
    >>> z, y = np.array([[0.0], [0.0]]), np.array([[1.0], [3.0]])
    >>> value, gradient = GammaDeviance().value_and_gradient(z, y, None)
    >>> round(value, 3), gradient.ravel()
    (0.901, array([ 0., -2.]))
    """

    kernel_name: ClassVar[str] = "GAMMA"
    link: ClassVar[str] = "exp"
    target_range: ClassVar[str] = "y > 0"

    def in_target_range(self, y: FloatArray) -> bool:
        """Return whether every target is above 0."""
        return bool(np.all(y > 0))

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""
        ratio = y * np.exp(-z)
        return weighted(z - np.log(y) + ratio - 1, 1 - ratio, sample_weight)


RegressionLossName: TypeAlias = Literal[
    "squared_error", "absolute_error", "huber", "quantile", "poisson", "gamma"
]

REGRESSION_LOSSES: dict[str, Callable[..., Any]] = {
    "squared_error": SquaredError,
    "absolute_error": AbsoluteError,
    "huber": Huber,
    "quantile": Quantile,
    "poisson": PoissonDeviance,
    "gamma": GammaDeviance,
}


def regression_loss(chosen: Any, *, quantile: Any, delta: float) -> Loss:
    """Return the loss for a name and the estimator's constants, or for an object."""
    if not isinstance(chosen, str):
        return as_loss(chosen, "identity")
    if chosen == "quantile":
        return Quantile(quantile).with_link("identity")
    make = look_up(REGRESSION_LOSSES, chosen)
    return make(delta) if make is Huber else make()
