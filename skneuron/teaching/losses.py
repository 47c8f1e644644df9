"""Losses: the error of a prediction ŷ against the target y, and its derivative by ŷ.

Each function is for one output of one sample. Losses are summed over outputs and
averaged over samples, except "sse", which is summed over both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log


@dataclass(frozen=True)
class Loss:
    """A loss of one number.

    Attributes
    ----------
    value : callable
        L(y, ŷ).
    derivative : callable
        ∂L/∂ŷ.
    formula : str
        The derivative as text, with the fields {y} and {p} for the numbers y and ŷ.
    averaged : bool
        If True, the loss of several samples is their mean; otherwise their sum.
    """

    value: Callable[[float, float], float]
    derivative: Callable[[float, float], float]
    formula: str
    averaged: bool = True


def _times_log(y: float, p: float) -> float:
    """Return y log p, which is 0 if y is 0."""
    return y * log(max(p, 1e-300)) if y else 0.0


def _ratio(y: float, p: float) -> float:
    return y / max(p, 1e-300) if y else 0.0


SQUARE = Loss(lambda y, p: (y - p) ** 2, lambda y, p: -2 * (y - p), "-2 ({y} - {p})")

LOSSES: dict[str, Loss] = {
    "mse": SQUARE,
    "half_mse": Loss(
        lambda y, p: (y - p) ** 2 / 2, lambda y, p: -(y - p), "-({y} - {p})"
    ),
    "sse": Loss(SQUARE.value, SQUARE.derivative, SQUARE.formula, averaged=False),
    "log_loss": Loss(
        lambda y, p: -_times_log(y, p) - _times_log(1 - y, 1 - p),
        lambda y, p: -_ratio(y, p) + _ratio(1 - y, 1 - p),
        "-{y} / {p} + (1 - {y}) / (1 - {p})",
    ),
}
"""The losses by the names that `Network.loss` accepts."""

SOFTMAX_LOG_LOSS = Loss(
    lambda y, p: -_times_log(y, p), lambda y, p: -_ratio(y, p), "-{y} / {p}"
)
"""The log-loss of a softmax; without one, it is `LOSSES["log_loss"]`."""


def find(loss: str | Loss, softmax: bool) -> Loss:
    """Return the loss with this name, for outputs with or without a softmax."""
    if isinstance(loss, Loss):
        return loss
    if loss not in LOSSES:
        raise ValueError(
            f"loss={loss!r} is not known. Choose one of {', '.join(LOSSES)}."
        )
    return SOFTMAX_LOG_LOSS if softmax and loss == "log_loss" else LOSSES[loss]


def absolute_error() -> Loss:
    """|ŷ - y|."""
    return Loss(
        lambda y, p: abs(p - y),
        lambda y, p: (p > y) - (p < y) + 0.0,
        "sign({p} - {y})",
    )


def huber(delta: float) -> Loss:
    """(ŷ - y)² / 2 if |ŷ - y| <= delta, linear beyond it."""

    def value(y: float, p: float) -> float:
        distance = abs(p - y)
        if distance <= delta:
            return distance**2 / 2
        return delta * (distance - delta / 2)

    return Loss(
        value,
        lambda y, p: max(-delta, min(delta, p - y)),
        f"{{p}} - {{y}}, between -{delta:g} and {delta:g}",
    )


def quantile(q: float) -> Loss:
    """The pinball loss: q per unit that ŷ is too low, 1 - q per unit too high."""
    return Loss(
        lambda y, p: q * (y - p) if y >= p else (1 - q) * (p - y),
        lambda y, p: 1 - q if p > y else -q,
        f"{1 - q:g} if {{p}} > {{y}} else {-q:g}",
    )


def poisson() -> Loss:
    """Half the Poisson deviance, y log(y / ŷ) - y + ŷ."""
    return Loss(
        lambda y, p: _times_log(y, y) - _times_log(y, p) - y + p,
        lambda y, p: 1 - _ratio(y, p),
        "1 - {y} / {p}",
    )


def gamma() -> Loss:
    """Half the gamma deviance, log(ŷ / y) + y / ŷ - 1."""
    return Loss(
        lambda y, p: log(p / y) + y / p - 1,
        lambda y, p: (1 - y / p) / p,
        "(1 - {y} / {p}) / {p}",
    )
