"""The private parts of scikit-learn that skneuron uses, imported in this file only.

If a new release of scikit-learn moves one of them, only this file changes.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sklearn.base import _fit_context as fit_context
from sklearn.metrics._scorer import _BaseScorer as BaseScorer
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils._openmp_helpers import (
    _openmp_effective_n_threads as effective_n_threads,
)
from sklearn.utils._optional_dependencies import (
    check_matplotlib_support,
    check_pandas_support,
)
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    InvalidParameterError,
    Options,
    StrOptions,
)
from sklearn.utils.metaestimators import available_if as untyped_available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call as check_partial_fit_first_call,
)
from sklearn.utils.validation import (
    _check_feature_names_in as check_feature_names_in,
)
from sklearn.utils.validation import (
    _check_sample_weight as check_sample_weight,
)

__all__ = [
    "BaseScorer",
    "BaseSearchCV",
    "HasMethods",
    "Interval",
    "InvalidParameterError",
    "Options",
    "StrOptions",
    "available_if",
    "check_feature_names_in",
    "check_matplotlib_support",
    "check_pandas_support",
    "check_partial_fit_first_call",
    "check_sample_weight",
    "effective_n_threads",
    "validate_params_in",
]

Method = TypeVar("Method", bound=Callable[..., Any])


def available_if(check: Callable[[Any], bool]) -> Callable[[Method], Method]:
    """Make a method available only if a check of its object passes.

    scikit-learn's decorator is public but untyped, so methods would lose their types.
    """
    decorate: Callable[[Method], Method] = untyped_available_if(check)
    return decorate


def validate_params_in(method: Method) -> Method:
    """Make a method check the parameters first; scikit-learn's decorator is untyped."""
    decorate: Callable[[Method], Method] = fit_context(
        prefer_skip_nested_validation=True
    )
    return decorate(method)
