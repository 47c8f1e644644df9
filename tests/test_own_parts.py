"""Activations and losses of the user's own, and check_gradient."""

import pickle
import threading
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_iris, make_moons
from sklearn.linear_model import PoissonRegressor
from sklearn.model_selection import GridSearchCV

from skneuron import NeuronClassifier, NeuronRegressor, check_gradient
from skneuron.activations import ACTIVATIONS
from skneuron.inspection import NetworkDisplay
from skneuron.losses import (
    CLASSIFICATION_LOSSES,
    REGRESSION_LOSSES,
    LogLoss,
    Quantile,
)
from skneuron.teaching import Network

X, y = make_moons(120, noise=0.2, random_state=0)
SMALL = {"max_iter": 8, "random_state": 0}

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


class Tanh:
    """The built-in one, by another formula."""

    def value(self, z):
        return 2 / (1 + np.exp(-2 * z)) - 1

    def derivative(self, z, a):
        return 1 - a**2


@dataclass
class Shrunk:
    """A parameter, to be tuned; the derivative needs z."""

    by: float = 1.0

    def value(self, z):
        return np.arctan(z) / np.asarray(self.by, z.dtype)

    def derivative(self, z, a):
        return 1 / (1 + z**2) / np.asarray(self.by, z.dtype)


class SquaredError:
    link = "identity"

    def value_and_gradient(self, z, y, sample_weight):
        error = z - y
        w = 1 if sample_weight is None else sample_weight[:, np.newaxis]
        return float((w * error**2).sum() / 2), w * error


class PoissonDeviance:
    link = "exp"

    def in_target_range(self, y):
        return bool((y >= 0).all())

    def value_and_gradient(self, z, y, sample_weight):
        w = 1 if sample_weight is None else sample_weight[:, np.newaxis]
        return float((w * (np.exp(z) - y * z)).sum()), w * (np.exp(z) - y)


class Focal:
    """-(1 - p)² log(p) of the true class: Lin et al. (2017), arXiv:1708.02002."""

    link = "softmax"

    def value_and_gradient(self, z, y, sample_weight):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        t = p[y][:, np.newaxis]
        slope = 2 * (1 - t) * np.log(t) - (1 - t) ** 2 / t  # by t
        w = np.ones_like(t) if sample_weight is None else sample_weight[:, np.newaxis]
        gradient = w * slope * t * (y - p)
        value = -(w * (1 - t) ** 2 * np.log(t)).sum()
        return float(value), gradient.astype(z.dtype)


BUILT_IN = {
    **ACTIVATIONS,
    **{name: make() for name, make in REGRESSION_LOSSES.items()},
    **{
        f"{name}-{link}": make().with_link(link)
        for name, make in CLASSIFICATION_LOSSES.items()
        for link in ("logistic", "softmax")
    },
    **{f"smoothed-{k}": LogLoss(0.2).with_link(k) for k in ("logistic", "softmax")},
}


@pytest.mark.parametrize("part", BUILT_IN.values(), ids=BUILT_IN)
def test_the_built_in_ones_pass(part):
    assert check_gradient(part) < 1e-6


def test_several_quantiles_pass():
    loss = Quantile((0.1, 0.4, 0.9)).with_link("identity")
    assert check_gradient(loss, n_outputs=3) < 1e-6


@pytest.mark.parametrize(
    "part", [Tanh(), Shrunk(3.0), SquaredError(), PoissonDeviance(), Focal()]
)
def test_those_of_this_file_pass(part):
    assert check_gradient(part) < 1e-6


