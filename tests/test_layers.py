"""Layers and the table of their parts: both engines against finite differences.

Networks are stacked from every kind of layer; the estimators so far build dense ones.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.optimize import check_grad

from skneuron import _engines
from skneuron._engines import Objective, Run, Samples, StepRule
from skneuron._network.dense import Dense
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron._network.periodic import Periodic
from skneuron._network.scale import Scale
from skneuron.activations import ACTIVATIONS
from skneuron.losses import LogLoss, SquaredError
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop

ENGINES = list(_engines.ENGINES.values())
FLOAT64 = np.dtype(np.float64)
TANH = ACTIVATIONS["tanh"]
LAYERS = {
    "dense": (Dense(4, 5, TANH), Dense(5, 3)),
    "scaled inputs": (Scale(4), Dense(4, 5, TANH), Dense(5, 3)),
    "scaled twice": (Scale(4), Scale(4), Dense(4, 3)),
    "scaled in between": (Dense(4, 5, TANH), Scale(5), Dense(5, 3)),
    "scaled outputs": (Dense(4, 3), Scale(3)),
    "scaling alone": (Scale(3),),
    "periodic alone": (Periodic(1, (0,), 5, 2),),
    "periodic and dense": (Periodic(4, (1, 3)), Dense(10, 3)),
    "periodic and scaled": (
        Periodic(4, (3, 0, 2), 7),
        Scale(13),
        Dense(13, 5, TANH),
        Dense(5, 3),
    ),
    "scaled and periodic": (Scale(4), Periodic(4, (2,), 3, 1), Dense(5, 3)),
    "periodic in between": (
        Dense(4, 5, TANH),
        Periodic(5, (4, 1), 20, 4),
        Dense(13, 3),
    ),
    "periodic twice": (
        Periodic(2, (0, 1), rate=0.1),  # a faster one amplifies rounding errors
        Periodic(8, (7, 0), 4, rate=0.1),
        Dense(14, 3),
    ),
    "periodic without columns": (Periodic(4, ()), Dense(4, 3)),
    "without intercepts": (
        Scale(4),
        Dense(4, 5, TANH, fit_intercept=False),
        Dense(5, 3, fit_intercept=False),
    ),
}
SOLVERS = [
    SGD(),
    SGD(momentum=0),
    Adam(),
    AdamW(weight_decay=0.1),
    RMSprop(momentum=0.5),
]

every_engine = pytest.mark.parametrize("engine", ENGINES)
every_stack = pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)


def problem(layers, *, n_samples=60, dtype=FLOAT64, **kwargs):
    rng = np.random.RandomState(0)
    network = Network(layers)
    X = rng.normal(size=(n_samples, network.sizes[0])).astype(dtype)
    y = np.eye(3, dtype=bool)[rng.randint(3, size=n_samples)]
    weights = rng.uniform(0.1, 2, size=n_samples)
    objective = Objective(network, LogLoss().with_link("softmax"), 0.7, **kwargs)
    # small enough for the loss to clip no probability
    vector = rng.normal(scale=0.5, size=network.n_parameters).astype(dtype)
    return objective, Parameters(network, vector), Samples(X, y, weights, X.dtype)


def train(engine, objective, parameters, samples, optimizer, **run):
    """Return the parameters and the state after two epochs of four batches."""
    parameters = parameters.copy()
    state = optimizer.init(parameters.vector)
    epochs = Run(None, 15, [0.1, 0.05], **run)
    engine.train_epochs(objective, parameters, optimizer, state, samples, epochs)
    return parameters, state


@every_engine
@every_stack
def test_gradient(engine, layers):
    objective, parameters, samples = problem(layers)

    def at(vector):
        sums = engine.sums(objective, Parameters(objective.network, vector), samples)
        return objective.normalise(sums, vector)

    error = check_grad(lambda v: at(v)[0], lambda v: at(v)[1], parameters.vector)
    frozen = sum(part.stop - part.start for part in objective.network.untrained)
    if frozen:  # their gradient is zero, whatever differences say
        gradient = at(parameters.vector)[1]
        assert all((gradient[part] == 0).all() for part in objective.network.untrained)
    else:
        assert error < 1e-5


@pytest.mark.skipif(len(ENGINES) < 2, reason="installed without a C compiler")
@every_stack
@pytest.mark.parametrize("optimizer", SOLVERS, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_engines_agree(layers, optimizer, dtype):
    pieces = problem(layers, dtype=dtype, l1=0.3)
    runs = [train(engine, *pieces, optimizer, rule=StepRule(0.5)) for engine in ENGINES]
    (one, _), (other, _) = runs
    tolerance = {"rtol": 1e-9} if dtype == np.float64 else {"rtol": 1e-3, "atol": 1e-5}
    assert_allclose(one.vector, other.vector, **tolerance)
    z = [e.raw_outputs(one.network, one.layers, pieces[2].X) for e in ENGINES]
    assert_allclose(z[0], z[1], **tolerance)


@every_engine
def test_a_scale_multiplies_each_feature(engine):
    rng = np.random.RandomState(0)
    X, s, W, b = (rng.normal(size=size) for size in [(70, 4), 4, (4, 2), 2])
    network = Network((Scale(4), Dense(4, 2)))
    z = engine.raw_outputs(network, [[s], [W, b]], X)
    assert_allclose(z, (X * s) @ W + b, rtol=1e-12)


def test_a_scale_of_sparse_features():
    objective, parameters, samples = problem(LAYERS["scaled inputs"])
    samples.X[samples.X < 0.5] = 0
    as_sparse = replace(samples, X=sparse.csr_array(samples.X))
    engine = _engines.ENGINES["numpy"]
    dense, other = (
        engine.sums(objective, parameters, each) for each in (samples, as_sparse)
    )
    assert_allclose(other.loss, dense.loss)
    assert_allclose(other.gradient, dense.gradient, atol=1e-12)


def test_a_scale_starts_as_the_identity():
    stream = np.random.RandomState(0)
    network = Network((Scale(4), Dense(4, 2)))
    (s,), (W, _) = Parameters.initial(network, "auto", stream, FLOAT64).layers
    assert_array_equal(s, np.ones(4))
    assert (W != 0).all()


@every_engine
@pytest.mark.parametrize("optimizer", SOLVERS, ids=str)
@pytest.mark.parametrize(
    ("layer", "rate"),
    [
        (Scale(3), "rate"),
        (Periodic(1, (0,), 5, 2), "rate"),
        (Dense(4, 3, fit_intercept=False), "weights_rate"),
    ],
    ids=["scale", "periodic", "dense"],
)
def test_a_factor_multiplies_the_learning_rate_of_its_part(
    engine, optimizer, layer, rate
):
    """A factor of 6 is a step six times as long: in the first step of a layer alone."""
    moved = []
    for factor in (1.0, 6.0):
        pieces = problem((replace(layer, **{rate: factor}),), n_samples=15)
        parameters = pieces[1].copy()
        state, run = optimizer.init(parameters.vector), Run(None, 15, [0.01])
        engine.train_epochs(pieces[0], parameters, optimizer, state, pieces[2], run)
        moved.append(parameters.vector - pieces[1].vector)
    assert_allclose(moved[1], 6 * moved[0], rtol=1e-9, atol=1e-15)
    assert moved[0].any()


@every_engine
def test_a_factor_leaves_other_parts_alone(engine):
    layers = LAYERS["scaled inputs"]
    faster = (replace(layers[0], rate=6.0), *layers[1:])
    moved = []
    for stack in (layers, faster):
        objective, start, samples = problem(stack, n_samples=15)
        parameters, sgd = start.copy(), SGD(momentum=0)
        run = Run(None, 15, [0.01])
        engine.train_epochs(
            objective, parameters, sgd, sgd.init(start.vector), samples, run
        )
        moved.append(Parameters(objective.network, parameters.vector - start.vector))
    assert_allclose(moved[1].layers[0][0], 6 * moved[0].layers[0][0], rtol=1e-9)
    for one, other in zip(moved[0].layers[1:], moved[1].layers[1:], strict=True):
        for before, after in zip(one, other, strict=True):
            assert_allclose(before, after, rtol=1e-9)


@every_engine
def test_a_part_of_rate_zero_is_not_trained(engine):
    layers = (Scale(4, rate=0.0), Dense(4, 5, TANH, fit_intercept=False), Dense(5, 3))
    objective, start, samples = problem(layers)
    trained, state = train(engine, objective, start, samples, Adam())
    for part in objective.network.untrained:
        assert_array_equal(trained.vector[part], start.vector[part])
        assert_array_equal(state.m[part], 0)
    assert (trained.weights[0] != start.weights[0]).all()


@dataclass(frozen=True)
class Odd(Dense):
    """A dense layer whose biases decay and are penalised, and whose weights are not."""

    kernel_name: ClassVar[str] = Dense.kernel_name

    @property
    def parts(self):
        weights, biases = super().parts
        return (
            weights._replace(decays=False, penalised=False),
            biases._replace(decays=True, penalised=True),
        )


@every_engine
def test_each_part_says_whether_it_decays(engine):
    objective, start, samples = problem((Odd(4, 3),), n_samples=15)
    objective = replace(objective, alpha=0.0)
    moved = []
    for decay in (0.0, 0.5):
        parameters, optimizer = start.copy(), AdamW(weight_decay=decay)
        run = Run(None, 15, [0.1])
        state = optimizer.init(start.vector)
        engine.train_epochs(objective, parameters, optimizer, state, samples, run)
        moved.append(parameters)
    assert_allclose(moved[0].weights[0], moved[1].weights[0], rtol=1e-12)
    shrunk = moved[0].biases[0] - 0.1 * 0.5 * start.biases[0]
    assert_allclose(moved[1].biases[0], shrunk, rtol=1e-9)


@every_engine
@pytest.mark.parametrize("l1", [0.0, 5.0])
def test_each_part_says_whether_it_is_penalised(engine, l1):
    """One step of plain SGD: closed form of the ridge gradient and soft threshold."""
    objective, start, samples = problem((Odd(4, 3),), n_samples=15, l1=l1)
    objective = replace(objective, loss=SquaredError())
    samples = replace(samples, y=np.zeros((15, 3)), sample_weight=None)
    parameters, sgd = start.copy(), SGD(momentum=0)
    state, run = sgd.init(start.vector), Run(None, 15, [0.1])
    engine.train_epochs(objective, parameters, sgd, state, samples, run)
    W, b, X = start.weights[0], start.biases[0], samples.X
    z = X @ W + b
    assert_allclose(parameters.weights[0], W - 0.1 * X.T @ z / 15, rtol=1e-9)
    b = b - 0.1 * (z.sum(axis=0) + 0.7 * b) / 15
    b = np.sign(b) * np.maximum(np.abs(b) - 0.1 * l1 / 15, 0)
    assert_allclose(parameters.biases[0], b, rtol=1e-9)
    penalty = 0.35 * (start.biases[0] ** 2).sum() + l1 * np.abs(start.biases[0]).sum()
    assert_allclose(run.losses, [((z**2).sum() / 6 + penalty) / 15])


def test_the_table_of_parts():
    network = Network(LAYERS["scaled inputs"])
    table = [
        (slot.part.role, slot.layer, slot.start, slot.stop) for slot in network.slots
    ]
    assert table == [
        ("weights", 1, 0, 20),
        ("weights", 2, 20, 35),
        ("biases", 1, 35, 40),
        ("biases", 2, 40, 43),
        ("factors", 0, 43, 47),
    ]
    assert network.penalised == network.decaying == (slice(0, 35),)
    assert network.rates is None


def test_only_dense_layers_are_resized():
    network = Network(LAYERS["periodic and scaled"])
    assert network.sizes == (4, 13, 13, 5, 3)
    assert network.n_input_layers == 2
    assert network.dense_sizes == (13, 5, 3)
    wider = network.resized((13, 8, 3))
    assert wider.layers == (*network.layers[:2], Dense(13, 8, TANH), Dense(8, 3))
    assert Network(LAYERS["periodic alone"]).dense_sizes == (3,)


@pytest.mark.skipif(len(ENGINES) < 2, reason="installed without a C compiler")
def test_dropout_above_a_scale_is_the_same_in_both_engines():
    layers = (
        Scale(4),
        Dense(4, 9, TANH, dropout=0.5),
        Scale(9),
        Dense(9, 6, TANH, 0.3),
    )
    pieces = problem((*layers, Dense(6, 3)))
    runs = [
        train(engine, *pieces, SGD(), dropout_seed=3, first_epoch=2)
        for engine in ENGINES
    ]
    assert_allclose(runs[0][0].vector, runs[1][0].vector, rtol=1e-9)
