"""Inputs: checks of parameters and data that scikit-learn leaves to the estimator."""

from collections.abc import Iterable, Mapping, Set
from copy import deepcopy
from math import nan
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.exceptions import DataConversionWarning
from sklearn.utils.validation import (
    check_array,
    column_or_1d,
)

from .. import _sklearn as sklearn
from .._types import Features, FloatArray
from .._warnings import warn
from ..activations import ACTIVATIONS, Activation, as_activation
from ..losses import Loss
from .arguments import error_context
from .values import check_features

SMALL = 1000  # numbers; for more, checking the sum is faster than checking each


def is_plain(X: Any, n_features: int) -> bool:
    """Return True if scikit-learn would neither reject nor change X."""
    if type(X) is not np.ndarray or X.dtype.char not in "fd" or X.ndim != 2:
        return False
    if X.shape[0] == 0 or X.shape[1] != n_features:
        return False
    if X.size <= SMALL:
        return bool(np.isfinite(X).all())
    with np.errstate(over="ignore"):
        return bool(np.isfinite(X.sum()))


def check_hidden_layer_sizes(value: Any) -> tuple[int, ...]:
    """Return the units of each hidden layer as a tuple of int."""
    several = isinstance(value, Iterable) and getattr(value, "ndim", 1) > 0
    ordered = several and not isinstance(value, Mapping | Set)
    sizes = list(value) if ordered else [value]
    if not all(isinstance(n, Integral) and not isinstance(n, bool) for n in sizes):
        raise ValueError(
            "hidden_layer_sizes must be an integer or a sequence of integers, one for "
            f"each hidden layer, got {value!r}."
        )
    if any(size <= 0 for size in sizes):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {sizes}.")
    return tuple(int(size) for size in sizes)


def check_activation(value: Any, n_hidden_layers: int) -> tuple[Activation, ...]:
    """Return the activation of each hidden layer, or a single one if there is none.

    Objects with `set_params` are copied, so that later calls do not change a network.
    """
    check_object(value, "activation")
    if _is_activation(value):
        return (as_activation(value),) * max(1, n_hidden_layers)
    chosen = [value] if isinstance(value, str) else list(value)
    for one in chosen:
        if not _is_activation(one):
            raise ValueError(
                f"The 'activation' parameter must be one of {sorted(ACTIVATIONS)}, an "
                "object with the methods value(z) and derivative(z, a), or a sequence "
                f"of them, one for each hidden layer. Got {one!r} in {value!r}."
            )
    if len(chosen) != n_hidden_layers:
        raise ValueError(
            f"activation={value!r} names {len(chosen)} activations, but "
            f"hidden_layer_sizes has {n_hidden_layers} hidden layers; give one for "
            "each, or a single one for all."
        )
    return tuple(as_activation(one) for one in chosen)


def _is_activation(value: Any) -> bool:
    if isinstance(value, str):
        return value in ACTIVATIONS
    if isinstance(value, type):
        return False
    return all(callable(getattr(value, name, None)) for name in ("value", "derivative"))


def check_input_layers(value: Any) -> tuple[Any, ...]:
    """Return copies of the layer objects, validated."""
    if value is None:
        return ()
    for number, layer in enumerate(value):
        check_object(layer, f"input_layers[{number}]")
        if not callable(getattr(layer, "build", None)):
            raise TypeError(
                f"input_layers[{number}] must be an object with the method "
                "build(n_inputs), such as those of skneuron.layers: Scale() or "
                f"Periodic(). Got {layer!r}."
            )
        if hasattr(layer, "_validate_params"):
            layer._validate_params()
    return tuple(
        deepcopy(layer) if hasattr(layer, "set_params") else layer for layer in value
    )


def check_object(value: Any, name: str) -> None:
    """Raise if a class was passed instead of an object."""
    if isinstance(value, type):
        kind = value.__name__
        raise TypeError(
            f"{name} must be an object, got the class {kind}: pass {kind}() instead."
        )


