"""Flow: what passes through the hidden layers, values forwards and errors backwards."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..._engines import Objective
from ..._network.parameters import Parameters
from ..._types import Features, FloatArray
from ...activations import Activation

# Slopes smaller than this part of the activation's steepest count as flat: what is
# behind them learns 200 times slower. Below the 0.01 that leaky_relu is meant to have.
FLAT = 0.005
FAR = 100.0  # where an activation that has a flat end is flat


@dataclass(frozen=True)
class Flow:
    """What some samples do to each hidden layer.

    Attributes
    ----------
    flat : list of ndarray of bool of shape (n_samples, n_units)
        Whether f'(z) is next to nothing.
    deltas : list of float
        The size of ∂L/∂z of a sample, L its own loss: the root mean square, over the
        samples, of the norm over the units. The mean gradient would not do, which
        vanishes wherever training has come to its end.
    """

    flat: list[FloatArray]
    deltas: list[float]


def flow(
    objective: Objective, parameters: Parameters, X: Features, y: FloatArray
) -> Flow:
    """Return the flow of samples through a network."""
    network, layers = objective.network, parameters.layers
    traces: list[Any] = network.forward(layers, X)
    _, error = objective.loss.value_and_gradient(traces[-1].outputs, y, None)
    errors = network.backward(layers, traces, error)
    flat, deltas = [], []
    for layer, trace, error in zip(network.layers, traces, errors, strict=False):
        activation = layer.activation
        if activation is None:
            continue
        slopes = activation.derivative(trace.z, trace.a)
        flat.append(np.abs(slopes) < FLAT * steepest(activation))
        squares = np.square(error * slopes, dtype=np.float64)
        deltas.append(float(np.sqrt(squares.sum(axis=1).mean())))
    return Flow(flat, deltas)


def slope(activation: Activation, z: FloatArray) -> FloatArray:
    """Return |f'(z)|."""
    return np.abs(activation.derivative(z, activation.value(z)).astype(float))


def steepest(activation: Activation) -> float:
    """Return the largest |f'| near zero, where units are to work."""
    return float(slope(activation, np.linspace(-10, 10, 201)).max())


def flat_at_both_ends(activation: Activation) -> bool:
    """Whether an activation saturates, rather than being off on one side."""
    ends = slope(activation, np.array([-FAR, FAR]))
    return bool((ends < FLAT * steepest(activation)).all())
