"""decision_function ranks samples: its scores and calibration equal those of MLP."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import (
    load_digits,
    load_iris,
    load_wine,
    make_blobs,
    make_classification,
)
from sklearn.metrics import average_precision_score, get_scorer, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

DATA = {
    "iris": lambda: load_iris(return_X_y=True),
    "wine": lambda: load_wine(return_X_y=True),
    "digits": lambda: load_digits(n_class=6, return_X_y=True),
    "generated": lambda: make_classification(
        500, 10, n_informative=6, n_classes=4, flip_y=0.1, random_state=1
    ),
    "blobs": lambda: make_blobs(400, centers=3, cluster_std=3.5, random_state=0),
}
PAIR = (MLPClassifier, NeuronClassifier)


def split(name):
    X, y = DATA[name]()
    X = StandardScaler().fit_transform(X)
    return train_test_split(X, y, test_size=0.4, stratify=y, random_state=0)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize(
    "params", [{"max_iter": 60}, {"solver": "lbfgs", "alpha": 0, "max_iter": 60}]
)
def test_average_precision_equals_that_of_mlp(name, params):
    X, X_test, y, y_test = split(name)
    theirs, ours = (cls(random_state=0, **params).fit(X, y) for cls in PAIR)
    # the same weights to the last bit, so that ties are the same
    ours.coefs_, ours.intercepts_ = theirs.coefs_, theirs.intercepts_
    ours.set_params(engine="numpy")
    score = get_scorer("average_precision")
    assert score(ours, X_test, y_test) == score(theirs, X_test, y_test)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
def test_calibration_equals_that_of_mlp(name, method):
    if method == "temperature":
        pytest.importorskip("sklearn", minversion="1.8")
    X, X_test, y, y_test = split(name)
    theirs, ours = (
        CalibratedClassifierCV(cls(max_iter=60, random_state=0), method=method, cv=3)
        .fit(X, y)
        .predict_proba(X_test)
        for cls in PAIR
    )
    assert log_loss(y_test, ours) <= 1.02 * log_loss(y_test, theirs)
    assert_allclose(ours, theirs, rtol=1e-3, atol=1e-6)


def test_samples_can_be_ranked_in_each_column_of_classes(engine):
    X, X_test, y, y_test = split("generated")
    both, truth = np.c_[y, y % 3], np.c_[y_test, y_test % 3]
    clf = NeuronClassifier(20, max_iter=60, random_state=0, engine=engine).fit(X, both)
    confidence, p = clf.decision_function(X_test), clf.predict_proba(X_test)
    assert_array_equal(confidence, np.hstack(p))
    for column, first, n in ((0, 0, 4), (1, 4, 3)):
        part = confidence[:, first : first + n]
        indicators = truth[:, column : column + 1] == np.arange(n)
        expected = average_precision_score(indicators, p[column])
        assert average_precision_score(indicators, part) == expected
        assert_array_equal(part.argmax(axis=1), clf.predict(X_test)[:, column])


def test_two_classes_and_labels_have_log_odds(engine):
    X, _, y, _ = split("iris")
    params = {"max_iter": 60, "random_state": 0, "engine": engine}
    for targets in (y > 0, np.c_[y > 0, y > 1]):
        clf = NeuronClassifier(5, **params).fit(X, targets)
        p = clf.predict_proba(X)
        p = p[:, 1] if p.shape[1] == 2 and targets.ndim == 1 else p
        assert_allclose(clf.decision_function(X), np.log(p / (1 - p)), rtol=1e-6)
    two = NeuronClassifier(5, out_activation="softmax", **params).fit(X, y > 0)
    p = two.predict_proba(X)
    assert_allclose(two.decision_function(X), np.log(p[:, 1] / p[:, 0]), rtol=1e-6)
