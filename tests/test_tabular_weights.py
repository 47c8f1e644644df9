"""Sample weights of the tabular estimators equal repetitions of rows."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.utils.estimator_checks import (
    check_sample_weight_equivalence_on_dense_data,
)

from skneuron.tabular import TabularClassifier, TabularRegressor

pytestmark = pytest.mark.filterwarnings("ignore:Got `batch_size` less than 1")

N = 24
NAN = float("nan")


@pytest.mark.parametrize("cls", [TabularClassifier, TabularRegressor])
def test_scikit_learns_check(cls, engine):
    check_sample_weight_equivalence_on_dense_data(
        cls.__name__, cls(random_state=0, engine=engine)
    )


def table(rng):
    """Return a table whose first row, of weight 0, has an outlier and a new level."""
    frame = pd.DataFrame(
        {
            "number": rng.normal(size=N),
            "missing": np.where(rng.uniform(size=N) < 0.2, NAN, rng.randint(0, 4, N)),
            "level": rng.choice(["x", "y", "z", None], N),
            "sign": rng.choice(["u", "v"], N),
        }
    )
    frame.loc[0, ["number", "level"]] = 1e6, "only here"
    weights = rng.randint(0, 4, N)
    weights[0] = 0
    return frame, weights


def targets(rng):
    """Return targets by kind; those of the first row are outliers."""
    outlier = np.where(np.arange(N) == 0, 1e5, 0)
    numbers = rng.normal(size=N) + outlier
    return {
        "two classes": rng.choice(["no", "yes"], N),
        "three classes": rng.randint(0, 3, N),
        "numbers": numbers,
        "two targets": np.column_stack([numbers, rng.normal(size=N) - outlier]),
    }


def fitted(frame, y, folds, engine, sample_weight=None):
    """Return an estimator trained on given folds, with three numbers of fold."""
    cls = TabularRegressor if y.dtype == float else TabularClassifier
    cv = [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(3)]
    return cls(cv=cv, random_state=0, engine=engine).fit(frame, y, sample_weight)


@pytest.mark.parametrize("factor", [1, 0.1])
@pytest.mark.parametrize("kind", targets(np.random))
def test_weights_are_repetitions_in_another_order(kind, factor, engine):
    rng = np.random.RandomState(0)
    frame, weights = table(rng)
    y, folds = targets(rng)[kind], np.arange(N) % 3
    one = fitted(frame, y, folds, engine, factor * weights)
    rows = rng.permutation(np.arange(N).repeat(weights))
    other = fitted(frame.iloc[rows], y[rows], folds[rows], engine)
    assert_allclose(one.oof_score_, other.oof_score_, rtol=1e-9)
    if y.dtype == float:
        assert_allclose(one.predict(frame), other.predict(frame), rtol=1e-8)
    else:
        assert_allclose(one.temperature_, other.temperature_, rtol=1e-8)
        p, q = (model.predict_proba(frame) for model in (one, other))
        assert_allclose(p, q, rtol=1e-8)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.full(N, -1), "Negative values"),
        (np.zeros(N), "at least one non-zero"),
        (np.ones(N - 1), "sample_weight.shape == "),
        (np.full(N, NAN), "contains NaN"),
    ],
)
@pytest.mark.parametrize("cls", [TabularClassifier, TabularRegressor])
def test_wrong_weights(cls, weights, message):
    frame, _ = table(np.random.RandomState(0))
    with pytest.raises(ValueError, match=message):
        cls().fit(frame, np.arange(N) % 2, weights)


@pytest.mark.parametrize("exponent", [-1040, -150, 100, 1010])
@pytest.mark.parametrize("n_samples", [N, 130])  # in float64 and in float32
@pytest.mark.parametrize("cls", [TabularClassifier, TabularRegressor])
def test_the_unit_of_weights_does_not_matter(cls, n_samples, exponent):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(n_samples, 2)), rng.randint(0, 2, n_samples)
    weights = rng.randint(0, 4, n_samples)
    model = cls(max_iter=2, cv=2, random_state=0)
    expected = model.fit(X, y, weights).oof_predictions_
    found = model.fit(X, y, np.ldexp(weights * 1.0, exponent)).oof_predictions_
    np.testing.assert_array_equal(found, expected)


def test_weights_of_constant_targets():
    weights = np.random.RandomState(0).uniform(size=(30, N))  # some variances round < 0
    X = np.random.RandomState(1).normal(size=(N, 2))
    for w in weights:
        model = TabularRegressor(max_iter=1, cv=2, random_state=0)
        with np.errstate(all="raise"):
            assert_allclose(model.fit(X, np.full(N, 3.3), w).predict(X), 3.3)
