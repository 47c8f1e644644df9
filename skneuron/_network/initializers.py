"""Initializers: the parameters before training.

Each draws a layer's weights from a distribution whose spread depends on the number of
units on either side. The sources: Glorot and Bengio (2010), "Understanding the
difficulty of training deep feedforward neural networks"; He et al. (2015),
arXiv:1502.01852; LeCun et al. (1998), "Efficient BackProp".
"""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import TypeAlias

import numpy as np

from .._types import FloatArray
from ..activations import Activation, Logistic
from .parameters import Parameters

Initializer: TypeAlias = Callable[[np.random.RandomState, int, int], FloatArray]


def _uniform(bound: Callable[[int, int], float]) -> Initializer:
    """Return an initializer uniform over [-bound, bound]."""

    def draw(rng: np.random.RandomState, fan_in: int, fan_out: int) -> FloatArray:
        b = bound(fan_in, fan_out)
        return rng.uniform(-b, b, (fan_in, fan_out))

    return draw


def _normal(deviation: Callable[[int, int], float]) -> Initializer:
    """Return a normal initializer with this standard deviation."""

    def draw(rng: np.random.RandomState, fan_in: int, fan_out: int) -> FloatArray:
        return rng.normal(0, deviation(fan_in, fan_out), (fan_in, fan_out))

    return draw


INITIALIZERS: dict[str, Initializer] = {
    "glorot_uniform": _uniform(lambda fan_in, fan_out: sqrt(6 / (fan_in + fan_out))),
    "glorot_normal": _normal(lambda fan_in, fan_out: sqrt(2 / (fan_in + fan_out))),
    "he_uniform": _uniform(lambda fan_in, fan_out: sqrt(6 / fan_in)),
    "he_normal": _normal(lambda fan_in, fan_out: sqrt(2 / fan_in)),
    "lecun_normal": _normal(lambda fan_in, fan_out: sqrt(1 / fan_in)),
    "zeros": lambda rng, fan_in, fan_out: np.zeros((fan_in, fan_out)),
}
"""Weights only; these start the biases at zero."""


def initialize(
    layer_sizes: Sequence[int],
    init: str,
    activations: Sequence[str | Activation],
    random_state: np.random.RandomState,
    dtype: np.dtype,
    fit_intercept: bool = True,
) -> Parameters:
    """Return the parameters to start training from.

    Parameters
    ----------
    layer_sizes : sequence of int
        Features, units of each hidden layer, outputs.
    init : str
        "auto" or a key of `INITIALIZERS`.
    activations : sequence of str or Activation
        For every layer, the output included, which "auto" depends on.
    random_state : RandomState
        Layer by layer the weights are drawn, then, by "auto" alone, the biases.
    dtype : dtype
        Of the result; the draws are in float64 whatever it is.
    fit_intercept : bool, default=True
        Whether biases may be anything but zero.
    """
    parameters = Parameters.zeros(layer_sizes, dtype)
    layers = zip(parameters.weights, parameters.biases, activations, strict=True)
    for weights, biases, activation in layers:
        fan_in, fan_out = weights.shape
        if init == "auto":
            # scikit-learn's: Glorot's uniform, narrower for the logistic function,
            # and biases that are drawn like the weights.
            logistic = activation == "logistic" or isinstance(activation, Logistic)
            bound = sqrt((2 if logistic else 6) / (fan_in + fan_out))
            weights[:] = random_state.uniform(-bound, bound, (fan_in, fan_out))
            biases[:] = random_state.uniform(-bound, bound, fan_out)
        else:
            weights[:] = INITIALIZERS[init](random_state, fan_in, fan_out)
    if not fit_intercept:
        for biases in parameters.biases:
            biases[:] = 0
    return parameters
