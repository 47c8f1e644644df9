"""Callbacks: what happens between epochs.

A callback is told of an `Epoch` and returns True to end training.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from ._parameters import Parameters
from ._progress import Epoch, Progress

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # before scikit-learn 1.9 estimators have no set_callbacks

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in where scikit-learn has no callbacks."""


Callback: TypeAlias = Callable[[Epoch], bool]

SMALLEST_ADAPTIVE_RATE = 1e-6


class StopIfNotFinite:
    """Raise where the loss has become NaN or infinite; nothing good can follow."""

    def __init__(self, advise: Callable[[], str]) -> None:
        self.advise = advise

    def __call__(self, epoch: Epoch) -> bool:
        if np.isfinite(epoch.loss) and np.isfinite(epoch.parameters.vector).all():
            return False
        raise ValueError(
            f"Solver produced non-finite parameter weights or loss: training stopped "
            f"at iteration {epoch.number} with loss {epoch.loss}. {self.advise()}"
        )


class HoldOut:
    """Score the hold-out, and keep a copy of the parameters that do best there.

    Parameters
    ----------
    score : callable
        Takes parameters.
    start : Parameters
        What counts as the best before the first epoch.
    start_score : float
        Its score.
    """

    def __init__(
        self,
        score: Callable[[Parameters], float],
        start: Parameters,
        start_score: float,
    ) -> None:
        self.score = score
        self.scores: list[float] = []
        self.best_score = start_score
        self.best_vector = start.vector.copy()

    def __call__(self, epoch: Epoch) -> bool:
        score = epoch.validation_score = self.score(epoch.parameters)
        self.scores.append(score)
        if score > self.best_score:
            self.best_score = score
            self.best_vector[:] = epoch.parameters.vector
        return False


class Print:
    """Print the loss of each epoch, and the score of the hold-out."""

    def __call__(self, epoch: Epoch) -> bool:
        print(f"Iteration {epoch.number}, loss = {epoch.loss:.8f}")
        if epoch.validation_score is not None:
            print(f"Validation score: {epoch.validation_score:f}")
        return False


class Patience:
    """End training once it no longer improves, or lower the learning rate first.

    An epoch improves when its loss is at least tol below the lowest so far, or, with a
    hold-out, when its score is at least tol above the highest. Training ends when more
    than n_iter_no_change epochs in a row have not: the `>` is scikit-learn's.
    """

    def __init__(
        self,
        progress: Progress,
        *,
        tol: float,
        n_iter_no_change: float,
        adaptive_rate: float | None,
        verbose: bool,
    ) -> None:
        self.progress = progress
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.adaptive_rate = adaptive_rate
        self.verbose = verbose

    def __call__(self, epoch: Epoch) -> bool:
        progress = self.progress
        if self._improved(epoch):
            progress.epochs_without_improvement = 0
        else:
            progress.epochs_without_improvement += 1
        if progress.epochs_without_improvement <= self.n_iter_no_change:
            return False

        what = (
            "Training loss did not improve"
            if epoch.validation_score is None
            else "Validation score did not improve"
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
        if score is None:
            improved = not epoch.loss > progress.best_loss - self.tol
            progress.best_loss = min(progress.best_loss, epoch.loss)
        else:
            improved = not score < progress.best_validation_score + self.tol
            if score > progress.best_validation_score:
                progress.best_validation_score = score
        return improved

    def _report(self, message: str, *, stop: bool) -> bool:
        if self.verbose:
            print(message)
        return stop


def reduced(rate: float, n_reductions: int) -> float:
    """Return the rate after so many reductions by learning_rate="adaptive"."""
    for _ in range(n_reductions):
        rate /= 5
    return rate


class ScikitLearnBridge:
    """Tell the callbacks that a user gave to `set_callbacks` of every epoch.

    For the estimator's fit it opens a task, with a sub-task for each epoch; `epochs`
    opens those and calling the bridge closes them. Without user callbacks, or before
    scikit-learn 1.9, it does nothing.
    """

    def __init__(
        self, estimator: Any, X: Any, y: Any, sample_weight: Any, max_iter: int
    ) -> None:
        self.estimator = estimator
        self.context: Any = None
        self.task: Any = None
        if not hasattr(estimator, "set_callbacks"):
            return
        # Once begun even without callbacks: a Pipeline joins its own tasks to these.
        context = estimator._init_callback_context(max_subtasks=max_iter)
        if not getattr(estimator, "_skl_callbacks", ()):
            return
        self.context = context
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        self.data = {"X": X, "y": y, "metadata": metadata}
        self.context.call_on_fit_task_begin(estimator=estimator, **self.data)

    def epochs(self, max_iter: int) -> Iterator[int]:
        """Count from 1 to max_iter, opening a sub-task before each."""
        for number in range(1, max_iter + 1):
            if self.context is not None:
                self.task = self.context.subcontext(task_name="epoch")
                self.task.call_on_fit_task_begin(estimator=self.estimator, **self.data)
            yield number

    def __call__(self, epoch: Epoch) -> bool:
        if self.context is None:
            return False

        def fitted() -> Mapping[str, Any]:
            parameters = epoch.parameters.copy()
            return {
                "coefs_": parameters.weights,
                "intercepts_": parameters.biases,
                "loss_": epoch.loss,
                "n_iter_": epoch.number,
            }

        task, self.task = self.task, None
        return self._end(task, fitted)

    def close(self) -> None:
        """Close the task of the whole fit, whose attributes the estimator now has."""
        if self.context is None:
            return
        if self.task is not None:  # L-BFGS or a Ctrl-C ended before an open epoch did
            self._end(self.task, None)
        self._end(self.context, dict)

    def _end(self, task: Any, fitted: Callable[[], Mapping[str, Any]] | None) -> bool:
        return bool(
            task.call_on_fit_task_end(
                estimator=self.estimator, reconstruction_attributes=fitted, **self.data
            )
        )
