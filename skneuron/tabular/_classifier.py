"""TabularClassifier."""

from numbers import Real
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from .._engines import EngineName
from .._estimators.choices import (
    ActivationChoice,
    ClassWeight,
    Ints,
    RandomState,
    Scoring,
)
from .._estimators.classifier import NeuronClassifier
from .._estimators.values import check_targets
from .._sklearn import Interval, StrOptions
from .._types import FloatArray
from ._base import (
    BaseTabular,
    BatchSize,
    CategoricalFeatures,
    LearningRate,
    MaxIter,
    PeriodicFeatures,
)
from ._calibration import fit_temperature, tempered

RATE = 0.055  # of Adam, for "auto"


class TabularClassifier(ClassifierMixin, BaseTabular):
    """Ensemble of networks for tables."""

    _parameter_constraints: dict[str, list[Any]] = {
        **BaseTabular._parameter_constraints,
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, None],
    }
    _fewest_for_periodic = 3000

    def __init__(
        self,
        hidden_layer_sizes: Ints = (64, 64),
        activation: ActivationChoice = "relu",
        *,
        periodic_features: PeriodicFeatures = "auto",
        label_smoothing: float = 0.1,
        batch_size: BatchSize = "auto",
        learning_rate_init: LearningRate = "auto",
        max_iter: MaxIter = "auto",
        cv: Any = 8,
        scoring: Scoring = None,
        class_weight: ClassWeight = None,
        categorical_features: CategoricalFeatures = "from_dtype",
        max_seconds: float | None = None,
        random_state: RandomState = None,
        n_jobs: int | None = None,
        verbose: bool | int = False,
        engine: EngineName = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.periodic_features = periodic_features
        self.label_smoothing = label_smoothing
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.cv = cv
        self.scoring = scoring
        self.class_weight = class_weight
        self.categorical_features = categorical_features
        self.max_seconds = max_seconds
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.engine = engine

    def predict_proba(self, X: Any) -> FloatArray:
        return tempered(self._mean_prediction(X), self.temperature_)

    def predict(self, X: Any) -> np.ndarray:
        return self.classes_[self._mean_prediction(X).argmax(axis=1)]

    def _check_targets(self, y: Any) -> np.ndarray:
        y = column_or_1d(check_targets(y, numeric=False), warn=True)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        return y

    def _encode_targets(self, y: np.ndarray, sample_weight: Any) -> np.ndarray:
        return y

    def _strata(self, y: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.classes_, y)

    def _network(self, table: FloatArray, seed: int) -> NeuronClassifier:
        rate = self.learning_rate_init
        return NeuronClassifier(
            **self._member_parameters(table, seed),
            learning_rate_init=RATE if isinstance(rate, str) else rate,
            label_smoothing=self.label_smoothing,
            class_weight=self.class_weight,
            scoring="loss" if self.scoring is None else self.scoring,
        )

    def _predict_member(self, network: Any, table: FloatArray) -> FloatArray:
        return network.predict_proba(table).astype(np.float64)

    def _judge(
        self, out_of_fold: FloatArray, y: np.ndarray, sample_weight: Any
    ) -> None:
        known = ~np.isnan(out_of_fold[:, 0])
        codes = np.searchsorted(self.classes_, y[known])
        weights = None if sample_weight is None else sample_weight[known]
        of_classes = compute_sample_weight(self.class_weight, y)[known]
        of_both = of_classes if weights is None else of_classes * weights
        self.temperature_ = fit_temperature(out_of_fold[known], codes, of_both)
        out_of_fold[known] = tempered(out_of_fold[known], self.temperature_)
        self.oof_predictions_ = out_of_fold
        predicted = self.classes_[out_of_fold[known].argmax(axis=1)]
        self.oof_score_ = accuracy_score(y[known], predicted, sample_weight=weights)
