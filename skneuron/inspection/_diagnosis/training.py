"""Training: unsuitable learning rates, penalties, epochs and initial weights."""

from collections.abc import Iterator

import numpy as np

from .case import LEARNED, MARGIN, Case
from .data import UNSCALED
from .findings import FRESH, Finding
from .trials import STEPS, geometric_mean

# In units of the loss of a constant guess.
RISE = 0.1  # in one epoch; with a good learning rate it is below 0.06
LEARNING = 1 - MARGIN  # a trial that learns is below; a constant guess is 1
UNTRAINED = 3.0  # above the loss of initial weights from `init`
FALL = 0.1  # over the last quarter of the epochs


def learning_rate_too_high(case: Case, found: set[str]) -> Iterator[Finding]:
    """A smaller rate reaches a lower loss from fresh weights, and this one jumps."""
    if found & UNSCALED or not _can_be_tried(case):
        return
    rate, reached = case.best_trial
    own = geometric_mean(case.trials.own_rates)
    rise = float(np.diff(case.curve).max(initial=0.0))
    jumps = case.own_trial - reached >= MARGIN or rise >= RISE
    if rate < own / 3 and jumps and case.held_loss - reached >= MARGIN:
        yield _rate_finding("learning_rate_too_high", case, rate, reached)


def poor_start(case: Case, found: set[str]) -> Iterator[Finding]:
    """The same settings reach a lower loss from other initial weights."""
    if found or not _can_be_tried(case):
        return
    held, own = case.held_loss, case.own_trial
    stuck = case.n_steps >= case.trials.n_steps and own <= LEARNING
    absurd = held >= UNTRAINED and own <= 1
    gained = held - own
    if gained >= MARGIN and (stuck or absurd):
        yield Finding(
            "poor_start",
            "the weights that training began with",
            gained,
            MARGIN,
            _compared(case, ("with all else as it is", case.own_trial)),
            f"{FRESH}, with another random_state.",
        )


def hardly_trained(case: Case, found: set[str]) -> Iterator[Finding]:
    """A trial from fresh weights reaches a lower loss."""
    if found or not _can_be_tried(case):
        return
    gained = case.held_loss - case.own_trial
    if gained >= MARGIN and case.own_trial <= LEARNING:
        yield Finding(
            "too_few_epochs",
            f"{len(case.curve)} epochs",
            gained,
            MARGIN,
            _compared(case, ("with all else as it is", case.own_trial)),
            _more_epochs(case),
        )


def learning_rate_too_low(case: Case, found: set[str]) -> Iterator[Finding]:
    """A larger rate reaches a lower loss from fresh weights."""
    if found or not _can_be_tried(case):
        return
    rate, reached = case.best_trial
    own = geometric_mean(case.trials.own_rates)
    gained = min(case.held_loss, case.own_trial) - reached
    if rate > 3 * own and gained >= MARGIN and reached <= LEARNING:
        yield _rate_finding("learning_rate_too_low", case, rate, reached)


def alpha_too_large(case: Case, found: set[str]) -> Iterator[Finding]:
    """Without the penalty, a trial reaches a lower loss from fresh weights."""
    estimator = case.estimator
    if found or not estimator.alpha or not _can_be_tried(case):
        return
    reached = case.trial_without_penalty
    gained = min(case.held_loss, case.own_trial) - reached
    if gained >= MARGIN and reached <= LEARNING:
        yield Finding(
            "alpha_too_large",
            f"alpha={estimator.alpha:g}",
            gained,
            MARGIN,
            _compared(
                case,
                ("with alpha=0", reached),
                (f"with alpha={estimator.alpha:g}", case.own_trial),
            ),
            f"set alpha={estimator.alpha / 100:g}.",
        )


