"""From one neuron up: networks that compute with one number at a time.

The mathematics is that of the estimators, without matrices: a `Neuron` multiplies, adds
and applies a function; a `Network` has layers of neurons; `explain` writes out the
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
