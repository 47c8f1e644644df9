"""Descent: steps against the gradient, w ← w - learning_rate · ∂L/∂w."""

import warnings
from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING, Any

from . import losses
from .checks import number, samples
from .table import short, table

if TYPE_CHECKING:
    from .network import Network


class History(list[float]):
    """The loss after each epoch; prints some of them, the first and last among them.

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
    network: "Network",
    X: Any,
    y: Any,
    learning_rate: float,
    epochs: Any,
    batch: int | str,
    bias: bool,
    loss: str,
    callback: Callable[[int, float, "Network"], Any] | None,
) -> History:
    """Go through the samples, epoch by epoch, a step for each batch of them."""
    X, y = samples(X, y, network.names.sizes, network.softmax)
    learning_rate = number(learning_rate, "learning_rate")
    size = _batch_size(batch, len(X))
    if not isinstance(epochs, Integral) or epochs < 0:
        raise ValueError(f"epochs must be a whole number, 0 or more, got {epochs!r}.")
    losses.find(loss, network.softmax)  # for its error
    history = History()
    try:
        for epoch in range(1, int(epochs) + 1):
            try:
                for start in range(0, len(X), size):
                    rows = slice(start, start + size)
                    _step(network, X[rows], y[rows], learning_rate, bias, loss)
                history.append(network.loss(X, y, loss))
            except (OverflowError, ValueError) as error:
                raise ValueError(
                    f"In epoch {epoch} the numbers became too large to go on with. Try "
                    f"a smaller learning_rate than {learning_rate:g}."
                ) from error
            if callback is not None and callback(epoch, history[-1], network):
                break
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=3)
    return history


def _step(
    network: "Network",
    X: list[list[float]],
    y: list[list[float]],
    learning_rate: float,
    bias: bool,
    loss: str,
) -> None:
    """Move every parameter against the derivative of the loss of these samples."""
    gradients = [network.gradients(x, t, loss) for x, t in zip(X, y, strict=True)]
    n = len(X) if losses.find(loss, network.softmax).averaged else 1
    for name in network.names.places:
        if bias or name.startswith("w"):
            derivative = sum(gradient[name] for gradient in gradients) / n
            network[name] -= learning_rate * derivative


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
