"""Displays show the right values, and nothing overlaps."""

import sys
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits, load_iris, make_moons

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.inspection import (
    ActivationDisplay,
    BackpropDisplay,
    LossLandscapeDisplay,
    NetworkDisplay,
    WeightsDisplay,
)
from skneuron.teaching import Network, Neuron

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

MOONS = make_moons(80, noise=0.2, random_state=0)
SMALL = Network.random((2, 2, 1), random_state=0)


def moons_classifier(**params):
    return NeuronClassifier(3, "tanh", max_iter=20, random_state=0, **params).fit(
        *MOONS
    )


def draw(display, estimator, **params):
    """Return a display of any kind."""
    if display is BackpropDisplay:
        return display.from_estimator(estimator, MOONS[0][0], MOONS[1][0], **params)
    if display is LossLandscapeDisplay:
        return display.from_estimator(estimator, *MOONS, grid_resolution=4, **params)
    return display.from_estimator(estimator, **params)


DISPLAYS = [ActivationDisplay, BackpropDisplay, LossLandscapeDisplay, NetworkDisplay]


def texts(ax):
    return [t.get_text() for t in ax.texts]


def circles(ax):
    return [p for p in ax.patches if isinstance(p, Circle)]


def lines(ax):
    return [t for t in ax.texts if getattr(t, "arrow_patch", None) is not None]


# all displays


@pytest.mark.parametrize("display", DISPLAYS)
def test_a_new_figure_or_the_given_axes(display):
    clf = moons_classifier()
    own = draw(display, clf)
    assert own.figure_ is own.ax_.figure
    assert len(plt.get_fignums()) == 1
    figure, ax = plt.subplots()
    given = draw(display, clf, ax=ax)
    assert given.ax_ is ax
    assert given.figure_ is figure
    assert len(plt.get_fignums()) == 2
    again = given.plot()
    assert again is given
    assert again.ax_ is not ax


@pytest.mark.parametrize("display", DISPLAYS)
def test_without_matplotlib_the_error_says_so(display, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"{display.__name__}.* requires matplotlib"):
        draw(display, moons_classifier())


@pytest.mark.parametrize("display", DISPLAYS)
def test_only_fitted_networks_are_accepted(display):
    with pytest.raises(TypeError, match="got LinearRegression"):
        draw(
            display, __import__("sklearn.linear_model").linear_model.LinearRegression()
        )
    with pytest.raises(ValueError, match="not fitted yet"):
        draw(display, NeuronClassifier())


@pytest.mark.parametrize("display", [NetworkDisplay, BackpropDisplay])
@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 1), (2, 3, 2), (3, 2, 1), (2, 1)])
def test_nothing_overlaps_in_small_networks(display, sizes):
    network = Network.random(sizes, random_state=0)
    shown = (
        display.from_estimator(network)
        if display is NetworkDisplay
        else display.from_estimator(network, [1.5] * sizes[0], [1] * sizes[-1])
    )
    shown.figure_.canvas.draw()
    boxes = [
        (t.get_text(), t.get_window_extent())
        for t in shown.ax_.texts
        if t.get_text() and getattr(t, "arrow_patch", None) is None
    ]
    for (one, box), (other, other_box) in combinations(boxes, 2):
        assert not box.overlaps(other_box), f"{one!r} and {other!r} overlap"
    whole = shown.figure_.bbox
    for text, box in boxes:
        assert whole.contains(box.x0, box.y0), text
        assert whole.contains(box.x1, box.y1), text


# NetworkDisplay


def test_small_networks_are_labelled_with_numbers():
    ax = NetworkDisplay.from_estimator(SMALL).ax_
    assert len(circles(ax)) == 5
    assert len(lines(ax)) == 6
    for name, value in SMALL.parameters().items():
        assert f"{name} = {value:.3g}" in texts(ax)
    assert {"x1", "x2", "h1", "h2", "o1"} <= set(texts(ax))
    assert "hidden\n2 logistic" in texts(ax)


def test_colours_and_widths_show_the_weights():
    ax = NetworkDisplay.from_estimator(
        Network([[Neuron([2.0, -1.0], 0.0)], [Neuron([-3.0], 1.0)]])
    ).ax_
    arrows = sorted((a.arrow_patch for a in lines(ax)), key=lambda a: a.get_linewidth())
    colours = {plt.matplotlib.colors.to_hex(a.get_edgecolor()) for a in arrows}
    assert len(colours) == 2  # two signs
    small, *large = (a.get_linewidth() for a in arrows)
    assert large[0] == large[1]  # each the largest of its layer
    assert_allclose((small - 0.4) / (large[0] - 0.4), 0.5)


