"""Parameters of the estimators: their valid values, and the settings they make."""

from numbers import Integral, Real
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from .._engines import EngineName, StepRule
from .._network.initializers import InitName
from .._sklearn import HasMethods, Interval, Options, StrOptions
from .._training.settings import Settings
from .._warnings import warn
from ..activations import ACTIVATIONS
from ..optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from ..schedules import (
    ByProgress,
    Constant,
    Cosine,
    InverseScaling,
    OneCycle,
    Plateau,
    Schedule,
)
from . import inputs

SolverName: TypeAlias = Literal["adam", "sgd", "lbfgs", "adamw", "rmsprop"]
LearningRateName: TypeAlias = Literal[
    "constant", "invscaling", "adaptive", "cosine", "one_cycle", "plateau"
]

SCHEDULES: dict[str, Any] = {
    "cosine": Cosine(),
    "one_cycle": OneCycle(),
    "plateau": Plateau(),
}

CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
    "activation": [
        StrOptions(set(ACTIVATIONS)),
        HasMethods(["value", "derivative"]),
        "array-like",
    ],
    "input_layers": [list, tuple, None],  # `check_input_layers` checks the entries
    "solver": [
        StrOptions(set(get_args(SolverName))),
        HasMethods(["init", "update"]),
    ],
    "alpha": [Interval(Real, 0, None, closed="left")],
    "l1_ratio": [Interval(Real, 0, 1, closed="both")],
    "dropout": [Interval(Real, 0, 1, closed="left"), "array-like"],
    "batch_size": [
        StrOptions({"auto", "full"}),
        Interval(Integral, 1, None, closed="left"),
    ],
    "learning_rate": [
        StrOptions(set(get_args(LearningRateName))),
        callable,
        Plateau,
    ],
    "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
    "power_t": [Interval(Real, 0, None, closed="left")],
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": [Interval(Real, 0, None, closed="left")],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [Interval(Real, 0, 1, closed="both")],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="left")],
    "beta_1": [Interval(Real, 0, 1, closed="left")],
    "beta_2": [Interval(Real, 0, 1, closed="left")],
    "epsilon": [Interval(Real, 0, None, closed="neither")],
    "scoring": [str, callable, None],  # `check_scoring` says more about a name
    "n_iter_no_change": [
        Interval(Integral, 1, None, closed="left"),
        Options(Real, {np.inf}),
    ],
    "max_grad_norm": [Interval(Real, 0, None, closed="neither"), None],
    "max_fun": [Interval(Integral, 1, None, closed="left")],
    "init": [StrOptions(set(get_args(InitName)))],
    "fit_intercept": ["boolean"],
    "dtype": [StrOptions({"float32", "float64"}), None],
    "engine": [StrOptions(set(get_args(EngineName)))],
}
"""The constraints of the parameters that both estimators have."""


def settings(estimator: Any) -> Settings:
    """Return the settings that the parameters of an estimator stand for."""
    sizes = inputs.check_hidden_layer_sizes(estimator.hidden_layer_sizes)
    activations = inputs.check_activation(estimator.activation, len(sizes))
    chosen = _learning_rate(estimator)
    rate, max_norm = float(estimator.learning_rate_init), estimator.max_grad_norm
    return Settings(
        hidden_layer_sizes=sizes,
        activations=activations[: len(sizes)],
        input_layers=inputs.check_input_layers(estimator.input_layers),
        dropout=inputs.check_dropout(estimator.dropout, len(sizes)),
        fit_intercept=bool(estimator.fit_intercept),
        init=estimator.init,
        init_activation=activations[-1] if activations else None,
        alpha=float(estimator.alpha * (1 - estimator.l1_ratio)),
        l1=float(estimator.alpha * estimator.l1_ratio),
        optimizer=_optimizer(estimator),
        schedule=_schedule(estimator, chosen),
        step_rule=StepRule(np.inf if max_norm is None else float(max_norm)),
        adaptive_rate=rate if chosen == "adaptive" else None,
        plateau=chosen if isinstance(chosen, Plateau) else None,
        learning_rate_init=rate,
        batch_size=estimator.batch_size,
        shuffle=bool(estimator.shuffle),
        max_iter=estimator.max_iter,
        max_fun=estimator.max_fun,
        tol=estimator.tol,
        n_iter_no_change=estimator.n_iter_no_change,
        early_stopping=bool(estimator.early_stopping),
        validation_fraction=estimator.validation_fraction,
        verbose=bool(estimator.verbose),
        engine=estimator.engine,
    )


def _optimizer(estimator: Any) -> Optimizer[Any] | None:
    solver, epsilon = estimator.solver, float(estimator.epsilon)
    if not isinstance(solver, str):
        return _checked(solver)
    if solver == "lbfgs":
        return None
    if solver == "sgd":
        return SGD(float(estimator.momentum), estimator.nesterovs_momentum)
    if solver == "rmsprop":
        return RMSprop(epsilon=epsilon)
    kind = AdamW if solver == "adamw" else Adam
    return kind(float(estimator.beta_1), float(estimator.beta_2), epsilon)


def _learning_rate(estimator: Any) -> Any:
    """Return a schedule, or the name of a schedule of scikit-learn.

    scikit-learn's are for 'sgd'; 'adam' ignores them.
    """
    chosen = estimator.learning_rate
    if isinstance(chosen, str):
        ignored = estimator.solver == "adam" and chosen not in SCHEDULES
        return "constant" if ignored else SCHEDULES.get(chosen, chosen)
    return _checked(chosen)


def _schedule(estimator: Any, chosen: Any) -> Schedule:
    """Return the learning rate as a function of the samples and epochs seen."""
    initial = float(estimator.learning_rate_init)
    if isinstance(chosen, str) and chosen == "invscaling":
        return InverseScaling(initial, float(estimator.power_t))
    if isinstance(chosen, str | Plateau):
        return Constant(initial)
    return ByProgress(initial, chosen, estimator.max_iter)


def _checked(part: Any) -> Any:
    """Return an object that the user passed, its parameters validated."""
    if hasattr(part, "_validate_params"):
        part._validate_params()
    return part


def check_combination(estimator: Any, settings: Settings) -> None:
    """Raise if other parameters need what the solver cannot do."""
    if settings.optimizer is None:
        _check_for_lbfgs(estimator, settings)
    elif settings.l1:
        _check_proximal(settings.optimizer, estimator.l1_ratio)


def _check_proximal(optimizer: Any, l1_ratio: float) -> None:
    """Raise if the optimizer cannot make weights exactly zero."""
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


def _check_for_lbfgs(estimator: Any, settings: Settings) -> None:
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
    if settings.dropout:
        raise ValueError(
            f"dropout={estimator.dropout!r} makes another loss at every step, "
            "which solver='lbfgs' cannot follow. Use solver='adam' or 'sgd', or "
            "dropout=0."
        )
    if settings.l1:
        raise ValueError(
            "solver='lbfgs' needs a penalty that is smooth, but l1_ratio="
            f"{estimator.l1_ratio} is not. Use solver='adam' or 'sgd', or "
            "l1_ratio=0."
        )
