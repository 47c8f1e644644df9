"""The engines' gradients against SciPy's finite differences; batches; predictions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.optimize import check_grad

from skneuron import _engines
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
from skneuron.optimizers import SGD, Adam

LOSSES = {
    **{
        f"{name}-{link}": make().with_link(link)
        for name, make in CLASSIFICATION_LOSSES.items()
        for link in ("logistic", "softmax")
    },
    **{f"smoothed-{k}": LogLoss(0.1).with_link(k) for k in ("logistic", "softmax")},
    **{name: make() for name, make in REGRESSION_LOSSES.items()},
}
ENGINES = list(_engines.ENGINES.values())
FLOAT64 = np.dtype(np.float64)


def problem(loss, activations, *, weighted=True, n_outputs=2, alpha=0.7, **kwargs):
    """Return an objective, parameters and samples, with no kink within reach."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(9, 4))
    if "-" in loss:
        y = np.eye(n_outputs, dtype=bool)[rng.randint(n_outputs, size=9)]
    else:
        y = rng.uniform(4, 9, size=(9, n_outputs))
    weights = rng.uniform(0, 2, size=9) if weighted else None
    network = Network.feed_forward(
        (4, *[5] * len(activations), n_outputs),
        [ACTIVATIONS[name] for name in activations],
        **kwargs,
    )
    parameters = Parameters.initial(network, "auto", rng, FLOAT64)
    objective = Objective(network, LOSSES[loss], alpha)
    return objective, parameters, Samples(X, y, weights, FLOAT64)


def value_and_gradient(engine, objective, parameters, samples):
    sums = engine.sums(objective, parameters, samples)
    return objective.normalise(sums, parameters.vector)


def gradient_error(engine, objective, parameters, samples):
    """Return the distance of the gradient from finite differences."""

    def at(vector):
        trial = Parameters(objective.network, vector)
        return value_and_gradient(engine, objective, trial, samples)

    return check_grad(lambda v: at(v)[0], lambda v: at(v)[1], parameters.vector)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient(engine, loss, activation):
    n_outputs = 1 if loss == "squared_error" else 2  # the value is a mean over outputs
    pieces = problem(loss, [activation, "tanh"], n_outputs=n_outputs)
    assert gradient_error(engine, *pieces) < 4e-6  # of differences one-sided


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 3.0])
@pytest.mark.parametrize("activations", [[], ["tanh"], ["gelu", "elu", "logistic"]])
def test_gradient_over_depth_penalty_and_weights(engine, activations, alpha, weighted):
    pieces = problem("log_loss-softmax", activations, alpha=alpha, weighted=weighted)
    assert gradient_error(engine, *pieces) < 1e-6


@pytest.mark.parametrize("engine", ENGINES)
def test_without_intercepts_their_gradient_is_zero(engine):
    objective, parameters, samples = problem(
        "log_loss-softmax", ["tanh"], fit_intercept=False
    )
    _, gradient, _ = engine.sums(objective, parameters, samples)
    views = Parameters(objective.network, gradient)
    assert all((b == 0).all() for b in views.biases)
    assert all((W != 0).any() for W in views.weights)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("container", [sparse.csr_matrix, sparse.csr_array])
def test_sparse_is_the_same_as_dense(engine, container):
    objective, parameters, samples = problem("poisson", ["relu"])
    expected = engine.sums(objective, parameters, samples)
    as_sparse = Samples(container(samples.X), samples.y, samples.sample_weight, FLOAT64)
    if engine.unsupported_reason(objective, None, as_sparse.X):
        engine = _numpy
    sums = engine.sums(objective, parameters, as_sparse)
    assert_allclose(sums.loss, expected.loss)
    assert_allclose(sums.gradient, expected.gradient)
    assert sums.weight == expected.weight


