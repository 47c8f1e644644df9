"""Training by L-BFGS: the loop that SciPy drives, an iteration at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from sklearn.exceptions import ConvergenceWarning

from .._engines import Objective, Sums
from .._network.parameters import Parameters
from .._types import FloatArray
from .._warnings import warn
from .settings import Settings
from .state import TrainingState
from .stopping import INTERRUPTED, Callback, Epoch


def minimize_lbfgs(
    sums: Callable[[Parameters], Sums],
    objective: Objective,
    parameters: Parameters,
    state: TrainingState,
    settings: Settings,
    *,
    check: Callable[[Epoch], None],
    callbacks: Sequence[Callback],
    epochs: Iterator[int],
) -> None:
    """Minimise over the parameters in place, counting an iteration as an epoch.

    Like `Training.train` it ends when a callback returns True or at Ctrl-C, and keeps
    the last iteration.

    Parameters
    ----------
    sums : callable
        From parameters to the sums of the loss and its gradient, in float64.
    objective : Objective
    parameters : Parameters
        Of any precision: the search is in float64, because in float32 the line search
        would fail on the rounding errors of the loss.
    state : TrainingState
    settings : Settings
    check, callbacks, epochs
        As for `Training.train`.
    """
    search = _Search(
        sums=sums,
        objective=objective,
        accepted=parameters.copy(),
        state=state,
        check=check,
        callbacks=callbacks,
        epochs=epochs,
    )
    next(epochs)
    try:
        result = minimize(
            search.value_and_gradient,
            parameters.vector.astype(np.float64),
            method="L-BFGS-B",
            jac=True,
            options={
                "maxfun": settings.max_fun,
                "maxiter": settings.max_iter,
                "gtol": settings.tol,
            },
            callback=search.end_iteration,
        )
    except KeyboardInterrupt:
        warn(INTERRUPTED)
        parameters.vector[:] = search.accepted.vector
        return
    parameters.vector[:] = result.x
    state.loss_before = float(result.fun)  # if there was nothing to do
    # Initial values that are not finite end the search before any callback runs.
    check(Epoch(result.nit, state.loss_before, parameters))
    if not (result.success or search.stopped):
        _warn_not_converged(result, settings.max_iter)


@dataclass
class _Search:
    """The functions that SciPy calls while it minimises.

    Attributes
    ----------
    sums, objective, state, check, callbacks, epochs
        As for `minimize_lbfgs`.
    accepted : Parameters
        The parameters after the last iteration.
    stopped : bool
        Whether a callback has ended the search.
    """

    sums: Callable[[Parameters], Sums]
    objective: Objective
    accepted: Parameters
    state: TrainingState
    check: Callable[[Epoch], None]
    callbacks: Sequence[Callback]
    epochs: Iterator[int]
    stopped: bool = False

    def __post_init__(self) -> None:
        self._start = perf_counter()

    def value_and_gradient(self, vector: FloatArray) -> tuple[float, FloatArray]:
        trial = Parameters(self.objective.network, vector)
        value, gradient = self.objective.normalise(self.sums(trial), vector)
        self._last_gradient = gradient
        return value, gradient

    def end_iteration(self, intermediate_result: OptimizeResult) -> None:
        now, loss = perf_counter(), float(intermediate_result.fun)
        self.accepted.vector[:] = intermediate_result.x
        # An iteration ends with the point that was evaluated last.
        norm = float(np.linalg.norm(self._last_gradient))
        self.state.history.append((loss, np.nan, norm, now - self._start))
        self._start = now
        epoch = Epoch(self.state.n_iter, loss, self.accepted)
        self.check(epoch)
        self.stopped = any([callback(epoch) for callback in self.callbacks])  # noqa: C419
        if self.stopped:
            raise StopIteration  # ends SciPy's loop
        next(self.epochs, None)


def _warn_not_converged(result: OptimizeResult, max_iter: int) -> None:
    advice = "Scale the features, with StandardScaler say."
    if result.nit >= max_iter:
        advice = f"Increase max_iter={max_iter}. {advice}"
    warn(
        f"lbfgs failed to converge after {result.nit} iteration(s) "
        f"(status={result.status}): {result.message}. {advice}",
        ConvergenceWarning,
    )
