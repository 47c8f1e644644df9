"""Feed-forward neural networks for scikit-learn, from the single neuron up."""

from importlib.metadata import version

from ._estimators.classifier import NeuronClassifier
from ._estimators.regressor import NeuronRegressor
from ._network.gradient_check import check_gradient
from ._versions import show_versions

__version__ = version("skneuron")

__all__ = [
    "NeuronClassifier",
    "NeuronRegressor",
    "__version__",
    "check_gradient",
    "show_versions",
]
