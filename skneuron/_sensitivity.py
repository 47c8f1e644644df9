"""Sensitivity: how what the network says depends on its input, sample by sample."""

from collections.abc import Iterator, Sequence

import numpy as np

from ._activations import Activation
from ._losses import INVERSE_LINKS
from ._types import Features, FloatArray

CHUNK = 2**20  # numbers at a time


def input_gradient(
    activations: Sequence[Activation],
    link: str,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    X: Features,
) -> FloatArray:
    """Return ∂p/∂x of each sample, of shape (n_samples, n_outputs, n_features).

    Backwards, from ∂p/∂z of the last layer through each layer's weights and slopes:
    the chain rule, with a row for each output instead of the one of a loss.
    """
    n_features, n_outputs = weights[0].shape[0], weights[-1].shape[1]
    widest = max(n_features, *(W.shape[1] for W in weights))
    n_rows = max(1, CHUNK // (n_outputs * widest))
    result = np.empty((X.shape[0], n_outputs, n_features), weights[0].dtype)
    for start in range(0, X.shape[0], n_rows):
        rows = slice(start, start + n_rows)
        slopes = list(_slopes(activations, weights, biases, X[rows]))
        gradient = _link_gradient(link, slopes.pop())
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
    slope = {"identity": np.ones_like(p), "exp": p, "logistic": p * (1 - p)}[link]
    return eye * slope[:, np.newaxis]
