"""Parameters: the weights and biases of a network, in one vector."""

from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from typing import Self

import numpy as np

from .._types import FloatArray


class Parameters:
    """Weights and biases as views of one contiguous vector.

    Optimizers, L-BFGS and snapshots work on the vector, the layers on the views. All
    weights come first, then all biases, in the order of the layers.

    Parameters
    ----------
    layer_sizes : sequence of int
        Features, units of each hidden layer, outputs.
    vector : ndarray
        The storage: contiguous, of just the length that the sizes ask for.

    Attributes
    ----------
    weights : list of ndarray of shape (fan_in, fan_out)
    biases : list of ndarray of shape (fan_out,)
    all_weights : ndarray
        The part of the vector that holds the weights: what a penalty is about.
    """

    def __init__(self, layer_sizes: Sequence[int], vector: FloatArray) -> None:
        self.layer_sizes = tuple(layer_sizes)
        self.vector = vector
        shapes = list(pairwise(self.layer_sizes))
        ends = list(
            accumulate(chain((i * o for i, o in shapes), (o for _, o in shapes)))
        )
        parts = np.split(vector, ends[:-1])
        n_layers = len(shapes)
        self.weights = [
            part.reshape(shape)
            for part, shape in zip(parts[:n_layers], shapes, strict=True)
        ]
        self.biases = parts[n_layers:]
        self.all_weights = vector[: ends[n_layers - 1]]

    @classmethod
    def zeros(cls, layer_sizes: Sequence[int], dtype: np.dtype) -> Self:
        """Return parameters that are all zero."""
        size = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(layer_sizes))
        return cls(layer_sizes, np.zeros(size, dtype))

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        dtype: np.dtype,
    ) -> Self:
        """Return a copy of the given arrays as one vector."""
        sizes = [weights[0].shape[0], *(W.shape[1] for W in weights)]
        arrays = chain(weights, biases)
        return cls(sizes, np.concatenate([a.ravel() for a in arrays], dtype=dtype))

    def copy(self) -> Self:
        """Return the same numbers in a vector of their own."""
        return type(self)(self.layer_sizes, self.vector.copy())

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[int, ...], FloatArray]]:
        # Default pickling would store every view beside the vector and cut the tie.
        return type(self), (self.layer_sizes, self.vector)
