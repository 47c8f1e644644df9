"""SmoothClipScaler: against RobustScaler, NumPy's quantiles and extreme numbers."""

import pickle
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, RobustScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from skneuron.preprocessing import SmoothClipScaler

rng = np.random.RandomState(0)
X = rng.standard_t(2, size=(201, 4)) * [1, 10, 1e-3, 1e6] + [0, 5, 1, -1e6]
WHOLE = X.copy()  # without NaN
X[rng.uniform(size=X.shape) < 0.1] = np.nan


def clipped(z, limit=3.0):
    return z / np.sqrt(1 + (z / limit) ** 2)


@parametrize_with_checks([SmoothClipScaler()])
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("limit", [0.5, 3.0, 100])
def test_robust_scaler_and_the_formula(limit):
    """All kinds of quartiles are the same for 201 numbers."""
    scaler, robust = SmoothClipScaler(limit=limit).fit(WHOLE), RobustScaler().fit(WHOLE)
    assert_allclose(scaler.center_, robust.center_)
    assert_allclose(scaler.scale_, robust.scale_)
    assert_allclose(scaler.transform(X), clipped(robust.transform(X), limit))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept(dtype):
    out = SmoothClipScaler().fit_transform(WHOLE.astype(dtype))
    assert out.dtype == dtype
    expected = clipped(RobustScaler().fit_transform(WHOLE))
    assert_allclose(out, expected, rtol=1e-3, atol=1e-4)
    assert SmoothClipScaler().fit_transform([[1], [2]]).dtype == np.float64


# sample weights


def assert_quartiles(scaler, values):
    """Hold a scaler of one column to the quartiles of NumPy."""
    low, median, high = np.quantile(
        values, [0.25, 0.5, 0.75], method="averaged_inverted_cdf"
    )
    expected = high - low if high > low else np.ptp(values) / 2
    assert_allclose(scaler.center_, [median], rtol=1e-12, atol=1e-12)
    assert_allclose(scaler.scale_, [expected or np.inf], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("n", range(1, 14))
def test_quartiles_of_numpy(n):
    values = rng.normal(size=n)
    assert_quartiles(SmoothClipScaler().fit(values.reshape(-1, 1)), values)


repeated = st.lists(
    st.tuples(st.integers(-5, 5), st.integers(0, 4)), min_size=1, max_size=30
)


@given(repeated, st.sampled_from([1, 0.1, 1 / 3, 1e-200, 1e307]))
def test_weights_are_repetitions(rows, factor):
    values, weights = np.array([*rows, (0.5, 1)]).T
    column = values.reshape(-1, 1)
    scaler = SmoothClipScaler().fit(column, sample_weight=factor * weights)
    assert_quartiles(scaler, values.repeat(weights.astype(int)))


def test_cumulative_weights_that_differ_by_rounding():
    for n in range(4, 400, 4):
        column = np.arange(float(n)).reshape(-1, 1)
        scaler = SmoothClipScaler().fit(column, sample_weight=np.full(n, 0.1))
        assert_quartiles(scaler, column.ravel())


def test_weights_of_columns_with_nan():
    weights = rng.randint(0, 4, len(X))
    one = SmoothClipScaler().fit(X, sample_weight=weights)
    other = SmoothClipScaler().fit(X.repeat(weights, axis=0))
    assert_array_equal(one.transform(X), other.transform(X))


def test_weights_of_zero_are_absent():
    column = np.array([[1.0, 5, 5], [2, 5, np.nan], [3, 5, np.nan], [1e9, 8, 5]])
    weights = [1, 1, 1, 0]
    scaler = SmoothClipScaler().fit(column, sample_weight=weights)
    assert_array_equal(scaler.center_, [2, 5, 5])
    assert_array_equal(scaler.scale_, [2, np.inf, np.inf])
    scaler.fit(column, sample_weight=[0, 1, 1, 0])
    assert_array_equal(scaler.center_, [2.5, 5, 0])
    out = scaler.fit_transform(column, sample_weight=weights)
    assert_allclose(out[-1], [3, 0, 0], rtol=1e-6)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, -1, 1], "Negative values"),
        ([0, 0, 0], "at least one non-zero"),
        ([1, 1], r"sample_weight.shape == \(2,\), expected \(3,\)"),
        ([1, np.nan, 1], "sample_weight contains NaN"),
    ],
)
def test_wrong_weights(weights, message):
    with pytest.raises(ValueError, match=message):
        SmoothClipScaler().fit([[1.0], [2.0], [3.0]], sample_weight=weights)


@pytest.mark.parametrize("requested", [False, True])
def test_weights_in_a_pipeline(requested):
    weights, y = rng.uniform(size=len(WHOLE)), WHOLE[:, 0]
    with config_context(enable_metadata_routing=True):
        pipe = make_pipeline(
            SmoothClipScaler().set_fit_request(sample_weight=requested),
            Ridge().set_fit_request(sample_weight=True),
        ).fit(WHOLE, y, sample_weight=weights)
    alone = SmoothClipScaler().fit(WHOLE, sample_weight=weights if requested else None)
    assert_array_equal(pipe[0].center_, alone.center_)


# special columns


