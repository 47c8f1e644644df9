"""TabularClassifier and TabularRegressor: estimators of tables, like any other."""

import copy
import pickle

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import logit
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    RepeatedKFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_score,
)
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder
from sklearn.utils.estimator_checks import parametrize_with_checks

from skneuron.activations import LeakyReLU
from skneuron.tabular import TabularClassifier, TabularRegressor
from skneuron.tabular._calibration import fit_temperature, tempered

# A sample of weight 2 can equal two only if a regressor's batch has all samples.
FEW = {"cv": 3, "max_iter": 20}
CONFIGURATIONS = [
    TabularClassifier(),
    TabularRegressor(),
    TabularClassifier(engine="numpy", **FEW),
    TabularRegressor(engine="numpy", **FEW),
    TabularClassifier(periodic_features=True, batch_size=16, **FEW),
    TabularClassifier(class_weight="balanced", label_smoothing=0.0, **FEW),
    TabularClassifier(30, LeakyReLU(slope=0.1), learning_rate_init=0.05, **FEW),
    TabularRegressor(periodic_features=False, learning_rate_init=0.05, **FEW),
    TabularRegressor((16, 16), "silu", cv=3, max_iter=40, n_jobs=2),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:sklearn.*")
@parametrize_with_checks(CONFIGURATIONS)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


rng = np.random.RandomState(0)
N = 160
X, y = make_moons(N, noise=0.2, random_state=0)
t = np.sin(3 * X[:, 0]) + X[:, 1]
WEIGHTS = rng.choice([1.0, 2.0, 5.0], size=N)
SIZES = np.where(rng.uniform(size=N) < 0.1, np.nan, X[:, 0])
COLOURS = rng.choice(["red", "green", "blue"], size=N)
FLAGS = rng.uniform(size=N) < 0.5
TABLE = pd.DataFrame({"size": SIZES, "colour": COLOURS, "flag": FLAGS})
BOTH = [TabularClassifier, TabularRegressor]


def make(cls, **params):
    """Return an estimator that is trained quickly."""
    defaults = {"hidden_layer_sizes": 8, "max_iter": 6, "cv": 3, "random_state": 0}
    return cls(**defaults | params)


def classifier(**params):
    return make(TabularClassifier, **params)


def regressor(**params):
    return make(TabularRegressor, **params)


def members_mean(estimator, X, members=None):
    """Return the mean of the members by its definition."""
    members = estimator.estimators_ if members is None else members
    table = estimator.encoder_.transform(X)
    method = "predict" if hasattr(estimator, "target_scaler_") else "predict_proba"
    return np.mean([getattr(m, method)(table).astype(float) for m in members], axis=0)


def out_of_fold(estimator, X):
    """Return the mean, for each row, of the members that did not train on it."""
    held = [set(test) for _, test in estimator.cv]
    rows = []
    for i in range(len(X)):
        both = zip(estimator.estimators_, held, strict=True)
        members = [member for member, test in both if i in test]
        rows.append(members_mean(estimator, X[i : i + 1], members)[0])
    return np.array(rows)


def folds(splitter, y=y):
    return list(splitter.split(np.zeros((len(y), 1)), y))


# the ensemble


@pytest.mark.parametrize(
    "splitter", [StratifiedKFold(4), RepeatedKFold(n_splits=3, n_repeats=2)], ids=str
)
def test_probabilities_are_the_tempered_mean_of_the_members(splitter):
    clf = classifier(cv=folds(splitter)).fit(X, y)
    T = clf.temperature_
    for p, mean in (
        (clf.predict_proba(X), members_mean(clf, X)),
        (clf.oof_predictions_, out_of_fold(clf, X)),
    ):
        powers = mean ** (1 / T)
        assert_allclose(p, powers / powers.sum(axis=1, keepdims=True), rtol=1e-6)
    assert len(clf.estimators_) == len(clf.cv)
    assert clf.oof_score_ == accuracy_score(y, clf.oof_predictions_.argmax(axis=1))


@pytest.mark.parametrize("targets", [t, np.c_[t, -5 * t**3]], ids=["one", "two"])
def test_predictions_are_the_mean_of_the_members_in_units(targets):
    reg = regressor(cv=folds(RepeatedKFold(n_splits=3, n_repeats=2)))
    reg.fit(X, targets)
    for predicted, mean in (
        (reg.predict(X), members_mean(reg, X)),
        (reg.oof_predictions_, out_of_fold(reg, X)),
    ):
        in_units = mean * targets.std(axis=0) + targets.mean(axis=0)
        expected = np.clip(in_units, targets.min(axis=0), targets.max(axis=0))
        assert_allclose(predicted, expected, rtol=1e-5, atol=1e-6)
        assert predicted.dtype == np.float64
    assert reg.oof_score_ == pytest.approx(r2_score(targets, reg.oof_predictions_))


def test_predictions_stay_within_the_range_of_the_targets():
    x = np.linspace(-1, 1, N)[:, np.newaxis]
    reg = regressor(hidden_layer_sizes=(), max_iter=100).fit(x, 3 * x[:, 0])
    outside = reg.predict([[-9.0], [9.0]])
    assert_array_equal(outside, [-3, 3])


def test_rows_that_no_member_held_out_have_no_prediction():
    reg = regressor(cv=TimeSeriesSplit(3)).fit(X, t)
    clf = classifier(cv=ShuffleSplit(1, test_size=0.4, random_state=0)).fit(X, y)
    assert_array_equal(np.isnan(reg.oof_predictions_), np.arange(N) < N // 4)
    known = ~np.isnan(clf.oof_predictions_[:, 0])
    assert known.sum() == 0.4 * N
    hits = clf.oof_predictions_[known].argmax(axis=1) == y[known]
    assert clf.oof_score_ == hits.mean()
    assert reg.oof_score_ == r2_score(t[N // 4 :], reg.oof_predictions_[N // 4 :])


@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_the_out_of_fold_score_is_close_to_cross_validation(cls, targets):
    estimator = make(cls, max_iter=30, cv=5)
    scores = cross_val_score(estimator, X, targets, cv=KFold(5, shuffle=True))
    assert estimator.fit(X, targets).oof_score_ == pytest.approx(
        scores.mean(), abs=0.05
    )


@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_engines_agree(cls, targets):
    one, other = (
        make(cls, engine=engine, periodic_features=True).fit(X[:100], targets[:100])
        for engine in ("auto", "numpy")
    )
    assert_allclose(one.oof_predictions_, other.oof_predictions_, rtol=1e-6, atol=1e-9)
    method = "predict" if cls is TabularRegressor else "predict_proba"
    a, b = (getattr(e, method)(X) for e in (one, other))
    assert_allclose(a, b, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_random_state(cls, targets):
    def predictions(seed):
        return make(cls, random_state=seed).fit(X, targets).oof_predictions_

    assert_array_equal(predictions(3), predictions(3))
    assert_array_equal(predictions(3), predictions(np.random.RandomState(3)))
    assert not np.allclose(predictions(3), predictions(4))
    assert not np.allclose(predictions(None), predictions(None))


def test_automatic_values_are_those_of_the_members():
    reg = regressor(max_iter=6, learning_rate_init=0.01, batch_size=N).fit(X, t)
    for member in reg.estimators_:
        assert member.learning_rate_init == 0.01
        assert member.max_iter == member.n_iter_ == reg.n_iter_ == 6
        assert member.batch_size == len(X) - len(X) // 3 or member.batch_size < N
    automatic = regressor().fit(X, t).estimators_[0]
    assert isinstance(automatic.batch_size, int)
    assert automatic.learning_rate_init > 0


@pytest.mark.parametrize("cls", BOTH)
def test_periodic_features(cls):
    one, other = (
        make(cls, periodic_features=choice).fit(TABLE, y).estimators_[0].input_layers
        for choice in (True, False)
    )
    assert [type(layer).__name__ for layer in one] == ["Periodic", "Scale"]
    assert [type(layer).__name__ for layer in other] == ["Scale"]
    categories = make(cls, periodic_features=True).fit(TABLE[["colour"]], y)
    assert len(categories.estimators_[0].input_layers) == 1  # no column of numbers


# calibration


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 3.0}])
def test_the_temperature_minimises_the_log_loss(weighted, class_weight):
    some = np.r_[np.flatnonzero(y == 0)[:30], np.flatnonzero(y == 1)]
    table, labels = X[some], y[some]
    w = WEIGHTS[some] if weighted else np.ones(len(some))
    clf = classifier(cv=folds(StratifiedKFold(3), labels), class_weight=class_weight)
    clf.fit(table, labels, sample_weight=w if weighted else None)
    logits = np.log(out_of_fold(clf, table))
    if class_weight == "balanced":
        totals = np.bincount(labels, w)
        w = w * (w.sum() / (2 * totals))[labels]
    elif class_weight:
        w = w * np.where(labels == 0, 3.0, 1.0)

    def loss(log_T):
        z = logits / np.exp(log_T)
        return log_loss(
            labels, np.exp(z) / np.exp(z).sum(1, keepdims=True), sample_weight=w
        )

    best = minimize_scalar(loss, bounds=(-3, 3), options={"xatol": 1e-8})
    assert clf.temperature_ == pytest.approx(np.exp(best.x), rel=1e-4)
    assert log_loss(labels, clf.oof_predictions_, sample_weight=w) == pytest.approx(
        best.fun
    )


def test_the_temperature_of_known_frequencies():
    # a classifier that says 0.9 and is right in 80 of 100 cases
    p = np.tile([0.1, 0.9], (100, 1))
    codes = (np.arange(100) < 80).astype(int)
    T = logit(0.9) / logit(0.8)
    assert fit_temperature(p, codes, None) == pytest.approx(T)
    assert_allclose(tempered(p, T), np.tile([0.2, 0.8], (100, 1)))
    # or in 8 of 10 cases, of which each counts ten times
    weights = np.r_[np.full(8, 10.0), np.full(2, 10.0)]
    some = np.r_[:8, 98:100]
    assert fit_temperature(p[some], codes[some], weights) == pytest.approx(T)
    assert fit_temperature(p, codes, np.where(codes, 1.0, 4.0)) == 20.0  # as chance


def test_a_temperature_keeps_the_most_probable_class():
    p = np.random.RandomState(0).dirichlet(np.ones(4), size=100)
    p[0] = [1, 0, 0, 0]
    for T in (0.05, 0.5, 1.0, 20.0):
        scaled = tempered(p, T)
        assert_array_equal(scaled.argmax(axis=1), p.argmax(axis=1))
        assert_allclose(scaled.sum(axis=1), 1, rtol=1e-12)
        assert scaled.min() > 0
    assert_allclose(tempered(p, 1.0), p, atol=1e-15)


def test_probabilities(engine):
    clf = classifier(engine=engine, max_iter=40).fit(X, y)
    p = clf.predict_proba(X)
    assert p.dtype == np.float64
    assert p.shape == clf.oof_predictions_.shape == (N, 2)
    assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    assert_array_equal(clf.predict(X), clf.classes_[p.argmax(axis=1)])
    assert_array_equal(clf.predict_log_proba(X), np.log(p))
    assert np.isfinite(clf.predict_log_proba(1e3 * X)).all()
    assert log_loss(y, p) < 0.5


def test_the_prediction_is_the_class_of_the_highest_rounded_probability():
    clf = classifier(cv=2, max_iter=1, learning_rate_init=1e-8).fit(X, y)
    clf.temperature_ = 1e16  # rounds all probabilities to 1/2
    best = clf.predict_proba(X).argmax(axis=1)
    assert_array_equal(clf.predict(X), clf.classes_[best])


@pytest.mark.parametrize("factor", [1e200, 1e300, 1e-200, 1e-310])
def test_targets_whose_squares_overflow_or_vanish(factor):
    with pytest.raises(ValueError, match="y has values of the magnitude"):
        regressor().fit(X, np.c_[t, t * factor])


def test_extreme_targets_that_are_allowed():
    expected = regressor().fit(X, t).predict(X)
    for exponent in (-480, 480):
        found = regressor().fit(X, np.ldexp(t, exponent)).predict(X)
        assert_allclose(np.ldexp(found, -exponent), expected, rtol=1e-6)
    assert set(regressor().fit(X, np.zeros(N)).predict(X)) == {0.0}


def test_class_weights_that_float32_cannot_hold():
    with pytest.raises(ValueError, match=r"class_weight=.* float32 cannot hold"):
        classifier(class_weight={0: 1e300}).fit(X, y)


def test_n_jobs_of_0():
    with pytest.raises(ValueError, match="'n_jobs' parameter of TabularRegressor"):
        regressor(n_jobs=0).fit(X, t)


def test_a_scoring_that_cannot_score_a_fold():
    labels = np.where(np.arange(N) == 0, 2, y)
    with pytest.raises(ValueError, match=r"scoring=.*cannot score the held-out"):
        classifier(scoring="neg_log_loss").fit(X, labels)


# weights


@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_sample_weights_matter(cls, targets):
    plain = make(cls).fit(X, targets)
    weighted = make(cls).fit(X, targets, sample_weight=WEIGHTS)
    ones = make(cls).fit(X, targets, sample_weight=np.ones(N))
    assert not np.allclose(plain.oof_predictions_, weighted.oof_predictions_)
    assert_allclose(plain.oof_predictions_, ones.oof_predictions_, rtol=1e-4)
    predicted = weighted.oof_predictions_
    if cls is TabularClassifier:
        expected = accuracy_score(y, predicted.argmax(axis=1), sample_weight=WEIGHTS)
    else:
        expected = r2_score(t, predicted, sample_weight=WEIGHTS)
    assert weighted.oof_score_ == pytest.approx(expected)
    assert plain.score(X, targets, WEIGHTS) != plain.score(X, targets)


@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_samples_of_weight_0_are_as_if_removed(cls, targets):
    some, targets = TABLE[:120], targets[:120]
    w = np.where(WEIGHTS == 5, 0, WEIGHTS)[:120]
    kept = w > 0
    one = make(cls).fit(some, targets, sample_weight=w)
    other = make(cls).fit(some[kept], targets[kept], sample_weight=w[kept])
    assert_allclose(one.oof_predictions_[kept], other.oof_predictions_, rtol=1e-9)
    assert np.isnan(one.oof_predictions_[~kept]).all()
    assert_allclose(one.predict(some), other.predict(some), rtol=1e-9)
    assert one.oof_score_ == pytest.approx(other.oof_score_)


def test_balanced_classes_are_weighted_samples():
    # Both classes have the same distribution of each column, so that medians and
    # quartiles do not depend on the weights.
    i, j = np.meshgrid(np.arange(7), np.arange(7))
    grid = np.tile(np.c_[i.ravel(), j.ravel()] - 3.0, (4, 1))
    labels = (grid.sum(axis=1) % 7 < 2).astype(int)
    w = np.where(labels, 7 / 4, 7 / 10)
    for class_weight in ("balanced", {0: 7 / 10, 1: 7 / 4}):
        one = classifier(class_weight=class_weight).fit(grid, labels)
        other = classifier().fit(grid, labels, sample_weight=w)
        assert_allclose(one.oof_predictions_, other.oof_predictions_, rtol=1e-5)
        assert one.temperature_ == pytest.approx(other.temperature_, rel=1e-5)
    plain = classifier().fit(grid, labels)
    assert plain.oof_predictions_[:, 1].mean() < one.oof_predictions_[:, 1].mean()


# tables of every kind


def numbers_as(kind):
    frame = pd.DataFrame(np.round(10 * X).astype(int), columns=["a", "b"])
    values = frame.to_numpy()
    return {
        "float64": values.astype(float),
        "float32": values.astype(np.float32),
        "int64": values,
        "Fortran": np.asfortranarray(values.astype(float)),
        "lists": values.tolist(),
        "objects": values.astype(object),
        "pandas": frame,
        "Int64": frame.astype("Int64"),
        "pyarrow": frame.convert_dtypes(dtype_backend="pyarrow"),
        "polars": pl.DataFrame({"a": values[:, 0], "b": values[:, 1]}),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        *("float32", "int64", "Fortran", "lists", "objects"),
        *("pandas", "Int64", "pyarrow", "polars"),
    ],
)
def test_numbers_of_any_type_give_the_same_predictions(kind):
    table = numbers_as(kind)
    clf = classifier().fit(table, y)
    plain = classifier().fit(numbers_as("float64"), y)
    assert_allclose(
        clf.predict_proba(table), plain.predict_proba(numbers_as("float64"))
    )
    assert clf.n_features_in_ == 2
    named = kind in ("pandas", "Int64", "pyarrow", "polars")
    assert hasattr(clf, "feature_names_in_") == named


def mixed_as(kind):
    columns = {
        "size": [None if np.isnan(v) else float(v) for v in SIZES],
        "colour": [None if k % 9 == 0 else str(c) for k, c in enumerate(COLOURS)],
        "flag": [None if k % 7 == 0 else bool(f) for k, f in enumerate(FLAGS)],
    }
    if kind == "polars":
        return pl.DataFrame(columns)
    if kind in ("lists", "objects"):
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        return rows if kind == "lists" else np.array(rows, dtype=object)
    frame = pd.DataFrame(
        {name: pd.Series(v, dtype=object) for name, v in columns.items()}
    )
    types = {
        "pandas objects": {"size": float},
        "category": {"size": float, "colour": "category", "flag": "category"},
        "nullable": {"size": "Float64", "colour": "string", "flag": "boolean"},
        "pyarrow": {
            "size": "double[pyarrow]",
            "colour": "string[pyarrow]",
            "flag": "bool[pyarrow]",
        },
    }
    return frame.astype(types[kind])


MIXED = ["lists", "objects", "category", "nullable", "pyarrow", "polars"]


@pytest.mark.parametrize("kind", MIXED)
@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_mixed_tables_of_any_type_give_the_same_predictions(cls, targets, kind):
    estimator = make(cls).fit(mixed_as(kind), targets)
    plain = make(cls).fit(mixed_as("pandas objects"), targets)
    expected = plain.predict(mixed_as("pandas objects"))
    assert_array_equal(estimator.predict(mixed_as(kind)), expected)
    one = mixed_as(kind)[:1]
    assert_allclose(estimator.predict(one), expected[:1], rtol=1e-5)


@pytest.mark.parametrize(("cls", "targets"), zip(BOTH, (y, t), strict=True))
def test_missing_and_unknown_values_at_prediction(cls, targets):
    full = TABLE.fillna({"size": 0.0})
    estimator = make(cls).fit(full, targets)
    strange = pd.DataFrame(
        {
            "size": [np.nan, 1e9, -1e9, 0.0],
            "colour": ["purple", None, "red", np.nan],
            "flag": [None, True, False, None],
        }
    )
    predicted = estimator.predict(strange)
    assert predicted.shape == (4,)
    assert np.isin(predicted, y).all() or np.isfinite(predicted).all()
    unknown = full.head(1).assign(colour="purple")
    missing = full.head(1).assign(colour=None)
    assert_array_equal(estimator.predict(unknown), estimator.predict(missing))


def test_columns():
    clf = classifier().fit(TABLE, y)
    assert clf.feature_names_in_.tolist() == ["size", "colour", "flag"]
    assert clf.n_features_in_ == 3
    assert clf.encoder_.is_categorical_.tolist() == [False, True, True]
    with pytest.raises(ValueError, match="must be in the same order"):
        clf.predict(TABLE[["colour", "size", "flag"]])
    with pytest.raises(ValueError, match="feature names should match"):
        clf.predict(TABLE.rename(columns={"size": "length"}))
    with pytest.raises(ValueError, match="missing"):
        clf.predict(TABLE[["size", "colour"]])
    with pytest.raises(ValueError, match="0 sample"):
        clf.predict(TABLE.head(0))
    with pytest.raises(ValueError, match="Expected 2D array, got 1D"):
        classifier().fit(X, y).predict(X[0])
    coded = TABLE.assign(colour=TABLE["colour"].astype("category").cat.codes)
    by_name = classifier(categorical_features=["colour", "flag"]).fit(coded, y)
    assert by_name.encoder_.is_categorical_.tolist() == [False, True, True]
    with pytest.raises(TypeError, match="Use NeuronClassifier or NeuronRegressor"):
        clf.fit(sparse.csr_array(X), y)


# targets


WORDS = np.array(["no", "yes"])[y]
LABELS = {
    "int": (y, [0, 1]),
    "negative": (2 * y - 1, [-1, 1]),
    "bool": (y > 0, [False, True]),
    "str": (WORDS, ["no", "yes"]),
    "object": (WORDS.astype(object), ["no", "yes"]),
    "list": (WORDS.tolist(), ["no", "yes"]),
    "Series": (pd.Series(y, index=range(N, 0, -1)), [0, 1]),
    "category": (
        pd.Series(WORDS, dtype="category"),
        ["no", "yes"],
    ),
    "string": (pd.Series(WORDS, dtype="string"), ["no", "yes"]),
    "Int64": (pd.Series(y, dtype="Int64"), [0, 1]),
    "polars": (pl.Series(WORDS), ["no", "yes"]),
    "three": (np.array(["a", "b", "c"])[y + (X[:, 0] > 1)], ["a", "b", "c"]),
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels(kind):
    labels, classes = LABELS[kind]
    clf = classifier(max_iter=30).fit(X, labels)
    assert clf.classes_.tolist() == classes
    assert clf.predict_proba(X).shape == clf.oof_predictions_.shape == (N, len(classes))
    predicted = clf.predict(X)
    assert set(predicted) <= set(classes)
    assert clf.score(X, labels) == (predicted == np.asarray(labels)).mean() > 0.8
    assert clf.oof_score_ > 0.7


def test_a_single_class():
    clf = classifier().fit(TABLE, np.full(N, "yes"))
    assert_array_equal(clf.predict(TABLE.head(3)), ["yes"] * 3)
    assert_array_equal(clf.predict_proba(TABLE.head(3)), np.ones((3, 1)))
    assert clf.temperature_ == clf.oof_score_ == 1.0


@pytest.mark.parametrize(
    "targets",
    [
        t.tolist(),
        pd.Series(t, index=range(N, 0, -1)),
        pd.Series(t, dtype="Float64"),
        pl.Series(t),
        t.astype(np.float32),
    ],
    ids=["list", "Series", "Float64", "polars", "float32"],
)
def test_targets_of_any_type(targets):
    expected = regressor().fit(X, t).predict(X)
    assert_allclose(regressor().fit(X, targets).predict(X), expected, atol=1e-5)


@pytest.mark.parametrize("factor", [1e-100, 1e-9, 1e9, 1e100])
@pytest.mark.parametrize("shift", [0.0, -7.0])
def test_predictions_follow_the_unit_of_the_targets(factor, shift):
    plain = regressor().fit(X, t)
    scaled = regressor().fit(X, factor * (t + shift))
    expected = factor * (plain.predict(X) + shift)
    assert_allclose(scaled.predict(X), expected, rtol=1e-4, atol=1e-4 * factor)
    assert scaled.oof_score_ == pytest.approx(plain.oof_score_, rel=1e-4)


def test_several_targets():
    both = pd.DataFrame({"t": t, "u": 100 * X[:, 0], "constant": 3.0})
    reg = regressor(max_iter=40).fit(TABLE.assign(x=X[:, 0], z=X[:, 1]), both)
    predicted = reg.predict(TABLE.assign(x=X[:, 0], z=X[:, 1]))
    assert predicted.shape == reg.oof_predictions_.shape == (N, 3)
    assert (r2_score(both, predicted, multioutput="raw_values") > 0.9).all()
    assert_allclose(predicted[:, 2], 3.0)
    assert reg.predict(TABLE.assign(x=1.0, z=0.0).head(1)).shape == (1, 3)


def test_a_constant_target():
    reg = regressor().fit(TABLE, np.full(N, 5.0))
    assert_allclose(reg.predict(TABLE), 5.0)
    assert reg.oof_score_ == 1.0


def test_predictions_stay_in_the_range_of_the_targets():
    reg = regressor(hidden_layer_sizes=(), max_iter=50).fit(X, X[:, 0])
    assert_array_equal(
        reg.predict(1e6 * X[:9]).clip(t.min()), reg.predict(1e6 * X[:9]).clip(t.min())
    )
    far = reg.predict([[1e6, 0.0], [-1e6, 0.0]])
    assert_array_equal(far, [X[:, 0].max(), X[:, 0].min()])


@pytest.mark.parametrize("cls", BOTH)
def test_one_column_of_targets_warns(cls):
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        estimator = make(cls).fit(X, y[:, np.newaxis])
    assert estimator.predict(X).shape == (N,)


REFUSED = [
    (TabularClassifier, np.where(y, np.nan, 1.0), "contains NaN"),
    (TabularClassifier, np.where(y, None, "a"), "missing values"),
    (
        TabularClassifier,
        pd.Series(np.where(y, pd.NA, 1), dtype="Int64"),
        "contains NaN",
    ),
    (TabularClassifier, t, "Unknown label type: continuous"),
    (TabularClassifier, np.c_[y, 1 - y], r"2 columns.*MultiOutputClassifier"),
    (TabularClassifier, sparse.csr_array(np.c_[y, 1 - y]), "2 columns"),
    (TabularClassifier, y[1:], "inconsistent numbers of samples"),
    (TabularRegressor, np.where(y, np.nan, 1.0), "contains NaN"),
    (TabularRegressor, np.where(y, np.inf, 1.0), "contains infinity"),
    (TabularRegressor, np.where(y, "a", "b"), "for classes use a classifier"),
    (TabularRegressor, None, "requires y to be passed"),
]


@pytest.mark.parametrize(("cls", "targets", "message"), REFUSED)
def test_wrong_targets_are_refused(cls, targets, message):
    estimator = make(cls)
    with pytest.raises(ValueError, match=message):
        estimator.fit(X, targets)
    with pytest.raises(NotFittedError):
        estimator.predict(X)


def test_several_columns_of_classes_by_an_ensemble_for_each():
    meta = MultiOutputClassifier(classifier()).fit(TABLE, np.c_[y, X[:, 0] > 0])
    assert meta.predict(TABLE).shape == (N, 2)


# parameters


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"hidden_layer_sizes": (5, 0)}, ValueError, "hidden_layer_sizes must be > 0"),
        ({"hidden_layer_sizes": "a"}, ValueError, "'hidden_layer_sizes' parameter"),
        ({"activation": "rel"}, ValueError, "'activation' parameter"),
        ({"activation": ["relu"] * 2}, ValueError, "names 2 activations"),
        ({"activation": LeakyReLU}, TypeError, r"activation.*pass LeakyReLU\(\)"),
        ({"activation": LeakyReLU(-1)}, ValueError, "'slope' parameter"),
        ({"periodic_features": "yes"}, ValueError, "'periodic_features' parameter"),
        ({"label_smoothing": 1.0}, ValueError, "'label_smoothing' parameter"),
        ({"batch_size": 0}, ValueError, "'batch_size' parameter"),
        ({"learning_rate_init": 0}, ValueError, "'learning_rate_init' parameter"),
        ({"max_iter": 0}, ValueError, "'max_iter' parameter"),
        ({"cv": 1}, ValueError, "'cv' parameter"),
        ({"cv": KFold}, TypeError, r"cv must be an object.*pass KFold\(\)"),
        ({"scoring": "acuracy"}, ValueError, "'scoring'.*Did you mean 'accuracy'"),
        ({"class_weight": {7: 1}}, ValueError, "class_weight.*7.*classes \\[0, 1"),
        ({"class_weight": {0: -1}}, ValueError, "class_weight must have weights of 0"),
        ({"class_weight": {0: 0, 1: 0}}, ValueError, "class_weight.*no sample"),
        ({"class_weight": ["balanced"]}, ValueError, "'class_weight' parameter"),
        ({"categorical_features": "a"}, ValueError, "'categorical_features' param"),
        ({"categorical_features": [9]}, ValueError, "categorical_features has .9."),
        ({"max_seconds": 0}, ValueError, "'max_seconds' parameter"),
        ({"random_state": "a"}, ValueError, "'random_state' parameter"),
        ({"n_jobs": 1.5}, ValueError, "'n_jobs' parameter"),
        ({"n_jobs": 0}, ValueError, "'n_jobs' parameter"),
        ({"engine": "c"}, ValueError, "'engine' parameter"),
    ],
)
def test_wrong_parameters_are_refused(params, error, message):
    clf = classifier().fit(X, y)
    before = clf.predict_proba(X)
    with pytest.raises(error, match=message):
        clf.set_params(**params).fit(X, y)
    assert_array_equal(clf.predict_proba(X), before)  # the first fit is kept


