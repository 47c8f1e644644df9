"""Predictions depend on what was fitted alone, not on later `set_params`."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import load_iris, make_regression

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.activations import LeakyReLU
from skneuron.losses import Huber, LogLoss

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

IRIS = load_iris(return_X_y=True)
NUMBERS = make_regression(60, 4, random_state=0)
LATER = {
    "activation": "tanh",
    "hidden_layer_sizes": (3, 3, 3),
    "alpha": 1e3,
    "l1_ratio": 0.5,
    "dropout": 0.5,
    "fit_intercept": False,
    "dtype": "float32",
    "init": "zeros",
    "solver": "lbfgs",
}
OF_CLASSIFIERS = {
    "loss": "squared_error",
    "label_smoothing": 0.3,
    "out_activation": "softmax",
    "class_weight": "balanced",
}
OF_REGRESSORS = {"loss": "poisson", "delta": 0.1, "quantile": [0.1, 0.9]}


def answers(estimator, X, y):
    yield estimator.predict(X)
    yield estimator.score(X, y)
    yield estimator.hidden_activations(X)
    yield estimator.input_gradient(X)
    if hasattr(estimator, "predict_proba"):
        yield estimator.predict_proba(X)
        yield estimator.decision_function(X)


def assert_same_answers(estimator, data, change):
    before = list(answers(estimator, *data))
    change(estimator)
    for one, other in zip(answers(estimator, *data), before, strict=True):
        assert_array_equal(one, other)


@pytest.mark.parametrize("name", [*LATER, *OF_CLASSIFIERS])
def test_of_a_classifier(name, engine):
    clf = NeuronClassifier((6, 5), max_iter=5, random_state=0, engine=engine)
    value = {**LATER, **OF_CLASSIFIERS}[name]
    clf.fit(*IRIS)
    assert_same_answers(clf, IRIS, lambda clf: clf.set_params(**{name: value}))


@pytest.mark.parametrize("name", [*LATER, *OF_REGRESSORS])
def test_of_a_regressor(name, engine):
    reg = NeuronRegressor((6, 5), max_iter=5, random_state=0, engine=engine)
    value = {**LATER, **OF_REGRESSORS}[name]
    reg.fit(*NUMBERS)
    assert_same_answers(reg, NUMBERS, lambda reg: reg.set_params(**{name: value}))


def test_objects_that_change_later(engine):
    """The user's object is copied, so the network does not see the change."""
    activation, loss = LeakyReLU(slope=0.3), Huber(delta=2)
    reg = NeuronRegressor(6, activation, loss=loss, max_iter=5, engine=engine)
    reg.fit(*NUMBERS)

    def change(reg):
        reg.set_params(activation__slope=0.9, loss__delta=0.1)
        assert (activation.slope, loss.delta) == (0.9, 0.1)

    assert_same_answers(reg, NUMBERS, change)
    clf = NeuronClassifier(6, loss=LogLoss(label_smoothing=0.1), max_iter=5).fit(*IRIS)
    assert_same_answers(clf, IRIS, lambda clf: clf.set_params(loss__label_smoothing=0))


def test_the_next_fit_sees_them(engine):
    params = {"max_iter": 5, "random_state": 0, "engine": engine}
    reg = NeuronRegressor(6, LeakyReLU(0.3), **params).fit(*NUMBERS)
    reg.set_params(activation__slope=0.9).fit(*NUMBERS)
    fresh = NeuronRegressor(6, LeakyReLU(0.9), **params).fit(*NUMBERS)
    assert_array_equal(reg.predict(NUMBERS[0]), fresh.predict(NUMBERS[0]))
    assert np.isfinite(reg.loss_)
