"""Fitted attributes that were edited or loaded: errors or correct results.

Every state below is tried on both engines. There must be no crash, and no result read
from memory outside the network.
"""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.datasets import make_moons

from skneuron import NeuronClassifier, NeuronRegressor, _engines
from skneuron._estimators.checkpoints import read
from skneuron.callbacks import Checkpoint

X, y = make_moons(60, noise=0.2, random_state=0)
THREE = (y + (X[:, 0] > 1)).astype(int)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def classifier(**params):
    params = {"max_iter": 3, "random_state": 0, **params}
    return NeuronClassifier((5, 4), "tanh", **params)


def array(name, layer, change):
    """Return a function that changes one array of an attribute."""

    def damage(est):
        arrays = list(getattr(est, name))
        arrays[layer] = change(arrays[layer])
        setattr(est, name, arrays)

    return damage


def attribute(name, change):
    """Return a function that changes an attribute."""

    def damage(est):
        setattr(est, name, change(getattr(est, name)))

    return damage


def moments(name, change):
    """Return a function that changes the solver's state."""

    def damage(est):
        state = est._state.optimizer_state
        setattr(state, name, change(getattr(state, name)))

    return damage


def widened(n_units):
    """Return a function that resizes the first hidden layer consistently."""

    def damage(est):
        rng = np.random.RandomState(0)
        est.coefs_[0] = rng.normal(size=(2, n_units))
        est.intercepts_[0] = np.zeros(n_units)
        est.coefs_[1] = rng.normal(size=(n_units, 4))
        est.hidden_layer_sizes = (n_units, 4)

    return damage


def swapped(est):
    """Keep the number of weights, but in other layers."""
    est.hidden_layer_sizes = (4, 5)
    est.coefs_ = [np.ones((2, 4)), np.ones((4, 5)), np.ones((5, 1))]
    est.intercepts_ = [np.zeros(4), np.zeros(5), np.zeros(1)]
    size = sum(a.size for a in (*est.coefs_, *est.intercepts_))
    state = est._state.optimizer_state
    state.m, state.v = np.zeros(size), np.ones(size)


def deeper(n_more):
    """Return a function that inserts matching layers after the first."""

    def damage(est):
        W, b = np.eye(5), np.zeros(5)
        est.coefs_ = [est.coefs_[0], *[W] * n_more, *est.coefs_[1:]]
        est.intercepts_ = [est.intercepts_[0], *[b] * n_more, *est.intercepts_[1:]]

    return damage


def forget(name):
    return lambda est: delattr(est, name)