@pytest.mark.parametrize("cls", BOTH)
def test_there_are_few_parameters(cls):
    assert len(cls().get_params(deep=False)) <= 20


def test_parameters_of_the_activation_are_parameters_of_the_estimator():
    clf = clone(classifier(activation=LeakyReLU(slope=0.2)))
    assert clf.get_params()["activation__slope"] == 0.2
    clf.set_params(activation__slope=0.3).fit(X, y)
    assert clf.estimators_[0].activation.slope == 0.3
    by_layer = classifier(hidden_layer_sizes=[5, 4], activation=["tanh", "relu"])
    assert [W.shape[1] for W in by_layer.fit(X, y).estimators_[0].coefs_] == [5, 4, 1]


def test_scoring_chooses_the_epoch():
    splits = folds(StratifiedKFold(3))
    clf = classifier(scoring="accuracy", cv=splits).fit(X, y)
    for member, (_, test) in zip(clf.estimators_, splits, strict=True):
        hits = member.predict(clf.encoder_.transform(X[test])) == y[test]
        assert max(member.validation_scores_) == pytest.approx(hits.mean())
    by_loss = classifier().fit(X, y).estimators_[0]
    assert by_loss.best_iter_ == np.argmin(by_loss.validation_loss_curve_) + 1


# with scikit-learn and others


