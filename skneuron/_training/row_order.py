"""The order of rows: the samples of each epoch, and their order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._types import IndexArray


@dataclass(frozen=True)
class RowOrder:
    """The order in which epochs take the training samples.

    Attributes
    ----------
    rows : ndarray of int or None
        The rows to train on; None means all.
    n_samples : int
        Rows of the data.
    batch_size : int
    shuffle : bool
    """

    rows: IndexArray | None
    n_samples: int
    batch_size: int
    shuffle: bool

    @property
    def n_rows(self) -> int:
        """Number of rows of an epoch."""
        return self.n_samples if self.rows is None else len(self.rows)

    @property
    def order_is_irrelevant(self) -> bool:
        """Whether an epoch is a single batch of all samples."""
        return self.rows is None and self.batch_size >= self.n_samples

    def start(self) -> IndexArray:
        """Return the rows in the order that the first shuffle starts from."""
        return np.arange(self.n_samples) if self.rows is None else self.rows.copy()

    def runs(
        self, row_order: IndexArray, random_state: np.random.RandomState
    ) -> Callable[[int], IndexArray | None]:
        """Return a function from a number of epochs to their rows.

        It returns an array of shape (n_epochs, n_rows), or None for all rows in the
        order of the data. Each shuffle starts from the order of the last epoch, which
        is kept in row_order.
        """

        def shuffled(n_epochs: int) -> IndexArray | None:
            run = np.empty((n_epochs, len(row_order)), row_order.dtype)
            for epoch in range(n_epochs):
                random_state.shuffle(row_order)
                run[epoch] = row_order
            return run

        def in_order(n_epochs: int) -> IndexArray | None:
            return None if self.rows is None else np.tile(self.rows, (n_epochs, 1))

        return shuffled if self.shuffle and not self.order_is_irrelevant else in_order
