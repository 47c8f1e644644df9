"""Training by gradient steps: the epoch loop."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._callbacks import Callback, reduced
from ._engines import Engine, Objective, Samples
from ._optimizers import Optimizer
from ._parameters import Parameters
from ._progress import Epoch, Outcome, Progress
from ._schedules import Schedule
from ._types import IndexArray


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

    def epochs(self, random_state: np.random.RandomState) -> Callable[[], Any]:
        """Return a function that gives each epoch's rows, as `train_epoch` takes them.

        Each shuffle starts from the order of the last.
        """
        if not self.shuffle:
            return lambda: self.rows
        rows = np.arange(self.n_samples) if self.rows is None else self.rows.copy()
        in_any_order = self.rows is None and self.batch_size >= self.n_samples

        def shuffled() -> IndexArray | None:
            random_state.shuffle(rows)
            # One batch of everything: copying X into that order would change nothing.
            return None if in_any_order else rows

        return shuffled


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
    next_rows = order.epochs(progress.random_state)
    losses: list[float] = []
    stop = False
    try:
        for number in epochs:
            rate = reduced(schedule(progress.schedule_time), progress.rate_reductions)
            loss = engine.train_epoch(
                objective,
                parameters,
                optimizer,
                progress.optimizer_state,
                samples,
                next_rows(),
                order.batch_size,
                rate,
            )
            losses.append(loss)
            progress.samples_seen += n_training
            progress.schedule_time = progress.samples_seen
            epoch = Epoch(number, loss, parameters)
            stop = any([callback(epoch) for callback in callbacks])  # noqa: C419
            if stop:
                break
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=2)
        stop = True
    return Outcome(losses, losses[-1] if losses else np.nan, exhausted=not stop)
