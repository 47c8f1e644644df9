"""The values that "auto" stands for, all decided by the number of rows and the task.

They were chosen on some forty public data sets of 200 to 5,000 rows, and on generated
ones of 40,000; docs/tabular_recipe.md tells what each is worth.
"""

from math import sqrt

LARGE = 10_000  # rows; for more, there are fewer epochs and larger batches

FEWEST_EPOCHS = 16
BATCH_SIZE = 64
LARGEST_BATCH = 1024

PRECISE = 128  # rows; for fewer, float64 takes no longer


def max_iter(n_samples: int, most: int) -> int:
    """Return the number of epochs, at most the given one: the more rows, the fewer."""
    return max(FEWEST_EPOCHS, round(most / _growth(n_samples)))


def batch_size(n_samples: int) -> int:
    """Return the number of rows of a batch: it grows as the epochs become fewer."""
    return min(LARGEST_BATCH, round(BATCH_SIZE * _growth(n_samples)))


def dtype(n_samples: int) -> str:
    """Return the precision of training.

    In float64, few rows with integer weights give the numbers of repeated rows.
    """
    return "float64" if n_samples < PRECISE else "float32"


def _growth(n_samples: int) -> float:
    return sqrt(max(1.0, n_samples / LARGE))
