"""Targets of several columns with several classes each: one softmax for each column."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV

from skneuron import NeuronClassifier, _engines

digits, digit = load_digits(return_X_y=True)
X = digits[:300] / 16
SIZE = np.array(["small", "middling", "large"])[digit[:300] // 4]
ODD = np.array(["even", "odd"])[digit[:300] % 2]
Y = np.column_stack([SIZE, ODD])

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def classifier(**params):
    return NeuronClassifier(20, **{"max_iter": 15, "random_state": 0, **params})


def test_conventions_are_those_of_random_forests(engine):
    clf = classifier(engine=engine).fit(X, Y)
    forest = RandomForestClassifier(5, random_state=0).fit(X, Y)
    for ours, theirs in zip(clf.classes_, forest.classes_, strict=True):
        assert_array_equal(ours, theirs)
    assert clf.predict(X).shape == forest.predict(X).shape == Y.shape
    assert set(np.unique(clf.predict(X))) <= set(np.unique(Y))
    for ours, theirs in zip(clf.predict_proba(X), forest.predict_proba(X), strict=True):
        assert ours.shape == theirs.shape
        assert_allclose(ours.sum(axis=1), 1)
    for log_p, p in zip(clf.predict_log_proba(X), clf.predict_proba(X), strict=True):
        assert_allclose(np.exp(log_p), p)


def test_probabilities_are_a_softmax_for_each_column():
    clf = classifier().fit(X, Y)
    a = clf.hidden_activations(X)
    z = a @ clf.coefs_[-1] + clf.intercepts_[-1]
    assert z.shape == (300, 5)
    p = clf.predict_proba(X)
    assert_array_equal(clf.decision_function(X), np.hstack(p))
    assert_allclose(p[0], softmax(z[:, :3], axis=1))
    assert_allclose(p[1], softmax(z[:, 3:], axis=1))
    assert_array_equal(clf.predict(X)[:, 1], clf.classes_[1][p[1].argmax(axis=1)])


def test_a_column_of_one_class_is_certain():
    columns = np.c_[np.zeros(300, int), Y[:, 0]]
    clf = classifier(max_iter=2).fit(X, columns)
    assert_array_equal(clf.predict_proba(X)[0], np.ones((300, 1)))
    assert_array_equal(clf.predict_log_proba(X)[0], np.zeros((300, 1)))


def test_the_loss_is_the_sum_of_scikit_learn_s(engine):
    params = {"alpha": 0, "max_iter": 1, "batch_size": "full", "engine": engine}
    clf = classifier(learning_rate_init=1e-12, **params).fit(X, Y)
    expected = sum(
        log_loss(column, p, labels=labels)
        for column, p, labels in zip(
            Y.T, clf.predict_proba(X), clf.classes_, strict=True
        )
    )
    assert_allclose(clf.loss_, expected)


def test_without_hidden_units_it_is_a_network_for_each_column(engine):
    params = {"solver": "lbfgs", "alpha": 1.0, "tol": 1e-8, "max_iter": 2000}
    params["engine"] = engine
    both = NeuronClassifier((), **params).fit(X, Y)
    alone = NeuronClassifier((), **params, out_activation="softmax").fit(X, Y[:, 1])
    assert_allclose(both.predict_proba(X)[1], alone.predict_proba(X), atol=5e-3)


@pytest.mark.parametrize(
    "params",
    [{}, {"label_smoothing": 0.2}, {"loss": "squared_error"}, {"dtype": "float32"}],
)
def test_engines_agree(params):
    w = np.random.RandomState(0).uniform(size=300)
    one, *others = (
        classifier(engine=engine, **params).fit(X, Y, w) for engine in _engines.ENGINES
    )
    for other in others:
        assert_allclose(
            other.loss_curve_, one.loss_curve_, rtol=1e-4 if "dtype" in params else 1e-9
        )


def test_it_learns_and_scores():
    clf = classifier(max_iter=200, learning_rate_init=0.01).fit(X, Y)
    assert clf.score(X, Y) > 0.95
    hits = (clf.predict(X) == Y).all(axis=1)
    w = np.random.RandomState(0).uniform(size=300)
    assert clf.score(X, Y, w) == np.average(hits, weights=w)
    search = GridSearchCV(classifier(), {"hidden_layer_sizes": [2, 30]}, cv=2)
    assert search.fit(X, Y).best_params_ == {"hidden_layer_sizes": 30}


def test_validation(engine):
    clf = classifier(engine=engine, early_stopping=True).fit(X, Y)
    assert len(clf.validation_scores_) == clf.n_iter_
    given = classifier(engine=engine).fit(X, Y, X_val=X, y_val=Y)
    assert_allclose(given.validation_scores_[-1], given.score(X, Y))
    own = classifier(scoring=lambda est, X, y: (est.predict(X) == y).mean())
    own.fit(X, Y, X_val=X, y_val=Y)
    assert_allclose(own.validation_scores_[-1], (own.predict(X) == Y).mean())


def test_class_weights_multiply_over_the_columns():
    weights = [{"small": 2.0}, {"odd": 3.0}]
    clf = classifier(class_weight=weights).fit(X, Y)
    w = np.where(SIZE == "small", 2.0, 1) * np.where(ODD == "odd", 3.0, 1)
    assert_allclose(clf.loss_curve_, classifier().fit(X, Y, w).loss_curve_)


def test_numbers_of_classes():
    # three and two numeric classes; only the second column is binary
    target = np.column_stack([digit[:300] % 3, digit[:300] % 2])
    clf = classifier(max_iter=100, learning_rate_init=0.01).fit(X, target)
    assert clf.predict(X).dtype == target.dtype
    assert clf.score(X, target) > 0.9
    assert [len(p[0]) for p in clf.predict_proba(X[:1])] == [3, 2]


def test_indicators_are_several_labels_as_before():
    target = np.column_stack([digit[:300] > 4, digit[:300] % 2]).astype(int)
    clf = classifier().fit(X, target)
    assert clf.out_activation_ == "logistic"
    assert clf.predict_proba(X).shape == (300, 2)


def test_input_gradient():
    clf = classifier(activation="tanh").fit(X, Y)
    gradient = clf.input_gradient(X[:9])
    assert gradient.shape == (9, 5, 64)
    step = np.zeros(64)
    step[20] = 1e-6
    above, below = (np.hstack(clf.predict_proba(X[:9] + s)) for s in (step, -step))
    assert_allclose(gradient[:, :, 20], (above - below) / 2e-6, atol=1e-8)


def test_partial_fit_and_warm_start():
    classes = [np.unique(column) for column in Y.T]
    clf = classifier().partial_fit(X[:10], Y[:10], classes=classes)
    clf.partial_fit(X[10:], Y[10:])
    assert clf.predict(X).shape == Y.shape
    with pytest.raises(ValueError, match="has classes not in"):
        clf.partial_fit(X, np.where(Y == "odd", "prime", Y))
    with pytest.raises(ValueError, match="must have 2 columns"):
        clf.partial_fit(X, Y[:, 0])
    warm = classifier(warm_start=True).fit(X, Y).fit(X, Y)
    assert len(warm.loss_curve_) == 30
    with pytest.raises(ValueError, match="same classes as in the previous call"):
        warm.fit(X[:1], Y[:1])


def test_pickles():
    clf = classifier().fit(X, Y)
    assert_array_equal(pickle.loads(pickle.dumps(clf)).predict(X), clf.predict(X))
    assert_array_equal(clone(clf).fit(X, Y).predict(X), clf.predict(X))


@pytest.mark.parametrize("pair", [(-1, 1), (1, 2), (0, 2)])
def test_columns_of_two_numbers(pair):
    y = np.array(pair)[np.c_[digit[:300] % 2, digit[:300] // 5]]
    params = {"max_iter": 300, "random_state": 0}
    clf = NeuronClassifier(20, solver="lbfgs", **params).fit(X, y)
    assert clf.score(X, y) == 1.0
    forest = RandomForestClassifier(5, random_state=0).fit(X, y)
    for ours, theirs in zip(clf.classes_, forest.classes_, strict=True):
        assert_array_equal(ours, theirs)
    indicator = NeuronClassifier(20, solver="lbfgs", **params).fit(X, y == pair[1])
    assert indicator.out_activation_ == "logistic"
