"""scikit-learn's estimator checks, for configurations that use every parameter.

Two checks fail as expected, for the reasons given: with dropout and with several
quantiles.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.layers import Periodic, Scale
from skneuron.optimizers import AdamW


@dataclass  # for its repr, which names the tests
class Softsign:
    """A custom activation."""

    def value(self, z):
        return z / (1 + np.abs(z))

    def derivative(self, z, a):
        return 1 / (1 + np.abs(z)) ** 2


@dataclass
class SquaredError:
    """A custom loss."""

    link: ClassVar[str] = "identity"

    def value_and_gradient(self, z, y, sample_weight):
        error = z - y
        w = 1 if sample_weight is None else sample_weight[:, np.newaxis]
        return float((w * error**2).sum() / 2), w * error


# Two checks determine some of these values. Sample weights must equal repeated samples
# to 1e-7, also in another order, so mini-batches and float32 must converge. A second
# fit must predict the same as the first, so warm starts must converge, too. A tenth of
# a check's 50 samples, with weights of 1000 and 0.0001, is useless for early stopping.
CONFIGURATIONS = [
    NeuronClassifier(),
    NeuronClassifier(early_stopping=True, learning_rate_init=0.03),
    NeuronClassifier(early_stopping=True, scoring="loss", class_weight="balanced"),
    NeuronClassifier(out_activation="softmax"),
    NeuronClassifier(solver="sgd"),
    NeuronClassifier(solver="lbfgs"),
    NeuronClassifier((), solver="lbfgs"),
    NeuronClassifier((), solver="lbfgs", warm_start=True),
    NeuronClassifier(solver="lbfgs", dtype="float32", max_iter=20),
    NeuronClassifier(loss="squared_error"),
    NeuronClassifier(
        (20, 10), ["gelu", "mish"], init="he_normal", fit_intercept=False, alpha=0
    ),
    NeuronClassifier(
        solver="sgd",
        learning_rate="adaptive",
        learning_rate_init=0.1,
        batch_size="full",
        early_stopping=True,
    ),
    NeuronClassifier(
        solver=AdamW(weight_decay=1e-3),
        learning_rate="one_cycle",
        learning_rate_init=0.01,
        max_grad_norm=1.0,
        label_smoothing=0.1,
    ),
    NeuronClassifier(solver="rmsprop", learning_rate="plateau", dropout=0.2),
    NeuronClassifier(input_layers=[Scale()], learning_rate_init=0.01),
    NeuronClassifier(input_layers=[Periodic(4), Scale()], solver="lbfgs"),
    NeuronRegressor(max_iter=100),
    NeuronRegressor(max_iter=100, early_stopping=True),
    NeuronRegressor(solver="sgd"),
    NeuronRegressor(solver="lbfgs"),
    NeuronRegressor((), solver="lbfgs", warm_start=True),
    NeuronRegressor(
        (),
        loss="huber",
        solver="sgd",
        learning_rate_init=0.05,
        momentum=0,
        alpha=0,
        tol=0,
        batch_size=1,
        max_iter=1000,
    ),
    NeuronRegressor(loss="poisson", learning_rate_init=0.01),
    NeuronRegressor(loss="gamma", solver="lbfgs"),
    NeuronRegressor(loss="absolute_error"),
    NeuronRegressor(loss="quantile", quantile=0.4),
    NeuronRegressor(loss="quantile", quantile=[0.2, 0.5, 0.8]),
    NeuronRegressor(l1_ratio=0.5, alpha=0.01, learning_rate="cosine"),
    NeuronRegressor(input_layers=[Scale()], solver="lbfgs"),
    NeuronRegressor(input_layers=[Periodic(4), Scale()], learning_rate_init=0.01),
    NeuronRegressor(activation=Softsign(), loss=SquaredError()),
]


def expected_to_fail(estimator):
    """Return the checks that a configuration cannot pass, and why."""
    if estimator.dropout:
        why = "two copies of a sample drop different units"
        names = ("dense", "sparse")
        return {f"check_sample_weight_equivalence_on_{n}_data": why for n in names}
    if np.ndim(getattr(estimator, "quantile", 0)):
        why = "it predicts one column for each quantile"
        names = (
            "estimator_sparse_array",
            "estimator_sparse_matrix",
            "regressors_train",
        )
        return {f"check_{n}": why for n in names}
    return {}


pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:early_stopping=True with validation_fraction"),
    # the check of pandas columns builds them in a way that pandas 3 deprecates
    pytest.mark.filterwarnings("ignore::DeprecationWarning:sklearn.*"),
]


@parametrize_with_checks(CONFIGURATIONS, expected_failed_checks=expected_to_fail)
def test_scikit_learns_checks(estimator, check):
    check(estimator)
