"""Model selection: estimators compared, and the size of a network chosen.

For searches there are scikit-learn's `GridSearchCV` and its kin; what is here goes with
them.
"""

from ._compare import compare
from ._comparison import Comparison
from ._one_standard_error import one_standard_error

__all__ = ["Comparison", "compare", "one_standard_error"]
