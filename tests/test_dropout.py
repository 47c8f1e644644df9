"""Dropout: random words, masks and gradients, the same on both engines."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits, make_moons
from threadpoolctl import threadpool_limits

from skneuron import NeuronClassifier, NeuronRegressor, _engines
from skneuron._engines import Objective, Run, Samples
from skneuron._engines.threefry import masks, threefry
from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS
from skneuron.losses import SquaredError
from skneuron.optimizers import SGD

ENGINES = list(_engines.ENGINES.values())
FLOAT64 = np.dtype(np.float64)
X, y = make_moons(120, noise=0.2, random_state=0)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def classifier(**params):
    defaults = {"max_iter": 6, "random_state": 0, "dropout": 0.4}
    return NeuronClassifier((7, 4), **{**defaults, **params})


@pytest.mark.parametrize(
    ("key", "counter", "words"),
    [
        ((0, 0), (0, 0), (0x9D1C5EC6, 0x8BD50731)),
        ((2**32 - 1,) * 2, (2**32 - 1,) * 2, (0xFD36D048, 0x2D17272C)),
        (
            (0x13198A2E, 0x03707344),
            (0x243F6A88, 0x85A308D3),
            (0xBA3E4725, 0xF27D669E),
        ),
    ],
)
def test_threefry_gives_the_published_words(key, counter, words):
    # Known answers from the tests of Random123, the authors' library.
    c0, c1 = (np.array([c], np.uint32) for c in counter)
    assert tuple(int(word[0]) for word in threefry(key, c0, c1)) == words


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_masks_are_fair_coins(rate):
    n, units = 4000, 31
    first, second = masks([rate, rate], [units, units], (3, 5), FLOAT64, slice(0, n))
    (other, _) = masks([rate, rate], [units, units], (3, 6), FLOAT64, slice(0, n))
    assert set(np.unique(first)) == {0, 1 / (1 - rate)}
    kept = np.hstack([first, second, other]) > 0
    deviation = np.sqrt(rate * (1 - rate) / n)
    assert_allclose(kept.mean(axis=0), 1 - rate, atol=5 * deviation)
    assert_allclose(kept.mean(), 1 - rate, atol=5 * deviation / np.sqrt(3 * units))
    # units, layers, epochs and neighbouring samples are independent
    correlations = np.corrcoef(kept.T) - np.eye(3 * units)
    assert np.abs(correlations).max() < 5 / np.sqrt(n)
    by_neighbour = [np.corrcoef(k[1:], k[:-1])[0, 1] for k in kept.T]
    assert np.abs(by_neighbour).max() < 5 / np.sqrt(n)


def test_masks_depend_on_the_position_alone():
    whole = list(masks([0.3, 0, 0.6], [5, 2, 8], (1, 2), FLOAT64, slice(0, 50)))
    part = list(masks([0.3, 0, 0.6], [5, 2, 8], (1, 2), FLOAT64, slice(17, 31)))
    assert whole[1] is part[1] is None
    for layer in (0, 2):
        assert_array_equal(part[layer], whole[layer][17:31])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_a_step_is_that_of_the_network_without_the_units(engine, activation):
    # One sample, so that its dropped units can be removed from the network.
    rng = np.random.RandomState(0)
    rates, sizes = (0.5, 0.25), (3, 9, 6, 2)
    f = [ACTIVATIONS[activation]] * 2
    network = Network.feed_forward(sizes, f, dropout=rates)
    parameters = Parameters(network, rng.normal(size=27 + 54 + 12 + 17))
    samples = Samples(rng.normal(size=(1, 3)), rng.normal(size=(1, 2)), None, FLOAT64)
    objective = Objective(network, SquaredError(), 0.0)
    first, second = (
        m[0] for m in masks(rates, sizes[1:3], (11, 4), FLOAT64, slice(0, 1))
    )
    assert 0 < (first > 0).sum() < 9
    assert 0 < (second > 0).sum() < 6

    k1, k2 = np.flatnonzero(first), np.flatnonzero(second)
    W, b = parameters.weights, parameters.biases
    smaller = Network.feed_forward((3, len(k1), len(k2), 2), f)
    thinned = Parameters.from_arrays(
        smaller,
        [
            (W[0][:, k1], b[0][k1]),
            (W[1][np.ix_(k1, k2)] / (1 - 0.5), b[1][k2]),
            (W[2][k2] / (1 - 0.25), b[2]),
        ],
        FLOAT64,
    )
    loss, gradient, _ = engine.sums(
        replace(objective, network=smaller), thinned, samples
    )
    g = Parameters(smaller, gradient)
    expected = Parameters.zeros(network, FLOAT64)
    expected.weights[0][:, k1] = g.weights[0]
    expected.weights[1][np.ix_(k1, k2)] = g.weights[1] / (1 - 0.5)
    expected.weights[2][k2] = g.weights[2] / (1 - 0.25)
    expected.biases[0][k1], expected.biases[1][k2] = g.biases[0], g.biases[1]
    expected.biases[2][:] = g.biases[2]

    start, sgd = parameters.copy(), SGD(momentum=0)
    run = Run(None, 1, [1.0], dropout_seed=11, first_epoch=4)
    state = sgd.init(parameters.vector)
    engine.train_epochs(objective, parameters, sgd, state, samples, run)
    assert_allclose(run.losses, [loss])
    assert_allclose(start.vector - parameters.vector, expected.vector, atol=1e-13)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [1, 50, "full"])
@pytest.mark.parametrize("dropout", [0.4, [0.0, 0.5], [0.3, 0.0]])
def test_engines_agree(dropout, batch_size, dtype):
    params = {"dropout": dropout, "batch_size": batch_size, "dtype": dtype}
    both = [
        classifier(engine=engine, **params).fit(X, y) for engine in _engines.ENGINES
    ]
    tolerance = {"rtol": 1e-4} if dtype == "float32" else {"rtol": 1e-9}
    for clf in both:
        assert_allclose(clf.loss_curve_, both[0].loss_curve_, **tolerance)
        assert_allclose(clf.coefs_[1], both[0].coefs_[1], atol=1e-5, **tolerance)


def test_threads_change_no_number():
    digits, target = load_digits(return_X_y=True)
    clf = NeuronClassifier((150, 41), dropout=0.5, max_iter=3, random_state=0)
    with threadpool_limits(1):
        alone = clone(clf).fit(digits / 16, target)
    assert_array_equal(clf.fit(digits / 16, target).coefs_[0], alone.coefs_[0])


def test_the_random_state_decides(engine):
    first, second = (classifier(engine=engine).fit(X, y) for _ in range(2))
    assert_array_equal(first.coefs_[0], second.coefs_[0])
    other = classifier(engine=engine, shuffle=False).initialize(X, y)
    streams = [np.random.RandomState(seed) for seed in (1, 2)]
    start = {"coefs_init": other.coefs_, "intercepts_init": other.intercepts_}
    params = {"shuffle": False, "batch_size": "full", "engine": engine}
    one, two = (
        classifier(random_state=s, **params).fit(X, y, **start) for s in streams
    )
    assert np.abs(one.coefs_[0] - two.coefs_[0]).max() > 1e-4  # by the masks alone


def test_epochs_one_at_a_time_are_those_of_a_run(engine, capsys):
    together = classifier(engine=engine).fit(X, y)
    one_by_one = classifier(engine=engine, verbose=True).fit(X, y)
    assert_array_equal(together.coefs_[0], one_by_one.coefs_[0])
    assert len(set(together.loss_curve_)) == 6


@pytest.mark.parametrize("dropout", [0, 0.0, [0, 0.0]])
def test_a_rate_of_zero_is_no_dropout(dropout, engine):
    plain = NeuronClassifier((7, 4), max_iter=6, random_state=0, engine=engine)
    clf = classifier(dropout=dropout, engine=engine)
    assert clf.fit(X, y).loss_curve_ == plain.fit(X, y).loss_curve_


def test_predictions_have_all_units(engine):
    clf = classifier(engine=engine).fit(X, y)
    without = classifier(dropout=0, engine=engine).initialize(X, y)
    without.coefs_, without.intercepts_ = clf.coefs_, clf.intercepts_
    assert_array_equal(clf.predict_proba(X), without.predict_proba(X))
    assert_array_equal(clf.hidden_activations(X), without.hidden_activations(X))


def test_validation_has_all_units(engine):
    clf = classifier(engine=engine, max_iter=1).fit(X, y, X_val=X, y_val=y)
    assert clf.validation_scores_ == [clf.score(X, y)]


def test_every_call_of_partial_fit_draws_new_masks(engine):
    params = {"alpha": 0, "solver": "sgd", "learning_rate_init": 1e-9, "momentum": 0}
    clf = classifier(engine=engine, **params)
    losses = [clf.partial_fit(X, y, classes=[0, 1]).loss_ for _ in range(4)]
    assert len({round(loss, 5) for loss in losses}) == 4


def test_it_regularises(engine):
    # A quarter of the labels are wrong: without dropout the network memorises them.
    rng = np.random.RandomState(0)
    Z = rng.normal(size=(2200, 20))
    truth = Z[:, :5].sum(axis=1) > 0
    noisy = truth[:200] ^ (rng.uniform(size=200) < 0.25)
    params = {"max_iter": 60, "random_state": 0, "engine": engine, "alpha": 0}
    scores = [
        NeuronClassifier(100, dropout=dropout, learning_rate_init=0.01, **params)
        .fit(Z[:200], noisy)
        .score(Z[200:], truth[200:])
        for dropout in (0, 0.8)
    ]
    assert scores[1] > scores[0] + 0.03


def test_a_single_rate_is_allowed_without_hidden_layers():
    reg = NeuronRegressor((), dropout=0.5, max_iter=3, random_state=0)
    with pytest.warns(UserWarning, match=r"dropout=0.5 has no effect: there is no"):
        reg.fit(X, y)
    plain = NeuronRegressor((), max_iter=3, random_state=0).fit(X, y)
    assert_array_equal(reg.coefs_[0], plain.coefs_[0])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"dropout": 1}, "The 'dropout' parameter of NeuronClassifier must be a float"),
        ({"dropout": [0.5, 1.0]}, r"dropout must be a rate from 0 to below 1.*1\.0\]"),
        ({"dropout": ["a", 0.5]}, "dropout must be a rate from 0 to below 1"),
        ({"dropout": [0.5]}, "1 rates, but hidden_layer_sizes has 2 hidden layers"),
        ({"solver": "lbfgs"}, "dropout=0.4 makes another loss at every step"),
    ],
)
def test_errors(params, message):
    with pytest.raises(ValueError, match=message):
        classifier(**params).fit(X, y)
