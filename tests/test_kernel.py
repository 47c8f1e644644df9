"""The compiled kernel: its functions against mpmath, its epochs against NumPy's."""

import os
import pickle
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from skneuron import NeuronClassifier, _engines
from skneuron._engines import Objective, Run, Samples
from skneuron._engines import numpy as _numpy
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS
from skneuron.losses import (
    CLASSIFICATION_LOSSES,
    REGRESSION_LOSSES,
    LogLoss,
)
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop

kernel = pytest.importorskip(
    "skneuron._engines.kernel", reason="installed without a C compiler"
)
compiled = _engines.ENGINES["compiled"]

EXP, TANH, LOGISTIC, LOG, LOG1P, COS, SIN = range(7)
LOSSES = {
    **{
        f"{name}-{link}": make().with_link(link)
        for name, make in CLASSIFICATION_LOSSES.items()
        for link in ("logistic", "softmax")
    },
    **{f"smoothed-{k}": LogLoss(0.1).with_link(k) for k in ("logistic", "softmax")},
    **{name: make() for name, make in REGRESSION_LOSSES.items()},
}


def units_in_the_last_place(y, exact):
    """Return the distance from exact values, which are mpmath's, in units of y."""
    spacing = np.spacing(np.abs(np.array([float(v) for v in exact], y.dtype)))
    errors = [float(v) for v in (e - float(v) for e, v in zip(exact, y, strict=True))]
    return np.abs(errors / spacing.astype(float))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("function", "name", "reach"),
    [
        (EXP, "exp", 1.0),
        (TANH, "tanh", 0.05),
        (LOGISTIC, "logistic", 0.9),
        (LOG, "log", 1e6),
        (LOG1P, "log1p", 1.0),
        (COS, "cos", 200.0),
        (SIN, "sin", 200.0),
    ],
)
def test_accurate_to_four_units_in_the_last_place(function, name, reach, dtype):
    mpmath = pytest.importorskip("mpmath")
    mpmath.mp.dps = 50
    truth = {
        "exp": mpmath.exp,
        "tanh": mpmath.tanh,
        "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
        "log": mpmath.log,
        "log1p": mpmath.log1p,
        "cos": lambda x: mpmath.cospi(2 * x),
        "sin": lambda x: mpmath.sinpi(2 * x),
    }[name]
    rng = np.random.RandomState(0)
    widest = (708 if dtype == np.float64 else 87) * reach
    x = np.concatenate(
        [rng.uniform(-w, w, 400) for w in (1e-30, 1e-8, 1e-3, 0.1, 1, 10, widest)]
    ).astype(dtype)
    if function in (LOG, LOG1P):  # of positive numbers: subnormal, near 1, huge
        x = np.abs(np.concatenate([x, 1 + x[:1600], x[:400] * dtype(1e-20) ** 2]))
        x = x[x > 0] if function == LOG else x
    y = kernel.apply(function, x)
    exact = [truth(mpmath.mpf(float(v))) for v in x]
    assert units_in_the_last_place(y, exact).max() <= 4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_saturates_cleanly(dtype):
    x = np.array([-np.inf, -1e30, -1000, 0, 1000, 1e30, np.inf, np.nan] * 3, dtype)
    zero_to_infinity = [0, 0, 0, 1, np.inf, np.inf, np.inf, np.nan] * 3
    assert_array_equal(kernel.apply(EXP, x), zero_to_infinity)
    assert_array_equal(kernel.apply(TANH, x), [-1, -1, -1, 0, 1, 1, 1, np.nan] * 3)
    assert_array_equal(kernel.apply(LOGISTIC, x), [0, 0, 0, 0.5, 1, 1, 1, np.nan] * 3)
    assert_array_equal(
        kernel.apply(LOG, np.array([-1, 0, 1, np.inf, np.nan] * 7, dtype)),
        [np.nan, -np.inf, 0, np.inf, np.nan] * 7,
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_waves_of_any_number_of_turns(dtype):
    turns = np.array([-1.75, -1.5, -0.25, 0, 0.25, 0.5, 1000.75] * 3, dtype)
    assert_array_equal(kernel.apply(COS, turns), [0, -1, 0, 1, 0, -1, 0] * 3)
    assert_array_equal(kernel.apply(SIN, turns), [1, 0, -1, 0, 1, 0, -1] * 3)
    endless = np.array([-np.inf, np.inf, np.nan] * 7, dtype)
    many = np.outer(10.0 ** np.arange(4, 38), [-1.23, 1, 4.56]).ravel().astype(dtype)
    for function in (COS, SIN):
        assert np.isnan(kernel.apply(function, endless)).all()
        assert (np.abs(kernel.apply(function, many)) <= 1).all()


def problem(loss, activations, dtype, n_samples=37, n_features=6, units=9, order="C"):
    rng = np.random.RandomState(0)
    X = np.asarray(rng.normal(size=(n_samples, n_features)), dtype=dtype, order=order)
    if "-" in loss:
        y = np.eye(3, dtype=bool)[rng.randint(3, size=n_samples)]
    else:
        y = rng.uniform(1, 4, size=(n_samples, 3)).astype(dtype)
    weights = rng.uniform(0, 2, size=n_samples).astype(dtype)
    sizes = (n_features, *[units] * len(activations), 3)
    network = Network.feed_forward(sizes, [ACTIVATIONS[name] for name in activations])
    parameters = Parameters.initial(network, "auto", rng, np.dtype(dtype))
    objective = Objective(network, LOSSES[loss], 0.1)
    return objective, parameters, Samples(X, y, weights, np.dtype(dtype))


def train(engine, optimizer, objective, start, samples, rows, batch_size, n_epochs=4):
    parameters = start.copy()
    state = optimizer.init(parameters.vector)
    run = Run(
        None if rows is None else np.tile(rows, (n_epochs, 1)),
        batch_size,
        [0.01] * n_epochs,
        dropout_seed=2**32 - 7,
        first_epoch=3,
    )
    engine.train_epochs(objective, parameters, optimizer, state, samples, run)
    return (run.losses, run.gradient_norms), parameters.vector, state


TOLERANCE = {
    np.float64: {"rtol": 1e-12, "atol": 1e-12},
    np.float32: {"rtol": 1e-5, "atol": 1e-5},
}


def assert_engines_agree(optimizer, pieces, rows, batch_size, dtype):
    expected = train(_numpy, optimizer, *pieces, rows, batch_size)
    got = train(compiled, optimizer, *pieces, rows, batch_size)
    (losses, norms), (expected_losses, expected_norms) = got[0], expected[0]
    assert_allclose(losses, expected_losses, rtol=TOLERANCE[dtype]["rtol"])
    assert_allclose(norms, expected_norms, rtol=10 * TOLERANCE[dtype]["rtol"])
    assert_allclose(got[1], expected[1], **TOLERANCE[dtype])
    for name, value in vars(expected[2]).items():
        assert_allclose(getattr(got[2], name), value, **TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_epochs_agree(loss, activation, dtype):
    pieces = problem(loss, [activation, "tanh"], dtype)
    assert_engines_agree(Adam(), pieces, None, 10, dtype)


@pytest.mark.parametrize(
    "optimizer",
    [
        SGD(),
        SGD(0.9, nesterov=False),
        SGD(momentum=0),
        Adam(0.5, 0.9, 1e-3),
        AdamW(0.5, 0.9, 1e-3, weight_decay=0.5),
        RMSprop(0.8, epsilon=1e-3),
        RMSprop(0.8, momentum=0.5, epsilon=1e-3),
    ],
)
@pytest.mark.parametrize("batch_size", [1, 2, 7, 37, 1000])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("units", [2, 40])  # narrower and wider than a vector
def test_epochs_agree_over_optimizers_and_batches(units, order, batch_size, optimizer):
    pieces = problem("log_loss-softmax", ["tanh"], np.float64, units=units, order=order)
    rows = np.random.RandomState(1).permutation(37)[:31]
    assert_engines_agree(optimizer, pieces, rows, batch_size, np.float64)


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_epochs_agree_over_depth_and_chunks(depth):
    # more samples than the kernel takes at once
    pieces = problem("huber", ["relu"] * depth, np.float64, n_samples=1300)
    assert_engines_agree(Adam(), pieces, None, 1250, np.float64)


@pytest.mark.parametrize("x_dtype", [np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_X_may_be_of_another_precision_and_any_strides(dtype, x_dtype):
    objective, parameters, samples = problem("poisson", ["tanh"], dtype)
    wide = np.repeat(np.repeat(samples.X.astype(x_dtype), 3, axis=0), 2, axis=1)
    wide.flags.writeable = False
    strided = Samples(wide[::-3, ::2], samples.y, samples.sample_weight, samples.dtype)
    pieces = (objective, parameters, strided)
    assert_engines_agree(Adam(), pieces, None, 10, dtype)
    z = [
        e.raw_outputs(parameters.network, parameters.layers, strided.X)
        for e in (compiled, _numpy)
    ]
    assert_allclose(*z, rtol=1e-4 if dtype == np.float32 else 1e-12, atol=1e-5)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_memory_map_is_read_as_it_is(order, tmp_path):
    X = np.random.RandomState(0).normal(size=(90, 4))
    y = X[:, 0] > 0
    on_disk = np.memmap(tmp_path / "X", X.dtype, "w+", shape=X.shape, order=order)
    on_disk[:] = X
    mapped = np.memmap(tmp_path / "X", X.dtype, "r", shape=X.shape, order=order)
    expected, got = (
        NeuronClassifier(5, engine="compiled", max_iter=5, random_state=0).fit(data, y)
        for data in (X, mapped)
    )
    assert got.loss_curve_ == expected.loss_curve_
    assert_array_equal(got.predict_proba(mapped), expected.predict_proba(X))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_stays_visible(bad):
    objective, parameters, samples = problem("huber", ["tanh"], np.float64)
    parameters.weights[1][0, 0] = bad
    assert not np.isfinite(compiled.sums(objective, parameters, samples).loss)


def test_leaves_the_floating_point_mode_as_it_was():
    subnormal = np.full(8, 5e-324)
    for engine in (compiled, _numpy):
        engine.sums(*problem("huber", ["tanh"], np.float64))
        assert (subnormal * 1.0 == 5e-324).all()
        with np.errstate(all="raise"), pytest.raises(FloatingPointError):
            np.ones(8) / np.zeros(8)


WITHOUT_KERNEL = """
    import pickle, sys

    sys.modules["skneuron._engines.kernel"] = None
    from skneuron._engines import compiler

    assert not compiler()
    network, X, y = pickle.load(sys.stdin.buffer)
    network.partial_fit(X, y)
    pickle.dump((network, network.predict_proba(X)), sys.stdout.buffer)
"""


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_pickles_go_on_where_there_is_no_kernel_and_back():
    X = np.random.RandomState(0).normal(size=(50, 3))
    y = X[:, 0] > 0
    network = NeuronClassifier(7, max_iter=4, random_state=0).fit(X, y)
    done = subprocess.run(
        [sys.executable, "-P", "-c", textwrap.dedent(WITHOUT_KERNEL)],
        input=pickle.dumps((network, X, y)),
        stdout=subprocess.PIPE,
        check=True,
    )
    returned, p = pickle.loads(done.stdout)
    network.partial_fit(X, y)
    assert_allclose(network.predict_proba(X), p, rtol=1e-10)
    assert_allclose(returned.predict_proba(X), p, rtol=1e-10)
    assert_allclose(
        returned.partial_fit(X, y).coefs_[0],
        network.partial_fit(X, y).coefs_[0],
        rtol=1e-9,
    )


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_threads_do_not_disturb_each_other():
    rng = np.random.RandomState(0)
    X = rng.normal(size=(2000, 30))
    y = X[:, 0] * X[:, 1] > 0
    params = {"max_iter": 20, "random_state": 0, "n_iter_no_change": 99}
    networks = [NeuronClassifier(20 + i % 2, **params) for i in range(6)]
    alone = [NeuronClassifier(20 + i, **params).fit(X, y) for i in range(2)]
    threads = [threading.Thread(target=n.fit, args=(X, y)) for n in networks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, network in enumerate(networks):
        assert network.loss_curve_ == alone[i % 2].loss_curve_


class Cube:
    def value(self, z):
        return z**3

    def derivative(self, z, a):
        return 3 * z**2

    def __repr__(self):
        return "Cube()"


def test_it_is_chosen_where_it_can():
    objective, _, samples = problem("huber", ["tanh"], np.float64)
    for name in ("auto", "compiled"):
        assert _engines.choose(name, objective, Adam(), samples.X) is compiled
    assert _engines.choose("numpy", objective, Adam(), samples.X) is _numpy


def unlike_the_kernel():
    """Yield what it does not take, and how the error names it."""
    objective, _, samples = problem("huber", ["tanh"], np.float64)
    X = samples.X
    yield objective, Adam(), X.astype(int), "X has dtype int64"
    yield objective, Adam(), sparse.csr_array(X), "X is sparse"
    yield objective, Adam(), X.astype(">f8"), "X has dtype >f8"
    unaligned = np.frombuffer(b"." + X.tobytes(), np.uint8)[1:].view(X.dtype)
    yield objective, Adam(), unaligned.reshape(X.shape), "not aligned"
    deep = Network.feed_forward((6, *[9] * 65, 3), [ACTIVATIONS["tanh"]] * 65)
    yield replace(objective, network=deep), Adam(), X, "fewer than 65 hidden layers"
    cubes = Network.feed_forward((6, 9, 3), [Cube()])
    yield replace(objective, network=cubes), Adam(), X, r"it has no Cube\(\)"
    yield replace(objective, loss=Cube()), None, X, r"it has no Cube\(\)"
    yield objective, Cube(), X, r"it has no Cube\(\)"


@pytest.mark.parametrize("case", unlike_the_kernel(), ids=lambda case: case[-1])
def test_what_it_does_not_know_goes_to_numpy(case):
    *work, reason = case
    assert _engines.choose("auto", *work) is _numpy
    with pytest.raises(
        ValueError, match=f"engine='compiled' cannot do this: .*{reason}"
    ):
        _engines.choose("compiled", *work)


def test_engine_compiled_says_why_it_cannot():
    X, y = np.arange(20).reshape(10, 2), [0, 1] * 5
    clf = NeuronClassifier(2, engine="compiled", max_iter=2)
    with pytest.raises(ValueError, match="X has dtype int64, and it takes float32"):
        clf.fit(X, y)
    assert not hasattr(clf, "coefs_")
    with pytest.warns(ConvergenceWarning):
        clf.fit(X / 20, y)
    with pytest.raises(ValueError, match="X is sparse, and it takes dense X only"):
        clf.predict(sparse.csr_array(X / 20))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_samples", [200, 207, 1700])
def test_helpers_change_no_number(n_samples, dtype):
    pieces = problem(
        "log_loss-softmax", ["tanh", "relu"], dtype, n_samples, n_features=60, units=90
    )
    rows = np.random.RandomState(1).permutation(n_samples)
    results = []
    for n_threads in (1, 2, 5):
        with threadpool_limits(n_threads, user_api="openmp"):
            trained = train(compiled, Adam(), *pieces, rows, n_samples, n_epochs=60)
            gradient = compiled.sums(*pieces)
            X = np.tile(pieces[2].X, (30, 1))
            z = compiled.raw_outputs(pieces[0].network, pieces[1].layers, X)
            results.append((*trained[:2], *gradient, z))
    for other in results[1:]:
        for expected, got in zip(results[0], other, strict=True):
            assert_array_equal(got, expected)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("params", ["", "batch_size='full'", "solver='lbfgs'"])
def test_ctrl_c_is_answered_within_an_epoch(params, interrupt):
    script = f"""
        import time, warnings
        import numpy as np
        from skneuron import NeuronClassifier

        X = np.random.RandomState(0).normal(size=(200_000, 100))
        clf = NeuronClassifier((300, 300), max_iter=10**6, {params})
        warnings.simplefilter("ignore")
        print("ready", flush=True)
        clf.fit(X, X[:, 0] > 0)
        print(time.time(), clf.n_iter_)
    """
    sent, out = interrupt(script, seconds=1.5)
    ended, n_iter = out.split()
    assert float(ended) - sent < 1
    assert int(n_iter) < 10  # epochs of some tenths of a second at least


# Under the sanitizers, and in plain C, rounds take some ten times as long.
SLOW_BUILD = "ASAN_OPTIONS" in os.environ or kernel.instructions() == "plain"
PROMPT = 3 if SLOW_BUILD else 0.5  # seconds


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize(
    "call", ["predict_proba(X)", "hidden_activations(X)", "score(X, y)"]
)
@pytest.mark.parametrize("n_threads", [1, 2])
def test_ctrl_c_is_answered_within_a_prediction(call, n_threads, interrupt):
    script = f"""
        import time, warnings
        import numpy as np
        from threadpoolctl import threadpool_limits
        from skneuron import NeuronClassifier

        X = np.random.RandomState(0).normal(size=(300_000, 50))
        y = X[:, 0] > 0
        warnings.simplefilter("ignore")
        clf = NeuronClassifier((900, 900, 900), max_iter=1).fit(X[:50], y[:50])
        print("ready", flush=True)
        start = time.time()
        try:
            with threadpool_limits({n_threads}, "openmp"):
                clf.{call}
        except KeyboardInterrupt:
            print(time.time(), time.time() - start)
        print(clf.predict(X[:3]).shape)
    """
    sent, out = interrupt(script, seconds=1)
    ended, _, again = out.split(maxsplit=2)
    assert float(ended) - sent < PROMPT
    assert again == "(3,)\n"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_ctrl_c_while_samples_are_scored_keeps_what_was_learned(solver, interrupt):
    script = f"""
        import time, warnings
        import numpy as np
        from skneuron import NeuronClassifier

        X = np.random.RandomState(0).normal(size=(1_000_000, 50))
        y = X[:, 0] > 0
        clf = NeuronClassifier((500, 500), solver="{solver}", random_state=0)
        print("ready", flush=True)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            clf.fit(X[:10], y[:10], X_val=X, y_val=y)
        print(time.time(), clf.n_iter_, len(set(map(len, clf.history_.values()))))
        print(caught[0].message)
    """
    sent, out = interrupt(script, seconds=2)
    ended, n_iter, n_lengths, warning = out.split(maxsplit=3)
    assert float(ended) - sent < PROMPT
    assert int(n_iter) >= 1
    assert n_lengths == "1"
    assert "interrupted by user" in warning


def test_a_prediction_in_rounds_is_the_same():
    """Signals are looked at between rounds of rows, which change no number."""
    pieces = problem("log_loss-softmax", ["tanh"], np.float64, 50, units=400)
    network, layers = pieces[0].network, pieces[1].layers
    X = np.tile(pieces[2].X, (2000, 1))  # some rounds
    z = compiled.raw_outputs(network, layers, X)
    once = compiled.raw_outputs(network, layers, pieces[2].X)
    assert_allclose(z, np.tile(once, (2000, 1)), rtol=1e-12)
    numpy = _numpy.raw_outputs(network, layers, X[-70:])
    assert_allclose(z[-70:], numpy, rtol=1e-10)


FORKED = """
    import os, threading, time, warnings
    import numpy as np
    from skneuron import NeuronRegressor

    warnings.simplefilter("ignore")
    rng = np.random.RandomState(0)
    X = rng.normal(size=(20_000, 50))
    params = {"batch_size": 2000, "random_state": 0, "tol": 0}

    def fit(n_epochs):
        return NeuronRegressor((200, 200), max_iter=n_epochs, **params).fit(X, X[:, 0])

    def most_threads(while_it_runs):
        most = 0
        thread = threading.Thread(target=while_it_runs)
        thread.start()
        while thread.is_alive():
            most = max(most, len(os.listdir("/proc/self/task")))
            time.sleep(0.001)
        return most - 2  # this one, and that which fits

    alone = fit(5).coefs_[0]
    busy = threading.Thread(target=fit, args=(40,))
    busy.start()
    time.sleep(0.3)  # by now it trains, with a helper
    reader, writer = os.pipe()
    if os.fork() == 0:
        helpers = most_threads(lambda: fit(5))
        same = bool((fit(5).coefs_[0] == alone).all())
        os.write(writer, f"{helpers} {same}".encode())
        os._exit(0)
    print(os.read(reader, 99).decode(), flush=True)
    os.wait()
    busy.join()
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="needs Linux")
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two processors")
@pytest.mark.skipif(kernel.instructions() == "plain", reason="built without threads")
def test_a_child_forked_while_others_fit_has_helpers():
    script = textwrap.dedent(FORKED)
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 True\n"
