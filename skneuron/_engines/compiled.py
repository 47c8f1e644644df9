"""The compiled engine: a run of epochs at a time, in C. What runs, where it can."""

from functools import lru_cache
from typing import Any

import numpy as np

from .._network.parameters import Parameters
from .._sklearn import effective_n_threads
from .._types import Features, FloatArray
from ..losses import ByColumn, SquaredError
from ..optimizers import SGD, Optimizer, RMSprop, weight_decay
from . import kernel
from .protocol import Objective, Run, Samples, Sums

# In the order of the enumerations in c/job.h.
ACTIVATION_NAMES = (
    *("IDENTITY", "LOGISTIC", "TANH", "RELU", "LEAKY_RELU", "ELU", "SOFTPLUS", "GELU"),
    *("SILU", "MISH"),
)
LOSS_NAMES = (
    *("BINARY_LOG", "MULTINOMIAL_LOG", "LOGISTIC_SQUARED", "SOFTMAX_SQUARED"),
    *("HALF_SQUARED", "ABSOLUTE", "HUBER", "QUANTILE", "POISSON", "GAMMA"),
    *("BINARY_SMOOTHED", "MULTINOMIAL_SMOOTHED", "QUANTILES"),
)
OPTIMIZER_NAMES = ("NO_OPTIMIZER", "SGD", "ADAM", "RMSPROP")
MOST_LAYERS = 65
C_TYPES = {np.dtype(np.float32): "float", np.dtype(np.float64): "double"}


def unsupported_reason(
    objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> str | None:
    """Say what of this the kernel does not know, or return None."""
    if not isinstance(X, np.ndarray):
        return "X is sparse, and it takes dense X only"
    if X.dtype not in C_TYPES:
        return f"X has dtype {X.dtype}, and it takes float32 and float64 only"
    if not X.flags.aligned:
        return "X is not aligned in memory"
    if len(objective.network.layers) > MOST_LAYERS:
        return f"it takes fewer than {MOST_LAYERS} hidden layers"
    loss = objective.loss
    for known, part in (
        (LOSS_NAMES, loss.loss if isinstance(loss, ByColumn) else loss),
        *((ACTIVATION_NAMES, activation) for activation in _hidden(objective.network)),
        *((OPTIMIZER_NAMES, one) for one in [optimizer] if one is not None),
    ):
        if vars(type(part)).get("kernel_name") not in known:
            return f"it has no {part!r}"
    return None


def _hidden(network: Any) -> list[Any]:
    return [layer.activation for layer in network.layers[:-1]]


def raw_outputs(network: Any, layers: Any, X: Features) -> FloatArray:
    """Return z of the last layer, of shape (n_samples, n_outputs)."""
    arrays = [one[0] for one in layers] + [one[1] for one in layers]
    vector = np.concatenate([a.ravel() for a in arrays])
    run = _specialised(kernel.raw_outputs, X, vector)
    n_threads = 1 if X.shape[0] == 1 else effective_n_threads()
    z = run(_plan(Objective(network, SquaredError(), 0.0)), X, vector, n_threads)
    last = network.layers[-1].activation
    return z if last is None else last.value(z)


def sums(objective: Objective, parameters: Parameters, samples: Samples) -> Sums:
    from dataclasses import replace

    plan = _plan(replace(objective, alpha=0.0, l1=0.0))
    run = _specialised(kernel.loss_and_gradient, samples.X, parameters.vector)
    n_threads = effective_n_threads()
    value, gradient = run(
        plan, samples.X, *_targets(samples), parameters.vector, n_threads
    )
    w = samples.sample_weight
    total = float(samples.X.shape[0] if w is None else w.sum(dtype=float))
    return Sums(value * total, gradient * gradient.dtype.type(total), total)


def train_epochs(
    objective: Objective,
    parameters: Parameters,
    optimizer: Optimizer[Any],
    state: Any,
    samples: Samples,
    run: Run,
) -> None:
    """Train for a run of epochs, changing parameters and state in place."""
    plan = _plan(objective)
    hyperparameters, moments = _optimizer(optimizer, state)
    losses, norms, t, error = _specialised(
        kernel.train_epochs, samples.X, parameters.vector
    )(
        plan,
        samples.X,
        *_targets(samples),
        run.rows,
        parameters.vector,
        run.batch_size,
        hyperparameters,
        np.array(run.learning_rates),
        run.rule.max_grad_norm,
        run.dropout_seed,
        run.first_epoch,
        *moments,
        getattr(state, "t", 0),
        effective_n_threads(),
    )
    run.losses += losses
    run.gradient_norms += norms
    if hasattr(state, "t"):
        state.t = t
    if error is not None:
        raise error


def _specialised(function: Any, X: Features, vector: FloatArray) -> Any:
    """Return the version of a kernel's function for these precisions."""
    return function[C_TYPES[X.dtype], C_TYPES[vector.dtype]]


@lru_cache(maxsize=64)
def _plan(objective: Objective) -> Any:
    """Return the objective in the kernel's codes; plans never change once made."""
    network: Any = objective.network
    return kernel.Plan(
        network.sizes,
        [_activation(a) for a in _hidden(network)],
        _loss(objective.loss, network.sizes[-1]),
        objective.alpha,
        objective.l1,
        network.layers[0].fit_intercept,
        tuple(one.dropout for one in network.layers[:-1]) if objective.dropout else (),
    )


def _optimizer(optimizer: Any, state: Any) -> tuple[dict[str, Any], tuple[Any, Any]]:
    """Return the hyperparameters as the kernel calls them, and the two moments."""
    hyperparameters = {"weight_decay": weight_decay(optimizer), **vars(optimizer)}
    hyperparameters["optimizer"] = OPTIMIZER_NAMES.index(optimizer.kernel_name)
    if isinstance(optimizer, SGD):
        return hyperparameters, (state.velocity, None)
    if isinstance(optimizer, RMSprop):
        return hyperparameters, (state.velocity, state.v)
    return hyperparameters, (state.m, state.v)


def _activation(activation: Any) -> tuple[int, float, float]:
    code = ACTIVATION_NAMES.index(activation.kernel_name)
    return code, *(*activation.kernel_constants, 0.0, 0.0)[:2]


def _loss(loss: Any, n_outputs: int) -> tuple[int, tuple[float, ...], tuple[int, ...]]:
    """Return its code, its constants, and how many outputs each column has."""
    if isinstance(loss, ByColumn):
        code, constants, _ = _loss(loss.loss, n_outputs)
        return code, constants, loss.sizes
    return LOSS_NAMES.index(loss.kernel_name), loss.kernel_constants, (n_outputs,)


def _targets(
    samples: Samples,
) -> tuple[FloatArray | None, FloatArray | None, FloatArray | None]:
    """Return labels, numeric targets and weights, as the kernel takes them."""
    y = samples.y
    if y.dtype == bool:
        return y.view(np.uint8), None, samples.sample_weight
    return None, y, samples.sample_weight
