"""Stable training: smoothed labels, and gradients of limited norm."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import log_softmax
from sklearn.datasets import load_iris, make_multilabel_classification

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.optimizers import SGD
from skneuron.teaching import explain

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = load_iris(return_X_y=True)


# label_smoothing


@pytest.mark.parametrize("labels", ["three", "two", "softmax of two", "several"])
def test_the_loss_is_the_cross_entropy_with_smoothed_labels(labels, engine):
    """Against the definition; s / 2 if an output has two classes."""
    target, s = y, 0.3
    if labels == "several":
        target = make_multilabel_classification(150, 4, n_classes=3, random_state=0)[1]
    elif labels != "three":
        target = (y > 0).astype(int)
    params = {"out_activation": "softmax"} if labels == "softmax of two" else {}
    clf = NeuronClassifier(
        5,
        label_smoothing=s,
        alpha=0,
        batch_size="full",
        max_iter=1,
        random_state=0,
        engine=engine,
        **params,
    )
    start = clf.initialize(X, target)
    z = start.hidden_activations(X) @ start.coefs_[1] + start.intercepts_[1]
    if clf.out_activation_ == "softmax":
        n_classes = z.shape[1]
        t = (1 - s) * np.eye(n_classes)[target] + s / n_classes
        expected = -(t * log_softmax(z, axis=1)).sum(axis=1).mean()
    else:
        t = (1 - s) * target.reshape(len(X), -1) + s / 2
        expected = (t * np.log1p(np.exp(-z)) + (1 - t) * np.log1p(np.exp(z))).sum(1)
        expected = expected.mean()
    assert_allclose(clf.fit(X, target).loss_, expected)


def test_predictions_are_less_confident(engine):
    """The optimum of a separable problem: p of the true class is 1 - s + s / K."""
    clf = NeuronClassifier(
        20,
        "tanh",
        solver="lbfgs",
        alpha=0,
        label_smoothing=0.3,
        max_iter=3000,
        random_state=0,
        engine=engine,
    ).fit(X[:100], y[:100])
    p = clf.predict_proba(X[:100])[np.arange(100), y[:100]]
    assert_allclose(p, 1 - 0.3 + 0.3 / 2, atol=5e-3)
    assert clf.score(X[:100], y[:100]) == 1


def test_explain_includes_smoothing():
    clf = NeuronClassifier(4, label_smoothing=0.2, random_state=0).initialize(X, y)
    p = clf.predict_proba(X[:1])[0]
    by_bias = [explain(clf, X[0], y[0], f"b{k}").value for k in (5, 6, 7)]
    assert_allclose(by_bias, p - (0.8 * np.eye(3)[y[0]] + 0.2 / 3), rtol=1e-9)


def test_smoothing_is_for_the_log_loss():
    with pytest.raises(ValueError, match="is for loss='log_loss'"):
        NeuronClassifier(loss="squared_error", label_smoothing=0.1).fit(X, y)
    with pytest.raises(ValueError, match="'label_smoothing' parameter"):
        NeuronClassifier(label_smoothing=1.0).fit(X, y)


# max_grad_norm


def flat(network):
    return np.concatenate([a.ravel() for a in network.coefs_ + network.intercepts_])


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("hidden", [(), 7, (60, 50)])
def test_a_step_is_scaled_down_to_the_length_allowed(hidden, fit_intercept, engine):
    params = {
        "hidden_layer_sizes": hidden,
        "solver": SGD(0),
        "learning_rate_init": 0.1,
        "batch_size": "full",
        "max_iter": 1,
        "random_state": 0,
        "fit_intercept": fit_intercept,
        "engine": engine,
    }
    start = flat(NeuronRegressor(**params).initialize(X, y))
    step = flat(NeuronRegressor(**params).fit(X, y)) - start
    norm = np.linalg.norm(step / 0.1)
    for most in (0.3 * norm, 0.999 * norm, 1.001 * norm, 100 * norm):
        clipped = NeuronRegressor(max_grad_norm=most, **params).fit(X, y)
        expected = step * min(1, most / norm)
        assert_allclose(flat(clipped) - start, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_engines_agree(solver, dtype):
    params = {"max_grad_norm": 0.05, "solver": solver, "dtype": dtype, "alpha": 0.1}
    params |= {"l1_ratio": 0.5, "max_iter": 4, "random_state": 0, "batch_size": 30}
    ours, theirs = (
        NeuronClassifier((30, 20), engine=engine, **params).fit(X, y)
        for engine in ("auto", "numpy")
    )
    tolerance = 1e-11 if dtype == "float64" else 1e-4
    assert_allclose(flat(ours), flat(theirs), rtol=tolerance, atol=tolerance)


def test_a_limit_that_is_not_reached_changes_nothing(engine):
    params = {"max_iter": 5, "random_state": 0, "engine": engine}
    plain = NeuronClassifier(8, **params).fit(X, y)
    limited = NeuronClassifier(8, max_grad_norm=1e6, **params).fit(X, y)
    assert_array_equal(flat(plain), flat(limited))


def test_it_prevents_divergence(engine):
    huge = 1e4 * y + 1e3
    params = {"solver": "sgd", "activation": "identity", "random_state": 0}
    with pytest.raises(ValueError, match="non-finite"):
        NeuronRegressor(20, engine=engine, **params).fit(X, huge)
    NeuronRegressor(20, engine=engine, max_grad_norm=1.0, **params).fit(X, huge)


def test_it_is_not_for_lbfgs():
    with pytest.raises(ValueError, match="which solver='lbfgs' does not make"):
        NeuronRegressor(solver="lbfgs", max_grad_norm=1.0).fit(X, y)
    with pytest.raises(ValueError, match="'max_grad_norm' parameter"):
        NeuronRegressor(max_grad_norm=0).fit(X, y)
