"""Initial weights given to fit, untrained networks, and the two-class softmax."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_iris, make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier, NeuronRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = make_moons(60, noise=0.2, random_state=0)


def shaped(*sizes, seed=0):
    """Return random weights and biases for layers of these sizes."""
    rng = np.random.RandomState(seed)
    pairs = list(pairwise(sizes))
    return [rng.normal(size=p) for p in pairs], [rng.normal(size=p[1]) for p in pairs]


@pytest.mark.parametrize("engine", ["auto", "numpy"])
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_fit_starts_from_given_weights(solver, engine):
    coefs, intercepts = shaped(2, 3, 1)
    clf = NeuronClassifier(
        3, "tanh", solver=solver, engine=engine, max_iter=1, alpha=0.3
    )
    clf.fit(X, y, coefs_init=coefs, intercepts_init=intercepts)
    # one batch of all samples: loss_ is the objective before the only step
    z = (np.tanh(X @ coefs[0] + intercepts[0]) @ coefs[1] + intercepts[1]).ravel()
    loss = np.mean(np.log1p(np.exp(-z)) + (1 - y) * z)
    penalty = 0.5 * 0.3 * sum((W**2).sum() for W in coefs) / len(X)
    assert_allclose(clf.loss_, loss + penalty)
    assert_array_equal(coefs[0], shaped(2, 3, 1)[0][0])  # the user's are unchanged


def test_training_from_the_optimum_stays_there():
    X, y = load_iris(return_X_y=True)
    X, y = X[y > 0], y[y > 0]
    lr = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(X, y)
    clf = NeuronClassifier((), solver="lbfgs", alpha=1.0, tol=1e-4)
    clf.fit(X, y, coefs_init=[lr.coef_.T], intercepts_init=[lr.intercept_])
    assert clf.n_iter_ <= 1
    assert_allclose(clf.coefs_[0], lr.coef_.T, rtol=1e-4)


def test_init_draws_the_biases_if_only_weights_are_given():
    coefs, _ = shaped(2, 3, 1)
    drawn = NeuronClassifier(3, random_state=7).initialize(X, y)
    given = NeuronClassifier(3, random_state=7).initialize(X, y, coefs_init=coefs)
    for W, expected in zip(given.coefs_, coefs, strict=True):
        assert_array_equal(W, expected)
    for b, expected in zip(given.intercepts_, drawn.intercepts_, strict=True):
        assert_array_equal(b, expected)


def test_lists_and_float32_are_accepted():
    reg = NeuronRegressor((), dtype="float32").initialize(
        [[1.0, 2.0]], [0.0], coefs_init=[[[1], [2]]], intercepts_init=[[3]]
    )
    assert reg.coefs_[0].dtype == np.float32
    assert_allclose(reg.predict([[1.0, 2.0]]), 8)


def test_through_a_pipeline():
    coefs, intercepts = shaped(2, 3, 1)
    pipeline = make_pipeline(StandardScaler(), NeuronClassifier(3, max_iter=1))
    pipeline.fit(
        X,
        y,
        neuronclassifier__coefs_init=coefs,
        neuronclassifier__intercepts_init=intercepts,
    )
    assert_allclose(pipeline[-1].coefs_[0], coefs[0], atol=0.0011)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (
            {"coefs_init": [np.ones((2, 3))]},
            "coefs_init must have an array for each",
        ),
        (
            {"coefs_init": [np.ones((3, 2)), np.ones((3, 1))]},
            r"coefs_init\[0\] must have shape \(2, 3\).*got \(3, 2\)",
        ),
        ({"intercepts_init": [np.ones(3), np.ones(2)]}, r"intercepts_init\[1\] must"),
        (
            {"coefs_init": [np.full((2, 3), np.nan), np.ones((3, 1))]},
            r"coefs_init\[0\] contains NaN",
        ),
    ],
)
@pytest.mark.parametrize("method", ["fit", "initialize"])
def test_errors_of_bad_initial_weights(start, message, method):
    clf = NeuronClassifier(3).fit(X, y)
    before = clf.predict_proba(X)
    with pytest.raises(ValueError, match=message):
        getattr(clf, method)(X, y, **start)
    assert_array_equal(clf.predict_proba(X), before)


def test_biases_without_intercepts():
    with pytest.raises(ValueError, match="must be zero with fit_intercept=False"):
        NeuronRegressor((), fit_intercept=False).fit(X, y, intercepts_init=[[1.0]])


def test_warm_start_refuses_initial_weights():
    clf = NeuronClassifier(3, warm_start=True).fit(X, y, coefs_init=shaped(2, 3, 1)[0])
    with pytest.raises(ValueError, match="set warm_start=False"):
        clf.fit(X, y, coefs_init=shaped(2, 3, 1)[0])


# initialize


def test_an_untrained_network_predicts():
    clf = NeuronClassifier(4, random_state=0).initialize(X, y)
    assert clf.predict(X).shape == y.shape
    assert (clf.n_iter_, clf.t_, clf.loss_curve_) == (0, 0, [])
    assert clf.n_features_in_ == 2
    reg = NeuronRegressor(4, random_state=0).initialize(X, X)
    assert reg.predict(X).shape == X.shape


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_warm_start_continues_from_an_untrained_network(solver):
    params = {"solver": solver, "random_state": 0, "max_iter": 7}
    params |= {} if solver == "lbfgs" else {"shuffle": False}
    fitted = NeuronClassifier(4, **params).fit(X, y)
    built = NeuronClassifier(4, warm_start=True, **params)
    built.initialize(X, y).fit(X, y)
    assert_array_equal(built.coefs_[0], fitted.coefs_[0])
    assert built.loss_curve_ == fitted.loss_curve_


def test_partial_fit_continues_from_an_untrained_network():
    built = NeuronClassifier(4, random_state=0).initialize(X, y).partial_fit(X, y)
    direct = NeuronClassifier(4, random_state=0).partial_fit(X, y, classes=[0, 1])
    assert_array_equal(built.coefs_[0], direct.coefs_[0])


def test_initialize_forgets_what_was_learned():
    clf = NeuronClassifier(4, random_state=0).fit(X, y)
    assert clf.initialize(X, y).loss_curve_ == []


# out_activation


@pytest.mark.parametrize("engine", ["auto", "numpy"])
def test_a_softmax_of_two_is_the_textbook_s(engine):
    """Against the derivatives of the softmax log-loss, written out."""
    coefs, intercepts = shaped(2, 3, 2)
    clf = NeuronClassifier(
        3,
        "tanh",
        solver="sgd",
        momentum=0,
        learning_rate_init=0.5,
        batch_size="full",
        alpha=0.1,
        max_iter=1,
        out_activation="softmax",
        engine=engine,
    ).fit(X, y, coefs_init=coefs, intercepts_init=intercepts)
    a = np.tanh(X @ coefs[0] + intercepts[0])
    z = a @ coefs[1] + intercepts[1]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    delta = (p - np.eye(2)[y]) / len(X)
    assert_allclose(
        clf.coefs_[1], coefs[1] - 0.5 * (a.T @ delta + 0.1 / len(X) * coefs[1])
    )
    assert_allclose(clf.intercepts_[1], intercepts[1] - 0.5 * delta.sum(axis=0))
    hidden = delta @ coefs[1].T * (1 - a**2)
    assert_allclose(
        clf.coefs_[0], coefs[0] - 0.5 * (X.T @ hidden + 0.1 / len(X) * coefs[0])
    )


@pytest.mark.parametrize("labels", [[0, 1], ["no", "yes"], [-1, 1]])
def test_a_softmax_of_two_keeps_scikit_learn_s_shapes(labels):
    target = np.array(labels)[y]
    clf = NeuronClassifier(
        10, solver="lbfgs", out_activation="softmax", random_state=0
    ).fit(X, target)
    assert clf.out_activation_ == "softmax"
    assert clf.n_outputs_ == 2
    p, z = clf.predict_proba(X), clf.decision_function(X)
    assert p.shape == (60, 2)
    assert_allclose(p.sum(axis=1), 1)
    assert z.shape == (60,)
    assert_allclose(np.log(p[:, 1] / p[:, 0]), z, rtol=1e-6)
    assert_allclose(clf.predict_log_proba(X), np.log(p), rtol=1e-6, atol=1e-12)
    assert_array_equal(clf.predict(X), np.array(labels)[(z > 0).astype(int)])
    assert clf.score(X, target) > 0.9


def test_softmax_changes_nothing_for_three_classes():
    X, y = load_iris(return_X_y=True)
    auto = NeuronClassifier(5, random_state=0, max_iter=5).fit(X, y)
    softmax = clone(auto).set_params(out_activation="softmax").fit(X, y)
    assert_array_equal(auto.predict_proba(X), softmax.predict_proba(X))


def test_softmax_by_partial_fit_and_early_stopping():
    clf = NeuronClassifier(5, out_activation="softmax", random_state=0)
    for _ in range(30):
        clf.partial_fit(X, y, classes=[0, 1])
    assert clf.n_outputs_ == 2
    clf = NeuronClassifier(
        5, out_activation="softmax", early_stopping=True, random_state=0
    )
    clf.fit(X, y)
    assert 0 <= clf.best_validation_score_ <= 1


def test_softmax_refuses_several_labels():
    with pytest.raises(ValueError, match="use out_activation='auto'"):
        NeuronClassifier(out_activation="softmax").fit(X, np.eye(3)[[0, 1, 2] * 20])
