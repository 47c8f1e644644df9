"""Training by L-BFGS: the loop that SciPy drives, an iteration at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from sklearn.exceptions import ConvergenceWarning

from .._engines import Engine, Objective, Samples
from .._network.parameters import Parameters
from .._types import FloatArray
from .._warnings import warn
from .history import Record
from .state import Epoch, Outcome
from .stopping import Callback


def minimize_lbfgs(
    engine: Engine,
    objective: Objective,
    parameters: Parameters,
    samples: Samples,
    *,
    max_iter: int,
    max_fun: int,
    tol: float,
    check: Callable[[Epoch], None],
    callbacks: Sequence[Callback],
    epochs: Iterator[int],
) -> Outcome:
    """Minimise over the parameters in place, counting an iteration as an epoch.

    Ends like `train` at a callback's word or at Ctrl-C, and keeps the last iteration.
    """
    # In float64 whatever the precision of the result: in float32 the line search would
    # lose its way in the rounding of the loss.
    samples = samples.astype(np.dtype(np.float64))
    search = _Search(
        lambda trial: engine.loss_and_gradient(objective, trial, samples),
        parameters.copy(),
        check,
        callbacks,
        epochs,
    )
    record = search.record
    next(epochs)
    try:
        result = minimize(
            search.loss_and_gradient,
            parameters.vector.astype(np.float64),
            method="L-BFGS-B",
            jac=True,
            options={"maxfun": max_fun, "maxiter": max_iter, "gtol": tol},
            callback=search.end_iteration,
        )
    except KeyboardInterrupt:
        warn("Training interrupted by user.")
        parameters.vector[:] = search.accepted.vector
        return Outcome(record, record.loss)
    parameters.vector[:] = result.x
    # A start that is not finite ends it before any callback is told.
    check(Epoch(result.nit, float(result.fun), parameters))
    if not (result.success or search.stopped):
        _warn_not_converged(result, max_iter)
    return Outcome(record, float(result.fun))


@dataclass
class _Search:
    """What SciPy asks while it minimises, and what happens at each iteration.

    Attributes
    ----------
    evaluate : callable
        From parameters to the loss and its gradient.
    accepted : Parameters
        Those of the last iteration.
    check, callbacks, epochs
        As `minimize_lbfgs` is given them.
    record : Record
        Of the iterations that are done.
    stopped : bool
        Whether a callback has ended it.
    """

    evaluate: Callable[[Parameters], tuple[float, FloatArray]]
    accepted: Parameters
    check: Callable[[Epoch], None]
    callbacks: Sequence[Callback]
    epochs: Iterator[int]
    record: Record = field(default_factory=Record)
    stopped: bool = False

    def __post_init__(self) -> None:
        self._start = perf_counter()

    def loss_and_gradient(self, vector: FloatArray) -> tuple[float, FloatArray]:
        trial = Parameters(self.accepted.layer_sizes, vector)
        loss, self._last_gradient = self.evaluate(trial)
        return loss, self._last_gradient

    def end_iteration(self, intermediate_result: OptimizeResult) -> None:
        self.accepted.vector[:] = intermediate_result.x
        now, loss = perf_counter(), float(intermediate_result.fun)
        # An iteration ends with the point that was looked at last.
        norm = float(np.linalg.norm(self._last_gradient))
        self.record.rows.append((loss, np.nan, norm, now - self._start))
        self._start = now
        epoch = Epoch(len(self.record), loss, self.accepted)
        self.check(epoch)
        self.stopped = any([callback(epoch) for callback in self.callbacks])  # noqa: C419
        if self.stopped:
            raise StopIteration  # SciPy's way to be told
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