def still_falling(case: Case, found: set[str]) -> Iterator[Finding]:
    """A loss that still falls at the last epoch."""
    if found or case.estimator.early_stopping or case.loss < LEARNED:
        return
    n = len(case.curve)
    fall = float(case.curve[-1 - max(1, n // 4)] - case.curve[-1]) if n > 1 else 0.0
    if fall >= FALL:
        yield Finding(
            "too_few_epochs",
            f"{n} epochs",
            fall,
            FALL,
            f"Over the last quarter of the epochs the loss still fell by {fall:.2g} of "
            "a constant guess's.",
            _more_epochs(case),
        )


def overfitting(case: Case, found: set[str]) -> Iterator[Finding]:
    """A loss more than twice as large on samples that were not trained on."""
    held_out = _held_out_loss(case)
    if held_out is None or held_out - case.loss < MARGIN or held_out < 2 * case.loss:
        return
    yield Finding(
        "overfitting",
        f"{case.parameters.vector.size:,} weights and biases, "
        f"{case.n_samples:,} samples",
        held_out - case.loss,
        MARGIN,
        f"Of a constant guess's loss, the network has {case.loss:.2g} on the samples "
        f"it was fitted on, but {held_out:.2g} on others.{_best_epoch(case)}",
        _against_overfitting(case),
    )


def _can_be_tried(case: Case) -> bool:
    """Return True if the solver makes steps, and trials could reach a lower loss."""
    return case.estimator.solver != "lbfgs" and case.held_loss >= MARGIN


def _more_epochs(case: Case) -> str:
    estimator = case.estimator
    longer = f"max_iter={max(5 * len(case.curve), STEPS)}"
    waited = estimator._state.epochs_without_improvement
    if waited > estimator.n_iter_no_change and estimator.solver != "lbfgs":
        patience = 5 * estimator.n_iter_no_change
        longer = f"n_iter_no_change={patience:g}, because tol has ended training"
    return f"train longer: {longer}; or continue with partial_fit or warm_start=True."


def _rate_finding(cause: str, case: Case, rate: float, reached: float) -> Finding:
    own, varies = case.estimator.learning_rate_init, len(set(case.trials.own_rates)) > 1
    constant = "learning_rate='constant', " if varies else ""
    return Finding(
        cause,
        f"learning_rate_init={own:g}",
        case.held_loss - reached,
        MARGIN,
        _compared(
            case,
            (f"with learning_rate_init={rate:g}", reached),
            ("with its own", case.own_trial),
        ),
        f"set {constant}learning_rate_init={rate:g}.",
    )


def _compared(case: Case, *trials: tuple[str, float]) -> str:
    """Return a sentence that compares the losses of trials with the network's."""
    reached = ", ".join(f"{loss:.2g} {how}" for how, loss in trials)
    return (
        f"The loss after {case.trials.n_steps} steps from fresh weights is {reached}; "
        f"this network's, after {case.n_steps}, is {case.held_loss:.2g}. That of a "
        "constant guess is 1."
    )


def _held_out_loss(case: Case) -> float | None:
    """Return the loss on samples that were not trained on."""
    if case.validation is not None:
        return case.loss_on(case.validation)
    losses = case.estimator.validation_loss_curve_
    if not losses:
        return None
    estimator = case.estimator
    best_kept = estimator.early_stopping and estimator.solver != "lbfgs"
    kept = estimator.best_iter_ if best_kept else None
    return case.relative(losses[(kept or len(losses)) - 1])


def _against_overfitting(case: Case) -> str:
    estimator = case.estimator
    by_steps = estimator.solver != "lbfgs"
    stop = by_steps and not (estimator.early_stopping and estimator.scoring == "loss")
    # The penalty is divided by the samples of a step: with a tenth of them as alpha, a
    # step shrinks weights by a tenth of the learning rate.
    size = (
        case.settings.samples_per_step(case.n_samples) if by_steps else case.n_samples
    )
    alpha = max(10 * estimator.alpha, size / 10)
    return (
        "early_stopping=True with scoring='loss', " if stop else ""
    ) + f"alpha={alpha:.2g}, fewer units or more samples."


def _best_epoch(case: Case) -> str:
    losses = case.estimator.validation_loss_curve_
    if case.validation is not None or not losses:
        return ""
    best = int(np.nanargmin(losses))
    return (
        f" The best epoch was {best + 1} of {len(losses)}, with "
        f"{case.relative(losses[best]):.2g}."
    )
