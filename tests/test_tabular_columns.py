"""TableEncoder: columns of every kind, against scikit-learn's and pandas' encoders."""

import datetime as dt
import pickle
import tracemalloc
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.estimator_checks import parametrize_with_checks

from skneuron.preprocessing import SmoothClipScaler
from skneuron.tabular import TabularRegressor
from skneuron.tabular._columns import TableEncoder

NAN = float("nan")
NUMBERS = [3, 1, None, 4, 1, 5, 9, None, 2, 6]
TEXT = ["b", "a", None, "c", "a", "a", "b", None, "c", "a"]
BOOLEANS = [True, False, None, True, True, False, True, None, True, True]
DATES = [dt.datetime(2020, 1, day) for day in range(1, 11)]


def encode(X, **params):
    return TableEncoder(**params).fit_transform(X)


def scaled(X):
    """Return numbers after scikit-learn's rules: the median is 0."""
    return np.nan_to_num(SmoothClipScaler().fit_transform(np.asarray(X, float)))


def one_hot(*columns):
    """Return the indicators of all levels but the missing one."""
    return np.hstack([pd.get_dummies(pd.Series(c)).to_numpy(float) for c in columns])


def signs(column, one):
    """Return -1 and 1 for two levels, 0 where they are missing."""
    return np.array([[0 if v is None else 1 if v == one else -1] for v in column])


EXPECTED = {
    "numbers": scaled([[NAN if v is None else v] for v in NUMBERS]),
    "text": scaled(one_hot(TEXT)),
    "booleans": scaled(signs(BOOLEANS, True)),
}


@parametrize_with_checks([TableEncoder(), TableEncoder(categorical_features=None)])
def test_estimator_checks(estimator, check):
    check(estimator)


# every type of a column


def pandas_column(values, dtype):
    return pd.DataFrame({"x": pd.Series(values, dtype=dtype)})


def polars_column(values, dtype):
    return pl.DataFrame({"x": pl.Series(values, dtype=dtype, strict=False)})


NUMERIC = [
    *("float16", "float32", "float64", "Int8", "Int64", "UInt16", "Float32", "Float64"),
    *("int16[pyarrow]", "double[pyarrow]", pd.ArrowDtype(pa.decimal128(6, 2)), object),
]
POLARS_NUMERIC = [pl.Int8, pl.UInt8, pl.Int64, pl.Float32, pl.Float64, pl.Decimal(9, 2)]
CATEGORICAL = [
    *("category", "str", "string", "string[python]", "string[pyarrow]", object),
    *(pd.ArrowDtype(pa.string()), pd.ArrowDtype(pa.large_string())),
    pd.ArrowDtype(pa.dictionary(pa.int8(), pa.string())),
    pd.CategoricalDtype(["z", "c", "b", "a"], ordered=True),
]
POLARS_CATEGORICAL = [pl.String, pl.Categorical, pl.Enum(["c", "z", "a", "b"])]


@pytest.mark.parametrize("dtype", NUMERIC, ids=str)
def test_numbers_of_pandas(dtype):
    assert_allclose(encode(pandas_column(NUMBERS, dtype)), EXPECTED["numbers"], 1e-6)


@pytest.mark.parametrize("dtype", POLARS_NUMERIC, ids=str)
def test_numbers_of_polars(dtype):
    assert_allclose(encode(polars_column(NUMBERS, dtype)), EXPECTED["numbers"], 1e-6)


@pytest.mark.parametrize("dtype", CATEGORICAL, ids=str)
def test_categories_of_pandas(dtype):
    assert_allclose(encode(pandas_column(TEXT, dtype)), EXPECTED["text"], 1e-6)


@pytest.mark.parametrize("dtype", POLARS_CATEGORICAL, ids=str)
def test_categories_of_polars(dtype):
    assert_allclose(encode(polars_column(TEXT, dtype)), EXPECTED["text"], 1e-6)


