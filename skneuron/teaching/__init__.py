"""From one neuron up: networks to be read, one number at a time.

The same mathematics as the estimators', without a matrix in it: a `Neuron` multiplies,
adds and applies a function; a `Network` is neurons in layers; `explain` writes out the
chain rule for one weight. Start here, then go on to
:class:`skneuron.NeuronClassifier`, which does the same hundreds of times faster.
"""

from .backpropagation import Gradients
from .descent import History
from .explain import Explanation, Factor, explain
from .network import Network
from .neuron import Neuron, Partials

__all__ = [
    "Explanation",
    "Factor",
    "Gradients",
    "History",
    "Network",
    "Neuron",
    "Partials",
    "explain",
]
