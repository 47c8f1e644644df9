"""Fits on some rows of the data, which share X with other fits."""

import warnings

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy import sparse
from sklearn.datasets import make_classification, make_regression

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._estimators.members import fit_on_rows
from skneuron._training import validation

X, y = make_classification(300, n_informative=4, random_state=0)
R, t = make_regression(300, 6, noise=20.0, random_state=0)
TRAIN, HELD = np.arange(200), np.arange(299, 199, -1)


def classifier(**params):
    defaults = {"max_iter": 15, "batch_size": 50, "early_stopping": True}
    return NeuronClassifier(10, random_state=0, **defaults | params)


class Watch:
    """Remembers the epochs, and ends training after some of them."""

    def __init__(self, last=np.inf):
        self.last = last
        self.scores = []

    def epochs_until_needed(self):
        return 1

    def __call__(self, epoch):
        self.scores.append(epoch.validation_score)
        return epoch.number >= self.last


@pytest.mark.parametrize("scoring", [None, "loss", "roc_auc"])
@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_fit_with_validation_samples(engine, scoring, weighted):
    w = np.random.RandomState(0).uniform(size=len(y)) if weighted else None
    clf = classifier(engine=engine, scoring=scoring)
    fit_on_rows(clf, X, y, w, TRAIN, HELD)
    part = (None, None) if w is None else (w[TRAIN], w[HELD])
    other = classifier(engine=engine, scoring=scoring)
    with warnings.catch_warnings(action="ignore"):
        other.fit(
            X[TRAIN],
            y[TRAIN],
            part[0],
            X_val=X[HELD],
            y_val=y[HELD],
            sample_weight_val=part[1],
        )
    for W, V in zip(clf.coefs_, other.coefs_, strict=True):
        assert_array_equal(W, V)
    assert clf.validation_scores_ == other.validation_scores_
    assert clf.best_validation_score_ == other.best_validation_score_


@pytest.mark.parametrize("to_X", [np.asarray, sparse.csr_array])
def test_samples_are_scored_in_blocks(monkeypatch, to_X):
    one = fit_on_rows(classifier(), to_X(X), y, None, TRAIN, HELD)
    monkeypatch.setattr(validation, "BLOCK_ROWS", 7)
    monkeypatch.setattr(validation, "BLOCK_NUMBERS", 1)
    several = fit_on_rows(classifier(), to_X(X), y, None, TRAIN, HELD)
    np.testing.assert_allclose(
        one.validation_loss_curve_, several.validation_loss_curve_, rtol=1e-12
    )


def test_a_part_may_lack_a_class():
    classes = np.repeat([0, 1, 2], 100)
    clf = fit_on_rows(classifier(scoring="loss"), X, classes, None, TRAIN, HELD)
    assert clf.classes_.tolist() == [0, 1, 2]
    assert clf.predict_proba(X).shape == (300, 3)


def test_a_callback_sees_scores_and_ends_training():
    watch = Watch(last=4)
    clf = fit_on_rows(classifier(), X, y, None, TRAIN, HELD, [watch])
    assert clf.n_iter_ == 4
    assert watch.scores == clf.validation_scores_
    reg = NeuronRegressor(10, early_stopping=True, max_iter=6, random_state=0)
    fit_on_rows(reg, R, t, None, TRAIN, HELD, [watch := Watch()])
    assert watch.scores == reg.validation_scores_
    assert reg.n_iter_ == 6


def test_a_part_needs_a_weight():
    w = (np.arange(300) < 200).astype(float)
    with pytest.raises(ValueError, match=r"validation set are all zero.*other folds"):
        fit_on_rows(classifier(), X, y, w, TRAIN, HELD)
    with pytest.raises(ValueError, match="'max_iter' parameter"):
        fit_on_rows(classifier(max_iter=0), X, y, None, TRAIN, HELD)
