"""Members of an ensemble: fits that share one X, each on its own rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from .._training.stopping import Callback, Epoch
from .._training.validation import check_weights
from .base import BaseNeuron
from .snapshots import successor

Estimator = TypeVar("Estimator", bound=BaseNeuron)


def fit_on_rows(
    estimator: Estimator,
    X: Any,
    y: Any,
    sample_weight: ArrayLike | None,
    train: ArrayLike,
    held_out: ArrayLike,
    callback: Callback | None = None,
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
    callback : Callback or None
        Called between epochs, after the held-out rows are scored; it may end training.

    Returns
    -------
    estimator : NeuronClassifier or NeuronRegressor
        The same object, trained.
    """
    estimator._validate_params()
    with successor(estimator) as (trained, additions):
        fit = trained._prepare("fit", (X, y, sample_weight))
        rows, others = (np.asarray(part, np.intp) for part in (train, held_out))
        check_weights(fit.samples, rows, others, "other folds")
        fit.state.rows, fit.state.held_out = rows, others
        observer = _Watch(callback, estimator.max_iter)
        additions += trained._train(replace(fit, observer=observer))
    return estimator


@dataclass(frozen=True)
class _Watch:
    """Counts the epochs, and ends training after the last one."""

    callback: Callback | None
    max_iter: int
    observes: bool = True

    def epochs(self, max_iter: int, done: int = 0) -> Iterator[int]:
        return iter(range(done + 1, max_iter + 1))

    def epochs_until_needed(self) -> float:
        return np.inf if self.callback is None else self.callback.epochs_until_needed()

    def __call__(self, epoch: Epoch) -> bool:
        ends = self.callback is not None and self.callback(epoch)
        return ends or epoch.number == self.max_iter
