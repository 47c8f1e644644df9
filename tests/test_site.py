"""The site is complete, as far as a test without a build can tell."""

import importlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest

import skneuron

DOCS = Path(__file__).parents[1] / "docs"
PACKAGE = Path(skneuron.__file__).parent
PUBLIC = [
    "skneuron",
    *sorted(
        f"skneuron.{path.stem}"
        for path in PACKAGE.iterdir()
        if not path.name.startswith("_")
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    ),
]

if not DOCS.exists():
    pytest.skip("away from the source there are no pages", allow_module_level=True)


@pytest.fixture
def api(monkeypatch):
    """Return docs/_site/api.py, which needs no Sphinx."""
    monkeypatch.syspath_prepend(DOCS)
    module = importlib.import_module("_site.api")
    yield module
    for name in ("_site", "_site.api"):
        del sys.modules[name]


@pytest.fixture
def floors():
    """Return docs/floors.py."""
    spec = importlib.util.spec_from_file_location("floors", DOCS / "floors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def toctree(page):
    """Return the entries in the table of contents of a page."""
    text = (DOCS / page).read_text("utf-8")
    return re.search(r"```{toctree}\n(?::.*\n)*\n(.*?)```", text, re.DOTALL)[1].split()


def test_public_modules_were_found():
    assert {"skneuron.inspection", "skneuron.optimizers"} <= set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_reference_has_every_public_name(name, api):
    module = importlib.import_module(name)
    section = api.index().split(f".. module:: {name}\n")[1].split(".. module::")[0]
    listed = re.findall(r"^   (\w+)$", section, re.MULTILINE)
    assert listed == [public for public in module.__all__ if public != "__version__"]


def test_a_class_s_page_has_its_methods(api):
    page = api.page("skneuron.NeuronClassifier", skneuron.NeuronClassifier)
    for method in ("fit", "predict_proba", "resume", "input_gradient"):
        assert f".. automethod:: NeuronClassifier.{method}\n" in page
    assert "``get_metadata_routing``" in page


def test_every_page_is_in_a_table_of_contents():
    pages = {path.stem for path in DOCS.glob("*.md")} - {"index"}
    assert pages == {entry for entry in toctree("index.md") if "/" not in entry}
    guide = {path.stem for path in DOCS.glob("guide/*.md")} - {"index"}
    assert guide == set(toctree("guide/index.md"))


def test_every_folder_of_examples_has_a_heading():
    examples = DOCS.parent / "examples"
    for folder in {path.parent for path in examples.rglob("*.py")}:
        assert (folder / "GALLERY_HEADER.rst").exists(), folder


def test_the_picture_of_the_floors_has_every_module(floors):
    texts = re.findall(r">([^<>]+)</text>", floors.PICTURE.read_text("utf-8"))
    drawn = {word for text in texts for word in text.split()}
    names = [name for names in floors.floors(floors.table()) for name in names]
    inside = [floors.rooms(name) for name in names]
    titles = [floors.wrapped(title) for title in floors.COLOURS]
    there = {word for text in (*names, *inside, *titles) for word in text.split()}
    assert drawn == there, "run docs/floors.py"


def test_the_page_on_architecture_says_what_is_in_every_module(floors):
    page = (DOCS / "architecture.md").read_text("utf-8")
    table = page.split("| | module |")[1].split("\n\n")[0]
    named = {name.removesuffix(".py") for name in re.findall(r"`([\w/.]+)`", table)}
    assert {n for names in floors.floors(floors.table()) for n in names} <= named
