"""The same numbers as scikit-learn's MLP, which is fitted side by side."""

import inspect
import warnings
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.datasets import make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor, _multilayer_perceptron

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._engines import ENGINES

# MLP does not warn of parameters without effect.
pytestmark = pytest.mark.filterwarnings("ignore:.* has no effect")

N_SAMPLES, N_FEATURES = 60, 6
PAIRS = {
    "classifier": (MLPClassifier, NeuronClassifier),
    "regressor": (MLPRegressor, NeuronRegressor),
}


OURS = {}  # parameters for our estimators only


@pytest.fixture(params=list(ENGINES), autouse=True)
def engine(request, monkeypatch):
    """Run every test on every engine."""
    monkeypatch.setitem(OURS, "engine", request.param)


def make(cls, **params):
    return cls(**(params if cls.__name__.startswith("MLP") else {**OURS, **params}))


def make_features(rng):
    return rng.normal(size=(N_SAMPLES, N_FEATURES))


def make_task(task):
    """Return the pair of estimators, the loss, X and y."""
    rng = np.random.RandomState(0)
    X = make_features(rng)
    signal = X @ rng.normal(size=(N_FEATURES, 3)) + rng.normal(size=(N_SAMPLES, 3))
    if task == "binary":
        return "classifier", {}, X, np.where(signal[:, 0] > 0, 7, 3)
    if task == "multiclass":
        return "classifier", {}, X, signal.argmax(axis=1)
    if task == "multilabel":
        X, y = make_multilabel_classification(
            N_SAMPLES, N_FEATURES, n_classes=3, random_state=0
        )
        return "classifier", {}, X / X.std(), y
    if task == "regression":
        return "regressor", {}, X, signal[:, 0]
    if task == "multioutput":
        return "regressor", {}, X, signal
    counts = rng.poisson(np.exp(0.3 * signal[:, 0]))
    return "regressor", {"loss": "poisson"}, X, counts


TASKS = ["binary", "multiclass", "multilabel", "regression", "multioutput", "poisson"]
SOLVERS = {
    "adam": {"solver": "adam", "learning_rate_init": 0.01},
    "sgd": {"solver": "sgd", "learning_rate_init": 0.02},
    "invscaling": {
        "solver": "sgd",
        "learning_rate": "invscaling",
        "learning_rate_init": 0.05,
        "power_t": 0.2,
    },
    "adaptive": {
        "solver": "sgd",
        "learning_rate": "adaptive",
        "learning_rate_init": 0.05,
        "tol": 0.02,
        "n_iter_no_change": 2,
    },
    "lbfgs": {"solver": "lbfgs"},
}


def fit_both(pair, X, y, sample_weight=None, **params):
    """Return scikit-learn's estimator and ours, fitted alike."""
    params = {"max_iter": 20, "random_state": 3, **params}
    fitted = []
    for cls in PAIRS[pair]:
        estimator = make(cls, **params)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(X, y, sample_weight=sample_weight)
        fitted.append(estimator)
    return fitted


def assert_same(theirs, ours, X, rtol=1e-7):
    """Compare everything that scikit-learn has after fit."""
    close = partial(assert_allclose, rtol=rtol, atol=1e-12)
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.t_ == theirs.t_
    assert ours.n_layers_ == theirs.n_layers_
    assert ours.n_outputs_ == theirs.n_outputs_
    assert ours.n_features_in_ == theirs.n_features_in_
    assert ours.out_activation_ == theirs.out_activation_
    for name in ("coefs_", "intercepts_"):
        for mine, other in zip(getattr(ours, name), getattr(theirs, name), strict=True):
            assert mine.shape == other.shape
            close(mine, other)
    close(ours.loss_, theirs.loss_)
    if theirs.solver != "lbfgs":
        close(ours.loss_curve_, theirs.loss_curve_)
        for name in ("best_loss_", "best_validation_score_", "validation_scores_"):
            if getattr(theirs, name) is None:
                assert getattr(ours, name) is None
            else:
                close(getattr(ours, name), getattr(theirs, name))
    if hasattr(theirs, "predict_proba"):
        assert_array_equal(ours.classes_, theirs.classes_)
        close(ours.predict_proba(X), theirs.predict_proba(X))
        assert_array_equal(ours.predict(X), theirs.predict(X))
    else:
        close(ours.predict(X), theirs.predict(X))


