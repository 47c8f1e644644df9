"""Layers before the first hidden layer: `input_layers` and `input_parameters_`."""

import copy
import pickle
import warnings
from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._network.layer import Part
from skneuron.callbacks import Checkpoint
from skneuron.inspection import (
    ActivationDisplay,
    BackpropDisplay,
    LossLandscapeDisplay,
    NetworkDisplay,
    WeightsDisplay,
    diagnose,
)
from skneuron.layers import Periodic, Scale
from skneuron.teaching import Network, explain

X, y = make_classification(120, 6, n_informative=4, random_state=0)
t = np.sin(3 * X[:, 0]) + X[:, 1] ** 2
BOTH = [Periodic(4, columns=[0, 2]), Scale()]

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def classifier(**params):
    defaults = {"input_layers": BOTH, "max_iter": 8, "random_state": 0}
    return NeuronClassifier(**{"hidden_layer_sizes": (7, 5), **defaults, **params})


def regressor(**params):
    defaults = {"input_layers": BOTH, "max_iter": 8, "random_state": 0}
    return NeuronRegressor(**{"hidden_layer_sizes": (7, 5), **defaults, **params})


def learned(estimator):
    """Return all arrays that training changes."""
    before = [array for one in estimator.input_parameters_ for array in one.values()]
    return [*before, *estimator.coefs_, *estimator.intercepts_]


def assert_same(one, other):
    for a, b in zip(learned(one), learned(other), strict=True):
        assert_array_equal(a, b)


def transformed(estimator, X):
    """Return the outputs of `BOTH`, by their definition, one column at a time."""
    periodic, scale = estimator.input_parameters_
    columns = [X]
    for number, j in enumerate([0, 2]):
        w, b, c = (
            periodic[role][number] for role in ("frequencies", "phases", "offsets")
        )
        W = periodic["amplitudes"].reshape(2, 4, 3)[number]
        columns.append(np.cos(2 * np.pi * np.outer(X[:, j], w) + b) @ W + c)
    return np.hstack(columns) * scale["factors"]


# the mathematics


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_predictions_are_those_of_a_plain_network_on_transformed_features(
    engine, solver
):
    reg = regressor(solver=solver, engine=engine).fit(X, t)
    Z = transformed(reg, X)
    plain = regressor(input_layers=None).initialize(
        Z, t, coefs_init=reg.coefs_, intercepts_init=reg.intercepts_
    )
    assert_allclose(reg.predict(X), plain.predict(Z), rtol=1e-10, atol=1e-12)
    for layer in (0, 1, -1):
        hidden = reg.hidden_activations(X, layer)
        assert_allclose(hidden, plain.hidden_activations(Z, layer), atol=1e-12)
    assert reg.n_layers_ == plain.n_layers_ == 4
    assert [W.shape for W in reg.coefs_] == [(12, 7), (7, 5), (5, 1)]


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_engines_agree(solver):
    one, other = (
        regressor(solver=solver, engine=engine).fit(X, t)
        for engine in ("auto", "numpy")
    )
    for a, b in zip(learned(one), learned(other), strict=True):
        assert_allclose(a, b, rtol=1e-7, atol=1e-9)


def test_layers_learn_from_the_same_start_as_a_plain_network(engine):
    fits = {"hidden_layer_sizes": (7, 5), "engine": engine}
    plain = regressor(input_layers=None, **fits).initialize(X, t)
    scaled = regressor(input_layers=[Scale()], **fits).initialize(X, t)
    for W, V in zip(plain.coefs_, scaled.coefs_, strict=True):
        assert_array_equal(W, V)  # the factors are not drawn
    assert_array_equal(scaled.input_parameters_[0]["factors"], np.ones(6))
    fixed = regressor(input_layers=[Scale(rate=0)], **fits).fit(X, t)
    assert_array_equal(fixed.input_parameters_[0]["factors"], np.ones(6))
    assert_array_equal(
        fixed.predict(X), regressor(input_layers=None, **fits).fit(X, t).predict(X)
    )
    assert not np.allclose(scaled.fit(X, t).input_parameters_[0]["factors"], 1)


def test_a_fixed_scale_stays_through_a_warm_start():
    reg = regressor(input_layers=[Scale(rate=0)], warm_start=True).fit(X, t).fit(X, t)
    assert_array_equal(
        reg.partial_fit(X, t).input_parameters_[0]["factors"], np.ones(6)
    )


