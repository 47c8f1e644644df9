"""The names of a network's inputs, neurons, weights and biases.

Inputs are x1, x2, …; hidden neurons h1, h2, …, counted through all layers; output
neurons o1, o2, …. Weights w1, w2, … are counted neuron by neuron: in a 2-2-1 network,
w1 and w2 belong to h1, w3 and w4 to h2, w5 and w6 to o1. Biases are b1, b2, b3, one for
each neuron. The predictions are ŷ, or ŷ1, ŷ2, … if there are several.
"""

from collections.abc import Sequence
from itertools import count, pairwise
from typing import NamedTuple


class Place(NamedTuple):
    """The position of a parameter; input is None for a bias."""

    layer: int
    neuron: int
    input: int | None


class Names:
    """The names in a network with the given layer sizes.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, then of neurons in each layer.

    Attributes
    ----------
    inputs : list of str
    neurons : list of list of str
        By layer and neuron.
    values : list of list of str
        The name of each neuron's output, by layer: ŷ in the last one.
    weights : list of list of list of str
        By layer, neuron and input.
    biases : list of list of str
        By layer and neuron.
    places : dict of str to Place
        The position of each parameter, all weights before all biases.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        w, b, h = count(1), count(1), count(1)
        last = sizes[-1]
        self.inputs = [f"x{i}" for i in range(1, sizes[0] + 1)]
        hidden = [[f"h{next(h)}" for _ in range(size)] for size in sizes[1:-1]]
        self.neurons = [*hidden, [f"o{k}" for k in range(1, last + 1)]]
        predicted = ["ŷ"] if last == 1 else [f"ŷ{k}" for k in range(1, last + 1)]
        self.values = [*hidden, predicted]
        self.weights = [
            [[f"w{next(w)}" for _ in range(n_inputs)] for _ in range(n_neurons)]
            for n_inputs, n_neurons in pairwise(sizes)
        ]
        self.biases = [[f"b{next(b)}" for _ in layer] for layer in self.neurons]
        self.places: dict[str, Place] = {}
        for layer, neurons in enumerate(self.weights):
            for j, names in enumerate(neurons):
                self.places |= {n: Place(layer, j, i) for i, n in enumerate(names)}
        for layer, names in enumerate(self.biases):
            self.places |= {n: Place(layer, j, None) for j, n in enumerate(names)}

    def place(self, name: str) -> Place:
        """Return the position of the parameter with this name."""
        if name not in self.places:
            n_biases = sum(self.sizes[1:])
            raise ValueError(
                f"There is no parameter {name!r}. This network has the weights w1 to "
                f"w{len(self.places) - n_biases} and the biases b1 to b{n_biases}."
            )
        return self.places[name]

    def into(self, layer: int) -> list[str]:
        """Return the names of the inputs of a layer."""
        return self.values[layer - 1] if layer else self.inputs
