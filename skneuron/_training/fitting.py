"""Fitting: one call of fit, partial_fit or resume, from first to last epoch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .._engines import Objective, Samples, choose
from .._network.parameters import Parameters
from .._types import FloatArray, IndexArray
from .._warnings import warn
from ..schedules import ByProgress
from .continuation import (
    check_best,
    check_optimizer_state,
    check_rows,
    check_same_data,
    check_same_validation,
    input_signature,
)
from .divergence import RaiseIfNotFinite
from .lbfgs import minimize_lbfgs
from .row_order import RowOrder
from .settings import Settings
from .state import TrainingState
from .steps import Training
from .stopping import Callback, Epoch, LowerOnPlateau, Patience, Print
from .validation import Score, ScoredSamples, Validation, restore_best, split

Kind = Literal["fit", "warm_start", "partial_fit", "resume"]


class Observer(Callback, Protocol):
    """A callback of the user, which also counts the epochs."""

    @property
    def observes(self) -> bool:
        """Whether it needs to be called."""

    def epochs(self, max_iter: int, done: int = 0) -> Iterator[int]:
        """Yield each epoch's number before it starts, from done + 1 to max_iter."""


@dataclass(frozen=True)
class Fit:
    """One call of fit, partial_fit or resume, ready to train.

    Attributes
    ----------
    kind : {"fit", "warm_start", "partial_fit", "resume"}
    continues : bool
        Whether it starts from what an earlier call learned.
    settings : Settings
    objective : Objective
    samples : Samples
    parameters : Parameters
        Trained in place.
    state : TrainingState
        Continued, and kept up to date.
    validation : Samples or None
        Samples to score instead of a hold-out.
    strata : ndarray or None
        The classes that a hold-out is stratified by.
    score : callable
        From samples to the function that scores raw outputs for them.
    observer : Observer or None
        None for partial_fit, a single epoch that nobody observes.
    """

    kind: Kind
    continues: bool
    settings: Settings
    objective: Objective
    samples: Samples
    parameters: Parameters
    state: TrainingState
    validation: Samples | None
    strata: FloatArray | None
    score: Callable[[ScoredSamples], Score]
    observer: Observer | None

    def train(self) -> None:
        """Train the parameters until a callback, the last epoch or Ctrl-C ends it."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if self.settings.optimizer is None:
                self._train_by_lbfgs()
            else:
                self._train_by_steps()

    def _train_by_steps(self) -> None:
        settings, state, optimizer = self.settings, self.state, self.settings.optimizer
        assert optimizer is not None
        engine = choose(settings.engine, self.objective, optimizer, self.samples.X)
        self._start_optimizer()
        self._split()
        validation = self._start_validation()
        if self.kind == "partial_fit":
            self._warn_of_last_rate()
        training = Training(
            settings=settings,
            engine=engine,
            objective=self.objective,
            optimizer=optimizer,
            samples=self.samples,
            order=self._order(),
            parameters=self.parameters,
            state=state,
        )
        check = self._check(settings.learning_rate_init)
        exhausted = training.train(check, self._callbacks(validation), self._epochs())
        if exhausted and self.kind != "partial_fit" and not self._is_over():
            warn(
                f"Stochastic Optimizer: Maximum iterations ({settings.max_iter}) "
                "reached and the optimization hasn't converged yet.",
                ConvergenceWarning,
            )
        restore_best(state, self.parameters)

    def _train_by_lbfgs(self) -> None:
        settings, objective, state = self.settings, self.objective, self.state
        assert self.observer is not None  # there is no partial_fit
        network = objective.network
        signature = input_signature(network)
        state.start_optimizer("lbfgs", None, network.sizes, signature)
        engine = choose(settings.engine, objective, None, self.samples.X)
        samples = self.samples.astype(np.dtype(np.float64))
        to_score = None
        if self.validation is not None:
            to_score = ScoredSamples.of(self.validation)
        minimize_lbfgs(
            lambda parameters: engine.sums(objective, parameters, samples),
            objective,
            self.parameters,
            state,
            settings,
            check=self._check(None),
            callbacks=self._callbacks(self._scores(to_score)),
            epochs=self.observer.epochs(settings.max_iter),
        )
        state.best_loss = min(state.best_loss, state.loss)

    def _start_optimizer(self) -> None:
        """Prepare the state of the last call for the start of this one."""
        settings, state, network = self.settings, self.state, self.objective.network
        optimizer, solver = settings.optimizer, settings.solver
        assert optimizer is not None
        same_solver = self.kind == "partial_fit" and state.solver == solver
        if self.kind == "resume" or same_solver:
            check_optimizer_state(state, optimizer, network)
        else:
            slots = optimizer.init(self.parameters.vector)
            signature = input_signature(network)
            state.start_optimizer(solver, slots, network.sizes, signature)
        if self.kind == "resume":
            return
        if settings.adaptive_rate is None:
            state.rate_reductions = 0
        if self.objective.dropout:
            state.dropout_seed = int(state.random_state.randint(2**31))

    def _split(self) -> None:
        """Choose the rows to train on and those to hold out, if any."""
        settings, state = self.settings, self.state
        if self.kind == "resume":
            check_same_data(state, self.samples)
            check_rows(state, self.samples.X.shape[0])
        elif settings.early_stopping and self.validation is None and state.rows is None:
            state.rows, state.held_out = split(
                self.samples,
                settings.validation_fraction,
                self.strata,
                state.random_state,
            )

    def _start_validation(self) -> Validation | None:
        """Return the callback that scores the validation samples, if there are any."""
        state, to_score = self.state, self.to_score()
        if self.kind == "resume":
            check_same_validation(state, to_score)
        validation = self._scores(to_score)
        if validation is None or not self.settings.early_stopping:
            return validation
        if self.kind == "resume":
            check_best(state, self.parameters.vector.size)
            return validation
        state.best_validation_score = -np.inf
        if self.continues:
            state.best_validation_score, _ = validation.evaluate(self.parameters)
        state.best = self.parameters.vector.copy(), state.best_validation_score
        return validation

    def to_score(self) -> ScoredSamples | None:
        """Return the user's validation samples, the hold-out, or None."""
        if self.validation is not None:
            return ScoredSamples.of(self.validation)
        if not self.settings.early_stopping:
            return None
        return ScoredSamples.of(self.samples, self.state.held_out)

    def _scores(self, samples: ScoredSamples | None) -> Validation | None:
        if samples is None:
            return None
        engine = choose(self.settings.engine, self.objective, None, samples.all_X)
        score = self.score(samples)
        return Validation(engine, self.objective, samples, score, self.state)

    def _order(self) -> RowOrder:
        rows: IndexArray | None = self.state.rows
        n_samples = self.samples.X.shape[0]
        n_rows = n_samples if rows is None else len(rows)
        size = self.settings.batch_size
        if not isinstance(size, str) and size > n_rows:
            warn(
                "Got `batch_size` less than 1 or larger than sample size. It is going "
                f"to be clipped: batch_size={size} is now n_samples={n_rows}.",
            )
        size = self.settings.samples_per_step(n_rows)
        return RowOrder(rows, n_samples, size, self.settings.shuffle)

    def _check(self, learning_rate: float | None) -> Callable[[Epoch], None]:
        return RaiseIfNotFinite(self.samples, self.objective.loss.link, learning_rate)

    def _callbacks(self, validation: Validation | None) -> list[Callback]:
        """Return the callbacks in the order in which they run after each epoch."""
        settings, state = self.settings, self.state
        callbacks: list[Callback] = [] if validation is None else [validation]
        if settings.verbose:
            callbacks.append(Print())
        if settings.optimizer is not None:  # L-BFGS stops by itself
            if settings.plateau is not None:
                callbacks.append(LowerOnPlateau(settings.plateau, settings, state))
            callbacks.append(Patience(settings, state))
        if self.observer is not None and self.observer.observes:
            callbacks.append(self.observer)
        return callbacks

    def _epochs(self) -> Iterator[int]:
        """Count the epochs to train."""
        if self.observer is None:
            return iter(range(1, 2))
        if self.kind == "resume" and self._is_over():
            return iter(())
        return self.observer.epochs(self.settings.max_iter, self.state.n_iter)

    def _is_over(self) -> bool:
        """Return True if training has stopped improving."""
        waited = self.state.epochs_without_improvement
        return bool(waited > self.settings.n_iter_no_change)

    def _warn_of_last_rate(self) -> None:
        """Warn once where partial_fit continues past the end of its schedule."""
        schedule, seen = self.settings.schedule, self.state.epochs_seen
        if isinstance(schedule, ByProgress) and seen == schedule.max_iter:
            warn(
                f"The max_iter={schedule.max_iter} epochs are over at which "
                f"learning_rate={schedule.factor!r} ends: from here on partial_fit "
                f"trains with the rate {schedule(0, seen):.3g}. Set max_iter to how "
                "many epochs there will be, one for each call.",
            )
