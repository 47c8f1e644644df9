"""Conversion between networks of neurons and estimators.

The weights of an estimator are matrices, one for each layer; a network has neurons.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .._estimators.classifier import NeuronClassifier
from .._estimators.regressor import NeuronRegressor
from ..activations import ACTIVATIONS
from ..losses import CLASSIFICATION_LOSSES, REGRESSION_LOSSES
from . import losses
from .checks import numbers
from .losses import LOSSES, Loss
from .names import Names
from .neuron import Neuron


@dataclass(frozen=True)
class Matrices:
    """A network as one matrix of weights for each layer.

    Attributes
    ----------
    layers : list of (weights, biases, activation)
        The weights have shape (fan_in, fan_out), as in `coefs_`.
    softmax : bool
        True if a softmax follows the last layer.
    """

    layers: list[tuple[np.ndarray, np.ndarray, str]]
    softmax: bool


def to_neurons(matrices: Matrices) -> list[list[Neuron]]:
    """Return the neurons of each layer: one for each column of its weights."""
    return [
        [
            Neuron(w, b, activation)
            for w, b in zip(weights.T.tolist(), biases.tolist(), strict=True)
        ]
        for weights, biases, activation in matrices.layers
    ]


def to_matrices(layers: list[list[Neuron]], names: Names, softmax: bool) -> Matrices:
    """Return the weights and biases of each layer's neurons as arrays."""
    return Matrices(
        [
            (
                np.array([neuron.weights for neuron in neurons]).T,
                np.array([neuron.bias for neuron in neurons]),
                _common_activation(neurons, neuron_names),
            )
            for neurons, neuron_names in zip(layers, names.neurons, strict=True)
        ],
        softmax,
    )


def _common_activation(neurons: list[Neuron], names: list[str]) -> str:
    """Return the activation of a layer, an error if its neurons have several."""
    activations = {neuron.activation for neuron in neurons}
    if len(activations) > 1:
        raise ValueError(
            "An estimator has one activation for a layer, but the neurons "
            f"{', '.join(names)} have {', '.join(sorted(activations))}."
        )
    return activations.pop()


def check_network(estimator: Any) -> None:
    """Raise an error unless this is the fitted estimator of a network."""
    if not hasattr(estimator, "hidden_layer_sizes"):
        raise TypeError(
            "estimator must be a fitted NeuronClassifier or NeuronRegressor, got "
            f"{type(estimator).__name__}. Of a pipeline, pass the last step: "
            "pipeline[-1]."
        )
    check_is_fitted(estimator)
    if hasattr(estimator, "estimators_"):
        raise TypeError(
            f"{type(estimator).__name__} has {len(estimator.estimators_)} networks: "
            "pass one of them, such as estimators_[0]."
        )


def read_estimator(estimator: Any) -> Matrices:
    """Return the weights, biases and activations of a fitted estimator."""
    activations = read_activations(estimator)
    if getattr(estimator, "input_parameters_", []):
        raise ValueError(
            "A network of neurons has dense layers only, but this estimator has "
            f"input_layers={estimator.input_layers!r} before its first neurons. Fit "
            "it with input_layers=None."
        )
    layers = zip(estimator.coefs_, estimator.intercepts_, activations, strict=True)
    return Matrices(list(layers), estimator.out_activation_ == "softmax")


def read_activations(estimator: Any) -> list[str]:
    """Return the name of the activation of each layer of a fitted estimator.

    The last one is 'identity' if a softmax follows.
    """
    check_network(estimator)
    n_hidden = len(estimator.coefs_) - 1
    activation, last = estimator.activation, estimator.out_activation_
    several = isinstance(activation, Iterable) and not isinstance(activation, str)
    hidden = list(activation) if several else [activation] * n_hidden
    hidden = [_activation_name(f) for f in hidden]
    _check_known(estimator, hidden)
    return [*hidden, "identity" if last == "softmax" else last]


