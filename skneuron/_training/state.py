"""The state of training: all that one call of fit leaves for the next."""

import copy
from dataclasses import dataclass, field
from math import inf, nan
from typing import Any, Self

import numpy as np

from .._network.parameters import Parameters
from .._types import FloatArray, IndexArray
from .history import Row

ENDED: dict[str, Any] = {
    "epochs_before": 0,
    "loss_before": nan,
    "validations": None,
    "rows": None,
    "held_out": None,
    "row_order": None,
    "best": None,
    "data": None,
    "validation_data": None,
}
"""Fields that are not needed after a fit has ended, with their initial values."""


@dataclass
class TrainingState:
    """Everything that training remembers, except the parameters of the network.

    `warm_start=True` and `partial_fit` continue from it; together with the parameters
    and the settings it is what a checkpoint holds.

    Attributes
    ----------
    random_state : RandomState
        The stream that orders the samples.
    pending_shuffles : tuple of (int, int)
        Number of shuffles, and of rows, that the stream has yet to make. If the order
        of samples is irrelevant they are deferred until the stream is next used.
    dropout_seed : int
        The seed of dropout's masks.
    solver : str or None
        The class of the optimizer that the optimizer state belongs to.
    optimizer_state : object
        None before the first step and after L-BFGS.
    layer_sizes : tuple of int
        The network that the optimizer state belongs to; empty if unknown.
    input_signature : tuple
        The input layers of that network, see `continuation.input_signature`.
    samples_seen : int
        Training samples times epochs, `t_` of the estimators.
    schedule_time : int
        The argument of the learning-rate schedule: samples_seen, but zero during the
        first epoch of an optimizer, as in scikit-learn.
    epochs_seen : int
        Epochs since the optimizer state was created.
    rate_reductions : int
        Number of times that learning_rate="adaptive" has divided the rate.
    plateau_best, plateau_waited, plateau_scale : float, int, float
        For learning_rate="plateau": the lowest loss (or negated score), the epochs in a
        row that have not improved on it, and the factor for the learning rate.
    best_loss : float
        The lowest training loss of an epoch.
    best_validation_score : float
        The highest score on the hold-out.
    epochs_without_improvement : int
        Counted by `Patience`.
    epochs_before : int
        Epochs of this fit before it was resumed.
    loss_before : float
        The loss until an epoch of this call has ended.
    history : list of tuple
        One `Row` for each epoch of this call.
    validations : list of (float, float) or None
        Score and mean loss of the validation samples after each epoch of this call;
        None if there are none.
    rows, held_out : ndarray of int or None
        The rows that `early_stopping` trains on and holds out; None before the split,
        and where all are trained on.
    row_order : ndarray of int or None
        The rows in the order of the last epoch.
    best : tuple of (ndarray, float) or None
        The parameters with the best validation score, and that score, if
        `early_stopping` keeps them.
    data, validation_data : tuple or None
        Fingerprints of the training and validation samples. Only the state of an
        unfinished fit, in a checkpoint, has them.
    """

    random_state: np.random.RandomState
    pending_shuffles: tuple[int, int] = (0, 0)
    dropout_seed: int = 0
    solver: str | None = None
    optimizer_state: Any = None
    layer_sizes: tuple[int, ...] = ()
    input_signature: tuple[Any, ...] = ()
    samples_seen: int = 0
    schedule_time: int = 0
    epochs_seen: int = 0
    rate_reductions: int = 0
    plateau_best: float = inf
    plateau_waited: int = 0
    plateau_scale: float = 1.0
    best_loss: float = inf
    best_validation_score: float = -inf
    epochs_without_improvement: int = 0
    epochs_before: int = 0
    loss_before: float = nan
    history: list[Row] = field(default_factory=list)
    validations: list[tuple[float, float]] | None = None
    rows: IndexArray | None = None
    held_out: IndexArray | None = None
    row_order: IndexArray | None = None
    best: tuple[FloatArray, float] | None = None
    data: tuple[Any, ...] | None = None
    validation_data: tuple[Any, ...] | None = None

    @property
    def n_iter(self) -> int:
        """Epochs or iterations of this fit, `n_iter_` of the estimators."""
        return self.epochs_before + len(self.history)

    @property
    def loss(self) -> float:
        """The loss of the last epoch."""
        return self.history[-1][0] if self.history else self.loss_before

    def for_next_call(self, parameters: Parameters) -> Self:
        """Return a copy for a call that continues after this one."""
        slots = copied_slots(self.optimizer_state, parameters)
        return self._copy(**ENDED, history=[], optimizer_state=slots)

    def for_resume(self, parameters: Parameters) -> Self:
        """Return a copy for a call that continues within the same fit."""
        best = None if self.best is None else (self.best[0].copy(), self.best[1])
        slots = copied_slots(self.optimizer_state, parameters)
        return self._copy(
            history=[], validations=None, best=best, optimizer_state=slots
        )

    def finished(self) -> Self:
        """Return the state that later calls need."""
        return self._copy(**ENDED, history=[])

    def unfinished(self, data: Any, validation_data: Any) -> Self:
        """Return the state for a checkpoint, with fingerprints of the samples."""
        return self._copy(
            epochs_before=self.n_iter,
            loss_before=self.loss,
            history=[],
            validations=None,
            data=data,
            validation_data=validation_data,
        )

    def _copy(self, **changes: Any) -> Self:
        twin = object.__new__(type(self))  # dataclasses.replace is ten times slower
        vars(twin).update(vars(self), **changes)
        return twin

    def add_epochs(self, rows: list[Row], n_samples: int) -> None:
        """Record epochs that are done."""
        if not rows:
            return
        self.history += rows
        self.epochs_seen += len(rows)
        self.samples_seen += len(rows) * n_samples
        self.schedule_time = self.samples_seen

    def add_pending_shuffles(self, n_shuffles: int, n_rows: int) -> None:
        """Defer shuffles whose result is not needed."""
        self.pending_shuffles = self.pending_shuffles[0] + n_shuffles, n_rows

    def apply_pending_shuffles(self) -> None:
        """Advance the stream as if no shuffle had been deferred."""
        n_shuffles, n_rows = self.pending_shuffles
        rows = np.arange(n_rows)
        for _ in range(n_shuffles):
            self.random_state.shuffle(rows)
        self.pending_shuffles = (0, 0)

    def start_optimizer(
        self,
        solver: str,
        optimizer_state: Any,
        layer_sizes: tuple[int, ...],
        input_signature: tuple[Any, ...],
    ) -> None:
        """Replace all fields that belong to the previous optimizer."""
        self.solver = solver
        self.optimizer_state = optimizer_state
        self.layer_sizes = layer_sizes
        self.input_signature = input_signature
        self.schedule_time = 0
        self.rate_reductions = 0
        self.epochs_seen = 0
        self.plateau_best, self.plateau_waited, self.plateau_scale = inf, 0, 1.0


def copied_slots(state: Any, parameters: Parameters) -> Any:
    """Return a copy of an optimizer state, in the precision of the parameters.

    Its entries for parts that are not trained become zero.
    """
    if not hasattr(state, "__dict__"):  # None, or the state of a custom optimizer
        return copy.deepcopy(state)
    twin, vector = copy.copy(state), parameters.vector
    for name, value in vars(state).items():
        if isinstance(value, np.ndarray) and value.shape == vector.shape:
            array = value.astype(
                vector.dtype if value.dtype.kind == "f" else value.dtype
            )
            for part in parameters.network.untrained:
                array[part] = 0
            setattr(twin, name, array)
        else:
            setattr(twin, name, copy.deepcopy(value))
    return twin


class _NoEntropy(np.random.bit_generator.ISeedSequence):
    """Seeds a generator whose state is replaced at once; a real seed takes 80 us."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray:
        return np.ones(n_words, dtype)


def copied_stream(stream: np.random.RandomState) -> np.random.RandomState:
    """Return an independent stream in the same state."""
    generator = np.random.MT19937(_NoEntropy())  # type: ignore[arg-type]
    twin = np.random.RandomState(generator)
    twin.set_state(stream.get_state(legacy=False))
    return twin
