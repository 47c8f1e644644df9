"""Every loss: its derivative, weights, scikit-learn's own losses, its limits."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import approx_fprime
from sklearn import metrics
from sklearn._loss import loss as sklearn_loss

from skneuron.losses import (
    CLASSIFICATION_LOSSES,
    INVERSE_LINKS,
    REGRESSION_LOSSES,
    LogLoss,
)

N_SAMPLES, N_OUTPUTS = 6, 3
CLASSIFICATION = {
    f"{name}-{link}": make().with_link(link)
    for name, make in CLASSIFICATION_LOSSES.items()
    for link in ("logistic", "softmax")
}
CLASSIFICATION |= {
    f"smoothed_log_loss-{link}": LogLoss(0.2).with_link(link)
    for link in ("logistic", "softmax")
}
REGRESSION = {
    name: make(**{"quantile": {"quantile": 0.3}, "huber": {"delta": 0.8}}.get(name, {}))
    for name, make in REGRESSION_LOSSES.items()
}
LOSSES = CLASSIFICATION | REGRESSION


def example(name, seed=0):
    """Return raw outputs and targets that are no kink of any loss."""
    rng = np.random.RandomState(seed)
    z = rng.normal(size=(N_SAMPLES, N_OUTPUTS))
    if name in CLASSIFICATION:
        return z, np.eye(N_OUTPUTS, dtype=bool)[rng.randint(N_OUTPUTS, size=N_SAMPLES)]
    return z, rng.uniform(0.5, 3, size=z.shape)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_gradient_is_that_of_the_value(name, weighted):
    z, y = example(name)
    w = np.random.RandomState(1).uniform(0, 2, N_SAMPLES) if weighted else None
    # squared_error reports the mean over the outputs and descends the sum
    scale = N_OUTPUTS if name == "squared_error" else 1

    def value(flat):
        return scale * LOSSES[name].value_and_gradient(flat.reshape(z.shape), y, w)[0]

    _, gradient = LOSSES[name].value_and_gradient(z, y, w)
    assert_allclose(gradient.ravel(), approx_fprime(z.ravel(), value), atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_a_weight_of_two_is_two_samples(name):
    z, y = example(name)
    weights = np.array([0, 1, 2, 0, 3, 1])
    value, gradient = LOSSES[name].value_and_gradient(z, y, weights.astype(float))
    repeated = np.repeat(np.arange(N_SAMPLES), weights)
    expected, by_sample = LOSSES[name].value_and_gradient(
        z[repeated], y[repeated], None
    )
    assert_allclose(value, expected)
    assert_allclose(gradient.sum(axis=0), by_sample.sum(axis=0))


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("squared_error", sklearn_loss.HalfSquaredError()),
        ("absolute_error", sklearn_loss.AbsoluteError()),
        ("huber", sklearn_loss.HuberLoss(delta=0.8)),
        ("quantile", sklearn_loss.PinballLoss(quantile=0.3)),
        ("poisson", sklearn_loss.HalfPoissonLoss()),
        ("gamma", sklearn_loss.HalfGammaLoss()),
        ("log_loss-logistic", sklearn_loss.HalfBinomialLoss()),
    ],
)
def test_equals_scikit_learns_loss(name, reference):
    z, y = example(name)
    z, y = z[:, :1], y[:, :1]
    value, gradient = LOSSES[name].value_and_gradient(z, y, None)
    targets = y.ravel().astype(float)
    expected = reference.loss(targets, z.ravel()).sum()
    if name in ("poisson", "gamma"):  # scikit-learn leaves out what z does not change
        expected += reference.constant_to_optimal_zero(targets).sum()
    assert_allclose(value, expected)
    assert_allclose(gradient.ravel(), reference.gradient(targets, z.ravel()))


def test_multinomial_log_loss_equals_scikit_learns():
    z, y = example("log_loss-softmax")
    reference = sklearn_loss.HalfMultinomialLoss(n_classes=N_OUTPUTS)
    labels = y.argmax(axis=1).astype(float)
    value, gradient = LOSSES["log_loss-softmax"].value_and_gradient(z, y, None)
    assert_allclose(value, reference.loss(labels, z).sum())
    assert_allclose(gradient, reference.gradient(labels, z))


@pytest.mark.parametrize("link", ["logistic", "softmax"])
def test_squared_error_of_probabilities_is_half_the_brier_score(link):
    z, y = example(f"squared_error-{link}")
    p = INVERSE_LINKS[link](z)
    value, _ = LOSSES[f"squared_error-{link}"].value_and_gradient(z, y, None)
    brier = sum(metrics.mean_squared_error(y[:, k], p[:, k]) for k in range(N_OUTPUTS))
    assert_allclose(value, 0.5 * N_SAMPLES * brier)


@pytest.mark.parametrize("name", CLASSIFICATION)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hopeless_samples_keep_the_loss_finite(name, dtype):
    z = np.array([[-1e4, 1e4, 0], [300, -300, 0]], dtype)
    y = np.array([[True, False, False], [False, True, False]])
    value, gradient = LOSSES[name].value_and_gradient(z, y, None)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
    assert gradient.dtype == dtype


@pytest.mark.parametrize("name", LOSSES)
def test_keeps_float32(name):
    z, y = example(name)
    y = y if name in CLASSIFICATION else y.astype(np.float32)
    w = np.ones(N_SAMPLES, np.float32)
    value, gradient = LOSSES[name].value_and_gradient(z.astype(np.float32), y, w)
    assert gradient.dtype == np.float32
    assert_allclose(value, LOSSES[name].value_and_gradient(z, y, None)[0], rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "y", "valid"),
    [
        ("poisson", 0.0, True),
        ("poisson", -1e-9, False),
        ("gamma", 1e-9, True),
        ("gamma", 0.0, False),
        ("huber", -5.0, True),
    ],
)
def test_target_range(name, y, valid):
    assert LOSSES[name].in_target_range(np.array([[1.0], [y]])) == valid
