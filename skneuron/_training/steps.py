"""Training by gradient steps: the loop over runs of epochs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from time import perf_counter
from typing import Any

from .._engines import Engine, Objective, Run, Samples
from .._network.parameters import Parameters
from .._types import IndexArray
from .._warnings import warn
from ..optimizers import Optimizer
from ..schedules import Constant
from .row_order import RowOrder
from .settings import Settings
from .state import TrainingState
from .stopping import INTERRUPTED, Callback, Epoch, reduced

# The losses and row orders of a run are kept in memory until its end.
LONGEST_RUN = 1000
MOST_ROWS_OF_A_RUN = 2**17


@dataclass
class Training:
    """Everything that an epoch needs.

    Attributes
    ----------
    settings : Settings
    engine : Engine
    objective : Objective
    optimizer : Optimizer
    samples : Samples
    order : RowOrder
    parameters : Parameters
        Trained in place.
    state : TrainingState
        Continued, and kept up to date.
    """

    settings: Settings
    engine: Engine
    objective: Objective
    optimizer: Optimizer[Any]
    samples: Samples
    order: RowOrder
    parameters: Parameters
    state: TrainingState

    def train(
        self,
        check: Callable[[Epoch], None],
        callbacks: Sequence[Callback],
        epochs: Iterable[int],
    ) -> bool:
        """Train until a callback or the last epoch ends training, or the check raises.

        Ctrl-C also ends training, with a warning, and keeps what was learned. Returns
        True if the last epoch ended it.
        """
        state = self.state
        longest = min(LONGEST_RUN, max(1, MOST_ROWS_OF_A_RUN // self.order.n_rows))
        if state.row_order is None:
            state.row_order = self.order.start()
        next_rows = self.order.runs(state.row_order, state.random_state)
        numbers = iter(epochs)
        stop = False
        try:
            while not stop:
                wait = min(callback.epochs_until_needed() for callback in callbacks)
                upcoming = list(islice(numbers, int(min(wait, longest))))
                if not upcoming:
                    break
                start = perf_counter()
                run = self._plan(next_rows(len(upcoming)), len(upcoming))
                try:
                    self._run_epochs(run)
                finally:  # the finished epochs of a run that Ctrl-C ended count
                    losses = self._record(run, perf_counter() - start)
                    stop = self._notify(check, callbacks, upcoming[0], losses)
        except KeyboardInterrupt:
            warn(INTERRUPTED)
            stop = True
        return not stop

    def _plan(self, rows: IndexArray | None, n_epochs: int) -> Run:
        """Return the next run of epochs."""
        if self.order.shuffle and self.order.order_is_irrelevant:
            self.state.add_pending_shuffles(n_epochs, self.order.n_samples)
        return Run(
            rows=rows,
            batch_size=self.order.batch_size,
            learning_rates=self._rates(n_epochs),
            rule=self.settings.step_rule,
            dropout_seed=self.state.dropout_seed,
            first_epoch=self.state.epochs_seen,
        )

    def _run_epochs(self, run: Run) -> None:
        self.engine.train_epochs(
            self.objective,
            self.parameters,
            self.optimizer,
            self.state.optimizer_state,
            self.samples,
            run,
        )

    def _record(self, run: Run, seconds: float) -> list[float]:
        """Record the finished epochs, and return their losses."""
        # Ctrl-C may come between a loss and its norm; such an epoch does not count.
        n = min(len(run.losses), len(run.gradient_norms))
        losses, rates, norms = run.losses[:n], run.learning_rates, run.gradient_norms
        rows = zip(losses, rates, norms, repeat(seconds / max(n, 1)))
        self.state.add_epochs(list(rows), self.order.n_rows)
        return losses

    def _rates(self, n_epochs: int) -> list[float]:
        """Return the learning rate of each upcoming epoch."""
        state, schedule = self.state, self.settings.schedule
        scale, reductions = state.plateau_scale, state.rate_reductions
        if isinstance(schedule, Constant):
            return [scale * reduced(schedule.initial, reductions)] * n_epochs
        times = [
            (state.samples_seen + self.order.n_rows * n, state.epochs_seen + n)
            for n in range(n_epochs)
        ]
        times[0] = state.schedule_time, state.epochs_seen
        return [scale * reduced(schedule(*time), reductions) for time in times]

    def _notify(
        self,
        check: Callable[[Epoch], None],
        callbacks: Sequence[Callback],
        first: int,
        losses: list[float],
    ) -> bool:
        """Call the callbacks for a run's epochs; return whether one ends training."""
        stop = False
        last = first + len(losses) - 1
        for number, loss in enumerate(losses, first):
            epoch = Epoch(number, loss, self.parameters, superseded=number < last)
            if number == last:
                check(epoch)
            for callback in callbacks:
                stop |= callback(epoch)
        return stop
