"""Idle parameters: those that have no effect because of the value of another."""

from collections.abc import Iterator
from functools import lru_cache
from inspect import signature
from math import inf
from numbers import Real
from typing import Any

import numpy as np

from .._warnings import warn

# Not n_iter_no_change, which scikit-learn's checks set on every estimator.
STEP_PARAMETERS = ("batch_size", "learning_rate", "learning_rate_init", "shuffle")
USED_BY = {
    "momentum": ("sgd",),
    "nesterovs_momentum": ("sgd",),
    "beta_1": ("adam", "adamw"),
    "beta_2": ("adam", "adamw"),
    "epsilon": ("adam", "adamw", "rmsprop"),
    "max_fun": ("lbfgs",),
}
"""Solvers that use each parameter."""
MAY_BE_IDLE = (
    *STEP_PARAMETERS,
    *USED_BY,
    *("delta", "quantile", "l1_ratio", "dropout", "power_t", "tol"),
    *("validation_fraction", "scoring"),
)


def warn_of_idle(estimator: Any, *, may_validate: bool) -> None:
    """Warn about each parameter that was set but has no effect.

    `may_validate` is True if there are X_val and y_val, or may be in later calls.
    """
    cls: Any = type(estimator)
    changed = {
        name: value
        for name, default in _defaults(cls).items()
        if (value := getattr(estimator, name)) is not default
        and not _is_same(value, default)
    }
    if not changed:
        return
    messages = [
        f"{name}={changed[name]!r} has no effect: {why}."
        for name, why in _idle(estimator, may_validate)
        if name in changed
    ]
    if messages:
        warn(" ".join(messages))


@lru_cache
def _defaults(cls: type) -> dict[str, Any]:
    """Return the defaults of the parameters in `MAY_BE_IDLE`."""
    parameters = signature(cls).parameters
    return {
        name: parameters[name].default for name in MAY_BE_IDLE if name in parameters
    }


def _is_same(value: Any, default: Any) -> bool:
    """Return True if a value equals the default, although it is another object."""
    if isinstance(value, Real | np.bool_) and isinstance(default, Real):
        return bool(value == default)
    return repr(value) == repr(default)


def _idle(estimator: Any, may_validate: bool) -> Iterator[tuple[str, str]]:
    """Yield the names of idle parameters, each with the reason."""
    yield from _idle_with_solver(estimator)
    yield from _idle_with_learning_rate(estimator)
    for name, user in (("delta", "huber"), ("quantile", "quantile")):
        if not isinstance(estimator.loss, str):
            yield name, f"loss={estimator.loss!r} has its own parameters"
        elif estimator.loss != user:
            yield name, f"it is for loss={user!r}"
    if estimator.alpha == 0:
        yield "l1_ratio", "it is a fraction of alpha, which is 0"
    if np.size(estimator.hidden_layer_sizes) == 0:
        yield "dropout", "there is no hidden layer"
    by_lbfgs = estimator.solver == "lbfgs"
    held_out = estimator.early_stopping and not by_lbfgs
    if not held_out or may_validate:
        yield "validation_fraction", "no samples are held out"
    if not held_out and not may_validate:
        others = "" if by_lbfgs else "early_stopping=True, or "
        yield "scoring", f"it needs {others}X_val and y_val"


def _idle_with_solver(estimator: Any) -> Iterator[tuple[str, str]]:
    solver = estimator.solver
    for name, users in USED_BY.items():
        if not isinstance(solver, str):
            yield name, f"solver={solver!r} has its own parameters"
        elif solver not in users:
            yield name, f"it is for solver={' or '.join(map(repr, users))}"
    if solver == "lbfgs":
        for name in STEP_PARAMETERS:
            yield name, "solver='lbfgs' makes no steps over batches"
    elif solver == "sgd" and estimator.momentum == 0:
        yield "nesterovs_momentum", "momentum is 0"


def _idle_with_learning_rate(estimator: Any) -> Iterator[tuple[str, str]]:
    rule = estimator.learning_rate
    named = rule if isinstance(rule, str) else ""
    solver, patient = estimator.solver, estimator.n_iter_no_change == inf
    if solver == "adam" and named in ("invscaling", "adaptive"):
        yield "learning_rate", "solver='adam' ignores it, as in scikit-learn"
    elif named == "adaptive" and patient:
        yield "learning_rate", "n_iter_no_change=inf tolerates any number of epochs"
    if named != "invscaling":
        yield "power_t", "it is for learning_rate='invscaling'"
    elif solver in ("adam", "lbfgs"):
        yield "power_t", f"solver={solver!r} ignores learning_rate='invscaling'"
    stops = solver == "lbfgs" or not patient or named in ("", "plateau")
    if not stops and estimator.tol > 0:
        yield "tol", "n_iter_no_change=inf tolerates any number of epochs"
