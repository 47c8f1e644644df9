"""The teaching package, against finite differences, mpmath and the estimators."""

import copy
import pickle
import re
import warnings
from itertools import pairwise
from math import prod

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import approx_fprime
from sklearn.datasets import load_digits, load_iris, make_multilabel_classification
from sklearn.exceptions import NotFittedError
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.activations import ACTIVATIONS
from skneuron.losses import REGRESSION_LOSSES
from skneuron.teaching import Network, Neuron, explain
from skneuron.teaching.functions import FUNCTIONS
from skneuron.teaching.losses import LOSSES

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RNG = np.random.RandomState(0)
IRIS = load_iris(return_X_y=True)


# functions


def test_every_activation_of_the_estimators_is_there():
    assert set(FUNCTIONS) == set(ACTIVATIONS) | {"exp"}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_functions_are_those_of_the_estimators(name):
    z = np.array([-800.0, -30, -3, -0.7, -1e-9, 1e-9, 0.3, 2, 30, 800])
    ours, theirs = FUNCTIONS[name], ACTIVATIONS[name]
    a = theirs.value(z)
    assert_allclose([ours.value(t) for t in z], a, rtol=1e-12, atol=1e-300)
    expected = theirs.derivative(z, a)
    assert_allclose([ours.derivative(t) for t in z], expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("z", [-2.0, -0.3, 0.4, 1.7])
def test_derivatives_are_derivatives(name, z):
    function = FUNCTIONS[name]
    numeric = (function.value(z + 1e-6) - function.value(z - 1e-6)) / 2e-6
    assert_allclose(function.derivative(z), numeric, rtol=1e-8, atol=1e-9)


# neurons


def test_a_neuron_is_the_function_of_the_weighted_sum():
    neuron = Neuron([0.5, -2, 1], 0.25, "tanh")
    expected = mpmath.tanh(mpmath.mpf("0.5") * 3 - 2 * 1 + 1 * -1 + mpmath.mpf("0.25"))
    assert_allclose(neuron.feedforward([3, 1, -1]), float(expected), rtol=1e-15)
    assert neuron.total([3, 1, -1]) == -1.25


@pytest.mark.parametrize("name", ["logistic", "tanh", "gelu", "exp"])
def test_partials_are_derivatives(name):
    w, b, x = [0.5, -0.2], 0.3, [1.5, 2.0]

    def out(v):
        return Neuron(v[:2], v[2], name).feedforward(v[3:])

    partials = Neuron(w, b, name).partials(x)
    numeric = approx_fprime(np.array([*w, b, *x]), out)
    flat = [*partials.weights, partials.bias, *partials.inputs]
    assert_allclose(flat, numeric, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Neuron([1], activation="sigmoid"),
            "'sigmoid' is not known.*logistic",
        ),
        (lambda: Neuron("12"), r"weights must be a list of numbers, got '12'"),
        (lambda: Neuron([1, "a"]), r"weights\[1\] must be a number, got 'a'"),
        (lambda: Neuron([1, np.nan]), r"weights\[1\] must be a number, got nan"),
        (lambda: Neuron([1], bias=None), "bias must be a number, got None"),
        (lambda: Neuron([1, 2]).feedforward([1]), "x must have 2 numbers, got 1"),
        (lambda: Network([]), "at least one layer"),
        (lambda: Network([[Neuron([1])], []]), "at least one layer"),
        (
            lambda: Network([[Neuron([1]), Neuron([1])], [Neuron([1])]]),
            "Neuron o1 has 1 weights, but 2 inputs",
        ),
        (lambda: Network([[Neuron([1])]], softmax=True), "activation='identity'"),
        (lambda: SMALL.copy()["w7"], "weights w1 to w6 and the biases b1 to b3"),
        (lambda: SMALL.copy()["c1"], "no parameter 'c1'"),
        (lambda: SMALL.copy().__setitem__("w1", "x"), "w1 must be a number"),
        (lambda: SMALL.loss([[1, 2]], [1], loss="mae"), "'mae' is not known.*half_mse"),
        (lambda: SMALL.loss([[1, 2]], [1, 2]), "X has 1 samples, y has 2"),
        (lambda: SMALL.loss([[1, 2, 3]], [1]), r"X\[0\] must have 2 numbers, got 3"),
        (lambda: SMALL.gradients([1, 2], [1, 2]), "y must have 1 numbers, got 2"),
        (lambda: SMALL.train([[1, 2]], [1], 0.1, 1, batch=0), "batch must be 'sample'"),
        (lambda: SMALL.train([[1, 2]], [1], "fast", 1), "learning_rate must be a numb"),
        (lambda: explain(SMALL, [1, 2], 1, "w9"), "There is no parameter 'w9'"),
        (
            lambda: Network.random((2, 3), output="softmax").loss([[1, 2]], [3]),
            r"y\[0\] must be the number of a class, from 0 to 2, got 3",
        ),
        (lambda: Network.from_estimator(make_pipeline(None)), r"got Pipeline.*\[-1\]"),
        (lambda: MIXED.to_estimator(), "neurons h1, h2 have logistic, tanh"),
        (
            lambda: Network([[Neuron([1], activation="tanh")]]).to_estimator(),
            "this network's have the activation 'tanh'",
        ),
        (lambda: Network.random((2,)), r"sizes must be .* got \(2,\)"),
        (lambda: SMALL.train([[1, 2]], [1], 0.1, "all"), "epochs must be a whole numb"),
        (
            lambda: Network([[Neuron([1], 0, "identity")]]).train([[1e3]], [1], 1, 99),
            "In epoch .* Try a smaller learning_rate than 1",
        ),
        (lambda: explain(CLF, IRIS[0][0], 7, "w1"), r"y must be one of the classes"),
    ],
)
def test_errors_say_what_is_wrong(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()


SMALL = Network.random((2, 2, 1), random_state=0)
MIXED = Network(
    [[Neuron([1], activation="tanh"), Neuron([1])], [Neuron([1, 1])]],
)
CLF = NeuronClassifier((4, 3), "tanh", random_state=0).initialize(*IRIS)


def test_unfitted_estimators_are_refused():
    with pytest.raises(NotFittedError):
        Network.from_estimator(NeuronClassifier())


# networks

NETWORKS = {
    "2-2-1": (Network.random((2, 2, 1), random_state=0), 1.0),
    "linear": (Network.random((2, 1), output="identity", random_state=1), 0.3),
    "deep": (Network.random((2, 3, 2, 2), "tanh", random_state=2), [0, 1]),
    "softmax": (
        Network.random((2, 3, 3), "relu", output="softmax", random_state=3),
        2,
    ),
    "counts": (Network.random((2, 2, 1), "silu", output="exp", random_state=4), 3),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_gradients_are_derivatives(name, loss):
    network, y = NETWORKS[name]
    if loss == "log_loss" and name in ("linear", "counts"):
        pytest.skip("its outputs are no probabilities")
    x = [0.7, -1.2]
    names = list(network.parameters())

    def value(vector):
        twin = network.copy()
        for parameter, number in zip(names, vector, strict=True):
            twin[parameter] = number
        return twin.loss([x], [y], loss)

    at = np.array(list(network.parameters().values()))
    gradients = network.gradients(x, y, loss)
    assert list(gradients) == names
    assert_allclose(
        list(gradients.values()), approx_fprime(at, value), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_explanations_add_up(name):
    """The sum over paths of the products of factors is what backpropagation gives."""
    network, y = NETWORKS[name]
    x = [0.7, -1.2]
    loss = "log_loss" if name == "softmax" else "mse"
    gradients = network.gradients(x, y, loss)
    for parameter, derivative in gradients.items():
        explanation = explain(network, x, y, parameter, loss)
        shares = [prod(f.value for f in path) for path in explanation.paths]
        assert_allclose(sum(shares), derivative, rtol=1e-12, atol=1e-15)
        assert explanation.value == derivative
        assert sorted(map(abs, shares), reverse=True) == list(map(abs, shares))
        for path in explanation.paths:
            assert path[0].of == "L"
            assert path[-1].by == parameter
            assert all(a.by == b.of for a, b in pairwise(path))


def test_every_path_is_there():
    network, y = NETWORKS["deep"]
    assert len(explain(network, [1, 2], y, "w1").paths) == 2 * 2  # h4 or h5, ŷ1 or ŷ2
    assert len(explain(network, [1, 2], y, "w7").paths) == 2
    assert len(explain(network, [1, 2], y, "b7").paths) == 1


def test_too_many_paths_are_summed_over_later_layers():
    network = Network.random((2, 3, 40, 40, 5), "tanh", random_state=0)
    explanation = explain(network, [1, 2], [1, 0, 0, 0, 0], "w2")
    assert len(explanation.paths) == 40
    assert explanation.paths[0][0].formula == "summed over the layers after it"
    shares = [prod(f.value for f in path) for path in explanation.paths]
    assert_allclose(sum(shares), explanation.value, rtol=1e-12)


def test_printed_results_can_be_checked_by_hand():
    """Every line "formula = numbers = value" is correct to the digits shown."""
    for name in ("2-2-1", "deep", "counts"):
        network, y = NETWORKS[name]
        text = str(explain(network, [0.7, -1.2], y, "w1"))
        products = re.findall(r"= ([-\d.e]+(?: · [-\d.e]+)+)\s+?= ([-\d.e]+)", text)
        products += re.findall(r"= ([-\d.e]+ · [-\d.e]+) = ([-\d.e]+)", text)
        assert len(products) > 2
        for product, value in products:
            by_hand = prod(map(float, product.split(" · ")))
            assert_allclose(float(value), by_hand, rtol=6e-3)


def test_latex_has_every_factor():
    network, y = NETWORKS["2-2-1"]
    explanation = explain(network, [0.7, -1.2], y, "w1")
    latex = explanation.to_latex()
    assert r"\frac{\partial L}{\partial \hat{y}}" in latex
    assert r"\frac{\partial h_{1}}{\partial w_{1}}" in latex
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\begin") == latex.count(r"\end") == 1
    assert explanation._repr_latex_() == f"$${latex}$$"


def test_latex_is_valid():
    """Matplotlib's TeX parser accepts each line."""
    mathtext = pytest.importorskip("matplotlib.mathtext")
    for name in ("2-2-1", "deep"):
        network, y = NETWORKS[name]
        latex = explain(network, [0.7, -1.2], y, "w1").to_latex()
        body = latex.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
        for line in body.split(r"\\"):
            mathtext.MathTextParser("path").parse(f"${line.replace('&', ' ')}$")


def test_networks_are_pickled_and_copied():
    network, _ = NETWORKS["deep"]
    for twin in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):
        assert twin.parameters() == network.parameters()
        assert twin.feedforward([1, 2]) == network.feedforward([1, 2])


def test_frames_series_and_numpy_s_scalars():
    pd = pytest.importorskip("pandas")
    X, y = IRIS[0][:20, :2], IRIS[1][:20]
    expected = SMALL.loss(X.tolist(), y.tolist())
    assert SMALL.loss(pd.DataFrame(X), pd.Series(y)) == expected
    assert SMALL.loss(X, y > 0) == SMALL.loss(X.tolist(), [0] * 20)
    assert SMALL.gradients(pd.Series(X[0]), np.bool_(True)) == SMALL.gradients(X[0], 1)


# training


def test_samples_full_batches_and_parts():
    """A step is along the mean of the gradients, along their sum for sse."""
    X, y = [[1, 2], [0, -1], [2, 0.5]], [1, 0, 1]
    start = Network.random((2, 2, 1), random_state=0)

    def stepped(rows, loss, scale):
        gradients = [start.gradients(X[i], y[i], loss) for i in rows]
        return {
            name: value - 0.1 * scale * sum(g[name] for g in gradients)
            for name, value in start.parameters().items()
        }

    for loss, scale in [("mse", 1 / 3), ("sse", 1)]:
        network = start.copy()
        network.train(X, y, 0.1, 1, "full", loss=loss)
        expected = stepped([0, 1, 2], loss, scale)
        assert network.parameters() == pytest.approx(expected, rel=1e-14)
    network, by_parts = start.copy(), start.copy()
    network.train(X, y, 0.1, 1, 2)
    by_parts.train(X[:2], y[:2], 0.1, 1, "full")
    by_parts.train(X[2:], y[2:], 0.1, 1, "sample")
    assert network.parameters() == by_parts.parameters()


def test_biases_can_stay():
    network = Network.random((2, 2, 1), random_state=0)
    before = network.parameters()
    network.train([[1, 2]], [1], 0.5, 3, bias=False)
    after = network.parameters()
    assert all(after[b] == before[b] for b in ("b1", "b2", "b3"))
    assert all(after[w] != before[w] for w in ("w1", "w6"))


def test_a_callback_sees_each_epoch_and_ends_training():
    network, seen = Network.random((2, 1), random_state=0), []

    def callback(epoch, loss, it):
        assert it is network
        seen.append((epoch, loss))
        return epoch == 3

    history = network.train([[1, 2]], [1], 0.1, 10, callback=callback)
    assert seen == list(enumerate(history, 1))
    assert len(history) == 3
    assert history[-1] == network.loss([[1, 2]], [1])


def test_ctrl_c_keeps_what_was_learned():
    network = Network.random((2, 1), random_state=0)

    def callback(epoch, loss, it):
        if epoch == 3:
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="interrupted"):
        history = network.train([[1, 2]], [1], 0.1, 10, callback=callback)
    assert len(history) == 3


def test_results_print_as_tables():
    network = Network.random((1, 1), output="identity", random_state=0)
    history = network.train([[1], [2]], [1, 2], 0.01, 25)
    lines = str(history).splitlines()
    assert lines[0].split() == ["epoch", "loss"]
    assert lines[1].split()[0] == "1"
    assert lines[-1].split()[0] == "25"
    assert len({len(line) for line in lines}) == 1
    assert str(network.gradients([1], 0)).splitlines()[0].split() == ["by", "∂L"]
    wide = Network.random((50, 40, 1), random_state=0)
    assert len(str(wide).splitlines()) < 35
    assert max(map(len, str(wide).splitlines())) < 110


# estimators


def estimators():
    X, y = IRIS
    two = y > 0
    labels = make_multilabel_classification(80, 4, n_classes=3, random_state=0)
    params = {"hidden_layer_sizes": (4, 3), "max_iter": 15, "random_state": 0}
    classify = {
        "logistic": ({}, X[two], y[two]),
        "softmax": ({"activation": "gelu"}, X, y),
        "softmax of two": ({"out_activation": "softmax"}, X[two], y[two]),
        "squared": ({"loss": "squared_error", "activation": "tanh"}, X, y),
        "labels": ({"activation": ["elu", "selu"]}, *labels),
        "no hidden layer": ({"hidden_layer_sizes": ()}, X, y),
    }
    for name, (more, X_i, y_i) in classify.items():
        yield name, NeuronClassifier(**{**params, **more}).fit(X_i, y_i), X_i, y_i
    for loss in REGRESSION_LOSSES:
        reg = NeuronRegressor(**params, loss=loss, activation="mish", quantile=0.3)
        yield loss, reg.fit(X, y + 1.0), X, y + 1.0
    yield "several", NeuronRegressor(**params).fit(X, X[:, :2]), X, X[:, :2]
    one = np.zeros(len(X))
    yield "one class", NeuronClassifier(**params).fit(X, one), X, one
    yield "MLP", MLPClassifier(5, max_iter=15, random_state=0).fit(X, y), X, y


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    ESTIMATORS = {name: rest for name, *rest in estimators()}


OURS = [name for name in ESTIMATORS if name != "MLP"]


def outputs_of(estimator, X):
    """Return the outputs of the network, after the softmax if there is one."""
    if not hasattr(estimator, "classes_"):
        return estimator.predict(X).reshape(len(X), -1)
    p = estimator.predict_proba(X)
    if len(estimator.classes_) == 1:
        return 1 / (1 + np.exp(-estimator.decision_function(X)))[:, np.newaxis]
    return p[:, 1:] if estimator.n_outputs_ == 1 else p


@pytest.mark.parametrize("name", ESTIMATORS)
def test_from_estimator_predicts_the_same(name):
    estimator, X, _ = ESTIMATORS[name]
    network = Network.from_estimator(estimator)
    ours = np.array([network.feedforward(x) for x in X[::5]]).reshape(len(X[::5]), -1)
    assert_allclose(ours, outputs_of(estimator, X[::5]), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", OURS)
def test_there_and_back(name):
    estimator, X, _ = ESTIMATORS[name]
    network = Network.from_estimator(estimator)
    again = network.to_estimator()
    assert_allclose(outputs_of(again, X), outputs_of(estimator, X), rtol=1e-12)
    twin = Network.from_estimator(again)
    assert twin.parameters() == network.parameters()


@pytest.mark.parametrize("name", OURS)
def test_explanations_of_estimators_are_their_gradient(name):
    """explain, against a plain gradient step of the engine on the same sample."""
    estimator, X, y = ESTIMATORS[name]
    x, target = X[60], y[60]
    params = estimator.get_params() | {
        "solver": "sgd",
        "momentum": 0,
        "alpha": 0,
        "learning_rate_init": 1.0,
        "warm_start": True,
        "max_iter": 1,
    }
    twin = Network.from_estimator(estimator).to_estimator(**params)
    for name_ in ("classes_", "_labels", "n_outputs_", "out_activation_"):
        if hasattr(estimator, name_):
            setattr(twin, name_, getattr(estimator, name_))
    before = [W.copy() for W in twin.coefs_]
    if hasattr(estimator, "classes_"):
        twin.set_params(warm_start=False)
        twin.partial_fit([x], [target])
    else:
        twin.fit([x], [target])
    step = before[0] - twin.coefs_[0]
    n_features = len(x)
    for j in range(step.shape[1]):
        for i in (0, n_features - 1):
            parameter = f"w{j * n_features + i + 1}"
            value = explain(estimator, x, target, parameter).value
            assert_allclose(value, step[i, j], rtol=1e-8, atol=1e-13)


def test_an_estimator_of_digits_is_explained():
    X, y = load_digits(return_X_y=True)
    clf = NeuronClassifier((30, 20), "tanh", max_iter=3, random_state=0).fit(X, y)
    explanation = explain(clf, X[0], y[0], "w3")
    assert len(explanation.paths) == 200
    assert len(str(explanation).splitlines()) < 60
    assert explanation.value != 0


def test_estimator_and_network_continue_training_alike():
    X, y = IRIS[0][:, :2], (IRIS[1] > 0).astype(int)
    network = Network.random((2, 3, 1), "tanh", random_state=0)
    estimator = network.to_estimator(
        loss="squared_error",
        solver="sgd",
        momentum=0,
        alpha=0,
        batch_size=1,
        shuffle=False,
        learning_rate_init=0.1,
        max_iter=5,
        tol=0,
        warm_start=True,
    )
    estimator.fit(X, y)
    network.train(X, y, 0.1, 5, loss="half_mse")
    for parameter, value in Network.from_estimator(estimator).parameters().items():
        assert_allclose(value, network[parameter], rtol=1e-10)
