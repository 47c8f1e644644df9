"""The contract between training and whatever does the arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
from scipy import sparse

from .._network.parameters import Parameters
from .._types import Features, FloatArray, IndexArray
from ..activations import Activation
from ..losses import Loss
from ..optimizers import Optimizer


@dataclass(frozen=True)
class Objective:
    """What is minimised: the mean loss, plus a penalty divided by the weight sum.

    The penalty is alpha / 2 · |W|² + l1 · the sum of |w|. The second has no gradient at
    zero: after a step, weights are drawn towards it by l1 / the weight sum times the
    optimizer's proximal scale, and those that would pass it become zero: Yun, Lozano
    and Yang (2020), "A general family of stochastic proximal gradient methods".

    Attributes
    ----------
    activations : tuple of Activation
        One for each hidden layer.
    loss : Loss
        With the link of the output layer inside.
    alpha : float
        Strength of the L2 penalty on the weights; biases are never penalised.
    l1 : float
        Strength of the L1 penalty, likewise.
    fit_intercept : bool
        Whether biases are trained.
    dropout : tuple of float
        What part of each hidden layer's units a sample does without in training, the
        others growing in proportion: Srivastava et al. (2014), JMLR 15, p. 1929. Empty
        where there is none. Predictions have all units, and so has `loss_and_gradient`.
    """

    activations: tuple[Activation, ...]
    loss: Loss
    alpha: float
    fit_intercept: bool
    l1: float = 0.0
    dropout: tuple[float, ...] = ()


@dataclass
class Run:
    """Some epochs in a row: how they are to be done, and what came of them.

    Attributes
    ----------
    rows : ndarray of int of shape (n_epochs, n_rows) or None
        The samples of each epoch; None means all in their order.
    batch_size : int
    learning_rates : sequence of float
        One for each epoch.
    max_grad_norm : float
        Gradients whose norm over all parameters is larger are scaled down to it.
    dropout_seed, first_epoch : int
        What the masks of dropout are drawn by, both below 2³².
    losses, gradient_norms : list of float
        Of each epoch that was finished the loss, which is the mean of the batches'
        objectives, each as it was before its step, by their number of samples; and the
        norm of the gradient at the last step, NaN where the last batch had no weight.
    """

    rows: IndexArray | None
    batch_size: int
    learning_rates: Sequence[float]
    max_grad_norm: float = np.inf
    dropout_seed: int = 0
    first_epoch: int = 0
    losses: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Samples:
    """Training data, as the user holds them; a batch is taken out at a time.

    The targets and weights may come in any memory layout and numeric type: they are
    copied if the engines could not read them as they are.

    Attributes
    ----------
    X : ndarray or CSR of shape (n_samples, n_features)
        Of any numeric type: only batches are converted, so nothing is copied whole.
    y : C-contiguous ndarray of shape (n_samples, n_outputs)
        Boolean indicators, or numbers of the training's precision.
    sample_weight : C-contiguous ndarray of shape (n_samples,) or None
        Of the training's precision.
    dtype : dtype
        The precision of the training.
    """

    X: Features
    y: FloatArray
    sample_weight: FloatArray | None
    dtype: np.dtype

    def __post_init__(self) -> None:
        y_dtype = self.y.dtype if self.y.dtype == bool else self.dtype
        self._set("y", in_c_order(self.y, y_dtype))
        if self.sample_weight is not None:
            self._set("sample_weight", in_c_order(self.sample_weight, self.dtype))

    def _set(self, name: str, value: FloatArray) -> None:
        object.__setattr__(self, name, value)  # the class is frozen

    def astype(self, dtype: np.dtype) -> Self:
        """Return the same samples for training in another precision.

        Dense floats stay as they are, for engines convert them as they read: a memory
        map is not copied.
        """
        stays = isinstance(self.X, np.ndarray) and self.X.dtype.char in "fd"
        X = self.X if stays else as_dtype(self.X, dtype)
        return type(self)(X, self.y, self.sample_weight, dtype)

    def all(self) -> tuple[Features, FloatArray, FloatArray | None]:
        """Return X, y and sample_weight, X in the right precision."""
        return as_dtype(self.X, self.dtype), self.y, self.sample_weight

    def part(self, rows: IndexArray) -> Self:
        """Return some rows as samples of their own; of X they are a copy."""
        weights = None if self.sample_weight is None else self.sample_weight[rows]
        return type(self)(self.X[rows], self.y[rows], weights, self.dtype)

    def batch(
        self, rows: IndexArray | slice
    ) -> tuple[Features, FloatArray, FloatArray | None]:
        """Return the same of some rows."""
        sample_weight = None if self.sample_weight is None else self.sample_weight[rows]
        return as_dtype(self.X[rows], self.dtype), self.y[rows], sample_weight


def as_dtype(X: Features, dtype: np.dtype) -> Features:
    """Return X in this precision, itself where it already is."""
    if sparse.issparse(X):
        return X.astype(dtype, copy=False)
    return np.asarray(X, dtype=dtype)


def in_c_order(array: FloatArray, dtype: np.dtype) -> FloatArray:
    """Return an array as the kernel reads it, itself where it already is so."""
    array = np.asarray(array, dtype=dtype, order="C")
    return array if array.flags.aligned else array.copy()


class Engine(Protocol):
    """Arithmetic over many samples, without state and without random numbers."""

    def unsupported_reason(
        self, objective: Objective, optimizer: Optimizer[Any] | None, X: Features
    ) -> str | None:
        """Say why this engine cannot do this work, or return None: it can.

        Optimizer None stands for L-BFGS, and for predictions.
        """

    def raw_outputs(
        self,
        objective: Objective,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        X: Features,
    ) -> FloatArray:
        """Return z of the last layer, of shape (n_samples, n_outputs)."""

    def loss_and_gradient(
        self, objective: Objective, parameters: Parameters, samples: Samples
    ) -> tuple[float, FloatArray]:
        """Return the objective over all samples, and its gradient as a vector."""

    def train_epochs(
        self,
        objective: Objective,
        parameters: Parameters,
        optimizer: Optimizer[Any],
        state: Any,
        samples: Samples,
        run: Run,
    ) -> None:
        """Train for a run of epochs, changing parameters and state in place.

        Each epoch steps through its rows once, batch by batch, and then appends to the
        results of the run. The run ends early after an epoch that leaves a loss or a
        parameter that is not finite.
        """