@pytest.mark.parametrize("dtype", ["boolean", "bool[pyarrow]", "category", object])
def test_booleans_of_pandas(dtype):
    frame = pandas_column(BOOLEANS, dtype)
    assert TableEncoder().fit(frame).is_categorical_.all()
    assert_allclose(encode(frame), EXPECTED["booleans"], 1e-6)


def test_booleans_of_polars():
    frame = polars_column(BOOLEANS, pl.Boolean)
    assert_allclose(encode(frame), EXPECTED["booleans"], 1e-6)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int32, np.float16, np.longdouble])
def test_arrays_of_numpy(dtype):
    X = np.array([[3, 1], [0, 0], [7, 1], [1, 0], [2, 1]]).astype(dtype)
    assert_allclose(encode(X), scaled(X), 1e-6)


@pytest.mark.parametrize(
    "missing", [None, NAN, np.nan, pd.NA, pd.NaT, np.float32("nan")]
)
@pytest.mark.parametrize("name", ["numbers", "text", "booleans"])
def test_missing_values_in_objects(name, missing):
    values = {"numbers": NUMBERS, "text": TEXT, "booleans": BOOLEANS}[name]
    X = np.array([[missing if v is None else v] for v in values], dtype=object)
    assert_allclose(encode(X), EXPECTED[name], 1e-6)


@pytest.mark.parametrize("make", [Decimal, Fraction, np.int8, np.float32, int])
def test_objects_that_are_numbers(make):
    X = np.array([[None if v is None else make(v)] for v in NUMBERS], dtype=object)
    assert_allclose(encode(X), EXPECTED["numbers"], 1e-6)


def test_sparse_columns_of_pandas():
    values = pd.arrays.SparseArray([0.0, 0, 5, 0, 2, NAN])
    out = encode(pd.DataFrame({"x": values}))
    assert_allclose(out, scaled(np.asarray(values).reshape(-1, 1)), 1e-6)


def test_intervals_are_categories():
    ages = pd.cut(pd.Series([1, 5, 30, 32, 70]), [0, 10, 40, 99])
    encoder = TableEncoder().fit(pd.DataFrame({"age": ages}))
    names = ["age_(0, 10]", "age_(10, 40]", "age_(40, 99]"]
    assert encoder.get_feature_names_out().tolist() == names


def test_numbers_among_strings_are_levels():
    X = np.array([["a"], [1], ["1"], [1.0], [2.5]], dtype=object)
    encoder = TableEncoder().fit(X)
    assert encoder.categories_[0].tolist() == ["1", "2.5", "a"]
    levels = ["a", "1", "1", "1", "2.5"]
    assert_allclose(encoder.transform(X), scaled(one_hot(levels)), 1e-6)


# tables


def table(rng=None, n=200):
    """Return columns by name: numbers, two levels, several levels."""
    rng = rng or np.random.RandomState(0)
    columns = {
        "size": np.where(rng.uniform(size=n) < 0.1, None, rng.normal(size=n)),
        "colour": rng.choice(["red", "green", "blue", None], n),
        "count": rng.randint(0, 9, n),
        "smoker": rng.choice(["no", "yes"], n),
    }
    return {name: column.tolist() for name, column in columns.items()}


def expected_table(columns):
    size = [NAN if v is None else v for v in columns["size"]]
    numbers = np.column_stack([size, columns["count"]])
    levels = np.hstack([one_hot(columns["colour"]), signs(columns["smoker"], "yes")])
    return scaled(np.hstack([numbers, levels]))


TABLES = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
    "record batch": pa.RecordBatch.from_pydict,
    "objects": lambda columns: np.array([*columns.values()], dtype=object).T,
    "lists": lambda columns: [list(row) for row in zip(*columns.values(), strict=True)],
}


@pytest.mark.parametrize("kind", TABLES)
def test_the_same_numbers_from_every_kind_of_table(kind):
    columns = table()
    out = encode(TABLES[kind](columns))
    assert out.dtype == np.float32
    assert out.flags.c_contiguous
    assert_allclose(out, expected_table(columns), atol=1e-6)
    assert_array_equal(out, encode(pd.DataFrame(columns)))


