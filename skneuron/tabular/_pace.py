"""Pace: how many epochs the members of an ensemble have time for."""

from math import inf, isinf
from time import perf_counter

from .._training.stopping import Epoch

FEWEST = 16
"""Epochs of a member. Where there is no time for as many, there are fewer members:
on 16 data sets, 4 members of 16 epochs were on average better than 8 of 8 epochs.
"""

SHORTEST = 1e-6  # seconds of an epoch, in case the clock stands still


class Clock:
    """The time that all members have together.

    Parameters
    ----------
    max_seconds : float or None
        From now on.

    Attributes
    ----------
    seconds_per_row : float
        Of the fastest epoch so far.
    is_stopped : bool
        Whether training ends after the present epochs: at Ctrl-C and at an error.
    is_closed : bool
        Whether no more members start, because a callback has asked for it.
    is_short : bool
        Whether there was no time for all epochs of all members.
    """

    def __init__(self, max_seconds: float | None) -> None:
        self.deadline = inf if max_seconds is None else perf_counter() + max_seconds
        self.seconds_per_row = inf
        self.is_stopped = self.is_closed = self.is_short = False

    def allows(self, n_rows: int, max_iter: int, *, always: bool) -> bool:
        """Return True if a member may start: always at first, then if there is time."""
        if self.is_stopped or self.is_closed:
            return False
        if always:
            return True
        seconds = min(FEWEST, max_iter) * n_rows * self.seconds_per_row
        enough = self.deadline - perf_counter() >= seconds
        self.is_short |= not enough
        return enough


class Pace:
    """Fits the epochs of a member into the time that there is for it.

    If the time is short, the learning rate falls with the time instead of the epochs,
    so that it reaches the end of its schedule all the same: Li, Yumer and Ramanan
    (2020), "Budgeted training", arXiv:1905.04753.

    Parameters
    ----------
    clock : Clock
    n_rows : int
        That the member trains on.
    max_iter : int
        The number of epochs if there is time enough.
    n_rounds : int
        How many members train one after the other until the end, this one included.
    """

    def __init__(self, clock: Clock, n_rows: int, max_iter: int, n_rounds: int) -> None:
        self.clock = clock
        self.n_rows = n_rows
        self.max_iter = max_iter
        self.n_rounds = n_rounds
        self.start = self.now = perf_counter()
        self.n_epochs: float = max_iter

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:
        clock, now = self.clock, perf_counter()
        seconds = max(now - self.now, SHORTEST)
        clock.seconds_per_row = min(clock.seconds_per_row, seconds / self.n_rows)
        self.now = now
        n_epochs = self._n_epochs(epoch.number)
        if epoch.number > 1:  # the first is often slow
            self.n_epochs = n_epochs
        if n_epochs >= epoch.number + 1:
            return clock.is_stopped
        clock.is_short |= epoch.number < self.max_iter
        return True

    @property
    def seconds(self) -> float:
        """The time that the member has taken."""
        return self.now - self.start

    def epochs_seen(self, done: int) -> float:
        """Return the epochs that the schedule has come to, out of max_iter."""
        return done * self.max_iter / self.n_epochs

    def _n_epochs(self, done: int) -> float:
        """Return how many epochs there is time for, given those that are done."""
        deadline, start = self.clock.deadline, self.start
        if isinf(deadline):
            return self.max_iter
        seconds = self.n_rows * self.clock.seconds_per_row
        fewest = min(FEWEST, self.max_iter)
        n_rounds = min(self.n_rounds, max(1, (deadline - start) // (fewest * seconds)))
        share = start + (deadline - start) / n_rounds
        unneeded = deadline - (n_rounds - 1) * self.max_iter * seconds
        return min(self.max_iter, done + (max(share, unneeded) - self.now) / seconds)
