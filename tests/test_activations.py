"""Every activation: known values, its derivative, its limits."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm

from skneuron.activations import ACTIVATIONS as NAMED
from skneuron.activations import ELU, LeakyReLU

ACTIVATIONS = {**NAMED, "leaky_relu-0.3": LeakyReLU(0.3), "elu-0.5": ELU(0.5)}
Z = np.array([-30.0, -3.0, -1.0, -0.1, 0.1, 1.0, 3.0, 30.0])

# f(1) and f(-1), by mpmath to 50 digits:
#   p = lambda z: 1 / (1 + exp(-z)); sp = lambda z: log(1 + exp(z))
#   s, a = mpf("1.0507009873554805"), mpf("1.6732632423543772")
#   selu = lambda z: s * (z if z > 0 else a * expm1(z)); gelu = lambda z: z * ncdf(z)
#   silu = lambda z: z * p(z); mish = lambda z: z * tanh(sp(z))
#   elu(-1) = alpha * expm1(-1)
KNOWN = {
    "identity": (1.0, -1.0),
    "logistic": (0.7310585786300049, 0.2689414213699951),
    "tanh": (0.7615941559557649, -0.7615941559557649),
    "relu": (1.0, 0.0),
    "leaky_relu": (1.0, -0.01),
    "elu": (1.0, -0.6321205588285577),
    "selu": (1.0507009873554805, -1.1113307378125625),
    "softplus": (1.3132616875182228, 0.3132616875182228),
    "gelu": (0.8413447460685429, -0.15865525393145705),
    "silu": (0.7310585786300049, -0.2689414213699951),
    "mish": (0.8650983882673103, -0.30340146137410895),
    "leaky_relu-0.3": (1.0, -0.3),
    "elu-0.5": (1.0, -0.31606027941427883),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_known_values(name):
    a = ACTIVATIONS[name].value(np.array([1.0, -1.0]))
    assert_allclose(a, KNOWN[name], rtol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_that_of_the_value(name):
    f, h = ACTIVATIONS[name], 1e-6
    difference = (f.value(Z + h) - f.value(Z - h)) / (2 * h)
    assert_allclose(f.derivative(Z, f.value(Z)), difference, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_precision_and_stays_finite(name, dtype):
    z = np.array([-1e4, -200, 0, 200, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise"):
        a = ACTIVATIONS[name].value(z)
        slope = ACTIVATIONS[name].derivative(z, a)
    assert a.dtype == dtype
    assert slope.dtype in (dtype, bool)
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_leaves_its_input_alone(name):
    z = Z.copy()
    a = ACTIVATIONS[name].value(z)
    before = a.copy()
    ACTIVATIONS[name].derivative(z, a)
    assert (z == Z).all()
    assert (a == before).all()


def test_selu_keeps_a_normal_distribution_at_mean_0_and_variance_1():
    selu = ACTIVATIONS["selu"].value

    def moment(k):
        def integrand(z):
            return selu(np.array(z)) ** k * norm.pdf(z)

        return quad(integrand, -12, 0)[0] + quad(integrand, 0, 12)[0]

    assert_allclose(moment(1), 0, atol=1e-9)
    assert_allclose(moment(2), 1, rtol=1e-9)
