"""X and y of dates, strings and the like: the error says what they are."""

import datetime
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy import sparse
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.utils._param_validation import InvalidParameterError

from skneuron import NeuronClassifier, NeuronRegressor

N_SAMPLES = 12
X = np.random.RandomState(0).uniform(size=(N_SAMPLES, 2))
Y = X[:, 0]
LABELS = np.arange(N_SAMPLES) % 2

DAYS = np.datetime64("2024-01-01") + np.arange(N_SAMPLES)
LATE = DAYS.copy()
LATE[3] = np.datetime64("NaT")
DATES = [datetime.date(2024, 1, day + 1) for day in range(N_SAMPLES)]
WORDS = np.array(["Paris", "Rome"])[LABELS]
FIGURES = np.array(["1.5", "2"])[LABELS]
IN_DAYS = r"subtract a reference date and divide by np.timedelta64\(1, 'D'\)"
RECORDS = np.array([(1, 2.0)] * N_SAMPLES, dtype=[("a", int), ("b", float)])
RAGGED = [[1, 2]] * (N_SAMPLES - 1) + [[1]]
CUBE = np.zeros((N_SAMPLES, 2, 2))

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning"),
]


def pandas(data, dtype=None):
    pd = pytest.importorskip("pandas")
    if dtype is not None and "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    return (pd.DataFrame if isinstance(data, dict) else pd.Series)(data, dtype=dtype)


def polars(data, dtype=None):
    pl = pytest.importorskip("polars")
    if isinstance(data, dict):
        return pl.DataFrame(data)
    return (
        pl.Series(data) if dtype is None else pl.Series(data).cast(getattr(pl, dtype))
    )


def masked(data):
    return np.ma.masked_array(data, mask=np.arange(data.size).reshape(data.shape) == 3)


