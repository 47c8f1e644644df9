"""The compiled engine: trains a run of epochs in one call of C.

The kernel knows layers, activations, losses and optimizers by the `kernel_name` of
their classes; constants go to it by position (`kernel_constants`), scalars by name.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np

from .._network.layer import Arrays, Layer
from .._network.network import Network
from .._network.parameters import Parameters
from .._sklearn import effective_n_threads
from .._types import Features, FloatArray
from ..activations import Activation
from ..losses import ByColumn, Loss
from ..optimizers import Optimizer
from . import kernel
from .protocol import Objective, Run, Samples, Sums, kernel_name

C_TYPES = {np.dtype(np.float32): "float", np.dtype(np.float64): "double"}


def unsupported_reason(
    objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> str | None:
    """Return why the kernel cannot do this work; None if it can."""
    if not isinstance(X, np.ndarray):
        return "X is sparse, and it takes dense X only"
    if X.dtype not in C_TYPES:
        return f"X has dtype {X.dtype}, and it takes float32 and float64 only"
    if not X.flags.aligned:
        return "X is not aligned in memory"
    if len(objective.network.layers) > kernel.MOST_LAYERS:
        return f"it takes fewer than {kernel.MOST_LAYERS} hidden layers"
    loss = objective.loss
    activations = [layer.activation for layer in objective.network.layers]
    for known, parts in (
        (kernel.LOSSES, [loss.loss if isinstance(loss, ByColumn) else loss]),
        (kernel.LAYERS, objective.network.layers),
        (kernel.ACTIVATIONS, [f for f in activations if f is not None]),
        (kernel.OPTIMIZERS, [] if optimizer is None else [optimizer]),
    ):
        for part in parts:
            if kernel_name(part) not in known:
                return f"it has no {part!r}"
    return None


def raw_outputs(network: Network, layers: Sequence[Arrays], X: Features) -> FloatArray:
    """Return the outputs of the last layer, of shape (n_samples, n_outputs)."""
    n_samples, dtype = X.shape[0], layers[-1][0].dtype
    outputs = np.empty((n_samples, network.layers[-1].n_outputs), dtype)
    n_threads = 1 if n_samples == 1 else effective_n_threads()
    run = _specialised(kernel.raw_outputs, X, outputs)
    run(_plan_of_network(network), X, layers, outputs, n_threads)
    return outputs


def sums(objective: Objective, parameters: Parameters, samples: Samples) -> Sums:
    """Return the loss and its gradient, summed over all samples, without dropout."""
    run = _specialised(kernel.sums, samples.X, parameters.vector)
    plan, n_threads = _plan(objective), effective_n_threads()
    return Sums(*run(plan, samples.X, *_targets(samples), parameters.vector, n_threads))


def train_epochs(
    objective: Objective,
    parameters: Parameters,
    optimizer: Optimizer[Any],
    state: Any,
    samples: Samples,
    run: Run,
) -> None:
    """Train for a run of epochs, changing parameters and state in place."""
    losses, norms, t, error = _specialised(
        kernel.train_epochs, samples.X, parameters.vector
    )(
        _plan(objective),
        samples.X,
        *_targets(samples),
        run.rows,
        parameters.vector,
        run.batch_size,
        *_optimizer(optimizer, state),
        np.array(run.learning_rates),
        vars(run.rule),
        run.dropout_seed,
        run.first_epoch,
        effective_n_threads(),
    )
    run.losses += losses
    run.gradient_norms += norms
    if hasattr(state, "t"):
        state.t = t
    if error is not None:
        raise error


def _specialised(function: Any, X: Features, parameters: FloatArray) -> Any:
    """Return the version of a kernel's function for these precisions."""
    return function[C_TYPES[X.dtype], C_TYPES[parameters.dtype]]


def _cached(make: Callable[[Any], kernel.Plan]) -> Callable[[Any], kernel.Plan]:
    """Keep the plans that a function makes; they never change once they are made.

    The last one is found by the identity of its argument, which is usually passed again
    and costs a few microseconds to hash; the others by value.
    """
    by_value = lru_cache(maxsize=64)(make)
    last: tuple[object, Any] = (None, None)

    def plan(argument: Any) -> kernel.Plan:
        nonlocal last
        known, result = last
        if known is not argument:
            result = by_value(argument)
            last = argument, result
        return result

    return plan


@_cached
def _plan(objective: Objective) -> kernel.Plan:
    """Return an objective in the form of the kernel."""
    layers = _layers(objective.network)
    loss = _loss(objective.loss, objective.network.layers[-1].n_outputs)
    return kernel.Plan(layers, loss, objective.alpha, objective.l1)


@_cached
def _plan_of_network(network: Network) -> kernel.Plan:
    """Return a network in the form of the kernel, for raw outputs."""
    return kernel.Plan(_layers(network))


def _layers(network: Network) -> list[tuple[Any, ...]]:
    starts = {(slot.layer, slot.number): slot.start for slot in network.slots}
    return [
        _layer(layer, [starts[number, index] for index in range(len(layer.parts))])
        for number, layer in enumerate(network.layers)
    ]


def _layer(layer: Layer, starts: Sequence[int]) -> tuple[Any, ...]:
    """Return a layer in the form of the kernel; its parts have these offsets."""
    parts = [
        (part.shape, start, part.rate, part.decays, part.penalised)
        for part, start in zip(layer.parts, starts, strict=True)
    ]
    activation = _activation(layer.activation)
    sizes = layer.n_inputs, layer.n_outputs
    columns = getattr(layer, "columns", ())
    return layer.kernel_name, *sizes, activation, layer.dropout, parts, columns


def _activation(activation: Activation | None) -> tuple[str, tuple[float, ...]]:
    if activation is None:
        return "IDENTITY", ()
    return kernel_name(activation), _constants(activation)


def _loss(loss: Loss, n_outputs: int) -> tuple[str, tuple[float, ...], tuple[int, ...]]:
    """Return its name, its constants, and the number of outputs of each column."""
    if isinstance(loss, ByColumn):
        return *_loss(loss.loss, n_outputs)[:2], loss.sizes
    return kernel_name(loss), _constants(loss), (n_outputs,)


def _constants(part: Any) -> tuple[float, ...]:
    return part.kernel_constants


def _optimizer(
    optimizer: Any, state: Any
) -> tuple[str, dict[str, float], list[FloatArray], int]:
    """Return the name, the hyperparameters, the arrays of state and the step count."""
    hyperparameters = {
        field.name: getattr(optimizer, field.name) for field in fields(optimizer)
    }
    slots = [getattr(state, name) for name in optimizer.slots]
    return kernel_name(optimizer), hyperparameters, slots, getattr(state, "t", 0)


def _targets(
    samples: Samples,
) -> tuple[FloatArray | None, FloatArray | None, FloatArray | None]:
    """Return class indicators, numeric targets and sample weights; None if absent."""
    y = samples.y
    if y.dtype == bool:
        return y.view(np.uint8), None, samples.sample_weight
    return None, y, samples.sample_weight
