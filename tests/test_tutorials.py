"""The numbers of five tutorials, by Network and by estimator.

skneuron grew out of these texts. Their programs are rewritten here in NumPy from their
formulas, as the reference.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import make_moons

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.teaching import Network, Neuron, explain

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

PLAIN = {
    "solver": "sgd",
    "momentum": 0,
    "alpha": 0,
    "tol": 0,
    "n_iter_no_change": np.inf,
}


def weights_of(network):
    """Return coefs_ and intercepts_ of the estimator equal to this network."""
    estimator = network.to_estimator()
    return estimator.coefs_, estimator.intercepts_


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# 000 and 003: victorzhou's introduction

PEOPLE = {"Alice": (-2, -1), "Bob": (25, 6), "Charlie": (17, 4), "Diana": (-15, -6)}
X, y = np.array(list(PEOPLE.values()), float), np.array([1, 0, 0, 1])
EMILY, FRANK = (-7, -3), (20, 2)


def test_one_neuron():
    assert Neuron([0, 1], 4).feedforward([2, 3]) == 0.9990889488055994


def test_a_network_of_three():
    network = Network([[Neuron([0, 1], 0), Neuron([0, 1], 0)], [Neuron([0, 1], 0)]])
    assert network.feedforward([2, 3]) == 0.7216325609518421
    clf = network.to_estimator()
    assert_allclose(clf.predict_proba([[2, 3]])[0, 1], 0.7216325609518421, rtol=1e-15)


def test_mean_squared_error():
    always_zero = Network([[Neuron([0, 0], 0, "identity")]])
    assert always_zero.loss(X, [1, 0, 0, 1]) == 0.5


def test_alice_and_the_first_weight():
    network = Network([[Neuron([1, 1]), Neuron([1, 1])], [Neuron([1, 1])]])
    forward = network.forward(PEOPLE["Alice"])
    assert f"{forward.inputs[1][0]:.4f}" == "0.0474"
    assert f"{forward.outputs[0]:.3f}" == "0.524"
    explanation = explain(network, PEOPLE["Alice"], 1, "w1")
    assert (
        "∂L/∂w1 = ∂L/∂ŷ · ∂ŷ/∂h1 · ∂h1/∂w1\n"
        "       = -0.952 · 0.249 · -0.0904\n"
        "       = 0.0214\n"
    ) in str(explanation)
    # the same without rounding, by the text's formulas
    h = sigmoid(-3.0)
    p = sigmoid(2 * h)
    exact = [-2 * (1 - p), p * (1 - p), -2 * h * (1 - h)]
    assert_allclose([f.value for f in explanation.paths[0]], exact, rtol=1e-14)
    assert_allclose(explanation.value, np.prod(exact), rtol=1e-14)


def the_text_s_program(w, b, epochs):
    """Train on one person after another, with the text's nine update formulas."""
    (w1, w2, w3, w4, w5, w6), (b1, b2, b3) = w, b
    for _ in range(epochs):
        for (x1, x2), truth in zip(X, y, strict=True):
            h1 = sigmoid(w1 * x1 + w2 * x2 + b1)
            h2 = sigmoid(w3 * x1 + w4 * x2 + b2)
            o1 = sigmoid(w5 * h1 + w6 * h2 + b3)
            d_L, d_o1 = -2 * (truth - o1), o1 * (1 - o1)
            d_h1, d_h2 = w5 * d_o1, w6 * d_o1
            d_s1, d_s2 = h1 * (1 - h1), h2 * (1 - h2)
            w1 -= 0.1 * d_L * d_h1 * x1 * d_s1
            w2 -= 0.1 * d_L * d_h1 * x2 * d_s1
            b1 -= 0.1 * d_L * d_h1 * d_s1
            w3 -= 0.1 * d_L * d_h2 * x1 * d_s2
            w4 -= 0.1 * d_L * d_h2 * x2 * d_s2
            b2 -= 0.1 * d_L * d_h2 * d_s2
            w5 -= 0.1 * d_L * h1 * d_o1
            w6 -= 0.1 * d_L * h2 * d_o1
            b3 -= 0.1 * d_L * d_o1
    return [w1, w2, w3, w4, w5, w6, b1, b2, b3]


@pytest.mark.parametrize("engine", ["auto", "numpy"])
def test_training_on_four_people(engine):
    network = Network.random((2, 2, 1), random_state=0)
    start = list(network.parameters().values())
    coefs, intercepts = weights_of(network)
    clf = NeuronClassifier(
        2,
        "logistic",
        loss="squared_error",
        batch_size=1,
        shuffle=False,
        # half the squared error has half the derivative of the text's MSE
        learning_rate_init=2 * 0.1,
        engine=engine,
        **PLAIN,
    ).initialize(X, y, coefs_init=coefs, intercepts_init=intercepts)
    n_epochs = 0

    def compare(epoch, loss, it):
        nonlocal n_epochs
        n_epochs = epoch
        clf.partial_fit(X, y)
        theirs = Network.from_estimator(clf).parameters().values()
        assert_allclose(
            list(theirs), list(it.parameters().values()), rtol=1e-10, atol=1e-10
        )

    history = network.train(X, y, learning_rate=0.1, epochs=1000, callback=compare)
    assert n_epochs == 1000
    truth = the_text_s_program(start[:6], start[6:], 1000)
    assert_allclose(list(network.parameters().values()), truth, rtol=1e-10)
    assert history[-1] < 0.005
    for model in (network.feedforward, lambda x: clf.predict_proba([x])[0, 1]):
        assert model(EMILY) > 0.9
        assert model(FRANK) < 0.1


