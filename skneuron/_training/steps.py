"""Training by gradient steps: the loop over runs of epochs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from time import perf_counter
from typing import Any

import numpy as np

from .._engines import Engine, Objective, Run, Samples
from .._network.parameters import Parameters
from .._types import IndexArray
from .._warnings import warn
from ..optimizers import Optimizer
from ..schedules import Constant, Schedule
from .history import Record
from .state import Epoch, Outcome, Progress
from .stopping import Callback, reduced

# Of what runs in one go: losses, and the orders of samples, are kept until its end.
LONGEST_RUN = 1000
MOST_ROWS_OF_A_RUN = 2**17


@dataclass(frozen=True)
class Order:
    """The order in which an epoch takes the training samples.

    Attributes
    ----------
    rows : ndarray of int or None
        The rows to train on; None means all.
    n_samples : int
        Rows of the data.
    batch_size : int
    shuffle : bool
    """

    rows: IndexArray | None
    n_samples: int
    batch_size: int
    shuffle: bool

    @property
    def n_rows(self) -> int:
        """How many rows an epoch has."""
        return self.n_samples if self.rows is None else len(self.rows)

    @property
    def order_is_irrelevant(self) -> bool:
        """Whether an epoch is one batch of all, whose order changes nothing."""
        return self.rows is None and self.batch_size >= self.n_samples

    def start(self) -> IndexArray:
        """Return the rows in the order that the first shuffle starts from."""
        return np.arange(self.n_samples) if self.rows is None else self.rows.copy()

    def runs(
        self, row_order: IndexArray, random_state: np.random.RandomState
    ) -> Callable[[int], IndexArray | None]:
        """Return a function from a number of epochs to their rows.

        An array of shape (n_epochs, n_rows), or None for all rows in their order. Each
        shuffle starts from the order of the last, which is kept in row_order.
        """

        def shuffled(n_epochs: int) -> IndexArray | None:
            run = np.empty((n_epochs, len(row_order)), row_order.dtype)
            for epoch in range(n_epochs):
                random_state.shuffle(row_order)
                run[epoch] = row_order
            return run

        def in_order(n_epochs: int) -> IndexArray | None:
            return None if self.rows is None else np.tile(self.rows, (n_epochs, 1))

        return shuffled if self.shuffle and not self.order_is_irrelevant else in_order


@dataclass
class Training:
    """Everything that steps are made of.

    Attributes
    ----------
    engine : Engine
    objective : Objective
    parameters : Parameters
        Trained in place.
    optimizer : Optimizer
        Its state is that of progress.
    schedule : Schedule
    samples : Samples
    order : Order
    progress : Progress
        Goes on from what it says, and is kept up to date.
    max_grad_norm : float
        What longer gradients are scaled down to.
    row_order : ndarray of int
        The rows as the last epoch has taken them.
    record : Record
        Of the epochs that are done.
    """

    engine: Engine
    objective: Objective
    parameters: Parameters
    optimizer: Optimizer[Any]
    schedule: Schedule
    samples: Samples
    order: Order
    progress: Progress
    max_grad_norm: float = np.inf
    row_order: IndexArray | None = None
    record: Record = field(default_factory=Record)

    def train(
        self,
        check: Callable[[Epoch], None],
        callbacks: Sequence[Callback],
        epochs: Iterable[int],
    ) -> Outcome:
        """Train until a callback or the last epoch ends it, or the check raises.

        Ctrl-C ends it too, with a warning; what was learnt until then stays.
        """
        longest = min(LONGEST_RUN, max(1, MOST_ROWS_OF_A_RUN // self.order.n_rows))
        if self.row_order is None:
            self.row_order = self.order.start()
        next_rows = self.order.runs(self.row_order, self.progress.random_state)
        numbers = iter(epochs)
        stop = False
        try:
            while not stop:
                epochs_until_needed = min(
                    callback.epochs_until_needed() for callback in callbacks
                )
                epochs_to_come = list(
                    islice(numbers, int(min(epochs_until_needed, longest)))
                )
                if not epochs_to_come:
                    break
                start = perf_counter()
                run = self._plan(next_rows(len(epochs_to_come)), len(epochs_to_come))
                try:
                    self._run_epochs(run)
                finally:  # of a run that Ctrl-C ended, the finished epochs count
                    losses = self._record(run, perf_counter() - start)
                    stop = self._notify(check, callbacks, epochs_to_come[0], losses)
        except KeyboardInterrupt:
            warn("Training interrupted by user.")
            stop = True
        return Outcome(self.record, self.record.loss, exhausted=not stop)

    def _plan(self, rows: IndexArray | None, n_epochs: int) -> Run:
        """Return the next run of epochs."""
        if self.order.shuffle and self.order.order_is_irrelevant:
            self.progress.add_pending_shuffles(n_epochs, self.order.n_samples)
        return Run(
            rows,
            self.order.batch_size,
            self._rates(n_epochs),
            self.max_grad_norm,
            self.progress.dropout_seed,
            self.progress.epochs_seen,
        )

    def _run_epochs(self, run: Run) -> None:
        """Let the engine train for a run of epochs."""
        self.engine.train_epochs(
            self.objective,
            self.parameters,
            self.optimizer,
            self.progress.optimizer_state,
            self.samples,
            run,
        )

    def _record(self, run: Run, seconds: float) -> list[float]:
        """Note down the epochs that are finished, and return their losses."""
        # A norm may be missing where Ctrl-C came: then its epoch does not count.
        n = min(len(run.losses), len(run.gradient_norms))
        losses, rates, norms = run.losses[:n], run.learning_rates, run.gradient_norms
        self.progress.add_epochs(n, self.order.n_rows)
        self.record.rows += zip(losses, rates, norms, repeat(seconds / max(n, 1)))
        return losses

    def _rates(self, n_epochs: int) -> list[float]:
        """Return the learning rate of each epoch to come."""
        progress = self.progress
        scale, reductions = progress.plateau.scale, progress.rate_reductions
        if isinstance(self.schedule, Constant):
            return [scale * reduced(self.schedule.initial, reductions)] * n_epochs
        times = [
            (progress.samples_seen + self.order.n_rows * n, progress.epochs_seen + n)
            for n in range(n_epochs)
        ]
        times[0] = progress.schedule_time, progress.epochs_seen
        return [scale * reduced(self.schedule(*time), reductions) for time in times]

    def _notify(
        self,
        check: Callable[[Epoch], None],
        callbacks: Sequence[Callback],
        first: int,
        losses: list[float],
    ) -> bool:
        """Tell the callbacks of a run's epochs; return whether one ends training."""
        stop = False
        last = first + len(losses) - 1
        for number, loss in enumerate(losses, first):
            epoch = Epoch(number, loss, self.parameters, superseded=number < last)
            if number == last:
                check(epoch)
            for callback in callbacks:
                stop |= callback(epoch)
        return stop