# Values that are invalid as features and as targets of any kind.
NO_ARRAYS = {
    "a number": (3.0, TypeError, "got 3.0, of type float"),
    "a string": ("abc", TypeError, "got 'abc', of type str"),
    "a dict": ({0: 1.0}, TypeError, r"got \{0: 1.0\}, of type dict: use its values"),
    "a set": ({1, 2}, TypeError, r"got \{1, 2\}, of type set, which has no order"),
    "a generator": ((v for v in Y), TypeError, r"of type generator: use list\("),
    "three dimensions": (CUBE, ValueError, r"dim 3.* shape \(12, 2, 2\)"),
    "nested lists": (CUBE.tolist(), ValueError, r"dim 3.* shape \(12, 2, 2\)"),
    "ragged": (RAGGED, ValueError, r"row 0 is \[1, 2\] and row 11 is \[1\]"),
    "records": (RECORDS, TypeError, r"holds records .*structured_to_unstructured\("),
}
NUMERIC_TARGETS = {
    **NO_ARRAYS,
    "datetime64": (DAYS, TypeError, rf"y holds dates \(datetime64\[D\]\).*{IN_DAYS}"),
    "NaT": (LATE, TypeError, "y holds dates .*, the first is 2024-01-01"),
    "only NaT": (LATE[[3] * 12], ValueError, "y holds missing values, .* NaT"),
    "timedelta64": (DAYS - DAYS[0], TypeError, r"durations .*np.timedelta64\(1, 'D'\)"),
    "list of dates": (DATES, TypeError, r"y holds dates \(date\).* is 2024-01-01"),
    "list of datetime64": (list(DAYS), TypeError, "y holds dates"),
    "objects of datetime64": (np.array([*DAYS], object), TypeError, "y holds dates"),
    "list of timedelta": ([datetime.timedelta(1)] * 12, TypeError, "y holds durations"),
    "list of times": ([datetime.time(1)] * 12, TypeError, "y holds times of day"),
    "strings": (FIGURES, ValueError, r"strings, .*'1.5': .* y.astype\(float\)"),
    "list of strings": ([*FIGURES], ValueError, r"np.asarray\(y\).astype\(float\)"),
    "list with a string": (
        [1, "2"] * 6,
        ValueError,
        "y holds strings, the first is '2'",
    ),
    "objects with a string": (
        np.array([1, "2"] * 6, object),
        ValueError,
        "first is '2'",
    ),
    "bytes": (FIGURES.astype("S"), ValueError, r"y holds bytes, the first is b'1.5'"),
    "words": (WORDS, ValueError, "'Paris': a regressor needs numbers; for classes use"),
    "complex": (Y + 1j, ValueError, r"Complex data not supported: y .* use y.real and"),
    "list of complex": ([1j] * 12, ValueError, r"Complex data not supported: y holds"),
    "objects of complex": (np.array([1j] * 12, object), ValueError, "Complex data"),
    "None": ([None, *Y[1:]], ValueError, "y holds missing values, the first is None"),
    "lists as objects": (
        np.fromiter([[1], [1, 2]] * 6, object),
        ValueError,
        r"y holds sequences \(list\), the first is \[1\]: make a column of each entry",
    ),
    "sparse": (
        sparse.csr_matrix(Y[:, np.newaxis]),
        TypeError,
        r"shape \(12, 1\), but a regressor needs dense targets: use y.toarray\(\).ra",
    ),
    "sparse array": (sparse.coo_array(X), TypeError, r"use y.toarray\(\)\."),
    "masked": (masked(Y), ValueError, "y is a masked array that masks 1 of its 12"),
    "pandas dates": (lambda: pandas(DAYS), TypeError, r"y holds dates \(datetime64\["),
    "pandas dates in UTC": (
        lambda: pandas(DAYS).dt.tz_localize("UTC"),
        TypeError,
        r"y holds dates \(datetime64\[\w+, UTC\]\)",
    ),
    "pandas durations": (lambda: pandas(DAYS - DAYS[0]), TypeError, "holds durations"),
    "pandas periods": (
        lambda: pandas(DAYS).dt.to_period("M"),
        TypeError,
        rf"y holds dates \(period\[M\]\).*{IN_DAYS}",
    ),
    "pandas table": (
        lambda: pandas({"number": Y, "day": DAYS}),
        TypeError,
        r"In y, column 'day' \(number 1\) holds dates \(datetime64\[",
    ),
    "pandas strings": (lambda: pandas(FIGURES), ValueError, "strings.* y.astype"),
    "pandas string[pyarrow]": (
        lambda: pandas(FIGURES, "string[pyarrow]"),
        ValueError,
        "y holds strings",
    ),
    "pandas category": (
        lambda: pandas(FIGURES, "category"),
        ValueError,
        "y holds strings, the first is '1.5'",
    ),
    "pandas objects with NA": (
        lambda: pandas(Y, "Float64").mask(Y > 0.9).astype(object),
        ValueError,
        "y holds missing values, the first is <NA>",
    ),
    "sparse pandas": (
        lambda: pandas({"a": Y, "b": Y}).astype("Sparse[float]"),
        TypeError,
        r"use y.sparse.to_dense\(\)",
    ),
    "polars dates": (lambda: polars(DATES), TypeError, r"y holds dates \(Date\)"),
    "polars table": (
        lambda: polars({"number": Y, "day": DATES}),
        TypeError,
        r"In y, column 'day' \(number 1\) holds dates \(Date\)",
    ),
    "polars strings": (
        lambda: polars(FIGURES),
        ValueError,
        r"strings.* y.cast\(float\)",
    ),
}
CLASS_TARGETS = {
    **NO_ARRAYS,
    "NaT": (LATE, ValueError, "the first is NaT in row 3: leave these samples out"),
    "list of dates": (DATES, ValueError, r"Unknown label type: y holds dates \(date\)"),
    "bytes": (WORDS.astype("S"), TypeError, r"b'Paris': decode it, y.astype\(str\)"),
    "complex": (Y + 1j, ValueError, "Complex data not supported: y holds"),
    "objects": (LABELS.astype(object), ValueError, r"Unknown .*int.*y.astype\(int\)"),
    "bools": (LABELS.astype(bool).astype(object), ValueError, r"y.astype\(bool\)"),
    "mixed": (
        np.array([1, "a"] * 6, object),
        ValueError,
        r"int and str.*y.astype\(str",
    ),
    "None": (["a", None] * 6, ValueError, "y holds missing values, the first is None"),
    "NaN": (np.array(["a", np.nan] * 6, object), ValueError, "missing values, .* nan"),
    "legacy labels": (
        [[1], [1, 2]] * 6,
        ValueError,
        "MultiLabelBinarizer makes labels",
    ),
    "lists": (np.fromiter([[1], [2]] * 6, object), ValueError, "MultiLabelBinarizer"),
    "sparse classes": (
        sparse.csr_matrix(np.c_[LABELS, LABELS * 2]),
        TypeError,
        "only an indicator matrix, several columns of 0 and 1, may be sparse: use",
    ),
    "one sparse column": (
        sparse.csr_array(LABELS[:, np.newaxis]),
        TypeError,
        r"use y.toarray\(\).ravel\(\)",
    ),
    "masked": (masked(LABELS), ValueError, "y is a masked array that masks 1 of its"),
    "sparse pandas without zeros": (
        lambda: pandas({"a": LABELS, "b": LABELS}).astype("Sparse[float]"),
        TypeError,
        r"use y.sparse.to_dense\(\)",
    ),
    "pandas dates in UTC": (
        lambda: pandas(DAYS[LABELS]).dt.tz_localize("UTC"),
        ValueError,
        r"Unknown label type: y holds dates \(datetime64\[\w+, UTC\]\).* y.astype",
    ),
    "pandas strings with NA": (
        lambda: pandas(WORDS, "string").mask(LABELS == 1),
        ValueError,
        "y holds missing values, the first is <NA>",
    ),
    "pandas table": (
        lambda: pandas({"city": WORDS, "number": LABELS}),
        TypeError,
        r"y has columns of numbers and of strings: .* y.astype\(str\)",
    ),
    "polars table": (
        lambda: polars({"day": DATES, "number": LABELS}),
        TypeError,
        r"y has columns of dates and of numbers: .* y.cast\(str\)",
    ),
}
FEATURES = {
    **{kind: case for kind, case in NO_ARRAYS.items() if kind != "ragged"},
    "None": (None, TypeError, "X must be an array, .*got None"),
    "ragged": ([[1, 2]] * 11 + [[1]], ValueError, "All rows of X must have the same"),
    "datetime64": (np.c_[DAYS, DAYS], TypeError, r"X holds dates \(datetime64\[D\]\)"),
    "timedelta64": (np.c_[DAYS, DAYS] - DAYS[0], TypeError, "X holds durations"),
    "dates": ([*zip(DATES, Y, strict=True)], TypeError, "In X, column 0 holds dates"),
    "strings": (X.astype(str), ValueError, r"X holds strings.* X.astype\(float\)"),
    "objects": (
        X.astype(str).astype(object),
        ValueError,
        "In X, column 0 holds strings",
    ),
    "list": (
        [[1.0, "Rome"]] * 12,
        ValueError,
        "In X, column 1 holds strings, .*'Rome'",
    ),
    "bytes": (X.astype("S"), ValueError, "X holds bytes, the first is b'0"),
    "complex": (X + 1j, ValueError, "Complex data not supported: X holds complex"),
    "complex list": ([[1.0, 1j]] * 12, ValueError, "Complex data not supported: X"),
    "sparse complex": (sparse.csr_matrix(X + 1j), ValueError, "Complex data not supp"),
    "None inside": ([[1.0, None]] * 12, ValueError, "column 1 holds missing values"),
    "lists inside": (
        np.fromiter([[1]] * 24, object).reshape(12, 2),
        ValueError,
        r"In X, column 0 holds sequences \(list\), the first is \[1\]: make a column",
    ),
    "dicts": (
        [{"a": 1}] * 12,
        TypeError,
        r"X holds objects \(dict\).*argument must be",
    ),
    "masked": (masked(X), ValueError, "X is a masked array that masks 1 of its 24"),
    "pandas words": (
        lambda: pandas({"a": Y, "b": Y, "c": LABELS, "city": WORDS}),
        ValueError,
        r"In X, column 'city' \(number 3\) holds strings, the first is 'Paris': encode "
        "it, for example with OneHotEncoder or OrdinalEncoder",
    ),
    "pandas category": (
        lambda: pandas({"a": Y, "city": pandas(WORDS, "category")}),
        ValueError,
        r"In X, column 'city' \(number 1\) holds strings, the first is 'Paris': encode",
    ),
    "pandas string[pyarrow]": (
        lambda: pandas({"a": Y, "city": pandas(WORDS, "string[pyarrow]")}),
        ValueError,
        r"In X, column 'city' \(number 1\) holds strings, the first is 'Paris': encode",
    ),
    "pandas figures": (
        lambda: pandas({"a": Y, "b": FIGURES}),
        ValueError,
        r"column 'b' \(number 1\) holds strings.* X\['b'\].astype\(float\)",
    ),
    "pandas words without names": (
        lambda: pandas({0: Y, 1: WORDS}),
        ValueError,
        "In X, column 1 holds strings",
    ),
    "pandas dates": (
        lambda: pandas({"a": Y, "day": DAYS}),
        TypeError,
        rf"In X, column 'day' \(number 1\) holds dates .*{IN_DAYS}, or use a part",
    ),
    "pandas dates in UTC": (
        lambda: pandas({"a": Y, "day": pandas(DAYS).dt.tz_localize("UTC")}),
        TypeError,
        r"column 'day' \(number 1\) holds dates \(datetime64\[\w+, UTC\]\)",
    ),
    "pandas periods": (
        lambda: pandas({"a": Y, "month": pandas(DAYS).dt.to_period("M")}),
        TypeError,
        r"column 'month' \(number 1\) holds dates \(period\[M\]\)",
    ),
    "pandas objects with NA": (
        lambda: pandas({"a": pandas(Y, "Float64").mask(Y > 0.9).astype(object)}),
        ValueError,
        r"In X, column 'a' \(number 0\) holds missing values, the first is <NA> in",
    ),
    "pandas Int64 with NA": (
        lambda: pandas({"a": pandas(LABELS, "Int64").mask(LABELS == 0)}),
        ValueError,
        "Input X contains NaN",
    ),
    "polars words": (
        lambda: polars({"a": Y, "city": WORDS}),
        ValueError,
        r"In X, column 'city' \(number 1\) holds strings, the first is 'Paris': encode",
    ),
    "polars dates": (
        lambda: polars({"a": Y, "day": DATES}),
        TypeError,
        r"In X, column 'day' \(number 1\) holds dates \(Date\), the first is 2024",
    ),
    "polars times": (
        lambda: polars({"a": Y, "hour": [datetime.time(1)] * 12}),
        TypeError,
        r"column 'hour' \(number 1\) holds times of day",
    ),
    "polars structs": (
        lambda: polars({"pair": [{"a": 1, "b": 2}] * 12}),
        TypeError,
        r"column 'pair' \(number 0\) holds objects \(dict\)",
    ),
}


