"""Inspection: plots and a diagnosis of fitted networks.

The plots follow scikit-learn's Display convention. They need matplotlib, which
`pip install "skneuron[plot]"` installs; `diagnose` does not.
"""

from ._activation import ActivationDisplay
from ._backprop import BackpropDisplay
from ._compare import CompareDisplay
from ._diagnosis import Diagnosis, Finding, diagnose
from ._hidden_size import HiddenSizeDisplay
from ._loss_curve import LossCurveDisplay
from ._loss_landscape import LossLandscapeDisplay
from ._network import NetworkDisplay
from ._weights import WeightsDisplay

__all__ = [
    "ActivationDisplay",
    "BackpropDisplay",
    "CompareDisplay",
    "Diagnosis",
    "Finding",
    "HiddenSizeDisplay",
    "LossCurveDisplay",
    "LossLandscapeDisplay",
    "NetworkDisplay",
    "WeightsDisplay",
    "diagnose",
]