@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
def test_another_library_at_predict_time(kind):
    columns, new = table(), table(np.random.RandomState(1))
    encoder = TableEncoder().fit(pd.DataFrame(columns))
    out = encoder.transform(TABLES[kind](new))
    assert_array_equal(out, encoder.transform(pd.DataFrame(new)))


@pytest.mark.parametrize("rows", [["b", None, "a", "b"], [2, 7, None, 2]])
def test_pyarrow_categories(rows):
    array = pa.array(rows).dictionary_encode()
    parts = pa.chunked_array([array, array[:2].dictionary_decode().dictionary_encode()])
    expected = encode(pd.DataFrame({"a": pd.Categorical(rows + rows[:2])}))
    assert_array_equal(encode(pa.table({"a": parts})), expected)
    series = pd.Series(parts, dtype=pd.ArrowDtype(parts.type))
    assert_array_equal(encode(pd.DataFrame({"a": series})), expected)


def test_names():
    encoder = TableEncoder().fit(pd.DataFrame(table()))
    levels = ["colour_blue", "colour_green", "colour_red", "smoker_yes"]
    assert encoder.get_feature_names_out().tolist() == ["size", "count", *levels]
    assert encoder.feature_names_in_.tolist() == ["size", "colour", "count", "smoker"]
    assert encoder.is_categorical_.tolist() == [False, True, False, True]
    assert encoder.n_numbers_ == 2
    encoder.fit(TABLES["objects"](table()))
    assert not hasattr(encoder, "feature_names_in_")
    assert encoder.get_feature_names_out()[0] == "x0"


def test_a_row_is_encoded_as_in_the_table():
    frame = pd.DataFrame(table())
    encoder = TableEncoder().fit(frame)
    rows = [encoder.transform(frame[k : k + 1]) for k in range(20)]
    assert_array_equal(np.vstack(rows), encoder.transform(frame)[:20])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_of_floats_are_scaled_in_blocks(order, dtype):
    X = np.random.RandomState(0).standard_cauchy((3000, 30))
    X[:, 7] = 1  # left out
    X[5, 3] = NAN
    X = X.astype(dtype, order=order)
    assert_allclose(encode(X), scaled(np.delete(X, 7, axis=1)), rtol=1e-5, atol=1e-6)


# levels


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d", "ä", "", None]), min_size=1),
    st.lists(st.sampled_from(["a", "b", "x", None])),
)
def test_random_levels(values, new):
    values = [*values, "a", "b", "c"]
    X = np.array(values, dtype=object).reshape(-1, 1)
    levels = sorted({v for v in values if v is not None})
    reference = OneHotEncoder(
        categories=[levels], handle_unknown="ignore", sparse_output=False
    ).fit(X)
    scaler = SmoothClipScaler().fit(reference.transform(X))
    new = np.array([*values, *new], dtype=object).reshape(-1, 1)
    expected = scaler.transform(reference.transform(new))
    out = TableEncoder().fit(X).transform(new)
    assert_allclose(out, expected, atol=1e-6)


@given(st.lists(st.sampled_from(["no", "yes", None]), max_size=20))
def test_two_levels(values):
    values = [*values, "no", "yes"]
    X = np.array(values, dtype=object).reshape(-1, 1)
    scaler = SmoothClipScaler().fit(signs(values, "yes"))
    new = np.array([["yes"], ["no"], [None], ["perhaps"]], dtype=object)
    expected = scaler.transform([[1.0], [-1.0], [0.0], [0.0]])
    assert_allclose(TableEncoder().fit(X).transform(new), expected, atol=1e-6)


def test_one_level_and_missing_ones_make_an_indicator():
    X = np.array([["x"], [None], ["x"], [None], [None]], dtype=object)
    assert_allclose(encode(X), scaled([[1], [0], [1], [0], [0]]), 1e-6)