def test_fit_does_in_one_call_what_partial_fit_does_in_a_thousand():
    coefs, intercepts = weights_of(Network.random((2, 2, 1), random_state=0))
    params = PLAIN | {"learning_rate_init": 0.2, "batch_size": 1, "shuffle": False}
    clf = NeuronClassifier(
        2, "logistic", loss="squared_error", max_iter=1000, **params
    ).fit(X, y, coefs_init=coefs, intercepts_init=intercepts)
    network = Network.random((2, 2, 1), random_state=0)
    network.train(X, y, learning_rate=0.1, epochs=1000)
    ours = Network.from_estimator(clf).parameters()
    assert ours == pytest.approx(network.parameters(), rel=1e-10)


# 001: James Loy's network without biases

BITS, XOR = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1.0]]), [0, 1, 1, 0]


def james_loy_s_program(weights1, weights2, iterations):
    target = np.array(XOR)[:, np.newaxis]
    for _ in range(iterations):
        layer1 = sigmoid(BITS @ weights1)
        output = sigmoid(layer1 @ weights2)
        error = 2 * (target - output) * output * (1 - output)
        d_weights2 = layer1.T @ error
        d_weights1 = BITS.T @ (error @ weights2.T * layer1 * (1 - layer1))
        weights1, weights2 = weights1 + d_weights1, weights2 + d_weights2
    return [weights1, weights2]


@pytest.mark.parametrize("iterations", [1, 100, 1500])
def test_three_bits_without_biases(iterations):
    rng = np.random.RandomState(1)
    start = [rng.rand(3, 4), rng.rand(4, 1)]
    truth = james_loy_s_program(*start, iterations)

    network = Network(
        [[Neuron(w) for w in start[0].T], [Neuron(w) for w in start[1].T]]
    )
    history = network.train(
        BITS,
        XOR,
        learning_rate=1,
        epochs=iterations,
        batch="full",
        bias=False,
        loss="sse",
    )
    clf = NeuronClassifier(
        4,
        "logistic",
        loss="squared_error",
        batch_size="full",
        fit_intercept=False,
        # from the mean of half the squares to their sum: 2 · 4 samples
        learning_rate_init=8,
        max_iter=iterations,
        **PLAIN,
    ).fit(BITS, XOR, coefs_init=start)
    for coefs in (weights_of(network)[0], clf.coefs_):
        for ours, theirs in zip(coefs, truth, strict=True):
            assert_allclose(ours, theirs, rtol=1e-9)
    # the loss curve holds half the mean, before each step
    assert_allclose(clf.loss_curve_[1:], np.array(history[:-1]) / 8, rtol=1e-9)
    if iterations == 1500:
        assert history[-1] < 0.05
        assert np.all(np.diff(history) < 0)
        assert_allclose([network.feedforward(x) for x in BITS], XOR, atol=0.15)
        assert_allclose(clf.predict(BITS), XOR)


# 002: KDnuggets' tanh and softmax on the two moons

MOONS = make_moons(300, noise=0.2, random_state=0)


def build_model(X, y, nn_hdim, num_passes, epsilon=0.01, reg_lambda=0.01):
    """The text's batch gradient descent on the sum of the log-losses."""
    rng = np.random.RandomState(0)
    W1, b1 = rng.randn(2, nn_hdim) / np.sqrt(2), np.zeros(nn_hdim)
    W2, b2 = rng.randn(nn_hdim, 2) / np.sqrt(nn_hdim), np.zeros(2)
    losses = []
    for _ in range(num_passes):
        a1 = np.tanh(X @ W1 + b1)
        scores = np.exp(a1 @ W2 + b2)
        probs = scores / scores.sum(axis=1, keepdims=True)
        delta3 = probs.copy()
        delta3[range(len(X)), y] -= 1
        delta2 = delta3 @ W2.T * (1 - a1**2)
        data_loss = -np.log(probs[range(len(X)), y]).sum()
        penalty = reg_lambda / 2 * ((W1**2).sum() + (W2**2).sum())
        losses.append((data_loss + penalty) / len(X))
        W2, W1 = (
            W2 - epsilon * (a1.T @ delta3 + reg_lambda * W2),
            W1 - epsilon * (X.T @ delta2 + reg_lambda * W1),
        )
        b2, b1 = b2 - epsilon * delta3.sum(axis=0), b1 - epsilon * delta2.sum(axis=0)
    return [W1, W2], [b1, b2], losses


