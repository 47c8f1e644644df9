"""Types: completion in an editor, and the verdict of a type checker."""

import re
from collections.abc import Sequence
from pathlib import Path
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

import pytest
from sklearn.utils._param_validation import StrOptions

import skneuron
from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._estimators.choices import ActivationChoice
from skneuron.tabular import TabularClassifier, TabularRegressor

PARAMETERS = [
    (cls, name)
    for cls in (
        NeuronClassifier,
        NeuronRegressor,
        TabularClassifier,
        TabularRegressor,
    )
    for name in cls().get_params(deep=False)
]


def names_in(hint):
    """Return the names that a type allows, not those inside sequences."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    if get_origin(hint) in (Union, UnionType):
        return set().union(*map(names_in, get_args(hint)))
    return set()


@pytest.mark.parametrize(("cls", "name"), PARAMETERS)
def test_types_allow_the_names_that_validation_accepts(cls, name):
    constraints = cls._parameter_constraints[name]
    accepted = [c.options for c in constraints if isinstance(c, StrOptions)]
    assert names_in(get_type_hints(cls.__init__)[name]) == set().union(*accepted)


def test_every_layer_may_have_any_activation():
    alone, one_for_each_layer = (
        next(hint for hint in get_args(ActivationChoice) if get_origin(hint) is kind)
        for kind in (Literal, Sequence)
    )
    assert names_in(get_args(one_for_each_layer)[0]) == names_in(alone)


MISTAKES = [
    'NeuronClassifier(activation="relu6")',
    'NeuronClassifier(activation=["relu", "relu6"])',
    'NeuronClassifier(solver="adm")',
    "NeuronClassifier(solver=Adam)",
    'NeuronClassifier(hidden_layer_sizes="x")',
    "NeuronClassifier(hidden_layer_sizes=[5.5])",
    'NeuronClassifier(batch_size="all")',
    'NeuronClassifier(class_weight="balance")',
    'NeuronClassifier(learning_rate="cosinus")',
    'NeuronClassifier(loss="huber")',
    'NeuronRegressor(loss="log_loss")',
    "NeuronRegressor(loss=object())",
    'NeuronRegressor(init="he")',
    'NeuronRegressor(dtype="float16")',
    'NeuronRegressor(engine="c")',
    'NeuronRegressor(quantile="median")',
    "NeuronRegressor().predict(row for row in X)",
    'NeuronRegressor().predict({"a": 1})',
    'TabularClassifier(activation="relu6")',
    'TabularClassifier(periodic_features="yes")',
    "TabularClassifier(label_smoothing=None)",
    'TabularClassifier(class_weight=["balanced"])',
    'TabularClassifier(batch_size="full")',
    "TabularRegressor(hidden_layer_sizes=[5.5])",
    'TabularRegressor(learning_rate_init="fast")',
    "TabularRegressor(cv=0.2)",
    "TabularRegressor(categorical_features=3)",
    'TabularRegressor(engine="c")',
    'TabularRegressor().predict({"a": 1})',
    "TabularClassifier().fit((row for row in X), y)",
]
REVEALED = {
    "NeuronClassifier().fit(X, y)": "NeuronClassifier",
    "NeuronRegressor().fit(X, y)": "NeuronRegressor",
    "NeuronClassifier().partial_fit(X, y)": "NeuronClassifier",
    "NeuronRegressor().initialize(X, y)": "NeuronRegressor",
    "NeuronClassifier().resume('file', X, y)": "NeuronClassifier",
    "NeuronRegressor().predict(X)": "ndarray",
    "NeuronClassifier().predict(X)": "ndarray",
    "NeuronRegressor().score(X, y)": "float",
    "TabularClassifier().fit(X, y)": "TabularClassifier",
    "TabularRegressor().fit(X, y)": "TabularRegressor",
    "TabularClassifier().predict(X)": "ndarray",
    "TabularRegressor().predict(X)": "ndarray",
    "TabularClassifier().predict_proba(X)": "ndarray",
    "TabularClassifier().score(X, y)": "float",
    "TabularRegressor().score(X, y)": "float",
}
HEAD = [
    "from skneuron import NeuronClassifier, NeuronRegressor",
    "from skneuron.optimizers import Adam",
    "from skneuron.tabular import TabularClassifier, TabularRegressor",
    "X, y = [[0.0, 1.0], [1.0, 0.0]], [0, 1]",
]


@pytest.fixture(scope="module")
def mypy():
    """Return a function that runs mypy on a file and returns its output."""
    api = pytest.importorskip("mypy.api")
    root = Path(skneuron.__file__).parents[1]

    def run(path):
        with pytest.MonkeyPatch.context() as patch:
            if root.name != "site-packages":  # an editable installation
                patch.setenv("MYPYPATH", str(root))
            flags = ["--strict", "--follow-imports=silent", "--config-file="]
            said, errors, _ = api.run([*flags, str(path)])
        assert not errors
        return said

    return run


@pytest.fixture(scope="module")
def said(mypy, tmp_path_factory):
    """Return the first message of mypy for each line of a script, by line number."""
    path = tmp_path_factory.mktemp("types") / "script.py"
    lines = [*HEAD, *MISTAKES, *(f"reveal_type({call})" for call in REVEALED)]
    path.write_text("\n".join(lines))
    found = re.findall(r"script\.py:(\d+): (.*)", mypy(path))
    return {int(number): text for number, text in reversed(found)}  # the first of each


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_refused(said, mistake):
    line = said[len(HEAD) + MISTAKES.index(mistake) + 1]
    assert re.search(r"^error: .*\[(arg-type|list-item)\]$", line)


@pytest.mark.parametrize("call", REVEALED)
def test_calls_return_precise_types(said, call):
    line = said[len(HEAD) + len(MISTAKES) + list(REVEALED).index(call) + 1]
    assert re.search(rf'^note: Revealed type is ".*\b{REVEALED[call]}\b', line)


def test_other_lines_have_no_errors(said):
    assert min(said) > len(HEAD)


def test_the_script_of_a_user_passes(mypy):
    pytest.importorskip("polars")
    assert mypy(Path(__file__).with_name("user_script.py")).startswith("Success")
