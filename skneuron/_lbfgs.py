"""Training by L-BFGS: the loop that SciPy drives, an iteration at a time."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from sklearn.exceptions import ConvergenceWarning

from ._callbacks import Callback
from ._engines import Engine, Objective, Samples
from ._history import Record
from ._parameters import Parameters
from ._progress import Epoch, Outcome
from ._types import FloatArray


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
    record = Record()
    start = perf_counter()
    accepted = parameters.copy()
    last_gradient = np.zeros_like(parameters.vector)
    stopped = False
    next(epochs)

    # In float64 whatever the precision of the result: in float32 the line search would
    # lose its way in the rounding of the loss.
    samples = samples.astype(np.dtype(np.float64))

    def loss_and_gradient(vector: FloatArray) -> tuple[float, FloatArray]:
        nonlocal last_gradient
        trial = Parameters(parameters.layer_sizes, vector)
        loss, last_gradient = engine.loss_and_gradient(objective, trial, samples)
        return loss, last_gradient

    def end_iteration(intermediate_result: OptimizeResult) -> None:
        nonlocal start, stopped
        accepted.vector[:] = intermediate_result.x
        now, loss = perf_counter(), float(intermediate_result.fun)
        record.losses.append(loss)
        record.learning_rates.append(np.nan)
        # An iteration ends with the point that was looked at last.
        record.gradient_norms.append(float(np.linalg.norm(last_gradient)))
        record.seconds.append(now - start)
        start = now
        epoch = Epoch(len(record.losses), loss, accepted)
        check(epoch)
        stopped = any([callback(epoch) for callback in callbacks])  # noqa: C419
        if stopped:
            raise StopIteration  # SciPy's way to be told
        next(epochs, None)

    try:
        result = minimize(
            loss_and_gradient,
            parameters.vector.astype(np.float64),
            method="L-BFGS-B",
            jac=True,
            options={"maxfun": max_fun, "maxiter": max_iter, "gtol": tol},
            callback=end_iteration,
        )
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=2)
        parameters.vector[:] = accepted.vector
        return Outcome(record, record.losses[-1] if record.losses else np.nan)
    parameters.vector[:] = result.x
    # A start that is not finite ends it before any callback is told.
    check(Epoch(result.nit, float(result.fun), parameters))
    if not (result.success or stopped):
        _warn_not_converged(result, max_iter)
    return Outcome(record, float(result.fun))


def _warn_not_converged(result: OptimizeResult, max_iter: int) -> None:
    advice = "Scale the features, with StandardScaler say."
    if result.nit >= max_iter:
        advice = f"Increase max_iter={max_iter}. {advice}"
    warnings.warn(
        f"lbfgs failed to converge after {result.nit} iteration(s) "
        f"(status={result.status}): {result.message}. {advice}",
        ConvergenceWarning,
        stacklevel=2,
    )