@pytest.mark.parametrize("engine", ENGINES)
def test_an_epoch_is_one_step_for_each_batch(engine):
    # By hand: plain gradient steps over [4, 0, 7], [2], each from value_and_gradient.
    objective, parameters, samples = problem("huber", ["tanh"])
    by_hand = parameters.copy()
    losses = []
    for rows in ([4, 0, 7], [2]):
        X, y, w = samples.batch(np.array(rows))
        value, gradient = value_and_gradient(
            engine, objective, by_hand, Samples(X, y, w, FLOAT64)
        )
        by_hand.vector -= 0.1 * gradient
        losses.append(value)
    optimizer = SGD(momentum=0)
    epoch = Run(np.array([[4, 0, 7, 2]]), 3, [0.1])
    state = optimizer.init(parameters.vector)
    engine.train_epochs(objective, parameters, optimizer, state, samples, epoch)
    assert_allclose(parameters.vector, by_hand.vector)
    assert_allclose(epoch.losses, [(3 * losses[0] + losses[1]) / 4])
    assert_allclose(epoch.gradient_norms, [np.linalg.norm(gradient)])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_batch_without_weight_is_skipped(engine):
    objective, parameters, samples = problem("huber", ["tanh"])
    samples.sample_weight[:3] = 0
    others = parameters.copy()
    optimizer = SGD()
    runs = [Run(None, 3, [0.1]), Run(np.arange(3, 9)[np.newaxis], 3, [0.1])]
    for p, epoch in zip((parameters, others), runs, strict=True):
        state = optimizer.init(p.vector)
        engine.train_epochs(objective, p, optimizer, state, samples, epoch)
    assert_allclose(parameters.vector, others.vector, rtol=0)
    assert runs[0].losses == runs[1].losses
    assert runs[0].gradient_norms == runs[1].gradient_norms


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_raw_outputs_do_not_depend_on_the_chunk(engine, dtype, monkeypatch):
    objective, parameters, samples = problem("squared_error", ["tanh", "relu"])
    weights = [W.astype(dtype) for W in parameters.weights]
    biases = [b.astype(dtype) for b in parameters.biases]
    z = np.tanh(samples.X.astype(dtype) @ weights[0] + biases[0])
    z = np.maximum(z @ weights[1] + biases[1], 0) @ weights[2] + biases[2]
    monkeypatch.setattr(_numpy, "PREDICT_ROWS", 2)
    layers = list(zip(weights, biases, strict=True))
    outputs = engine.raw_outputs(objective.network, layers, samples.X)
    assert outputs.dtype == dtype
    assert_allclose(outputs, z, rtol=1e-5 if dtype == np.float32 else 1e-12)


def run(engine, pieces, rows, rates, split):
    """Train in runs of so many epochs; return losses, parameters and state."""
    objective, start, samples = pieces
    optimizer, parameters = Adam(), start.copy()
    state, losses = optimizer.init(parameters.vector), []
    for first in range(0, len(rates), split):
        epochs = slice(first, first + split)
        some = Run(None if rows is None else rows[epochs], 4, rates[epochs])
        some.first_epoch = first
        engine.train_epochs(objective, parameters, optimizer, state, samples, some)
        losses += some.losses
    return losses, parameters.vector, state


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("in_order", [False, True])
def test_a_run_is_its_epochs_one_by_one(engine, in_order):
    rng = np.random.RandomState(1)
    rows = None if in_order else np.array([rng.permutation(9)[:7] for _ in range(6)])
    rates = [0.1, 0.05, 0.2, 0.01, 0.1, 0.3]
    pieces = problem("log_loss-softmax", ["relu"])
    together = run(engine, pieces, rows, rates, 6)
    one_by_one = run(engine, pieces, rows, rates, 1)
    assert together[0] == one_by_one[0]
    assert len(together[0]) == 6
    assert_array_equal(together[1], one_by_one[1])
    assert_array_equal(together[2].v, one_by_one[2].v)
    assert together[2].t == one_by_one[2].t == (18 if in_order else 12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rate", [np.inf, 1e300])
def test_a_run_ends_where_a_number_is_not_finite(engine, rate):
    pieces = problem("squared_error", ["identity"])
    losses, vector, _ = run(engine, pieces, None, [0.1, 0.1, rate, 0.1, 0.1], 5)
    assert len(losses) == 3
    assert not np.isfinite(vector).all() or not np.isfinite(losses).all()