def made(data):
    return data() if callable(data) else data


@pytest.mark.parametrize("kind", NUMERIC_TARGETS)
def test_targets_that_are_not_numbers(kind):
    y, error, match = NUMERIC_TARGETS[kind]
    with pytest.raises(error, match=match):
        NeuronRegressor(3).fit(X, made(y))


@pytest.mark.parametrize("kind", CLASS_TARGETS)
def test_targets_that_are_not_classes(kind):
    y, error, match = CLASS_TARGETS[kind]
    with pytest.raises(error, match=match):
        NeuronClassifier(3).fit(X, made(y))


@pytest.mark.parametrize("cls", [NeuronClassifier, NeuronRegressor])
@pytest.mark.parametrize("kind", FEATURES)
def test_features_that_are_not_numbers(kind, cls):
    X, error, match = FEATURES[kind]
    with pytest.raises(error, match=match):
        cls(3).fit(made(X), LABELS)


def calls(cls):
    """Yield each call that takes X and y, with the names of both."""
    fitted = cls(3, max_iter=1, warm_start=True).fit(X, LABELS)
    classes = {"classes": [0, 1]} if cls is NeuronClassifier else {}
    yield "X", "y", cls(3).fit
    yield "X", "y", cls(3).initialize
    yield "X", "y", lambda X, y: cls(3).partial_fit(X, y, **classes)
    yield "X", "y", fitted.fit
    yield "X", "y", fitted.partial_fit
    yield "X_val", "y_val", lambda X_, y: cls(3).fit(X, LABELS, X_val=X_, y_val=y)
    yield (
        "X_val",
        "y_val",
        lambda X_, y: fitted.partial_fit(X, LABELS, X_val=X_, y_val=y),
    )


