"""Inspection: pictures of networks, after scikit-learn's Display convention.

They need matplotlib, which `pip install "skneuron[plot]"` brings along.
"""

from ._activation import ActivationDisplay
from ._backprop import BackpropDisplay
from ._loss_landscape import LossLandscapeDisplay
from ._network import NetworkDisplay

__all__ = [
    "ActivationDisplay",
    "BackpropDisplay",
    "LossLandscapeDisplay",
    "NetworkDisplay",
]
