"""Threefry: the counter-based random number generator of dropout.

Each word is a function of a key and a counter, so masks depend only on the seed, the
epoch, the position of the sample in it and the unit: the compiled engine draws the same
masks with any number of threads. Threefry-2x32 with 13 rounds: Salmon, Moraes, Dror and
Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", section 3.3.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from .._types import FloatArray

Words = np.ndarray
PARITY = 0x1BD11BDA
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
N_ROUNDS = 13


def threefry(key: tuple[int, int], c0: Words, c1: Words) -> tuple[Words, Words]:
    """Return two 32-bit words for each pair of counters."""
    keys = np.array([[*key, PARITY ^ key[0] ^ key[1]]], np.uint32).T
    a, b = np.broadcast_arrays(c0 + keys[0], c1 + keys[1])
    a, b = a.copy(), b.copy()  # arrays, because their sums wrap round without a warning
    high = np.empty_like(b)
    for number in range(N_ROUNDS):
        rotation = ROTATIONS[number % 8]
        a += b
        np.left_shift(b, np.uint32(rotation), out=high)
        b >>= np.uint32(32 - rotation)
        b |= high
        b ^= a
        if number % 4 == 3:
            times = number // 4 + 1
            a += keys[times % 3]
            b += keys[(times + 1) % 3] + np.uint32(times)
    return a, b


def masks(
    rates: Sequence[float],
    sizes: Sequence[int],
    key: tuple[int, int],
    dtype: np.dtype,
    positions: slice,
) -> Iterator[FloatArray | None]:
    """Yield the factors for the outputs of each layer, None for ones.

    Parameters
    ----------
    rates : sequence of float
        Fraction of each layer's units that is dropped for a sample.
    sizes : sequence of int
        Units of each layer.
    key : (seed, epoch)
    dtype : dtype
    positions : slice
        Of the samples in the order of the epoch.

    Yields
    ------
    mask : ndarray of shape (n_samples, n_units)
        0 for a dropped unit, 1 / (1 - rate) for the others.
    """
    rows = np.arange(positions.start, positions.stop, dtype=np.uint32)[:, np.newaxis]
    first_pair = 0
    for rate, n_units in zip(rates, sizes, strict=True):
        n_pairs = (n_units + 1) // 2
        pairs = np.arange(first_pair, first_pair + n_pairs, dtype=np.uint32)
        first_pair += n_pairs
        if rate == 0:
            yield None
            continue
        words = np.stack(threefry(key, rows, pairs), axis=2)
        kept = words.reshape(len(rows), -1)[:, :n_units] >= np.uint32(rate * 2.0**32)
        yield np.where(kept, dtype.type(1 / (1 - rate)), dtype.type(0))