@pytest.mark.parametrize("cls", [NeuronClassifier, NeuronRegressor])
def test_every_call_names_the_invalid_argument(cls):
    for X_name, y_name, call in calls(cls):
        with pytest.raises(TypeError, match=f"^{X_name} holds dates"):
            call(np.c_[DAYS, DAYS], LABELS)
        with pytest.raises(ValueError, match=f"^{y_name} holds missing values"):
            call(X, [None] * N_SAMPLES)


@pytest.mark.parametrize("cls", [NeuronClassifier, NeuronRegressor])
@pytest.mark.parametrize("method", ["predict", "hidden_activations", "input_gradient"])
def test_predictions_for_features_that_are_not_numbers(cls, method):
    predict = getattr(cls(3, max_iter=1).fit(X, LABELS), method)
    with pytest.raises(TypeError, match="X holds dates"):
        predict(np.c_[DAYS, DAYS])
    with pytest.raises(ValueError, match="In X, column 1 holds strings"):
        predict([[1.0, "2"]])


def test_scores_of_targets_that_are_not_numbers():
    reg = NeuronRegressor(3, max_iter=1).fit(X, Y)
    assert reg.score(X, [*Y]) == reg.score(X, Y)
    for y in (DAYS, FIGURES, FIGURES.astype(object)):
        with pytest.raises((TypeError, ValueError), match=r"^y holds (dates|strings)"):
            reg.score(X, y)