def test_unused_levels_have_no_column():
    frame = pandas_column(["a", "b", "c", "a"], "category")
    encoder = TableEncoder().fit(frame[:2])
    assert encoder.categories_[0].tolist() == ["a", "b"]
    assert_allclose(encoder.transform(frame).ravel()[[2]], [0])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (pd.Series([True, False, True]), pd.Series([1, 0, 1])),
        (pd.Series([True, False, True]), pd.Series([1.0, 0.0, NAN])),
        (pd.Series([1, 2, 3], dtype="category"), pd.Series([1, 2, 3])),
        (pd.Series([1, 2, 3], dtype="category"), pd.Series(["1", "2", "3"])),
        (pd.Series([1.0, 2, 3], dtype="category"), pd.Series([1, 2, 3], dtype="Int8")),
        (pd.Series(["1", "2", "3"]), pd.Series([1.0, 2.0, NAN])),
        (
            pd.Series([0.1, 0.2], dtype="category"),
            pd.Series([0.1, 0.2], dtype="float32"),
        ),
    ],
    ids=str,
)
def test_levels_are_recognized_in_another_dtype(before, after):
    encoder = TableEncoder().fit(before.to_frame("x"))
    known = after.notna().to_numpy()
    one, other = (encoder.transform(s.to_frame("x"))[known] for s in (before, after))
    assert_array_equal(one, other)


def many(n_levels):
    """Return a column with 254 frequent levels; the others occur once."""
    frequent = [f"f{k}" for k in range(254)]
    rare = [f"r{k}" for k in range(n_levels - 254)]
    return np.array(frequent * 20 + rare, dtype=object).reshape(-1, 1)


def test_rare_levels_share_a_column():
    X = many(300)
    encoder = TableEncoder().fit(X)
    out = encoder.transform(X)
    assert out.shape == (len(X), 255)
    reference = OneHotEncoder(max_categories=255, handle_unknown="infrequent_if_exist")
    expected = scaled(reference.fit_transform(X).toarray())
    assert_allclose(out, expected, atol=1e-6)
    assert encoder.get_feature_names_out()[-1] == "x0_infrequent"
    rare, unknown, missing = encoder.transform([["r0"], ["new"], [None]])
    assert_array_equal(rare, unknown)
    assert missing[-1] == 0 < rare[-1]


def test_255_levels_keep_their_columns():
    X = many(255)
    assert encode(X).shape == (len(X), 255)
    assert not TableEncoder().fit(X).groups_rare_[0]


def test_identifiers_are_left_out_with_advice():
    n = 600
    frame = pd.DataFrame({"id": [f"k{k}" for k in range(n)], "x": range(n)})
    message = "'id' is left out: it has 600 levels in 600 samples.* TargetEncoder"
    with pytest.warns(UserWarning, match=message) as caught:
        encoder = TableEncoder().fit(frame)
    assert caught[0].filename == __file__
    assert encoder.get_feature_names_out().tolist() == ["x"]
    frame["id"] = pd.Timestamp(0)  # ignored
    assert encoder.transform(frame).shape == (n, 1)


def test_mostly_rare_levels_are_reported():
    X = np.repeat([f"k{k}" for k in range(800)], 3).astype(object).reshape(-1, 1)
    message = "Column 0 has 800 levels.* stands for 68% of the samples.* TargetEncoder"
    with pytest.warns(UserWarning, match=message):
        assert encode(X).shape == (2400, 255)


# sample weights


def weighted_table():
    """Return a table by columns and integer weights, some of which are 0."""
    columns = table(n=60)
    columns["grade"] = ["only here", *["A", "B", None, "C"] * 14, "A", "A", "A"]
    columns["size"][0] = 1e9
    return columns, np.array([0, 1, 3, *np.random.RandomState(3).randint(0, 4, 57)])


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("factor", [1, 0.1, 1e-9])
def test_weights_are_repetitions(kind, factor):
    columns, weights = weighted_table()
    X = TABLES[kind](columns)
    encoder = TableEncoder().fit(X, sample_weight=factor * weights)
    rows = np.arange(60).repeat(weights)
    repeated = {name: [values[k] for k in rows] for name, values in columns.items()}
    twin = TableEncoder().fit(TABLES[kind](repeated))
    assert_array_equal(encoder.transform(X), twin.transform(X))
    names = encoder.get_feature_names_out()
    assert_array_equal(names, twin.get_feature_names_out())
    assert not any("only here" in name for name in names)


