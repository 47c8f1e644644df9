"""L1 and elastic net: against scikit-learn's coordinate descent."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import __version__ as sklearn_version
from sklearn.datasets import load_digits, make_regression
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression
from sklearn.utils.fixes import parse_version

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.optimizers import SGD, Adam, RMSprop

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = make_regression(80, 12, n_informative=4, noise=5.0, random_state=0)
X, y = X / X.std(axis=0), y / y.std()
CONVEX = {
    "hidden_layer_sizes": (),
    "solver": SGD(0.9),
    "batch_size": "full",
    "learning_rate_init": 0.1,
    "max_iter": 4000,
    "tol": 0,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}


@pytest.mark.parametrize("l1_ratio", [0.3, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("solver", "rates"),
    [
        (SGD(0.9), "constant"),
        (SGD(0), "constant"),
        # their steps do not shrink without a schedule
        (Adam(), "cosine"),
        (RMSprop(0.999), "cosine"),
    ],
)
def test_elastic_net_is_scikit_learn_s(l1_ratio, weighted, solver, rates, engine):
    w = np.random.RandomState(0).uniform(0.5, 2, 80) if weighted else None
    total = 80 if w is None else w.sum()
    theirs = ElasticNet(alpha=10 / total, l1_ratio=l1_ratio, tol=1e-12, max_iter=10**6)
    if l1_ratio == 1 and not weighted:
        theirs = Lasso(alpha=10 / total, tol=1e-12, max_iter=10**6)
    theirs.fit(X, y, sample_weight=w)
    ours = NeuronRegressor(alpha=10, l1_ratio=l1_ratio, engine=engine, **CONVEX)
    ours.set_params(solver=solver, learning_rate=rates)
    ours.fit(X, y, sample_weight=w)
    assert_allclose(ours.coefs_[0].ravel(), theirs.coef_, rtol=1e-5, atol=1e-9)
    assert_allclose(ours.intercepts_[0], theirs.intercept_, rtol=1e-5, atol=1e-9)
    assert_array_equal(ours.coefs_[0].ravel() == 0, theirs.coef_ == 0)
    assert 1 < (theirs.coef_ == 0).sum() < 12
    # the objective, from its definition
    squares = (ours.predict(X) - y) ** 2
    penalty = 10 * l1_ratio * np.abs(theirs.coef_).sum()
    penalty += 10 * (1 - l1_ratio) / 2 * (theirs.coef_**2).sum()
    expected = np.average(squares, weights=w) / 2 + penalty / total
    assert_allclose(ours.loss_, expected, rtol=1e-7)


def test_l1_logistic_regression_is_scikit_learn_s(engine):
    target = (y > 0).astype(int)
    # from 1.8 on l1_ratio is enough
    kind = {"penalty": "elasticnet"} if parse_version(sklearn_version).minor < 8 else {}
    theirs = LogisticRegression(
        C=1 / 3, l1_ratio=1.0, solver="saga", tol=1e-9, max_iter=10**5, **kind
    ).fit(X, target)
    ours = NeuronClassifier(alpha=3, l1_ratio=1, engine=engine, **CONVEX).fit(X, target)
    assert_allclose(ours.coefs_[0], theirs.coef_.T, rtol=1e-4, atol=1e-6)
    assert (ours.coefs_[0] == 0).sum() == (theirs.coef_ == 0).sum() > 0


@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "rmsprop"])
def test_weights_of_large_networks_become_exactly_zero(solver, engine):
    digits, target = load_digits(return_X_y=True)
    params = {"max_iter": 5, "random_state": 0, "engine": engine, "alpha": 5.0}
    params |= {"learning_rate_init": 0.01, "solver": solver}
    sparse = NeuronClassifier(30, l1_ratio=1.0, **params).fit(digits / 16, target)
    dense = NeuronClassifier(30, **params).fit(digits / 16, target)
    assert (sparse.coefs_[0] == 0).mean() > 0.1
    assert not (dense.coefs_[0] == 0).any()
    assert not (sparse.intercepts_[0] == 0).any()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_engines_agree(dtype):
    params = {"max_iter": 8, "random_state": 0, "alpha": 3.0, "l1_ratio": 0.5}
    fits = [
        NeuronRegressor(20, engine=engine, dtype=dtype, batch_size=16, **params).fit(
            X, y
        )
        for engine in ("auto", "numpy")
    ]
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    for ours, theirs in zip(fits[0].coefs_, fits[1].coefs_, strict=True):
        assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)
    assert_allclose(fits[0].loss_curve_, fits[1].loss_curve_, rtol=tolerance)


def test_l1_is_not_for_lbfgs():
    with pytest.raises(ValueError, match="needs a penalty that is smooth"):
        NeuronRegressor(solver="lbfgs", l1_ratio=0.5).fit(X, y)
    reg = NeuronRegressor(solver="lbfgs", l1_ratio=0.5, alpha=0, max_iter=5)
    with pytest.warns(UserWarning, match="it is a fraction of alpha, which is 0"):
        reg.fit(X, y)


@pytest.mark.parametrize("solver", [SGD(momentum=1), RMSprop(momentum=1)])
def test_l1_needs_momentum_below_one(solver, engine):
    params = {"max_iter": 5, "learning_rate_init": 1e-4, "engine": engine}
    reg = NeuronRegressor(3, solver=solver, l1_ratio=0.5, **params)
    with pytest.raises(ValueError, match="needs momentum below 1"):
        reg.fit(X, y)
    assert np.isfinite(reg.set_params(l1_ratio=0).fit(X, y).loss_)


def test_l1_ratio_zero_is_the_default_to_the_last_bit(engine):
    params = {"max_iter": 3, "random_state": 0, "engine": engine}
    plain = NeuronRegressor(5, **params).fit(X, y)
    zero = NeuronRegressor(5, l1_ratio=0.0, **params).fit(X, y)
    assert_array_equal(plain.coefs_[0], zero.coefs_[0])
