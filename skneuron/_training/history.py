"""History: what each epoch was like, in columns of equal length."""

from dataclasses import dataclass, field
from math import inf, nan
from operator import itemgetter
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


Row: TypeAlias = tuple[float, float, float, float]
"""Of an epoch: loss, learning rate, norm of the gradient, seconds."""


@dataclass
class Record:
    """The rows of the epochs that are done: whole ones, even where Ctrl-C came."""

    rows: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def loss(self) -> float:
        """The loss of the last epoch, NaN where there is none."""
        return self.rows[-1][0] if self.rows else nan

    def history(self, n_before: int, validation: Any = None) -> History:
        """Return the columns, with what a validation has found, if there was one.

        Epochs are counted from those of earlier calls.
        """
        n = len(self)
        found = [] if validation is None else validation.results
        found = [*found, *[(nan, nan)] * (n - len(found))]  # after Ctrl-C
        epochs = range(n_before + 1, n_before + n + 1)
        losses, *others = (map(itemgetter(k), self.rows) for k in range(4))
        validation_losses = (loss for _, loss in found)
        scores = (score for score, _ in found)
        columns = epochs, losses, validation_losses, scores, *others
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