def test_the_rate_multiplies_the_learning_rate(engine):
    # plain gradient descent: the first step is rate times gradient
    params = {"solver": "sgd", "momentum": 0, "batch_size": "full", "max_iter": 1}
    one, six = (
        regressor(input_layers=[Scale(rate)], engine=engine, **params).fit(X, t)
        for rate in (1, 6)
    )
    moved = [reg.input_parameters_[0]["factors"] - 1 for reg in (one, six)]
    assert_allclose(moved[1], 6 * moved[0])
    assert_array_equal(one.coefs_[0], six.coefs_[0])


@pytest.mark.parametrize("make", [classifier, regressor])
def test_input_gradient_matches_differences(make):
    estimator = make().fit(X, y)
    predict = getattr(estimator, "predict_proba", estimator.predict)
    step = 1e-6
    gradient = estimator.input_gradient(X)
    for j in range(6):
        shift = step * np.eye(6)[j]
        difference = (predict(X + shift) - predict(X - shift)) / (2 * step)
        difference = difference[:, 1] if difference.ndim == 2 else difference
        assert_allclose(gradient[:, j], difference, atol=1e-7)


def test_float32(engine):
    reg = regressor(dtype="float32", engine=engine).fit(X, t)
    assert {a.dtype for a in learned(reg)} == {np.dtype(np.float32)}
    assert reg.predict(X).dtype == np.float32


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("layers", [[Scale()], BOTH], ids=repr)
def test_sparse_features(layers, solver):
    params = {"input_layers": layers, "solver": solver}
    dense = regressor(engine="numpy", **params).fit(X, t)
    sparse_fit = regressor(**params).fit(sparse.csr_array(X), t)
    for a, b in zip(learned(dense), learned(sparse_fit), strict=True):
        assert_allclose(a, b, rtol=1e-6, atol=1e-9)
    assert_allclose(
        dense.input_gradient(X), dense.input_gradient(sparse.csr_matrix(X)), atol=1e-12
    )


def test_a_periodic_layer_without_columns_is_the_identity(engine):
    none = np.zeros(6, bool)
    reg = regressor(input_layers=[Periodic(columns=none)], engine=engine).fit(X, t)
    assert reg.input_parameters_ == [{}]
    plain = regressor(input_layers=None, engine=engine).fit(X, t)
    assert_array_equal(reg.predict(X), plain.predict(X))
    assert reg.input_gradient(X).shape == X.shape


# columns of Periodic


@pytest.mark.parametrize(
    ("columns", "indices"),
    [
        (None, (0, 1, 2)),
        ([2, 0], (2, 0)),
        ((-1,), (2,)),
        (np.array([True, False, True]), (0, 2)),
        ([False, True, False], (1,)),
        ([], ()),
    ],
)
def test_columns(columns, indices):
    assert Periodic(columns=columns).build(3).columns == indices


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ([3], "has 3, but the layer has 3 inputs: use indices from -3 to 2"),
        ([-4], "has -4"),
        ([0, -3], r"an input twice: \[0, -3\]"),
        ([True, False], "an entry for each of the 3 inputs of the layer; got 2"),
        ([0.5], r"a sequence of indices, a mask.*got \[0.5\]"),
        (["a"], "a sequence of indices"),
        ([[0, 1]], "a sequence of indices"),
        ([[0], [1, 2]], "a sequence of indices"),
    ],
)
def test_wrong_columns_are_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        regressor(input_layers=[Periodic(columns=columns)]).fit(X[:, :3], t)


# the parameter


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ([Scale], TypeError, r"input_layers\[0\] must be an object, got the class"),
        ([Scale(), 3], TypeError, r"input_layers\[1\].*build\(n_inputs\).*Got 3"),
        (Scale(), ValueError, "'input_layers' parameter of NeuronRegressor must be an"),
        ([Scale(rate=-1)], ValueError, "'rate' parameter of Scale"),
        ([Periodic(0)], ValueError, "'n_frequencies' parameter of Periodic"),
        ([Periodic(sigma=0)], ValueError, "'sigma' parameter of Periodic"),
        ([Periodic(columns=1)], ValueError, "'columns' parameter of Periodic"),
    ],
)
def test_wrong_layers_are_refused(layers, error, message):
    reg = regressor(input_layers=layers)
    with pytest.raises(error, match=message):
        reg.fit(X, t)
    with pytest.raises(NotFittedError):
        reg.predict(X)


