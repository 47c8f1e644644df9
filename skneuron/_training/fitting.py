"""Fitting: from a network that is ready, and data, to what training makes of it."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .._engines import Objective, Samples, choose
from .._estimators import inputs
from .._estimators import parameters as parts
from .._estimators.checkpoints import (
    UnderWay,
    Unfinished,
    check_best,
    check_rows,
    check_same_data,
    check_same_scored,
)
from .._estimators.learnt import check_optimizer_state
from .._estimators.sklearn_callbacks import ScikitLearnBridge
from .._network.parameters import Parameters
from .._types import IndexArray
from .._warnings import warn
from ..optimizers import Optimizer
from ..schedules import ByProgress, Schedule
from .lbfgs import minimize_lbfgs
from .state import Outcome, Progress
from .steps import Order, Training
from .validation import Validation, split


@dataclass(frozen=True)
class Call:
    """What one call of fit, partial_fit, initialize or resume asks for.

    Attributes
    ----------
    continues : bool
        Whether it goes on from where the last call ended.
    incremental : bool
        Whether it is partial_fit: a single epoch.
    bridge : ScikitLearnBridge or None
        None for the calls that scikit-learn's callbacks are not told of.
    start : tuple
        The user's first weights and biases.
    validation : tuple
        The user's X, y and sample weights to score on.
    unfinished : Unfinished or None
        Where a training was left that this one goes on with.
    """

    continues: bool = False
    incremental: bool = False
    bridge: ScikitLearnBridge | None = None
    start: tuple[Any, Any] = (None, None)
    validation: tuple[Any, Any, Any] = (None, None, None)
    unfinished: Unfinished | None = None

    @property
    def epochs_before(self) -> int:
        """How many epochs of this training are behind."""
        return 0 if self.unfinished is None else self.unfinished.epoch


@dataclass(frozen=True)
class Fitting:
    """Everything that a training takes.

    Attributes
    ----------
    estimator : NeuronClassifier or NeuronRegressor
        Whose parameters say how: the twin that is trained.
    call : Call
    objective : Objective
    parameters : Parameters
        Trained in place.
    samples : Samples
    progress : Progress
        Goes on from what it says, and is kept up to date.
    """

    estimator: Any
    call: Call
    objective: Objective
    parameters: Parameters
    samples: Samples
    progress: Progress

    def train(self) -> Outcome:
        """Train the parameters, until something ends it."""
        by_steps = self.estimator.solver != "lbfgs"
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._train_by_steps() if by_steps else self._train_by_lbfgs()

    def _train_by_steps(self) -> Outcome:
        estimator, call, progress = self.estimator, self.call, self.progress
        optimizer = parts.optimizer(estimator)
        if self.objective.l1:
            _check_proximal(optimizer, estimator.l1_ratio)
        engine = choose(estimator.engine, self.objective, optimizer, self.samples.X)
        if call.unfinished is None:
            self._start_progress(optimizer)
        else:
            check_optimizer_state(progress, optimizer, self.parameters.layer_sizes)
        rows, held_out = self._split()
        validation = self._start_validation(held_out)
        schedule = parts.schedule(estimator)
        if call.incremental:
            _warn_of_last_rate(schedule, progress.epochs_seen)
        longest = estimator.max_grad_norm
        training = Training(
            engine,
            self.objective,
            self.parameters,
            optimizer,
            schedule,
            self.samples,
            self._order(rows),
            progress,
            np.inf if longest is None else float(longest),
            None if call.unfinished is None else call.unfinished.row_order,
        )
        under_way = UnderWay(estimator, call, training, validation, held_out)
        check = parts.check(estimator, self.objective, self.samples, by_steps=True)
        callbacks = parts.callbacks(estimator, progress, validation, call.bridge)
        with nullcontext() if call.bridge is None else call.bridge.shows(under_way):
            outcome = training.train(check, callbacks, self._epochs())

        if outcome.exhausted and not call.incremental and not self._is_over():
            warn(
                f"Stochastic Optimizer: Maximum iterations ({estimator.max_iter}) "
                "reached and the optimization hasn't converged yet.",
                ConvergenceWarning,
            )
        if call.unfinished is not None and not len(outcome.record):
            outcome = replace(outcome, loss=estimator.loss_)
        if validation is not None:
            validation.restore_best(self.parameters)
        return replace(outcome, validation=validation)

    def _train_by_lbfgs(self) -> Outcome:
        estimator, objective, call = self.estimator, self.objective, self.call
        _check_for_lbfgs(estimator, objective)
        assert call.bridge is not None  # there is no partial_fit
        self.progress.start_optimizer("lbfgs", None, self.parameters.layer_sizes)
        validation = parts.validation(estimator, objective, self._to_score(None))
        outcome = minimize_lbfgs(
            choose(estimator.engine, objective, None, self.samples.X),
            objective,
            self.parameters,
            self.samples,
            max_iter=estimator.max_iter,
            max_fun=estimator.max_fun,
            tol=estimator.tol,
            check=parts.check(estimator, objective, self.samples, by_steps=False),
            callbacks=parts.callbacks(estimator, None, validation, call.bridge),
            epochs=call.bridge.epochs(estimator.max_iter),
        )
        self.progress.best_loss = min(self.progress.best_loss, outcome.loss)
        return replace(outcome, validation=validation)

    def _start_progress(self, optimizer: Optimizer[Any]) -> None:
        """Bring what is left of the last call to where this one starts."""
        progress, solver = self.progress, type(optimizer).__name__
        if not self.call.incremental or progress.solver != solver:
            state = optimizer.init(self.parameters.vector)
            progress.start_optimizer(solver, state, self.parameters.layer_sizes)
        else:
            check_optimizer_state(progress, optimizer, self.parameters.layer_sizes)
        if parts.learning_rate(self.estimator) != "adaptive":
            progress.rate_reductions = 0
        if self.objective.dropout:
            progress.dropout_seed = int(progress.random_state.randint(2**31))

    def _split(self) -> tuple[IndexArray | None, IndexArray | None]:
        """Return the rows to train on and those to hold out; None for all, and none."""
        estimator, unfinished = self.estimator, self.call.unfinished
        if unfinished is not None:
            check_same_data(self.samples, unfinished)
            check_rows(unfinished, self.samples.X.shape[0])
            return unfinished.rows, unfinished.held_out
        if not estimator.early_stopping or self.call.validation[0] is not None:
            return None, None
        return split(
            self.samples,
            estimator.validation_fraction,
            estimator._strata(self.samples.y),
            self.progress.random_state,
        )

    def _start_validation(self, held_out: IndexArray | None) -> Validation | None:
        """Return what scores the samples that there are to score, if any."""
        estimator, progress = self.estimator, self.progress
        to_score = self._to_score(held_out)
        if self.call.unfinished is not None:
            check_same_scored(to_score, self.call.unfinished)
        validation = parts.validation(estimator, self.objective, to_score)
        if validation is None or not estimator.early_stopping:
            return validation
        if self.call.unfinished is not None:
            validation.best = self.call.unfinished.best
            check_best(validation.best, self.parameters.vector.size)
            return validation
        progress.best_validation_score = -np.inf
        if self.call.continues:
            progress.best_validation_score, _ = validation.evaluate(self.parameters)
        start = self.parameters.vector.copy()
        validation.best = start, progress.best_validation_score
        return validation

    def _to_score(self, held_out: IndexArray | None) -> Samples | None:
        """Return the user's samples, or the hold-out, or None."""
        estimator, samples = self.estimator, self.samples
        X, y, sample_weight = self.call.validation
        if (X is None) != (y is None) or (X is None and sample_weight is not None):
            raise ValueError(
                "X_val and y_val belong together, and sample_weight_val to them: give "
                "both, or none of the three."
            )
        if X is not None:
            names = "X_val", "y_val"
            with inputs.of_validation():
                return estimator._check_known(X, y, sample_weight, samples.dtype, names)
        if not estimator.early_stopping or estimator.solver == "lbfgs":
            return None
        return samples if held_out is None else samples.part(held_out)

    def _order(self, rows: IndexArray | None) -> Order:
        n_samples = self.samples.X.shape[0]
        n_rows = n_samples if rows is None else len(rows)
        batch_size = inputs.check_batch_size(self.estimator.batch_size, n_rows)
        return Order(rows, n_samples, batch_size, self.estimator.shuffle)

    def _epochs(self) -> Iterator[int]:
        """Count the epochs to train."""
        call = self.call
        if call.bridge is None:
            return iter(range(1, 2))
        if call.unfinished is not None and self._is_over():
            return iter(())
        return call.bridge.epochs(self.estimator.max_iter, call.epochs_before)

    def _is_over(self) -> bool:
        """Whether training has ended for want of improvement."""
        waited = self.progress.epochs_without_improvement
        return bool(waited > self.estimator.n_iter_no_change)


