"""Optimizers: how a gradient moves the parameters.

An optimizer holds hyperparameters only; what it remembers from step to step is its
state, made by `init` and changed by `update`. Both work on the flat vector of all
parameters. L-BFGS is none of them: it calls for losses where these are given gradients.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Protocol, TypeVar

import numpy as np

from ._types import FloatArray

State = TypeVar("State")


class Optimizer(Protocol[State]):
    """What the training loop needs to know of an optimizer."""

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


@dataclass(frozen=True)
class SGD:
    """Stochastic gradient descent: v <- momentum v - rate g, then W <- W + v.

    With `nesterov`, W moves by momentum v - rate g of the new v instead: Sutskever et
    al. (2013), "On the importance of initialization and momentum in deep learning",
    equations (3) and (4), with W standing for the point looked ahead to.
    """

    momentum: float = 0.9
    nesterov: bool = True

    def init(self, vector: FloatArray) -> SGDState:
        return SGDState(np.zeros_like(vector))

    def update(
        self,
        vector: FloatArray,
        gradient: FloatArray,
        state: SGDState,
        learning_rate: float | FloatArray,
    ) -> None:
        step = learning_rate * gradient
        if self.momentum == 0:
            vector -= step
            return
        state.velocity *= self.momentum
        state.velocity -= step
        if self.nesterov:
            vector += self.momentum * state.velocity
            vector -= step
        else:
            vector += state.velocity


@dataclass
class AdamState:
    m: FloatArray
    v: FloatArray
    t: int = 0


@dataclass(frozen=True)
class Adam:
    """Adam: Kingma and Ba (2014), arXiv:1412.6980, algorithm 1.

    In the faster form at the end of its section 2, where epsilon is added before the
    bias of v is corrected.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def init(self, vector: FloatArray) -> AdamState:
        return AdamState(np.zeros_like(vector), np.zeros_like(vector))

    def update(
        self,
        vector: FloatArray,
        gradient: FloatArray,
        state: AdamState,
        learning_rate: float | FloatArray,
    ) -> None:
        state.t += 1
        state.m *= self.beta_1
        state.m += (1 - self.beta_1) * gradient
        state.v *= self.beta_2
        state.v += (1 - self.beta_2) * gradient**2
        correction = sqrt(1 - self.beta_2**state.t) / (1 - self.beta_1**state.t)
        step = state.m / (np.sqrt(state.v) + self.epsilon)
        step *= learning_rate * correction
        vector -= step
