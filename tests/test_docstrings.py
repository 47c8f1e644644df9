"""Docstrings: complete, in numpydoc's form, with examples that run."""

import ast
import doctest
import importlib
import inspect
import pkgutil

import pytest
from numpydoc.docscrape import ClassDoc, FunctionDoc
from numpydoc.validate import validate

import skneuron
from skneuron import (
    activations,
    callbacks,
    inspection,
    layers,
    losses,
    model_selection,
    optimizers,
    preprocessing,
    schedules,
    tabular,
    teaching,
)

PUBLIC = {
    "skneuron": skneuron,
    "skneuron.activations": activations,
    "skneuron.callbacks": callbacks,
    "skneuron.layers": layers,
    "skneuron.losses": losses,
    "skneuron.optimizers": optimizers,
    "skneuron.preprocessing": preprocessing,
    "skneuron.schedules": schedules,
    "skneuron.tabular": tabular,
    "skneuron.teaching": teaching,
    "skneuron.inspection": inspection,
    "skneuron.model_selection": model_selection,
}
NAMES = [
    f"{module}.{name}"
    for module, namespace in PUBLIC.items()
    for name in namespace.__all__
    if not name.startswith("__")
]


def find(name):
    module, _, attribute = name.rpartition(".")
    return getattr(PUBLIC[module], attribute)


NEURONS = skneuron.NeuronClassifier, skneuron.NeuronRegressor
TABULAR = tabular.TabularClassifier, tabular.TabularRegressor

# Parameters and attributes in which the two estimators of a pair differ.
DIFFERENT = {
    (NEURONS, "Parameters"): {
        "loss",
        "hidden_layer_sizes",
        "early_stopping",
        "scoring",
    },
    (NEURONS, "Attributes"): {"out_activation_"},
    (TABULAR, "Parameters"): {"activation", "cv", "scoring"},
    (TABULAR, "Attributes"): {"estimators_", "oof_predictions_", "oof_score_"},
}


@pytest.mark.parametrize(("pair", "section"), DIFFERENT)
def test_shared_parameters_and_attributes_are_described_alike(pair, section):
    one, other = ({e.name: e for e in ClassDoc(cls)[section]} for cls in pair)
    shared = one.keys() & other.keys()
    differ = {name for name in shared if one[name] != other[name]}
    assert len(shared) > 6
    assert differ == DIFFERENT[pair, section]


@pytest.mark.parametrize(
    ("pair", "method"),
    [
        *((NEURONS, method) for method in ("partial_fit", "predict", "score")),
        *((TABULAR, method) for method in ("predict", "score")),
    ],
)
def test_arguments_that_both_estimators_take_are_described_alike(pair, method):
    one, other = (
        {p.name: p for p in FunctionDoc(getattr(cls, method))["Parameters"]}
        for cls in pair
    )
    shared = one.keys() & other.keys() - {"y"}
    assert "X" in shared
    assert all(one[name] == other[name] for name in shared)


@pytest.mark.parametrize("cls", [*NEURONS, *TABULAR])
def test_defaults_are_those_of_the_signature(cls):
    documented = {
        p.name: ast.literal_eval(p.type.partition("default=")[2])
        for p in ClassDoc(cls)["Parameters"]
    }
    assert documented == cls().get_params(deep=False)


CLASSES = [name for name in NAMES if inspect.isclass(find(name))]
METHODS = [
    f"{cls}.{name}"
    for cls in CLASSES
    for name in dir(find(cls))
    if not name.startswith("_")
    and inspect.isroutine(getattr(find(cls), name))
    and str(getattr(getattr(find(cls), name), "__module__", "")).startswith("skneuron")
    # documented by their protocols, ours and scikit-learn's
    and not cls.startswith(
        tuple(
            f"skneuron.{name}"
            for name in ("activations", "callbacks", "layers", "losses", "optimizers")
        )
    )
]
# Results of public functions: their attributes are documented, not their parameters.
MADE_ELSEWHERE = {
    *(
        f"skneuron.teaching.{name}"
        for name in ("Explanation", "Factor", "Gradients", "History", "Partials")
    ),
    *(f"skneuron.inspection.{name}" for name in ("Diagnosis", "Finding")),
    "skneuron.model_selection.Comparison",
    # protocols
    "skneuron.activations.Activation",
    "skneuron.layers.InputLayer",
    "skneuron.losses.Loss",
    "skneuron.optimizers.Optimizer",
}
NOT_ASKED_FOR = {
    "ES01",  # a summary may be enough
    "EX01",  # methods are shown in the example of their class
    "RT02",  # "self : object", as scikit-learn has it
    "SA01",  # "See Also" where there is something to see
}


@pytest.mark.parametrize("name", [*sorted(set(NAMES) - MADE_ELSEWHERE), *METHODS])
def test_numpydoc_finds_nothing_wrong(name):
    errors = validate(name)["errors"]
    assert [e for e in errors if e[0] not in NOT_ASKED_FOR] == []


def test_methods_were_found():
    assert {
        "skneuron.NeuronClassifier.fit",
        "skneuron.NeuronRegressor.predict",
        "skneuron.tabular.TabularClassifier.fit",
        "skneuron.teaching.Network.train",
        "skneuron.inspection.NetworkDisplay.plot",
    } <= set(METHODS)


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_has_an_example(name):
    assert ">>> " in find(name).__doc__


@pytest.mark.parametrize(
    "name", [m.name for m in pkgutil.walk_packages(skneuron.__path__, "skneuron.")]
)
def test_examples_run(name):
    if name == "skneuron.callbacks":
        pytest.importorskip("sklearn.callback")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testmod(importlib.import_module(name), optionflags=flags)
    assert result.failed == 0