def test_names_of_features_and_classes():
    X, y = load_iris(return_X_y=True, as_frame=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    clf = NeuronClassifier(3, max_iter=5).fit(X, names)
    display = NetworkDisplay.from_estimator(clf)
    assert {*X.columns, *names} <= set(texts(display.ax_))
    display.figure_.canvas.draw()
    whole = display.figure_.bbox
    for artist in [*display.ax_.texts, *circles(display.ax_)]:
        box = artist.get_window_extent()
        assert whole.x0 <= box.x0, artist
        assert box.x1 <= whole.x1, artist
    limits = display.ax_.get_window_extent()
    for circle in circles(display.ax_):  # which would be clipped there
        assert limits.x0 <= circle.get_window_extent().x0
        assert circle.get_window_extent().x1 <= limits.x1


def test_the_largest_weights_of_a_large_network_are_shown_with_a_note():
    X, y = load_digits(return_X_y=True)
    clf = NeuronClassifier(100).initialize(X, y)
    clf.coefs_[0][37, 55] = 99  # must be shown
    ax = NetworkDisplay.from_estimator(clf).ax_
    assert len(circles(ax)) == 12 + 12 + 10
    assert len(lines(ax)) == 150
    assert {"x38", "h56"} <= set(texts(ax))
    assert max(a.arrow_patch.get_linewidth() for a in lines(ax)) == 0.4 + 2.8
    assert (
        "Largest shown: 12 of 64 inputs, 12 of 100 units of hidden layer 1, "
        "150 of 7,400 weights."
    ) in texts(ax)
    ax = NetworkDisplay.from_estimator(clf, max_units=3, max_edges=5).ax_
    assert (len(circles(ax)), len(lines(ax))) == (9, 5)


# BackpropDisplay


def test_forward_and_backward_values():
    """Deltas against finite differences of the loss with respect to the biases."""
    x, y = [0.5, -1.0], 1
    display = BackpropDisplay.from_estimator(SMALL, x, y)
    assert_array_equal(display.values[0], x)
    h = 1 / (1 + np.exp(-(SMALL["w1"] * 0.5 - SMALL["w2"] + SMALL["b1"])))
    assert_allclose(display.values[1][0], h)
    for name, delta in zip(
        ["b1", "b2", "b3"], np.concatenate(display.deltas), strict=True
    ):
        up, down = SMALL.copy(), SMALL.copy()
        up[name] += 1e-6
        down[name] -= 1e-6
        numeric = (up.loss([x], [y]) - down.loss([x], [y])) / 2e-6
        assert_allclose(delta, numeric, rtol=1e-6)
    shown = texts(display.ax_)
    assert f"∂L/∂w1 = {display.deltas[0][0] * 0.5:.3g}" in shown
    assert f"δ {display.deltas[1][0]:.3g}" in shown
    assert "y = 1" in shown


def test_an_estimator_s_own_loss_and_labels():
    X, y = load_iris(return_X_y=True)
    clf = NeuronClassifier(4, max_iter=20, random_state=0).fit(
        X, np.array(["a", "b", "c"])[y]
    )
    display = BackpropDisplay.from_estimator(clf, X[0], "a")
    assert_allclose(display.loss, -clf.predict_log_proba(X[:1])[0, 0])
    assert_array_equal(display.target, [1, 0, 0])
    # for a softmax with log-loss: the errors
    assert_allclose(display.deltas[-1], clf.predict_proba(X[:1])[0] - [1, 0, 0])


# ActivationDisplay


def test_functions_and_derivatives():
    display = ActivationDisplay.from_names(["tanh", "relu", "tanh"], z_range=(-2, 2))
    assert list(display.values) == ["tanh", "relu"]
    assert_allclose(display.values["tanh"], np.tanh(display.z))
    assert_allclose(display.derivatives["tanh"], 1 - np.tanh(display.z) ** 2)
    curves = display.ax_.get_lines()
    assert [c.get_label() for c in curves[2:]] == [
        "tanh, f",
        "its f'",
        "relu, f",
        "its f'",
    ]
    with pytest.raises(ValueError, match="'sigmoid' is not known"):
        ActivationDisplay.from_names("sigmoid")


def test_the_activations_of_an_estimator():
    clf = NeuronClassifier((2, 2, 2), ["tanh", "gelu", "tanh"]).initialize(*MOONS)
    assert list(ActivationDisplay.from_estimator(clf).values) == ["tanh", "gelu"]
    linear = NeuronRegressor(()).initialize(*MOONS)
    assert list(ActivationDisplay.from_estimator(linear).values) == ["identity"]


# LossLandscapeDisplay


def line_of(line):
    """Return weight and bias of a network or estimator."""
    network = line if isinstance(line, Network) else Network.from_estimator(line)
    return list(network.parameters().values())


@pytest.mark.parametrize("kind", ["network", "estimator"])
def test_the_loss_of_a_line(kind):
    X, y = np.array([[0.0], [0.2], [0.5]]), np.array([0.2, 0.3, 0.9])
    if kind == "network":
        line = Network([[Neuron([0.5], 0.1, "identity")]])
        params = {"loss": "half_mse"}
    else:
        line = NeuronRegressor((), alpha=0).initialize(
            X, y, coefs_init=[[[0.5]]], intercepts_init=[[0.1]]
        )
        params = {}
    display = LossLandscapeDisplay.from_estimator(
        line, X, y, parameters=("w1", "b1"), grid_resolution=5, **params
    )
    assert display.now == (0.5, 0.1)
    assert line_of(line) == [0.5, 0.1]  # unchanged
    assert_allclose(display.first, np.linspace(-2.5, 3.5, 5))
    expected = [
        [np.mean((w * X.ravel() + b - y) ** 2) / 2 for w in display.first]
        for b in display.second
    ]
    assert_allclose(display.losses, expected)


def test_the_loss_of_a_classifier_is_the_one_it_minimises():
    clf = moons_classifier(solver="lbfgs", alpha=1.0)
    display = LossLandscapeDisplay.from_estimator(
        clf, *MOONS, parameters=("w3", "w8"), path=[(0, 0), (1, 2)], grid_resolution=3
    )
    # the weights from x1 to h2 and from h2 to o1
    assert display.now == (clf.coefs_[0][0, 1], clf.coefs_[1][1, 0])
    assert min(display.first) < 0 < 1 < max(display.first)
    W1, W2 = [W.copy() for W in clf.coefs_]
    W1[0, 1], W2[1, 0] = display.first[0], display.second[2]
    z = np.tanh(MOONS[0] @ W1 + clf.intercepts_[0]) @ W2 + clf.intercepts_[1]
    z = z.ravel()
    loss = np.mean(np.log1p(np.exp(-z)) + (1 - MOONS[1]) * z)
    penalty = 0.5 * ((W1**2).sum() + (W2**2).sum()) / len(MOONS[0])
    assert_allclose(display.losses[2, 0], loss + penalty)
    assert clf.coefs_[0][0, 1] == display.now[0]  # unchanged
    with pytest.raises(ValueError, match="an estimator has its own loss"):
        LossLandscapeDisplay.from_estimator(clf, *MOONS, loss="mse")
    with pytest.raises(ValueError, match="no parameter 'w99'"):
        LossLandscapeDisplay.from_estimator(clf, *MOONS, parameters=("w1", "w99"))


def test_a_flat_landscape_is_drawn():
    dead = Network([[Neuron([0.0], 0.0, "identity")]])
    LossLandscapeDisplay.from_estimator(
        dead, [[0.0]], [1.0], parameters=("w1", "w1"), grid_resolution=3
    )


def test_bad_parameters_of_displays():
    clf = NeuronClassifier((4, 3), max_iter=300, tol=0.1).fit(*MOONS)
    for display, args in ((NetworkDisplay, ()), (BackpropDisplay, (MOONS[0][0], 1))):
        with pytest.raises(ValueError, match="max_units must be 2 or more, got 1"):
            display.from_estimator(clf, *args, max_units=1)
    with pytest.raises(ValueError, match="parameters must be two names"):
        LossLandscapeDisplay.from_estimator(clf, *MOONS, parameters=("w1",))
    for shape in (2, (-1, -2), (2,), (3, 1)):
        with pytest.raises(ValueError, match="image_shape must be"):
            WeightsDisplay.from_estimator(clf, image_shape=shape)
