"""Checks of a whole table: what scikit-learn checks, without copying it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_array, validate_data

from ._reading import column_names, is_data_frame


def check_is_table(X: Any) -> None:
    """Raise unless X is a data frame, an array or a sequence of rows."""
    is_sequence = isinstance(X, Sequence) and not isinstance(X, str | bytes)
    if is_sequence or hasattr(X, "shape") or hasattr(X, "__array__"):
        return
    if hasattr(X, "collect_schema"):
        raise TypeError(
            "X is a lazy frame, whose rows are not known: pass X.collect()."
        )
    advice = " Use pandas.DataFrame(X)." if isinstance(X, Mapping) else ""
    raise TypeError(
        "X must be a data frame, an array or a list of rows, got "
        f"{type(X).__name__}.{advice}"
    )


def check_table(X: Any, estimator: Any, reset: bool) -> Any:
    """Return X as a data frame or an array of two dimensions, with known columns.

    The messages, and with `reset` the attributes set, are those of `estimator`.
    """
    if sparse.issparse(X):
        raise TypeError(
            "Sparse data was passed, but a table of columns is required. Use "
            "NeuronClassifier or NeuronRegressor, which train on sparse data, or "
            "X.toarray()."
        )
    check_is_table(X)
    if is_data_frame(X):
        _check_names_differ(X)
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        if 0 in X.shape:
            check_array(np.empty(X.shape), estimator=estimator)  # raises
        return X
    if _is_numeric_array(X):
        return validate_data(estimator, X, reset=reset, skip_check_array=True)
    X = _without_strings_of_numbers(X)
    return validate_data(estimator, X, reset=reset, dtype=None, ensure_all_finite=False)


def _is_numeric_array(X: Any) -> bool:
    """Return True if check_array would neither reject nor change X."""
    return (
        type(X) is np.ndarray and X.ndim == 2 and 0 not in X.shape
    ) and X.dtype.kind in "fiu"


def _without_strings_of_numbers(X: Any) -> Any:
    """Return nested lists with numbers and strings as an array that keeps both."""
    if isinstance(X, list | tuple) and X and np.asarray(X).dtype.kind in "US":
        return np.asarray(X, dtype=object)
    return X


def _check_names_differ(X: Any) -> None:
    twice = [name for name, n in Counter(column_names(X)).items() if n > 1]
    if twice:
        raise ValueError(
            f"X has several columns named {twice}; rename or drop all but one."
        )
