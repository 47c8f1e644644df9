"""The interface between training and the engines, which do the arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from scipy import sparse

from .._network.layer import Arrays
from .._network.network import Network
from .._network.parameters import Parameters
from .._types import Features, FloatArray, IndexArray
from ..losses import Loss
from ..optimizers import Optimizer


@dataclass(frozen=True)
class Objective:
    """The function minimised: the mean loss, plus a penalty divided by the weight sum.

    The penalty is alpha / 2 · |W|² + l1 · the sum of |w|. The L1 term has no gradient
    at zero: after a step, weights move towards zero by l1 / the weight sum times the
    optimizer's proximal scale, and those that would cross zero become zero: Yun, Lozano
    and Yang (2020), "A general family of stochastic proximal gradient methods".

    Attributes
    ----------
    network : Network
        Its table of parts says which are penalised.
    loss : Loss
        Includes the link of the output layer.
    alpha : float
        Strength of the L2 penalty.
    l1 : float
        Strength of the L1 penalty.
    """

    network: Network
    loss: Loss
    alpha: float
    l1: float = 0.0

    @property
    def dropout(self) -> bool:
        """Whether training drops units."""
        return self.network.has_dropout

    def normalise(self, sums: "Sums", vector: FloatArray) -> tuple[float, FloatArray]:
        """Return the objective and its gradient, which overwrites the one in sums.

        Only this method forms a mean from sums and adds the penalty.
        """
        penalty = 0.0
        gradient = sums.gradient
        for part in self.network.penalised:
            W, gradient_W = vector[part], gradient[part]
            gradient_W += self.alpha * W
            penalty += 0.5 * self.alpha * float(W @ W)
            if self.l1:
                penalty += self.l1 * float(np.abs(W).sum())
        gradient /= sums.weight
        return (sums.loss + penalty) / sums.weight, gradient


class Sums(NamedTuple):
    """Sums over samples, which can be added over batches, files and machines.

    Attributes
    ----------
    loss : float
        The losses, each times its sample's weight.
    gradient : ndarray of shape (n_parameters,)
        Their derivative by the parameters.
    weight : float
        The sample weights; the number of samples where there are none.
    """

    loss: float
    gradient: FloatArray
    weight: float


@dataclass(frozen=True)
class StepRule:
    """The rules of a step that hold for every optimizer.

    Attributes
    ----------
    max_grad_norm : float
        Gradients whose norm over all parameters is larger are scaled down to it.
    """

    max_grad_norm: float = np.inf

    @property
    def clips(self) -> bool:
        """Whether the norm is limited."""
        return self.max_grad_norm < np.inf

    def scale(self, norm: float) -> float:
        """Return the factor for a gradient of this norm."""
        return self.max_grad_norm / norm if norm > self.max_grad_norm else 1.0


@dataclass
class Run:
    """Some epochs in a row: how to train for them, and their results.

    Attributes
    ----------
    rows : ndarray of int of shape (n_epochs, n_rows) or None
        The samples of each epoch; None means all in their order.
    batch_size : int
    learning_rates : sequence of float
        One for each epoch.
    rule : StepRule
    dropout_seed, first_epoch : int
        The key of dropout's masks, both below 2³².
    losses, gradient_norms : list of float
        For each finished epoch: the loss, which is the mean of the batches' objectives
        before their steps, weighted by their number of samples; and the norm of the
        gradient at the last step, NaN if the last batch had no weight.
    """

    rows: IndexArray | None
    batch_size: int
    learning_rates: Sequence[float]
    rule: StepRule = StepRule()
    dropout_seed: int = 0
    first_epoch: int = 0
    losses: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Samples:
    """Training data in the user's form, converted a batch at a time.

    Targets and weights of any memory layout and numeric type are accepted: they are
    copied if the engines cannot read them as they are.

    Attributes
    ----------
    X : ndarray or CSR of shape (n_samples, n_features)
        Of any numeric type: only batches are converted, so nothing is copied whole.
    y : C-contiguous ndarray of shape (n_samples, n_outputs)
        Boolean indicators, or numbers of the precision `dtype`.
    sample_weight : C-contiguous ndarray of shape (n_samples,) or None
        Of the precision `dtype`.
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

        Dense floats are not converted, because engines convert each batch: a memory
        map is not copied.
        """
        dense_floats = isinstance(self.X, np.ndarray) and self.X.dtype.char in "fd"
        X = self.X if dense_floats else as_dtype(self.X, dtype)
        return type(self)(X, self.y, self.sample_weight, dtype)

    def all(self) -> tuple[Features, FloatArray, FloatArray | None]:
        """Return X, y and sample_weight, X in the right precision."""
        return as_dtype(self.X, self.dtype), self.y, self.sample_weight

    def part(self, rows: IndexArray) -> Self:
        """Return some rows as samples, a copy."""
        sample_weight = None if self.sample_weight is None else self.sample_weight[rows]
        return type(self)(self.X[rows], self.y[rows], sample_weight, self.dtype)

    def batch(
        self, rows: IndexArray | slice
    ) -> tuple[Features, FloatArray, FloatArray | None]:
        """Return X, y and sample_weight of some rows, X in the right precision."""
        sample_weight = None if self.sample_weight is None else self.sample_weight[rows]
        return as_dtype(self.X[rows], self.dtype), self.y[rows], sample_weight


def as_dtype(X: Features, dtype: np.dtype) -> Features:
    """Return X in this precision, without a copy if it already is."""
    if sparse.issparse(X):
        return X.astype(dtype, copy=False)
    return np.asarray(X, dtype=dtype)


def in_c_order(array: FloatArray, dtype: np.dtype) -> FloatArray:
    """Return an aligned array in C order, without a copy if it already is one."""
    array = np.asarray(array, dtype=dtype, order="C")
    return array if array.flags.aligned else array.copy()


class Engine(Protocol):
    """Arithmetic over many samples, without state and without random numbers."""

    def unsupported_reason(
        self, objective: Objective, optimizer: Optimizer[Any] | None, X: Features
    ) -> str | None:
        """Return why this engine cannot do this work; None if it can.

        The optimizer None stands for L-BFGS or for predictions.
        """

    def raw_outputs(
        self, network: Network, layers: Sequence[Arrays], X: Features
    ) -> FloatArray:
        """Return the outputs of the last layer, of shape (n_samples, n_outputs).

        `layers` has the arrays of each layer, all of one precision.
        """

    def sums(
        self, objective: Objective, parameters: Parameters, samples: Samples
    ) -> Sums:
        """Return the sums over all samples, without dropout."""

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


def kernel_name(part: object) -> Any:
    """Return the kernel's name for objects of exactly this class, or None.

    Subclasses may override methods, so they do not inherit the name.
    """
    return vars(type(part)).get("kernel_name")
