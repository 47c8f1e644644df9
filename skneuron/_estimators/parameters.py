"""Parts: what the parameters of an estimator stand for, as objects."""

import copy
from typing import Any

from sklearn.metrics import check_scoring

from .._engines import Objective, Samples, choose
from .._network.parameters import Parameters
from .._training.state import Progress
from .._training.stopping import (
    Callback,
    LowerOnPlateau,
    Patience,
    Print,
    RaiseIfNotFinite,
)
from .._training.validation import Score, Validation, mean_loss, score_by
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
from .sklearn_callbacks import ScikitLearnBridge


def optimizer(estimator: Any) -> Optimizer[Any]:
    """Return what makes the steps."""
    solver = estimator.solver
    if not isinstance(solver, str):
        return _checked(solver)
    if solver == "sgd":
        return SGD(float(estimator.momentum), estimator.nesterovs_momentum)
    epsilon = float(estimator.epsilon)
    if solver == "rmsprop":
        return RMSprop(epsilon=epsilon)
    kind = AdamW if solver == "adamw" else Adam
    return kind(float(estimator.beta_1), float(estimator.beta_2), epsilon)


SCHEDULES: dict[str, Any] = {
    "cosine": Cosine(),
    "one_cycle": OneCycle(),
    "plateau": Plateau(),
}


def learning_rate(estimator: Any) -> Any:
    """Return a schedule, or the name of one of scikit-learn's.

    Those are for 'sgd' alone in scikit-learn, where 'adam' takes no notice of them.
    """
    chosen = estimator.learning_rate
    if isinstance(chosen, str):
        ignored = estimator.solver == "adam" and chosen not in SCHEDULES
        return "constant" if ignored else SCHEDULES.get(chosen, chosen)
    return _checked(chosen)


def schedule(estimator: Any) -> Schedule:
    """Return the learning rate as a function of what training has seen."""
    chosen, initial = learning_rate(estimator), float(estimator.learning_rate_init)
    if chosen == "invscaling":
        return InverseScaling(initial, float(estimator.power_t))
    if isinstance(chosen, str | Plateau):
        return Constant(initial)
    return ByProgress(initial, chosen, estimator.max_iter)


def _checked(part: Any) -> Any:
    """Return a part that the user made, its parameters validated."""
    if hasattr(part, "_validate_params"):
        part._validate_params()
    return part


def validation(
    estimator: Any, objective: Objective, held_out: Samples | None
) -> Validation | None:
    """Return what scores these samples after every epoch, as `scoring` says."""
    if held_out is None:
        return None
    engine = choose(estimator.engine, objective, None, held_out.X)
    score = _score(estimator, objective, held_out)
    return Validation(engine, objective, held_out, score)


def _score(estimator: Any, objective: Objective, held_out: Samples) -> Score:
    y, sample_weight = held_out.y, held_out.sample_weight
    if estimator.scoring is None:
        return lambda z, _: estimator._score_raw(z, y, sample_weight)
    if estimator.scoring == "loss":
        return lambda z, _: -mean_loss(objective.loss, z, y, sample_weight)
    scorer = check_scoring(estimator, scoring=estimator.scoring)
    y_true = estimator._decode_targets(y)
    view = copy.copy(estimator)  # which the scorer takes for a fitted estimator
    vars(view).pop("feature_names_in_", None)  # by now X is an array

    def score(_: Any, parameters: Parameters) -> float:
        view.coefs_, view.intercepts_ = parameters.weights, parameters.biases
        return score_by(scorer, view, held_out.X, y_true, sample_weight)

    return score


def check(
    estimator: Any, objective: Objective, samples: Samples, *, by_steps: bool
) -> RaiseIfNotFinite:
    """Return what looks whether the loss and the parameters are finite."""

    def advise() -> str:
        rate = estimator.learning_rate_init if by_steps else None
        link = objective.loss.link
        return inputs.advise_on_divergence(samples.X, samples.y, link, rate)

    return RaiseIfNotFinite(advise)


def callbacks(
    estimator: Any,
    progress: Progress | None,
    validation: Validation | None,
    bridge: ScikitLearnBridge | None,
) -> list[Callback]:
    """Return what happens after each epoch, in this order.

    Progress None leaves the stopping to the solver.
    """
    chosen: list[Callback] = []
    if validation is not None:
        chosen.append(validation)
    if estimator.verbose:
        chosen.append(Print())
    if progress is not None:
        rule = learning_rate(estimator)
        if isinstance(rule, Plateau):
            chosen.append(
                LowerOnPlateau(
                    progress,
                    by_score=estimator.early_stopping,
                    tol=estimator.tol,
                    factor=rule.factor,
                    patience=rule.patience,
                    verbose=bool(estimator.verbose),
                )
            )
        rate = estimator.learning_rate_init if rule == "adaptive" else None
        chosen.append(
            Patience(
                progress,
                by_score=estimator.early_stopping,
                tol=estimator.tol,
                n_iter_no_change=estimator.n_iter_no_change,
                adaptive_rate=rate,
                verbose=bool(estimator.verbose),
            )
        )
    if bridge is not None and bridge.context is not None:
        chosen.append(bridge)
    return chosen
