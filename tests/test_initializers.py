"""Initial weights have the variance given in the papers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from skneuron._network.initializers import INITIALIZERS
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS

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
        (FAN_IN, FAN_OUT, 2), [ACTIVATIONS["tanh"]], **kwargs
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


@pytest.mark.parametrize("init", ["auto", *INITIALIZERS])
def test_float32_is_float64_rounded(init):
    single, double = draw(init, np.float32), draw(init, np.float64)
    assert single.vector.dtype == np.float32
    assert (single.vector == double.vector.astype(np.float32)).all()
