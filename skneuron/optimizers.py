"""Optimizers: the rules by which a gradient changes the parameters.

Pass one as `solver=`, for hyperparameters that the estimators do not have:
`NeuronClassifier(solver=AdamW(weight_decay=1e-2))`, tuned as `solver__weight_decay`.

An optimizer holds hyperparameters only. Its state, which lasts from step to step, is
made by `init` and changed by `update`; both work on the flat vector of all parameters.
Any object with these two methods will do; it runs on the NumPy engine. L-BFGS is not
among them, because it evaluates the loss itself.
"""

from dataclasses import dataclass
from math import sqrt
from numbers import Real
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from sklearn.base import BaseEstimator

from ._sklearn import Interval
from ._types import FloatArray

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop"]

State = TypeVar("State")
FRACTION = [Interval(Real, 0, 1, closed="left")]
POSITIVE = [Interval(Real, 0, None, closed="neither")]


class Optimizer(Protocol[State]):
    """The methods of an optimizer.

    `l1_ratio` needs a third method, `proximal_scale(state, learning_rate)`. It returns
    the distance by which a constant gradient of one moves a parameter in a step: one
    number, or one for each element of vector, as `learning_rate` may be.

    If there is an attribute `weight_decay`, each step first multiplies the weights, not
    the biases, by 1 - learning_rate · weight_decay.

    Examples
    --------
    Any object with the two methods is one:

    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from skneuron import NeuronClassifier
    >>> class SignDescent:
    ...     def init(self, vector):
    ...         return None  # there is no state
    ...     def update(self, vector, gradient, state, learning_rate):
    ...         vector -= learning_rate * np.sign(gradient)
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = NeuronClassifier(solver=SignDescent(), tol=0.01, random_state=0)
    >>> clf.fit(X, y).score(X, y) > 0.9
    True
    """

    def init(self, vector: FloatArray) -> State:
        """Return the state before the first step."""

    def update(
        self,
        vector: FloatArray,
        gradient: FloatArray,
        state: State,
        learning_rate: float | FloatArray,
    ) -> None:
        """Take one step, changing vector and state in place.

        The learning rate is one number, or one for each element of vector.
        """


@dataclass
class SGDState:
    velocity: FloatArray


@dataclass(repr=False)
class SGD(BaseEstimator):
    """Stochastic gradient descent: v <- momentum v - rate g, then W <- W + v.

    With `nesterov`, W moves by momentum v - rate g of the new v instead: Sutskever et
    al. (2013), "On the importance of initialization and momentum in deep learning",
    equations (3) and (4), where W is the point ahead.

    Parameters
    ----------
    momentum : float, default=0.9
        Fraction of the last step that is added to the next one, from 0 to 1.

    nesterov : bool, default=True
        If True, use Nesterov's momentum, which looks one step ahead.

    Examples
    --------
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.optimizers import SGD
    >>> NeuronClassifier(solver=SGD(momentum=0.5)).get_params()["solver__momentum"]
    0.5
    """

    kernel_name: ClassVar[str] = "SGD"
    slots: ClassVar[tuple[str, ...]] = ("velocity",)

    momentum: float = 0.9
    nesterov: bool = True

    _parameter_constraints = {
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "nesterov": ["boolean"],
    }

    def init(self, vector: FloatArray) -> SGDState:
        """Return the state before the first step."""
        return SGDState(np.zeros_like(vector))

    def update(
        self,
        vector: FloatArray,
        gradient: FloatArray,
        state: SGDState,
        learning_rate: float | FloatArray,
    ) -> None:
        """Take one step, changing vector and state in place."""
        step = learning_rate * gradient
        if self.momentum == 0:
            vector -= step
            return
        state.velocity *= self.momentum
        state.velocity -= step
        if self.nesterov:
            vector += self.momentum * state.velocity - step
        else:
            vector += state.velocity

    def proximal_scale(
        self, state: SGDState, learning_rate: float | FloatArray
    ) -> float | FloatArray:
        """Return the distance that a constant gradient of one moves in a step."""
        return learning_rate / (1 - self.momentum)


@dataclass
class AdamState:
    m: FloatArray
    v: FloatArray
    t: int = 0