@pytest.fixture
def stratified_scikit_learn(monkeypatch):
    """Make scikit-learn's MLP stratify its hold-out for several classes, too.

    Its documentation says so, but it stratifies only for two. This removes the one
    difference from skneuron.
    """
    split = _multilayer_perceptron.train_test_split

    def stratified(X, y, *arrays, stratify=None, **kwargs):
        if y.ndim == 2 and y.dtype == bool and (y.sum(axis=1) == 1).all():
            stratify = y.argmax(axis=1)
        return split(X, y, *arrays, stratify=stratify, **kwargs)

    monkeypatch.setattr(_multilayer_perceptron, "train_test_split", stratified)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("solver", "early_stopping", "batch_size"),
    [("lbfgs", False, "auto")]
    + [
        (solver, early_stopping, batch_size)
        for solver in SOLVERS
        if solver != "lbfgs"
        for early_stopping in (False, True)
        for batch_size in ("auto", 16)
    ],
)
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("task", TASKS)
def test_same_numbers(
    task,
    solver,
    activation,
    early_stopping,
    batch_size,
    weighted,
    stratified_scikit_learn,
):
    pair, loss, X, y = make_task(task)
    weights = np.random.RandomState(1).uniform(0.5, 3, N_SAMPLES) if weighted else None
    theirs, ours = fit_both(
        pair,
        X,
        y,
        weights,
        hidden_layer_sizes=(7, 4),
        activation=activation,
        early_stopping=early_stopping,
        batch_size=batch_size,
        **loss,
        **SOLVERS[solver],
    )
    assert_same(theirs, ours, X)


@pytest.mark.parametrize(
    "params",
    [
        {"hidden_layer_sizes": ()},
        {"hidden_layer_sizes": 5},
        {"hidden_layer_sizes": np.array([4, 3, 2])},
        {"hidden_layer_sizes": (), "activation": "logistic"},
        {"batch_size": 1, "max_iter": 3},
        {"batch_size": 59},
        {"shuffle": False, "batch_size": 7},
        {"shuffle": False, "batch_size": 7, "early_stopping": True},
        {"solver": "sgd", "nesterovs_momentum": False},
        {"solver": "sgd", "momentum": 0.0},
        {"solver": "sgd", "momentum": 1.0},
        {"alpha": 0.0},
        {"alpha": 30.0},
        {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3},
        {"learning_rate": "adaptive"},
        {"learning_rate": "invscaling"},
        {"n_iter_no_change": np.inf, "tol": 10.0},
        {"tol": 10.0, "n_iter_no_change": 3},
        {"validation_fraction": 0.4, "early_stopping": True},
        {"solver": "lbfgs", "max_fun": 9},
        {"solver": "lbfgs", "tol": 0.05, "max_iter": 200},
        {"solver": "lbfgs", "hidden_layer_sizes": (), "alpha": 2.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_same_numbers_with(task, params):
    pair, loss, X, y = make_task(task)
    theirs, ours = fit_both(pair, X, y, **loss, **params)
    assert_same(theirs, ours, X)


@pytest.mark.parametrize(
    "params",
    [
        {"early_stopping": True},
        {"batch_size": 13},
        {"batch_size": N_SAMPLES},
        {"batch_size": N_SAMPLES, "shuffle": False},
    ],
    ids=str,
)
def test_the_random_stream_advances_equally(params):
    pair, _, X, y = make_task("binary")
    params = {"max_iter": 50, "tol": 10.0, **params}
    following = []
    for cls in PAIRS[pair]:
        stream = np.random.RandomState(7)
        make(cls, random_state=stream, **params).fit(X, y)
        following.append(stream.uniform())
    assert following[0] == following[1]


@pytest.mark.parametrize(
    ("solver", "early_stopping"),
    [
        ("adam", False),
        ("adam", True),
        ("adaptive", False),
        ("adaptive", True),
        ("lbfgs", False),
    ],
)
def test_the_same_until_convergence(solver, early_stopping):
    pair, _, X, y = make_task("binary")
    params = {**SOLVERS[solver], "max_iter": 2000, "early_stopping": early_stopping}
    theirs, ours = fit_both(pair, X, y, hidden_layer_sizes=4, alpha=0.1, **params)
    assert theirs.n_iter_ < 2000
    assert_same(theirs, ours, X, rtol=1e-5)


@pytest.mark.parametrize("container", [sparse.csr_matrix, sparse.csc_array])
@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_the_same_on_sparse_data(container, solver):
    pair, _, X, y = make_task("multiclass")
    X = container(np.where(np.abs(X) > 0.7, X, 0))
    OURS["engine"] = "auto"
    theirs, ours = fit_both(pair, X, y, **SOLVERS[solver], batch_size=25)
    assert_same(theirs, ours, X)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_the_same_in_float32(task, solver):
    pair, loss, X, y = make_task(task)
    theirs, ours = fit_both(pair, X.astype(np.float32), y, **loss, **SOLVERS[solver])
    assert ours.coefs_[0].dtype == np.float32
    for mine, other in zip(ours.coefs_, theirs.coefs_, strict=True):
        assert_allclose(mine, other, rtol=1e-3, atol=1e-5)
    assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=1e-5)


@pytest.mark.parametrize("solver", ["adam", "sgd", "invscaling", "adaptive"])
def test_the_same_with_warm_start(solver):
    pair, _, X, y = make_task("multiclass")
    theirs, ours = fit_both(pair, X, y, warm_start=True, **SOLVERS[solver])
    for estimator in (theirs, ours):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(X, y)
    assert len(ours.loss_curve_) > ours.n_iter_
    assert_same(theirs, ours, X)


@pytest.mark.parametrize("solver", ["adam", "sgd", "invscaling", "adaptive"])
@pytest.mark.parametrize("task", TASKS)
def test_the_same_with_partial_fit(task, solver):
    # With a RandomState instance, scikit-learn continues the stream, as skneuron always
    # does.
    pair, loss, X, y = make_task(task)
    classes = {"classes": np.unique(y)} if pair == "classifier" else {}
    if task == "multilabel":
        classes = {"classes": [0, 1, 2]}
    fitted = []
    for cls in PAIRS[pair]:
        params = {"hidden_layer_sizes": 8, **SOLVERS[solver]}
        stream = np.random.RandomState(5)
        estimator = make(cls, random_state=stream, **params, **loss)
        for start in (0, 20, 0, 40, 20, 0, 20, 40):
            chunk = slice(start, start + 20)
            estimator.set_params(batch_size=20 if start == 40 else 13)
            estimator.partial_fit(X[chunk], y[chunk], **classes)
        fitted.append(estimator)
    assert_same(*fitted, X)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"early_stopping": True},
        {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 1e-5},
    ],
    ids=str,
)
def test_prints_the_same(params, capsys):
    pair, _, X, y = make_task("binary")
    printed = []
    params = {"tol": 0.5, "n_iter_no_change": 2, "max_iter": 50, **params}
    for cls in PAIRS[pair]:
        make(cls, random_state=0, verbose=True, **params).fit(X, y)
        printed.append(capsys.readouterr().out)
    assert "Stopping." in printed[0]
    assert printed[0] == printed[1]


