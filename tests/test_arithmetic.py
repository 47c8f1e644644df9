"""Two engines, one arithmetic: also where numbers overflow, underflow or are NaN."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit

from skneuron import _engines, losses
from skneuron._engines import Objective, Run, Samples
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop

pytestmark = [
    pytest.mark.skipif(not _engines.compiler(), reason="needs the compiled engine"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]
DTYPES = [np.float32, np.float64]


def magnitudes(dtype):
    """Return numbers from the smallest to nearly the greatest, of both signs."""
    info = np.finfo(dtype)
    ends = [info.smallest_subnormal, info.tiny, info.max / 4, info.max]
    decades = 10.0 ** np.arange(int(np.log10(info.tiny)) + 1, int(np.log10(info.max)))
    some = np.array(
        [*decades[:: len(decades) // 15], 1, 10, 80, 88.5, 89, 700, 709.5, 745, *ends]
    )
    return np.concatenate([-some[::-1], [0.0], some]).astype(dtype)


def class_name(thing):
    return type(thing).__name__


def both(function):
    """Return what each engine makes of the same call."""
    with np.errstate(all="ignore"):
        return [function(engine) for engine in _engines.ENGINES.values()]


def assert_alike(one, other, dtype, *, ulp=64, size=0.0):
    """Compare what is finite, and that it is so in the same places.

    Ulp says how many roundings there may be, size of which numbers where they have
    cancelled each other. Below the smallest normal number, C makes zeros of what NumPy
    makes subnormal: times an input of some hundred, that is allowed, too.
    """
    info = np.finfo(dtype)
    assert_array_equal(np.isfinite(one), np.isfinite(other))
    finite = np.isfinite(one)
    atol = max(1e4 * float(info.tiny), ulp * float(info.eps) * size)
    tight = {"rtol": ulp * info.eps, "atol": atol}
    assert_allclose(np.asarray(one)[finite], np.asarray(other)[finite], **tight)


def one_weight(dtype, n_layers=1, value=1.0):
    """Return a network of one unit a layer, and zero biases."""
    return Parameters.from_arrays(
        [np.full((1, 1), value)] * n_layers, [np.zeros(1)] * n_layers, np.dtype(dtype)
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_activations(name, dtype):
    objective = Objective((ACTIVATIONS[name],), losses.SquaredError(), 0.0, True)
    network, X = one_weight(dtype, 2), magnitudes(dtype)[:, np.newaxis]
    arguments = objective, network.weights, network.biases, X
    assert_alike(*both(lambda engine: engine.raw_outputs(*arguments)), dtype)


REGRESSION = [
    losses.SquaredError(),
    losses.AbsoluteError(),
    losses.Huber(1.35),
    losses.Quantile(0.3),
    losses.PoissonDeviance(),
    losses.GammaDeviance(),
]
CLASSIFICATION = [
    losses.BinaryLogLoss(),
    losses.SmoothedBinaryLogLoss(0.1),
    losses.LogisticSquaredError(),
]


@pytest.mark.parametrize("loss", REGRESSION + CLASSIFICATION, ids=class_name)
@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_of_one_output(loss, dtype):
    objective, network = Objective((), loss, 0.0, True), one_weight(dtype)
    truths = [False, True] if loss in CLASSIFICATION else [1e-30, 0.5, 1e19, 1e30]
    for truth in truths:
        y = np.array([[truth]], bool if loss in CLASSIFICATION else dtype)
        for x in magnitudes(dtype):
            samples = Samples(np.array([[x]]), y, None, np.dtype(dtype))
            (value, gradient), (expected, by_numpy) = both(
                lambda engine, samples=samples: engine.loss_and_gradient(
                    objective, network, samples
                )
            )
            assert_alike([value], [expected], dtype)
            assert_alike(gradient, by_numpy, dtype)


@pytest.mark.parametrize(
    "loss",
    [
        losses.MultinomialLogLoss(),
        losses.SmoothedMultinomialLogLoss(0.1),
        losses.SoftmaxSquaredError(),
    ],
    ids=class_name,
)
@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_of_a_softmax(loss, dtype):
    objective = Objective((), loss, 0.0, True)
    network = Parameters.from_arrays(
        [np.array([[1.0, 0, -1]])], [np.zeros(3)], np.dtype(dtype)
    )
    for truth in np.eye(3, dtype=bool):
        for x in magnitudes(dtype)[1:-1]:
            samples = Samples(np.array([[x]]), truth[np.newaxis], None, np.dtype(dtype))
            (value, gradient), (expected, by_numpy) = both(
                lambda engine, samples=samples: engine.loss_and_gradient(
                    objective, network, samples
                )
            )
            assert_alike([value], [expected], dtype)
            assert_alike(gradient, by_numpy, dtype, size=abs(float(x)))


def test_a_sum_of_losses_that_float32_cannot_hold():
    """Each loss is 2e38; their sum is beyond float32, their mean is not."""
    X = np.full((64, 1), 2e19, np.float32)
    samples = Samples(X, np.zeros((64, 1), np.float32), None, np.dtype(np.float32))
    objective = Objective((), losses.SquaredError(), 0.0, True)
    results = both(
        lambda e: e.loss_and_gradient(objective, one_weight(np.float32), samples)[0]
    )
    assert not np.isfinite(results).any()  # (2e19)² is beyond it already
    X[:] = 1e19
    results = both(
        lambda e: e.loss_and_gradient(objective, one_weight(np.float32), samples)[0]
    )
    assert_allclose(results, 5e37, rtol=1e-6)


def stepped(engine, optimizer, dtype, gradient, n_steps=2, **run):
    """Return a weight after steps of a gradient of this size, and the state.

    Two steps: where the second cancels the first, a third would go by a rounding.
    """
    # the absolute error of one sample: its gradient by the weight is x, or -x
    network = one_weight(dtype)
    state = optimizer.init(network.vector)
    X, y = np.array([[gradient]], dtype), np.zeros((1, 1), dtype)
    samples = Samples(X, y, None, np.dtype(dtype))
    objective = Objective((), losses.AbsoluteError(), 0.0, fit_intercept=False)
    orders = Run(None, 1, [1e-3] * n_steps, **run)
    engine.train_epochs(objective, network, optimizer, state, samples, orders)
    arrays = [v for v in vars(state).values() if isinstance(v, np.ndarray)]
    return np.concatenate([network.vector, *arrays])


OPTIMIZERS = [
    SGD(0.0),
    SGD(0.9),
    SGD(0.9, nesterov=False),
    Adam(),
    AdamW(weight_decay=0.1),
    RMSprop(),
    RMSprop(momentum=0.9),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_steps_of_gradients_of_every_size(optimizer, dtype):
    for gradient in magnitudes(dtype):
        one, other = both(
            lambda engine, g=gradient: stepped(engine, optimizer, dtype, g)
        )
        assert_alike(one, other, dtype, size=1e-3 * abs(float(gradient)))


@pytest.mark.parametrize("optimizer", [Adam(), RMSprop()], ids=str)
def test_squares_overflow_in_scikit_learn_s_order(optimizer):
    """The square of 5e19 is beyond float32: as in scikit-learn, that weight stays."""
    for engine in _engines.ENGINES.values():
        with np.errstate(all="ignore"):
            vector = stepped(engine, optimizer, np.float32, 5e19)
        assert vector[0] == 1.0
        assert np.isinf(vector).any()


@pytest.mark.parametrize("gradient", [1e10, 1e19, 5e19, 1e30, 1e38])
def test_a_long_gradient_is_clipped_to_the_limit_not_to_zero(gradient):
    """Its square is beyond float32, its length is not."""
    for engine in _engines.ENGINES.values():
        vector = stepped(
            engine, SGD(0.0), np.float32, gradient, n_steps=1, max_grad_norm=0.5
        )
        assert_allclose(vector[0], 1 - 1e-3 * 0.5, rtol=1e-6)


def test_weights_of_samples_that_float32_cannot_add():
    X = np.ones((8, 1), np.float32)
    weights = np.full(8, 1e38, np.float32)
    samples = Samples(X, np.zeros((8, 1), bool), weights, np.dtype(np.float32))
    objective = Objective((), losses.BinaryLogLoss(), 0.0, True)
    values = both(
        lambda e: e.loss_and_gradient(objective, one_weight(np.float32), samples)[0]
    )
    assert_allclose(values, -np.log(1 - expit(1.0)), rtol=1e-6)