def broken():
    """Yield parts with a mistake each, and what the message says of it."""

    class Sign(Tanh):
        def derivative(self, z, a):
            return a**2 - 1

    class Doubled(SquaredError):
        def value_and_gradient(self, z, y, sample_weight):
            value, gradient = super().value_and_gradient(z, y, sample_weight)
            return 2 * value, gradient

    class Unweighted(SquaredError):
        def value_and_gradient(self, z, y, sample_weight):
            _, gradient = super().value_and_gradient(z, y, None)
            return super().value_and_gradient(z, y, sample_weight)[0], gradient

    class InPlace(Tanh):
        def value(self, z):
            z *= 2
            return z

    class Wide(Tanh):
        def value(self, z):
            return super().value(z).astype(np.float64)

    class Summed(Tanh):
        def derivative(self, z, a):
            return super().derivative(z, a).sum(axis=1)

    class NotANumber(SquaredError):
        def value_and_gradient(self, z, y, sample_weight):
            return super().value_and_gradient(z * np.nan, y, sample_weight)

    class Linkless:
        def value_and_gradient(self, z, y, sample_weight):
            return 0.0, z

    yield Sign(), "derivative is wrong: at z=.* it says -.*, but differences"
    yield Doubled(), "value_and_gradient is wrong: at z="
    yield Unweighted(), "value_and_gradient with sample weights is wrong"
    yield InPlace(), "must not change its arguments"
    yield Wide(), "must be an array of shape .40, 3. and float32.*and float64"
    yield Summed(), r"must be an array of shape \(40, 3\).*got shape \(40,\)"
    yield NotANumber(), "is wrong: at z="
    yield Linkless(), "must have an attribute link, one of"


@pytest.mark.parametrize("case", broken(), ids=lambda case: type(case[0]).__name__)
def test_broken_ones_do_not(case):
    part, message = case
    with pytest.raises(ValueError, match=message):
        check_gradient(part)


def test_what_is_neither():
    with pytest.raises(TypeError, match="str has neither"):
        check_gradient("relu")


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("early_stopping", [False, True])
def test_the_same_function_gives_the_same_numbers(solver, early_stopping):
    params = {**SMALL, "solver": solver, "engine": "numpy"}
    if solver == "adam":
        params["early_stopping"] = early_stopping
    named = NeuronClassifier((6, 3), "tanh", **params).fit(X, y)
    own = NeuronClassifier((6, 3), Tanh(), **params).fit(X, y)
    assert_allclose(own.predict_proba(X), named.predict_proba(X), rtol=1e-10)
    assert_allclose(own.input_gradient(X), named.input_gradient(X), rtol=1e-9)
    assert_allclose(own.hidden_activations(X), named.hidden_activations(X), rtol=1e-9)
    mixed = NeuronClassifier((6, 3), ["tanh", Tanh()], **params).fit(X, y)
    assert_allclose(mixed.loss_curve_, named.loss_curve_, rtol=1e-10)


def test_the_same_loss_gives_the_same_numbers():
    w = np.random.RandomState(0).uniform(size=len(y))
    for own, name in (
        (SquaredError(), "squared_error"),
        (PoissonDeviance(), "poisson"),
    ):
        params = {**SMALL, "engine": "numpy"}
        named = NeuronRegressor(5, loss=name, **params).fit(X, y, w)
        reg = NeuronRegressor(5, loss=own, **params).fit(X, y, w)
        assert_allclose(reg.predict(X), named.predict(X), rtol=1e-10)
        assert reg.out_activation_ == named.out_activation_


def test_a_generalised_linear_model_of_ones_own():
    rng = np.random.RandomState(0)
    counts = rng.poisson(np.exp(0.5 * X[:, 0]))
    reg = NeuronRegressor((), loss=PoissonDeviance(), solver="lbfgs", alpha=12.0)
    reg.set_params(tol=1e-9, max_iter=5000).fit(X, counts)
    glm = PoissonRegressor(alpha=0.1, tol=1e-10).fit(X, counts)
    assert_allclose(reg.predict(X), glm.predict(X), rtol=1e-3)