def _check_known(estimator: Any, hidden: list[Any]) -> None:
    """Raise an error if this package has no formula for a part of the estimator."""
    last = estimator.out_activation_
    unknown = [f for f in hidden if not isinstance(f, str)]
    if _loss_name(estimator.loss) is None:
        unknown.append(estimator.loss)
    if unknown:
        raise ValueError(
            "A teaching network needs the formulas of its parts, and has none for "
            f"{unknown[0]!r}. It knows the activations and losses that have a name."
        )
    if last == "increasing" or isinstance(getattr(estimator, "classes_", None), list):
        raise ValueError(
            "A teaching network has one loss for all its outputs, but this estimator "
            "has several quantiles or several columns of classes. Fit it with one."
        )


def _activation_name(activation: Any) -> Any:
    """Return the name that stands for an activation, or itself if there is none."""
    names = (name for name, known in ACTIVATIONS.items() if known == activation)
    return activation if isinstance(activation, str) else next(names, activation)


def _loss_name(loss: Any) -> str | None:
    """Return the name that stands for a loss, whatever its constants."""
    known = {**CLASSIFICATION_LOSSES, **REGRESSION_LOSSES}
    names = (name for name, kind in known.items() if type(loss) is kind)
    return loss if isinstance(loss, str) else next(names, None)


def build_estimator(matrices: Matrices, params: dict[str, Any]) -> Any:
    """Return an estimator with these weights and biases, without training it."""
    weights, biases, activations = zip(*matrices.layers, strict=True)
    n_features, n_outputs = weights[0].shape[0], weights[-1].shape[1]
    last = activations[-1]
    network: dict[str, Any] = {
        "hidden_layer_sizes": tuple(W.shape[1] for W in weights[:-1]),
        "activation": list(activations[:-1]) or "identity",
    }
    if matrices.softmax:
        y = np.arange(n_outputs)
        network["out_activation"] = "softmax" if n_outputs == 2 else "auto"
    elif last == "logistic":
        y = np.array([0, 1]) if n_outputs == 1 else np.eye(2, n_outputs, dtype=int)
    elif last in ("identity", "exp"):
        y = np.ones((1, n_outputs))
        network["loss"] = "squared_error" if last == "identity" else "poisson"
    else:
        raise ValueError(
            "An estimator's outputs are 'logistic', 'identity', 'exp' or a softmax, "
            f"but this network's have the activation {last!r}."
        )
    kind = (
        NeuronClassifier if matrices.softmax or last == "logistic" else NeuronRegressor
    )
    estimator = kind(**{**network, **params})
    return estimator.initialize(
        np.zeros((len(y), n_features)),
        y.ravel() if y.shape[-1] == 1 else y,
        coefs_init=weights,
        intercepts_init=biases,
    )


def loss_of(estimator: Any) -> Loss:
    """Return the loss that a fitted estimator minimised."""
    name, link = _loss_name(estimator.loss), estimator.out_activation_
    own = estimator if isinstance(estimator.loss, str) else estimator.loss
    if name == "log_loss":
        return losses.SOFTMAX_LOG_LOSS if link == "softmax" else LOSSES["log_loss"]
    if name == "squared_error":
        return LOSSES["half_mse"]
    by_name: dict[str | None, Callable[[], Loss]] = {
        "absolute_error": losses.absolute_error,
        "huber": lambda: losses.huber(own.delta),
        "quantile": lambda: losses.quantile(own.quantile),
        "poisson": losses.poisson,
        "gamma": losses.gamma,
    }
    return by_name[name]()


def target_of(estimator: Any, y: Any) -> list[float]:
    """Return the target of each output of a fitted estimator, for one sample's y."""
    n_outputs = estimator.n_outputs_
    if np.ndim(y) > 0:  # several numbers, or one indicator for each label
        return numbers(y, "y", n_outputs)
    if not hasattr(estimator, "classes_"):
        return numbers([y], "y", n_outputs)
    if y not in estimator.classes_:
        raise ValueError(
            f"y must be one of the classes {list(estimator.classes_)}, got {y!r}."
        )
    ones = [float(c == y) for c in estimator.classes_]
    own = estimator if isinstance(estimator.loss, str) else estimator.loss
    smoothing = getattr(own, "label_smoothing", 0.0)
    smoothed = [(1 - smoothing) * one + smoothing / len(ones) for one in ones]
    if estimator.out_activation_ == "softmax":
        return smoothed
    return smoothed[1:] or [0.0]  # a single class has one output, with target 0
