"""The forward pass: each layer feeds the next, up to the outputs."""

from dataclasses import dataclass
from math import exp

from .neuron import Neuron


@dataclass(frozen=True)
class Forward:
    """The values computed in a forward pass, by layer and neuron.

    Attributes
    ----------
    inputs : list of list of float
        The inputs of each layer; those of the first layer are x.
    totals : list of list of float
        The weighted sums z = w · x + b.
    outputs : list of float
        ŷ: the outputs of the last layer, or their softmax.
    """

    inputs: list[list[float]]
    totals: list[list[float]]
    outputs: list[float]


def feed_forward(layers: list[list[Neuron]], x: list[float], softmax: bool) -> Forward:
    """Feed one sample through all layers."""
    inputs, totals = [x], []
    for neurons in layers:
        totals.append([neuron.total(inputs[-1]) for neuron in neurons])
        inputs.append([neuron.feedforward(inputs[-1]) for neuron in neurons])
    outputs = inputs.pop()
    return Forward(inputs, totals, probabilities(outputs) if softmax else outputs)


def probabilities(z: list[float]) -> list[float]:
    """Return the softmax of z: exp(z), divided by the sum."""
    largest = max(z)  # subtracted so that exp cannot overflow; the ratios stay the same
    exps = [exp(z_k - largest) for z_k in z]
    return [e / sum(exps) for e in exps]
