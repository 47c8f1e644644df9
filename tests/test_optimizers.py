"""Optimizers and schedules against what their papers say of simple cases."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from skneuron._optimizers import SGD, Adam
from skneuron._schedules import Constant, InverseScaling


def run(optimizer, gradients, learning_rate=0.1):
    vector = np.zeros_like(gradients[0])
    state = optimizer.init(vector)
    for gradient in gradients:
        optimizer.update(vector, gradient.copy(), state, learning_rate)
    return vector


def test_momentum_sums_a_geometric_series():
    # After k equal gradients g the velocity is -rate g (1 - m^k) / (1 - m).
    m, n, g = 0.5, 6, np.array([1.0, -2.0])
    velocities = [(1 - m**k) / (1 - m) for k in range(1, n + 1)]
    assert_allclose(run(SGD(m, nesterov=False), [g] * n), -0.1 * g * sum(velocities))


def test_nesterov_is_one_momentum_step_ahead():
    # W looks ahead by momentum · velocity of where plain momentum stands.
    m, n, g = 0.5, 6, np.array([1.0, -2.0])
    plain = run(SGD(m, nesterov=False), [g] * n)
    velocity = -0.1 * g * (1 - m**n) / (1 - m)
    assert_allclose(run(SGD(m, nesterov=True), [g] * n), plain + m * velocity)


def test_without_momentum_it_is_gradient_descent():
    gradients = np.random.RandomState(0).normal(size=(5, 3))
    assert_allclose(run(SGD(momentum=0), gradients), -0.1 * gradients.sum(axis=0))


def test_adam_moves_by_the_learning_rate_whatever_the_scale():
    # Equal gradients: both corrected moments are g and g², so each step is rate · sign.
    g = np.array([1e-3, -1.0, 1e4])
    assert_allclose(run(Adam(epsilon=1e-300), [g] * 7), -0.7 * np.sign(g))


def test_adam_by_the_paper():
    # Algorithm 1 with its reordering, one scalar, in plain Python.
    gradients, rate, b1, b2, eps = [0.3, -1.2, 0.7], 0.1, 0.8, 0.95, 1e-2
    w = m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        w -= rate * (1 - b2**t) ** 0.5 / (1 - b1**t) * m / (v**0.5 + eps)
    moved = run(Adam(b1, b2, eps), [np.array([g]) for g in gradients])
    assert_allclose(moved, [w])


@pytest.mark.parametrize("optimizer", [SGD(), SGD(0.9, nesterov=False), Adam()])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_works_in_place_and_keeps_the_precision(optimizer, dtype):
    vector = np.ones(4, dtype)
    state, before = optimizer.init(vector), vector
    optimizer.update(vector, np.ones(4, dtype), state, 0.1)
    assert vector is before
    assert vector.dtype == dtype
    assert (vector != 1).all()
    assert all(a.dtype == dtype for a in vars(state).values() if hasattr(a, "dtype"))


@pytest.mark.parametrize("optimizer", [SGD(), SGD(0), Adam()])
def test_each_parameter_may_have_its_own_rate(optimizer):
    gradients = np.random.RandomState(0).normal(size=(5, 3))
    rates = np.array([0.1, 0.0, 0.3])
    together = run(optimizer, gradients, rates)
    for k, rate in enumerate(rates):
        assert_allclose(together[k], run(optimizer, gradients, rate)[k])


def test_schedules():
    assert Constant(0.3)(0) == Constant(0.3)(10**6) == 0.3
    assert InverseScaling(0.3, 0.5)(0) == 0.3
    assert_allclose(InverseScaling(0.3, 0.5)(99), 0.03)
