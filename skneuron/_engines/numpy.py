"""The NumPy engine: a batch at a time. The reference that others are held to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, cast

import numpy as np

from .._network.parameters import Parameters
from .._types import Features, FloatArray
from ..optimizers import Optimizer, weight_decay
from .protocol import Objective, Run, Samples, as_dtype
from .threefry import masks

# Rows at a time: arrays of some hundred kilobytes stay in the cache, and are not given
# back to the system after each use.
TRAIN_ROWS = 256
PREDICT_ROWS = 1024

Masks = Iterable[FloatArray | None]
"""For each hidden layer what dropout multiplies its outputs by, None for by one."""


def unsupported_reason(
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
        zs, *_ = _forward(objective, weights, biases, as_dtype(X[chunk], dtype))
        outputs[chunk] = zs[-1]
    return outputs


def loss_and_gradient(
    objective: Objective, parameters: Parameters, samples: Samples
) -> tuple[float, FloatArray]:
    """Return the objective over all samples, and its gradient as a vector."""
    gradient = Parameters.zeros(parameters.layer_sizes, samples.dtype)
    value = _backpropagate(
        objective, parameters, gradient, samples.X, samples.y, samples.sample_weight
    )
    return value, gradient.vector


def train_epochs(
    objective: Objective,
    parameters: Parameters,
    optimizer: Optimizer[Any],
    state: Any,
    samples: Samples,
    run: Run,
) -> None:
    """Train for a run of epochs, changing parameters and state in place."""
    gradient = Parameters.zeros(parameters.layer_sizes, samples.dtype)
    for number in range(len(run.learning_rates)):
        loss, norm = _train_epoch(
            objective, parameters, gradient, optimizer, state, samples, run, number
        )
        run.losses.append(loss)
        run.gradient_norms.append(norm)
        if not (np.isfinite(loss) and np.isfinite(parameters.vector).all()):
            return


def _train_epoch(
    objective: Objective,
    parameters: Parameters,
    gradient: Parameters,
    optimizer: Optimizer[Any],
    state: Any,
    samples: Samples,
    run: Run,
    number: int,
) -> tuple[float, float]:
    """Return the loss, and the norm of the gradient at the last step."""
    learning_rate, decay = run.learning_rates[number], weight_decay(optimizer)
    hidden_sizes = parameters.layer_sizes[1:-1]
    key = run.dropout_seed, run.first_epoch + number
    draw = partial(masks, objective.dropout, hidden_sizes, key, samples.dtype)
    total, n_seen, norm = 0.0, 0, np.nan
    for start, is_last, (X, y, sample_weight) in _batches(samples, run, number):
        if sample_weight is not None and not sample_weight.any():
            continue
        value = _backpropagate(
            objective,
            parameters,
            gradient,
            X,
            y,
            sample_weight,
            draw if objective.dropout else None,
            start,
        )
        if run.max_grad_norm < np.inf or is_last:
            norm = _norm(gradient.vector)
        if norm > run.max_grad_norm:
            gradient.vector *= run.max_grad_norm / norm
        if decay:
            parameters.all_weights *= 1 - learning_rate * decay
        optimizer.update(parameters.vector, gradient.vector, state, learning_rate)
        if objective.l1:
            scale = cast(Any, optimizer).proximal_scale(state, learning_rate)
            _shrink(
                parameters.all_weights,
                scale * (objective.l1 / _weight_sum(X, sample_weight)),
            )
        total += value * X.shape[0]
        n_seen += X.shape[0]
    return total / n_seen, norm


def _batches(
    samples: Samples, run: Run, number: int
) -> Iterator[tuple[int, bool, tuple[Features, FloatArray, FloatArray | None]]]:
    """Yield an epoch's batches: place of the first row, whether it is the last, rows.

    Copied only where rows are picked.
    """
    rows = None if run.rows is None else run.rows[number]
    n_rows = samples.X.shape[0] if rows is None else len(rows)
    if rows is None and run.batch_size >= n_rows:
        yield 0, True, samples.all()
        return
    for start in range(0, n_rows, run.batch_size):
        batch = slice(start, min(start + run.batch_size, n_rows))
        picked = samples.batch(batch if rows is None else rows[batch])
        yield start, batch.stop == n_rows, picked


def _forward(
    objective: Objective,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
    masks: Masks = (),
) -> tuple[list[FloatArray], list[FloatArray], list[Features]]:
    """Return of every layer z and a = f(z), without the last, and the inputs.

    The input of the first layer is X, that of others the a before them, masked.
    """
    zs: list[FloatArray] = []
    outputs: list[FloatArray] = []
    inputs: list[Features] = [X]
    factors = iter(masks)
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = inputs[layer] @ W
        z += b
        zs.append(z)
        if layer < len(objective.activations):
            a = objective.activations[layer].value(z)
            mask = next(factors, None)
            outputs.append(a)
            inputs.append(a if mask is None else a * mask)
    return zs, outputs, inputs


def _backpropagate(
    objective: Objective,
    parameters: Parameters,
    gradient: Parameters,
    X: Features,
    y: FloatArray,
    sample_weight: FloatArray | None,
    draw: Callable[[slice], Masks] | None = None,
    first_place: int = 0,
) -> float:
    """Return the objective over a batch; write its gradient into gradient.

    Draw gives the masks of dropout by the samples' places in the epoch, of which that
    of the batch's first sample is given.
    """
    n_samples, value = X.shape[0], 0.0
    gradient.vector[:] = 0
    for start in range(0, n_samples, TRAIN_ROWS):
        rows = slice(start, min(start + TRAIN_ROWS, n_samples))
        places = slice(first_place + rows.start, first_place + rows.stop)
        value += _add_gradient(
            objective,
            parameters,
            gradient,
            as_dtype(X[rows], gradient.vector.dtype),
            y[rows],
            None if sample_weight is None else sample_weight[rows],
            [] if draw is None else list(draw(places)),
        )

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
    return float(
        X.shape[0] if sample_weight is None else sample_weight.sum(dtype=float)
    )


def _norm(vector: FloatArray) -> float:
    """Return the Euclidean norm, whose squares would overflow in float32."""
    return float(np.linalg.norm(vector.astype(np.float64, copy=False)))


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
    masks: Sequence[FloatArray | None],
) -> float:
    """Return the sum of the losses; add its gradient to gradient."""
    # forward
    weights, biases = parameters.weights, parameters.biases
    zs, outputs, inputs = _forward(objective, weights, biases, X, masks)
    value, delta = objective.loss.value_and_gradient(zs[-1], y, sample_weight)

    # backward: delta is the derivative of the loss by a layer's z
    for layer in range(len(zs) - 1, -1, -1):
        gradient.weights[layer] += inputs[layer].T @ delta
        if objective.fit_intercept:
            gradient.biases[layer] += delta.sum(axis=0)
        if layer > 0:
            delta = delta @ weights[layer].T
            if masks and (mask := masks[layer - 1]) is not None:
                delta *= mask
            activation = objective.activations[layer - 1]
            delta *= activation.derivative(zs[layer - 1], outputs[layer - 1])
    return value
