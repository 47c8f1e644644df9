"""Types of the arguments that several displays take."""

from typing import Literal, TypeAlias

from sklearn.neural_network import MLPClassifier, MLPRegressor

from .._estimators.classifier import NeuronClassifier
from .._estimators.regressor import NeuronRegressor

Estimator: TypeAlias = NeuronClassifier | NeuronRegressor
EstimatorOrMLP: TypeAlias = Estimator | MLPClassifier | MLPRegressor
LossName: TypeAlias = Literal["mse", "half_mse", "sse", "log_loss"]
