"""Choices: the types of the estimators' parameters.

Each `Literal` holds the names that validation accepts, so that an editor completes them
and a type checker refuses others; tests/test_types.py compares the two. The names of
activations, losses and initializers are beside their tables.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .._types import FloatArray
from ..activations import Activation, ActivationName
from ..layers import InputLayer
from ..losses import ClassificationLossName, LogLoss, RegressionLossName
from ..optimizers import Optimizer
from ..schedules import Plateau
from .parameters import LearningRateName, SolverName


class CustomLoss(Protocol):
    """The members that validation requires of a loss object, see `check_gradient`."""

    @property
    def link(self) -> str:
        """Name of the function that turns raw outputs into predictions."""

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the sum over samples and outputs, and its derivative by z."""


OutActivationName: TypeAlias = Literal["auto", "softmax"]
DTypeName: TypeAlias = Literal["float32", "float64"]

Ints: TypeAlias = int | Sequence[int] | NDArray[np.integer[Any]]
Floats: TypeAlias = float | Sequence[float] | NDArray[np.floating[Any]]

ActivationChoice: TypeAlias = (
    ActivationName | Activation | Sequence[ActivationName | Activation]
)
InputLayers: TypeAlias = Sequence[InputLayer] | None
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