def _warn_of_last_rate(schedule: Schedule, epochs_seen: int) -> None:
    """Warn once where partial_fit goes on after its schedule has come to its end."""
    if isinstance(schedule, ByProgress) and epochs_seen == schedule.max_iter:
        warn(
            f"The max_iter={schedule.max_iter} epochs are over at which "
            f"learning_rate={schedule.factor!r} ends: from here on partial_fit trains "
            f"with the rate {schedule(0, epochs_seen):.3g}. Set max_iter to how many "
            "epochs there will be, one for each call.",
        )


def _check_proximal(optimizer: Any, l1_ratio: float) -> None:
    """Raise where an optimizer cannot make weights exactly zero."""
    if not hasattr(optimizer, "proximal_scale"):
        raise ValueError(
            f"l1_ratio={l1_ratio} needs a solver with the method proximal_scale(state, "
            "learning_rate), as those of skneuron.optimizers have; "
            f"{type(optimizer).__name__} has none."
        )
    if getattr(optimizer, "momentum", 0) == 1:
        raise ValueError(
            f"l1_ratio={l1_ratio} needs momentum below 1, got momentum=1: without "
            "friction a steady pull towards zero has no end. Use momentum=0.9."
        )


def _check_for_lbfgs(estimator: Any, objective: Objective) -> None:
    """Raise where L-BFGS cannot do what is asked for; warn where it need not."""
    if estimator.early_stopping:
        warn(
            "early_stopping=True has no effect with solver='lbfgs', which trains "
            "on all samples until it converges. Use solver='adam' or 'sgd' to "
            "stop early.",
        )
    if estimator.max_grad_norm is not None:
        raise ValueError(
            f"max_grad_norm={estimator.max_grad_norm} limits steps along the "
            "gradient, which solver='lbfgs' does not make: it searches along a "
            "line. Use max_grad_norm=None."
        )
    if objective.dropout:
        raise ValueError(
            f"dropout={estimator.dropout!r} makes another loss at every step, "
            "which solver='lbfgs' cannot follow. Use solver='adam' or 'sgd', or "
            "dropout=0."
        )
    if objective.l1:
        raise ValueError(
            "solver='lbfgs' needs a penalty that is smooth, but l1_ratio="
            f"{estimator.l1_ratio} is not. Use solver='adam' or 'sgd', or "
            "l1_ratio=0."
        )
