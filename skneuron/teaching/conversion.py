"""Conversion: between networks and the estimators."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .._estimators.classifier import NeuronClassifier
from .._estimators.regressor import NeuronRegressor
from . import losses
from .checks import numbers
from .losses import LOSSES, Loss


@dataclass(frozen=True)
class Recipe:
    """All that a network is made of.

    Attributes
    ----------
    layers : list of (weights, biases, activation)
        The weights of shape (fan_in, fan_out), as in `coefs_`.
    softmax : bool
        Whether a softmax comes after the last layer.
    """

    layers: list[tuple[np.ndarray, np.ndarray, str]]
    softmax: bool


def check_network(estimator: Any) -> None:
    """Raise what is wrong with what should be a fitted estimator of a network."""
    if not hasattr(estimator, "hidden_layer_sizes"):
        raise TypeError(
            "estimator must be a fitted NeuronClassifier or NeuronRegressor, got "
            f"{type(estimator).__name__}. Of a pipeline, pass the last step: "
            "pipeline[-1]."
        )
    check_is_fitted(estimator)


def read_estimator(estimator: Any) -> Recipe:
    """Return what a fitted estimator's network is made of."""
    check_network(estimator)
    n_hidden = len(estimator.coefs_) - 1
    activation, last = estimator.activation, estimator.out_activation_
    several = isinstance(activation, Iterable) and not isinstance(activation, str)
    hidden = list(activation) if several else [activation] * n_hidden
    _check_known(estimator, hidden)
    softmax = last == "softmax"
    activations = [*hidden, "identity" if softmax else last]
    layers = zip(estimator.coefs_, estimator.intercepts_, activations, strict=True)
    return Recipe(list(layers), softmax)


def _check_known(estimator: Any, hidden: list[Any]) -> None:
    """Raise where the formulas of a part are not known here."""
    last = estimator.out_activation_
    own = [f for f in hidden if not isinstance(f, str)]
    if not isinstance(estimator.loss, str):
        own.append(estimator.loss)
    if own:
        raise ValueError(
            f"A network written out needs the formulas of its parts, but {own[0]!r} is "
            "of your own making. Only activations and losses with a name will do."
        )
    if last == "increasing" or isinstance(getattr(estimator, "classes_", None), list):
        raise ValueError(
            "A network written out has one loss for all its outputs, but this one has "
            "several quantiles, or several columns of classes. Take one of them."
        )


def build_estimator(recipe: Recipe, params: dict[str, Any]) -> Any:
    """Return an estimator that has this network, untrained."""
    weights, biases, activations = zip(*recipe.layers, strict=True)
    n_features, n_outputs = weights[0].shape[0], weights[-1].shape[1]
    last = activations[-1]
    network: dict[str, Any] = {
        "hidden_layer_sizes": tuple(W.shape[1] for W in weights[:-1]),
        "activation": list(activations[:-1]) or "identity",
    }
    if recipe.softmax:
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
    kind = NeuronClassifier if recipe.softmax or last == "logistic" else NeuronRegressor
    estimator = kind(**{**network, **params})
    return estimator.initialize(
        np.zeros((len(y), n_features)),
        y.ravel() if y.shape[-1] == 1 else y,
        coefs_init=weights,
        intercepts_init=biases,
    )


def loss_of(estimator: Any) -> Loss:
    """Return the loss that a fitted estimator was trained by."""
    name, link = estimator.loss, estimator.out_activation_
    if name == "log_loss":
        return losses.SOFTMAX_LOG_LOSS if link == "softmax" else LOSSES["log_loss"]
    if name == "squared_error":
        return LOSSES["half_mse"]
    return {
        "absolute_error": losses.absolute_error,
        "huber": lambda: losses.huber(estimator.delta),
        "quantile": lambda: losses.quantile(estimator.quantile),
        "poisson": losses.poisson,
        "gamma": losses.gamma,
    }[name]()


def target_of(estimator: Any, y: Any) -> list[float]:
    """Return what each output of a fitted estimator should be for the target y."""
    n_outputs = estimator.n_outputs_
    if np.ndim(y) > 0:  # several numbers, or the indicators of several labels
        return numbers(y, "y", n_outputs)
    if not hasattr(estimator, "classes_"):
        return numbers([y], "y", n_outputs)
    if y not in estimator.classes_:
        raise ValueError(
            f"y must be one of the classes {list(estimator.classes_)}, got {y!r}."
        )
    ones = [float(c == y) for c in estimator.classes_]
    smoothing = getattr(estimator, "label_smoothing", 0.0)
    smoothed = [(1 - smoothing) * one + smoothing / len(ones) for one in ones]
    if estimator.out_activation_ == "softmax":
        return smoothed
    return smoothed[1:] or [0.0]  # of a single class the output knows nothing
