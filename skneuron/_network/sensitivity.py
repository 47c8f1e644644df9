"""Sensitivity: the derivative of the outputs by the features, sample by sample."""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from .._types import Features, FloatArray
from ..losses import INVERSE_LINKS
from .layer import Arrays
from .network import Network

CHUNK = 2**20  # numbers at a time


def input_gradient(
    network: Network,
    layers: Sequence[Arrays],
    X: Features,
    link: str,
    columns: Sequence[int],
) -> FloatArray:
    """Return ∂p/∂x of each sample, of shape (n_samples, n_outputs, n_features).

    Each output p takes a backward pass from ∂p/∂z of the last layer. `columns` has the
    number of outputs of each link.
    """
    n_features, n_outputs = network.sizes[0], network.sizes[-1]
    n_rows = max(1, CHUNK // (n_outputs * max(network.sizes)))
    result = np.empty((X.shape[0], n_outputs, n_features), layers[-1][0].dtype)
    for start in range(0, X.shape[0], n_rows):
        rows = slice(start, start + n_rows)
        traces = network.forward(layers, X[rows])
        parts = np.split(traces[-1].outputs, np.cumsum(columns)[:-1], axis=1)
        slopes = _block_diagonal([_link_gradient(link, z) for z in parts])
        for output in range(n_outputs):
            errors = network.backward(layers, traces, slopes[:, output], to_inputs=True)
            result[rows, output] = errors[0]
    return result


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
    """Return for each sample the matrix with these blocks along its diagonal."""
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