def test_search():
    search = GridSearchCV(
        classifier(max_iter=3),
        {"hidden_layer_sizes": [(4,), (8, 8)], "learning_rate_init": [0.03, "auto"]},
        cv=2,
    ).fit(TABLE, y)
    assert search.best_params_.keys() == {"hidden_layer_sizes", "learning_rate_init"}
    assert search.predict(TABLE.head(2)).shape == (2,)
    scores = cross_val_score(regressor(), TABLE, t, cv=2, scoring="r2")
    assert scores.shape == (2,)


def test_in_a_pipeline():
    names = FunctionTransformer(lambda frame: frame[["size", "flag"]])
    pipeline = make_pipeline(names, classifier()).fit(TABLE, y)
    assert pipeline.predict_proba(TABLE).shape == (N, 2)
    assert pipeline[-1].feature_names_in_.tolist() == ["size", "flag"]


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    "duplicate",
    [
        lambda e, path: pickle.loads(pickle.dumps(e)),
        lambda e, path: copy.deepcopy(e),
        lambda e, path: joblib.load(joblib.dump(e, path / "e.joblib")[0]),
        lambda e, path: joblib.load(joblib.dump(e, path / "e")[0], mmap_mode="r"),
    ],
    ids=["pickle", "deepcopy", "joblib", "joblib-mmap"],
)
def test_copies_predict_the_same(cls, duplicate, tmp_path):
    estimator = make(cls).fit(TABLE, y)
    twin = duplicate(estimator, tmp_path)
    assert_array_equal(twin.predict(TABLE), estimator.predict(TABLE))
    assert_array_equal(twin.oof_predictions_, estimator.oof_predictions_)
    assert not hasattr(clone(twin).fit(TABLE, y), "coefs_")