# States that are not a network: prediction and further training raise an error.
DAMAGES = {
    "a bias short": (array("intercepts_", 0, lambda b: b[:3]), r"intercepts_\[0\]"),
    "a bias long": (
        array("intercepts_", 1, lambda b: np.r_[b, b]),
        r"intercepts_\[1\]",
    ),
    "a bias of one": (array("intercepts_", 0, lambda b: b[:1]), r"intercepts_\[0\]"),
    "a bias empty": (array("intercepts_", 2, lambda b: b[:0]), r"intercepts_\[2\]"),
    "a bias of 2-D": (array("intercepts_", 0, lambda b: b[None]), r"intercepts_\[0\]"),
    "a bias of 0-D": (array("intercepts_", 0, lambda b: b.sum()), r"intercepts_\[0\]"),
    "a bias of None": (array("intercepts_", 0, lambda b: None), r"intercepts_\[0\]"),
    "weights of fewer rows": (array("coefs_", 0, lambda W: W[:1]), r"coefs_\[0\]"),
    "weights of more rows": (array("coefs_", 1, lambda W: np.r_[W, W]), r"coefs_\[1\]"),
    "weights of fewer columns": (
        array("coefs_", 0, lambda W: W[:, :2]),
        r"intercepts_\[0\]|coefs_\[1\]",
    ),
    "outputs too few": (array("coefs_", 2, lambda W: W[:, :0]), r"coefs_\[2\]"),
    "outputs too many": (array("coefs_", 2, lambda W: np.c_[W, W]), r"coefs_\[2\]"),
    "weights flat": (array("coefs_", 0, np.ravel), r"coefs_\[0\]"),
    "weights of 3-D": (array("coefs_", 0, lambda W: W[None]), r"coefs_\[0\]"),
    "weights transposed": (array("coefs_", 1, lambda W: W.T), r"coefs_\[1\]"),
    "weights empty": (array("coefs_", 1, lambda W: W[:0, :0]), r"coefs_\[1\]"),
    "weights of None": (array("coefs_", 1, lambda W: None), r"coefs_\[1\]"),
    "weights a string": (array("coefs_", 1, lambda W: "none"), r"coefs_\[1\]"),
    "weights ragged": (
        array("coefs_", 1, lambda W: [[1.0], [1.0, 2.0]]),
        r"coefs_\[1\]",
    ),
    "weights of objects": (
        array("coefs_", 1, lambda W: W.astype(object)),
        r"coefs_\[1\]",
    ),
    "weights complex": (array("coefs_", 1, lambda W: W + 1j), r"coefs_\[1\]"),
    "weights of dates": (
        array("coefs_", 1, lambda W: W.astype("M8[s]")),
        r"coefs_\[1\]",
    ),
    "weights sparse": (array("coefs_", 1, sparse.csr_array), r"coefs_\[1\]"),
    "weights a record": (
        array("coefs_", 1, lambda W: np.zeros(W.shape, "f8,f8")),
        r"coefs_\[1\]",
    ),
    "a layer missing": (attribute("coefs_", lambda c: c[:-1]), "coefs_"),
    "a bias missing": (attribute("intercepts_", lambda c: c[:-1]), "intercepts_"),
    "no layers": (attribute("coefs_", lambda c: []), "coefs_"),
    "no biases": (attribute("intercepts_", lambda c: []), "intercepts_"),
    "biases None": (attribute("intercepts_", lambda c: None), "intercepts_"),
    "biases a number": (attribute("intercepts_", lambda c: 3.0), "intercepts_"),
    "biases forgotten": (forget("intercepts_"), "intercepts_"),
    "coefs None": (attribute("coefs_", lambda c: None), "coefs_"),
    "coefs a number": (attribute("coefs_", lambda c: 1), "coefs_"),
    "layers in another order": (attribute("coefs_", lambda c: c[::-1]), "coefs_"),
    "coefs and biases swapped": (
        lambda est: vars(est).update(coefs_=est.intercepts_, intercepts_=est.coefs_),
        "coefs_",
    ),
    "one layer more": (deeper(1), "coefs_"),
    "200 layers more": (deeper(200), "coefs_"),
    "100,000 layers more": (deeper(100_000), "coefs_"),
    "a layer without units": (
        lambda est: vars(est).update(
            coefs_=[np.ones((2, 0)), np.ones((0, 4)), np.ones((4, 1))],
            intercepts_=[np.zeros(0), np.zeros(4), np.zeros(1)],
        ),
        r"coefs_\[0\]",
    ),
    "n_layers_ too many": (attribute("n_layers_", lambda n: n + 1), "n_layers_"),
    "n_layers_ too few": (attribute("n_layers_", lambda n: n - 1), "n_layers_"),
    "n_layers_ of 200": (attribute("n_layers_", lambda n: 200), "n_layers_"),
    "n_layers_ of a billion": (attribute("n_layers_", lambda n: 10**9), "n_layers_"),
    "n_layers_ beyond integers": (attribute("n_layers_", lambda n: 2**70), "n_layers_"),
    "n_layers_ a string": (attribute("n_layers_", str), "n_layers_"),
    "n_layers_ None": (attribute("n_layers_", lambda n: None), "n_layers_"),
    "n_layers_ NaN": (attribute("n_layers_", lambda n: np.nan), "n_layers_"),
    "n_outputs_ of 2": (attribute("n_outputs_", lambda n: 2), "n_outputs_"),
    "n_outputs_ of 0": (attribute("n_outputs_", lambda n: 0), "n_outputs_"),
    "n_outputs_ of -1": (attribute("n_outputs_", lambda n: -1), "n_outputs_"),
    "out_activation_ softmax": (
        attribute("out_activation_", lambda n: "softmax"),
        "out_activation_",
    ),
    "out_activation_ unknown": (
        attribute("out_activation_", lambda n: "sigmoid"),
        "out_activation_",
    ),
    "classes_ of three": (attribute("classes_", lambda c: np.arange(3)), "classes_"),
    "classes_ of one": (attribute("classes_", lambda c: c[:1]), "classes_"),
    "labels of three": (
        lambda est: vars(est._labels).update(classes=np.arange(3), kind="multiclass"),
        "out_activation_|the same classes as",
    ),
    "labels of no kind": (
        lambda est: vars(est._labels).update(kind="none"),
        "out_activation_|y must have",
    ),
    "two classes that are nine": (
        lambda est: vars(est).update(
            _labels=vars(est._labels).update(classes=np.arange(9)) or est._labels,
            classes_=np.arange(9),
        ),
        "out_activation_|the same classes as",
    ),
    "labels of another kind": (
        lambda est: vars(est._labels).update(kind="multioutput", classes=[[0, 1]] * 2),
        "out_activation_|y must have 2 columns",
    ),
}

