"""Messages about wrong calls and parameters without effect."""

import inspect
import warnings

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils._param_validation import InvalidParameterError

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.optimizers import SGD

X, y = make_moons(40, noise=0.1, random_state=0)
BOTH = [NeuronClassifier, NeuronRegressor]


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("eval_set", "Samples to validate on are X_val=..., y_val=..."),
        ("validation_data", "Samples to validate on are X_val=..., y_val=..."),
        ("epochs", "Set max_iter in the constructor"),
        ("callbacks", "Pass callbacks to set_callbacks"),
        ("sample_weights", "Did you mean sample_weight?"),
        ("X_vall", "Did you mean X_val?"),
        ("alpha", "(alpha=...) or set_params"),
        ("zzz", "unexpected keyword argument 'zzz'"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_an_argument_of_another_library(cls, method, given, advice):
    with pytest.raises(TypeError) as error:
        getattr(cls(), method)(X, y, **{given: None})
    said = str(error.value)
    assert said.startswith(f"{cls.__name__}.{method}(): ")
    assert repr(given) in said
    assert advice in said
    assert "BaseNeuron" not in said


def test_the_first_of_two_wrong_arguments_is_explained():
    with pytest.raises(TypeError, match=r"'eval_set'\. Samples to validate on are"):
        NeuronClassifier().fit(X, y, eval_set=1, callbacks=2)
    with pytest.raises(TypeError, match=r"'foo'$"):
        NeuronClassifier().fit(X, y, foo=1, callbacks=2)
    with pytest.raises(TypeError, match=r"NeuronClassifier.fit\(\): multiple values"):
        NeuronClassifier().fit(X, y, X=X)


@pytest.mark.parametrize("cls", BOTH)
def test_too_few_and_too_many_arguments(cls):
    with pytest.raises(
        TypeError, match=rf"{cls.__name__}.fit\(\): missing a requ.* 'y'"
    ):
        cls().fit(X)
    with pytest.raises(
        TypeError, match=rf"{cls.__name__}.fit\(\): too many positional"
    ):
        cls().fit(X, y, None, X)
    with pytest.raises(TypeError, match=rf"{cls.__name__}.resume\(\): missing a req"):
        cls().resume("path", X)


@pytest.mark.parametrize(
    ("val", "start"),
    [
        ({"y_val": y + 5}, "y_val: `y` has classes not in"),
        ({"X_val": X[:, :1]}, "X_val: X has 1 features"),
        ({"X_val": X * np.nan}, "X_val: Input X contains NaN"),
        ({"sample_weight_val": -np.ones(40)}, "sample_weight_val: Negative values"),
    ],
)
def test_validation_arguments_are_named(val, start):
    clf = NeuronClassifier(3, max_iter=2)
    with pytest.raises(ValueError, match=r".") as error:
        clf.fit(X, y, **{"X_val": X, "y_val": y, **val})
    assert str(error.value).startswith(start)


@pytest.mark.parametrize("wrong", [{3: 1.0}, {np.int64(3): 1.0}, {0: -1.0}])
@pytest.mark.parametrize("labels", [y, y.astype(np.int8), np.array(["a", "b"])[y]])
def test_class_weights_are_printed_as_plain_numbers(wrong, labels):
    with pytest.raises(ValueError, match="class_weight") as error:
        NeuronClassifier(class_weight=wrong).fit(X, labels)
    for word in ("np.", "int64", "str_", "array("):
        assert word not in str(error.value)


@pytest.mark.parametrize(
    ("scoring", "near"),
    [
        ("acuracy", "'accuracy'"),
        ("rocauc", "'roc_auc'"),
        ("los", "'loss'"),
        ("mean_squared_error", "'neg_mean_squared_error'"),
    ],
)
def test_a_wrong_scoring_suggests_the_nearest_name(scoring, near):
    with pytest.raises(InvalidParameterError) as error:
        NeuronClassifier(scoring=scoring).fit(X, y)
    said = str(error.value)
    assert repr(scoring) in said
    assert f"Did you mean {near}" in said or near in said
    assert len(said) < 300
    with pytest.raises(InvalidParameterError, match="got 'qqqqqq'"):
        NeuronClassifier(scoring="qqqqqq").fit(X, y)


IDLE = [
    (NeuronRegressor, {"quantile": 0.9}, "it is for loss='quantile'"),
    (NeuronRegressor, {"quantile": [0.1, 0.9]}, "it is for loss='quantile'"),
    (NeuronRegressor, {"delta": 2.0}, "it is for loss='huber'"),
    (NeuronRegressor, {"loss": "quantile", "delta": 2.0}, "it is for loss='huber'"),
    (NeuronClassifier, {"momentum": 0.5}, "it is for solver='sgd'"),
    (NeuronClassifier, {"nesterovs_momentum": False}, "it is for solver='sgd'"),
    (
        NeuronClassifier,
        {"solver": "sgd", "momentum": 0, "nesterovs_momentum": False},
        "momentum is 0",
    ),
    (NeuronClassifier, {"solver": SGD(), "momentum": 0.5}, "has its own parameters"),
    (
        NeuronClassifier,
        {"solver": "sgd", "beta_1": 0.5},
        "it is for solver='adam' or 'adamw'",
    ),
    (NeuronClassifier, {"solver": "rmsprop", "beta_2": 0.5}, "'adam' or 'adamw'"),
    (NeuronClassifier, {"solver": "sgd", "epsilon": 1e-3}, "'adamw' or 'rmsprop'"),
    (NeuronClassifier, {"max_fun": 3}, "it is for solver='lbfgs'"),
    (
        NeuronClassifier,
        {"learning_rate": "invscaling", "power_t": 0.3},
        "solver='adam' ignores learning_rate='invscaling'",
    ),
    (
        NeuronClassifier,
        {"solver": "lbfgs", "early_stopping": True, "scoring": "accuracy"},
        "it needs X_val and y_val",
    ),
    (
        NeuronClassifier,
        {"n_iter_no_change": np.inf, "solver": "sgd", "learning_rate": "adaptive"},
        "tolerates any number",
    ),
    (NeuronClassifier, {"power_t": 0.3}, "it is for learning_rate='invscaling'"),
    (NeuronClassifier, {"learning_rate": "adaptive"}, "solver='adam' ignores it"),
    (NeuronClassifier, {"solver": "lbfgs", "batch_size": 10}, "makes no steps"),
    (NeuronClassifier, {"solver": "lbfgs", "shuffle": False}, "makes no steps"),
    (NeuronClassifier, {"solver": "lbfgs", "learning_rate": "cosine"}, "no steps"),
    (NeuronClassifier, {"solver": "lbfgs", "learning_rate_init": 0.1}, "no steps"),
    (NeuronClassifier, {"validation_fraction": 0.3}, "no samples are held out"),
    (NeuronClassifier, {"scoring": "loss"}, "needs early_stopping=True, or X_val"),
    (
        NeuronClassifier,
        {"alpha": 0, "l1_ratio": 0.5},
        "a fraction of alpha, which is 0",
    ),
    (NeuronClassifier, {"hidden_layer_sizes": (), "dropout": 0.5}, "no hidden layer"),
    (
        NeuronClassifier,
        {"n_iter_no_change": np.inf, "tol": 0.1},
        "tolerates any number of epochs",
    ),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore:early_stopping=True has no effect with")
@pytest.mark.parametrize(("cls", "params", "why"), IDLE, ids=str)
def test_a_parameter_without_effect(cls, params, why):
    name = list(params)[-1]
    est = cls(**{"hidden_layer_sizes": 3, "max_iter": 3, "random_state": 0, **params})
    with pytest.warns(UserWarning, match=f"{name}=.* has no effect: .*{why}"):
        est.fit(X, y)
    with warnings.catch_warnings():  # once is enough
        warnings.simplefilter("error")
        est.set_params(warm_start=True, tol=est.tol)
        if est.solver != "lbfgs":
            est.partial_fit(X, y)
    # and it does have none
    default = inspect.signature(cls).parameters[name].default
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = cls(
            **{**est.get_params(deep=False), name: default, "warm_start": False}
        )
        again = cls(**{**est.get_params(deep=False), "warm_start": False})
        one, other = plain.fit(X, y), again.fit(X, y)
    for W, V in zip(one.coefs_, other.coefs_, strict=True):
        np.testing.assert_array_equal(W, V)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"solver": "sgd", "momentum": 0.5, "nesterovs_momentum": False},
        {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3},
        {"solver": "lbfgs", "max_fun": 100, "tol": 0.1},
        {"beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-6},
        {"early_stopping": True, "validation_fraction": 0.3, "scoring": "loss"},
        {"l1_ratio": 0.5},
        {"n_iter_no_change": np.inf, "tol": 0.0},
        {"solver": "sgd", "beta_1": np.float64(0.9), "max_fun": np.int64(15000)},
        {"alpha": 0, "l1_ratio": 0},
        {"solver": "lbfgs", "shuffle": np.True_, "batch_size": "auto"},
        {"n_iter_no_change": np.inf, "learning_rate": "plateau", "tol": 0.1},
    ],
    ids=str,
)
def test_parameters_with_an_effect_are_not_reported(params):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter(
            "ignore", category=__import__("sklearn").exceptions.ConvergenceWarning
        )
        NeuronClassifier(3, max_iter=3, **params).fit(X, y)