def test_weights_in_fit_transform():
    columns, weights = weighted_table()
    frame = pd.DataFrame(columns)
    expected = TableEncoder().fit(frame, sample_weight=weights).transform(frame)
    assert_array_equal(
        TableEncoder().fit_transform(frame, sample_weight=weights), expected
    )


levels = st.sampled_from(["a", "b", "c", None])


@given(
    st.lists(st.tuples(levels, st.integers(0, 4)), max_size=20),
    st.sampled_from([1, 0.1, 1 / 3]),
)
def test_weights_of_levels(rows, factor):
    values, weights = zip(*rows, ("a", 1), ("b", 1), strict=True)
    X = np.array(values, dtype=object).reshape(-1, 1)
    encoder = TableEncoder().fit(X, sample_weight=factor * np.array(weights))
    twin = TableEncoder().fit(X.repeat(weights, axis=0))
    assert_array_equal(encoder.transform(X), twin.transform(X))


def test_samples_of_weight_zero_do_not_decide_what_a_column_is():
    frame = pd.DataFrame(
        {
            "x": [1.0, 2, 4, 3],
            "constant": [1, 1, 1, 2],
            "one level": ["a", "a", "a", "b"],
            "number": pd.Series([1, 2, 7, "text"], dtype=object),
            "not a date": pd.Series([3, 1, 2, DATES[0]], dtype=object),
        }
    )
    encoder = TableEncoder().fit(frame, sample_weight=[1, 1, 1, 0])
    assert encoder.get_feature_names_out().tolist() == ["x", "number", "not a date"]
    assert encoder.n_numbers_ == 3


def test_values_of_weight_zero_are_missing():
    frame = pd.DataFrame({"x": [1, 2, 3], "none": [NAN, NAN, 7]})
    with pytest.warns(UserWarning, match="'none' is left out: all of its values are"):
        encoder = TableEncoder().fit(frame, sample_weight=[1, 2, 0])
    assert encoder.get_feature_names_out().tolist() == ["x"]


def test_weights_and_many_levels():
    X = many(300)
    weights = np.ones(len(X))
    weights[-46:-1] = 0  # leaves the 254 frequent levels and a rare one
    encoder = TableEncoder().fit(X, sample_weight=weights)
    assert len(encoder.categories_[0]) == 255
    assert not encoder.groups_rare_[0]
    weights[-46:] = 40  # makes the rare levels frequent
    encoder.fit(X, sample_weight=0.1 * weights)
    assert set(X[-46:, 0]) <= set(encoder.categories_[0])
    with pytest.warns(UserWarning, match="300 levels in 300 samples, like an identif"):
        TableEncoder().fit(
            pd.DataFrame({"x": range(300), "id": [f"k{k}" for k in range(300)]}),
            sample_weight=np.full(300, 40),
        )


@pytest.mark.parametrize("weights", [[1, -1], [0, 0], [1, 1, 1], [1, NAN]], ids=str)
def test_wrong_weights(weights):
    with pytest.raises(ValueError, match=r"[wW]eight"):
        TableEncoder().fit(pd.DataFrame({"x": [1, 2]}), sample_weight=weights)


# columns left out


