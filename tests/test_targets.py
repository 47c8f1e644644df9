"""Targets and features in every container and memory layout train the same network.

Each result equals, to the last bit, that of a plain C-contiguous array.
"""

import tempfile
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.neural_network import MLPClassifier, MLPRegressor

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._engines import Samples

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning"),
]
N_SAMPLES = 40
random = np.random.RandomState(0)
X = random.uniform(-1, 1, size=(N_SAMPLES, 3))
WEIGHTS = random.randint(1, 4, N_SAMPLES).astype(float)


def integers(end, *shape):
    return random.randint(0, end, (N_SAMPLES, *shape))


def eighths(*shape):
    """Return numbers that float16 holds exactly."""
    return random.randint(-8, 9, (N_SAMPLES, *shape)) / 8


CLASSES = {
    "binary": integers(2),
    "binary strings": np.array(["no", "yes"])[integers(2)],
    "multiclass": integers(3),
    "multiclass strings": np.array(["a", "b", "c"])[integers(3)],
    "one label": integers(2, 1),
    "two labels": integers(2, 2),
    "three labels": integers(2, 3),
    "columns": integers(3, 2),
    "columns of two": integers(2, 2) + 1,
    "columns of strings": np.array(["a", "b", "c"])[integers(3, 2)],
    "one class": np.ones(N_SAMPLES, dtype=int),
}
NUMBERS = {
    "one target": (eighths(), {}),
    "a column": (eighths(1), {}),
    "several targets": (eighths(3), {}),
    "quantiles": (eighths(), {"loss": "quantile", "quantile": [0.2, 0.5, 0.8]}),
    "counts": (integers(5), {"loss": "poisson"}),
}
TARGETS = {**CLASSES, **{kind: y for kind, (y, _) in NUMBERS.items()}}


def pandas(y, dtype=None):
    pd = pytest.importorskip("pandas")
    if dtype is not None and "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    table = pd.Series(y) if y.ndim == 1 else pd.DataFrame(y)
    return table if dtype is None else table.astype(dtype)


def sparse_pandas(y):
    pd = pytest.importorskip("pandas")
    return pd.DataFrame.sparse.from_spmatrix(sparse.csr_matrix(y))


def polars(y, dtype=None):
    pl = pytest.importorskip("polars")
    table = pl.Series(y) if y.ndim == 1 else pl.DataFrame(y)
    return table if dtype is None else table.cast(getattr(pl, dtype))


def every_second(y):
    wide = np.repeat(y, 2, axis=-1)
    wide[..., 1::2] = wide[::-1, ..., 1::2] if y.ndim > 1 else wide[::-1][1::2]
    return wide[..., ::2]


def read_only(y):
    y = y.copy()
    y.flags.writeable = False
    return y


def misaligned(y):
    bytes_ = np.empty(y.nbytes + 1, np.uint8)
    array = bytes_[1:].view(y.dtype).reshape(y.shape)
    array[...] = y
    assert not array.flags.aligned
    return array


def memory_map(y):
    with tempfile.TemporaryFile() as file:
        array = np.memmap(file, dtype=y.dtype, shape=y.shape)
    array[...] = y
    return array


def as_type(dtype):
    return lambda y: y.astype(dtype)


def rows_as_tuples(y):
    return tuple(map(tuple, y)) if y.ndim > 1 else tuple(y)