def test_scoring_has_an_effect_with_validation_samples():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clf = NeuronClassifier(3, max_iter=300, tol=0.1, scoring="loss")
        clf.fit(X, y, X_val=X, y_val=y)


def line_of(text):
    """Return the number of the line of this file that ends with a mark."""
    lines = inspect.getsource(inspect.getmodule(line_of)).splitlines()
    (number,) = (n for n, line in enumerate(lines, 1) if line.endswith(f"# {text}"))
    return number


CALLS = {
    "fit": lambda est: est.fit(X, y),  # fit
    "partial_fit": lambda est: est.partial_fit(X, y),  # partial_fit
    "pipeline": lambda est: make_pipeline(StandardScaler(), est).fit(X, y),  # pipeline
    "search": lambda est: GridSearchCV(est, {"alpha": [1.0]}, cv=2).fit(X, y),  # search
}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_warnings_point_at_the_user_s_line(call, solver):
    if (call, solver) == ("partial_fit", "lbfgs"):
        return
    est = NeuronRegressor(3, solver=solver, max_iter=2, delta=9.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CALLS[call](est)
    places = {(w.filename, w.lineno) for w in caught}
    assert len(caught) >= (1 if call == "partial_fit" else 2)
    assert places == {(__file__, line_of(call))}


@pytest.mark.parametrize("kind", ["column", "batch", "hold-out"])
def test_other_warnings_of_fit_point_at_it_too(kind):
    params = {
        "column": {},
        "batch": {"batch_size": 1000},
        "hold-out": {"early_stopping": True, "validation_fraction": 0.01},
    }[kind]
    target = y[:, np.newaxis] if kind == "column" else y
    clf = NeuronClassifier(3, max_iter=300, tol=0.1, **params)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        clf.fit(X, target)  # the line
    assert {(w.filename, w.lineno) for w in caught} == {(__file__, line_of("the line"))}