TIMES = {
    "datetime": pd.Series(DATES),
    "with a zone": pd.Series(DATES).dt.tz_localize("UTC"),
    "duration": pd.Series(DATES) - DATES[0],
    "period": pd.Series(DATES).dt.to_period("D"),
    "objects": pd.Series([d.date() for d in DATES], dtype=object),
    "times": pd.Series([d.time() for d in DATES], dtype=object),
    "pyarrow": pd.Series(DATES, dtype=pd.ArrowDtype(pa.timestamp("us"))),
    "pyarrow date": pd.Series(DATES).astype(pd.ArrowDtype(pa.date32())),
    "pyarrow duration": pd.Series([dt.timedelta(1)] * 10, dtype="duration[s][pyarrow]"),
    "polars": pl.Series(DATES),
    "polars date": pl.Series([d.date() for d in DATES]),
    "polars time": pl.Series([d.time() for d in DATES]),
    "polars duration": pl.Series([dt.timedelta(1)] * 10),
}


@pytest.mark.parametrize("name", TIMES)
def test_times_are_left_out_with_advice(name):
    frame_of = pd.DataFrame if isinstance(TIMES[name], pd.Series) else pl.DataFrame
    frame = frame_of({"when": TIMES[name], "x": NUMBERS, "then": TIMES[name]})
    message = "left out: Column 'when', Column 'then'.*weekday"
    with pytest.warns(UserWarning, match=message):
        out = encode(frame)
    assert_allclose(out, EXPECTED["numbers"], 1e-6)


@pytest.mark.parametrize(
    "values", [[None, None], [NAN, NAN], [pd.NaT, pd.NaT]], ids=str
)
@pytest.mark.parametrize("dtype", [None, object, "string", "category", "Int64"])
def test_columns_without_values_are_left_out(values, dtype):
    if dtype == "Int64":
        values = [None, None]
    frame = pd.DataFrame({"x": [1, 2], "none": pd.Series(values, dtype=dtype)})
    with pytest.warns(UserWarning, match="'none' is left out: all of its values are"):
        encoder = TableEncoder().fit(frame)
    frame["none"] = ["now", "there"]
    assert encoder.transform(frame).shape == (2, 1)


@pytest.mark.parametrize("constant", [1, 0.1, "a", True, [2, NAN, 2]], ids=str)
def test_constant_columns_are_left_out_silently(constant):
    frame = pd.DataFrame({"x": [1, 2, 4], "k": constant})
    assert TableEncoder().fit(frame).get_feature_names_out().tolist() == ["x"]


def test_constant_columns_stay_if_there_are_no_others():
    frame = pd.DataFrame({"k": [1.5, 1.5], "s": ["a", "a"]})
    encoder = TableEncoder().fit(frame)
    assert encoder.get_feature_names_out().tolist() == ["k", "s_a"]
    assert_array_equal(encoder.transform(frame), np.zeros((2, 2)))
    assert_array_equal(encode([[3.0, 4.0]]), [[0, 0]])


@pytest.mark.filterwarnings("ignore:Dates")
def test_nothing_left_is_an_error():
    with pytest.raises(ValueError, match="no column to learn from"):
        encode(pd.DataFrame({"when": DATES}))


# categorical_features


@pytest.mark.parametrize(
    "chosen", [["b"], [1], np.array([1]), [False, True], (1,), pd.Index(["b"])], ids=str
)
def test_chosen_columns(chosen):
    frame = pd.DataFrame({"a": [1.0, 2, 4, 3], "b": [2.0, 2, 7, NAN]})
    encoder = TableEncoder(categorical_features=chosen).fit(frame)
    assert encoder.is_categorical_.tolist() == [False, True]
    assert encoder.get_feature_names_out().tolist() == ["a", "b_7"]
    expected = scaled(np.column_stack([frame["a"], [-1, -1, 1, 0]]))
    assert_allclose(encoder.transform(frame), expected, atol=1e-6)


