"""Initial weights have the variance given in the papers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from skneuron import NeuronRegressor, _engines
from skneuron._engines import Objective, Run, Samples
from skneuron._network.initializers import INITIALIZERS
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS
from skneuron.losses import SquaredError
from skneuron.optimizers import Adam

FAN_IN, FAN_OUT = 300, 500
VARIANCE = {
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "he_uniform": 2 / FAN_IN,
    "he_normal": 2 / FAN_IN,
    "lecun_normal": 1 / FAN_IN,
    "zeros": 0,
}


def draw(init, dtype=np.float64, **kwargs):
    rng = np.random.RandomState(0)
    network = Network.feed_forward(
        (FAN_IN, FAN_OUT, 2), [ACTIVATIONS["tanh"]], init=init, **kwargs
    )
    return Parameters.initial(network, init, rng, np.dtype(dtype))


@pytest.mark.parametrize("init", INITIALIZERS)
def test_variance(init):
    W = draw(init).weights[0]
    assert_allclose(W.mean(), 0, atol=4 * np.sqrt(VARIANCE[init] / W.size))
    assert_allclose(W.var(), VARIANCE[init], rtol=0.02)
    if init.endswith("uniform"):
        bound = np.sqrt(3 * VARIANCE[init])
        assert_allclose([W.min(), W.max()], [-bound, bound], rtol=1e-3)


@pytest.mark.parametrize("init", INITIALIZERS)
def test_biases_start_at_zero(init):
    assert all((b == 0).all() for b in draw(init).biases)


def test_auto_without_intercepts_has_the_same_weights():
    assert (draw("auto", fit_intercept=False).biases[0] == 0).all()
    assert (draw("auto").biases[0] != 0).all()
    assert (
        draw("auto").weights[1] == draw("auto", fit_intercept=False).weights[1]
    ).all()


@pytest.mark.parametrize("init", ["auto", "ntk", *INITIALIZERS])
def test_float32_is_float64_rounded(init):
    single, double = draw(init, np.float32), draw(init, np.float64)
    assert single.vector.dtype == np.float32
    assert (single.vector == double.vector.astype(np.float32)).all()


def test_ntk_starts_normal_and_with_outputs_of_zero():
    start = draw("ntk")
    (W, V), (b, c) = start.weights, start.biases
    for numbers, variance in ((W, 1 / FAN_IN), (b, 1.0)):
        deviation = np.sqrt(variance / numbers.size)
        assert_allclose(numbers.mean(), 0, atol=3 * deviation)
        assert_allclose(numbers.var(), variance, rtol=5 / np.sqrt(numbers.size))
    assert not V.any()
    assert not c.any()


def test_ntk_divides_the_rates_of_weights():
    network = draw("ntk").network
    rates = {(s.part.role, s.layer): s.part.rate for s in network.slots}
    assert rates == {
        ("weights", 0): 1 / np.sqrt(FAN_IN),
        ("weights", 1): 1 / np.sqrt(FAN_OUT),
        ("biases", 0): 1,
        ("biases", 1): 1,
    }
    assert draw("he_normal").network.rates is None


def test_ntk_without_intercepts():
    start = draw("ntk", fit_intercept=False)
    assert not any(b.any() for b in start.biases)
    assert start.network.untrained == (
        slice(start.vector.size - FAN_OUT - 2, start.vector.size),
    )


def explicit_ntk(V, b, X, y, *, rate, n_steps, beta_1=0.9, beta_2=0.999):
    """Train W = V / sqrt(fan_in) of one tanh layer and an output with Adam on V."""
    factors = [1 / np.sqrt(len(v)) for v in V]
    parts = [*V, *b]
    m, v = [0 * p for p in parts], [0 * p for p in parts]
    for t in range(1, n_steps + 1):
        W = [f * p for f, p in zip(factors, parts[:2], strict=True)]
        a = np.tanh(X @ W[0] + parts[2])
        delta = (a @ W[1] + parts[3] - y) / y.size
        below = delta @ W[1].T * (1 - a**2)
        gradient = [factors[0] * X.T @ below, factors[1] * a.T @ delta]
        gradient += [below.sum(axis=0), delta.sum(axis=0)]
        for i, g in enumerate(gradient):
            m[i] = beta_1 * m[i] + (1 - beta_1) * g
            v[i] = beta_2 * v[i] + (1 - beta_2) * g**2
            step = m[i] / (1 - beta_1**t) / np.sqrt(v[i] / (1 - beta_2**t) + 1e-60)
            parts[i] = parts[i] - rate * step
    W = [f * p for f, p in zip(factors, parts[:2], strict=True)]
    return [*W, *parts[2:]]


@pytest.mark.parametrize("engine", _engines.ENGINES.values())
def test_ntk_is_the_explicit_parametrisation_under_adam(engine):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(30, 5)), rng.normal(size=(30, 1))
    network = Network.feed_forward((5, 7, 1), [ACTIVATIONS["tanh"]], init="ntk")
    parameters = Parameters.initial(network, "ntk", rng, X.dtype)
    V = [np.sqrt(len(W)) * W for W in parameters.weights]
    b = [b.copy() for b in parameters.biases]
    objective = Objective(network, SquaredError(), alpha=0.0)
    adam, samples = Adam(epsilon=1e-30), Samples(X, y, None, X.dtype)
    run = Run(None, 30, [0.04] * 6)
    state = adam.init(parameters.vector)
    engine.train_epochs(objective, parameters, adam, state, samples, run)
    expected = explicit_ntk(V, b, X, y, rate=0.04, n_steps=6)
    found = [*parameters.weights, *parameters.biases]
    for one, other in zip(found, expected, strict=True):
        assert_allclose(one, other, rtol=1e-9)


def test_an_estimator_trains_with_ntk():
    """One step of Adam moves each bias by the rate, each weight by less."""
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(30, 16)), rng.normal(size=30)
    reg = NeuronRegressor((), init="ntk", batch_size="full", alpha=0)
    reg.set_params(learning_rate_init=0.1, epsilon=1e-30).partial_fit(X, y)
    assert_allclose(np.abs(reg.intercepts_[0]), 0.1)
    assert_allclose(np.abs(reg.coefs_[0]), 0.1 / 4)
