"""Training by gradient steps: the epoch loop."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from ._callbacks import Callback, reduced
from ._engines import Engine, Objective, Samples
from ._optimizers import Optimizer
from ._parameters import Parameters
from ._progress import Epoch, Outcome, Progress
from ._schedules import Schedule
from ._types import IndexArray

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

    def runs(
        self, random_state: np.random.RandomState
    ) -> Callable[[int], IndexArray | None]:
        """Return a function from a number of epochs to their rows.

        An array of shape (n_epochs, n_rows), or None for all rows in their order. Each
        shuffle starts from the order of the last.
        """
        rows = np.arange(self.n_samples) if self.rows is None else self.rows.copy()
        in_any_order = self.rows is None and self.batch_size >= self.n_samples

        def shuffled(n_epochs: int) -> IndexArray | None:
            if in_any_order:
                # One batch of all: taking it in another order would change nothing.
                for _ in range(n_epochs):
                    random_state.shuffle(rows)
                return None
            run = np.empty((n_epochs, len(rows)), rows.dtype)
            for epoch in range(n_epochs):
                random_state.shuffle(rows)
                run[epoch] = rows
            return run

        def in_order(n_epochs: int) -> IndexArray | None:
            return None if self.rows is None else np.tile(self.rows, (n_epochs, 1))

        return shuffled if self.shuffle else in_order


def train(
    engine: Engine,
    objective: Objective,
    parameters: Parameters,
    optimizer: Optimizer[Any],
    schedule: Schedule,
    samples: Samples,
    order: Order,
    progress: Progress,
    callbacks: Sequence[Callback],
    epochs: Iterable[int],
) -> Outcome:
    """Train the parameters in place until a callback or the last epoch ends it.

    Ctrl-C ends it too, with a warning; what was learnt until then stays.
    """
    n_training = order.n_samples if order.rows is None else len(order.rows)
    longest_run = min(LONGEST_RUN, max(1, MOST_ROWS_OF_A_RUN // n_training))
    next_rows = order.runs(progress.random_state)
    numbers = iter(epochs)
    losses: list[float] = []
    stop = False
    try:
        while not stop:
            can_wait = min(callback.can_wait() for callback in callbacks)
            run = list(islice(numbers, int(min(can_wait, longest_run))))
            if not run:
                break
            n_before = len(losses)
            interrupt = None
            try:
                engine.train_epochs(
                    objective,
                    parameters,
                    optimizer,
                    progress.optimizer_state,
                    samples,
                    next_rows(len(run)),
                    order.batch_size,
                    rates(schedule, progress, len(run), n_training),
                    losses,
                )
            except KeyboardInterrupt as raised:
                interrupt = raised  # once the epochs before it are told of
            finished = losses[n_before:]
            progress.add_epochs(len(finished), n_training)
            for number, loss in enumerate(finished, run[0]):
                overtaken = number < run[0] + len(finished) - 1
                epoch = Epoch(number, loss, parameters, overtaken)
                stop = any([callback(epoch) for callback in callbacks])  # noqa: C419
            if interrupt is not None:
                raise interrupt
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=2)
        stop = True
    return Outcome(losses, losses[-1] if losses else np.nan, exhausted=not stop)


def rates(
    schedule: Schedule, progress: Progress, n_epochs: int, n_training: int
) -> list[float]:
    """Return the learning rate of each epoch of a run."""
    times = [progress.samples_seen + n_training * epoch for epoch in range(n_epochs)]
    times[0] = progress.schedule_time
    return [reduced(schedule(time), progress.rate_reductions) for time in times]