@pytest.mark.parametrize("pair", PAIRS)
def test_every_parameter_with_its_default(pair):
    theirs, ours = (inspect.signature(cls).parameters for cls in PAIRS[pair])
    assert list(ours)[:2] == ["hidden_layer_sizes", "activation"]
    positional = [p for p in ours.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert len(positional) == 2
    for name, parameter in theirs.items():
        assert ours[name].default == parameter.default, name


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_every_fitted_attribute(pair, solver):
    pd = pytest.importorskip("pandas")
    _, _, X, y = make_task("binary" if pair == "classifier" else "regression")
    X = pd.DataFrame(X, columns=list("abcdef"))
    theirs, ours = fit_both(pair, X, y, solver=solver)
    public = {
        name for name in vars(theirs) if name.endswith("_") and not name.startswith("_")
    }
    assert public <= set(vars(ours))
    methods = {name for name in dir(theirs) if not name.startswith("_")}
    if solver == "lbfgs":  # scikit-learn's regressor has it regardless
        methods.discard("partial_fit")
    assert methods <= set(dir(ours))


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("fit", ("X", "y", "sample_weight")),
        ("partial_fit", ("X", "y", "sample_weight", "classes")),
        ("score", ("X", "y", "sample_weight")),
    ],
)
def test_methods_take_the_same_arguments(method, args):
    for cls in PAIRS["classifier"]:
        parameters = inspect.signature(getattr(cls(), method)).parameters.values()
        # arguments that MLP lacks are keyword-only
        assert tuple(p.name for p in parameters if p.kind != p.KEYWORD_ONLY) == args
