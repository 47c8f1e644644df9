"""Feed-forward neural networks for scikit-learn, from the single neuron up."""

from importlib.metadata import version

from ._classifier import NeuronClassifier
from ._gradient_check import check_gradient
from ._regressor import NeuronRegressor
from ._versions import show_versions

__version__ = version("skneuron")

__all__ = [
    "NeuronClassifier",
    "NeuronRegressor",
    "__version__",
    "check_gradient",
    "show_versions",
]
