"""Idle parameters: those that were set, but that another makes of no effect."""

from collections.abc import Iterator
from functools import lru_cache
from inspect import signature
from math import inf
from typing import Any

import numpy as np

from ._warnings import warn

# Not n_iter_no_change, which scikit-learn's checks set wherever there is one.
BY_STEPS = ("batch_size", "learning_rate", "learning_rate_init", "shuffle")
USERS = {
    "momentum": ("sgd",),
    "nesterovs_momentum": ("sgd",),
    "beta_1": ("adam", "adamw"),
    "beta_2": ("adam", "adamw"),
    "epsilon": ("adam", "adamw", "rmsprop"),
    "max_fun": ("lbfgs",),
}
"""Which solvers use a parameter."""
MAY_BE = (
    *BY_STEPS,
    *USERS,
    *("delta", "quantile", "l1_ratio", "dropout", "power_t", "tol"),
    *("validation_fraction", "scoring"),
)


def warn_of_idle(estimator: Any, *, has_validation: bool) -> None:
    """Warn of each parameter that differs from its default to no effect.

    Has_validation says whether there are X_val and y_val.
    """
    cls: Any = type(estimator)
    changed = {
        name: value
        for name, default in _defaults(cls).items()
        if (value := getattr(estimator, name)) is not default
        and repr(value) != repr(default)
    }
    if not changed:
        return
    told = [
        f"{name}={changed[name]!r} has no effect: {why}."
        for name, why in _idle(estimator, has_validation)
        if name in changed
    ]
    if told:
        warn(" ".join(told))


@lru_cache
def _defaults(cls: type) -> dict[str, Any]:
    """Return the defaults of the parameters that may be idle."""
    parameters = signature(cls).parameters
    return {name: parameters[name].default for name in MAY_BE if name in parameters}


def _idle(estimator: Any, has_validation: bool) -> Iterator[tuple[str, str]]:
    """Yield the names of idle parameters, each with the reason."""
    yield from _of_the_solver(estimator)
    yield from _of_the_rate(estimator)
    if estimator.loss != "huber":
        yield "delta", "only loss='huber' uses it"
    if estimator.loss != "quantile":
        yield "quantile", "only loss='quantile' uses it"
    if estimator.alpha == 0:
        yield "l1_ratio", "it shares out alpha, which is 0"
    if np.size(estimator.hidden_layer_sizes) == 0:
        yield "dropout", "there is no hidden layer"
    held_out = estimator.early_stopping and estimator.solver != "lbfgs"
    if not held_out or has_validation:
        yield "validation_fraction", "no samples are held out"
    if not held_out and not has_validation:
        yield "scoring", "it needs early_stopping=True, or X_val and y_val"


def _of_the_solver(estimator: Any) -> Iterator[tuple[str, str]]:
    solver = estimator.solver
    for name, users in USERS.items():
        if not isinstance(solver, str) or solver not in users:
            yield name, f"only solver={' or '.join(map(repr, users))} uses it"
    if solver == "lbfgs":
        for name in BY_STEPS:
            yield name, "solver='lbfgs' makes no steps over batches"
    elif solver == "sgd" and estimator.momentum == 0:
        yield "nesterovs_momentum", "momentum is 0"


def _of_the_rate(estimator: Any) -> Iterator[tuple[str, str]]:
    rule = estimator.learning_rate
    named = rule if isinstance(rule, str) else ""
    if estimator.solver == "adam" and named in ("invscaling", "adaptive"):
        yield "learning_rate", "solver='adam' ignores it, as in scikit-learn"
    if named != "invscaling" or estimator.solver in ("adam", "lbfgs"):
        yield "power_t", "only learning_rate='invscaling' uses it"
    waits = estimator.n_iter_no_change < inf or estimator.solver == "lbfgs"
    if not waits and estimator.tol > 0 and named not in ("", "plateau"):
        yield "tol", "n_iter_no_change=inf waits for ever"
