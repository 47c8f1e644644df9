"""Choices: the types of the estimators' parameters.

Each `Literal` holds the names that validation accepts, so that an editor completes them
and a type checker refuses others; tests/test_types.py compares the two.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .._types import FloatArray
from ..activations import Activation
from ..losses import LogLoss
from ..optimizers import Optimizer
from ..schedules import Plateau


class CustomLoss(Protocol):
    """What validation asks of a loss that is an object; `check_gradient` says more."""

    @property
    def link(self) -> str:
        """Name of the function that turns raw outputs into predictions."""

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the sum over samples and outputs, and its derivative by z."""


ActivationName: TypeAlias = Literal[
    "identity",
    "logistic",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "softplus",
    "gelu",
    "silu",
    "mish",
]
SolverName: TypeAlias = Literal["adam", "sgd", "lbfgs", "adamw", "rmsprop"]
LearningRateName: TypeAlias = Literal[
    "constant", "invscaling", "adaptive", "cosine", "one_cycle", "plateau"
]
ClassificationLossName: TypeAlias = Literal["log_loss", "squared_error"]
RegressionLossName: TypeAlias = Literal[
    "squared_error", "absolute_error", "huber", "quantile", "poisson", "gamma"
]
InitName: TypeAlias = Literal[
    "auto",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_normal",
    "zeros",
]
OutActivationName: TypeAlias = Literal["auto", "softmax"]
DTypeName: TypeAlias = Literal["float32", "float64"]
EngineName: TypeAlias = Literal["auto", "compiled", "numpy"]

Ints: TypeAlias = int | Sequence[int] | NDArray[np.integer[Any]]
Floats: TypeAlias = float | Sequence[float] | NDArray[np.floating[Any]]

ActivationChoice: TypeAlias = (
    ActivationName | Activation | Sequence[ActivationName | Activation]
)
SolverChoice: TypeAlias = SolverName | Optimizer[Any]
LearningRateChoice: TypeAlias = LearningRateName | Callable[[float], float] | Plateau
ClassificationLossChoice: TypeAlias = ClassificationLossName | CustomLoss | LogLoss
RegressionLossChoice: TypeAlias = RegressionLossName | CustomLoss
BatchSize: TypeAlias = int | Literal["auto", "full"]
RandomState: TypeAlias = int | np.random.RandomState | None
Scoring: TypeAlias = str | Callable[..., float] | None
# A list has one of these for each column of y. Its entries are Any: a list of dicts is
# no list of mappings to a type checker.
ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"] | list[Any] | None