# States that can predict, but not continue with the solver's old state.
STALE = {
    "wider": widened(9),
    "narrower": widened(2),
    "as many weights in other layers": swapped,
    "moments short": moments("m", lambda m: m[:4]),
    "moments long": moments("v", lambda v: np.r_[v, v]),
    "moments of one": moments("m", lambda m: m[:1]),
    "moments empty": moments("m", lambda m: m[:0]),
    "moments of 2-D": moments("v", lambda v: v[None]),
    "moments of None": moments("v", lambda v: None),
    "moments of int": moments("v", lambda v: v.astype(int)),
    "moments of objects": moments("m", lambda m: m.astype(object)),
    "moments complex": moments("m", lambda m: m + 1j),
    "moments a list": moments("m", list),
    "steps negative": moments("t", lambda t: -3),
    "steps no number": moments("t", lambda t: "many"),
    "steps a fraction": moments("t", lambda t: 2.5),
    "steps beyond all counting": moments("t", lambda t: 2**70),
    "no state": lambda est: setattr(est._state, "optimizer_state", None),
    "the state of a user's": lambda est: setattr(
        est._state, "optimizer_state", {"m": 1}
    ),
}


def actions(est):
    """Return every call that reads the network."""
    return [
        lambda: est.predict(X),
        lambda: est.predict(X[:1]),
        lambda: est.predict_proba(X),
        lambda: est.predict_log_proba(X),
        lambda: est.decision_function(X),
        lambda: est.hidden_activations(X, layer=0),
        lambda: est.input_gradient(X),
        lambda: est.score(X, y),
        lambda: est.partial_fit(X, y),
        lambda: est.set_params(warm_start=True).fit(X, y),
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_states_that_are_not_a_network(damage, engine):
    whole = classifier(engine=engine).fit(X, y)
    apply, names = DAMAGES[damage]
    for number in range(len(actions(whole))):
        est = copy.deepcopy(whole)
        apply(est)
        with pytest.raises(ValueError, match=names):
            actions(est)[number]()
        again = pickle.loads(pickle.dumps(est))  # as if loaded from a file
        with pytest.raises(ValueError, match=names):
            actions(again)[number]()


@pytest.mark.parametrize("damage", STALE)
def test_the_solver_s_state_of_another_network(damage, engine):
    est = classifier(engine=engine).fit(X, y)
    STALE[damage](est)
    before = [W.copy() for W in est.coefs_]
    with pytest.raises(ValueError, match=r"solver's state.*warm_start=True keeps"):
        est.partial_fit(X, y)
    for W, then in zip(est.coefs_, before, strict=True):
        assert_array_equal(W, then)
    # as the error advises
    est.set_params(warm_start=True).fit(X, y)
    est.partial_fit(X, y)


@pytest.mark.parametrize("solver", ["sgd", "adamw", "rmsprop"])
def test_the_state_of_every_solver_is_checked(solver, engine):
    est = classifier(engine=engine, solver=solver).fit(X, y)
    for name, value in vars(est._state.optimizer_state).items():
        twin = copy.deepcopy(est)
        wrong = -1 if name == "t" else value[:-1]
        setattr(twin._state.optimizer_state, name, wrong)
        with pytest.raises(ValueError, match="solver's state"):
            twin.partial_fit(X, y)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda u: u.row_order.__setitem__(0, 10**9), "rows of the checkpoint"),
        (lambda u: u.row_order.__setitem__(0, -1), "rows of the checkpoint"),
        (lambda u: u.row_order.__setitem__(0, u.row_order[1]), "rows of the"),
        (lambda u: vars(u).update(row_order=u.row_order[:-1]), "rows of the"),
        (lambda u: vars(u).update(row_order=None), "rows of the checkpoint"),
        (lambda u: u.rows.__setitem__(0, u.rows[1]), "rows of the checkpoint"),
        (lambda u: vars(u).update(rows=None), "rows of the checkpoint"),
        (lambda u: vars(u).update(held_out=u.held_out[:-1]), "rows of the checkpoint"),
        (lambda u: u.held_out.__setitem__(0, 99), "rows of the checkpoint"),
        (lambda u: vars(u).update(best=(u.best[0][:-1], 0.5)), "best weights"),
        (lambda u: vars(u).update(best=(u.best[0][:1], 0.5)), "best weights"),
        (lambda u: vars(u).update(best=None), "best weights"),
    ],
)
def test_a_checkpoint_with_other_rows_or_weights(
    change, names, engine, tmp_path, monkeypatch
):
    pytest.importorskip("sklearn.callback")
    path = tmp_path / "fit.pkl"
    est = classifier(engine=engine, max_iter=20, early_stopping=True)
    est.set_callbacks(Checkpoint(path, every=3)).fit(X, y)
    saved = read(path)
    change(saved._state)
    monkeypatch.setattr("skneuron._estimators.base.read", lambda path: saved)
    resumed = classifier(engine=engine, max_iter=20, early_stopping=True)
    with pytest.raises(ValueError, match=names):
        resumed.resume(path, X, y)
    assert not hasattr(resumed, "coefs_")


