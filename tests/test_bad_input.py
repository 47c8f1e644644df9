"""Bad input: the error names the parameter, the value and what is allowed."""

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.exceptions import NotFittedError
from sklearn.utils._param_validation import InvalidParameterError

from skneuron import NeuronClassifier, NeuronRegressor, check_gradient
from skneuron.inspection import LossLandscapeDisplay, diagnose

X, Y = make_moons(40, noise=0.1, random_state=0)
BOTH = [NeuronClassifier, NeuronRegressor]


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("activation", "sigmoid", "'tanh'"),
        ("solver", "newton", "'lbfgs'"),
        ("alpha", -1, "[0.0, inf)"),
        ("batch_size", 0, "[1, inf)"),
        ("batch_size", "half", "'full'"),
        ("learning_rate", "linear", "'invscaling'"),
        ("learning_rate_init", 0.0, "(0.0, inf)"),
        ("power_t", -0.1, "[0.0, inf)"),
        ("max_iter", 0, "[1, inf)"),
        ("shuffle", "yes", "'bool'"),
        ("random_state", "seed", "RandomState"),
        ("tol", -1, "[0.0, inf)"),
        ("verbose", "loud", "'bool'"),
        ("warm_start", None, "'bool'"),
        ("momentum", 1.5, "[0.0, 1.0]"),
        ("nesterovs_momentum", 7, "'bool'"),
        ("early_stopping", "auto", "'bool'"),
        ("validation_fraction", 1.0, "[0.0, 1.0)"),
        ("beta_1", 1.0, "[0.0, 1.0)"),
        ("beta_2", -0.5, "[0.0, 1.0)"),
        ("epsilon", 0, "(0.0, inf)"),
        ("n_iter_no_change", 0, "[1, inf)"),
        ("max_fun", 0, "[1, inf)"),
        ("loss", "hinge", "'squared_error'"),
        ("init", "orthogonal", "'he_normal'"),
        ("fit_intercept", "no", "'bool'"),
        ("dtype", "float16", "'float32'"),
        ("hidden_layer_sizes", "100", "array-like"),
        ("hidden_layer_sizes", 0, "[1, inf)"),
    ],
)
def test_parameter_out_of_range(cls, name, value, allowed):
    with pytest.raises(InvalidParameterError) as error:
        cls(**{name: value}).fit(X, Y)
    for part in (f"The {name!r} parameter of {cls.__name__}", repr(value), allowed):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"), [("quantile", 0.0), ("quantile", 1), ("delta", 0.0)]
)
def test_parameter_of_a_loss_out_of_range(name, value):
    with pytest.raises(InvalidParameterError, match=f"The '{name}' parameter"):
        NeuronRegressor(**{name: value}).fit(X, Y)


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    ("params", "match"),
    [
        (
            {"hidden_layer_sizes": (5, 0)},
            r"hidden_layer_sizes must be > 0, got \[5, 0\]",
        ),
        ({"hidden_layer_sizes": (5, 2.5)}, r"sequence of integers.*got \(5, 2\.5\)"),
        (
            {"hidden_layer_sizes": (5, 5), "activation": ["relu"]},
            r"activation=\['relu'\] names 1 activations, but .* has 2 hidden layers",
        ),
        ({"activation": ["relux"]}, r"must be one of \['elu', .*Got 'relux' in"),
        ({"activation": [3]}, "must be one of .*Got 3 in"),
        (
            {"early_stopping": True, "validation_fraction": 0.0},
            "validation_fraction=0 holds out no samples",
        ),
    ],
)
def test_incompatible_parameters(cls, params, match):
    with pytest.raises(ValueError, match=match):
        cls(**params).fit(X, Y)


def test_batch_size_larger_than_the_data_is_clipped_with_a_warning():
    with pytest.warns(UserWarning, match="batch_size=100 is now n_samples=40"):
        NeuronClassifier((), solver="sgd", batch_size=100, tol=1).fit(X, Y)


# scikit-learn's type_of_target casts NaN before it finds it
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")
@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize(
    ("bad_X", "bad_y", "match"),
    [
        (np.full((40, 2), np.nan), Y, "Input X contains NaN"),
        (np.full((40, 2), np.inf), Y, "Input X contains infinity"),
        (np.empty((0, 2)), [], "0 sample"),
        (np.empty((40, 0)), Y, "0 feature"),
        (X.ravel(), Y, "Expected 2D array, got 1D array"),
        (X[:, :, np.newaxis], Y, "dim 3"),
        (X, Y[:-1], "inconsistent numbers of samples"),
        (X, None, r"requires y to be passed|Expected array-like"),
        (X, np.where(np.arange(40) > 38, np.nan, 1.0), r"Input (y )?contains NaN"),
        (X.astype(complex), Y, "Complex data not supported"),
        ([["a", "b"]] * 40, Y, "In X, column 0 holds strings, the first is 'a'"),
    ],
)
def test_bad_data(cls, method, bad_X, bad_y, match):
    classes = {"classes": [0, 1]} if (cls, method) == (BOTH[0], "partial_fit") else {}
    with pytest.raises(ValueError, match=match):
        getattr(cls(), method)(bad_X, bad_y, **classes)


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    ("weight", "match"),
    [
        (-np.ones(40), "Negative values in data passed to `sample_weight`"),
        (np.zeros(40), "Sample weights must contain at least one non-zero number"),
        (np.ones(39), r"sample_weight.shape == \(39,\), expected \(40,\)!"),
        (np.ones((40, 2)), "Sample weights must be 1D"),
        (np.full(40, np.nan), "Input sample_weight contains NaN"),
    ],
)
def test_bad_sample_weight(cls, weight, match):
    with pytest.raises(ValueError, match=match):
        cls().fit(X, Y, sample_weight=weight)


