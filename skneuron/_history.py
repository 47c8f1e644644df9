"""History: what each epoch was like, in columns of equal length."""

from dataclasses import dataclass, field
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


@dataclass
class Record:
    """What a training notes down, an entry for each epoch."""

    losses: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def history(self, validation: Any = None) -> History:
        """Return the columns, with what a validation has found, if there was one."""
        n = len(self.losses)
        losses = [] if validation is None else validation.losses
        scores = [] if validation is None else validation.scores
        unknown = [nan] * (n - len(losses))  # one may be missing after Ctrl-C
        columns = (
            range(1, n + 1),
            self.losses,
            losses + unknown,
            scores + unknown,
            self.learning_rates,
            self.gradient_norms,
            self.seconds,
        )
        return dict(zip(COLUMNS, map(list, columns), strict=True))


def append(history: History, more: History) -> None:
    """Append the epochs of a later call, which are counted from where these end."""
    n_before = len(history["epoch"])
    for name, column in more.items():
        history[name] += column
    history["epoch"][n_before:] = range(n_before + 1, len(history["epoch"]) + 1)
