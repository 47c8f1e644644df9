"""Periodic features: against loops over the formula, and at every size of a block."""

from dataclasses import replace
from math import cos, pi

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from threadpoolctl import threadpool_limits

from skneuron import _engines
from skneuron._engines import Objective, Run, Samples
from skneuron._network.dense import Dense
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron._network.periodic import Periodic
from skneuron._network.scale import Scale
from skneuron._network.sensitivity import input_gradient
from skneuron.activations import ACTIVATIONS
from skneuron.losses import SquaredError
from skneuron.optimizers import Adam

ENGINES = list(_engines.ENGINES.values())
NUMPY = _engines.ENGINES["numpy"]
TANH = ACTIVATIONS["tanh"]
FLOAT64 = np.dtype(np.float64)

every_engine = pytest.mark.parametrize("engine", ENGINES)
both_engines = pytest.mark.skipif(
    len(ENGINES) < 2, reason="installed without a C compiler"
)


def problem(n_samples, dtype=FLOAT64, *, n_features=5, columns=(3, 0, 4), units=8):
    rng = np.random.RandomState(0)
    periodic = Periodic(n_features, columns, n_features=2)
    layers = (
        periodic,
        Scale(periodic.n_outputs),
        Dense(periodic.n_outputs, units, TANH, dropout=0.3),
        Dense(units, 2),
    )
    network, dtype = Network(layers), np.dtype(dtype)
    start = Parameters.initial(network, "auto", rng, dtype)
    X, y = rng.normal(size=(n_samples, n_features)), rng.normal(size=(n_samples, 2))
    samples = Samples(X.astype(dtype), y.astype(dtype), None, dtype)
    return Objective(network, SquaredError(), alpha=0.1), start, samples


def train(engine, objective, start, samples, batch_size, n_epochs=2):
    parameters, optimizer = start.copy(), Adam()
    state = optimizer.init(parameters.vector)
    run = Run(None, batch_size, [0.01] * n_epochs, dropout_seed=5)
    engine.train_epochs(objective, parameters, optimizer, state, samples, run)
    return parameters.vector


def features(x, w, b, W, c):
    """Return W' cos(2 pi w x + b) + c of one number, by loops."""
    waves = [cos(2 * pi * w[f] * x + b[f]) for f in range(len(w))]
    return [
        sum(W[f, k] * wave for f, wave in enumerate(waves)) + c[k]
        for k in range(len(c))
    ]


@every_engine
@pytest.mark.parametrize("n_samples", [1, 2, 16, 50])
def test_formula(engine, n_samples):
    rng = np.random.RandomState(0)
    layer = Periodic(4, (2, 0), n_frequencies=5, n_features=3)
    w, b, W, c = arrays = [rng.normal(size=part.shape) for part in layer.parts]
    X = rng.normal(size=(n_samples, 4))
    z = engine.raw_outputs(Network((layer,)), [arrays], X)
    assert_array_equal(z[:, :4], X)
    for row, outputs in zip(X, z, strict=True):
        for j, column in enumerate(layer.columns):
            W_j = W[5 * j : 5 * (j + 1)]
            expected = features(row[column], w[j], b[j], W_j, c[j])
            assert_allclose(outputs[4 + 3 * j : 7 + 3 * j], expected, rtol=1e-12)


def test_start():
    layer = Periodic(3, (0, 1, 2), n_frequencies=4000, sigma=0.2)
    stream = np.random.RandomState(0)
    network = Network((layer,))
    w, b, W, c = Parameters.initial(network, "zeros", stream, FLOAT64).layers[0]
    assert_allclose([w.mean(), w.std()], [0, 0.2], atol=0.01)
    assert_allclose([b.min(), b.max()], [-pi, pi], rtol=1e-2)
    assert_allclose([W.min(), W.max()], np.array([-1, 1]) / np.sqrt(4000), rtol=1e-2)
    assert np.abs(c).max() <= 1 / np.sqrt(4000)
    assert_allclose([b.mean(), W.mean()], 0, atol=0.1)


def test_without_columns_it_is_the_identity():
    layer = Periodic(3, ())
    assert layer.parts == ()
    assert layer.n_outputs == 3


def test_no_part_decays_or_is_penalised():
    parts = Periodic(3, (1,), rate=0.5).parts
    roles = ["frequencies", "phases", "amplitudes", "offsets"]
    assert [part.role for part in parts] == roles
    assert not any(part.decays or part.penalised for part in parts)
    assert {part.rate for part in parts} == {0.5}