@pytest.mark.parametrize("n_features", [1, 3, 0, -2])
def test_n_features_in_of_another_network(n_features, engine):
    est = classifier(engine=engine).fit(X, y)
    est.n_features_in_ = n_features
    other = np.ones((4, max(n_features, 1)))
    for data in (X, other):
        with pytest.raises(ValueError, match=r"features|n_features_in_"):
            est.predict(data)


def unusual(change):
    return lambda est: vars(est).update(
        coefs_=[change(W) for W in est.coefs_],
        intercepts_=[change(b) for b in est.intercepts_],
    )


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


def every_second(a):
    twice = np.repeat(a, 2, axis=-1)
    return twice[..., ::2]


UNUSUAL = {
    "Fortran order": np.asfortranarray,
    "read-only": read_only,
    "strided": every_second,
    "float16": lambda a: a.astype(np.float16),
    "longdouble": lambda a: a.astype(np.longdouble),
    "big-endian": lambda a: a.astype(">f8"),
    "big-endian float32": lambda a: a.astype(">f4"),
    "integers": lambda a: np.rint(3 * a).astype(int),
    "small integers": lambda a: np.rint(3 * a).astype(np.int8),
    "booleans": lambda a: a > 0,
    "lists": lambda a: a.tolist(),
    "tuples of float32": lambda a: a.astype(np.float32),
    "a masked array": np.ma.asarray,
}


