"""The engines compute the same, including overflow, underflow and NaN."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit

from skneuron import _engines, losses
from skneuron._engines import Objective, Run, Samples, StepRule
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop

pytestmark = [
    pytest.mark.skipif(not _engines.compiler(), reason="needs the compiled engine"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]
DTYPES = [np.float32, np.float64]


def magnitudes(dtype):
    """Return numbers of both signs, from the smallest to nearly the largest."""
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
    """Return the results of the same call on each engine."""
    with np.errstate(all="ignore"):
        return [function(engine) for engine in _engines.ENGINES.values()]


def assert_alike(one, other, dtype, *, ulp=64, size=0.0):
    """Compare which values are finite, and the finite values.

    `ulp` is the number of roundings allowed, and `size` the magnitude of numbers that
    cancel. C flushes subnormal numbers to zero, NumPy does not: this difference, times
    an input of a few hundred, is allowed as well.
    """
    info = np.finfo(dtype)
    assert_array_equal(np.isfinite(one), np.isfinite(other))
    finite = np.isfinite(one)
    atol = max(1e4 * float(info.tiny), ulp * float(info.eps) * size)
    tight = {"rtol": ulp * info.eps, "atol": atol}
    assert_allclose(np.asarray(one)[finite], np.asarray(other)[finite], **tight)


def linear(loss, W=((1.0,),), **kwargs):
    """Return an objective without hidden layers, and a function to its parameters."""
    W = np.array(W)
    network = Network.feed_forward(W.shape, [], **kwargs)
    arrays = [[W, np.zeros(W.shape[1])]]
    return Objective(network, loss, 0.0), lambda dtype: Parameters.from_arrays(
        network, arrays, np.dtype(dtype)
    )


def value_and_gradient(engine, objective, parameters, samples):
    sums = engine.sums(objective, parameters, samples)
    return objective.normalise(sums, parameters.vector)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_activations(name, dtype):
    network = Network.feed_forward((1, 1, 1), [ACTIVATIONS[name]])
    layers = [[np.ones((1, 1), dtype), np.zeros(1, dtype)]] * 2
    arguments = network, layers, magnitudes(dtype)[:, np.newaxis]
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
    losses.LogLoss().with_link("logistic"),
    losses.LogLoss(0.1).with_link("logistic"),
    losses.SquaredError().with_link("logistic"),
]


@pytest.mark.parametrize("loss", REGRESSION + CLASSIFICATION, ids=class_name)
@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_of_one_output(loss, dtype):
    objective, parameters = linear(loss)
    truths = [False, True] if loss in CLASSIFICATION else [1e-30, 0.5, 1e19, 1e30]
    for truth in truths:
        y = np.array([[truth]], bool if loss in CLASSIFICATION else dtype)
        for x in magnitudes(dtype):
            samples = Samples(np.array([[x]]), y, None, np.dtype(dtype))
            (value, gradient), (expected, by_numpy) = both(
                lambda engine, samples=samples: value_and_gradient(
                    engine, objective, parameters(dtype), samples
                )
            )
            assert_alike([value], [expected], dtype)
            assert_alike(gradient, by_numpy, dtype)


@pytest.mark.parametrize(
    "loss",
    [
        losses.LogLoss().with_link("softmax"),
        losses.LogLoss(0.1).with_link("softmax"),
        losses.SquaredError().with_link("softmax"),
    ],
    ids=class_name,
)
@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_of_a_softmax(loss, dtype):
    objective, parameters = linear(loss, [[1.0, 0, -1]])
    for truth in np.eye(3, dtype=bool):
        for x in magnitudes(dtype)[1:-1]:
            samples = Samples(np.array([[x]]), truth[np.newaxis], None, np.dtype(dtype))
            (value, gradient), (expected, by_numpy) = both(
                lambda engine, samples=samples: value_and_gradient(
                    engine, objective, parameters(dtype), samples
                )
            )
            assert_alike([value], [expected], dtype)
            assert_alike(gradient, by_numpy, dtype, size=abs(float(x)))


def test_a_sum_of_losses_that_float32_cannot_hold():
    """Each loss is 2e38: their sum exceeds float32, their mean does not."""
    X = np.full((64, 1), 2e19, np.float32)
    samples = Samples(X, np.zeros((64, 1), np.float32), None, np.dtype(np.float32))
    objective, parameters = linear(losses.SquaredError())
    results = both(
        lambda e: value_and_gradient(e, objective, parameters(np.float32), samples)[0]
    )
    assert not np.isfinite(results).any()  # (2e19)² exceeds float32 as well
    X[:] = 1e19
    results = both(
        lambda e: value_and_gradient(e, objective, parameters(np.float32), samples)[0]
    )
    assert_allclose(results, 5e37, rtol=1e-6)


def stepped(engine, optimizer, dtype, gradient, n_steps=2, **run):
    """Return a weight after steps with a gradient of this size, and the state.

    Two steps: if the second cancels the first, a third would depend on rounding.
    """
    # the absolute error of one sample: its gradient by the weight is x, or -x
    objective, parameters = linear(losses.AbsoluteError(), fit_intercept=False)
    weight = parameters(dtype)
    state = optimizer.init(weight.vector)
    X, y = np.array([[gradient]], dtype), np.zeros((1, 1), dtype)
    samples = Samples(X, y, None, np.dtype(dtype))
    orders = Run(None, 1, [1e-3] * n_steps, **run)
    engine.train_epochs(objective, weight, optimizer, state, samples, orders)
    arrays = [v for v in vars(state).values() if isinstance(v, np.ndarray)]
    return np.concatenate([weight.vector, *arrays])


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
def test_squares_overflow_as_in_scikit_learn(optimizer):
    """The square of 5e19 exceeds float32: as in scikit-learn, the weight stays."""
    for engine in _engines.ENGINES.values():
        with np.errstate(all="ignore"):
            vector = stepped(engine, optimizer, np.float32, 5e19)
        assert vector[0] == 1.0
        assert np.isinf(vector).any()


@pytest.mark.parametrize("gradient", [1e10, 1e19, 5e19, 1e30, 1e38])
def test_a_long_gradient_is_clipped_to_the_limit_not_to_zero(gradient):
    """Its square exceeds float32, its norm does not."""
    for engine in _engines.ENGINES.values():
        vector = stepped(
            engine, SGD(0.0), np.float32, gradient, n_steps=1, rule=StepRule(0.5)
        )
        assert_allclose(vector[0], 1 - 1e-3 * 0.5, rtol=1e-6)


def test_sample_weights_whose_sum_exceeds_float32():
    X = np.ones((8, 1), np.float32)
    weights = np.full(8, 1e38, np.float32)
    samples = Samples(X, np.zeros((8, 1), bool), weights, np.dtype(np.float32))
    objective, parameters = linear(losses.LogLoss().with_link("logistic"))
    values = both(
        lambda e: value_and_gradient(e, objective, parameters(np.float32), samples)[0]
    )
    assert_allclose(values, -np.log(1 - expit(1.0)), rtol=1e-6)
