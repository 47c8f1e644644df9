"""Flow: what passes through the hidden layers, values forwards and errors backwards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..._types import Features, FloatArray
from ...activations import Activation
from ...losses import Loss

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
    activations: Sequence[Activation],
    loss: Loss,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
    y: FloatArray,
) -> Flow:
    """Return the flow of samples through a network."""
    slopes: list[FloatArray] = []
    a = X
    for activation, W, b in zip(activations, weights[:-1], biases[:-1], strict=True):
        z = a @ W + b
        a = activation.value(z)
        slopes.append(activation.derivative(z, a))

    _, delta = loss.value_and_gradient(a @ weights[-1] + biases[-1], y, None)
    deltas: list[float] = []
    for W, slope in zip(weights[:0:-1], slopes[::-1], strict=True):
        delta = delta @ W.T * slope
        squares = np.square(delta, dtype=np.float64)
        deltas.append(float(np.sqrt(squares.sum(axis=1).mean())))

    flat = [
        np.abs(slope) < FLAT * steepest(activation)
        for activation, slope in zip(activations, slopes, strict=True)
    ]
    return Flow(flat, deltas[::-1])


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