def test_focal_loss_learns_iris():
    iris = load_iris(return_X_y=True)
    clf = NeuronClassifier(8, loss=Focal(), solver="lbfgs", random_state=0).fit(*iris)
    assert clf.score(*iris) > 0.95
    columns = np.c_[iris[1], iris[1]]
    assert clf.fit(iris[0], columns).score(iris[0], columns) > 0.95


def test_own_parts_run_on_numpy():
    for params in ({"activation": Tanh()}, {"loss": SquaredError()}):
        reg = NeuronRegressor(5, **{**SMALL, **params})
        reg.fit(X, y)
        with pytest.raises(
            ValueError, match="engine='compiled' cannot do this: it has"
        ):
            reg.set_params(engine="compiled").fit(X, y)


def test_they_are_cloned_tuned_and_pickled():
    reg = NeuronRegressor(5, Shrunk(2.0), loss=SquaredError(), **SMALL)
    search = GridSearchCV(reg, {"activation": ["relu", Shrunk(1.0), Tanh()]}, cv=2)
    assert search.fit(X, y).best_score_ > -5
    twin = clone(reg)
    assert twin.activation == reg.activation
    assert_array_equal(twin.fit(X, y).predict(X), reg.fit(X, y).predict(X))
    again = pickle.loads(pickle.dumps(reg))
    assert_array_equal(again.predict(X), reg.predict(X))


@pytest.mark.parametrize(
    ("fit", "message"),
    [
        (
            lambda: NeuronClassifier(loss=SquaredError()).fit(X, y),
            "link, the function .*: 'logistic', which two classes .*Got 'identity'",
        ),
        (
            lambda: NeuronClassifier(loss=SquaredError()).fit(X, np.arange(120) % 3),
            "link, the .*: 'softmax', which several classes need. Got 'identity'",
        ),
        (
            lambda: NeuronRegressor(loss=PoissonDeviance()).fit(X, y - 1),
            "out of the valid range of loss=.*the smallest is -1",
        ),
        (
            lambda: NeuronClassifier(loss=Focal(), label_smoothing=0.1).fit(X, y),
            "label_smoothing=0.1 is for loss='log_loss'",
        ),
        (
            lambda: NeuronClassifier((3, 3), [Tanh(), 3]).fit(X, y),
            r"or a sequence of them, one for each hidden layer. Got 3 in",
        ),
        (lambda: NeuronClassifier(activation=3).fit(X, y), "an object implementing"),
    ],
)
def test_errors(fit, message):
    with pytest.raises(ValueError, match=message):
        fit()


def test_a_name_that_became_wrong_after_fit():
    clf = NeuronClassifier(3, **SMALL).fit(X, y)
    before = clf.predict_proba(X)
    clf.set_params(loss="hinge")
    assert_array_equal(clf.predict_proba(X), before)  # of the fitted network
    with pytest.raises(ValueError, match=r"'loss' parameter .* 'hinge'"):
        clf.partial_fit(X, y)


def test_what_is_drawn_and_written_out_needs_names():
    clf = NeuronClassifier(3, Tanh(), **SMALL).fit(X, y)
    for look in (Network.from_estimator, NetworkDisplay.from_estimator):
        with pytest.raises(ValueError, match="has none for"):
            look(clf)


class Counted(SquaredError):
    """It counts its calls, behind a lock, which cannot be copied."""

    def __init__(self):
        self.lock, self.n_calls = threading.Lock(), 0

    def value_and_gradient(self, z, y, sample_weight):
        with self.lock:
            self.n_calls += 1
        return super().value_and_gradient(z, y, sample_weight)


class LockedTanh(Tanh):
    def __init__(self):
        self.lock = threading.Lock()


def test_objects_that_keep_a_state_are_used_in_place():
    loss = Counted()
    reg = NeuronRegressor(3, LockedTanh(), loss=loss, max_iter=2, random_state=0)
    reg.fit(X, y).partial_fit(X, y).partial_fit(X, y)
    assert loss.n_calls == 4
