"""Class weights, and validation scores between epochs."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import make_classification, make_regression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    balanced_accuracy_score,
    log_loss,
    mean_absolute_error,
    mean_pinball_loss,
    roc_auc_score,
)

from skneuron import NeuronClassifier, NeuronRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = make_classification(
    300, n_informative=4, weights=[0.85], flip_y=0.1, random_state=0
)
TRAIN, VAL = slice(0, 200), slice(200, 300)
R, t = make_regression(300, 6, noise=20.0, random_state=0)
t = t / t.std()


def classifier(**params):
    return NeuronClassifier(10, **{"max_iter": 15, "random_state": 0, **params})


def regressor(**params):
    return NeuronRegressor(10, **{"max_iter": 15, "random_state": 0, **params})


# class_weight


@pytest.mark.parametrize("class_weight", ["balanced", {0: 1.0, 1: 7.5}])
def test_class_weights_are_logistic_regression_s(class_weight, engine):
    params = {"class_weight": class_weight}
    lr = LogisticRegression(C=0.5, tol=1e-8, max_iter=10_000, **params).fit(X, y)
    clf = NeuronClassifier(
        (), solver="lbfgs", alpha=2.0, tol=1e-8, engine=engine, **params
    ).fit(X, y)
    # SciPy stops at a relative change of 2e-9 in the loss, or 1e-3 in the weights.
    assert_allclose(clf.coefs_[0], lr.coef_.T, atol=5e-3)
    unweighted = clone(clf).set_params(class_weight=None).fit(X, y)
    assert np.max(np.abs(unweighted.coefs_[0] - lr.coef_.T)) > 0.05


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_class_weights_multiply_sample_weights(solver, engine):
    w = np.random.RandomState(0).uniform(size=len(y))
    clf = classifier(solver=solver, engine=engine)
    by_hand = clone(clf).fit(X, y, sample_weight=w * np.where(y == 1, 3.0, 0.5))
    clf.set_params(class_weight={0: 0.5, 1: 3.0}).fit(X, y, sample_weight=w)
    assert_array_equal(clf.coefs_[0], by_hand.coefs_[0])


def test_class_weights_count_in_validation_scores():
    params = {"early_stopping": True, "random_state": 3}
    clf = classifier(class_weight={0: 1.0, 1: 9.0}, **params).fit(X, y)
    by_hand = classifier(**params).fit(X, y, sample_weight=np.where(y == 1, 9.0, 1.0))
    assert clf.validation_scores_ == by_hand.validation_scores_
    given = classifier(class_weight="balanced").fit(
        X[TRAIN], y[TRAIN], X_val=X[VAL], y_val=y[VAL]
    )
    expected = balanced_accuracy_score(y[VAL], given.predict(X[VAL]))
    assert_allclose(given.validation_scores_[-1], expected)


def test_class_weights_by_parts():
    clf = classifier(class_weight={0: 1.0, 1: 5.0})
    by_hand = classifier()
    for _ in range(3):
        clf.partial_fit(X, y, classes=[0, 1])
        weights = np.where(y == 1, 5.0, 1.0)
        by_hand.partial_fit(X, y, sample_weight=weights, classes=[0, 1])
    assert_array_equal(clf.coefs_[0], by_hand.coefs_[0])
    with pytest.raises(ValueError, match="needs all samples at once"):
        classifier(class_weight="balanced").partial_fit(X, y, classes=[0, 1])


def test_class_weights_of_names_and_of_labels():
    names = np.array(["rare", "usual"])[1 - y]
    clf = classifier(class_weight={"rare": 4.0}).fit(X, names)
    by_hand = classifier().fit(X, names, sample_weight=np.where(y == 1, 4.0, 1.0))
    assert_array_equal(clf.coefs_[0], by_hand.coefs_[0])
    labels = np.column_stack([y, 1 - y])
    classifier(class_weight=[{0: 1, 1: 2}, {0: 1, 1: 3}]).fit(X, labels)


# X_val


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_curves_of_given_samples(solver, engine):
    w = np.random.RandomState(0).uniform(0.5, 2, size=100)
    clf = classifier(solver=solver, engine=engine)
    plain = clone(clf).fit(X[TRAIN], y[TRAIN])
    clf.fit(X[TRAIN], y[TRAIN], X_val=X[VAL], y_val=y[VAL], sample_weight_val=w)
    assert_array_equal(clf.coefs_[0], plain.coefs_[0])  # validation changes nothing
    assert clf.loss_curve_ == plain.loss_curve_
    assert clf.best_loss_ == plain.best_loss_
    assert len(clf.validation_scores_) == len(clf.loss_curve_) == clf.n_iter_
    assert_allclose(clf.validation_scores_[-1], clf.score(X[VAL], y[VAL], w))
    expected = log_loss(y[VAL], clf.predict_proba(X[VAL]), sample_weight=w)
    assert_allclose(clf.validation_loss_curve_[-1], expected)
    assert clf.best_iter_ == np.argmax(clf.validation_scores_) + 1
    assert clf.best_validation_score_ == max(clf.validation_scores_)
    assert plain.validation_scores_ is plain.validation_loss_curve_ is None
    assert plain.best_iter_ is None


def test_every_point_of_the_curves_is_of_that_epoch():
    reg = regressor(max_iter=4)
    reg.fit(R[TRAIN], t[TRAIN], X_val=R[VAL], y_val=t[VAL])
    for epoch in range(1, 5):
        until = regressor(max_iter=epoch).fit(R[TRAIN], t[TRAIN])
        half_mse = np.mean((until.predict(R[VAL]) - t[VAL]) ** 2) / 2
        assert_allclose(reg.validation_loss_curve_[epoch - 1], half_mse)
        score = until.score(R[VAL], t[VAL])
        assert_allclose(reg.validation_scores_[epoch - 1], score)


@pytest.mark.parametrize("make", [classifier, regressor])
def test_early_stopping_by_given_samples_keeps_the_best(make, engine):
    data, target = (X, y) if make is classifier else (R, t)
    est = make(
        early_stopping=True,
        engine=engine,
        max_iter=300,
        learning_rate_init=0.05,
        n_iter_no_change=5,
    ).fit(data[TRAIN], target[TRAIN], X_val=data[VAL], y_val=target[VAL])
    assert est.n_iter_ < 300
    assert est.best_iter_ < est.n_iter_
    assert_allclose(est.score(data[VAL], target[VAL]), est.best_validation_score_)
    assert max(est.validation_scores_) == est.best_validation_score_
    assert est.t_ == est.n_iter_ * 200  # no sample was held out
    until = make(max_iter=est.best_iter_, learning_rate_init=0.05, engine=engine)
    until.fit(data[TRAIN], target[TRAIN])
    assert_allclose(est.coefs_[0], until.coefs_[0], rtol=1e-12)


def test_partial_fit_adds_to_the_curves():
    reg = regressor()
    for _ in range(3):
        reg.partial_fit(R[TRAIN], t[TRAIN], X_val=R[VAL], y_val=t[VAL])
    fitted = regressor(max_iter=3)
    fitted.fit(R[TRAIN], t[TRAIN], X_val=R[VAL], y_val=t[VAL])
    assert_allclose(reg.validation_scores_, fitted.validation_scores_)
    assert_allclose(reg.validation_loss_curve_, fitted.validation_loss_curve_)
    assert reg.best_iter_ == 3


def test_given_samples_are_checked():
    clf = classifier()
    with pytest.raises(ValueError, match="X_val and y_val must be given together"):
        clf.fit(X, y, X_val=X)
    with pytest.raises(ValueError, match="sample_weight_val only with them"):
        clf.fit(X, y, sample_weight_val=np.ones(len(y)))
    with pytest.raises(ValueError, match="X has 3 features"):
        clf.fit(X, y, X_val=X[:, :3], y_val=y)
    with pytest.raises(ValueError, match="classes not in"):
        clf.fit(X, y, X_val=X, y_val=y + 1)
    with pytest.raises(ValueError, match="Negative values"):
        clf.fit(X, y, X_val=X, y_val=y, sample_weight_val=-np.ones(len(y)))
    # one of two classes is enough
    clf.fit(X, y, X_val=X[y == 0], y_val=y[y == 0])


def test_sparse_samples_beside_dense_ones():
    clf = classifier().fit(X, y, X_val=sparse.csr_array(X[VAL]), y_val=y[VAL])
    dense = classifier().fit(X, y, X_val=X[VAL], y_val=y[VAL])
    assert_allclose(clf.validation_loss_curve_, dense.validation_loss_curve_)


# scoring


@pytest.mark.parametrize(
    ("scoring", "metric"),
    [
        ("roc_auc", lambda p, w: roc_auc_score(y[VAL], p, sample_weight=w)),
        ("neg_log_loss", lambda p, w: -log_loss(y[VAL], p, sample_weight=w)),
        ("loss", lambda p, w: -log_loss(y[VAL], p, sample_weight=w)),
        (
            "balanced_accuracy",
            lambda p, w: balanced_accuracy_score(y[VAL], p > 0.5, sample_weight=w),
        ),
        (
            lambda est, X_val, y_val: est.predict_proba(X_val)[:, 1].mean(),
            lambda p, w: p.mean(),
        ),
    ],
)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("out_activation", ["auto", "softmax"])
def test_scores_are_the_scorer_s(scoring, metric, weighted, out_activation):
    w = np.random.RandomState(0).uniform(0.5, 2, size=100) if weighted else None
    names = np.array(["a", "b"])
    clf = classifier(scoring=scoring, out_activation=out_activation)
    val = {"X_val": X[VAL], "y_val": names[y[VAL]], "sample_weight_val": w}
    clf.fit(X[TRAIN], names[y[TRAIN]], **val)
    p = clf.predict_proba(X[VAL])[:, 1]
    assert_allclose(clf.validation_scores_[-1], metric(p, w))


def test_scores_of_the_hold_out_are_the_scorer_s():
    """The hold-out is the same for every score."""
    params = {"early_stopping": True, "loss": "absolute_error", "max_iter": 5}
    by_name = regressor(scoring="neg_mean_absolute_error", **params).fit(R, t)
    by_loss = regressor(scoring="loss", **params).fit(R, t)
    assert_allclose(by_name.validation_scores_, by_loss.validation_scores_)
    negated = [-loss for loss in by_loss.validation_loss_curve_]
    assert by_loss.validation_scores_ == negated


def test_stopping_by_a_scorer():
    params = {"early_stopping": True, "max_iter": 200, "learning_rate_init": 0.03}
    val = {"X_val": R[VAL], "y_val": t[VAL]}
    scores = {}
    for scoring in ("neg_mean_absolute_error", "loss"):
        reg = regressor(scoring=scoring, loss="quantile", quantile=0.9, **params)
        reg.fit(R[TRAIN], t[TRAIN], **val)
        predicted = reg.predict(R[VAL])
        scores["neg_mean_absolute_error"] = -mean_absolute_error(t[VAL], predicted)
        scores["loss"] = -mean_pinball_loss(t[VAL], predicted, alpha=0.9)
        assert_allclose(reg.best_validation_score_, scores[scoring])


def test_bad_scoring_says_what_is_allowed():
    with pytest.raises(ValueError, match="'scoring' parameter of NeuronClassifier"):
        classifier(scoring="best").fit(X, y)


def test_scores_on_frames_do_not_warn():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=[f"f{i}" for i in range(X.shape[1])])
    clf = classifier(scoring="roc_auc", early_stopping=True)
    clf.fit(frame, y)
    clf.fit(frame[TRAIN], y[TRAIN], X_val=frame[VAL], y_val=y[VAL])
    assert 0.5 < clf.best_validation_score_ <= 1


def test_nan_scores_keep_the_last_weights(engine):
    params = {"max_iter": 30, "random_state": 0, "engine": engine}
    clf = NeuronClassifier(10, early_stopping=True, **params)
    clf.set_params(scoring=lambda estimator, X, y: np.nan)
    with pytest.warns(UserWarning, match="No epoch has a validation score that is"):
        clf.fit(X, y, X_val=X[:20], y_val=y[:20])
    plain = NeuronClassifier(10, **params).fit(X, y)
    assert_array_equal(clf.coefs_[0], plain.coefs_[0])


@pytest.mark.parametrize("dtype", [int, str, bool])
def test_class_weights_count_where_a_class_is_missing(dtype):
    names = np.array([0, 1]).astype(dtype)
    params = {"random_state": 0, "max_iter": 3}
    clf = NeuronClassifier(5, class_weight={names[1]: 10}, **params)
    zeros = X[y == 0]
    clf.partial_fit(zeros, names[y[y == 0]], classes=names)
    plain = NeuronClassifier(5, **params)
    plain.partial_fit(zeros, names[y[y == 0]], classes=names)
    assert_array_equal(clf.coefs_[0], plain.coefs_[0])
    clf.fit(X, names[y], X_val=zeros, y_val=names[y[y == 0]])
    assert len(clf.validation_scores_) == 3


@pytest.mark.parametrize("balanced", ["balanced", ["balanced"] * 2, [{1: 3}, {0: 2}]])
def test_class_weights_of_a_sparse_indicator(balanced):
    labels = np.c_[y, X[:, 0] > 0].astype(int)
    clf = NeuronClassifier(5, max_iter=3, random_state=0, class_weight=balanced)
    dense = clone(clf).fit(X, labels)
    assert_array_equal(clf.fit(X, sparse.csr_matrix(labels)).coefs_[0], dense.coefs_[0])
    if "balanced" in balanced:
        with pytest.raises(ValueError, match="'balanced' needs all samples at once"):
            clf.partial_fit(X, labels, classes=[0, 1])


def test_class_weights_that_leave_nothing(engine):
    clf = NeuronClassifier(5, class_weight={0: 0}, engine=engine, max_iter=3)
    with pytest.raises(ValueError, match="leaves no sample with a weight above 0"):
        clf.partial_fit(X[y == 0], y[y == 0], classes=[0, 1])
    with pytest.raises(ValueError, match="has a weight for 2, which is not one of the"):
        clf.set_params(class_weight={2: 1}).fit(X, y)


def test_classes_of_a_series():
    pandas = pytest.importorskip("pandas")
    series = pandas.Series(y, index=range(100, 100 + len(y)))
    clf = NeuronClassifier(5, random_state=0)
    clf.partial_fit(X, series, classes=series.drop_duplicates())
    assert_array_equal(clf.classes_, [0, 1])
    for classes in ({0, 1}, 2):
        with pytest.raises((TypeError, ValueError)):
            NeuronClassifier(5).partial_fit(X, y, classes=classes)
