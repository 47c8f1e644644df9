"""Training in practice: Ctrl-C, memory, precision, continued fits."""

import copy
import os
import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.datasets import make_moons

from skneuron import NeuronClassifier, NeuronRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize(
    "params",
    [
        {"solver": "adam"},
        {"solver": "sgd", "early_stopping": True, "learning_rate_init": 0.05},
        {"solver": "lbfgs", "max_fun": 10**9},
    ],
    ids=str,
)
def test_ctrl_c_keeps_what_was_learned(params, interrupt):
    script = f"""
        import time, warnings
        import numpy as np
        from skneuron import NeuronClassifier

        rng = np.random.RandomState(0)
        X = rng.normal(size=(20_000, 20))
        y = (X[:, 0] * X[:, 1] > 0) ^ (rng.uniform(size=20_000) < 0.1)
        clf = NeuronClassifier(
            200, random_state=0, max_iter=10**9, tol=0, n_iter_no_change=10**9,
            **{params}
        )
        print("ready", flush=True)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            clf.fit(X, y)
        print(time.time(), clf.n_iter_, len(clf.loss_curve_), clf.score(X, y))
        print([str(w.message) for w in caught])
    """
    sent, out = interrupt(script, seconds=2)
    ended, n_iter, n_losses, score = map(float, out.splitlines()[0].split())
    assert ended - sent < 1
    assert n_iter == n_losses > 1
    assert score > 0.7  # an untrained network scores about one half
    assert "Training interrupted by user." in out.splitlines()[1]


@pytest.fixture
def interrupt_after(monkeypatch):
    """Return a function that raises Ctrl-C in the middle of a later epoch."""

    def arm(estimator, n_batches):
        from skneuron._engines import numpy as _numpy

        original, calls = _numpy._sums, []

        def interrupted(*args):
            calls.append(1)
            if len(calls) == n_batches:
                raise KeyboardInterrupt
            return original(*args)

        monkeypatch.setattr(_numpy, "_sums", interrupted)
        return estimator.set_params(engine="numpy")

    return arm


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_ctrl_c_before_the_first_epoch_ends(solver, interrupt_after):
    X, y = make_moons(100, random_state=0)
    batch = {} if solver == "lbfgs" else {"batch_size": 20}
    clf = interrupt_after(NeuronClassifier(solver=solver, **batch), 1)
    with pytest.warns(UserWarning, match="interrupted by user"):
        clf.fit(X, y)
    assert clf.n_iter_ == 0
    assert clf.loss_curve_ == []
    clf.predict(X)


def test_ctrl_c_in_lbfgs_keeps_the_last_iteration(interrupt_after):
    X, y = make_moons(100, noise=0.3, random_state=0)
    reg = NeuronRegressor(5, solver="lbfgs", alpha=0, random_state=0)
    reg = interrupt_after(reg, 20)
    with pytest.warns(UserWarning, match="interrupted by user"):
        reg.fit(X, y)
    assert reg.n_iter_ > 3
    assert_allclose(((reg.predict(X) - y) ** 2).mean() / 2, reg.loss_curve_[-1])


def test_ctrl_c_with_early_stopping_gives_the_best_so_far(interrupt_after):
    X, y = make_moons(100, noise=0.3, random_state=0)
    clf = NeuronClassifier(
        5, early_stopping=True, validation_fraction=0.4, random_state=0, batch_size=60
    )
    with pytest.warns(UserWarning, match="interrupted by user"):
        interrupt_after(clf, 8).fit(X, y)
    assert len(clf.validation_scores_) == clf.n_iter_ == 7
    assert clf.best_validation_score_ == max(clf.validation_scores_)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["float32", None])
@pytest.mark.parametrize("batch_size", [200, "full"])
def test_training_never_copies_X(order, dtype, batch_size):
    rng = np.random.RandomState(0)
    X = np.asarray(rng.normal(size=(20_000, 100)), order=order)  # 16 MB
    y = X[:, 0] > 0
    if batch_size == "full" and dtype == "float32":
        pytest.skip("the one batch is converted, as it must be")
    clf = NeuronClassifier(2, max_iter=2, dtype=dtype, batch_size=batch_size)
    tracemalloc.start()
    try:
        clf.fit(X, y)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 4


