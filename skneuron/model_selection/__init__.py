"""Model selection: comparing estimators and choosing the size of a network.

These functions complement scikit-learn's `GridSearchCV` and the other searches.
"""

from ._compare import compare
from ._comparison import Comparison
from ._one_standard_error import one_standard_error

__all__ = ["Comparison", "compare", "one_standard_error"]