TRUSTED = {
    "skneuron._engines.protocol.Objective",
    "skneuron._network.dense.Dense",
    "skneuron._network.network.Network",
    "skneuron._network.periodic.Periodic",
    "skneuron._network.scale.Scale",
    "skneuron._training.state.TrainingState",
    "skneuron.activations.ReLU",
    "skneuron.layers.Periodic",
    "skneuron.layers.Scale",
    "skneuron.optimizers.Adam",
    "skneuron.optimizers.AdamState",
    "skneuron.schedules.Linear",
    "skneuron.tabular._columns.TableEncoder",
}
TRUSTED_FOR = {
    TabularClassifier: {
        "skneuron._estimators.classifier.NeuronClassifier",
        "skneuron._estimators.labels.Labels",
        "skneuron.losses._classification.SmoothedBinaryLogLoss",
        "skneuron.tabular._classifier.TabularClassifier",
    },
    TabularRegressor: {
        "skneuron._estimators.regressor.NeuronRegressor",
        "skneuron.losses._squared_error.SquaredError",
        "skneuron.tabular._regressor.TabularRegressor",
    },
}


@pytest.mark.parametrize("cls", BOTH)
def test_skops_loads_trusted_types(cls):
    io = pytest.importorskip("skops.io")
    estimator = make(cls, periodic_features=True).fit(TABLE, y)
    data = io.dumps(estimator)
    trusted = TRUSTED | TRUSTED_FOR[cls]
    assert set(io.get_untrusted_types(data=data)) == trusted
    loaded = io.loads(data, trusted=sorted(trusted))
    assert_array_equal(loaded.predict(TABLE), estimator.predict(TABLE))