class Doubled:
    """A custom layer object, which builds a layer of this package."""

    def build(self, n_inputs):
        return Scale(rate=2.0).build(n_inputs)


@dataclass(frozen=True)
class Shift:
    """A custom layer, and the object that builds it: x plus learned offsets."""

    n_inputs: int = 0
    activation: ClassVar[None] = None
    dropout: ClassVar[float] = 0.0

    def build(self, n_inputs):
        return Shift(n_inputs)

    @property
    def n_outputs(self):
        return self.n_inputs

    @property
    def parts(self):
        return (Part("offsets", (self.n_inputs,)),)

    def initialize(self, arrays, init, activation, random_state):
        arrays[0][:] = 0

    def forward(self, arrays, inputs, mask=None):
        return SimpleNamespace(outputs=inputs + arrays[0])

    def backward(self, arrays, trace, error, gradient=None, *, to_inputs=True):
        if gradient is not None:
            gradient[0][:] += error.sum(axis=0)
        return error if to_inputs else None


class ShiftWithColumns(Shift):
    """A custom layer with columns, as an array."""

    columns = np.array([0, 2])

    def build(self, n_inputs):
        return ShiftWithColumns(n_inputs)


class Forgetful:
    """A custom layer object that does not return its layer."""

    def build(self, n_inputs):
        Scale().build(n_inputs)


class Wrong:
    """A custom layer object whose layer has other inputs."""

    def build(self, n_inputs):
        return Scale().build(n_inputs + 1)


def test_custom_layers():
    custom = regressor(input_layers=[Doubled()]).fit(X, t)
    assert_same(custom, regressor(input_layers=[Scale(2.0)]).fit(X, t))
    with pytest.raises(ValueError, match=r"\[0\].*must build a layer of 6 inputs"):
        regressor(input_layers=[Wrong()]).fit(X, t)
    with pytest.raises(TypeError, match=r"build of input_layers\[0\].*None lacks"):
        regressor(input_layers=[Forgetful()]).fit(X, t)


def test_a_custom_layer_with_columns_continues():
    reg = regressor(input_layers=[ShiftWithColumns()]).fit(X, t)
    before = reg.input_parameters_[0]["offsets"].copy()
    assert (reg.partial_fit(X, t).input_parameters_[0]["offsets"] != before).all()


def test_clones_have_copies():
    reg = regressor()
    twin = clone(reg)
    assert twin.input_layers == reg.input_layers
    assert twin.input_layers[0] is not reg.input_layers[0]
    assert repr(twin) == repr(reg)


def test_parameters_of_layers_are_parameters_of_the_estimator():
    reg = clone(regressor())
    params = reg.get_params()
    assert params["input_layers__0"] is reg.input_layers[0]
    assert params["input_layers__0__n_frequencies"] == 4
    assert params["input_layers__1__rate"] == 6.0
    assert "input_layers__0" not in reg.get_params(deep=False)
    before = reg.input_layers
    reg.set_params(
        input_layers__0__n_frequencies=2,
        input_layers__1=Scale(),
        input_layers__1__rate=3,
    )
    assert reg.input_layers == [Periodic(2, columns=[0, 2]), Scale(3)]
    assert before[1] == Scale(6.0)  # another estimator may have this list
    reg.set_params(input_layers=[Scale()], input_layers__0__rate=5)
    assert reg.input_layers == [Scale(5)]
    # all parameters, set at once, give the same estimator
    assert repr(NeuronRegressor().set_params(**reg.get_params())) == repr(reg)


@pytest.mark.parametrize(
    "name", ["input_layers__2", "input_layers__x__rate", "input_layers__-1__rate"]
)
def test_unknown_entries_are_refused(name):
    with pytest.raises(
        ValueError, match=f"(?s)Invalid parameter '{name}'.*there are 2"
    ):
        regressor().set_params(**{name: 1})
    with pytest.raises(ValueError, match="Invalid parameter 'speed'"):
        clone(regressor()).set_params(input_layers__1__speed=1)
    with pytest.raises(ValueError, match="there are 0"):
        NeuronRegressor().set_params(input_layers__0__rate=1)
    with pytest.raises(ValueError, match="has no method set_params"):
        regressor(input_layers=[Doubled()]).set_params(input_layers__0__rate=1)


