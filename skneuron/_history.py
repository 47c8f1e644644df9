"""History: what each epoch was like, in columns of equal length."""

from dataclasses import dataclass, field
from math import inf, nan
from typing import Any, NamedTuple, TypeAlias

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


class Row(NamedTuple):
    """What a training notes down of an epoch."""

    loss: float
    learning_rate: float
    gradient_norm: float
    seconds: float


@dataclass
class Record:
    """The rows of the epochs that are done: whole ones, even where Ctrl-C came."""

    rows: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def loss(self) -> float:
        """The loss of the last epoch, NaN where there is none."""
        return self.rows[-1].loss if self.rows else nan

    def history(self, n_before: int, validation: Any = None) -> History:
        """Return the columns, with what a validation has found, if there was one.

        Epochs are counted from those of earlier calls.
        """
        n = len(self)
        found = [] if validation is None else validation.results
        found = [*found, *[(nan, nan)] * (n - len(found))]  # after Ctrl-C
        columns = (
            range(n_before + 1, n_before + n + 1),
            [row.loss for row in self.rows],
            [loss for _, loss in found],
            [score for score, _ in found],
            [row.learning_rate for row in self.rows],
            [row.gradient_norm for row in self.rows],
            [row.seconds for row in self.rows],
        )
        return dict(zip(COLUMNS, map(list, columns), strict=True))


def best(
    before: int | None, old: list[float], new: list[float]
) -> tuple[int | None, float | None]:
    """Return the epoch with the best score, counted from 1, and the score.

    Before says which it was among the old scores. None where no score is a number.
    """
    epoch = before
    score = -inf if before is None else old[before - 1]
    for number, one in enumerate(new, len(old) + 1):
        if one > score:
            epoch, score = number, one
    return epoch, None if epoch is None else score
