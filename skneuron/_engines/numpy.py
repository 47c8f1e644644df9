"""The NumPy engine: trains a batch at a time. The reference for other engines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from .._network.layer import Arrays
from .._network.network import Network
from .._network.parameters import Parameters
from .._types import Features, FloatArray
from ..optimizers import Optimizer, weight_decay
from . import threefry
from .protocol import Objective, Run, Samples, StepRule, Sums, as_dtype

# Rows at a time. Arrays of a few hundred kilobytes stay in the cache, and their memory
# is not returned to the system after each use.
TRAIN_ROWS = 256
PREDICT_ROWS = 1024

Batch: TypeAlias = tuple[Features, FloatArray, FloatArray | None]
"""X, y and sample_weight of some rows, in the precision of training."""

Dropout: TypeAlias = tuple[tuple[int, int], int]
"""The key of the masks, and the position of a batch's first sample in the epoch."""

Masks: TypeAlias = Iterable[FloatArray | None]
"""The factors for the outputs of each layer; None stands for ones."""


def unsupported_reason(
    objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> None:
    """Return None: this engine can do all work."""


def raw_outputs(network: Network, layers: Sequence[Arrays], X: Features) -> FloatArray:
    """Return the outputs of the last layer, of shape (n_samples, n_outputs)."""
    n_samples, dtype = X.shape[0], layers[-1][0].dtype
    outputs = np.empty((n_samples, network.sizes[-1]), dtype)
    for start in range(0, n_samples, PREDICT_ROWS):
        chunk = slice(start, start + PREDICT_ROWS)
        outputs[chunk] = network.forward(layers, as_dtype(X[chunk], dtype))[-1].outputs
    return outputs


def sums(objective: Objective, parameters: Parameters, samples: Samples) -> Sums:
    """Return the loss and its gradient, summed over all samples, without dropout."""
    gradient = Parameters.zeros(parameters.network, samples.dtype)
    batch = samples.X, samples.y, samples.sample_weight
    return _sums(objective, parameters, gradient, batch)


def train_epochs(
    objective: Objective,
    parameters: Parameters,
    optimizer: Optimizer[Any],
    state: Any,
    samples: Samples,
    run: Run,
) -> None:
    """Train for a run of epochs, changing parameters and state in place."""
    step = _Step(objective, parameters, optimizer, state, run.rule)
    for number in range(len(run.learning_rates)):
        loss, norm = _train_epoch(step, samples, run, number)
        run.losses.append(loss)
        run.gradient_norms.append(norm)
        if not (np.isfinite(loss) and np.isfinite(parameters.vector).all()):
            return


def _train_epoch(
    step: "_Step", samples: Samples, run: Run, number: int
) -> tuple[float, float]:
    """Return the loss, and the norm of the gradient at the last step."""
    key = run.dropout_seed, run.first_epoch + number
    rate, draws = run.learning_rates[number], step.objective.dropout
    total, n_seen, norm = 0.0, 0, np.nan
    for start, is_last, batch in _batches(samples, run, number):
        X, _, sample_weight = batch
        if sample_weight is not None and not sample_weight.any():
            continue
        value, norm = step(
            batch, rate, dropout=(key, start) if draws else None, measure_norm=is_last
        )
        total += value * X.shape[0]
        n_seen += X.shape[0]
    return total / n_seen, norm


class _Step:
    """A step of an optimizer along the gradient of a batch."""

    def __init__(
        self,
        objective: Objective,
        parameters: Parameters,
        optimizer: Optimizer[Any],
        state: Any,
        rule: StepRule,
    ) -> None:
        self.objective = objective
        self.parameters = parameters
        self.gradient = Parameters.zeros(parameters.network, parameters.vector.dtype)
        self.optimizer = optimizer
        self.state = state
        self.rule = rule
        rates = parameters.network.rates
        self.factors: Any = (
            None if rates is None else rates.astype(parameters.vector.dtype)
        )

    def __call__(
        self,
        batch: Batch,
        rate: float,
        *,
        dropout: Dropout | None,
        measure_norm: bool,
    ) -> tuple[float, float]:
        """Return the objective before the step, and the gradient's norm or NaN."""
        objective, gradient = self.objective, self.gradient.vector
        gradient[:] = 0
        totals = _sums(objective, self.parameters, self.gradient, batch, dropout)
        value, _ = objective.normalise(totals, self.parameters.vector)
        clips = self.rule.clips
        norm = _norm(gradient) if clips or measure_norm else np.nan
        if clips and (scale := self.rule.scale(norm)) != 1:
            gradient *= scale
        self._move(rate, totals.weight)
        return value, norm

    def _move(self, rate: float, weight_sum: float) -> None:
        vector, decay = self.parameters.vector, weight_decay(self.optimizer)
        network, l1 = self.parameters.network, self.objective.l1
        rates = rate if self.factors is None else rate * self.factors
        for part in network.decaying if decay else ():
            vector[part] *= 1 - _of_part(rates, part) * decay
        self.optimizer.update(vector, self.gradient.vector, self.state, rates)
        if l1:
            scale = cast(Any, self.optimizer).proximal_scale(self.state, rates)
            for part in network.penalised:
                soft_threshold(vector[part], _of_part(scale, part) * (l1 / weight_sum))


def _of_part(numbers: Any, part: slice) -> Any:
    """Return the numbers of a part; a single number stands for all parameters."""
    return numbers[part] if np.ndim(numbers) else numbers


def _batches(
    samples: Samples, run: Run, number: int
) -> Iterator[tuple[int, bool, Batch]]:
    """Yield for each batch its first position, whether it is the last, and its rows.

    Only selected rows are copied.
    """
    rows = None if run.rows is None else run.rows[number]
    n_rows = samples.X.shape[0] if rows is None else len(rows)
    if rows is None and run.batch_size >= n_rows:
        yield 0, True, samples.all()
        return
    for start in range(0, n_rows, run.batch_size):
        batch = slice(start, min(start + run.batch_size, n_rows))
        selected = samples.batch(batch if rows is None else rows[batch])
        yield start, batch.stop == n_rows, selected


def _sums(
    objective: Objective,
    parameters: Parameters,
    gradient: Parameters,
    batch: Batch,
    dropout: Dropout | None = None,
) -> Sums:
    """Return the sums over a batch; gradient, which must be zero, receives theirs."""
    X, y, sample_weight = batch
    n_samples, loss = X.shape[0], 0.0
    for start in range(0, n_samples, TRAIN_ROWS):
        rows = slice(start, min(start + TRAIN_ROWS, n_samples))
        part = (
            as_dtype(X[rows], gradient.vector.dtype),
            y[rows],
            None if sample_weight is None else sample_weight[rows],
        )
        masks = None if dropout is None else _masks(objective, dropout, rows, gradient)
        loss += _add_gradient(objective, parameters, gradient, part, masks)
    return Sums(loss, gradient.vector, _weight_sum(X, sample_weight))


def _masks(
    objective: Objective, dropout: Dropout, rows: slice, gradient: Parameters
) -> Masks:
    """Draw the masks of some rows of a batch, by their positions in the epoch."""
    key, first = dropout
    positions = slice(first + rows.start, first + rows.stop)
    layers = objective.network.layers
    rates, sizes = [one.dropout for one in layers], [one.n_outputs for one in layers]
    return threefry.masks(rates, sizes, key, gradient.vector.dtype, positions)


def _add_gradient(
    objective: Objective,
    parameters: Parameters,
    gradient: Parameters,
    batch: Batch,
    masks: Masks | None,
) -> float:
    """Return the sum of the losses; add its gradient to gradient."""
    X, y, sample_weight = batch
    network, layers = objective.network, parameters.layers
    traces = network.forward(layers, X, masks)
    value, error = objective.loss.value_and_gradient(
        traces[-1].outputs, y, sample_weight
    )
    network.backward(layers, traces, error, gradient.layers)
    return value


def _weight_sum(X: Features, sample_weight: FloatArray | None) -> float:
    return float(
        X.shape[0] if sample_weight is None else sample_weight.sum(dtype=float)
    )


def _norm(vector: FloatArray) -> float:
    """Return the Euclidean norm, in float64 because squares overflow in float32."""
    return float(np.linalg.norm(vector.astype(np.float64, copy=False)))


def soft_threshold(weights: FloatArray, thresholds: Any) -> None:
    """Move weights towards zero by the thresholds in place; nearer ones become 0."""
    weights[:] = np.sign(weights) * np.maximum(np.abs(weights) - thresholds, 0)