@both_engines
@pytest.mark.parametrize("n_samples", [1, 3, 17, 49, 65, 500])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_engines_agree_at_every_size(n_samples, dtype):
    """The last block of a batch may be short, and padded to whole vectors."""
    pieces = problem(n_samples, dtype)
    rtol = 1e-9 if dtype == np.float64 else 2e-3
    one, other = (engine.sums(*pieces) for engine in ENGINES)
    scale = np.abs(other.gradient).max()
    assert_allclose(one.gradient, other.gradient, rtol=rtol, atol=rtol * scale * 1e-2)
    one, other = (train(engine, *pieces, batch_size=7) for engine in ENGINES)
    assert_allclose(one, other, rtol=rtol, atol=rtol)


@both_engines
@pytest.mark.parametrize("x_dtype", [np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_X_may_be_of_another_precision(x_dtype, dtype):
    objective, start, samples = problem(60, dtype)
    X = np.asfortranarray(samples.X.astype(np.float32).astype(x_dtype))
    samples = replace(samples, X=X)
    one, other = (train(e, objective, start, samples, 20) for e in ENGINES)
    tolerance = 1e-9 if dtype == np.float64 else 1e-3
    assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@both_engines
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_threads_change_no_number(dtype):
    pieces = problem(1700, dtype, n_features=40, columns=tuple(range(39)), units=60)
    engine, results = _engines.ENGINES["compiled"], []
    for n_threads in (1, 2, 5):
        with threadpool_limits(n_threads, user_api="openmp"):
            trained = train(engine, *pieces, batch_size=1700, n_epochs=20)
            z = engine.raw_outputs(pieces[0].network, pieces[1].layers, pieces[2].X)
            results.append((trained, engine.sums(*pieces).gradient, z))
    for other in results[1:]:
        for expected, got in zip(results[0], other, strict=True):
            assert_array_equal(got, expected)


def test_sparse_features_are_the_same():
    objective, start, samples = problem(300)
    samples.X[samples.X < 0.5] = 0
    as_sparse = replace(samples, X=sparse.csr_array(samples.X))
    assert_allclose(
        train(NUMPY, objective, start, as_sparse, 50),
        train(NUMPY, objective, start, samples, 50),
        rtol=1e-12,
    )
    network, arrays = objective.network, start.layers
    z = [NUMPY.raw_outputs(network, arrays, s.X) for s in (samples, as_sparse)]
    assert_allclose(z[0], z[1], rtol=1e-12)
    slopes = [
        input_gradient(network, arrays, s.X, "identity", [2])
        for s in (samples, as_sparse)
    ]
    assert_allclose(slopes[0], slopes[1], rtol=1e-12)


def test_sensitivity():
    objective, start, samples = problem(10)
    network, arrays, X = objective.network, start.layers, samples.X
    slopes = input_gradient(network, arrays, X, "identity", [2])
    for column in range(X.shape[1]):
        step = np.zeros(X.shape[1])
        step[column] = 1e-6
        above, below = (
            NUMPY.raw_outputs(network, arrays, X + s) for s in (step, -step)
        )
        assert_allclose(slopes[:, :, column], (above - below) / 2e-6, atol=1e-8)


@both_engines
@pytest.mark.parametrize("columns", [(5,), (-1,), (0, 7)])
def test_the_kernel_refuses_columns_that_are_no_inputs(columns):
    layer = Periodic(5, columns)
    arrays = [np.zeros(part.shape) for part in layer.parts]
    with pytest.raises(ValueError, match="columns"):
        ENGINES[0].raw_outputs(Network((layer,)), [arrays], np.ones((3, 5)))


@every_engine
def test_it_learns_what_a_small_network_cannot(engine):
    """A sine of many periods; the frequencies start near the right ones."""
    rng = np.random.RandomState(0)
    x = rng.uniform(-1, 1, size=(400, 1))
    y = np.sin(25 * x)
    errors = []
    for columns in ((), (0,)):
        periodic = Periodic(1, columns, sigma=3.0)
        n = periodic.n_outputs
        network = Network((periodic, Dense(n, 20, TANH), Dense(20, 1)))
        start = Parameters.initial(network, "auto", rng, FLOAT64)
        objective = Objective(network, SquaredError(), alpha=0.0)
        adam, samples = Adam(), Samples(x, y, None, FLOAT64)
        state, run = adam.init(start.vector), Run(None, 40, [0.01] * 60)
        engine.train_epochs(objective, start, adam, state, samples, run)
        errors.append(run.losses[-1])
    assert errors[0] > 0.1
    assert errors[1] < 0.01