# For each container, the kinds of values that it can hold: integers "i", numbers with a
# fraction "f", strings "U"; "b" for integers that are only 0 and 1.
CONTAINERS = {
    "list": ("bifU", lambda y: y.tolist()),
    "tuple": ("bifU", rows_as_tuples),
    "C order": ("bifU", np.ascontiguousarray),
    "Fortran order": ("bifU", np.asfortranarray),
    "transposed": ("bifU", lambda y: np.ascontiguousarray(y.T).T),
    "reversed": ("bifU", lambda y: np.ascontiguousarray(y[::-1])[::-1]),
    "every second column": ("bifU", every_second),
    "read-only": ("bifU", read_only),
    "big-endian": ("bifU", lambda y: y.astype(y.dtype.newbyteorder(">"))),
    "misaligned": ("bifU", misaligned),
    "memory map": ("bifU", memory_map),
    "int8": ("bi", as_type(np.int8)),
    "uint8": ("bi", as_type(np.uint8)),
    "bool": ("b", as_type(bool)),
    "float16": ("bif", as_type(np.float16)),
    "float32": ("bif", as_type(np.float32)),
    "longdouble": ("bif", as_type(np.longdouble)),
    "objects": ("fU", as_type(object)),
    "Fortran order of bool": ("b", lambda y: np.asfortranarray(y, dtype=bool)),
    "pandas": ("bifU", pandas),
    "pandas bool": ("b", lambda y: pandas(y, "bool")),
    "pandas boolean": ("b", lambda y: pandas(y, "boolean")),
    "pandas Int64": ("bi", lambda y: pandas(y, "Int64")),
    "pandas Float64": ("bif", lambda y: pandas(y, "Float64")),
    "pandas string": ("U", lambda y: pandas(y, "string")),
    "pandas category": ("U", lambda y: pandas(y, "category")),
    "pandas int64[pyarrow]": ("bi", lambda y: pandas(y, "int64[pyarrow]")),
    "pandas double[pyarrow]": ("bif", lambda y: pandas(y, "double[pyarrow]")),
    "pandas bool[pyarrow]": ("b", lambda y: pandas(y, "bool[pyarrow]")),
    "pandas string[pyarrow]": ("U", lambda y: pandas(y, "string[pyarrow]")),
    "polars": ("bifU", polars),
    "polars Boolean": ("b", lambda y: polars(y, "Boolean")),
    "polars UInt8": ("bi", lambda y: polars(y, "UInt8")),
    "polars Categorical": ("U", lambda y: polars(y, "Categorical")),
}
SPARSE = {
    "csr_matrix": sparse.csr_matrix,
    "csc_matrix": sparse.csc_matrix,
    "coo_matrix": sparse.coo_matrix,
    "lil_matrix": sparse.lil_matrix,
    "csr_array": sparse.csr_array,
    "csc_array": sparse.csc_array,
    "coo_array": sparse.coo_array,
    "csr_matrix of bool": lambda y: sparse.csr_matrix(y.astype(bool)),
    "sparse pandas": sparse_pandas,
}
CONTAINERS |= {name: ("", container) for name, container in SPARSE.items()}


def can_hold(name, y):
    if name in SPARSE:
        return y.ndim == 2 and y.shape[1] > 1 and set(y.flat) == {0, 1}
    kind = "b" if y.dtype.kind == "i" and set(y.flat) == {0, 1} else y.dtype.kind
    return kind in CONTAINERS[name][0]


def estimator(kind, engine, **params):
    """Return a small estimator for this kind of target."""
    params = {"max_iter": 2, "random_state": 0, "engine": engine, **params}
    if kind in CLASSES:
        return NeuronClassifier(3, **params)
    return NeuronRegressor(3, **NUMBERS[kind][1], **params)


def held(container, values):
    """Return weights in a container, or unchanged if it cannot hold them."""
    dtypes, contain = CONTAINERS[container]
    return contain(values) if "i" in dtypes else values


def dense(y):
    return y.toarray() if sparse.issparse(y) else y


def classes_of(kind):
    """Return the extra arguments of the first call of partial_fit."""
    if kind not in CLASSES:
        return {}
    y = CLASSES[kind]
    if kind.startswith("columns"):
        return {"classes": [np.unique(column) for column in y.T]}
    labels = np.arange(y.shape[1]) if kind.endswith("labels") else np.unique(y)
    return {"classes": labels}


