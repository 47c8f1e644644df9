"""History: what each epoch was like, in columns of equal length."""

from collections.abc import Sequence
from math import nan
from typing import Any, TypeAlias

History: TypeAlias = dict[str, list[float]]

COLUMNS = (
    "epoch",
    "loss",
    "validation_loss",
    "validation_score",
    "learning_rate",
    "gradient_norm",
    "seconds",
)


def no_history() -> History:
    """Return the columns without an epoch."""
    return {name: [] for name in COLUMNS}


def add_epochs(
    history: History,
    losses: Sequence[float],
    learning_rates: Sequence[float],
    gradient_norms: Sequence[float],
    seconds: float,
) -> None:
    """Add epochs that took so many seconds together."""
    n, n_before = len(losses), len(history["epoch"])
    history["epoch"] += range(n_before + 1, n_before + n + 1)
    history["loss"] += losses
    history["validation_loss"] += [nan] * n
    history["validation_score"] += [nan] * n
    history["learning_rate"] += learning_rates[:n]
    history["gradient_norm"] += gradient_norms
    history["seconds"] += [seconds / n] * n if n else []


def add_validation(history: History, validation: Any) -> None:
    """Write what a validation has found into the epochs, all of which it has seen."""
    history["validation_loss"] = list(validation.losses)
    history["validation_score"] = list(validation.scores)


def append(history: History, more: History) -> None:
    """Append the epochs of a later call, which are counted from where these end."""
    n_before = len(history["epoch"])
    for name, column in more.items():
        history[name] += column
    history["epoch"][n_before:] = range(n_before + 1, len(history["epoch"]) + 1)