def check_loss(loss: Any, links: Iterable[str]) -> Loss:
    """Return a custom loss, whose link must be one of these."""
    link, links = getattr(loss, "link", None), sorted(links)
    if link not in links:
        why = ""
        if links == ["logistic"]:
            why = ", which two classes and several labels need"
            why += "; out_activation='softmax' gives two classes a softmax"
        elif links == ["softmax"]:
            why = ", which several classes need"
        raise ValueError(
            f"loss={loss!r} must have an attribute link, the function from raw outputs "
            f"to predictions: {' or '.join(map(repr, links))}{why}. Got {link!r}."
        )
    return loss


def check_dropout(value: Any, n_hidden_layers: int) -> tuple[float, ...]:
    """Return the rate of each hidden layer; empty if all are zero."""
    if type(value) is float and value == 0:
        return ()
    if isinstance(value, Real):
        rates = [float(value)] * n_hidden_layers
    else:
        rates = [float(rate) if isinstance(rate, Real) else nan for rate in value]
    if not all(0 <= rate < 1 for rate in rates):
        raise ValueError(
            "dropout must be a rate from 0 to below 1, or one for each hidden layer; "
            f"got {value!r}."
        )
    if len(rates) != n_hidden_layers:
        raise ValueError(
            f"dropout={value!r} has {len(rates)} rates, but hidden_layer_sizes has "
            f"{n_hidden_layers} hidden layers; give one for each, or a single rate for "
            "all."
        )
    return tuple(rates) if any(rates) else ()


def set_initial(arrays: list[FloatArray], start: Any, name: str) -> None:
    """Overwrite initial weights or biases with the user's, one array for each layer."""
    if start is None:
        return
    shapes = [array.shape for array in arrays]
    start = list(start) if isinstance(start, Iterable) else [start]
    if len(start) != len(arrays):
        raise ValueError(
            f"{name} must have an array for each of the {len(arrays)} layers, of "
            f"shapes {', '.join(map(str, shapes))}; got {len(start)}."
        )
    for layer, (array, given) in enumerate(zip(arrays, start, strict=True)):
        label = f"{name}[{layer}]"
        with error_context(label):
            given = check_features(given, label)
            given = check_array(given, ensure_2d=False, input_name=label)
        if given.shape != array.shape:
            raise ValueError(
                f"{name}[{layer}] must have shape {array.shape}, which follows from "
                f"hidden_layer_sizes and the data; got {given.shape}."
            )
        array[:] = given


def as_column(y: Any) -> Any:
    """Return y, as a vector with a warning if it is a single column."""
    if y.ndim != 2 or y.shape[1] != 1:
        return y
    warn(
        "A column-vector y was passed when a 1d array was expected. Please change the "
        "shape of y to (n_samples,), for example using ravel().",
        DataConversionWarning,
    )
    return column_or_1d(y)


def check_sample_weight(
    sample_weight: Any, X: Features, dtype: np.dtype
) -> FloatArray | None:
    """Return the sample weights in the precision of training."""
    if sample_weight is None:
        return None
    if not isinstance(sample_weight, Real):  # one for all
        sample_weight = check_features(sample_weight, "sample_weight")
    checked = sklearn.check_sample_weight(sample_weight, X, ensure_non_negative=True)
    with np.errstate(over="ignore"):
        sample_weight = checked.astype(dtype, copy=False)
    if not sample_weight.any():  # all zero, or too small for the precision
        raise ValueError(
            f"Sample weights must contain at least one non-zero number (as {dtype})."
        )
    if not np.isfinite(sample_weight).all():
        raise ValueError(f"Sample weights must be finite as {dtype}.")
    return sample_weight


def check_target_range(y: FloatArray, loss: Loss, name: object) -> None:
    """Raise if the loss is not defined for a target."""
    if hasattr(loss, "in_target_range") and not loss.in_target_range(y):
        raise ValueError(
            f"Some value(s) of y are out of the valid range of loss={name!r}, which "
            f"needs {getattr(loss, 'target_range', 'others')}; the smallest is "
            f"{y.min()}. Use another loss, "
            "or correct y."
        )


def training_dtype(dtype: str | None, X: Features) -> np.dtype:
    """Return the requested precision, or that of X if it is a float, or float64."""
    if dtype is not None:
        return np.dtype(dtype)
    return X.dtype if X.dtype in (np.float32, np.float64) else np.dtype(np.float64)