@pytest.mark.parametrize("how", UNUSUAL)
def test_unusual_but_valid_states_work(how, engine):
    est = classifier(engine=engine).fit(X, y)
    unusual(UNUSUAL[how])(est)
    plain = classifier(engine="numpy").fit(X, y)
    plain.coefs_ = [np.array(W, float, order="C") for W in est.coefs_]
    plain.intercepts_ = [np.array(b, float) for b in est.intercepts_]
    p = est.predict_proba(X)
    assert p.dtype in (np.float32, np.float64)
    tight = {"rtol": 1e-4} if p.dtype == np.float32 else {"rtol": 1e-12}
    assert_allclose(p, plain.predict_proba(X), **tight)
    assert_allclose(est.input_gradient(X), plain.input_gradient(X), rtol=1e-3)
    est.coefs_, est.intercepts_ = tuple(est.coefs_), tuple(est.intercepts_)
    assert_array_equal(est.predict_proba(X), p)
    est.set_params(dtype="float64").partial_fit(X, y)
    plain.set_params(engine=engine).partial_fit(X, y)
    assert_allclose(est.coefs_[0], plain.coefs_[0], rtol=1e-6, atol=1e-12)


def test_a_consistently_widened_network_predicts(engine):
    est = classifier(engine=engine).fit(X, y)
    widened(9)(est)
    a = np.tanh(np.tanh(X @ est.coefs_[0]) @ est.coefs_[1] + est.intercepts_[1])
    z = a @ est.coefs_[2] + est.intercepts_[2]
    assert_allclose(est.decision_function(X), z.ravel())


@pytest.mark.parametrize("kind", ["three classes", "labels", "columns"])
def test_targets_of_every_kind_have_their_outputs(kind, engine):
    targets = {
        "three classes": THREE,
        "labels": np.c_[y, 1 - y],
        "columns": np.c_[THREE, y + 5],
    }[kind]
    whole = classifier(engine=engine).fit(X, targets)
    for wrong in (
        {"n_outputs_": whole.n_outputs_ + 1},
        {"out_activation_": "softmax" if kind == "labels" else "logistic"},
        {"coefs_": [*whole.coefs_[:-1], whole.coefs_[-1][:, :-1]]},
    ):
        est = copy.copy(whole)
        vars(est).update(wrong)
        with pytest.raises(ValueError, match=r"n_outputs_|out_activation_|coefs_\[2\]"):
            est.predict(X)


def test_a_regressor_s_outputs(engine):
    whole = NeuronRegressor(3, max_iter=2, engine=engine).fit(X, np.c_[y, y, y])
    for name, value in {"n_outputs_": 2, "out_activation_": "none"}.items():
        est = copy.copy(whole)
        setattr(est, name, value)
        with pytest.raises(ValueError, match=name):
            est.predict(X)


# The kernel, which checks its arguments itself.

kernel = (
    pytest.importorskip("skneuron._engines.kernel") if _engines.compiler() else None
)
needs_kernel = pytest.mark.skipif(kernel is None, reason="needs the compiled engine")

TANH, BINARY = ("TANH", ()), ("BINARY_LOG", (), (1,))
LINEAR = ("IDENTITY", ())


def dense(n_inputs, n_outputs, activation, starts, **changes):
    """Return a dense layer as the kernel takes it, with some fields replaced."""
    fields = {
        "kind": "DENSE",
        "n_inputs": n_inputs,
        "n_outputs": n_outputs,
        "activation": activation,
        "dropout": 0.0,
        "parts": [
            ((n_inputs, n_outputs), starts[0], 1.0, True, True),
            ((n_outputs,), starts[1], 1.0, False, False),
        ],
        "columns": (),
    }
    return tuple({**fields, **changes}.values())


def plan(sizes=(2, 3, 1), loss=BINARY, **changes):
    """Return a plan; changes are made to its first layer."""
    layers, start = [], 0
    activations = [TANH] * (len(sizes) - 2) + [LINEAR]
    for n_inputs, n_outputs, f in zip(sizes, sizes[1:], activations, strict=False):
        starts = start, start + n_inputs * n_outputs
        layers.append(dense(n_inputs, n_outputs, f, starts, **changes))
        start, changes = starts[1] + n_outputs, {}
    return kernel.Plan(layers, loss)