def test_equal_quartiles_give_way_to_the_range():
    column = np.array([[7.0]] * 9 + [[3.0]] * 2 + [[8.0]])
    expected = clipped(2 * (MinMaxScaler().fit_transform(column) - 0.8))
    assert_allclose(SmoothClipScaler().fit_transform(column), expected)


def test_constant_columns_become_zero():
    scaler = SmoothClipScaler().fit([[2.0, 0.1], [2.0, 0.1], [np.nan, 0.1]])
    out = scaler.transform([[2.0, 5.0], [-9.0, 0.1], [np.nan, 1.0]])
    assert_array_equal(out, [[0, 0], [0, 0], [np.nan, 0]])


def test_columns_of_nan_stay():
    scaler = SmoothClipScaler().fit([[np.nan], [np.nan]])
    assert_array_equal(scaler.transform([[np.nan], [3.0]]), [[np.nan], [0]])
    assert scaler.center_.tolist() == [0]


def test_nan_changes_no_other_number():
    whole = X[~np.isnan(X[:, :1]).ravel()][:, :1]
    expected = SmoothClipScaler().fit_transform(whole)
    out = SmoothClipScaler().fit_transform(X[:, :1])
    assert_array_equal(out[~np.isnan(out)], expected.ravel())


@given(
    arrays(
        st.sampled_from([np.float32, np.float64]),
        st.tuples(st.integers(1, 30), st.integers(1, 3)),
        elements=st.floats(allow_infinity=False, width=32),
    )
)
def test_all_numbers_are_limited_and_keep_their_order(X):
    out = SmoothClipScaler().fit_transform(X)
    assert_array_equal(np.isnan(out), np.isnan(X))
    assert (np.abs(out[~np.isnan(out)]) <= 3).all()
    for before, after in zip(X.T, out.T, strict=True):
        ordered = after[np.argsort(before)]
        assert (np.diff(ordered[~np.isnan(ordered)]) >= 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("factor", [1.0, 1e-30])
def test_the_largest_numbers(dtype, factor):
    largest = np.finfo(dtype).max * dtype(factor)
    column = np.array([[-1], [-0.5], [0], [0.5], [1]], dtype=dtype) * largest
    out = SmoothClipScaler().fit_transform(column)
    assert_allclose(out.ravel(), clipped(np.array([-1, -0.5, 0, 0.5, 1])), rtol=1e-6)
    one = SmoothClipScaler().fit([[0.0], [1.0], [2.0]])
    assert_allclose(one.transform([[1e300], [-1e308]]), [[3], [-3]])


def test_opposite_extremes_of_a_constant_column():
    scaler = SmoothClipScaler().fit([[-1.7e308], [-1.7e308]])
    assert scaler.transform([[1.7e308]]).tolist() == [[0]]


def test_the_smallest_numbers():
    column = np.arange(5.0).reshape(-1, 1) * 1e-310
    expected = clipped(RobustScaler().fit_transform(np.arange(5.0).reshape(-1, 1)))
    assert_allclose(SmoothClipScaler().fit_transform(column), expected, rtol=1e-6)


def test_a_shift_and_a_factor_of_the_column_do_not_matter():
    one = SmoothClipScaler().fit_transform(X)
    other = SmoothClipScaler().fit_transform(4 * X + 64)
    assert_allclose(one, other, atol=1e-9)


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_infinity_is_an_error(bad):
    with pytest.raises(ValueError, match="infinity"):
        SmoothClipScaler().fit([[1.0], [bad]])
    with pytest.raises(ValueError, match="infinity"):
        SmoothClipScaler().fit([[1.0], [2.0]]).transform([[bad]])


@pytest.mark.parametrize("limit", [1e-300, 1e300])
def test_extreme_limits(limit):
    huge = np.array([[-1e308], [0.0], [1e-310], [1.0], [1e308]])
    found = SmoothClipScaler(limit=limit).fit(np.array([[0.0], [1.0]])).transform(huge)
    assert (np.abs(found) <= limit * (1 + 1e-12)).all()
    assert (np.diff(found.ravel()) >= 0).all()


@pytest.mark.parametrize("limit", [0, -1.0, "3"])
def test_the_limit_is_checked(limit):
    with pytest.raises(ValueError, match="'limit' parameter of SmoothClipScaler must"):
        SmoothClipScaler(limit=limit).fit(X)


def test_feature_names():
    frame = pd.DataFrame(X, columns=list("abcd"))
    scaler = SmoothClipScaler().fit(frame)
    assert scaler.feature_names_in_.tolist() == list("abcd")
    assert scaler.get_feature_names_out().tolist() == list("abcd")
    out = clone(scaler).set_output(transform="pandas").fit_transform(frame)
    assert_array_equal(out["c"], scaler.transform(frame)[:, 2])


def test_pickles_predict_the_same():
    scaler = SmoothClipScaler().fit(X)
    twin = pickle.loads(pickle.dumps(scaler))
    assert_array_equal(twin.transform(X), scaler.transform(X))


def test_memory_of_a_large_array():
    large = rng.standard_normal((50_000, 40)).astype(np.float32)
    scaler = SmoothClipScaler()
    tracemalloc.start()
    scaler.fit(large)
    assert tracemalloc.get_traced_memory()[1] < 0.5 * large.nbytes
    tracemalloc.reset_peak()
    scaler.transform(large)
    assert tracemalloc.get_traced_memory()[1] < 1.5 * large.nbytes
    tracemalloc.stop()
