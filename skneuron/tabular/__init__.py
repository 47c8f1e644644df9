"""Tables: networks for data frames with categories and missing values."""

from ._classifier import TabularClassifier
from ._regressor import TabularRegressor

__all__ = ["TabularClassifier", "TabularRegressor"]