def test_a_custom_layer_trains_by_numpy():
    reg = regressor(input_layers=[Shift(), Scale()]).fit(X, t)
    offsets = reg.input_parameters_[0]["offsets"]
    assert offsets.any()
    scaled = regressor(input_layers=[Scale()]).initialize(X, t)
    scaled.coefs_, scaled.intercepts_ = reg.coefs_, reg.intercepts_
    scaled.input_parameters_ = reg.input_parameters_[1:]
    assert_allclose(reg.predict(X), scaled.predict(X + offsets), rtol=1e-10)
    with pytest.raises(ValueError, match=r"engine='compiled' cannot do this"):
        reg.set_params(engine="compiled").fit(X, t)


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_searches(n_jobs):
    grid = [
        {"input_layers__1__rate": [0.5, 6.0], "input_layers__0__n_frequencies": [2]},
        {"input_layers": [None, [Scale()]]},
    ]
    search = GridSearchCV(regressor(), grid, cv=2, n_jobs=n_jobs).fit(X, t)
    scores = search.cv_results_["mean_test_score"]
    assert np.isfinite(scores).all()
    assert len(set(scores)) == 4
    best = search.best_estimator_
    assert_same(best, clone(best).fit(X, t))


def test_later_changes_leave_the_fitted_network_alone():
    reg = clone(regressor()).fit(X, t)
    before = reg.predict(X)
    reg.set_params(input_layers__0__n_frequencies=9, input_layers__0__columns=[1])
    assert_array_equal(reg.predict(X), before)
    reg.set_params(input_layers=None)
    assert_array_equal(reg.predict(X), before)


def test_equal_networks_are_shared():
    one, other = (clone(regressor()).fit(X, t) for _ in range(2))
    assert one._objective.network is other._objective.network


# fitted attributes


def test_input_parameters():
    reg = regressor().fit(X, t)
    shapes = [{k: v.shape for k, v in one.items()} for one in reg.input_parameters_]
    assert shapes == [
        {
            "frequencies": (2, 4),
            "phases": (2, 4),
            "amplitudes": (8, 3),
            "offsets": (2, 3),
        },
        {"factors": (12,)},
    ]
    assert regressor(input_layers=None).fit(X, t).input_parameters_ == []


def test_edited_parameters_are_used(engine):
    reg = regressor(engine=engine).fit(X, t)
    plain = reg.predict(X * np.r_[0.0, np.ones(5)])
    reg.input_parameters_[1]["factors"][0] = 0
    reg.input_parameters_[0]["frequencies"][0] = 0  # both uses of the first feature
    edited = reg.predict(X)
    assert_allclose(edited, plain, rtol=1e-12)
    assert_array_equal(reg.input_gradient(X)[:, 0], np.zeros(len(X)))
    other = copy.deepcopy(reg)
    other.input_parameters_[1]["factors"] = [
        int(1000 * s) / 1000 for s in other.input_parameters_[1]["factors"]
    ]  # a list of floats
    assert_allclose(other.predict(X), edited, atol=0.05)


def test_pruned_hidden_units_still_predict():
    reg = regressor(hidden_layer_sizes=5).fit(X, t)
    reg.coefs_[1][-1] = 0
    expected = reg.predict(X)
    reg.coefs_ = [reg.coefs_[0][:, :4], reg.coefs_[1][:4]]
    reg.intercepts_[0] = reg.intercepts_[0][:4]
    assert_allclose(reg.predict(X), expected)