@dataclass(repr=False)
class Adam(BaseEstimator):
    """Adam: Kingma and Ba (2014), arXiv:1412.6980, algorithm 1.

    This is the faster form at the end of its section 2, which adds epsilon before the
    bias of v is corrected.

    Parameters
    ----------
    beta_1 : float, default=0.9
        Decay rate of the first moment, in [0, 1).

    beta_2 : float, default=0.999
        Decay rate of the second moment, in [0, 1).

    epsilon : float, default=1e-8
        Added to the denominator for numerical stability; above 0.

    Examples
    --------
    >>> from skneuron import NeuronRegressor
    >>> from skneuron.optimizers import Adam
    >>> reg = NeuronRegressor(solver=Adam(beta_2=0.99))
    """

    kernel_name: ClassVar[str] = "ADAM"
    slots: ClassVar[tuple[str, ...]] = ("m", "v")

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    _parameter_constraints = {
        "beta_1": FRACTION,
        "beta_2": FRACTION,
        "epsilon": POSITIVE,
    }

    def init(self, vector: FloatArray) -> AdamState:
        """Return the state before the first step."""
        return AdamState(np.zeros_like(vector), np.zeros_like(vector))

    def update(
        self,
        vector: FloatArray,
        gradient: FloatArray,
        state: AdamState,
        learning_rate: float | FloatArray,
    ) -> None:
        """Take one step, changing vector and state in place."""
        state.t += 1
        state.m *= self.beta_1
        state.m += (1 - self.beta_1) * gradient
        state.v *= self.beta_2
        state.v += (1 - self.beta_2) * gradient**2
        step = learning_rate * self._correction(state) * state.m
        step /= np.sqrt(state.v) + self.epsilon
        vector -= step

    def proximal_scale(
        self, state: AdamState, learning_rate: float | FloatArray
    ) -> FloatArray:
        """Return the distance that a constant gradient of one moves in a step."""
        rate = learning_rate * self._correction(state)
        return rate / (np.sqrt(state.v) + self.epsilon)

    def _correction(self, state: AdamState) -> float:
        """Return the factor that corrects the bias of moments that start at zero."""
        return sqrt(1 - self.beta_2**state.t) / (1 - self.beta_1**state.t)


@dataclass(repr=False)
class AdamW(Adam):
    """Adam with decoupled weight decay: Loshchilov and Hutter (2017), arXiv:1711.05101.

    Each step multiplies the weights, not the biases, by 1 - rate · `weight_decay`,
    independently of the gradient. The penalty `alpha`, in contrast, is part of the
    gradient and so of Adam's moments.

    Parameters
    ----------
    beta_1 : float, default=0.9
        Decay rate of the first moment, in [0, 1).

    beta_2 : float, default=0.999
        Decay rate of the second moment, in [0, 1).

    epsilon : float, default=1e-8
        Added to the denominator for numerical stability; above 0.

    weight_decay : float, default=0.01
        Strength of the decay, as above; 0 or more.

    Examples
    --------
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.optimizers import AdamW
    >>> clf = NeuronClassifier(solver=AdamW(weight_decay=0.1), alpha=0)
    >>> clf.set_params(solver__weight_decay=0.2).solver
    AdamW(weight_decay=0.2)
    """

    kernel_name: ClassVar[str] = "ADAM"

    weight_decay: float = 0.01

    _parameter_constraints = {
        **Adam._parameter_constraints,
        "weight_decay": [Interval(Real, 0, None, closed="left")],
    }


@dataclass
class RMSpropState:
    v: FloatArray
    velocity: FloatArray


@dataclass(repr=False)
class RMSprop(BaseEstimator):
    """RMSprop: steps divided by the root mean square of the gradient.

    v <- rho v + (1 - rho) g², then W <- W - rate g / (sqrt(v) + epsilon); with momentum
    u <- momentum u + g / (sqrt(v) + epsilon), then W <- W - rate u. Tieleman and Hinton
    (2012), lecture 6.5 of "Neural networks for machine learning".

    Parameters
    ----------
    rho : float, default=0.9
        Decay rate of the mean square, in [0, 1).

    momentum : float, default=0.0
        Fraction of the last step that is added to the next one, from 0 to 1.

    epsilon : float, default=1e-8
        Added to the denominator for numerical stability; above 0.

    Examples
    --------
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.optimizers import RMSprop
    >>> clf = NeuronClassifier(solver=RMSprop(rho=0.99))
    """

    kernel_name: ClassVar[str] = "RMSPROP"
    slots: ClassVar[tuple[str, ...]] = ("velocity", "v")

    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-8

    _parameter_constraints = {
        "rho": FRACTION,
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "epsilon": POSITIVE,
    }

    def init(self, vector: FloatArray) -> RMSpropState:
        """Return the state before the first step."""
        return RMSpropState(np.zeros_like(vector), np.zeros_like(vector))

    def update(
        self,
        vector: FloatArray,
        gradient: FloatArray,
        state: RMSpropState,
        learning_rate: float | FloatArray,
    ) -> None:
        """Take one step, changing vector and state in place."""
        state.v *= self.rho
        state.v += (1 - self.rho) * gradient**2
        step = gradient / (np.sqrt(state.v) + self.epsilon)
        state.velocity *= self.momentum
        state.velocity += step
        vector -= learning_rate * state.velocity

    def proximal_scale(
        self, state: RMSpropState, learning_rate: float | FloatArray
    ) -> FloatArray:
        """Return the distance that a constant gradient of one moves in a step."""
        rate = learning_rate / (1 - self.momentum)
        return rate / (np.sqrt(state.v) + self.epsilon)


def weight_decay(optimizer: Any) -> float:
    """Return the strength of an optimizer's decoupled weight decay."""
    return float(getattr(optimizer, "weight_decay", 0.0))
