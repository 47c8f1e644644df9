"""Parameters of the tabular estimators: their types and their valid values."""

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Literal, Protocol, TypeAlias

from numpy.typing import ArrayLike, NDArray

from .._estimators.parameters import CONSTRAINTS as OF_NETWORKS
from .._sklearn import Interval, StrOptions


class Splitter(Protocol):
    """The methods of scikit-learn's splitters that `cv` needs."""

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterable[Any]:
        """Yield the indices of the rows to train on and of those held out."""

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of splits."""


Table: TypeAlias = ArrayLike | Sequence[object]
"""Types accepted as X: data frames, arrays and nested lists."""

BatchSize: TypeAlias = int | Literal["auto"]
CategoricalFeatures: TypeAlias = (
    Literal["from_dtype"] | Sequence[Any] | NDArray[Any] | None
)
ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"] | None
CrossValidation: TypeAlias = int | Splitter | Iterable[Any] | None
LearningRate: TypeAlias = float | Literal["auto"]
MaxIter: TypeAlias = int | Literal["auto"]
PeriodicFeatures: TypeAlias = bool | Literal["auto"]

CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": OF_NETWORKS["hidden_layer_sizes"],
    "activation": OF_NETWORKS["activation"],
    "periodic_features": ["boolean", StrOptions({"auto"})],
    "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
    "learning_rate_init": [
        StrOptions({"auto"}),
        Interval(Real, 0, None, closed="neither"),
    ],
    "max_iter": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
    "cv": ["cv_object"],
    "scoring": OF_NETWORKS["scoring"],
    "categorical_features": ["array-like", StrOptions({"from_dtype"}), None],
    "max_seconds": [Interval(Real, 0, None, closed="neither"), None],
    "random_state": ["random_state"],
    "n_jobs": [
        Interval(Integral, 1, None, closed="left"),
        Interval(Integral, None, -1, closed="right"),
        None,
    ],
    "verbose": ["verbose"],
    "engine": OF_NETWORKS["engine"],
}
"""The constraints of the parameters that both estimators have."""