def test_weights_and_targets_too_small_for_float32():
    reg = NeuronRegressor(dtype="float32")
    with pytest.raises(ValueError, match=r"non-zero number \(as float32\)"):
        reg.fit(X, Y, sample_weight=np.full(40, 1e-50))
    with pytest.raises(ValueError, match="finite as float32"):
        reg.fit(X, Y, sample_weight=np.full(40, 1e39))
    with pytest.raises(ValueError, match="needs y > 0"):
        reg.set_params(loss="gamma").fit(X, np.full(40, 1e-60))


def test_an_invalid_activation_after_fit():
    clf = NeuronClassifier(3, solver="sgd", tol=1).fit(X, Y)
    before = clf.predict_proba(X)
    clf.set_params(activation="bad")
    assert (clf.predict_proba(X) == before).all()  # that of the fitted network
    with pytest.raises(ValueError, match=r"'activation' parameter .* Got 'bad'"):
        clf.partial_fit(X, Y)


def test_a_split_without_weight():
    weight = np.zeros(40)
    weight[0] = 1  # so one of the two parts has no weight
    reg = NeuronRegressor(early_stopping=True, validation_fraction=0.5, random_state=0)
    with pytest.raises(ValueError, match=r"weights for (training|validation) set are"):
        reg.fit(X, Y, sample_weight=weight)


def test_targets_of_the_wrong_type():
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        NeuronClassifier().fit(X, X[:, 0])
    with pytest.raises(ValueError, match="y holds strings, the first is 'a'"):
        NeuronRegressor().fit(X, np.array(["a", "b"] * 20, dtype=object))


@pytest.mark.parametrize(
    ("params", "scale_x", "scale_y", "advice"),
    [
        ({}, 1e5, 1, "unscaled features"),
        ({}, 1, 1e5, "unscaled targets"),
        ({"loss": "poisson"}, 1, 1e5, "too large a learning rate"),
        ({}, 1, 1, "too large a learning rate"),
    ],
)
def test_the_advice_on_a_loss_that_explodes(params, scale_x, scale_y, advice, engine):
    """With an exponential output, targets need not be scaled."""
    params |= {"learning_rate_init": 1e9, "random_state": 0, "engine": engine}
    reg = NeuronRegressor(10, "identity", solver="sgd", **params)
    with pytest.raises(ValueError, match=f"non-finite .* likely cause is {advice}"):
        reg.fit(X * scale_x, (Y + 1) * scale_y)


def test_partial_fit_needs_the_classes_once():
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        NeuronClassifier().partial_fit(X, Y)
    clf = NeuronClassifier().partial_fit(X, Y, classes=[0, 1])
    with pytest.raises(ValueError, match="is not the same as on last call"):
        clf.partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="has classes not in"):
        clf.partial_fit(X, Y + 1)


def test_warm_start_needs_the_same_classes():
    clf = NeuronClassifier(3, solver="sgd", tol=1, warm_start=True).fit(X, Y)
    with pytest.raises(ValueError, match="same classes as in the previous call"):
        clf.fit(X, Y + 1)


@pytest.mark.parametrize("cls", BOTH)
def test_other_features_than_in_fit(cls):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["left", "right"])
    model = cls((), solver="sgd", tol=1).fit(frame, Y)
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame.rename(columns={"left": "up"}))
    with pytest.raises(ValueError, match="expecting 2 features"):
        model.fit(X, Y).predict(np.c_[X, X])


@pytest.mark.parametrize("cls", BOTH)
def test_before_fit(cls):
    methods = ["predict", "predict_proba", "predict_log_proba", "decision_function"]
    for method in methods if cls is NeuronClassifier else ["predict"]:
        with pytest.raises(NotFittedError, match="not fitted yet"):
            getattr(cls(), method)(X)


class Object:
    """An object with the methods of every part."""

    def nothing(self):
        pass

    value = derivative = value_and_gradient = init = update = __call__ = nothing


@pytest.mark.parametrize("name", ["solver", "learning_rate", "loss"])
@pytest.mark.parametrize("cls", BOTH)
def test_a_class_instead_of_an_object(cls, name):
    with pytest.raises(TypeError, match=rf"{name} must be an object.*pass Object\(\)"):
        cls(**{name: Object}).fit(X, Y)


def test_a_class_instead_of_an_activation():
    with pytest.raises(ValueError, match="'activation' parameter must be one of"):
        NeuronClassifier(activation=[Object], hidden_layer_sizes=3).fit(X, Y)
    with pytest.raises(TypeError, match=r"pass Object\(\) instead"):
        check_gradient(Object)