def edit(reg, name, value):
    if name == "factors":
        reg.input_parameters_[1]["factors"] = value
    else:
        setattr(reg, name, value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("factors", np.ones(5), r"input_parameters_\[1\]\['factors'\] must have shape"),
        ("factors", ["a"] * 12, r"\[1\]\['factors'\] must be an array of real numbers"),
        ("input_parameters_", None, "must be a list of 2 dicts"),
        ("input_parameters_", [], "must be a list of 2 dicts.*got 0 of them"),
        (
            "input_parameters_",
            [{"factors": np.ones(6)}, {}],
            r"\[0\] must be a dict of arrays with the keys.*got \['factors'\]",
        ),
        ("input_parameters_", [3, 4], r"\[0\] must be a dict.*got 3"),
        (
            "n_features_in_",
            5,
            "n_features_in_ must be 6, the inputs of the first input",
        ),
        ("n_layers_", 6, "n_layers_ must be 4"),
        ("coefs_", [np.ones((6, 1))], "coefs_ must have an array for each layer"),
    ],
)
def test_wrong_parameters_are_named(name, value, message):
    reg = regressor().fit(X, t)
    edit(reg, name, value)
    with pytest.raises(ValueError, match=message):
        reg.predict(X)


def test_wrong_weights_after_input_layers_are_named():
    reg = regressor().fit(X, t)
    reg.coefs_[0] = reg.coefs_[0][:6]
    with pytest.raises(
        ValueError, match=r"coefs_\[0\] must have shape \(12, any\).*the last input"
    ):
        reg.predict(X)
    plain = regressor(input_layers=None).fit(X, t)
    plain.input_parameters_ = [{"factors": np.ones(6)}]
    with pytest.raises(ValueError, match="must be a list of 0 dicts"):
        plain.predict(X)
    del plain.input_parameters_
    with pytest.raises(ValueError, match="must be a list of 0 dicts"):
        plain.predict(X)


# continuing, saving


@pytest.mark.parametrize("solver", ["adam", "sgd", "adamw", "rmsprop"])
def test_partial_fit_continues(engine, solver):
    params = {"solver": solver, "engine": engine, "shuffle": False}
    whole = regressor(max_iter=3, **params).fit(X, t)
    parts = regressor(**params)
    for _ in range(3):
        parts.partial_fit(X, t)
    assert_same(whole, parts)


def test_warm_start_continues_and_may_change_rates():
    reg = clone(regressor(warm_start=True)).fit(X, t)
    before = [a.copy() for a in learned(reg)]
    reg.set_params(input_layers__1__rate=0, input_layers__0__rate=0).fit(X, t)
    for a, b in zip(before[:5], learned(reg)[:5], strict=True):
        assert_array_equal(a, b)
    assert not np.array_equal(before[5], reg.coefs_[0])


@pytest.mark.parametrize(
    "layers",
    [None, [Scale()], [Periodic(4, columns=[0, 1]), Scale()], [Periodic(5), Scale()]],
    ids=repr,
)
def test_other_layers_need_a_new_network(layers):
    reg = clone(regressor()).fit(X, t).set_params(input_layers=layers)
    with pytest.raises(ValueError, match=r"partial_fit continues.*input_layers=.*call"):
        reg.partial_fit(X, t)
    reg.set_params(warm_start=True)
    with pytest.raises(ValueError, match=r"warm_start=True continues.*input_layers="):
        reg.fit(X, t)
    assert reg.set_params(warm_start=False).fit(X, t).predict(X).shape == t.shape


def test_a_solver_s_state_belongs_to_its_input_layers():
    reg, other = regressor(), regressor(input_layers=[Periodic(4, [0, 1]), Scale()])
    reg.fit(X, t)
    reg._state = other.fit(X, t)._state
    with pytest.raises(ValueError, match="a network with other input layers than"):
        reg.partial_fit(X, t)


@pytest.mark.parametrize("make", [classifier, regressor])
def test_pickles(make):
    estimator = make().fit(X, y)
    loaded = pickle.loads(pickle.dumps(estimator))
    assert_array_equal(loaded.predict(X), estimator.predict(X))
    assert_same(loaded.partial_fit(X, y), estimator.partial_fit(X, y))


@pytest.mark.parametrize("early_stopping", [False, True])
def test_resume_ends_with_the_same_numbers(tmp_path, early_stopping):
    pytest.importorskip("sklearn.callback")
    path = tmp_path / "fit.pkl"
    params = {"early_stopping": early_stopping, "max_iter": 9}
    whole = regressor(**params).fit(X, t)
    part = regressor(**params | {"max_iter": 5})
    part.set_callbacks(Checkpoint(path, every=5)).fit(X, t)
    resumed = regressor(**params).resume(path, X, t)
    assert_same(whole, resumed)
    with pytest.raises(ValueError, match="is a checkpoint of a fit with input_layers"):
        regressor(input_layers=[Scale()], **params).resume(path, X, t)


