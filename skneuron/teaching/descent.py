"""Gradient descent: w ← w - learning_rate · ∂L/∂w, epoch by epoch.

This module works on lists of numbers and on functions, and knows no network:
`Network.train` passes a function that runs one epoch.
"""

import warnings
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

from .backpropagation import Gradients
from .checks import Rows
from .table import short, table


class History(list[float]):
    """The loss after each epoch; prints at most a dozen rows, including both ends.

    Examples
    --------
    >>> from skneuron.teaching import Network, Neuron
    >>> line = Network([[Neuron([0.5], activation="identity")]])
    >>> history = line.train([[1]], [1], learning_rate=0.1, epochs=3)
    >>> print(history)
    epoch       loss
        1       0.09
        2     0.0324
        3   0.011664
    """

    def __str__(self) -> str:
        every = max(1, len(self) // 10)
        epochs = sorted({1, len(self), *range(every, len(self) + 1, every)})
        rows = ([str(e), short(self[e - 1])] for e in epochs if 1 <= e <= len(self))
        return table(["epoch", "loss"], rows)


def descend(
    run_epoch: Callable[[], float],
    epochs: Any,
    learning_rate: float,
    stops: Callable[[int, float], Any],
) -> History:
    """Run the epochs and record the loss that `run_epoch` returns after each.

    Training ends early when `stops(epoch, loss)` returns True, or at Ctrl-C.
    """
    if not isinstance(epochs, Integral) or epochs < 0:
        raise ValueError(f"epochs must be a whole number, 0 or more, got {epochs!r}.")
    history = History()
    try:
        for epoch in range(1, int(epochs) + 1):
            try:
                history.append(run_epoch())
            except (OverflowError, ValueError) as error:
                raise ValueError(
                    f"In epoch {epoch} the numbers became too large to go on with. Try "
                    f"a smaller learning_rate than {learning_rate:g}."
                ) from error
            if stops(epoch, history[-1]):
                break
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=3)
    return history


def batch_gradient(gradients: Sequence[Gradients], averaged: bool) -> dict[str, float]:
    """Return the mean of the samples' gradients, or their sum."""
    n = len(gradients) if averaged else 1
    return {name: sum(g[name] for g in gradients) / n for name in gradients[0]}


def batches(X: Rows, y: Rows, batch: Any) -> list[tuple[Rows, Rows]]:
    """Return the samples and targets of each batch, in their order."""
    size = _batch_size(batch, len(X))
    starts = range(0, len(X), size)
    return [(X[start : start + size], y[start : start + size]) for start in starts]


def _batch_size(batch: Any, n_samples: int) -> int:
    """Return the number of samples in a batch."""
    if batch == "sample":
        return 1
    if batch == "full":
        return n_samples
    if not isinstance(batch, Integral) or batch < 1:
        raise ValueError(
            f"batch must be 'sample', 'full' or a number of samples, got {batch!r}."
        )
    return int(batch)