def fit_in_every_way(kind, engine, container):
    """Yield the name of a call, and the estimator after it."""
    plain = TARGETS[kind]
    _, contain = CONTAINERS[container]
    y = contain(plain)
    half = contain(plain[:20])
    weights, half_weights = held(container, WEIGHTS), held(container, WEIGHTS[:20])
    val = {"X_val": X[:20], "y_val": half, "sample_weight_val": half_weights}
    balanced = {"class_weight": "balanced"} if kind in CLASSES else {}

    def new(**params):
        return estimator(kind, engine, **params)

    yield "fit", new().fit(X, y, sample_weight=weights)
    yield "lbfgs", new(solver="lbfgs", **balanced).fit(X, y, **val)
    stopping = new(early_stopping=True, warm_start=True, **balanced)
    yield "early_stopping", stopping.fit(X, y, sample_weight=weights)
    yield "warm_start", stopping.set_params(dtype="float32").fit(X, y, **val)
    yield "partial_fit", new().partial_fit(X, y, **classes_of(kind))


@cache
def learned(kind, engine, container):
    """Return what the estimator has learned, by the name of the call."""
    return {
        call: {
            "coefs": model.coefs_,
            "intercepts": model.intercepts_,
            "loss": [model.loss_curve_],
            "validation": [model.validation_scores_, model.validation_loss_curve_],
            "predictions": [dense(model.predict(X))],
        }
        for call, model in fit_in_every_way(kind, engine, container)
    }


@pytest.mark.parametrize(
    ("kind", "container"),
    [
        (kind, name)
        for kind, y in TARGETS.items()
        for name in CONTAINERS
        if can_hold(name, y)
    ],
)
def test_targets_in_any_container(kind, container, engine):
    plain = learned(kind, engine, "C order")
    for call, results in learned(kind, engine, container).items():
        for name, arrays in results.items():
            for array, expected in zip(arrays, plain[call][name], strict=True):
                assert_array_equal(array, expected, err_msg=f"{call}: {name}")


NOT_IN_SCIKIT_LEARN = {
    *(kind for kind in TARGETS if kind.startswith("columns")),
    "one class",
    "quantiles",
}


@pytest.mark.parametrize("kind", sorted(set(TARGETS) - NOT_IN_SCIKIT_LEARN))
def test_plain_targets_give_scikit_learns_weights(kind, engine):
    params = {"max_iter": 3, "random_state": 0, "hidden_layer_sizes": 3}
    if kind in CLASSES:
        theirs = MLPClassifier(**params)
    else:
        theirs = MLPRegressor(**params, **NUMBERS[kind][1])
    theirs.fit(X, TARGETS[kind])
    ours = estimator(kind, engine, max_iter=3).fit(X, TARGETS[kind])
    for array, expected in zip(ours.coefs_, theirs.coefs_, strict=True):
        assert_allclose(array, expected, rtol=1e-7)


FEATURES = eighths(4)
FEATURES[:, 2:] = integers(2, 2)  # which integers and booleans hold as well


def mixed_pandas(X):
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame(X, columns=list("abcd"))
    return table.astype({"a": "float32", "c": "int8", "d": bool})


def nullable_pandas(X):
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame(X, columns=list("abcd"))
    return table.astype({"a": "Float32", "b": "Float64", "c": "Int64", "d": "boolean"})


def arrow_pandas(X):
    pytest.importorskip("pyarrow")
    table = pandas(X, "double[pyarrow]")
    return table.astype({2: "int8[pyarrow]", 3: "bool[pyarrow]"})


def mixed_polars(X):
    pl = pytest.importorskip("polars")
    table = pl.DataFrame(X, schema=list("abcd"))
    return table.cast({"a": pl.Float32, "c": pl.UInt8, "d": pl.Boolean})


def long_indices(X):
    X.indices, X.indptr = X.indices.astype(np.int64), X.indptr.astype(np.int64)
    return X


def unsorted(X):
    X = sparse.csr_matrix(X)
    for start, end in zip(X.indptr, X.indptr[1:], strict=False):
        X.indices[start:end] = X.indices[start:end][::-1].copy()
        X.data[start:end] = X.data[start:end][::-1].copy()
    X.has_sorted_indices = False
    return X


def duplicated(X):
    """Return halves of the entries, twice each."""
    X = sparse.coo_matrix(X / 2)
    return sparse.coo_matrix(
        (np.tile(X.data, 2), (np.tile(X.row, 2), np.tile(X.col, 2))), shape=X.shape
    )


