"""Combined options: finite, deterministic, correct, the same on both engines."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import check_grad
from sklearn.base import clone

from skneuron import NeuronClassifier, NeuronRegressor, _engines
from skneuron._engines import Samples
from skneuron._estimators import parameters
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS
from skneuron.losses import REGRESSION_LOSSES
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop
from skneuron.schedules import OneCycle, Plateau

FLOAT64 = np.dtype(np.float64)
SOLVERS = [
    *("sgd", "adam", "adamw", "rmsprop", "lbfgs"),
    *(SGD(0.5, nesterov=False), Adam(0.8), AdamW(weight_decay=0.3), RMSprop(0.8, 0.5)),
]
SCHEDULES = [
    *("constant", "invscaling", "adaptive", "cosine", "one_cycle", "plateau"),
    *(OneCycle(warmup=0.5), Plateau(patience=0), np.exp),
]


@st.composite
def problems(draw):
    """Draw an estimator and data for it."""
    rng = np.random.RandomState(draw(st.integers(0, 99)))
    n_samples = draw(st.integers(12, 40))
    X = rng.normal(size=(n_samples, 3))
    sizes = draw(st.lists(st.integers(1, 9), max_size=3))
    activation = draw(st.sampled_from(list(ACTIVATIONS)))
    if sizes and draw(st.booleans()):
        activation = [draw(st.sampled_from(list(ACTIVATIONS))) for _ in sizes]
    params = {
        "hidden_layer_sizes": tuple(sizes),
        "activation": activation,
        "solver": draw(st.sampled_from(SOLVERS)),
        "alpha": draw(st.sampled_from([0.0, 1e-4, 1.0])),
        "learning_rate": draw(st.sampled_from(SCHEDULES)),
        "learning_rate_init": draw(st.sampled_from([1e-3, 0.02])),
        "batch_size": draw(st.sampled_from(["auto", "full", 1, 7])),
        "max_iter": draw(st.integers(1, 6)),
        "n_iter_no_change": draw(st.sampled_from([1, 10])),
        "fit_intercept": draw(st.booleans()),
        "shuffle": draw(st.booleans()),
        "init": draw(st.sampled_from(["auto", "he_normal", "glorot_uniform"])),
        "random_state": draw(st.integers(0, 99)),
    }
    if params["solver"] != "lbfgs":
        params |= {
            "l1_ratio": draw(st.sampled_from([0.0, 0.5, 1.0])),
            "dropout": draw(st.sampled_from([0.0, 0.3, [0.5] * len(sizes)])),
            "max_grad_norm": draw(st.sampled_from([None, 0.1])),
            "early_stopping": draw(st.booleans()),
        }
    if draw(st.booleans()):
        kind = NeuronClassifier
        targets = rng.randint(draw(st.sampled_from([2, 3])), size=(n_samples, 2))
        y = targets if draw(st.booleans()) else targets[:, 0]
        params["loss"] = draw(st.sampled_from(["log_loss", "squared_error"]))
        if params["loss"] == "log_loss":
            params["label_smoothing"] = draw(st.sampled_from([0.0, 0.1]))
        params["class_weight"] = draw(st.sampled_from([None, "balanced"]))
        assume(len(np.unique(targets[:, 0])) > 1)
    else:
        kind, y = NeuronRegressor, rng.gamma(2.0, size=n_samples)
        params["loss"] = draw(st.sampled_from(sorted(REGRESSION_LOSSES)))
        params["quantile"] = draw(st.sampled_from([0.3, [0.1, 0.5, 0.9]]))
    weights = rng.uniform(0.1, 2, size=n_samples) if draw(st.booleans()) else None
    return kind(**params), X, y, weights


def assert_gradient_is_right(estimator, X, y, weights):
    """Compare it with finite differences, at moderate weights and with biases.

    With large weights, the log-loss is clipped and exponentials overflow; without
    biases, a relu unit with zero input is at its kink.
    """
    # the L1 penalty has no gradient at zero
    settings = replace(parameters.settings(estimator), fit_intercept=True)
    network = settings.network(X.shape[1], estimator.n_outputs_)
    objective = replace(estimator._objective, network=network, l1=0.0)
    encoded = estimator._encode_targets(
        np.asarray(y), FLOAT64, known=True, all_known=False
    )
    samples = Samples(X, encoded, weights, FLOAT64)
    somewhere = np.random.RandomState(0).normal(0, 0.3, size=network.n_parameters)
    engine = _engines.choose(estimator.engine, objective, None, X)

    def at(vector):
        sums = engine.sums(objective, Parameters(network, vector), samples)
        return objective.normalise(sums, vector)

    error = check_grad(lambda v: at(v)[0], lambda v: at(v)[1], somewhere)
    # the losses are rounded, above all -log(1 - p) for p near 1
    assert error < 1e-3 * max(1, np.abs(at(somewhere)[1]).max())


@st.composite
def fits(draw):
    """Draw a problem whose training does not diverge, fitted."""
    estimator, X, y, weights = draw(problems())
    try:
        return estimator.fit(X, y, weights), X, y, weights
    except ValueError as error:
        assume("non-finite" not in str(error))
        raise


whatever_is_combined = pytest.mark.filterwarnings(
    "ignore::UserWarning", "ignore:overflow"
)


@whatever_is_combined
@given(fit=fits())
def test_everything_learned_is_finite(fit):
    estimator, *_ = fit
    for array in estimator.coefs_ + estimator.intercepts_:
        assert np.isfinite(array).all()
    assert np.isfinite(estimator.loss_curve_).all()
    n_columns = {len(column) for column in estimator.history_.values()}
    assert n_columns == {estimator.n_iter_}


@whatever_is_combined
@given(problem=problems())
def test_divergence_leaves_nothing_and_happens_on_numpy_too(problem):
    estimator, X, y, weights = problem
    try:
        estimator.fit(X, y, weights)
    except ValueError:
        assert not hasattr(estimator, "coefs_")
        with pytest.raises(ValueError, match="non-finite"):
            estimator.set_params(engine="numpy").fit(X, y, weights)


@whatever_is_combined
@given(fit=fits())
def test_a_second_fit_is_the_same(fit):
    estimator, *data = fit
    twin = clone(estimator).fit(*data)
    for one, other in zip(twin.coefs_, estimator.coefs_, strict=True):
        assert_array_equal(one, other)


@whatever_is_combined
@given(fit=fits())
def test_both_engines_agree(fit):
    estimator, *data = fit
    # rounding decides on which side of a kink a target is
    assume(estimator.loss not in ("absolute_error", "quantile"))
    by_numpy = clone(estimator).set_params(engine="numpy").fit(*data)
    losses = by_numpy.loss_curve_, estimator.loss_curve_
    assert_allclose(*losses, rtol=1e-6, atol=1e-9)
    for one, other in zip(by_numpy.coefs_, estimator.coefs_, strict=True):
        assert_allclose(one, other, rtol=1e-5, atol=1e-7)


@whatever_is_combined
@given(fit=fits())
def test_the_gradient_is_right(fit):
    assert_gradient_is_right(*fit)


@whatever_is_combined
@given(fit=fits())
def test_a_pickle_predicts_the_same(fit):
    estimator, X, *_ = fit
    again = pickle.loads(pickle.dumps(estimator))
    assert_array_equal(again.predict(X), estimator.predict(X))