@pytest.mark.parametrize("none", [None, []])
def test_no_categories(none):
    frame = pd.DataFrame({"b": BOOLEANS, "c": pd.Categorical([1, 2, 5, 3, 2] * 2)})
    encoder = TableEncoder(categorical_features=none).fit(frame)
    assert encoder.n_numbers_ == 2
    numbers = [[NAN if b is None else b, c] for b, c in frame.to_numpy().tolist()]
    assert_allclose(encoder.transform(frame), scaled(numbers), atol=1e-6)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ("b", "must be 'from_dtype', None, or a list"),
        (["c"], r"has \['c'\], which are not columns of X; the columns are \['a', 'b'"),
        ([2], r"has \[2\], but indices of columns must be from 0 to 1"),
        ([-1], r"has \[-1\], but indices"),
        ([True], "is a mask of 1 columns, but X has 2"),
        ([0.5], "must be 'from_dtype'"),
        ([[True, False]], "2 dimensions"),
        ([["a"], ["a", "b"]], "sequences of unequal length"),
    ],
)
def test_wrong_choices(chosen, message):
    frame = pd.DataFrame({"a": [1, 2], "b": [2, 1]})
    with pytest.raises(ValueError, match=message):
        encode(frame, categorical_features=chosen)


def test_names_need_a_data_frame():
    with pytest.raises(ValueError, match="X has no names that are strings"):
        encode([[1, 2]], categorical_features=["a"])


# errors


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_infinity_names_its_column(make):
    good, bad = (
        make({"a": [1, 2], "b": [0.5, 1.5]}),
        make({"a": [1, 2], "b": [1.5, np.inf]}),
    )
    for call in (TableEncoder().fit, TableEncoder().fit(good).transform):
        with pytest.raises(ValueError, match=r"infinity: Column 'b' has.* by NaN"):
            call(bad)


def test_infinity_in_an_array_names_its_column():
    good, bad = (
        np.array([[1, 0, 2.0], [2, 0, 3]]),
        np.array([[1, 0, 2.0], [2, 0, -np.inf]]),
    )
    for call in (TableEncoder().fit, TableEncoder().fit(good).transform):
        with pytest.raises(ValueError, match="infinity: Column 2 has"):
            call(bad)
    with pytest.raises(ValueError, match="infinity"):
        encode(np.array([[10**400], [1]], dtype=object))


def test_strings_where_numbers_were():
    encoder = TableEncoder().fit(pd.DataFrame({"age": [31, 40]}))
    with pytest.raises(ValueError, match="'age' is numeric but contains '40 years'"):
        encoder.transform(pd.DataFrame({"age": ["40 years"]}))
    with pytest.raises(
        ValueError, match=r"'age' holds dates.*in the data passed to fit"
    ):
        encoder.transform(pd.DataFrame({"age": DATES[:1]}))
    with pytest.raises(ValueError, match="'age' is numeric but contains '31'"):
        encode(pd.DataFrame({"age": ["31", "40"]}), categorical_features=None)


@pytest.mark.parametrize(
    "X",
    [
        pd.DataFrame({"x": [[1], [2]]}),
        pd.DataFrame({"x": [{"a": 1}, {}]}),
        pd.DataFrame(
            {"x": pd.Series([[1], [2]], dtype=pd.ArrowDtype(pa.list_(pa.int8())))}
        ),
        pl.DataFrame({"x": [[1], [2]]}),
        pl.DataFrame({"x": [{"a": 1}, {"a": 2}]}),
        pl.DataFrame({"x": pl.Series([[1], [2]], dtype=pl.Array(pl.Int8, 1))}),
        pa.table({"x": [{"a": 1}, {"a": 2}]}),
    ],
    ids=lambda X: f"{type(X).__module__}",
)
def test_nested_columns(X):
    with pytest.raises(
        TypeError, match=r"'x' contains .* must be a string or a number"
    ):
        encode(X)


@pytest.mark.parametrize("values", [np.array([1j, 2]), np.array([1j, 2], dtype=object)])
def test_complex_columns(values):
    with pytest.raises(ValueError, match="Complex data not supported"):
        encode(pd.DataFrame({"x": values}))


def test_sparse_data():
    with pytest.raises(TypeError, match=r"Sparse data .*NeuronClassifier.*toarray"):
        encode(sparse.csr_array(np.eye(3)))


