"""scikit-learn's own estimator checks; not one is expected to fail."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from skneuron import NeuronClassifier, NeuronRegressor

# Three checks decide some of these values: weights must equal repeated samples to 1e-7,
# also in another order, so what takes mini-batches or rounds to float32 must converge;
# log-probabilities must have the order of probabilities, so logits must stay below 700;
# and a second fit must predict what the first did, so a warm start must converge too. A
# tenth of a check's 50 samples, of weights 1000 and 0.0001, is no measure to stop by.
CONFIGURATIONS = [
    NeuronClassifier(),
    NeuronClassifier(early_stopping=True, learning_rate_init=0.03),
    NeuronClassifier(early_stopping=True, scoring="loss", class_weight="balanced"),
    NeuronClassifier(out_activation="softmax"),
    NeuronClassifier(solver="sgd"),
    NeuronClassifier(solver="lbfgs", max_iter=20),
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
]

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:early_stopping=True with validation_fraction"),
    # the check of pandas columns builds them in a way that pandas 3 deprecates
    pytest.mark.filterwarnings("ignore::DeprecationWarning:sklearn.*"),
]


@parametrize_with_checks(CONFIGURATIONS)
def test_scikit_learns_checks(estimator, check):
    check(estimator)
