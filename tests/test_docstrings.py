"""Docstrings: complete, in numpydoc's form, with examples that run."""

import doctest
import importlib
import inspect
import pkgutil

import pytest
from numpydoc.validate import validate

import skneuron

CLASSES = ["NeuronClassifier", "NeuronRegressor"]
METHODS = [
    f"{cls}.{name}"
    for cls in CLASSES
    for name in dir(getattr(skneuron, cls))
    if not name.startswith("_")
    and inspect.isroutine(getattr(getattr(skneuron, cls), name))
    and getattr(getattr(skneuron, cls), name).__module__.startswith("skneuron")
]
NOT_ASKED_FOR = {
    "ES01",  # a summary may say it all
    "EX01",  # methods are shown in the example of their class
    "RT02",  # "self : object", as scikit-learn has it
    "SA01",  # "See Also" where there is something to see
}


@pytest.mark.parametrize("name", [*CLASSES, "show_versions", *METHODS])
def test_numpydoc_finds_nothing_wrong(name):
    errors = validate(f"skneuron.{name}")["errors"]
    assert [e for e in errors if e[0] not in NOT_ASKED_FOR] == []


def test_methods_were_found():
    assert {"NeuronClassifier.fit", "NeuronRegressor.predict"} <= set(METHODS)


@pytest.mark.parametrize("name", [*CLASSES, "show_versions"])
def test_every_public_name_has_an_example(name):
    assert ">>> " in getattr(skneuron, name).__doc__


@pytest.mark.parametrize(
    "name", [m.name for m in pkgutil.walk_packages(skneuron.__path__, "skneuron.")]
)
def test_examples_run(name):
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testmod(importlib.import_module(name), optionflags=flags)
    assert result.failed == 0