def test_lazy_frames():
    with pytest.raises(TypeError, match=r"X\.collect\(\)"):
        encode(pl.LazyFrame({"x": [1, 2]}))


@pytest.mark.parametrize("X", [{"x": [1, 2, 3]}, "x", 1, None, iter([[1], [2], [3]])])
def test_what_is_no_table(X):
    message = (
        r"must be a data frame, an array or a list of rows, got (dict.*\.DataFrame)?"
    )
    with pytest.raises(TypeError, match=message):
        TabularRegressor().fit(X, [1.0, 2.0, 3.0])


def test_names_of_columns():
    frame = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "b"])
    encoder = TableEncoder().fit(frame)
    with pytest.raises(ValueError, match=r"several columns named \['a'\]"):
        encode(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(ValueError, match="must be in the same order"):
        encoder.transform(frame[["b", "a"]])
    with pytest.raises(ValueError, match="seen at fit time, yet now missing"):
        encoder.transform(frame[["a"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        encoder.transform(frame.to_numpy())
    with pytest.raises(ValueError, match="X has 3 features, but TableEncoder is expec"):
        TableEncoder().fit([[1, 2]]).transform([[1, 2, 3]])
    with pytest.raises(ValueError, match=r"0 sample\(s\) \(shape=\(0, 2\)\)"):
        encode(frame[:0])
    assert encode(pd.DataFrame({0: [1, 2], 1: ["a", "b"]})).shape == (2, 2)


class Owner(BaseEstimator):
    pass


def test_messages_name_the_estimator():
    owner, encoder = Owner(), TableEncoder()
    encoder.fit(pd.DataFrame({"a": [1, 2]}), estimator=owner)
    assert owner.n_features_in_ == encoder.n_features_in_ == 1
    assert (
        encoder.feature_names_in_.tolist() == owner.feature_names_in_.tolist() == ["a"]
    )
    with pytest.warns(UserWarning, match="but Owner was fitted with feature names"):
        encoder.transform([[1]], estimator=owner)
    encoder.fit([[1], [2]], estimator=owner)
    with pytest.raises(ValueError, match="but Owner is expecting 1 features"):
        encoder.transform([[1, 2]], estimator=owner)


# as an object


@pytest.mark.parametrize("copy", ["pickle", "skops"])
def test_saved_encoders(copy):
    frame = pd.DataFrame(table())
    encoder = TableEncoder().fit(frame)
    if copy == "pickle":
        twin = pickle.loads(pickle.dumps(encoder))
    else:
        io = pytest.importorskip("skops.io")
        trusted = ["skneuron.tabular._columns.TableEncoder"]
        twin = io.loads(io.dumps(encoder), trusted=trusted)
    assert_array_equal(twin.transform(frame), encoder.transform(frame))
    assert clone(encoder).get_params() == encoder.get_params()


def test_the_result_is_an_array_whatever_the_configuration():
    with config_context(transform_output="pandas"):
        assert type(encode(pd.DataFrame(table()))) is np.ndarray


def test_the_table_is_not_changed():
    frame = pd.DataFrame(table())
    before = frame.copy(deep=True)
    encode(frame)
    pd.testing.assert_frame_equal(frame, before)
    X = np.array([[1.0, NAN], [2, 3]])
    X.setflags(write=False)
    encode(X)


def test_memory():
    """A table costs little more than its encoding, never a copy in float64."""
    rng = np.random.RandomState(0)
    levels = pd.Categorical.from_codes(
        rng.randint(0, 200, 20_000), [*map(str, range(200))]
    )
    frame = pd.DataFrame(
        {"c": levels, **{f"x{k}": rng.rand(20_000) for k in range(20)}}
    )
    encoder = TableEncoder()
    tracemalloc.start()
    with warnings.catch_warnings():
        out = encoder.fit_transform(frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert out.shape == (20_000, 220)
    assert peak < 1.2 * out.nbytes