@pytest.mark.parametrize("cls", BOTH)
def test_html(cls):
    html = make(cls).fit(TABLE, y)._repr_html_()
    assert cls.__name__ in html
    assert (
        f"https://skneuron.readthedocs.io/en/stable/api/skneuron.tabular.{cls.__name__}.html"
        in html
    )
    assert f"{cls.__name__}(" in repr(make(cls))


def test_inspection_by_permutation_and_partial_dependence():
    labels = (TABLE["size"].fillna(0) > 0) != (TABLE["colour"] == "red")
    frame = TABLE.assign(noise=X[:, 1])
    clf = classifier(max_iter=40, hidden_layer_sizes=32).fit(frame, labels)
    found = permutation_importance(clf, frame, labels, n_repeats=2, random_state=0)
    assert set(np.argsort(found.importances_mean)[-2:]) == {0, 1}
    curve = partial_dependence(clf, frame, ["noise"], grid_resolution=5)
    assert curve["average"].shape == (1, 5)
    bars = partial_dependence(clf, frame, ["colour"], categorical_features=["colour"])
    assert bars["average"].shape == (1, 3)


def test_predictions_depend_on_what_was_fitted_alone():
    reg = regressor().fit(X, t)
    before = reg.predict(X)
    reg.set_params(hidden_layer_sizes=3, activation="tanh", periodic_features=False)
    assert_array_equal(reg.predict(X), before)


# what it learns


def test_the_xor_of_two_categories():
    rng = np.random.RandomState(0)
    one, other = rng.choice(["a", "b"], 300), rng.choice(["u", "v", "w"], 300)
    labels = (one == "a") != (other == "u")
    table = np.c_[one, other].astype(object)
    clf = classifier(max_iter=30, hidden_layer_sizes=32).fit(table, labels)
    encoded = OneHotEncoder().fit_transform(table)
    assert LogisticRegression().fit(encoded, labels).score(encoded, labels) < 0.8
    assert clf.oof_score_ == clf.score(table, labels) == 1.0


def test_a_wave_and_categories():
    rng = np.random.RandomState(0)
    x, colour = rng.uniform(-3, 3, 400), rng.choice(["red", "green", "blue"], 400)
    wave = np.sin(3 * x) + (colour == "red")
    table = pd.DataFrame({"x": x, "colour": colour})
    reg = regressor(max_iter=60, hidden_layer_sizes=(32, 32)).fit(table, wave)
    encoded = np.c_[x, pd.get_dummies(colour)]
    assert Ridge().fit(encoded, wave).score(encoded, wave) < 0.5
    assert reg.oof_score_ > 0.9