def test_predictions_name_the_column():
    table = pandas({"a": Y, "b": Y})
    reg = NeuronRegressor(3, max_iter=1).fit(table, Y)
    with pytest.raises(
        ValueError, match=r"In X, column 'b' \(number 1\) holds strings"
    ):
        reg.predict(table.assign(b=WORDS))


STRINGS = [
    FIGURES,
    FIGURES.astype(object),
    FIGURES.astype("S"),
    [*FIGURES],
    lambda: pandas(FIGURES),
    lambda: pandas(FIGURES, "category"),
    lambda: polars(FIGURES),
]
OBJECTS = [
    WORDS.astype("S"),
    LABELS.astype(object),
    LABELS.astype(bool).astype(object),
    np.array([1, "a"] * 6, object),
    lambda: pandas(DAYS[LABELS]).dt.tz_localize("UTC"),
]


@pytest.mark.parametrize(
    ("cls", "y"),
    [(NeuronRegressor, y) for y in STRINGS] + [(NeuronClassifier, y) for y in OBJECTS],
)
def test_the_remedy_works(cls, y):
    y = made(y)
    with pytest.raises((TypeError, ValueError)) as caught:
        cls(3, max_iter=1).fit(X, y)
    code = re.search(r"it, (.*)\.$", str(caught.value))[1]
    cls(3, max_iter=1).fit(X, eval(code, {"np": np, "y": y}))


@pytest.mark.parametrize(
    "convert",
    [
        lambda y: y > 0.5,
        lambda y: [bool(value > 0.5) for value in y],
        lambda y: (y > 0.5).astype(object),
        lambda y: y.astype(object),
        lambda y: [Decimal(value) for value in y.tolist()],
        lambda y: [Fraction(value) for value in y.tolist()],
        lambda y: [10**30, *y[1:] * 1e30],
        lambda y: pandas(y.round(1), "category"),
    ],
)
def test_numbers_of_any_type(convert):
    expected = np.array(convert(Y), dtype=float)
    reg = NeuronRegressor(3, max_iter=1, random_state=0).fit(X, convert(Y))
    plain = NeuronRegressor(3, max_iter=1, random_state=0).fit(X, expected)
    assert_array_equal(reg.coefs_[0], plain.coefs_[0])
    table = np.c_[expected, Y] / 1e20
    objects = [[Decimal(value) for value in row] for row in table.tolist()]
    plain.fit(table, Y)
    assert_array_equal(reg.fit(objects, Y).coefs_[0], plain.coefs_[0])
    assert_array_equal(reg.predict(objects), plain.predict(table))


