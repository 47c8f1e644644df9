"""TabularRegressor."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.metrics import check_scoring, r2_score
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_array

from .._engines import EngineName
from .._estimators.choices import ActivationChoice, Ints, RandomState, Scoring
from .._estimators.inputs import as_column
from .._estimators.regressor import NeuronRegressor
from .._estimators.values import check_targets
from .._training.validation import score_by
from .._types import FloatArray, IndexArray
from ._base import (
    BaseTabular,
    BatchSize,
    CategoricalFeatures,
    LearningRate,
    MaxIter,
    PeriodicFeatures,
)

RATE = 0.1  # of Adam, for "auto"


class TabularRegressor(RegressorMixin, BaseTabular):
    """Ensemble of networks for tables."""

    _fewest_for_periodic = 0

    def __init__(
        self,
        hidden_layer_sizes: Ints = (64, 64),
        activation: ActivationChoice = "relu",
        *,
        periodic_features: PeriodicFeatures = "auto",
        batch_size: BatchSize = "auto",
        learning_rate_init: LearningRate = "auto",
        max_iter: MaxIter = "auto",
        cv: Any = 8,
        scoring: Scoring = None,
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
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.cv = cv
        self.scoring = scoring
        self.categorical_features = categorical_features
        self.max_seconds = max_seconds
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.engine = engine

    def predict(self, X: Any) -> FloatArray:
        return self._targets(self._mean_prediction(X))

    def _targets(self, predicted: FloatArray) -> FloatArray:
        """Return standardised predictions in the units and the shape of y."""
        y = self._in_units(predicted)
        return y[:, 0] if self._one_target else y

    def _check_targets(self, y: Any) -> np.ndarray:
        y = as_column(
            check_array(
                check_targets(y, numeric=True), ensure_2d=False, dtype=np.float64
            )
        )
        self._one_target = y.ndim == 1
        return y

    def _encode_targets(self, y: np.ndarray, sample_weight: Any) -> np.ndarray:
        columns = y.reshape(len(y), -1)
        self.target_scaler_ = StandardScaler().fit(columns, sample_weight=sample_weight)
        used = columns if sample_weight is None else columns[sample_weight > 0]
        self._target_range = used.min(axis=0), used.max(axis=0)
        scaled = self.target_scaler_.transform(columns)
        return scaled[:, 0] if self._one_target else scaled

    def _strata(self, y: np.ndarray) -> None:
        return None

    def _network(self, table: FloatArray, seed: int) -> NeuronRegressor:
        rate = self.learning_rate_init
        return NeuronRegressor(
            **self._member_parameters(table, seed),
            learning_rate_init=RATE if isinstance(rate, str) else rate,
            scoring="loss" if self.scoring is None else self.scoring,
        )

    def _scorer(
        self, y: np.ndarray, weights: Any, rows: IndexArray
    ) -> Callable[[Any, Any], float] | None:
        if self.scoring is None or self.scoring == "loss":
            return None
        scorer = check_scoring(self, scoring=self.scoring)
        y_true, of_rows = y[rows], None if weights is None else weights[rows]
        return lambda network, X: score_by(
            scorer, InUnits(self, network), X, y_true, of_rows
        )

    def _predict_member(self, network: Any, table: FloatArray) -> FloatArray:
        return network.predict(table).reshape(len(table), -1).astype(np.float64)

    def _in_units(self, predicted: FloatArray) -> FloatArray:
        """Return the targets that standardised predictions stand for, clipped."""
        return np.clip(
            self.target_scaler_.inverse_transform(predicted), *self._target_range
        )

    def _judge(
        self, out_of_fold: FloatArray, y: np.ndarray, sample_weight: Any
    ) -> None:
        known = ~np.isnan(out_of_fold[:, 0])
        predicted = self._targets(out_of_fold)
        weights = None if sample_weight is None else sample_weight[known]
        self.oof_predictions_ = predicted
        self.oof_score_ = r2_score(y[known], predicted[known], sample_weight=weights)


class InUnits(RegressorMixin, BaseEstimator):
    """A member as scorers see it: its predictions are in the units of y."""

    def __init__(self, tabular: TabularRegressor, network: NeuronRegressor) -> None:
        self.tabular = tabular
        self.network = network

    def predict(self, X: FloatArray) -> FloatArray:
        predicted = self.tabular._predict_member(self.network, X)
        return self.tabular._targets(predicted)
