"""Fitted attributes, checked before they are used.

They are plain: users edit them, and files contain them. If they do not fit together, an
error names the attribute. Unusual but valid arrays are accepted, such as weights of
float16 or in Fortran order.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .._network.layer import Arrays, Layer
from .._network.parameters import Parameters
from .._types import FloatArray

REMEDY = "Set it back, or call fit."


def arrays(estimator: Any) -> list[Arrays]:
    """Return the arrays of each layer of a fitted estimator, in one precision."""
    if _is_sound(estimator):
        weights, biases = estimator.coefs_, estimator.intercepts_
        return [*_before_dense(estimator), *zip(weights, biases, strict=True)]
    weights = _arrays(estimator, "coefs_")
    biases = _arrays(estimator, "intercepts_")
    before = _input_arrays(estimator)
    _check_number(estimator, weights, biases)
    _check_shapes(estimator, weights, biases)
    layers = [*before, *zip(weights, biases, strict=True)]
    dtype = _precision([array for layer in layers for array in layer])
    return [[array.astype(dtype, copy=False) for array in layer] for layer in layers]


def input_parameters(parameters: Parameters) -> list[dict[str, FloatArray]]:
    """Return `input_parameters_`: the arrays of each input layer by their roles."""
    layers = zip(parameters.network.input_layers, parameters.layers, strict=False)
    return [
        {part.role: array for part, array in zip(layer.parts, its_arrays, strict=True)}
        for layer, its_arrays in layers
    ]


def _before_dense(estimator: Any) -> list[Arrays]:
    """Return the arrays of each input layer, known to be sound."""
    layers = estimator._objective.network.input_layers
    return [
        [learned[part.role] for part in layer.parts]
        for layer, learned in zip(layers, estimator.input_parameters_, strict=True)
    ]


def _is_sound(estimator: Any) -> bool:
    """Return True if all is as `fit` leaves it; fast, as predicting a row is."""
    weights, biases = estimator.coefs_, getattr(estimator, "intercepts_", None)
    if type(weights) is not list or type(biases) is not list:
        return False
    network, n_layers = estimator._objective.network, len(weights)
    before = network.input_layers
    if not 0 < n_layers == len(biases) == len(network.layers) - len(before):
        return False
    if estimator.n_layers_ != n_layers + 1:
        return False
    fan_in, dtype = estimator.n_features_in_, np.asarray(weights[0]).dtype
    learned = getattr(estimator, "input_parameters_", None)
    if type(learned) is not list or len(learned) != len(before):
        return False
    if before:
        if fan_in != before[0].n_inputs or not _fit_layers(learned, before, dtype):
            return False
        fan_in = before[-1].n_outputs
    for W, b in zip(weights, biases, strict=True):
        if not (type(W) is type(b) is np.ndarray and W.dtype is b.dtype is dtype):
            return False
        if W.ndim != 2 or W.shape[0] != fan_in or b.shape != W.shape[1:]:
            return False
        fan_in = W.shape[1]
        if not fan_in:
            return False
    return dtype.char in "fd" and dtype.isnative and fan_in == estimator.n_outputs_


def _fit_layers(learned: list[Any], layers: tuple[Layer, ...], dtype: np.dtype) -> bool:
    """Return True if these are dicts of the arrays that input layers have."""
    for layer, by_role in zip(layers, learned, strict=True):
        if type(by_role) is not dict or len(by_role) != len(layer.parts):
            return False
        for part in layer.parts:
            array = by_role.get(part.role)
            if type(array) is not np.ndarray or array.dtype is not dtype:
                return False
            if array.shape != part.shape:
                return False
    return True


def _arrays(estimator: Any, name: str) -> list[FloatArray]:
    """Return an attribute as a list of arrays of real numbers."""
    given = getattr(estimator, name, None)
    if not isinstance(given, Iterable):
        raise ValueError(
            f"{name} must be a list of arrays, one for each layer of weights; got "
            f"{given!r}. {REMEDY}"
        )
    return [_array(one, f"{name}[{layer}]") for layer, one in enumerate(given)]


def _input_arrays(estimator: Any) -> list[Arrays]:
    """Return the arrays of each input layer, checked."""
    given = getattr(estimator, "input_parameters_", None)
    layers = estimator._objective.network.input_layers
    if not isinstance(given, Sequence) or len(given) != len(layers):
        got = f"{len(given)} of them" if isinstance(given, list) else repr(given)
        raise ValueError(
            f"input_parameters_ must be a list of {len(layers)} dicts, one for each "
            f"input layer that fit built; got {got}. {REMEDY}"
        )
    if layers and estimator.n_features_in_ != layers[0].n_inputs:
        raise ValueError(
            f"n_features_in_ must be {layers[0].n_inputs}, the inputs of the first "
            f"input layer; got {estimator.n_features_in_!r}. {REMEDY}"
        )
    return [
        _arrays_of(layer, one, f"input_parameters_[{number}]")
        for number, (layer, one) in enumerate(zip(layers, given, strict=True))
    ]


def _arrays_of(layer: Layer, given: Any, name: str) -> Arrays:
    """Return the arrays of an input layer in the order of its parts."""
    roles = [part.role for part in layer.parts]
    if not isinstance(given, Mapping) or set(given) != set(roles):
        got = list(given) if isinstance(given, Mapping) else repr(given)
        raise ValueError(
            f"{name} must be a dict of arrays with the keys {roles}; got {got}. "
            f"{REMEDY}"
        )
    arrays = [_array(given[role], f"{name}[{role!r}]") for role in roles]
    for part, array in zip(layer.parts, arrays, strict=True):
        if array.shape != part.shape:
            raise ValueError(
                f"{name}[{part.role!r}] must have shape {part.shape}, as after fit; "
                f"got {array.shape}. {REMEDY}"
            )
    return arrays


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
    n_layers, network = estimator.n_layers_, estimator._objective.network
    fitted = len(network.layers) - network.n_input_layers
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
    before = estimator._objective.network.input_layers
    if before:
        fan_in, because = before[-1].n_outputs, "the last input layer"
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
