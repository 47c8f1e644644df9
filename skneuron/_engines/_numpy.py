"""The NumPy engine: a batch at a time. The reference that others are held to."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np

from .._parameters import Parameters
from .._types import Features, FloatArray, IndexArray
from ..optimizers import Optimizer, weight_decay
from ._protocol import Objective, Samples, as_dtype

# Rows at a time: arrays of some hundred kilobytes stay in the cache, and are not given
# back to the system after each use.
TRAIN_ROWS = 256
PREDICT_ROWS = 8192


def obstacle(
    objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> None:
    """Return None: what no other engine does, this one does."""


def raw_outputs(
    objective: Objective,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
) -> FloatArray:
    """Return z of the last layer, of shape (n_samples, n_outputs)."""
    n_samples, dtype = X.shape[0], weights[0].dtype
    outputs = np.empty((n_samples, weights[-1].shape[1]), dtype)
    for start in range(0, n_samples, PREDICT_ROWS):
        chunk = slice(start, start + PREDICT_ROWS)
        *_, z = _forward(objective, weights, biases, as_dtype(X[chunk], dtype))[0]
        outputs[chunk] = z
    return outputs


def loss_and_gradient(
    objective: Objective, parameters: Parameters, samples: Samples
) -> tuple[float, FloatArray]:
    """Return the objective over all samples, and its gradient as a vector."""
    gradient = Parameters.zeros(parameters.layer_sizes, samples.dtype)
    value = _backpropagate(objective, parameters, gradient, *samples.all())
    return value, gradient.vector


def train_epochs(
    objective: Objective,
    parameters: Parameters,
    optimizer: Optimizer[Any],
    state: Any,
    samples: Samples,
    rows: IndexArray | None,
    batch_size: int,
    learning_rates: Sequence[float],
    losses: list[float],
    max_grad_norm: float = np.inf,
) -> None:
    """Train for a run of epochs, changing parameters and state in place."""
    gradient = Parameters.zeros(parameters.layer_sizes, samples.dtype)
    decay = weight_decay(optimizer)
    for number, learning_rate in enumerate(learning_rates):
        total, n_seen = 0.0, 0
        epoch_rows = None if rows is None else rows[number]
        for X, y, sample_weight in _batches(samples, epoch_rows, batch_size):
            if sample_weight is not None and not sample_weight.any():
                continue
            value = _backpropagate(objective, parameters, gradient, X, y, sample_weight)
            if max_grad_norm < np.inf:
                norm = float(np.linalg.norm(gradient.vector))
                if norm > max_grad_norm:
                    gradient.vector *= max_grad_norm / norm
            if decay:
                parameters.all_weights *= 1 - learning_rate * decay
            optimizer.update(parameters.vector, gradient.vector, state, learning_rate)
            if objective.l1:
                reach = cast(Any, optimizer).reach(state, learning_rate)
                _shrink(
                    parameters.all_weights,
                    reach * (objective.l1 / _weight_sum(X, sample_weight)),
                )
            total += value * X.shape[0]
            n_seen += X.shape[0]
        losses.append(total / n_seen)
        if not (np.isfinite(losses[-1]) and np.isfinite(parameters.vector).all()):
            return


def _batches(
    samples: Samples, rows: IndexArray | None, batch_size: int
) -> Iterator[tuple[Features, FloatArray, FloatArray | None]]:
    """Yield the rows, batch_size at a time; copied only where they are picked."""
    n_rows = samples.X.shape[0] if rows is None else len(rows)
    if rows is None and batch_size >= n_rows:
        yield samples.all()
        return
    for start in range(0, n_rows, batch_size):
        batch = slice(start, min(start + batch_size, n_rows))
        yield samples.batch(batch if rows is None else rows[batch])


def _forward(
    objective: Objective,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
) -> tuple[list[FloatArray], list[Features]]:
    """Return every layer's z, and every layer's input a, where a[0] is X."""
    zs: list[FloatArray] = []
    inputs: list[Features] = [X]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = inputs[layer] @ W
        z += b
        zs.append(z)
        if layer < len(objective.activations):
            inputs.append(objective.activations[layer].value(z))
    return zs, inputs


def _backpropagate(
    objective: Objective,
    parameters: Parameters,
    gradient: Parameters,
    X: Features,
    y: FloatArray,
    sample_weight: FloatArray | None,
) -> float:
    """Return the objective over a batch; write its gradient into gradient."""
    n_samples, value = X.shape[0], 0.0
    gradient.vector[:] = 0
    for start in range(0, n_samples, TRAIN_ROWS):
        rows = slice(start, start + TRAIN_ROWS)
        w = None if sample_weight is None else sample_weight[rows]
        value += _add_gradient(objective, parameters, gradient, X[rows], y[rows], w)

    # the penalty, and the mean instead of the sum
    W = parameters.all_weights
    weight_sum = _weight_sum(X, sample_weight)
    gradient.all_weights += objective.alpha * W
    gradient.vector /= weight_sum
    penalty = 0.5 * objective.alpha * float(W @ W)
    if objective.l1:
        penalty += objective.l1 * float(np.abs(W).sum())
    return (value + penalty) / weight_sum


def _weight_sum(X: Features, sample_weight: FloatArray | None) -> float:
    return float(X.shape[0] if sample_weight is None else sample_weight.sum())


def _shrink(weights: FloatArray, thresholds: Any) -> None:
    """Draw weights towards zero, and to zero those that are nearer."""
    if np.ndim(thresholds):
        thresholds = thresholds[: weights.size]
    weights[:] = np.sign(weights) * np.maximum(np.abs(weights) - thresholds, 0)


def _add_gradient(
    objective: Objective,
    parameters: Parameters,
    gradient: Parameters,
    X: Features,
    y: FloatArray,
    sample_weight: FloatArray | None,
) -> float:
    """Return the sum of the losses; add its gradient to gradient."""
    # forward
    zs, inputs = _forward(objective, parameters.weights, parameters.biases, X)
    value, delta = objective.loss.value_and_gradient(zs[-1], y, sample_weight)

    # backward: delta is the derivative of the loss by a layer's z
    for layer in range(len(zs) - 1, -1, -1):
        gradient.weights[layer] += inputs[layer].T @ delta
        if objective.fit_intercept:
            gradient.biases[layer] += delta.sum(axis=0)
        if layer > 0:
            delta = delta @ parameters.weights[layer].T
            activation = objective.activations[layer - 1]
            delta *= activation.derivative(zs[layer - 1], inputs[layer])
    return value
