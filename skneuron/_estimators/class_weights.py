"""Class weights: one weight per sample, from the class that it belongs to."""

from numbers import Real
from typing import Any

import numpy as np
from sklearn.utils import compute_class_weight

from .._types import FloatArray


def weights_by_class(
    class_weight: Any, y: np.ndarray, classes: list[Any], sample_weight: Any
) -> FloatArray:
    """Return the weight of each sample's class.

    Parameters
    ----------
    class_weight : dict or 'balanced'
        Weights of the classes, 1 where none is given.
    y : ndarray of shape (n_samples,)
    classes : list
        All classes, sorted.
    sample_weight : ndarray of shape (n_samples,) or None
        Weights with which 'balanced' counts the classes.
    """
    if class_weight == "balanced":
        return _balance(y, sample_weight)
    return _look_up(class_weight, y, classes)


def _balance(column: np.ndarray, sample_weight: FloatArray | None) -> FloatArray:
    """Return weights that give all classes of a column the same total weight."""
    classes, codes = np.unique(column, return_inverse=True)
    with np.errstate(divide="ignore"):
        weights = compute_class_weight(
            "balanced", classes=classes, y=column, sample_weight=sample_weight
        )
    weights[np.isinf(weights)] = 0  # classes whose samples all have weight 0
    return weights[codes]


def _look_up(
    class_weight: dict[Any, Any], column: np.ndarray, known: list[Any]
) -> FloatArray:
    """Return the weight of each sample's class, 1 where none is given."""
    for label, weight in class_weight.items():
        named = label.item() if isinstance(label, np.generic) else label
        if label not in known:
            raise ValueError(
                f"class_weight has a weight for {named!r}, which is not one of "
                f"the classes {np.asarray(known).tolist()}."
            )
        if not isinstance(weight, Real) or not 0 <= float(weight) < np.inf:
            raise ValueError(
                "class_weight must have weights of 0 or more, all finite; that of "
                f"class {named!r} is {weight!r}."
            )
    weights = np.array([float(class_weight.get(label, 1)) for label in known])
    return weights[np.searchsorted(known, column)]
