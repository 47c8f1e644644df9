"""Flow: values forward and errors backward through the hidden layers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..._engines import Objective
from ..._network.parameters import Parameters
from ..._types import Features, FloatArray
from ...activations import Activation

# Slopes smaller than this fraction of the steepest count as flat: units behind them
# learn 200 times slower. It is below the slope 0.01 of leaky_relu.
FLAT = 0.005
FAR = 100.0  # |z| at which every activation with a flat end is flat


@dataclass(frozen=True)
class Flow:
    """Measurements of the hidden layers for some samples.

    Attributes
    ----------
    flat : list of ndarray of bool of shape (n_samples, n_units)
        Whether f'(z) is nearly zero.
    deltas : list of float
        The root mean square over the samples of |∂L/∂z|, where L is the loss of one
        sample. The mean gradient is not used, because it vanishes at the end of
        training.
    """

    flat: list[FloatArray]
    deltas: list[float]


def flow(
    objective: Objective, parameters: Parameters, X: Features, y: FloatArray
) -> Flow:
    """Return the flow of samples through the hidden layers."""
    network, layers = objective.network, parameters.layers
    traces: list[Any] = network.forward(layers, X)
    _, error = objective.loss.value_and_gradient(traces[-1].outputs, y, None)
    by_layer = network.backward(layers, traces, error)
    flat, deltas = [], []
    for layer, trace, delta in zip(network.layers, traces, by_layer, strict=False):
        activation = layer.activation
        if activation is None:
            continue
        slopes = activation.derivative(trace.z, trace.a)
        flat.append(np.abs(slopes) < FLAT * steepest(activation))
        squares = np.square(delta, dtype=np.float64)
        deltas.append(float(np.sqrt(squares.sum(axis=1).mean())))
    return Flow(flat, deltas)


def slope(activation: Activation, z: FloatArray) -> FloatArray:
    """Return |f'(z)|."""
    return np.abs(activation.derivative(z, activation.value(z)).astype(float))


def steepest(activation: Activation) -> float:
    """Return the largest |f'| near zero, the working range of units."""
    return float(slope(activation, np.linspace(-10, 10, 201)).max())


def flat_at_both_ends(activation: Activation) -> bool:
    """Return True if an activation saturates on both sides."""
    ends = slope(activation, np.array([-FAR, FAR]))
    return bool((ends < FLAT * steepest(activation)).all())
