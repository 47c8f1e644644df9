"""diagnose: names the cause in broken networks, and finds nothing in healthy ones."""

import copy
import re
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.datasets import (
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
    make_friedman1,
    make_moons,
    make_multilabel_classification,
)
from sklearn.dummy import DummyRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, mean_poisson_deviance
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, scale

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.activations import ACTIVATIONS
from skneuron.inspection import diagnose
from skneuron.inspection._diagnosis import _samples, _subset
from skneuron.inspection._diagnosis.case import MOST_ROWS, Case
from skneuron.inspection._diagnosis.flow import flat_at_both_ends, steepest
from skneuron.inspection._diagnosis.training import (
    _held_out_loss,
    hardly_trained,
    learning_rate_too_high,
    learning_rate_too_low,
    poor_start,
)
from skneuron.tabular import TabularClassifier
from skneuron.teaching import Network
from skneuron.teaching.conversion import loss_of, target_of

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def digits():
    X, y = load_digits(return_X_y=True)
    return X[:900] / 16, y[:900]


def moons():
    return make_moons(300, noise=0.2, random_state=0)


def friedman():
    X, y = make_friedman1(400, noise=1, random_state=0)
    return scale(X), scale(y)


def few_and_noisy():
    """Return 60 training samples, a fifth of them mislabelled, and 300 others."""
    rng = np.random.RandomState(0)
    X = rng.normal(size=(360, 10))
    y = X[:, 0] + X[:, 1] > 0
    y ^= rng.uniform(size=360) < 0.2
    return X[:60], y[:60], X[60:], y[60:]


def weights(sizes, deviation, seed=0):
    rng = np.random.RandomState(seed)
    return [rng.normal(0, deviation(i), (i, o)) for i, o in pairwise(sizes)]


# Networks broken on purpose: each returns the estimator, how to fit it, and its data.


def dead_relu():
    start = [np.full(30, -100.0), np.zeros(10)]
    return NeuronClassifier(30, max_iter=30), {"intercepts_init": start}, digits()


def saturated_tanh():
    start = weights((64, 30, 10), lambda fan_in: 10)
    return NeuronClassifier(30, "tanh", max_iter=30), {"coefs_init": start}, digits()


def ten_layers_of_logistic():
    return NeuronClassifier((20,) * 10, "logistic", max_iter=30), {}, digits()


def exploding_relu():
    sizes = (10, *(20,) * 8, 1)
    start = weights(sizes, lambda fan_in: 4 * np.sqrt(2 / fan_in))
    reg = NeuronRegressor(sizes[1:-1], max_iter=30)
    return reg, {"coefs_init": start}, friedman()


def feature_in_other_units():
    X, y = friedman()
    X[:, 7] *= 1e4
    return NeuronRegressor(30), {}, (X, y)


def house_prices():
    X, y = friedman()
    return NeuronRegressor(30), {}, (X, 1e5 * (y + 3))


def sgd_too_fast():
    clf = NeuronClassifier(30, "tanh", solver="sgd", learning_rate_init=10, max_iter=30)
    return clf, {}, digits()


def adam_too_fast():
    return NeuronClassifier(30, learning_rate_init=1, max_iter=30), {}, digits()


def adam_too_slow():
    return NeuronRegressor(30, learning_rate_init=1e-7), {}, friedman()


def memorised():
    X, y, X_val, y_val = few_and_noisy()
    clf = NeuronClassifier(100, learning_rate_init=0.01, max_iter=300)
    return clf, {"X_val": X_val, "y_val": y_val}, (X, y)


# Other instances of these causes, and more causes.


def dead_gelu_in_the_second_layer():
    start = [np.zeros(20), np.full(20, -100.0), np.zeros(1)]
    reg = NeuronRegressor((20, 20), "gelu", solver="lbfgs")
    return reg, {"intercepts_init": start}, friedman()


def saturated_logistic_regressor():
    start = weights((10, 20, 1), lambda fan_in: 30)
    reg = NeuronRegressor(20, "logistic", max_iter=50, dtype="float32")
    return reg, {"coefs_init": start}, friedman()


def six_layers_of_logistic_by_lbfgs():
    return NeuronRegressor((20,) * 6, "logistic", solver="lbfgs"), {}, friedman()


def tiny_features():
    X, y = friedman()
    return NeuronRegressor(30), {}, (X / 1e3, y)


def wine_as_it_comes():
    return NeuronClassifier(20), {}, load_wine(return_X_y=True)


def tiny_targets():
    X, y = friedman()
    return NeuronRegressor(30), {}, (X, y / 1e3)