@pytest.mark.parametrize("returned", ["a", None, np.nan, -1, np.inf, [1.0]])
def test_a_schedule_that_does_not_return_a_rate(returned):
    clf = NeuronClassifier(learning_rate=lambda progress: returned)
    with pytest.raises(ValueError, match="for epoch 1 of 200; it must return a factor"):
        clf.fit(X, Y)


@pytest.mark.parametrize("returned", [None, [0.5]])
def test_a_scorer_that_does_not_return_a_number(returned):
    clf = NeuronClassifier(scoring=lambda estimator, X, y: returned)
    with pytest.raises(ValueError, match="it must return one number"):
        clf.fit(X, Y, X_val=X, y_val=Y)


@pytest.mark.parametrize("weight", [-1, np.nan, np.inf, "a"])
def test_invalid_class_weights(weight):
    with pytest.raises(ValueError, match="all finite; that of class 1 is"):
        NeuronClassifier(class_weight={0: 1, 1: weight}).fit(X, Y)


def test_as_many_class_weights_as_columns():
    columns = np.c_[Y, Y + (X[:, 0] > 0)]
    with pytest.raises(ValueError, match=r"list of 1, but y has 2 column\(s\)"):
        NeuronClassifier(class_weight=[{0: 2}]).fit(X, columns)
    with pytest.raises(ValueError, match="y has 2 columns of classes, so classes must"):
        NeuronClassifier().partial_fit(X, columns, classes=[0, 1, 2])


@pytest.mark.parametrize(
    ("X_val", "y_val", "sample_weight_val"),
    [
        (X[:, :1], Y, None),
        (X, Y[:3], None),
        (X * np.nan, Y, None),
        (X, Y + 5, None),
        (X, Y, np.zeros(40)),
    ],
)
def test_bad_validation_samples(X_val, y_val, sample_weight_val):
    val = {"X_val": X_val, "y_val": y_val, "sample_weight_val": sample_weight_val}
    with pytest.raises(ValueError, match=r".") as caught:
        NeuronClassifier().fit(X, Y, **val)
    assert "This is about X_val, y_val and" in caught.value.__notes__[0]


@pytest.mark.parametrize("given", [5, "ab", [None, None], [["a"], ["b"]]])
def test_bad_initial_weights(given):
    with pytest.raises((TypeError, ValueError)) as caught:
        NeuronClassifier(3).fit(X, Y, coefs_init=given)
    said = [str(caught.value), *getattr(caught.value, "__notes__", [])]
    assert "coefs_init" in " ".join(said)


@pytest.mark.parametrize("layer", [1, -2, 0.0, "last"])
def test_a_layer_that_does_not_exist(layer):
    clf = NeuronClassifier(3).initialize(X, Y)
    with pytest.raises(ValueError, match="is not one of this network's 1 hidden"):
        clf.hidden_activations(X, layer=layer)


THREE = np.c_[X, X[:, 0] * X[:, 1]]


@pytest.mark.parametrize("engine", ["auto", "numpy"])
@pytest.mark.parametrize("y_val", [THREE[:, 0], THREE[:, :2]])
def test_validation_targets_with_other_columns(y_val, engine):
    reg = NeuronRegressor(3, max_iter=2, scoring="loss", engine=engine)
    with pytest.raises(ValueError, match=r"y must have 3 column\(s\), as in fit; got"):
        reg.fit(X, THREE, X_val=X, y_val=y_val)


@pytest.mark.parametrize("engine", ["auto", "numpy"])
def test_a_landscape_and_a_diagnosis_over_targets_with_other_columns(engine):
    reg = NeuronRegressor(3, max_iter=300, tol=0.1, engine=engine).fit(X, THREE)
    with pytest.raises(
        ValueError, match=r"y must have 3 column\(s\), as in fit; got 1"
    ):
        LossLandscapeDisplay.from_estimator(reg, X, THREE[:, 0])
    with pytest.raises(
        ValueError, match=r"y must have 3 column\(s\), as in fit; got 1"
    ):
        diagnose(reg, X, THREE[:, 0])


LABELS = np.c_[Y, X[:, 0] > 0].astype(int)


@pytest.mark.parametrize(
    ("first", "then", "match"),
    [
        (Y, LABELS, "y must have one column, as in the first call"),
        (LABELS, Y, "indicator matrix with 2 columns of 0 and 1"),
        (LABELS, LABELS + 1, "indicator matrix with 2 columns of 0 and 1"),
        (LABELS, np.c_[LABELS, Y], "indicator matrix with 2 columns of 0 and 1"),
        (LABELS + 1, Y, "y must have 2 columns"),
    ],
)
def test_targets_of_another_kind_than_in_the_first_call(first, then, match):
    clf = NeuronClassifier(3, max_iter=300, tol=0.1)
    with pytest.raises(ValueError, match=match):
        clf.fit(X, first, X_val=X, y_val=then)
    clf.fit(X, first)
    with pytest.raises(ValueError, match=match):
        clf.partial_fit(X, then)
