"""Members of an ensemble: fits that share one X, each on its own rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from .._training.fitting import Fit
from .._training.stopping import Callback, Epoch
from .._training.validation import Score, ScoredSamples, check_weights
from .base import BaseNeuron
from .sklearn_callbacks import ScikitLearnBridge
from .snapshots import successor

Estimator = TypeVar("Estimator", bound=BaseNeuron)


def fit_on_rows(
    estimator: Estimator,
    X: Any,
    y: Any,
    sample_weight: ArrayLike | None,
    train: ArrayLike,
    held_out: ArrayLike,
    callbacks: Sequence[Callback] = (),
    *,
    bridge: ScikitLearnBridge | None = None,
    epochs_seen: Callable[[int], float] | None = None,
    scorer: Callable[[Any, Any], float] | None = None,
) -> Estimator:
    """Train on some rows and keep the epoch that is best on others; X is not copied.

    It equals `fit` on the rows of `train` with those of `held_out` as `X_val`, except
    that the targets of all rows are known: either part may lack a class, and
    class_weight="balanced" counts all. The last of `max_iter` epochs is a regular end,
    so there is no ConvergenceWarning.

    Parameters
    ----------
    estimator : NeuronClassifier or NeuronRegressor
        With early_stopping=True, and a solver that makes steps.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
    sample_weight : array-like of shape (n_samples,) or None
    train, held_out : array-like of int
        The rows to train on, and those to score after each epoch.
    callbacks : sequence of Callback
        Called between epochs, after the held-out rows are scored; they may end
        training.
    bridge : ScikitLearnBridge or None
        Reports the epochs to callbacks of the user.
    epochs_seen : callable or None
        From the number of epochs before an epoch to the number for which the schedule
        gives the learning rate.
    scorer : callable or None
        Scores an estimator, as it is after an epoch, and the held-out rows of X,
        instead of `scoring`.

    Returns
    -------
    estimator : NeuronClassifier or NeuronRegressor
        The same object, trained.
    """
    estimator._validate_params()
    with successor(estimator) as (trained, additions):
        fit = trained._prepare("fit", (X, y, sample_weight), bridge=bridge)
        rows, others = (np.asarray(part, np.intp) for part in (train, held_out))
        check_weights(fit.samples, rows, others, "other folds")
        fit.state.rows, fit.state.held_out = rows, others
        fit = replace(fit, observer=_Watch(callbacks, bridge, estimator.max_iter))
        if epochs_seen is not None:
            fit = _rescheduled(fit, epochs_seen)
        if scorer is not None:
            fit = replace(fit, score=_scored_by(trained, scorer))
        additions += trained._train(fit)
    return estimator


def _rescheduled(fit: Fit, to_epochs_seen: Callable[[int], float]) -> Fit:
    """Return a fit whose learning rates are those of other epochs."""
    schedule: Any = fit.settings.schedule

    def rate(samples_seen: int, epochs_seen: int) -> float:
        return float(schedule(samples_seen, to_epochs_seen(epochs_seen)))

    return replace(fit, settings=replace(fit.settings, schedule=rate))


def _scored_by(
    trained: BaseNeuron, scorer: Callable[[Any, Any], float]
) -> Callable[[ScoredSamples], Score]:
    return lambda samples: trained._score_fitted(lambda view: scorer(view, samples.X))


@dataclass(frozen=True)
class _Watch:
    """Counts the epochs, reports them, and ends training after the last one."""

    callbacks: Sequence[Callback]
    bridge: ScikitLearnBridge | None
    max_iter: int
    observes: bool = True

    def epochs(self, max_iter: int, done: int = 0) -> Iterator[int]:
        if self.bridge is not None:
            return self.bridge.epochs(max_iter, done)
        return iter(range(done + 1, max_iter + 1))

    def epochs_until_needed(self) -> float:
        waits = [callback.epochs_until_needed() for callback in self._all()]
        return min(waits, default=np.inf)

    def __call__(self, epoch: Epoch) -> bool:
        ends = [callback(epoch) for callback in self._all()]
        return any(ends) or epoch.number == self.max_iter

    def _all(self) -> list[Callback]:
        bridges = [self.bridge] if self.bridge and self.bridge.observes else []
        return [*self.callbacks, *bridges]