FEATURE_CONTAINERS = {
    name: CONTAINERS[name][1]
    for name in (
        "list",
        "tuple",
        "Fortran order",
        "transposed",
        "reversed",
        "every second column",
        "read-only",
        "big-endian",
        "misaligned",
        "memory map",
        "float16",
        "longdouble",
        "objects",
        "pandas",
        "polars",
        *SPARSE,
    )
    if name != "csr_matrix of bool"
} | {
    "list of objects": lambda X: [[*row[:3], bool(row[3])] for row in X.tolist()],
    "mixed pandas": mixed_pandas,
    "nullable pandas": nullable_pandas,
    "pyarrow pandas": arrow_pandas,
    "mixed polars": mixed_polars,
    "unsorted": unsorted,
    "duplicated": duplicated,
    "duplicated csr_matrix": lambda X: sparse.csr_matrix(duplicated(X)),
    "long csr_matrix": lambda X: long_indices(sparse.csr_matrix(X)),
    "long csc_array": lambda X: long_indices(sparse.csc_array(X)),
}


WHOLE_FEATURES = integers(2, 4)  # integers that are booleans, too
WHOLE_CONTAINERS = [
    name
    for name, (dtypes, _) in CONTAINERS.items()
    if "b" in dtypes and name != "float32"  # which changes the precision
]


def check_features(X, held, engine):
    """Compare networks trained on X with and without a container."""
    y = CLASSES["multiclass"]
    for solver in ("adam", "lbfgs"):
        params = {"engine": engine, "solver": solver}
        plain = estimator("multiclass", **params).fit(X, y, X_val=X, y_val=y)
        model = estimator("multiclass", **params).fit(held, y, X_val=held, y_val=y)
        for array, expected in zip(model.coefs_, plain.coefs_, strict=True):
            assert_allclose(array, expected, rtol=1e-12)
        expected = plain.predict_proba(X)
        assert_allclose(model.predict_proba(held), expected, rtol=1e-12)


@pytest.mark.parametrize("container", FEATURE_CONTAINERS)
def test_features_in_any_container(container, engine):
    check_features(FEATURES, FEATURE_CONTAINERS[container](FEATURES), engine)


@pytest.mark.parametrize("container", WHOLE_CONTAINERS)
def test_whole_features_in_any_container(container, engine):
    held = CONTAINERS[container][1](WHOLE_FEATURES)
    check_features(WHOLE_FEATURES.astype(float), held, engine)


@pytest.mark.parametrize("sparse_columns", [False, True])
def test_labels_from_get_dummies(sparse_columns, engine):
    pd = pytest.importorskip("pandas")
    strings = pd.Series(CLASSES["multiclass strings"])
    y = np.array(pd.get_dummies(strings, dtype=int), order="C")
    plain = estimator("three labels", engine).fit(X, y)
    dummies = pd.get_dummies(strings, sparse=sparse_columns)
    model = estimator("three labels", engine).fit(X, dummies)
    for array, expected in zip(model.coefs_, plain.coefs_, strict=True):
        assert_array_equal(array, expected)
    assert_array_equal(dense(model.predict(X)), plain.predict(X))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("y_dtype", [bool, np.int64, np.float32, np.float64])
def test_samples_are_as_the_kernel_reads_them(y_dtype, dtype):
    y = integers(2, 3).astype(y_dtype)
    y = np.asfortranarray(y) if y_dtype is bool else misaligned(y)
    weights = np.repeat(WEIGHTS, 2)[::-2]
    samples = Samples(X, y, weights, np.dtype(dtype))
    for array, given in ((samples.y, y), (samples.sample_weight, weights)):
        assert array.flags.c_contiguous
        assert array.flags.aligned
        assert_array_equal(array, given)
    assert samples.y.dtype == (bool if y_dtype is bool else dtype)
    assert samples.sample_weight.dtype == dtype
    again = Samples(X, samples.y, samples.sample_weight, samples.dtype)
    assert again.y is samples.y
    assert again.sample_weight is samples.sample_weight
    other = samples.astype(np.dtype(np.float16))
    assert other.sample_weight.dtype == np.float16
    assert samples.part(np.array([3, 1])).y.flags.c_contiguous
