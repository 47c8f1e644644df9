"""Hidden activations and input gradients, against scikit-learn and SciPy."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse
from scipy.optimize import approx_fprime
from scipy.special import softmax
from sklearn.datasets import load_iris, make_multilabel_classification

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._network import sensitivity
from skneuron.activations import ACTIVATIONS

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = load_iris(return_X_y=True)
SMOOTH = sorted(set(ACTIVATIONS) - {"relu", "leaky_relu"})
PARAMS = {"max_iter": 20, "random_state": 0}


def outputs(estimator):
    """Return the function of one sample that input_gradient differentiates."""

    def of(x):
        if isinstance(estimator, NeuronRegressor):
            return estimator.predict([x]).ravel()
        p = estimator.predict_proba([x])[0]
        return p[1:] if estimator.n_outputs_ == 1 else p

    return of


def fitted():
    labels = make_multilabel_classification(80, 4, n_classes=3, random_state=0)[1]
    for name in SMOOTH:
        yield name, NeuronClassifier((5, 4), name, **PARAMS).fit(X, y)
    yield "binary", NeuronClassifier(6, "tanh", **PARAMS).fit(X, y > 0)
    yield "labels", NeuronClassifier(6, "tanh", **PARAMS).fit(X[:80], labels)
    two = NeuronClassifier(6, "tanh", out_activation="softmax", **PARAMS)
    yield "softmax of two", two.fit(X, y > 0)
    yield "no hidden layer", NeuronClassifier((), **PARAMS).fit(X, y)
    yield "regression", NeuronRegressor(6, "tanh", **PARAMS).fit(X, y)
    yield "several", NeuronRegressor(6, "tanh", **PARAMS).fit(X, X[:, :2])
    counts = NeuronRegressor(6, "tanh", loss="poisson", **PARAMS)
    yield "counts", counts.fit(X, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_input_gradients_are_derivatives():
    for name, estimator in fitted():
        gradient = estimator.input_gradient(X[::30])
        n_outputs = estimator.n_outputs_
        shape = (5, 4) if n_outputs == 1 else (5, n_outputs, 4)
        assert gradient.shape == shape, name
        numeric = [approx_fprime(x, outputs(estimator), epsilon=1e-7) for x in X[::30]]
        assert_allclose(
            gradient.ravel(), np.ravel(numeric), rtol=1e-4, atol=1e-6, err_msg=name
        )


def test_input_gradients_by_chunks(monkeypatch):
    clf = NeuronClassifier(6, **PARAMS).fit(X, y)
    whole = clf.input_gradient(X)
    monkeypatch.setattr(sensitivity, "CHUNK", 100)
    assert_allclose(clf.input_gradient(X), whole, rtol=1e-13)
    assert_allclose(clf.input_gradient(sparse.csr_array(X)), whole, rtol=1e-13)


def test_input_gradients_in_single_precision():
    clf = NeuronClassifier(6, dtype="float32", **PARAMS).fit(X, y)
    assert clf.input_gradient(X).dtype == np.float32


@pytest.mark.parametrize("engine", ["auto", "numpy"])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_hidden_activations(activation, engine):
    clf = NeuronClassifier((5, 4, 3), activation, engine=engine, **PARAMS).fit(X, y)
    a = X
    f = ACTIVATIONS[activation].value
    for layer in range(3):
        a = f(a @ clf.coefs_[layer] + clf.intercepts_[layer])
        for number in (layer, layer - 3):
            assert_allclose(clf.hidden_activations(X, number), a, rtol=1e-9, atol=1e-12)
    # from those of the last layer, the output weights give the inputs of the softmax
    z = clf.hidden_activations(X) @ clf.coefs_[-1] + clf.intercepts_[-1]
    assert_allclose(clf.predict_proba(X), softmax(z, axis=1), rtol=1e-9)


@pytest.mark.parametrize("layer", [2, -3])
def test_a_layer_that_does_not_exist(layer):
    clf = NeuronClassifier((5, 4), **PARAMS).fit(X, y)
    with pytest.raises(ValueError, match=f"layer={layer} is not one of .* 2 hidden"):
        clf.hidden_activations(X, layer)
    with pytest.raises(ValueError, match="0 hidden layers"):
        NeuronClassifier((), **PARAMS).fit(X, y).hidden_activations(X)


def test_unfitted():
    for method in ("hidden_activations", "input_gradient"):
        with pytest.raises(ValueError, match="not fitted yet"):
            getattr(NeuronClassifier(), method)(X)


def test_a_single_class_depends_on_nothing():
    clf = NeuronClassifier(5, **PARAMS).fit(X, y * 0)
    assert_allclose(clf.input_gradient(X), np.zeros(X.shape))
