"""Backpropagation: the chain rule from the loss back to every weight."""

from .forward import Forward
from .losses import Loss
from .names import Names
from .neuron import Neuron
from .table import short, table


class Gradients(dict[str, float]):
    """The partial derivatives of one sample's loss, by parameter name.

    Attributes
    ----------
    by_output : list of list of float
        ∂L/∂h for each layer and neuron; for the last layer of a softmax, ∂L/∂z.
    by_total : list of list of float
        ∂L/∂z for each layer and neuron, often called delta.

    Examples
    --------
    >>> from skneuron.teaching import Network, Neuron
    >>> network = Network([[Neuron([1, 1]), Neuron([1, 1])], [Neuron([1, 1])]])
    >>> gradients = network.gradients([-2, -1], 1)
    >>> print(gradients)
    by          ∂L
    w1   0.0214695
    w2   0.0107348
    w3   0.0214695
    w4   0.0107348
    w5  -0.0112692
    w6  -0.0112692
    b1  -0.0107348
    b2  -0.0107348
    b3   -0.237618
    >>> gradients.by_total[1] == [gradients["b3"]]
    True
    """

    def __init__(
        self,
        named: dict[str, float],
        by_output: list[list[float]],
        by_total: list[list[float]],
    ) -> None:
        super().__init__(named)
        self.by_output = by_output
        self.by_total = by_total

    def __str__(self) -> str:
        return table(["by", "∂L"], ([name, short(d)] for name, d in self.items()))


def backpropagate(
    layers: list[list[Neuron]],
    names: Names,
    forward: Forward,
    y: list[float],
    loss: Loss,
    softmax: bool,
) -> Gradients:
    """Return the derivative of the loss by every parameter.

    Each neuron receives d_L_d_out, the derivative of the loss by its output, and
    multiplies it by its partial derivatives. Its inputs are the outputs of the layer
    before, so the products by input, summed over neurons, are d_L_d_out there.
    """
    named: dict[str, float] = {}
    d_L_d_out = by_last_output(loss, y, forward.outputs, softmax)
    by_output: list[list[float]] = []
    by_total: list[list[float]] = []
    for layer in reversed(range(len(layers))):
        x = forward.inputs[layer]
        d_L_d_in = [0.0] * len(x)
        d_L_d_total = []
        for j, neuron in enumerate(layers[layer]):
            d_out = neuron.partials(x)
            for i, name in enumerate(names.weights[layer][j]):
                named[name] = d_L_d_out[j] * d_out.weights[i]
                d_L_d_in[i] += d_L_d_out[j] * d_out.inputs[i]
            named[names.biases[layer][j]] = d_L_d_out[j] * d_out.bias
            d_L_d_total.append(d_L_d_out[j] * d_out.bias)
        by_output.insert(0, d_L_d_out)
        by_total.insert(0, d_L_d_total)
        d_L_d_out = d_L_d_in
    return Gradients({name: named[name] for name in names.places}, by_output, by_total)


def by_last_output(
    loss: Loss, y: list[float], outputs: list[float], softmax: bool
) -> list[float]:
    """Return ∂L/∂o for each neuron of the last layer."""
    d_L_d_y = list(map(loss.derivative, y, outputs))
    if not softmax:
        return d_L_d_y
    # each probability depends on every o
    n = range(len(outputs))
    return [sum(d_L_d_y[k] * d_softmax(outputs, k, j) for k in n) for j in n]


def d_softmax(p: list[float], k: int, j: int) -> float:
    """Return ∂ŷk/∂oj of a softmax with the outputs p."""
    return p[k] * ((k == j) - p[j])