def moons_classifier(nn_hdim, num_passes, engine="auto"):
    """The same by parameters: rate and penalty for a mean over 300, not a sum."""
    return NeuronClassifier(
        nn_hdim,
        "tanh",
        out_activation="softmax",
        batch_size="full",
        init="lecun_normal",
        learning_rate_init=0.01 * 300,
        random_state=0,
        max_iter=num_passes,
        engine=engine,
        **PLAIN | {"alpha": 0.01},
    )


@pytest.mark.parametrize("engine", ["auto", "numpy"])
@pytest.mark.parametrize("nn_hdim", [1, 2, 3, 4, 5, 20, 50])
def test_the_moons_after_100_passes(nn_hdim, engine):
    coefs, intercepts, losses = build_model(*MOONS, nn_hdim, 100)
    clf = moons_classifier(nn_hdim, 100, engine).fit(*MOONS)
    for ours, theirs in zip(clf.coefs_, coefs, strict=True):
        assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    for ours, theirs in zip(clf.intercepts_, intercepts, strict=True):
        assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    assert_allclose(clf.loss_curve_, losses, rtol=1e-9)


def test_the_moons_neuron_by_neuron():
    """Network takes the same path without a penalty, since it has none."""
    coefs, intercepts, _ = build_model(*MOONS, 3, 5, reg_lambda=0)
    start = moons_classifier(3, 1).initialize(*MOONS)
    network = Network.from_estimator(start)
    network.train(*MOONS, 0.01 * 300, 5, "full", loss="log_loss")
    for ours, theirs in zip(weights_of(network)[0], coefs, strict=True):
        assert_allclose(ours, theirs, rtol=1e-9)
    for ours, theirs in zip(weights_of(network)[1], intercepts, strict=True):
        assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_three_units_separate_the_moons():
    clf = moons_classifier(3, 20_000).fit(*MOONS)
    assert clf.score(*MOONS) > 0.95
    assert len(clf.loss_curve_[::1000]) == 20


# 004: linear networks by hand

# The text shows its points in pictures only. These reproduce its errors.
POINTS, VALUES = np.array([0, 0.2, 0.5]), np.array([0.2, 0.3, 0.9])


@pytest.mark.parametrize(
    ("degree", "before", "after"), [(1, "0.08", "0.02"), (2, "0.06", "0.01")]
)
def test_one_step_by_hand_and_by_code(degree, before, after):
    inputs = np.column_stack([POINTS**d for d in range(1, degree + 1)])
    network = Network([[Neuron([0.5] * degree, 0, "identity")]])
    reg = NeuronRegressor(
        (), learning_rate_init=1, batch_size="full", max_iter=1, **PLAIN
    )
    reg.fit(inputs, VALUES, coefs_init=[[[0.5]] * degree], intercepts_init=[[0]])

    # by hand: averages of error times input
    error = 0.5 * inputs.sum(axis=1) - VALUES
    w = [0.5 - np.mean(error * column) for column in inputs.T]
    b = 0 - np.mean(error)

    assert f"{network.loss(inputs, VALUES, 'half_mse'):.2f}" == before
    assert f"{reg.loss_:.2f}" == before
    network.train(
        inputs, VALUES, learning_rate=1, epochs=1, batch="full", loss="half_mse"
    )
    assert f"{network.loss(inputs, VALUES, 'half_mse'):.2f}" == after
    assert f"{np.mean((reg.predict(inputs) - VALUES) ** 2) / 2:.2f}" == after
    assert_allclose(list(network.parameters().values()), [*w, b], rtol=1e-14)
    assert_allclose(reg.coefs_[0].ravel(), w, rtol=1e-14)
    assert_allclose(reg.intercepts_[0], b, rtol=1e-14)


def test_three_thousand_epochs_reach_the_parabola():
    inputs = np.column_stack([POINTS, POINTS**2])
    reg = NeuronRegressor(
        (), learning_rate_init=1, batch_size="full", max_iter=3000, **PLAIN
    )
    reg.fit(inputs, VALUES, coefs_init=[[[0.5], [0.5]]], intercepts_init=[[0]])
    assert np.all(np.diff(reg.loss_curve_) < 0)
    errors = np.abs(reg.predict(inputs) - VALUES)
    assert errors.max() < 0.02
    solution = np.polyfit(POINTS, VALUES, 2)  # one parabola passes through three points
    w1, w2, b1 = *reg.coefs_[0].ravel(), *reg.intercepts_[0]
    start, end = np.array([0.5, 0.5, 0]), np.array([w2, w1, b1])
    assert np.all(np.abs(end - solution) < np.abs(start - solution) / 2)


@pytest.mark.parametrize("init", ["he_normal", "glorot_uniform"])  # He, Xavier
def test_he_and_xavier_are_available(init):
    reg = NeuronRegressor((), init=init, random_state=0).initialize(
        np.ones((1, 500)), [0.0]
    )
    assert reg.intercepts_[0] == 0
    variance = {"he_normal": 2 / 500, "glorot_uniform": 2 / 501}[init]
    assert_allclose(reg.coefs_[0].var(), variance, rtol=0.2)
