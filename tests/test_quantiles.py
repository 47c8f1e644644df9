"""Several quantiles of one target by one network: correct and in order."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from sklearn.base import clone
from sklearn.metrics import d2_pinball_score, mean_pinball_loss
from sklearn.model_selection import cross_val_score

from skneuron import NeuronRegressor, _engines

LEVELS = [0.1, 0.5, 0.9]
X = np.random.RandomState(0).uniform(0, 3, size=(400, 1))
y = np.sin(X[:, 0]) + (0.1 + 0.3 * X[:, 0]) * np.random.RandomState(1).normal(size=400)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def regressor(**params):
    defaults = {"loss": "quantile", "quantile": LEVELS, "random_state": 0}
    return NeuronRegressor(20, **{**defaults, "max_iter": 20, **params})


def test_quantiles_of_a_known_distribution(engine):
    reg = regressor(max_iter=400, learning_rate_init=0.01, engine=engine, tol=0)
    reg.set_params(activation="tanh", learning_rate="cosine", n_iter_no_change=500)
    p = reg.fit(X, y).predict(X)
    assert p.shape == (400, 3)
    below = (y[:, np.newaxis] < p).mean(axis=0)
    assert_allclose(below, LEVELS, atol=0.03)
    truth = np.sin(X) + (0.1 + 0.3 * X) * stats.norm.ppf(LEVELS)
    assert np.abs(p - truth).mean() < 0.12


def test_an_optimum_has_the_sample_s_quantiles(engine):
    # Without features the best constants are the quantiles of y themselves.
    nothing = np.zeros((99, 1))
    target = np.random.RandomState(3).normal(size=99)
    reg = NeuronRegressor(
        (),
        loss="quantile",
        quantile=[0.25, 0.5, 0.75],
        alpha=0,
        batch_size="full",
        max_iter=3000,
        learning_rate="cosine",
        learning_rate_init=0.02,
        n_iter_no_change=5000,
        engine=engine,
        random_state=0,
    ).fit(nothing, target)
    expected = np.quantile(target, [0.25, 0.5, 0.75])
    assert_allclose(reg.predict([[0.0]])[0], expected, atol=0.03)


@pytest.mark.parametrize("seed", range(5))
def test_they_never_cross(seed):
    levels = [0.05, 0.1, 0.2, 0.5, 0.8, 0.95]
    rng = np.random.RandomState(seed)
    reg = regressor(quantile=levels, max_iter=3, random_state=seed)
    reg.fit(rng.normal(size=(60, 4)), rng.normal(size=60))
    far = rng.normal(scale=100, size=(500, 4))
    assert (np.diff(reg.predict(far), axis=1) >= 0).all()


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_engines_agree(solver):
    w = np.random.RandomState(0).uniform(size=len(y))
    one, *others = (
        regressor(solver=solver, engine=engine).fit(X, y, w)
        for engine in _engines.ENGINES
    )
    for other in others:
        assert_allclose(other.predict(X), one.predict(X), rtol=1e-6)
        assert_allclose(other.loss_curve_, one.loss_curve_, rtol=1e-6)


def test_the_loss_is_scikit_learn_s():
    reg = regressor(alpha=0, max_iter=1, batch_size="full", learning_rate_init=1e-12)
    p = reg.fit(X, y).predict(X)
    expected = sum(mean_pinball_loss(y, p[:, i], alpha=q) for i, q in enumerate(LEVELS))
    assert_allclose(reg.loss_, expected)


def test_scores(engine):
    reg = regressor(engine=engine).fit(X, y, X_val=X, y_val=y)
    p = reg.predict(X)
    scores = [d2_pinball_score(y, p[:, i], alpha=q) for i, q in enumerate(LEVELS)]
    assert_allclose(reg.score(X, y), np.mean(scores))
    assert_allclose(reg.validation_scores_[-1], np.mean(scores))
    assert cross_val_score(reg, X, y, cv=2).shape == (2,)
    early = clone(reg).set_params(early_stopping=True, max_iter=3).fit(X, y)
    assert early.best_validation_score_ == max(early.validation_scores_)


def test_a_list_of_one_equals_a_single_quantile():
    one = regressor(quantile=0.3).fit(X, y)
    assert one.predict(X).shape == (400,)
    listed = regressor(quantile=[0.3]).fit(X, y)
    assert_array_equal(listed.predict(X), one.predict(X)[:, np.newaxis])


def test_input_gradient_is_that_of_each_quantile():
    reg = regressor(activation="tanh").fit(X, y)
    step = 1e-6
    differences = (reg.predict(X + step) - reg.predict(X - step)) / (2 * step)
    gradient = reg.input_gradient(X)
    assert gradient.shape == (400, 3, 1)
    assert_allclose(gradient[:, :, 0], differences, atol=1e-7)


def test_continued_training():
    reg = regressor(max_iter=5).fit(X, y).partial_fit(X, y)
    assert reg.predict(X).shape == (400, 3)
    reg.set_params(warm_start=True).fit(X, y)
    assert len(reg.loss_curve_) == 11


@pytest.mark.parametrize("quantile", [[], [0.9, 0.1], [0.1, 0.1], [0.5, 1.0], ["a"]])
def test_invalid_levels(quantile):
    with pytest.raises(ValueError, match="or several of them in increasing order; got"):
        regressor(quantile=quantile).fit(X, y)


def test_only_one_target_is_allowed():
    with pytest.raises(ValueError, match="quantiles of one target, but y has 2"):
        regressor().fit(X, np.c_[y, y])


def test_other_quantiles_than_in_fit():
    reg = NeuronRegressor(3, loss="quantile", quantile=LEVELS, max_iter=300, tol=0.1)
    score = reg.fit(X, X[:, 0]).score(X, X[:, 0])
    assert reg.set_params(quantile=0.5).score(X, X[:, 0]) == score  # of those in fit