def too_fast_for_a_regressor():
    reg = NeuronRegressor(30, "tanh", solver="sgd", learning_rate_init=1, max_iter=20)
    return reg, {}, friedman()


def xor_too_slow():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    clf = NeuronClassifier(4, "tanh", solver="sgd", learning_rate_init=1e-4)
    return clf, {}, (X, [0, 1, 1, 0])


def rate_that_decays_too_fast():
    clf = NeuronClassifier(
        30, solver="sgd", learning_rate="invscaling", learning_rate_init=0.01
    )
    return clf, {}, digits()


def all_weights_zero():
    return NeuronClassifier(20, "tanh", init="zeros", max_iter=20), {}, digits()


def all_weights_the_same():
    start = [np.full(shape, 0.1) for shape in [(10, 20), (20, 1)]]
    start_biases = [np.zeros(20), np.zeros(1)]
    reg = NeuronRegressor(20, max_iter=100)
    return reg, {"coefs_init": start, "intercepts_init": start_biases}, friedman()


def held_to_zero():
    return NeuronRegressor(30, alpha=300, max_iter=100), {}, friedman()


def held_to_zero_by_l1():
    reg = NeuronRegressor(30, alpha=50, l1_ratio=1, max_iter=100)
    return reg, {}, friedman()


def three_epochs():
    return NeuronClassifier(30, max_iter=3), {}, digits()


def still_falling():
    clf = NeuronClassifier(
        30, solver="sgd", learning_rate_init=0.005, batch_size=10, max_iter=3
    )
    return clf, {}, digits()


def ended_by_tol():
    clf = NeuronClassifier(5, learning_rate_init=0.01, max_iter=1000)
    return clf, {}, load_iris(return_X_y=True)


def large_weights_of_relu():
    start = weights((64, 30, 10), lambda fan_in: 5)
    return NeuronClassifier(30, max_iter=60), {"coefs_init": start}, digits()


def memorised_by_lbfgs():
    X, y, X_val, y_val = few_and_noisy()
    clf = NeuronClassifier(100, solver="lbfgs")
    return clf, {"X_val": X_val, "y_val": y_val}, (X, y)


TEN = {
    dead_relu: "dead_units",
    saturated_tanh: "saturated_units",
    ten_layers_of_logistic: "vanishing_gradients",
    exploding_relu: "exploding_gradients",
    feature_in_other_units: "unscaled_features",
    house_prices: "unscaled_targets",
    sgd_too_fast: "learning_rate_too_high",
    adam_too_fast: "learning_rate_too_high",
    adam_too_slow: "learning_rate_too_low",
    memorised: "overfitting",
}
MORE = {
    dead_gelu_in_the_second_layer: "dead_units",
    saturated_logistic_regressor: "saturated_units",
    six_layers_of_logistic_by_lbfgs: "vanishing_gradients",
    tiny_features: "unscaled_features",
    wine_as_it_comes: "unscaled_features",
    tiny_targets: "unscaled_targets",
    too_fast_for_a_regressor: "learning_rate_too_high",
    xor_too_slow: "learning_rate_too_low",
    rate_that_decays_too_fast: "learning_rate_too_low",
    all_weights_zero: "identical_units",
    all_weights_the_same: "identical_units",
    held_to_zero: "alpha_too_large",
    held_to_zero_by_l1: "alpha_too_large",
    three_epochs: "too_few_epochs",
    still_falling: "too_few_epochs",
    ended_by_tol: "too_few_epochs",
    large_weights_of_relu: "poor_start",
    memorised_by_lbfgs: "overfitting",
}
# The value of these is below its threshold.
BELOW = {
    "vanishing_gradients",
    tiny_features,
    tiny_targets,
}


def diagnosis_of(estimator, fit, data):
    return diagnose(estimator.set_params(random_state=0).fit(*data, **fit), *data)


@pytest.mark.parametrize("broken", [*TEN, *MORE], ids=lambda f: f.__name__)
def test_the_cause_is_named_first(broken):
    cause = {**TEN, **MORE}[broken]
    diagnosis = diagnosis_of(*broken())
    assert diagnosis
    first = diagnosis[0]
    assert first.cause == cause
    if BELOW & {cause, broken}:
        assert 0 <= first.value < first.threshold
    else:
        assert first.value > first.threshold
    for finding in diagnosis:
        assert re.search(r"\d", finding.figure)
        assert finding.where
        assert finding.advice