@pytest.mark.parametrize(
    "convert",
    [
        lambda y: DAYS[y],
        lambda y: DAYS[y] - DAYS[0],
        lambda y: pandas(DAYS[y]),
        lambda y: polars([DATES[label] for label in y]),
        lambda y: pandas(y, "category"),
        lambda y: pandas(WORDS[y], "category"),
    ],
)
def test_classes_that_scikit_learn_takes_too(convert):
    y = convert(LABELS)
    params = {"max_iter": 5, "random_state": 0}
    theirs = MLPClassifier(3, **params).fit(X, y)
    ours = NeuronClassifier(3, **params).fit(X, y)
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], rtol=1e-7)
    assert_array_equal(ours.predict(X), theirs.predict(X))


def test_strings_of_variable_length():
    dtypes = pytest.importorskip("numpy.dtypes")
    if not hasattr(dtypes, "StringDType"):
        pytest.skip("NumPy 2 has them")
    words = WORDS.astype(dtypes.StringDType())
    clf = NeuronClassifier(3, max_iter=1).fit(X, words)
    assert set(clf.predict(X)) <= {"Paris", "Rome"}
    with pytest.raises(ValueError, match="y holds strings, the first is 'Paris'"):
        NeuronRegressor(3).fit(X, words)


@pytest.mark.parametrize("weights", [DAYS, FIGURES, [*FIGURES], Y + 1j, RECORDS])
def test_weights_that_are_not_numbers(weights):
    with pytest.raises((TypeError, ValueError), match="sample_weight holds "):
        NeuronRegressor(3).fit(X, Y, sample_weight=weights)
    coefs_init = [np.reshape(weights[:6], (2, 3)), np.reshape(weights[:3], (3, 1))]
    with pytest.raises((TypeError, ValueError), match=r"coefs_init\[0\].* holds "):
        NeuronRegressor(3).fit(X, Y, coefs_init=coefs_init)


@pytest.mark.parametrize("cls", [NeuronClassifier, NeuronRegressor])
@pytest.mark.parametrize(
    "sizes",
    [
        True,
        [True, 5],
        (5, np.True_),
        np.array([True]),
        np.array(5),
        {5: 5},
        {5, 6},
        b"ab",
        "ab",
        np.True_,
        (n for n in (5, 5)),
        [[5]],
        [5.0],
    ],
)
def test_invalid_layer_sizes(cls, sizes):
    with pytest.raises(
        ValueError, match=r"hidden_layer_sizes.* must be .*(G|g)ot "
    ) as e:
        cls(sizes).fit(X, LABELS)
    assert repr(sizes) in str(e.value)


@pytest.mark.parametrize(
    "sizes",
    [(5, 4), [5, 4], np.array([5, 4]), np.array([5, 4], np.int8), range(5, 3, -1)],
)
def test_sizes_of_layers_in_any_sequence(sizes):
    reg = NeuronRegressor(sizes, max_iter=1).fit(X, Y)
    assert [W.shape for W in reg.coefs_] == [(2, 5), (5, 4), (4, 1)]


@pytest.mark.parametrize(
    "name", ["max_iter", "max_fun", "batch_size", "n_iter_no_change"]
)
@pytest.mark.parametrize("cls", [MLPRegressor, NeuronRegressor])
def test_booleans_as_other_integers_as_in_scikit_learn(cls, name):
    solver = "lbfgs" if name == "max_fun" else "adam"
    cls(**{"max_iter": 1, "solver": solver, name: True}).fit(X, Y)
    with pytest.raises(InvalidParameterError, match=name):
        cls(**{name: np.True_}).fit(X, Y)


@pytest.mark.parametrize(
    ("X", "y", "hidden_layer_sizes"),
    [
        (np.c_[DAYS, DAYS], Y, 3),
        (np.c_[DAYS, DAYS] - DAYS[0], Y, 3),
        (X.astype(str), Y, 3),
        (masked(X), Y, 3),
        (X, masked(Y), 3),
        (X, np.array([*DAYS], dtype=object), 3),
        (X, FIGURES.astype(object), 3),
        (X, Y, {3, 4}),
    ],
)
def test_scikit_learn_trains_where_skneuron_does_not(X, y, hidden_layer_sizes):
    MLPRegressor(hidden_layer_sizes=hidden_layer_sizes, max_iter=1).fit(X, y)
    with pytest.raises((TypeError, ValueError)):
        NeuronRegressor(hidden_layer_sizes, max_iter=1).fit(X, y)