def test_early_stopping_copies_the_hold_out_only():
    rng = np.random.RandomState(0)
    X = rng.normal(size=(20_000, 100))
    clf = NeuronClassifier(2, max_iter=2, early_stopping=True)
    tracemalloc.start()
    try:
        clf.fit(X, X[:, 0] > 0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes * (0.1 + 0.15)


@pytest.mark.parametrize("kind", ["float64", "float32", "uint8"])
def test_a_memory_map_is_read_batch_by_batch(kind, tmp_path):
    rng = np.random.RandomState(0)
    X = (rng.uniform(size=(20_000, 100)) * 255).astype(kind)
    y = X[:, 0] > 127
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    params = {"hidden_layer_sizes": 2, "max_iter": 1, "random_state": 0}
    tracemalloc.start()
    try:
        clf = NeuronClassifier(**params, learning_rate_init=1e-4).fit(mapped, y)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000 * 100 * 8 / 4
    in_memory = NeuronClassifier(**params, learning_rate_init=1e-4).fit(X, y)
    assert_array_equal(clf.coefs_[0], in_memory.coefs_[0])


@pytest.mark.parametrize("dtype", [None, "float64"])
def test_lbfgs_copies_no_memory_map_of_floats(dtype, engine, tmp_path):
    """It works in float64, but reads float32 as it is."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(50_000, 100)).astype("float32")  # 20 MB
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    params = {"solver": "lbfgs", "max_iter": 2, "random_state": 0, "dtype": dtype}
    reg = NeuronRegressor(2, engine=engine, **params)
    tracemalloc.start()
    try:
        reg.fit(mapped, X[:, 0], X_val=mapped, y_val=X[:, 0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 4
    exact = NeuronRegressor(2, engine=engine, **{**params, "dtype": "float64"})
    exact.fit(X.astype(float), X[:, 0].astype(float))
    assert_allclose(reg.coefs_[0], exact.coefs_[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_dtype_is_that_of_weights_and_predictions(container, solver, dtype):
    X, y = make_moons(60, random_state=0)
    other = "float32" if dtype == "float64" else "float64"
    X = container(X.astype(other))
    clf = NeuronClassifier(5, solver=solver, dtype=dtype, max_iter=5).fit(X, y)
    reg = NeuronRegressor(5, solver=solver, dtype=dtype, max_iter=5).fit(X, y)
    for array in (
        *clf.coefs_,
        *clf.intercepts_,
        clf.predict_proba(X),
        clf.predict_log_proba(X),
        clf.decision_function(X),
        *reg.coefs_,
        reg.predict(X),
    ):
        assert array.dtype == dtype


def test_integer_features_are_taken_as_float64():
    X = np.arange(40).reshape(20, 2)
    reg = NeuronRegressor(3, max_iter=3, random_state=0).fit(X, X[:, 0])
    same = NeuronRegressor(3, max_iter=3, random_state=0).fit(X * 1.0, X[:, 0])
    assert reg.coefs_[0].dtype == np.float64
    assert_array_equal(reg.coefs_[0], same.coefs_[0])


def test_a_network_keeps_its_precision_in_partial_fit():
    X, y = make_moons(60, random_state=0)
    clf = NeuronClassifier(5).partial_fit(X.astype("float32"), y, classes=[0, 1])
    assert clf.partial_fit(X, y).coefs_[0].dtype == np.float32


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_without_intercepts(solver):
    X, y = make_moons(60, random_state=0)
    clf = NeuronClassifier(5, solver=solver, fit_intercept=False, max_iter=20)
    clf.fit(X, y)
    assert [b.shape for b in clf.intercepts_] == [(5,), (1,)]
    assert all((b == 0).all() for b in clf.intercepts_)
    assert_array_equal(clf.decision_function(np.zeros((3, 2))), 0)


def test_batch_size_full_is_all_samples():
    X, y = make_moons(60, random_state=0)
    full = NeuronClassifier(5, batch_size="full", max_iter=5, random_state=0)
    sixty = NeuronClassifier(5, batch_size=60, max_iter=5, random_state=0)
    assert full.fit(X, y).loss_curve_ == sixty.fit(X, y).loss_curve_


def test_pending_shuffles_are_applied_later():
    X, y = make_moons(60, random_state=0)
    params = {"batch_size": "full", "max_iter": 5, "dropout": 0.2}
    fits = [
        NeuronClassifier(5, random_state=seed, **params).fit(X, y)
        for seed in (0, np.random.RandomState(0))
    ]
    # A copy is independent: applying its shuffles must not affect the original.
    fits.append(copy.deepcopy(fits[0]))
    for clf in fits:
        clf.partial_fit(X, y)  # shuffles stay pending
        clf.set_params(batch_size=7).partial_fit(X, y)
    for clf in fits[1:]:
        assert_array_equal(clf.coefs_[0], fits[0].coefs_[0])


def test_a_warm_start_drops_pending_shuffles():
    X, y = make_moons(60, random_state=0)
    params = {"batch_size": "full", "max_iter": 5, "warm_start": True}
    by_seed = NeuronClassifier(5, random_state=0, **params).fit(X, y).fit(X, y)
    by_stream = NeuronClassifier(5, **params)
    for _ in range(2):
        by_stream.set_params(random_state=np.random.RandomState(0)).fit(X, y)
    for clf in (by_seed, by_stream):
        clf.set_params(batch_size=7).partial_fit(X, y)
    assert_array_equal(by_seed.coefs_[0], by_stream.coefs_[0])


def test_an_activation_for_each_layer():
    X, y = make_moons(60, random_state=0)
    clf = NeuronClassifier((4, 3), ["tanh", "relu"], max_iter=5, random_state=0)
    clf.fit(X, y)
    W1, W2, W3 = clf.coefs_
    b1, b2, b3 = clf.intercepts_
    z = np.maximum(np.tanh(X @ W1 + b1) @ W2 + b2, 0) @ W3 + b3
    assert_allclose(clf.decision_function(X), z.ravel())


def test_edited_weights_are_used_for_predictions():
    X, y = make_moons(60, random_state=0)
    clf = NeuronClassifier((), max_iter=5, warm_start=True).fit(X, y)
    clf.coefs_[0] = np.array([[1.0], [0.0]])
    clf.intercepts_[0][:] = 0
    assert_allclose(clf.decision_function(X), X[:, 0])
    clf.set_params(max_iter=1, learning_rate_init=1e-12).fit(X, y)
    assert_allclose(clf.coefs_[0], [[1.0], [0.0]], atol=1e-10)


def test_lbfgs_prints_each_iteration(capsys):
    X, y = make_moons(60, random_state=0)
    clf = NeuronClassifier(solver="lbfgs", verbose=True, max_iter=3).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"Iteration {i}, loss = {loss:.8f}" for i, loss in enumerate(clf.loss_curve_, 1)
    ]