def test_every_cause_is_documented_and_broken_here():
    listed = re.findall(r"'(\w+)'", diagnose.__doc__.split("Parameters")[0])
    assert len(listed) == len(set(listed))
    assert set(TEN.values()) | set(MORE.values()) == set(listed)


# Healthy networks.


def words():
    """Return sparse word counts; a fifth of the words determine the class."""
    rng = np.random.RandomState(0)
    X = sparse.random(400, 100, density=0.1, random_state=rng, format="csr")
    return X, np.asarray(X[:, :10].sum(axis=1) > X[:, 10:20].sum(axis=1)).ravel()


def pixels():
    X, y = digits()
    return 255 * X, y


def counts():
    X = np.random.RandomState(0).normal(size=(400, 4))
    y = np.random.RandomState(1).poisson(np.exp(5 + X[:, 0] - X[:, 1] / 2))
    return X, y


def iris():
    X, y = load_iris(return_X_y=True)
    return scale(X), y


def two_columns_of_classes():
    X, y = iris()
    return X, np.c_[y, y == 1]


def diabetes():
    X, y = load_diabetes(return_X_y=True)
    return scale(X), scale(y)


def labels():
    X, y = make_multilabel_classification(300, 10, random_state=0)
    return scale(X), y


HEALTHY = {
    "digits": (NeuronClassifier(), digits),
    "moons": (NeuronClassifier(20, "tanh", learning_rate_init=0.05), moons),
    "friedman": (NeuronRegressor(50, learning_rate_init=0.005), friedman),
    "iris": (NeuronClassifier(10, solver="lbfgs"), iris),
    "words": (NeuronClassifier(20, learning_rate_init=0.01), words),
    # and more
    "pixels": (NeuronClassifier(30), pixels),
    "sure": (NeuronClassifier(20, "tanh", solver="lbfgs", max_iter=1000), moons),
    "counts": (
        NeuronRegressor((), "relu", loss="poisson", learning_rate_init=0.1),
        counts,
    ),
    "ridge": (NeuronRegressor((), solver="lbfgs"), diabetes),
    "softmax": (NeuronClassifier((), learning_rate_init=0.05), iris),
    "diabetes": (
        NeuronRegressor(20, early_stopping=True, learning_rate_init=0.003),
        diabetes,
    ),
    "huber": (NeuronRegressor(30, loss="huber", learning_rate_init=0.01), friedman),
    "quantiles": (
        NeuronRegressor(30, loss="quantile", quantile=[0.1, 0.9], max_iter=500),
        friedman,
    ),
    "columns": (
        NeuronClassifier(20, learning_rate_init=0.02),
        two_columns_of_classes,
    ),
    "float32": (NeuronClassifier((30, 30), dtype="float32"), digits),
    "sgd": (NeuronClassifier(30, solver="sgd", learning_rate_init=0.1), digits),
    "deep": (NeuronClassifier((20,) * 10, learning_rate_init=0.003), digits),
    "dropout": (NeuronClassifier(50, dropout=0.2, learning_rate_init=0.003), digits),
    "labels": (NeuronClassifier(30, learning_rate_init=0.02), labels),
    "l1": (NeuronClassifier(50, l1_ratio=1, learning_rate_init=0.01), digits),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_found_in_healthy_networks(name):
    estimator, data = HEALTHY[name]
    X, y = data()
    diagnosis = diagnosis_of(estimator, {}, (X, y))
    assert diagnosis.causes == []
    assert not diagnosis
    assert repr(diagnosis).startswith("Diagnosis: nothing found")


# The advice works.


def advised(finding):
    """Return the parameters that the advice sets to numbers."""
    return {
        name: type(default)(value)
        for name, default in NeuronClassifier().get_params().items()
        if isinstance(default, int | float) and not isinstance(default, bool)
        for value in re.findall(rf"\b{name}=([\d.e-]*\d)", finding.advice)
    }


@pytest.mark.parametrize(
    "broken",
    [
        sgd_too_fast,
        adam_too_fast,
        too_fast_for_a_regressor,
        adam_too_slow,
        xor_too_slow,
        rate_that_decays_too_fast,
        held_to_zero,
        held_to_zero_by_l1,
        three_epochs,
        still_falling,
        ended_by_tol,
    ],
    ids=lambda f: f.__name__,
)
def test_the_value_advised_helps(broken):
    estimator, fit, data = broken()
    before = diagnosis_of(estimator, fit, data)
    loss = estimator.loss_
    values = advised(before[0])
    assert len(values) == 1
    if "learning_rate='constant'" in before[0].advice:
        values["learning_rate"] = "constant"
    after = diagnosis_of(estimator.set_params(**values), fit, data)
    assert before[0].cause not in after.causes
    assert estimator.loss_ < 0.7 * loss


CURES = {
    "fresh weights": (dead_relu, {"init": "he_normal"}),
    "leaky_relu": (dead_relu, {"activation": "leaky_relu", "fit": "as before"}),
    "glorot": (saturated_tanh, {"init": "glorot_uniform"}),
    "relu": (ten_layers_of_logistic, {"activation": "relu", "init": "he_normal"}),
    "fewer layers": (ten_layers_of_logistic, {"hidden_layer_sizes": (20, 20)}),
    "smaller": (exploding_relu, {"init": "auto"}),
    "random": (all_weights_zero, {"init": "auto"}),
    "another start": (large_weights_of_relu, {}),
}


@pytest.mark.parametrize("name", CURES)
def test_the_advice_on_weights_and_layers_helps(name):
    broken, change = CURES[name]
    estimator, fit, data = broken()
    before = diagnosis_of(estimator, fit, data)
    advice = before[0].advice
    change = dict(change)
    fit = fit if change.pop("fit", None) else {}
    if fit == {}:
        assert "coefs_init" in advice
    for key, value in change.items():
        assert f"{key}={value!r}" in advice or key == "hidden_layer_sizes"
    after = diagnosis_of(estimator.set_params(**change), fit, data)
    assert before[0].cause not in after.causes


@pytest.mark.parametrize("broken", [feature_in_other_units, tiny_features])
def test_scaling_the_features_helps(broken):
    reg, _, (X, y) = broken()
    assert "StandardScaler" in diagnosis_of(reg, {}, (X, y))[0].advice
    assert not diagnosis_of(reg, {}, (scale(X), y))


@pytest.mark.parametrize("broken", [house_prices, tiny_targets])
def test_scaling_the_targets_helps(broken):
    reg, _, (X, y) = broken()
    assert "TransformedTargetRegressor" in diagnosis_of(reg, {}, (X, y))[0].advice
    assert not diagnosis_of(reg, {}, (X, scale(y)))


@pytest.mark.parametrize("broken", [memorised, memorised_by_lbfgs])
def test_the_alpha_advised_against_overfitting_helps(broken):
    estimator, fit, data = broken()
    before = diagnosis_of(estimator, fit, data)[0]
    estimator.set_params(**advised(before))
    assert "overfitting" not in diagnosis_of(estimator, fit, data).causes


def test_stopping_early_helps():
    clf, fit, data = memorised()
    early = "early_stopping=True with scoring='loss'"
    assert early in diagnosis_of(clf, fit, data)[0].advice
    clf.set_params(early_stopping=True, scoring="loss")
    assert not diagnosis_of(clf, fit, data)  # it no longer overfits
    clf, fit, data = memorised_by_lbfgs()
    assert early not in diagnosis_of(clf, fit, data)[0].advice


# The values.


def test_the_share_of_dead_units():
    X, y = moons()
    clf = NeuronClassifier((10, 8), random_state=0, max_iter=1).fit(X, y)
    clf.intercepts_[1][:7] = -100
    a = clf.hidden_activations(X, layer=1)
    share = (a == 0).all(axis=0).mean()
    assert share >= 7 / 8
    finding = next(f for f in diagnose(clf, X, y) if f.cause == "dead_units")
    assert finding.value == share
    assert finding.where == "hidden layer 2"
    assert finding.figure.startswith(f"{8 * share:g} of 8 units are dead")


@pytest.mark.parametrize("activation", ["tanh", "logistic"])
def test_the_share_of_saturated_slopes(activation):
    X, y = moons()
    clf = NeuronClassifier(10, activation, random_state=0, max_iter=1).fit(X, y)
    clf.coefs_[0] *= 100
    a = clf.hidden_activations(X)
    slope = 1 - a**2 if activation == "tanh" else 4 * a * (1 - a)  # at most 1
    finding = next(f for f in diagnose(clf, X, y) if f.cause == "saturated_units")
    assert_allclose(finding.value, (slope < 0.005).mean())


@pytest.mark.parametrize("broken", [ten_layers_of_logistic, exploding_relu])
def test_the_gradients_are_those_of_the_teaching_network(broken):
    estimator, fit, (X, y) = broken()
    X, y = X[:15], y[:15]
    if not fit:  # layers of several widths
        estimator.set_params(hidden_layer_sizes=(8, *(15,) * 7, 20))
    estimator.set_params(batch_size=15, max_iter=1, random_state=0).fit(X, y, **fit)
    network = Network.from_estimator(estimator)
    gradients = [
        network.gradients(x, target_of(estimator, t), loss_of(estimator)).by_total
        for x, t in zip(X, y, strict=True)
    ]
    first, last = (
        np.sqrt(np.mean([np.square(g[layer]).sum() for g in gradients]))
        for layer in (0, len(estimator.coefs_) - 2)
    )
    cause = TEN[broken]
    finding = next(f for f in diagnose(estimator, X, y) if f.cause == cause)
    assert_allclose(finding.value, first / last)


def case_of(estimator, X, y):
    return Case(estimator, _samples(estimator, X, y), len(y), None)


def test_the_loss_of_a_constant_guess():
    X, y = digits()
    shares = np.bincount(y) / len(y)
    case = case_of(NeuronClassifier(3).initialize(X, y), X, y)
    assert_allclose(case.guess, log_loss(y, np.tile(shares, (len(y), 1))))
    X, y = moons()
    y = (np.arange(300) < 60).astype(int)
    case = case_of(NeuronClassifier(3).initialize(X, y), X, y)
    assert_allclose(case.guess, log_loss(y, np.full(300, 0.2)))
    X, y = friedman()
    case = case_of(NeuronRegressor(3).initialize(X, y + 5), X, y + 5)
    assert_allclose(case.guess, 0.5)
    for loss, strategy in [
        ("absolute_error", {"strategy": "median"}),
        ("quantile", {"strategy": "quantile", "quantile": 0.9}),
    ]:
        reg = NeuronRegressor(3, loss=loss, quantile=0.9).initialize(X, y)
        p = DummyRegressor(**strategy).fit(X, y).predict(X)
        share = np.where(y > p, 0.9, 0.1) if loss == "quantile" else 1
        expected = np.mean(share * np.abs(y - p))
        assert_allclose(case_of(reg, X, y).guess, expected, rtol=1e-3)
    X, y = counts()
    case = case_of(NeuronRegressor(3, loss="poisson").initialize(X, y), X, y)
    p = np.full(len(y), y.mean())
    assert_allclose(case.guess, mean_poisson_deviance(y, p) / 2)


def test_the_constant_guess_of_several_quantiles_and_columns():
    X, y = friedman()
    levels = [0.1, 0.5, 0.9]
    reg = NeuronRegressor(3, loss="quantile", quantile=levels).initialize(X, y)
    p = np.quantile(y, levels)
    error = y[:, np.newaxis] - p
    expected = np.maximum(levels * error, (np.array(levels) - 1) * error).sum(axis=1)
    assert_allclose(case_of(reg, X, y).guess, expected.mean(), rtol=1e-5)
    X, y = iris()
    two = np.c_[y, y == 1]
    clf = NeuronClassifier(3).initialize(X, two)
    expected = np.log(3) + log_loss(y == 1, np.full(150, 1 / 3))
    assert_allclose(case_of(clf, X, two).guess, expected)


class Half:
    """f(z) = max(z, 0) / 2."""

    def value(self, z):
        return np.maximum(z, 0) / 2

    def derivative(self, z, a):
        return np.where(z > 0, z.dtype.type(0.5), z.dtype.type(0))


class Reward:
    """A negative loss, as when a profit is maximised."""

    link = "identity"

    def value_and_gradient(self, z, y, sample_weight):
        error = z - y
        return float((0.5 * error**2 - 100).sum()), error


def test_custom_parts():
    X, y = friedman()
    reg = NeuronRegressor((20, 20), Half(), learning_rate_init=0.01, random_state=0)
    assert not diagnose(reg.fit(X, y), X, y)
    start = [np.full(20, -100.0), np.zeros(20), np.zeros(1)]
    reg.fit(X, y, intercepts_init=start)
    assert diagnose(reg, X, y)[0].cause == "dead_units"
    # a negative loss cannot be judged, so nothing is found
    reg = NeuronRegressor(20, loss=Reward(), max_iter=2, random_state=0).fit(X, y)
    assert not diagnose(reg, X, y)


def test_class_weights_count_in_the_guess():
    X, y = moons()
    y = (np.arange(300) < 60).astype(int)
    clf = NeuronClassifier(3, class_weight="balanced").initialize(X, y)
    assert_allclose(case_of(clf, X, y).guess, np.log(2))


def test_activations_that_saturate():
    both = {name for name, f in ACTIVATIONS.items() if flat_at_both_ends(f)}
    assert both == {"logistic", "tanh"}
    assert steepest(ACTIVATIONS["logistic"]) == 0.25
    assert steepest(ACTIVATIONS["relu"]) == 1


def test_leaky_units_are_not_dead():
    X, y = moons()
    clf = NeuronClassifier(10, "leaky_relu", random_state=0, max_iter=1).fit(X, y)
    clf.intercepts_[0][:] = -100
    assert "dead_units" not in diagnose(clf, X, y).causes


def test_units_that_l1_has_pruned_are_not_dead():
    X, y = moons()
    clf = NeuronClassifier(10, random_state=0, max_iter=1).fit(X, y)
    clf.coefs_[0][:, :8] = 0
    clf.intercepts_[0][:8] = -0.1
    assert "dead_units" in diagnose(clf, X, y).causes
    clf.set_params(l1_ratio=0.5)
    assert not {"dead_units", "identical_units"} & set(diagnose(clf, X, y).causes)


def test_large_targets_are_right_for_an_exponential():
    X, y = counts()
    assert y.mean() > 100
    reg = NeuronRegressor(10, loss="poisson", max_iter=3, random_state=0).fit(X, y)
    assert "unscaled_targets" not in diagnose(reg, X, y).causes
    reg = NeuronRegressor(10, max_iter=3, random_state=0).fit(X, y)
    assert diagnose(reg, X, y).causes[0] == "unscaled_targets"


def test_features_are_called_by_their_names():
    X, y = load_wine(return_X_y=True, as_frame=True)
    finding = diagnose(NeuronClassifier(20, random_state=0).fit(X, y), X, y)[0]
    assert finding.where == "features 'proline', 'magnesium'"
    assert_allclose(finding.value, np.sqrt((X["proline"] ** 2).mean()))
    clf = NeuronClassifier(20, random_state=0, max_iter=5).fit(30 * X, y)
    assert diagnose(clf, 30 * X, y)[0].where.endswith("'alcalinity_of_ash' and 8 more")


def test_given_and_recorded_validation_losses_agree():
    clf, fit, data = memorised()
    remembered = diagnosis_of(clf, fit, data)[0]
    given = diagnose(clf, *data, **fit)[0]
    assert given.value == remembered.value
    assert given.figure in remembered.figure  # which also tells the best epoch
    val_loss = log_loss(fit["y_val"], clf.predict_proba(fit["X_val"]))
    loss = log_loss(data[1], clf.predict_proba(data[0]))
    guess = log_loss(data[1], np.full(60, data[1].mean()))
    assert_allclose(given.value, (val_loss - loss) / guess)
    kept = copy.deepcopy(clf).set_params(early_stopping=True, random_state=0)
    kept.fit(*data, **fit)  # the weights of the best epoch, not of the last
    case = case_of(kept, *data)
    val_loss = log_loss(fit["y_val"], kept.predict_proba(fit["X_val"]))
    assert_allclose(_held_out_loss(case), val_loss / guess)


@pytest.mark.parametrize(
    ("cause", "held", "own", "rate", "reached", "curve", "found"),
    [
        (learning_rate_too_high, 0.9, 0.9, 1e-3, 0.1, [1, 0.9], True),
        (learning_rate_too_high, 0.9, 0.9, 1e-3, 0.7, [1, 0.9], False),  # gains little
        (learning_rate_too_high, 0.9, 0.1, 1e-3, 0.1, [1, 0.9], False),  # not the rate
        (learning_rate_too_high, 0.9, 0.1, 1e-3, 0.1, [1, 0.5, 0.9], True),  # jumps
        (learning_rate_too_high, 0.3, 0.9, 1e-3, 0.1, [1, 0.5, 0.3], False),  # learned
        (learning_rate_too_high, 0.9, 0.9, 1e-1, 0.1, [1, 0.5, 0.9], False),  # too low
        (learning_rate_too_low, 0.9, 0.9, 1e-1, 0.1, [1, 0.9], True),
        (learning_rate_too_low, 0.3, 0.9, 1e-1, 0.1, [1, 0.3], False),  # learned slowly
        (learning_rate_too_low, 0.9, 0.3, 1e-1, 0.1, [1, 0.9], False),  # not the rate
        (learning_rate_too_low, 1.5, 1.5, 1e-1, 1.0, [1, 0.9], False),  # noise
        (learning_rate_too_low, 0.9, 0.9, 1e-3, 0.1, [1, 0.9], False),  # too high
        (poor_start, 0.9, 0.1, 1e-2, 0.1, [1] * 300, True),
        (poor_start, 0.9, 0.8, 1e-2, 0.1, [1] * 300, False),
        (poor_start, 1.3, 1.0, 1e-2, 0.1, [1] * 300, False),  # noise
        (poor_start, 0.9, 0.1, 1e-2, 0.1, [1] * 3, False),  # too early to judge
        (poor_start, 9.0, 0.9, 1e-2, 0.1, [9] * 3, True),  # not too early
        (hardly_trained, 0.9, 0.1, 1e-2, 0.1, [1] * 3, True),
        (hardly_trained, 0.9, 0.8, 1e-2, 0.1, [1] * 3, False),
        (hardly_trained, 1.3, 1.0, 1e-2, 0.1, [1] * 3, False),  # noise
    ],
)
def test_causes_found_by_trials(cause, held, own, rate, reached, curve, found):
    """For a network with learning_rate_init=0.01 and one step per epoch."""
    X, y = moons()
    estimator = NeuronClassifier(3, learning_rate_init=0.01, batch_size="full")
    case = case_of(estimator.initialize(X, y), X, y)
    vars(case).update(  # in place of measurements
        held_loss=held,
        own_trial=own,
        best_trial=(rate, reached),
        curve=np.array(curve, float),
    )
    assert bool(list(cause(case, set()))) == found


def test_the_rate_is_not_judged_on_unscaled_data():
    reg, _, data = feature_in_other_units()
    diagnosis = diagnosis_of(reg.set_params(learning_rate_init=10), {}, data)
    assert diagnosis.causes[0] == "unscaled_features"
    assert not {c for c in diagnosis.causes if c.startswith("learning_rate")}
    assert "learning rate" in diagnosis.not_checked[0]


def test_dead_units_explain_vanishing_gradients():
    X, y = moons()
    clf = NeuronClassifier((10, 10, 10), random_state=0, max_iter=1).fit(X, y)
    clf.intercepts_[1][:] = -100
    assert diagnose(clf, X, y).causes == ["dead_units"]


# The report, side effects and errors.


def test_it_prints_as_a_report():
    diagnosis = diagnosis_of(*feature_in_other_units())
    assert len(diagnosis) == len(diagnosis.causes) == len(list(diagnosis)) == 1
    lines = repr(diagnosis).splitlines()
    assert lines[:2] == ["Diagnosis: 1 finding", "1. unscaled_features, feature 7"]
    assert lines[2].startswith("   The root mean square of feature 7 is 1e+04.")
    assert any("To do: scale the features" in line for line in lines)
    assert max(map(len, lines)) < 80
    assert [line for line in lines if line.startswith("Not checked")] == [
        "Not checked: learning rate, which depends on scaling; scale, fit and diagnose",
        "Not checked: overfitting, which needs X_val and y_val",
    ]
    healthy = diagnosis_of(NeuronClassifier(10, solver="lbfgs"), {}, iris())
    assert repr(healthy).splitlines() == [
        "Diagnosis: nothing found that keeps this network from learning",
        "Not checked: overfitting, which needs X_val and y_val",
    ]
    with pytest.raises(AttributeError):
        diagnosis[0].cause = "bad luck"


@pytest.mark.parametrize("broken", [adam_too_slow, adam_too_fast])
def test_it_is_deterministic_and_leaves_the_estimator_unchanged(broken):
    estimator, fit, data = broken()
    estimator.set_params(random_state=np.random.RandomState(0)).fit(*data, **fit)
    twin = copy.deepcopy(estimator)
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    assert diagnose(estimator, *data) == diagnose(estimator, *data)
    assert_array_equal(np.random.get_state()[1], before)
    estimator.partial_fit(*data)
    twin.partial_fit(*data)
    for mine, twins in zip(estimator.coefs_, twin.coefs_, strict=True):
        assert_array_equal(mine, twins)


def test_sparse_and_dense_give_the_same():
    X, y = digits()
    X, y = sparse.csr_matrix(X[:300]), y[:300]
    clf = NeuronClassifier(20, learning_rate_init=1e-6, random_state=0).fit(X, y)
    dense = diagnose(clf, X.toarray(), y)[0]
    assert dense.cause == "learning_rate_too_low"
    for same in (X, X.tocsc()):
        assert_allclose(diagnose(clf, same, y)[0].value, dense.value)
    X = 1000 * X
    clf = NeuronClassifier(20, "tanh", max_iter=10, random_state=0).fit(X, y)
    finding = diagnose(clf, X, y)[0]
    assert finding.cause == "unscaled_features"
    assert "MaxAbsScaler" in finding.advice
    assert_allclose(finding.value, diagnose(clf, X.toarray(), y)[0].value)


def test_large_data_are_reduced_to_a_random_subset():
    X = np.arange(2.0 * MOST_ROWS)[:, np.newaxis]
    y = np.arange(2 * MOST_ROWS) % 2
    clf = NeuronClassifier(3).initialize(X, y)
    drawn = _subset(_samples(clf, X, y))
    assert drawn.X.shape == (MOST_ROWS, 1)
    assert len(np.unique(drawn.X)) == MOST_ROWS
    assert_array_equal(drawn.X[:, 0] % 2, drawn.y[:, 0])
    assert 0.45 < (drawn.X < MOST_ROWS).mean() < 0.55  # not just the first


@pytest.mark.parametrize(
    ("estimator", "y"),
    [
        (NeuronClassifier(3), [1, 1, 1, 1]),
        (NeuronRegressor(3), [7.0, 7.0, 7.0, 7.0]),
        (NeuronRegressor(3), [0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_nothing_is_found_where_there_is_nothing_to_learn(estimator, y):
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert not diagnose(estimator.set_params(random_state=0).fit(X, y), X, y)


def test_a_network_that_was_never_trained():
    X, y = digits()
    clf = NeuronClassifier(30, random_state=0).initialize(X, y)
    finding = diagnose(clf, X, y)[0]
    assert (finding.cause, finding.where) == ("too_few_epochs", "0 epochs")
    clf = clf.set_params(batch_size=400, max_iter=10).fit(X, y)
    assert case_of(clf, X, y).n_steps == 30


def test_invalid_arguments():
    X, y = moons()
    with pytest.raises(NotFittedError, match="not fitted yet"):
        diagnose(NeuronClassifier(), X, y)
    for other in (LogisticRegression(), MLPClassifier(3)):
        with pytest.raises(TypeError, match=f"got {type(other).__name__}.$"):
            diagnose(other.fit(X, y), X, y)
    pipeline = make_pipeline(StandardScaler(), NeuronClassifier(3)).fit(X, y)
    message = re.escape("diagnose(pipeline[-1], pipeline[:-1].transform(X), y)")
    with pytest.raises(TypeError, match=f"got Pipeline. .*{message}"):
        diagnose(pipeline, X, y)
    diagnose(pipeline[-1], pipeline[:-1].transform(X), y)
    tabular = TabularClassifier(2, max_iter=1, cv=2).fit(X, y)
    with pytest.raises(TypeError, match=r"got Tabular.* estimators_\[0\].*encoder_"):
        diagnose(tabular, X, y)
    diagnose(tabular.estimators_[0], tabular.encoder_.transform(X), y)
    with pytest.raises(ValueError, match="X_val and y_val must be given together"):
        diagnose(pipeline[-1], X, y, X_val=X)
    with pytest.raises(ValueError, match="expecting 2 features"):
        diagnose(pipeline[-1], X[:, :1], y)


def test_overfitting_is_measured_at_the_weights_that_lbfgs_keeps():
    X, y = make_moons(200, noise=0.2, random_state=0)
    params = {"max_iter": 500, "alpha": 0, "random_state": 0, "early_stopping": True}
    clf = NeuronClassifier(10, solver="lbfgs", **params)
    with pytest.warns(UserWarning, match="early_stopping=True has no effect"):
        clf.fit(X[:50], y[:50], X_val=X[50:], y_val=y[50:])
    own = {f.cause: f for f in diagnose(clf, X[:50], y[:50])}
    given = diagnose(clf, X[:50], y[:50], X_val=X[50:], y_val=y[50:])
    for finding in given:
        if finding.cause == "overfitting":
            assert own["overfitting"].value == pytest.approx(finding.value, rel=1e-3)
            break
    else:
        raise AssertionError("no overfitting was found")


def test_patience_is_not_blamed_for_too_few_calls_of_partial_fit():
    X, y = make_moons(200, noise=0.2, random_state=0)
    clf = NeuronClassifier(10, random_state=0)
    for _ in range(3):
        clf.partial_fit(X, y, classes=[0, 1])
    (finding,) = diagnose(clf, X, y)
    assert "n_iter_no_change" not in finding.advice
    assert "continue with partial_fit" in finding.advice


def test_nan_scores_are_tolerated():
    X, y = make_moons(200, noise=0.2, random_state=0)
    clf = NeuronClassifier(10, early_stopping=True, random_state=0, max_iter=20)
    clf.set_params(scoring=lambda estimator, X, y: np.nan)
    with pytest.warns(UserWarning, match="No epoch has a validation score that is"):
        clf.fit(X, y, X_val=X[:20], y_val=y[:20])
    assert diagnose(clf, X, y).causes == ["learning_rate_too_low"]
