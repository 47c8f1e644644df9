"""Periodic: a layer that appends learned periodic features of numeric inputs."""

from dataclasses import dataclass
from math import pi, sqrt
from typing import Any, ClassVar

import numpy as np

from .._types import Features, FloatArray
from ..activations import Activation
from .layer import Arrays, Part
from .products import as_dense


@dataclass(frozen=True)
class Periodic:
    """The inputs, then W' cos(2π w x_j + b) + c of each numeric input x_j.

    w, b, W and c are learned for each j: the PBLD embedding of Holzmüller et al.
    (2024), arXiv:2407.04491, after Gorishniy et al. (2022), arXiv:2203.05556. The
    outputs are the inputs unchanged, followed by the features of each column in turn.

    Attributes
    ----------
    n_inputs : int
    columns : tuple of int
        The inputs that are numbers, each at most once. Without any, the layer has no
        parts and is the identity.
    n_frequencies : int
        Length of w and of b.
    n_features : int
        Length of c, the number of features of each column.
    sigma : float
        Standard deviation of the initial w.
    rate : float
        Factor for the learning rate of all parts.
    """

    kernel_name: ClassVar[str] = "PERIODIC"
    activation: ClassVar[Activation | None] = None
    dropout: ClassVar[float] = 0.0

    n_inputs: int
    columns: tuple[int, ...]
    n_frequencies: int = 16
    n_features: int = 3
    sigma: float = 0.1
    rate: float = 1.0

    @property
    def n_outputs(self) -> int:
        """The number of inputs and of features."""
        return self.n_inputs + len(self.columns) * self.n_features

    @property
    def parts(self) -> tuple[Part, ...]:
        """w, b, W and c, neither decaying nor penalised; W has the rows of each column.

        The shapes are (n_columns, n_frequencies) of w and b, (n_columns *
        n_frequencies, n_features) of W, and (n_columns, n_features) of c.
        """
        n, f, k = len(self.columns), self.n_frequencies, self.n_features
        if not n:
            return ()
        return (
            Part("frequencies", (n, f), self.rate),
            Part("phases", (n, f), self.rate),
            Part("amplitudes", (n * f, k), self.rate),
            Part("offsets", (n, k), self.rate),
        )

    def initialize(
        self,
        arrays: Arrays,
        init: str,
        activation: Activation | None,
        random_state: np.random.RandomState,
    ) -> None:
        """Draw all parts, whatever init says of weights."""
        if not self.columns:
            return
        w, b, W, c = arrays
        bound = 1 / sqrt(self.n_frequencies)
        w[:] = random_state.normal(0, self.sigma, w.shape)
        b[:] = random_state.uniform(-pi, pi, b.shape)
        W[:] = random_state.uniform(-bound, bound, W.shape)
        c[:] = random_state.uniform(-bound, bound, c.shape)

    def forward(
        self, arrays: Arrays, inputs: Features, mask: FloatArray | None = None
    ) -> "Waves":
        """Return the outputs, and cosines and sines for the backward pass."""
        X = as_dense(inputs)
        if not self.columns:
            return Waves(X, None, None, X)
        w, b, W, c = arrays
        angles = 2 * pi * self._numbers(X) * w[:, np.newaxis] + b[:, np.newaxis]
        cosines = np.cos(angles)
        features = cosines @ self._by_column(W) + c[:, np.newaxis]
        flat = features.transpose(1, 0, 2).reshape(X.shape[0], -1)
        return Waves(X, cosines, np.sin(angles), np.hstack([X, flat]))

    def backward(
        self,
        arrays: Arrays,
        trace: "Waves",
        error: FloatArray,
        gradient: Arrays | None = None,
        *,
        to_inputs: bool = True,
    ) -> FloatArray | None:
        """Return the derivative of the loss by the inputs.

        phi is the derivative by the angles 2π w x + b, of shape (n_columns, n_samples,
        n_frequencies), as are the cosines.
        """
        below = error[:, : self.n_inputs].copy() if to_inputs else None
        if not self.columns:
            return below
        w, _, W, _ = arrays
        by_sample = (error.shape[0], len(self.columns), self.n_features)
        delta = error[:, self.n_inputs :].reshape(by_sample).transpose(1, 0, 2)
        phi = -trace.sines * (delta @ self._by_column(W).transpose(0, 2, 1))
        if gradient is not None and self.rate:
            gradient_w, gradient_b, gradient_W, gradient_c = gradient
            gradient_w += 2 * pi * (self._numbers(trace.inputs) * phi).sum(axis=1)
            gradient_b += phi.sum(axis=1)
            slopes = trace.cosines.transpose(0, 2, 1) @ delta
            gradient_W += slopes.reshape(gradient_W.shape)
            gradient_c += delta.sum(axis=1)
        if below is not None:
            below[:, self.columns] += 2 * pi * (phi @ w[:, :, np.newaxis])[:, :, 0].T
        return below

    def _numbers(self, X: FloatArray) -> FloatArray:
        """Return the columns, of shape (n_columns, n_samples, 1)."""
        return X[:, self.columns].T[:, :, np.newaxis]

    def _by_column(self, W: FloatArray) -> FloatArray:
        """Return W of shape (n_columns, n_frequencies, n_features)."""
        return W.reshape(len(self.columns), self.n_frequencies, self.n_features)


@dataclass(slots=True)
class Waves:
    """The values of a periodic layer; cosines and sines are None without columns."""

    inputs: FloatArray
    cosines: Any  # (n_columns, n_samples, n_frequencies), as sines
    sines: Any
    outputs: FloatArray
