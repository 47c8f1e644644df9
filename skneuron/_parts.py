"""Parts: what the parameters of an estimator stand for, as objects."""

import copy
from typing import Any

from sklearn.metrics import check_scoring

from . import _inputs
from ._bridge import ScikitLearnBridge
from ._callbacks import Callback, Patience, Print, StopIfNotFinite
from ._engines import Objective, Samples, choose
from ._optimizers import SGD, Adam, Optimizer
from ._parameters import Parameters
from ._progress import Progress
from ._schedules import Constant, InverseScaling, Schedule
from ._validation import Score, Validation, mean_loss, score_by


def optimizer(estimator: Any) -> Optimizer[Any]:
    """Return what makes the steps."""
    if estimator.solver == "sgd":
        return SGD(float(estimator.momentum), estimator.nesterovs_momentum)
    return Adam(
        float(estimator.beta_1), float(estimator.beta_2), float(estimator.epsilon)
    )


def has_adaptive_rate(estimator: Any) -> bool:
    """Whether patience lowers the learning rate before it ends training."""
    return estimator.solver == "sgd" and estimator.learning_rate == "adaptive"


def schedule(estimator: Any) -> Schedule:
    """Return the learning rate as a function of the samples seen."""
    initial = float(estimator.learning_rate_init)
    if estimator.solver == "sgd" and estimator.learning_rate == "invscaling":
        return InverseScaling(initial, float(estimator.power_t))
    return Constant(initial)


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


def callbacks(
    estimator: Any,
    objective: Objective,
    samples: Samples,
    progress: Progress | None,
    validation: Validation | None,
    bridge: ScikitLearnBridge | None,
) -> list[Callback]:
    """Return what happens after each epoch, in this order.

    Progress None leaves the stopping to the solver.
    """

    def advise() -> str:
        rate = None if progress is None else estimator.learning_rate_init
        return _inputs.advise_on_divergence(
            samples.X, samples.y, objective.loss.link, rate
        )

    chosen: list[Callback] = [StopIfNotFinite(advise)]
    if validation is not None:
        chosen.append(validation)
    if estimator.verbose:
        chosen.append(Print())
    if progress is not None:
        rate = estimator.learning_rate_init if has_adaptive_rate(estimator) else None
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