def predict(layers, network=None, outputs=None):
    """Call the kernel to predict, and return its outputs."""
    network = plan() if network is None else network
    outputs = np.empty((60, 1)) if outputs is None else outputs
    kernel.raw_outputs["double", "double"](network, X, layers, outputs, 1)
    return outputs


def arrays():
    """Return the arrays of the layers of `plan`."""
    return [[np.ones((2, 3)), np.ones(3)], [np.ones((3, 1)), np.ones(1)]]


W, b = ((2, 3), 0, 1.0, True, True), ((3,), 6, 1.0, False, False)


@needs_kernel
@pytest.mark.parametrize(
    "changes",
    [
        {"sizes": (2,)},
        {"sizes": (2, 0, 1)},
        {"sizes": (2, -3, 1)},
        {"sizes": (2, *[3] * 70, 1)},
        {"n_outputs": 4},
        {"n_inputs": 3},
        {"activation": ("CUBE", ())},
        {"activation": ("TANH", (1.0,))},
        {"activation": ("ELU", (1.0,))},
        {"activation": ("TANH",)},
        {"dropout": (0.5, 0.5)},
        {"dropout": 1.0},
        {"sizes": (2, 2**62, 1)},
        {"kind": "CONVOLUTION"},
        {"kind": "SCALE"},
        {"kind": "PERIODIC"},
        {"columns": (2,)},
        {"columns": (-1,)},
        {"parts": []},
        {"parts": [W]},
        {"parts": [b, W]},
        {"parts": [W, b, b]},
        {"parts": [W] * 9},
        {"parts": [((2, 3, 1), *W[1:]), b]},
        {"parts": [((2, 2**62), *W[1:]), b]},
        {"parts": [(W[0], 1, *W[2:]), b]},
        {"parts": [(W[0], -6, *W[2:]), b]},
        {"parts": [W, (b[0], 5, *b[2:])]},
        {"parts": [W, (b[0], 2**62, *b[2:])]},
        {"loss": ("CUBE", (), (1,))},
        {"loss": ("HUBER", (), (1,))},
    ],
)
def test_the_kernel_refuses_networks(changes):
    with pytest.raises((ValueError, OverflowError, TypeError)):
        predict(arrays(), plan(**changes))


@needs_kernel
def test_the_kernel_predicts_from_arrays_of_any_layout():
    expected = np.tanh(X @ np.ones((2, 3)) + 1) @ np.ones((3, 1)) + 1
    layers = arrays()
    assert_allclose(predict(layers), expected)
    layers[0][0] = np.ones((4, 6))[::2, ::2]
    layers[0][1] = np.ones(3, np.float32)
    layers[1][0] = np.asfortranarray(np.ones((3, 1)))
    layers[1][1] = np.frombuffer(b"." + np.ones(1).tobytes(), np.uint8)[1:].view(float)
    for layer in layers:
        for array in layer:
            array.flags.writeable = False
    assert_allclose(predict(layers), expected)


@needs_kernel
@pytest.mark.parametrize(
    "layers",
    [
        [],
        arrays()[:1],
        arrays() * 2,
        [[np.ones((2, 3))], arrays()[1]],
        [[*arrays()[0], np.ones(3)], arrays()[1]],
        [[np.ones((2, 4)), np.ones(3)], arrays()[1]],
        [[np.ones((3, 2)), np.ones(3)], arrays()[1]],
        [[np.ones(6), np.ones(3)], arrays()[1]],
        [[np.ones((2, 3, 1)), np.ones(3)], arrays()[1]],
        [[np.ones((2, 3)), np.ones(4)], arrays()[1]],
        [[np.ones((2, 3)), np.float64(1)], arrays()[1]],
        [[np.array([["a"] * 3] * 2), np.ones(3)], arrays()[1]],
        [[None, np.ones(3)], arrays()[1]],
        [None, arrays()[1]],
    ],
)
def test_the_kernel_refuses_arrays_of_other_layers(layers):
    with pytest.raises((TypeError, ValueError)):
        predict(layers)


