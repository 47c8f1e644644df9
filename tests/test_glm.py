"""Without hidden layers the network is a linear model, and equals scikit-learn's."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_iris
from sklearn.linear_model import (
    GammaRegressor,
    LogisticRegression,
    PoissonRegressor,
    QuantileRegressor,
    Ridge,
)
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier, NeuronRegressor

EXACT = {"solver": "lbfgs", "tol": 1e-9, "max_iter": 10_000, "random_state": 0}


@pytest.fixture
def data():
    rng = np.random.RandomState(0)
    X = rng.normal(size=(200, 5))
    signal = X @ rng.normal(size=5) + 0.5
    return X, signal, rng


@pytest.mark.parametrize("classes", [[0, 1], [0, 1, 2]])
def test_logistic_regression(classes):
    X, y = load_iris(return_X_y=True)
    X, y = X[np.isin(y, classes)], y[np.isin(y, classes)]
    X = StandardScaler().fit_transform(X)
    network = NeuronClassifier((), alpha=1.0, **EXACT).fit(X, y)
    reference = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(X, y)
    assert_allclose(network.predict_proba(X), reference.predict_proba(X), atol=1e-4)
    if len(classes) == 2:
        assert_allclose(network.coefs_[0].T, reference.coef_, atol=1e-3)
        assert_allclose(network.intercepts_[0], reference.intercept_, atol=1e-3)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("fit_intercept", [False, True])
def test_ridge(data, fit_intercept, weighted):
    X, signal, rng = data
    y = signal + rng.normal(size=200)
    w = rng.uniform(0.1, 3, size=200) if weighted else None
    network = NeuronRegressor((), alpha=3.0, fit_intercept=fit_intercept, **EXACT)
    network.fit(X, y, sample_weight=w)
    reference = Ridge(alpha=3.0, fit_intercept=fit_intercept, tol=1e-10)
    reference.fit(X, y, sample_weight=w)
    assert_allclose(network.coefs_[0].ravel(), reference.coef_, atol=1e-4)
    assert_allclose(network.intercepts_[0], reference.intercept_, atol=1e-4)


@pytest.mark.parametrize(
    ("loss", "reference", "draw"),
    [
        ("poisson", PoissonRegressor, lambda rng, mean: rng.poisson(mean)),
        ("gamma", GammaRegressor, lambda rng, mean: rng.gamma(2, mean / 2)),
    ],
)
def test_generalised_linear_models(data, loss, reference, draw):
    X, signal, rng = data
    y = draw(rng, np.exp(0.3 * signal))
    # scikit-learn penalises the mean loss, the network the sum
    network = NeuronRegressor((), loss=loss, alpha=0.05 * len(y), **EXACT).fit(X, y)
    glm = reference(alpha=0.05, tol=1e-10, max_iter=10_000).fit(X, y)
    assert_allclose(network.coefs_[0].ravel(), glm.coef_, atol=1e-4)
    assert_allclose(network.intercepts_[0], glm.intercept_, atol=1e-4)
    assert_allclose(network.predict(X), glm.predict(X), rtol=1e-4)


@pytest.mark.parametrize("quantile", [0.2, 0.5, 0.9])
def test_quantile_regression(data, quantile):
    # The kinks of the pinball loss end L-BFGS early, hence the small steps.
    X, signal, rng = data
    y = signal + rng.normal(size=200)
    network = NeuronRegressor(
        (),
        loss="quantile",
        quantile=quantile,
        alpha=0,
        learning_rate_init=1e-3,
        batch_size="full",
        max_iter=20_000,
        tol=1e-9,
        n_iter_no_change=200,
        random_state=0,
    ).fit(X, y)
    reference = QuantileRegressor(quantile=quantile, alpha=0).fit(X, y)
    assert_allclose(network.coefs_[0].ravel(), reference.coef_, atol=0.05)
    assert_allclose(np.mean(y < network.predict(X)), quantile, atol=0.02)


def test_absolute_error_estimates_the_median():
    X, y = np.zeros((5, 1)), np.array([1.0, 2.0, 4.0, 50.0, 60.0])
    network = NeuronRegressor(
        (),
        loss="absolute_error",
        alpha=0,
        learning_rate_init=0.01,
        max_iter=2000,
        tol=0,
    )
    assert_allclose(network.fit(X, y).predict([[0.0]]), 4, atol=0.05)


def test_huber_bounds_the_pull_of_an_outlier():
    # The stationary point in closed form: the gradient of the outlier is delta, that of
    # each of the nine samples at zero is b, so 9 b = delta.
    X, y = np.zeros((10, 1)), np.array([0.0] * 9 + [1000.0])
    network = NeuronRegressor((), loss="huber", delta=1.8, alpha=0, **EXACT).fit(X, y)
    assert_allclose(network.predict([[0.0]]), 0.2, rtol=1e-6)
