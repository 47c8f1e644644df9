"""The objects of skneuron.activations and skneuron.losses, alone and in estimators."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn._loss import loss as sklearn_loss
from sklearn.base import clone
from sklearn.datasets import make_classification, make_moons
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV

from skneuron import NeuronClassifier, NeuronRegressor, activations, losses
from skneuron.activations import ACTIVATIONS, ELU, LeakyReLU, as_activation
from skneuron.losses import (
    CLASSIFICATION_LOSSES,
    REGRESSION_LOSSES,
    Huber,
    LogLoss,
    PoissonDeviance,
    Quantile,
    SquaredError,
)
from skneuron.teaching import explain

X, y = make_classification(90, n_informative=5, n_classes=3, random_state=0)
numbers = np.abs(X[:, 0]) + 0.1
PUBLIC = {
    name: getattr(module, name)
    for module, protocol in ((activations, "Activation"), (losses, "Loss"))
    for name in module.__all__
    if name != protocol
}
CHANGED = [
    LeakyReLU(slope=0.3),
    ELU(alpha=0.5),
    Huber(delta=2.0),
    Quantile(quantile=0.2),
    Quantile(quantile=(0.1, 0.9)),
    LogLoss(label_smoothing=0.1),
]
OBJECTS = [*(make() for make in PUBLIC.values()), *CHANGED]

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def regress(target=numbers, **params):
    given = {"hidden_layer_sizes": (6, 4), "max_iter": 5, "random_state": 0, **params}
    return NeuronRegressor(**given).fit(X, target)


def classify(target=y, **params):
    given = {"hidden_layer_sizes": (6, 4), "max_iter": 5, "random_state": 0, **params}
    return NeuronClassifier(**given).fit(X, target)


def same_network(one, other):
    for A, B in zip(one.coefs_, other.coefs_, strict=True):
        assert_array_equal(A, B)
    assert one.loss_curve_ == other.loss_curve_
    assert_array_equal(one.predict(X), other.predict(X))


# as objects


@pytest.mark.parametrize("part", OBJECTS, ids=repr)
def test_copies_are_equal_and_hash_alike(part):
    for twin in (clone(part), pickle.loads(pickle.dumps(part))):
        assert twin is not part
        assert twin == part
        assert hash(twin) == hash(part)
        assert repr(twin) == repr(part)
        assert twin.get_params() == part.get_params()


@pytest.mark.parametrize("part", CHANGED, ids=repr)
def test_other_values_and_classes_are_not_equal(part):
    default = type(part)()
    assert default != part
    ((name, value),) = part.get_params().items()
    assert default.set_params(**{name: value}) == part
    assert part != value
    assert repr(part) == f"{type(part).__name__}({name}={value!r})"


def test_all_objects_differ():
    assert len(set(OBJECTS)) == len(OBJECTS)


def test_every_name_stands_for_a_public_class():
    named = {type(f) for f in ACTIVATIONS.values()}
    named |= {*REGRESSION_LOSSES.values(), *CLASSIFICATION_LOSSES.values()}
    assert named == set(PUBLIC.values())


@pytest.mark.parametrize(
    ("part", "constants"),
    [
        (LeakyReLU(0.3), (0.3,)),
        (ELU(0.5), (0.5, 1.0)),
        (Huber(2), (2.0,)),
        (Quantile(0.2), (0.2,)),
        (Quantile((0.1, 0.9)).with_link("identity"), (0.1, 0.9)),
        (LogLoss(0.1).with_link("softmax"), (0.1,)),
        (LogLoss().with_link("logistic"), ()),
        (SquaredError(), ()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_constants_of_the_kernel(part, constants):
    assert part.kernel_constants == constants
    assert all(type(constant) is float for constant in part.kernel_constants)


def test_constants_of_numpy_do_not_widen_float32():
    z = np.array([[-2.0], [0.5]], np.float32)
    for f in (LeakyReLU(np.float64(0.3)), ELU(np.float64(0.5))):
        assert f.value(z).dtype == f.derivative(z, z).dtype == np.float32
    for loss in (Huber(np.float64(2)), Quantile(np.float64(0.2))):
        assert loss.value_and_gradient(z, z, None)[1].dtype == np.float32


# against independent truth


@pytest.mark.parametrize("delta", [0.1, 1.0, 3.0])
def test_huber_is_scikit_learn_s(delta):
    rng = np.random.RandomState(0)
    z, target = rng.normal(size=(2, 50))
    reference = sklearn_loss.HuberLoss(delta=delta)
    value, gradient = Huber(delta).value_and_gradient(z[:, None], target[:, None], None)
    assert_allclose(value, reference.loss(target, z).sum())
    assert_allclose(gradient.ravel(), reference.gradient(target, z))


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_a_quantile_is_scikit_learn_s(level):
    rng = np.random.RandomState(0)
    z, target = rng.normal(size=(2, 50))
    loss = Quantile(level)
    value, gradient = loss.value_and_gradient(z[:, None], target[:, None], None)
    reference = sklearn_loss.PinballLoss(quantile=level)
    assert_allclose(value, reference.loss(target, z).sum())
    assert_allclose(gradient.ravel(), reference.gradient(target, z))


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_a_smoothed_log_loss_is_one_of_weighted_labels(smoothing):
    rng = np.random.RandomState(0)
    z, classes = rng.normal(size=(20, 3)), rng.randint(3, size=20)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    share = smoothing / 3
    expected = (1 - smoothing) * log_loss(classes, p, labels=[0, 1, 2])
    expected += share * -np.log(p).sum(axis=1).mean()
    loss = LogLoss(smoothing).with_link("softmax")
    value, _ = loss.value_and_gradient(z, np.eye(3, dtype=bool)[classes], None)
    assert_allclose(value / 20, expected)


# in estimators


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_s_name_stands_for_its_object(name, engine):
    part = clone(ACTIVATIONS[name])
    for solver in ("adam", "lbfgs"):
        params = {"engine": engine, "solver": solver}
        by_name, by_object = (
            classify(activation=f, **params) for f in (name, [part, name])
        )
        same_network(by_name, by_object)
        same_network(by_name, classify(activation=part, **params))


@pytest.mark.parametrize("name", REGRESSION_LOSSES)
def test_a_loss_s_name_stands_for_its_object(name, engine):
    by_name = regress(loss=name, engine=engine)
    by_object = regress(loss=REGRESSION_LOSSES[name](), engine=engine)
    same_network(by_name, by_object)
    assert by_object.out_activation_ == by_name.out_activation_


@pytest.mark.parametrize(
    ("params", "loss"),
    [
        ({"loss": "huber", "delta": 0.3}, Huber(0.3)),
        ({"loss": "quantile", "quantile": 0.2}, Quantile(0.2)),
        ({"loss": "quantile", "quantile": [0.1, 0.9]}, Quantile([0.1, 0.9])),
    ],
)
def test_constants_of_a_loss_of_numbers(params, loss, engine):
    by_name = regress(engine=engine, **params)
    by_object = regress(loss=loss, engine=engine)
    same_network(by_name, by_object)
    assert by_object.score(X, numbers) == by_name.score(X, numbers)


@pytest.mark.parametrize("target", ["two classes", "classes", "labels", "columns"])
@pytest.mark.parametrize(
    ("params", "loss"),
    [
        ({}, LogLoss()),
        ({"label_smoothing": 0.1}, LogLoss(label_smoothing=0.1)),
        ({"loss": "squared_error"}, SquaredError()),
    ],
)
def test_losses_of_classes(target, params, loss, engine):
    labels = {
        "two classes": y > 0,
        "classes": y,
        "labels": np.c_[y > 0, y > 1].astype(int),
        "columns": np.c_[y, X[:, 0] > 0],
    }[target]
    by_name = classify(labels, engine=engine, **params)
    by_object = classify(labels, engine=engine, loss=loss)
    same_network(by_name, by_object)


def test_they_are_searched(engine):
    reg = NeuronRegressor(4, LeakyReLU(), loss=Huber(), max_iter=3, random_state=0)
    grid = {"activation__slope": [0.1, 0.2], "loss__delta": [0.5]}
    search = GridSearchCV(reg.set_params(engine=engine), grid, cv=2).fit(X, numbers)
    best = search.best_estimator_
    assert best.loss == Huber(0.5)
    assert best.activation.slope in (0.1, 0.2)
    assert (reg.loss, reg.activation) == (Huber(), LeakyReLU())
    slope = best.activation.slope
    same_network(
        best,
        regress(
            hidden_layer_sizes=4,
            activation=LeakyReLU(slope),
            loss="huber",
            delta=0.5,
            max_iter=3,
            engine=engine,
        ),
    )


def test_estimators_with_them_are_cloned_pickled_and_printed(engine):
    reg = regress(activation=[LeakyReLU(0.1), "tanh"], loss=Huber(2), engine=engine)
    again = pickle.loads(pickle.dumps(reg))
    assert_array_equal(again.predict(X), reg.predict(X))
    same_network(clone(reg).fit(X, numbers), reg)
    assert "activation=[LeakyReLU(slope=0.1), 'tanh']" in repr(reg)
    assert "loss=Huber(delta=2)" in repr(reg)


def test_a_subclass_is_not_taken_for_its_parent():
    class Doubled(LeakyReLU):
        def value(self, z):
            return 2 * super().value(z)

        def derivative(self, z, a):
            return 2 * super().derivative(z, a)

    assert Doubled() != LeakyReLU()
    with pytest.raises(ValueError, match="engine='compiled' cannot do this: it has"):
        classify(activation=Doubled(), engine="compiled")


def test_an_engine_s_part_is_a_copy():
    given = LeakyReLU(0.1)
    used = as_activation(given)
    given.set_params(slope=0.5)
    assert used == LeakyReLU(0.1)
    loss = Huber(1.0)
    used = losses.as_loss(loss, "identity")
    loss.set_params(delta=3.0)
    assert used == Huber(1.0)


@pytest.mark.parametrize(
    ("fit", "error", "message"),
    [
        (lambda: classify(activation=LeakyReLU(-1)), ValueError, "'slope' .*LeakyReLU"),
        (lambda: classify(activation=[ELU("a"), "relu"]), ValueError, "'alpha' .*ELU"),
        (lambda: regress(loss=Huber(0)), ValueError, "'delta' parameter of Huber"),
        (lambda: regress(loss=Quantile(1)), ValueError, "'quantile' .* of Quantile"),
        (lambda: regress(loss=Quantile((0.5, 0.1))), ValueError, "increasing order"),
        (lambda: classify(loss=LogLoss(1)), ValueError, "'label_smoothing' .*LogLoss"),
        (lambda: regress(loss=LogLoss()), ValueError, "'loss' .*Got LogLoss"),
        (lambda: classify(loss=Huber()), ValueError, "'softmax', which several"),
        (lambda: classify(loss=Quantile()), ValueError, "Got 'identity'"),
        (lambda: LogLoss().with_link("exp"), ValueError, "is for classes, with the"),
        (
            lambda: classify(loss=LogLoss(), label_smoothing=0.1),
            ValueError,
            "label_smoothing=0.1 is for loss='log_loss'",
        ),
        (
            lambda: regress(-numbers, loss=PoissonDeviance()),
            ValueError,
            "valid range of loss=PoissonDeviance",
        ),
        (lambda: regress(loss=Huber), TypeError, r"pass Huber\(\) instead"),
        (lambda: classify(loss=LogLoss), TypeError, r"pass LogLoss\(\) instead"),
        (lambda: classify(activation=ELU), TypeError, r"pass ELU\(\) instead"),
    ],
)
def test_errors(fit, error, message):
    with pytest.raises(error, match=message):
        fit()


@pytest.mark.parametrize("name", ["delta", "quantile"])
def test_constants_beside_an_object_have_no_effect(name):
    with pytest.warns(UserWarning, match=rf"{name}=0.3 has no effect: loss=Huber\("):
        reg = regress(loss=Huber(0.7), **{name: 0.3})
    same_network(reg, regress(loss=Huber(0.7)))


def test_tags_are_those_of_the_names():
    for loss, name in ((PoissonDeviance(), "poisson"), (Huber(), "huber")):
        one, other = (NeuronRegressor(loss=given) for given in (loss, name))
        assert one.__sklearn_tags__() == other.__sklearn_tags__()
    several = NeuronRegressor(loss=Quantile([0.1, 0.9]))
    assert not several.__sklearn_tags__().target_tags.multi_output


def test_objects_are_explained_like_their_names():
    """Teaching networks have the formulas of the parts that have a name."""
    X, y = make_moons(40, noise=0.2, random_state=0)
    params = {"hidden_layer_sizes": 3, "max_iter": 5, "random_state": 0}
    pairs = [
        (NeuronClassifier, {"activation": "tanh"}, {"activation": activations.Tanh()}),
        (NeuronClassifier, {"label_smoothing": 0.2}, {"loss": losses.LogLoss(0.2)}),
        (NeuronRegressor, {"loss": "huber", "delta": 0.5}, {"loss": losses.Huber(0.5)}),
    ]
    for kind, named, given in pairs:
        one, other = (kind(**params, **p).fit(X, y) for p in (named, given))
        assert repr(explain(one, X[0], y[0], "w1")) == repr(
            explain(other, X[0], y[0], "w1")
        )
    steep = NeuronClassifier(activation=activations.LeakyReLU(0.3), **params).fit(X, y)
    with pytest.raises(ValueError, match=r"has none for LeakyReLU\(slope=0.3\)"):
        explain(steep, X[0], y[0], "w1")


REGRESSION = [losses.AbsoluteError, losses.GammaDeviance, Huber, PoissonDeviance]


@pytest.mark.parametrize("base", [*REGRESSION, Quantile, SquaredError])
def test_a_subclass_of_a_loss_is_what_trains(base):
    class Halved(base):
        def value_and_gradient(self, z, y, sample_weight):
            value, gradient = super().value_and_gradient(z, y, sample_weight)
            return value / 2, gradient / 2

    first = {"alpha": 0, "batch_size": "full", "max_iter": 1}
    half = regress(loss=Halved(), **first).loss_
    assert_allclose(2 * half, regress(loss=base(), **first).loss_)
