"""Stopping: callbacks that run between epochs, and may end training.

A callback is called with an `Epoch` and returns True to end training. Epochs between
which no callback is needed run in one go; callbacks are called for them afterwards.
"""

from dataclasses import dataclass
from typing import Protocol, cast

from .._network.parameters import Parameters
from ..schedules import Plateau
from .settings import Settings
from .state import TrainingState

INTERRUPTED = "Training interrupted by user."
"""The warning after Ctrl-C."""


@dataclass(slots=True)
class Epoch:
    """A finished epoch, the argument of callbacks.

    Attributes
    ----------
    number : int
        1 for the first epoch of this fit.
    loss : float
        The mean over the epoch's batches.
    parameters : Parameters
        The current ones; the next epoch changes them in place.
    superseded : bool
        Whether later epochs have already run, so that the parameters belong to them.
    validation_score : float or None
        The score on the validation samples, once their callback has run.
    """

    number: int
    loss: float
    parameters: Parameters
    superseded: bool = False
    validation_score: float | None = None


class Callback(Protocol):
    """The interface between the training loops and a callback."""

    def epochs_until_needed(self) -> float:
        """Return how many epochs may run before the next call: at least 1.

        Only after the last of them can it end training and see the parameters.
        """

    def __call__(self, epoch: Epoch) -> bool:
        """Return True to end training."""


SMALLEST_ADAPTIVE_RATE = 1e-6


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

    An epoch improves when its loss is at least tol below the lowest so far or, with
    early_stopping, when its validation score is at least tol above the highest.
    Training ends after more than n_iter_no_change epochs in a row without improvement:
    the `>` is scikit-learn's.
    """

    def __init__(self, settings: Settings, state: TrainingState) -> None:
        self.settings = settings
        self.state = state

    def epochs_until_needed(self) -> float:
        # the number that ends training if none of them improves
        waited = self.state.epochs_without_improvement
        return max(1, self.settings.n_iter_no_change - waited + 1)

    def __call__(self, epoch: Epoch) -> bool:
        state = self.state
        waited = 0 if self._improved(epoch) else state.epochs_without_improvement + 1
        state.epochs_without_improvement = waited
        return waited > self.settings.n_iter_no_change and self._stop_or_slow_down()

    def _stop_or_slow_down(self) -> bool:
        state, settings = self.state, self.settings
        what = "Validation score" if settings.early_stopping else "Training loss"
        reason = (
            f"{what} did not improve more than tol={settings.tol:f} for "
            f"{settings.n_iter_no_change} consecutive epochs."
        )
        if settings.adaptive_rate is None:
            return self._report(f"{reason} Stopping.", stop=True)
        rate = reduced(settings.adaptive_rate, state.rate_reductions)
        if rate <= SMALLEST_ADAPTIVE_RATE:
            return self._report(
                f"{reason} Learning rate too small. Stopping.", stop=True
            )
        state.rate_reductions += 1
        state.epochs_without_improvement = 0
        return self._report(
            f"{reason} Setting learning rate to {rate / 5:f}", stop=False
        )

    def _improved(self, epoch: Epoch) -> bool:
        state, tol = self.state, self.settings.tol
        if not self.settings.early_stopping:
            improved = not epoch.loss > state.best_loss - tol
            state.best_loss = min(state.best_loss, epoch.loss)
            return improved
        score = cast(float, epoch.validation_score)
        improved = not score < state.best_validation_score + tol
        if score > state.best_validation_score:
            state.best_validation_score = score
        return improved

    def _report(self, message: str, *, stop: bool) -> bool:
        if self.settings.verbose:
            print(message)
        return stop


class LowerOnPlateau:
    """Lower the learning rate once training no longer improves."""

    def __init__(
        self, plateau: Plateau, settings: Settings, state: TrainingState
    ) -> None:
        self.plateau = plateau
        self.settings = settings
        self.state = state

    def epochs_until_needed(self) -> float:
        return max(1, self.plateau.patience - self.state.plateau_waited + 1)

    def __call__(self, epoch: Epoch) -> bool:
        state, by_score = self.state, self.settings.early_stopping
        value = -cast(float, epoch.validation_score) if by_score else epoch.loss
        improved = value <= state.plateau_best - self.settings.tol
        state.plateau_waited = 0 if improved else state.plateau_waited + 1
        state.plateau_best = min(state.plateau_best, value)
        if state.plateau_waited > self.plateau.patience:
            state.plateau_waited = 0
            state.plateau_scale *= self.plateau.factor
            if self.settings.verbose:
                print(
                    "No improvement: the learning rate is "
                    f"{state.plateau_scale:g} of its start."
                )
        return False


def reduced(rate: float, n_reductions: int) -> float:
    """Return the rate after n_reductions by learning_rate="adaptive"."""
    for _ in range(n_reductions):
        rate /= 5
    return rate