# validation, callbacks


def test_early_stopping_restores_the_best_epoch(engine):
    params = {"learning_rate_init": 0.05, "max_iter": 40, "scoring": "loss"}
    reg = regressor(early_stopping=True, engine=engine, **params)
    reg.fit(X[:80], t[:80], X_val=X[80:], y_val=t[80:])
    loss = ((reg.predict(X[80:]) - t[80:]) ** 2).mean() / 2
    assert_allclose(loss, min(reg.validation_loss_curve_), rtol=1e-9)
    assert_allclose(-loss, reg.best_validation_score_, rtol=1e-9)


def test_scorers_of_scikit_learn_see_the_epoch(engine):
    params = {"engine": engine, "learning_rate_init": 0.03}
    one = regressor(scoring="r2", **params).fit(X, t, X_val=X, y_val=t)
    other = regressor(**params).fit(X, t, X_val=X, y_val=t)
    assert_allclose(one.validation_scores_, other.validation_scores_, rtol=1e-9)
    assert one.validation_scores_[-1] == pytest.approx(one.score(X, t))


class Predict:
    """A callback of scikit-learn that predicts after every epoch."""

    def __init__(self):
        self.predictions = []

    def setup(self, estimator, context):
        pass

    teardown = on_fit_task_begin = setup

    def on_fit_task_end(self, estimator, context, *, X, y, metadata, fitted_estimator):
        if context.task_name == "epoch" and fitted_estimator is not None:
            self.predictions.append(fitted_estimator.predict(X))


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_callbacks_see_the_epoch(solver):
    pytest.importorskip("sklearn.callback")
    predict = Predict()
    reg = regressor(solver=solver)
    reg.set_callbacks(predict).fit(X, t)
    assert len(predict.predictions) == 8
    assert_array_equal(predict.predictions[-1], reg.predict(X))
    third = regressor(solver=solver, max_iter=3).fit(X, t)
    assert_allclose(predict.predictions[2], third.predict(X), rtol=1e-9)


# a look inside


def test_displays_that_draw_neurons_say_why_they_cannot():
    clf = classifier().fit(X, y)
    for look in (
        NetworkDisplay.from_estimator,
        Network.from_estimator,
        lambda e: BackpropDisplay.from_estimator(e, X[0], y[0]),
        lambda e: explain(e, "w1", X[0], y[0]),
    ):
        with pytest.raises(ValueError, match=r"(?s)has input_layers=.*=None"):
            look(clf)


def test_other_displays_work():
    clf = classifier().fit(X, y)
    assert ActivationDisplay.from_estimator(clf).ax_.lines
    assert len(WeightsDisplay.from_estimator(clf, kind="histograms").axes_) == 3
    with pytest.raises(ValueError, match="make 12 inputs of 6 features: pass kind"):
        WeightsDisplay.from_estimator(clf)
    scaled = classifier(input_layers=[Scale()]).fit(X, y)
    images = WeightsDisplay.from_estimator(scaled, image_shape=(2, 3)).ax_.images
    assert len(images) == 7


def test_loss_landscape():
    clf = classifier(alpha=0.0).fit(X, y)
    display = LossLandscapeDisplay.from_estimator(
        clf, X, y, parameters=("w2", "b1"), grid_resolution=3
    )
    assert display.now == (clf.coefs_[0][1, 0], clf.intercepts_[0][0])
    clf.coefs_[0][1, 0], clf.intercepts_[0][0] = display.first[2], display.second[1]
    p = clf.predict_proba(X)[np.arange(len(y)), y]
    assert_allclose(display.losses[1, 2], -np.log(p).mean(), rtol=1e-9)


def test_diagnose():
    clf = classifier(solver="lbfgs", max_iter=500).fit(X, y)
    assert diagnose(clf, X, y).findings == ()
    with warnings.catch_warnings(action="ignore"):
        easy = X[:, 0] > 0
        slow = classifier(learning_rate_init=1e-6, max_iter=50).fit(X, easy)
        causes = {finding.cause for finding in diagnose(slow, X, easy)}
    assert "learning_rate_too_low" in causes
