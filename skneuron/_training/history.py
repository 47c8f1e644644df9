"""History: a row for each epoch, and the columns of `history_`."""

from math import inf, nan
from operator import itemgetter
from typing import TypeAlias

History: TypeAlias = dict[str, list[float]]

Row: TypeAlias = tuple[float, float, float, float]
"""Of an epoch: loss, learning rate, norm of the gradient, seconds."""

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


def columns(
    rows: list[Row], validations: list[tuple[float, float]], n_before: int
) -> History:
    """Return the columns of some epochs.

    `validations` holds the score and loss of each epoch; after Ctrl-C the last may be
    missing. `n_before` is the number of epochs of earlier calls.
    """
    n = len(rows)
    padded = [*validations, *[(nan, nan)] * (n - len(validations))]
    epochs = range(n_before + 1, n_before + n + 1)
    losses, *others = (map(itemgetter(k), rows) for k in range(4))
    validation_losses = (loss for _, loss in padded)
    scores = (score for score, _ in padded)
    values = epochs, losses, validation_losses, scores, *others
    return dict(zip(COLUMNS, map(list, values), strict=True))


def best(
    before: int | None, old: list[float], new: list[float]
) -> tuple[int | None, float | None]:
    """Return the epoch with the best score, counted from 1, and the score.

    `before` is the best epoch among the old scores. Both are None if no score is a
    number.
    """
    epoch = before
    score = -inf if before is None else old[before - 1]
    for number, one in enumerate(new, len(old) + 1):
        if one > score:
            epoch, score = number, one
    return epoch, None if epoch is None else score
