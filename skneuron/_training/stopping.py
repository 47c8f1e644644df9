"""Callbacks: what happens between epochs.

A callback is told of an `Epoch` and returns True to end training. Epochs that nobody
must look at in between run in one go, and callbacks are told of them afterwards.
"""

from collections.abc import Callable
from typing import Protocol, cast

import numpy as np

from .state import Epoch, Plateaued, Progress


class Callback(Protocol):
    """What the training loops need to know of a callback."""

    def epochs_until_needed(self) -> float:
        """Return how many epochs may run before it must be told of them: at least 1.

        It may end training with the last of them only, and only of the last it sees
        the parameters.
        """

    def __call__(self, epoch: Epoch) -> bool:
        """Return True to end training."""


SMALLEST_ADAPTIVE_RATE = 1e-6


class RaiseIfNotFinite:
    """Raise where the loss has become NaN or infinite; nothing good can follow.

    No callback, for it need not see every epoch: engines end a run at such a one.
    """

    def __init__(self, advise: Callable[[], str]) -> None:
        self.advise = advise

    def __call__(self, epoch: Epoch) -> None:
        if np.isfinite(epoch.loss) and np.isfinite(epoch.parameters.vector).all():
            return
        raise ValueError(
            f"Solver produced non-finite parameter weights or loss: training stopped "
            f"at iteration {epoch.number} with loss {epoch.loss}. {self.advise()}"
        )


class Print:
    """Print the loss of each epoch, and the score of the hold-out."""

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:
        print(f"Iteration {epoch.number}, loss = {epoch.loss:.8f}")
        if epoch.validation_score is not None:
            print(f"Validation score: {epoch.validation_score:f}")
        return False


class Patience:
    """End training once it no longer improves, or lower the learning rate first.

    An epoch improves when its loss is at least tol below the lowest so far, or, by
    score, when its validation score is at least tol above the highest. Training ends
    when more than n_iter_no_change epochs in a row have not: the `>` is scikit-learn's.
    """

    def __init__(
        self,
        progress: Progress,
        *,
        by_score: bool,
        tol: float,
        n_iter_no_change: float,
        adaptive_rate: float | None,
        verbose: bool,
    ) -> None:
        self.progress = progress
        self.by_score = by_score
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.adaptive_rate = adaptive_rate
        self.verbose = verbose

    def epochs_until_needed(self) -> float:
        # so long as it takes if none of them improves
        left = self.n_iter_no_change - self.progress.epochs_without_improvement
        return max(1, left + 1)

    def __call__(self, epoch: Epoch) -> bool:
        progress = self.progress
        if self._improved(epoch):
            progress.epochs_without_improvement = 0
        else:
            progress.epochs_without_improvement += 1
        if progress.epochs_without_improvement <= self.n_iter_no_change:
            return False

        what = (
            "Validation score did not improve"
            if self.by_score
            else "Training loss did not improve"
        )
        reason = (
            f"{what} more than tol={self.tol:f} for {self.n_iter_no_change} "
            "consecutive epochs."
        )
        if self.adaptive_rate is None:
            return self._report(f"{reason} Stopping.", stop=True)
        rate = reduced(self.adaptive_rate, progress.rate_reductions)
        if rate <= SMALLEST_ADAPTIVE_RATE:
            return self._report(
                f"{reason} Learning rate too small. Stopping.", stop=True
            )
        progress.rate_reductions += 1
        progress.epochs_without_improvement = 0
        return self._report(
            f"{reason} Setting learning rate to {rate / 5:f}", stop=False
        )

    def _improved(self, epoch: Epoch) -> bool:
        progress, score = self.progress, epoch.validation_score
        if not self.by_score:
            improved = not epoch.loss > progress.best_loss - self.tol
            progress.best_loss = min(progress.best_loss, epoch.loss)
        else:
            assert score is not None
            improved = not score < progress.best_validation_score + self.tol
            if score > progress.best_validation_score:
                progress.best_validation_score = score
        return improved

    def _report(self, message: str, *, stop: bool) -> bool:
        if self.verbose:
            print(message)
        return stop


class LowerOnPlateau:
    """Lower the learning rate where training no longer improves."""

    def __init__(
        self,
        progress: Progress,
        *,
        by_score: bool,
        tol: float,
        factor: float,
        patience: int,
        verbose: bool,
    ) -> None:
        self.progress = progress
        self.by_score = by_score
        self.tol = tol
        self.factor = factor
        self.patience = patience
        self.verbose = verbose

    def epochs_until_needed(self) -> float:
        return max(1, self.patience - self.progress.plateau.waited + 1)

    def __call__(self, epoch: Epoch) -> bool:
        now = self.progress.plateau
        value = -cast(float, epoch.validation_score) if self.by_score else epoch.loss
        improved = value <= now.best - self.tol
        waited = 0 if improved else now.waited + 1
        scale = now.scale
        if waited > self.patience:
            waited, scale = 0, scale * self.factor
            if self.verbose:
                print(f"No improvement: the learning rate is {scale:g} of its start.")
        self.progress.plateau = Plateaued(min(now.best, value), waited, scale)
        return False


def reduced(rate: float, n_reductions: int) -> float:
    """Return the rate after so many reductions by learning_rate="adaptive"."""
    for _ in range(n_reductions):
        rate /= 5
    return rate
