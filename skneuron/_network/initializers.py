"""Initializers: the parameters before training.

Each draws the weights of a layer from a distribution whose spread depends on the
numbers of its inputs and outputs. Sources: Glorot and Bengio (2010), "Understanding the
difficulty of training deep feedforward neural networks"; He et al. (2015),
arXiv:1502.01852; LeCun et al. (1998), "Efficient BackProp"; Jacot, Gabriel and Hongler
(2018), arXiv:1806.07572, for the neural tangent parametrisation.
"""

from collections.abc import Callable
from math import sqrt
from typing import Literal, TypeAlias

import numpy as np

from .._types import FloatArray
from ..activations import Activation

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


InitName: TypeAlias = Literal[
    "auto",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_normal",
    "zeros",
    "ntk",
]

INITIALIZERS: dict[str, Initializer] = {
    "glorot_uniform": _uniform(lambda fan_in, fan_out: sqrt(6 / (fan_in + fan_out))),
    "glorot_normal": _normal(lambda fan_in, fan_out: sqrt(2 / (fan_in + fan_out))),
    "he_uniform": _uniform(lambda fan_in, fan_out: sqrt(6 / fan_in)),
    "he_normal": _normal(lambda fan_in, fan_out: sqrt(2 / fan_in)),
    "lecun_normal": _normal(lambda fan_in, fan_out: sqrt(1 / fan_in)),
    "zeros": lambda rng, fan_in, fan_out: np.zeros((fan_in, fan_out)),
}
"""Initializers of the weights; the biases start at zero."""


GLOROT = 6.0
"""Glorot's uniform distribution has the bound sqrt(GLOROT / (fan_in + fan_out))."""


def draw(
    init: str,
    activation: Activation | None,
    random_state: np.random.RandomState,
    W: FloatArray,
    b: FloatArray,
    *,
    is_output: bool = False,
) -> None:
    """Write the initial weights and biases of a layer.

    Parameters
    ----------
    init : str
        "auto", "ntk" or a key of `INITIALIZERS`.
    activation : Activation or None
        Determines the spread that "auto" draws with.
    random_state : RandomState
        The weights are drawn, then, by "auto" and "ntk" alone, the biases.
    W : ndarray of shape (fan_in, fan_out)
    b : ndarray of shape (fan_out,)
        Of any precision; the draws are in float64.
    is_output : bool
        Whether the layer is the last one, which starts at zero with "ntk".
    """
    fan_in, fan_out = W.shape
    if init == "auto":
        _draw_auto(activation, random_state, W, b)
    elif init == "ntk":
        W[:] = 0 if is_output else random_state.normal(size=W.shape) / sqrt(fan_in)
        b[:] = 0 if is_output else random_state.normal(size=fan_out)
    else:
        W[:] = INITIALIZERS[init](random_state, fan_in, fan_out)


def weights_rate(init: str, fan_in: int) -> float:
    """Return the factor for the learning rate of the weights of a layer.

    The neural tangent parametrisation trains V with W = V / sqrt(fan_in). With
    optimizers such as Adam, whose steps do not depend on the scale of the gradient,
    training W at a rate divided by sqrt(fan_in) is the same.
    """
    return 1 / sqrt(fan_in) if init == "ntk" else 1.0


def _draw_auto(
    activation: Activation | None,
    random_state: np.random.RandomState,
    W: FloatArray,
    b: FloatArray,
) -> None:
    fan_in, fan_out = W.shape
    # As in scikit-learn: Glorot's uniform, narrower for the logistic function, also for
    # the biases.
    bound = sqrt(getattr(activation, "glorot", GLOROT) / (fan_in + fan_out))
    W[:] = random_state.uniform(-bound, bound, (fan_in, fan_out))
    b[:] = random_state.uniform(-bound, bound, fan_out)
