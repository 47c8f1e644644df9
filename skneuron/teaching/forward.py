"""Forward: each layer's neurons feed the next, until the outputs."""

from dataclasses import dataclass
from math import exp

from .neuron import Neuron


@dataclass(frozen=True)
class Forward:
    """What a forward pass leaves, for each layer and neuron.

    Attributes
    ----------
    inputs : list of list of float
        What goes into each layer; the first are x.
    totals : list of list of float
        z = w · x + b.
    outputs : list of float
        ŷ: what the last layer puts out, or the softmax of it.
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
    """Return the softmax: exp(z) of each, scaled so that their sum is one."""
    largest = max(z)  # taken away from all, which changes nothing but the size of exp
    exps = [exp(z_k - largest) for z_k in z]
    return [e / sum(exps) for e in exps]
