"""Members: networks of an ensemble, trained side by side on different folds."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any

from .._estimators.members import fit_on_rows
from .._training.stopping import Epoch
from .._types import FloatArray, IndexArray


@dataclass(frozen=True)
class Member:
    """A network and the rows that it trains on and is validated by.

    Attributes
    ----------
    network : NeuronClassifier or NeuronRegressor
    train, held_out : ndarray of int
    """

    network: Any
    train: IndexArray
    held_out: IndexArray

    @property
    def is_finished(self) -> bool:
        """Whether all of its epochs were trained."""
        return bool(getattr(self.network, "n_iter_", 0) == self.network.max_iter)


@dataclass
class Clock:
    """Ends training after max_seconds, or when it is told to.

    Attributes
    ----------
    max_seconds : float or None
    """

    max_seconds: float | None = None
    _start: float = field(default_factory=monotonic)
    _stopped: Event = field(default_factory=Event)

    def stop(self) -> None:
        """End training after the current epoch of each member."""
        self._stopped.set()

    @property
    def is_over(self) -> bool:
        """Whether training should end."""
        return self._stopped.is_set() or self.time_is_up

    @property
    def time_is_up(self) -> bool:
        """Whether max_seconds have passed."""
        if self.max_seconds is None:
            return False
        return monotonic() - self._start >= self.max_seconds

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:
        return self.is_over


def train_members(
    members: Sequence[Member],
    data: tuple[FloatArray, Any, FloatArray | None],
    clock: Clock,
    n_threads: int,
    report: Callable[[int, Member], None],
) -> bool:
    """Train the networks of the members; return whether Ctrl-C ended it.

    Parameters
    ----------
    members : sequence of Member
    data : tuple of ndarray
        X, y and sample_weight of all rows, which the members share.
    clock : Clock
        May end training between epochs.
    n_threads : int
        Number of members that train at the same time.
    report : callable
        Called with each member and its number once it has finished.
    """

    def train(number: int) -> None:
        member = members[number]
        if clock.is_over and number:
            return
        fit_on_rows(
            member.network, *data, member.train, member.held_out, callback=clock
        )
        if member.is_finished:
            report(number, member)
        elif not clock.is_over:  # Ctrl-C came while this thread trained
            clock.stop()

    numbers = range(len(members))
    if n_threads == 1:
        return _run_in_turn(train, numbers, clock)
    return _run_in_threads(train, numbers, clock, n_threads)


def _run_in_turn(
    train: Callable[[int], None], numbers: Sequence[int], clock: Clock
) -> bool:
    try:
        for number in numbers:
            train(number)
    except KeyboardInterrupt:
        return True
    return clock.is_over and not clock.time_is_up


def _run_in_threads(
    train: Callable[[int], None], numbers: Sequence[int], clock: Clock, n_threads: int
) -> bool:
    with ThreadPoolExecutor(n_threads) as pool:
        futures = [pool.submit(train, number) for number in numbers]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            clock.stop()
            return True
        finally:
            if any(future.done() and future.exception() for future in futures):
                clock.stop()
    for future in futures:
        future.result()  # raises what the member has raised
    return False
