"""Fitted attributes, checked before they are used.

They are plain: users edit them, and files contain them. If they do not fit together, an
error names the attribute. Unusual but valid arrays are accepted, such as weights of
float16 or in Fortran order.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .._types import FloatArray

REMEDY = "Set it back, or call fit."


def arrays(estimator: Any) -> tuple[list[FloatArray], list[FloatArray]]:
    """Return the weights and biases of a fitted estimator, in one precision."""
    if _is_sound(estimator):
        return estimator.coefs_, estimator.intercepts_
    weights = _arrays(estimator, "coefs_")
    biases = _arrays(estimator, "intercepts_")
    dtype = _precision([*weights, *biases])
    _check_number(estimator, weights, biases)
    _check_shapes(estimator, weights, biases)
    return (
        [W.astype(dtype, copy=False) for W in weights],
        [b.astype(dtype, copy=False) for b in biases],
    )


def _is_sound(estimator: Any) -> bool:
    """Return True if all is as `fit` leaves it; fast, as predicting a row is."""
    weights, biases = estimator.coefs_, getattr(estimator, "intercepts_", None)
    if type(weights) is not list or type(biases) is not list:
        return False
    if not 0 < len(weights) == len(biases) == len(estimator._objective.network.layers):
        return False
    if estimator.n_layers_ != len(weights) + 1:
        return False
    fan_in, dtype = estimator.n_features_in_, np.asarray(weights[0]).dtype
    for W, b in zip(weights, biases, strict=True):
        if not (type(W) is type(b) is np.ndarray and W.dtype is b.dtype is dtype):
            return False
        if W.ndim != 2 or W.shape[0] != fan_in or b.shape != W.shape[1:]:
            return False
        fan_in = W.shape[1]
        if not fan_in:
            return False
    return dtype.char in "fd" and dtype.isnative and fan_in == estimator.n_outputs_


def _arrays(estimator: Any, name: str) -> list[FloatArray]:
    """Return an attribute as a list of arrays of real numbers."""
    given = getattr(estimator, name, None)
    if not isinstance(given, Iterable):
        raise ValueError(
            f"{name} must be a list of arrays, one for each layer of weights; got "
            f"{given!r}. {REMEDY}"
        )
    return [_array(one, f"{name}[{layer}]") for layer, one in enumerate(given)]


def _array(given: Any, name: str) -> FloatArray:
    if type(given) is np.ndarray and given.dtype.char in "fd":
        return given
    try:
        array = np.asarray(given)
    except ValueError as error:  # rows of unequal length
        raise ValueError(f"{name} must be an array of numbers: {error}") from error
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} must be an array of real numbers; got {type(given).__name__} of "
            f"dtype {array.dtype}. {REMEDY}"
        )
    return array


def _precision(arrays: list[FloatArray]) -> np.dtype:
    """Return float32 if no array is more precise, else float64."""
    small = all(array.dtype.char in "ef" for array in arrays)
    return np.dtype(np.float32 if small else np.float64)


def _check_number(
    estimator: Any, weights: list[FloatArray], biases: list[FloatArray]
) -> None:
    n_layers, fitted = estimator.n_layers_, len(estimator._objective.network.layers)
    if n_layers != fitted + 1:
        raise ValueError(
            f"n_layers_ must be {fitted + 1}, as after fit; got {n_layers!r}. {REMEDY}"
        )
    for name, arrays in (("coefs_", weights), ("intercepts_", biases)):
        if len(arrays) != fitted:
            raise ValueError(
                f"{name} must have an array for each layer of weights, one fewer than "
                f"n_layers_={n_layers!r}; got {len(arrays)}. {REMEDY}"
            )


def _check_shapes(
    estimator: Any, weights: list[FloatArray], biases: list[FloatArray]
) -> None:
    """Raise if an array does not fit its neighbours."""
    fan_in, because = estimator.n_features_in_, "n_features_in_"
    last = len(weights) - 1
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        fan_out: Any = estimator.n_outputs_ if layer == last else "any"
        right = W.ndim == 2 and W.shape[0] == fan_in and W.size > 0
        if not right or fan_out not in ("any", W.shape[1]):
            raise ValueError(
                f"coefs_[{layer}] must have shape ({fan_in}, {fan_out}), with the rows "
                f"that {because} requires{' and n_outputs_ columns' * (layer == last)};"
                f" got {W.shape}. {REMEDY}"
            )
        fan_in, because = W.shape[1], f"coefs_[{layer}]"
        if b.shape != (fan_in,):
            raise ValueError(
                f"intercepts_[{layer}] must have shape ({fan_in},), a number for each "
                f"column of coefs_[{layer}]; got {b.shape}. {REMEDY}"
            )
