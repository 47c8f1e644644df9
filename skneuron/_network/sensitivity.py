"""Sensitivity: how what the network says depends on its input, sample by sample."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import expit

from .._types import Features, FloatArray
from ..activations import Activation
from ..losses import INVERSE_LINKS

CHUNK = 2**20  # numbers at a time


def input_gradient(
    activations: Sequence[Activation],
    link: str,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
    columns: Sequence[int],
) -> FloatArray:
    """Return ∂p/∂x of each sample, of shape (n_samples, n_outputs, n_features).

    Backwards, from ∂p/∂z of the last layer through each layer's weights and slopes:
    the chain rule, with a row for each output instead of the one of a loss. Columns
    says how many outputs each link is over.
    """
    n_features, n_outputs = weights[0].shape[0], weights[-1].shape[1]
    widest = max(n_features, *(W.shape[1] for W in weights))
    n_rows = max(1, CHUNK // (n_outputs * widest))
    result = np.empty((X.shape[0], n_outputs, n_features), weights[0].dtype)
    for start in range(0, X.shape[0], n_rows):
        rows = slice(start, start + n_rows)
        slopes = list(_slopes(activations, weights, biases, X[rows]))
        parts = np.split(slopes.pop(), np.cumsum(columns)[:-1], axis=1)
        gradient = _block_diagonal([_link_gradient(link, z) for z in parts])
        for W, slope in zip(weights[:0:-1], slopes[::-1], strict=True):
            gradient = gradient @ W.T * slope[:, np.newaxis]
        result[rows] = gradient @ weights[0].T
    return result


def _slopes(
    activations: Sequence[Activation],
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
) -> Iterator[FloatArray]:
    """Yield f'(z) of each hidden layer, then z of the last."""
    a = X
    for activation, W, b in zip(activations, weights[:-1], biases[:-1], strict=True):
        z = a @ W + b
        a = activation.value(z)
        yield activation.derivative(z, a)
    yield a @ weights[-1] + biases[-1]


def _link_gradient(link: str, z: FloatArray) -> FloatArray:
    """Return ∂p/∂z, of shape (n_samples, n_outputs, n_outputs)."""
    p = INVERSE_LINKS[link](z)
    eye = np.eye(z.shape[1], dtype=z.dtype)
    if link == "softmax":
        return p[:, :, np.newaxis] * (eye - p[:, np.newaxis])
    if link == "increasing":
        slope = expit(z)
        slope[:, 0] = 1
        return np.tril(np.ones_like(eye)) * slope[:, np.newaxis]
    slope = {"identity": np.ones_like(p), "exp": p, "logistic": p * (1 - p)}[link]
    return eye * slope[:, np.newaxis]


def _block_diagonal(blocks: list[FloatArray]) -> FloatArray:
    """Return, sample by sample, the matrix with these along its diagonal."""
    if len(blocks) == 1:
        return blocks[0]
    n = sum(block.shape[1] for block in blocks)
    matrix = np.zeros((len(blocks[0]), n, n), blocks[0].dtype)
    start = 0
    for block in blocks:
        end = start + block.shape[1]
        matrix[:, start:end, start:end] = block
        start = end
    return matrix