@needs_kernel
@pytest.mark.parametrize("shape", [(59, 1), (60, 2), (0, 1)])
def test_the_kernel_refuses_outputs_of_another_shape(shape):
    with pytest.raises(ValueError, match="outputs"):
        predict(arrays(), outputs=np.empty(shape))


def training(**changes):
    """Call the kernel to train, with some arguments replaced."""
    if "loss" in changes:
        changes["plan"] = plan(loss=changes.pop("loss"))
    arguments = {
        "plan": plan(),
        "X": X,
        "labels": y[:, np.newaxis].astype(np.uint8),
        "targets": None,
        "sample_weight": None,
        "rows": None,
        "vector": np.zeros(13),
        "batch_size": 10,
        "optimizer": "ADAM",
        "hyperparameters": {"beta_1": 0.9, "beta_2": 0.9, "epsilon": 1e-8},
        "slots": [np.zeros(13), np.zeros(13)],
        "t": 0,
        "learning_rates": np.full(2, 0.1),
        "rule": {},
        "dropout_seed": 0,
        "epoch": 0,
        "n_threads": 1,
    }
    return kernel.train_epochs["double", "double"](*{**arguments, **changes}.values())


@needs_kernel
def test_the_kernel_trains_valid_networks():
    rows = np.tile(np.arange(60), (2, 1))
    for changes in ({}, {"rows": rows}, {"targets": np.ones((60, 1)), "labels": None}):
        losses, *_ = training(**changes)
        assert np.isfinite(losses).all()
        assert len(losses) == 2


def rows_with(value):
    rows = np.tile(np.arange(60), (2, 1))
    rows[1, 59] = value
    return rows


@needs_kernel
@pytest.mark.parametrize(
    "changes",
    [
        {"plan": None},
        {"X": None},
        {"vector": None},
        {"X": X[:, :1]},
        {"X": np.c_[X, X]},
        {"X": X[:0]},
        {"labels": None},
        {"labels": np.zeros((59, 1), np.uint8)},
        {"labels": np.zeros((60, 2), np.uint8)},
        {"targets": np.zeros((59, 1))},
        {"labels": None, "targets": np.zeros((60, 3))},
        {"sample_weight": np.ones(59)},
        {"rows": rows_with(60)},
        {"rows": rows_with(-1)},
        {"rows": rows_with(2**62)},
        {"rows": rows_with(0)[:1]},
        {"rows": rows_with(0)[:, :0]},
        {"learning_rates": np.empty(0)},
        {"batch_size": 0},
        {"batch_size": -5},
        {"optimizer": "LION"},
        {"optimizer": None},
        {"optimizer": 1},
        {"hyperparameters": {"momentun": 0.9}},
        {"hyperparameters": {"beta_1": "0.9"}},
        {"rule": {"max_grad_nrom": 1.0}},
        {"vector": np.zeros(12)},
        {"vector": np.zeros(14)},
        {"slots": [np.zeros(12), np.zeros(13)]},
        {"slots": [np.zeros(13), np.zeros(12)]},
        {"slots": [np.zeros(13)]},
        {"slots": []},
        {"slots": [np.zeros(13)] * 3},
        {"slots": [None, np.zeros(13)]},
        {"slots": [np.zeros(13), None]},
        {"optimizer": "SGD", "hyperparameters": {}},
        {"t": 2**70},
        {"loss": ("BINARY_LOG", (), (2,))},
        {"loss": ("BINARY_LOG", (), (0, 1))},
        {"loss": ("CUBE", (), (1,))},
        {"loss": ("QUANTILES", (), (1,))},
        {"loss": None},
    ],
)
def test_the_kernel_refuses_arrays_that_do_not_fit(changes):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        training(**changes)


@needs_kernel
def test_the_kernel_refuses_an_address_that_is_not_aligned():
    odd = np.zeros(60 * 2 * 8 + 1, np.uint8)[1:].view(float).reshape(60, 2)
    with pytest.raises(ValueError, match="not aligned"):
        training(X=odd)


def test_there_are_enough_states():
    assert len(DAMAGES) + len(STALE) >= 60
