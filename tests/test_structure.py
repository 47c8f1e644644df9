"""The house: imports go down only, and to nothing but the dependencies."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import skneuron

ROOT = Path(skneuron.__file__).parent
FLOORS = [
    {"_by_value", "_sklearn", "_types", "_warnings"},
    {"activations", "losses", "optimizers", "preprocessing", "schedules"},
    {"_network"},
    {"_engines", "layers"},
    {"_training"},
    {"_estimators"},
    {"_versions", "callbacks"},
    {""},
    {"model_selection", "tabular", "teaching"},
    {"inspection"},
]
"""Packages and modules of the root, from the ground up."""

HEIGHT = {name: floor for floor, names in enumerate(FLOORS) for name in names}


def modules():
    """Return the path of every module by its name inside the package."""
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(p for p in parts if p != "__init__")] = path
    return found


def imported(name, path):
    """Return the modules of skneuron that the top level of a module imports."""
    known = {*modules(), "_engines.kernel"}
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    package = [part for part in package if part]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        nodes = node.body if isinstance(node, ast.Try) else [node]
        for inner in nodes:
            if isinstance(inner, ast.ImportFrom) and inner.level:
                base = package[: len(package) - inner.level + 1]
                base = base + (inner.module.split(".") if inner.module else [])
                inside = [".".join([*base, alias.name]) for alias in inner.names]
                yield from (
                    name if name in known else ".".join(base) for name in inside
                )


def rooms():
    """Return the modules of the root and the packages."""
    return {name.split(".")[0] for name in modules()}


def test_every_package_has_its_floor():
    assert rooms() == set(HEIGHT)


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_down(name):
    room = name.split(".")[0]
    for other in imported(name, modules()[name]):
        below = other.split(".")[0]
        if below != room:
            assert HEIGHT[below] < HEIGHT[room], f"{name or 'skneuron'} imports {other}"


def test_no_module_imports_itself_by_a_detour():
    uses = {name: set(imported(name, path)) for name, path in modules().items()}
    TopologicalSorter(uses).prepare()  # raises a CycleError


def test_only_the_dependencies_are_imported():
    # scikit-learn depends on joblib
    allowed = {"numpy", "scipy", "sklearn", "joblib", *sys.stdlib_module_names}
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            else:
                continue
            drawn = {"matplotlib"} if name.startswith("inspection.") else set()
            assert {n.split(".")[0] for n in names} <= allowed | drawn, path


def test_one_module_imports_scikit_learn_s_private_parts():
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [*node.module.split("."), *(a.name for a in node.names)]
                private = [n for n in names[1:] if n.startswith("_")]
                assert not private or names[0] != "sklearn" or name == "_sklearn", path


def test_importing_brings_in_no_plots():
    script = (
        "import sys, skneuron, skneuron.inspection; print('matplotlib' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True
    )
    assert out.stdout == "False\n"


def test_public_names():
    assert sorted(skneuron.__all__) == [
        "NeuronClassifier",
        "NeuronRegressor",
        "__version__",
        "check_gradient",
        "show_versions",
    ]


def test_show_versions_names_the_kernel(capsys):
    skneuron.show_versions()
    out = capsys.readouterr().out
    assert f"skneuron: {skneuron.__version__}" in out
    built = (ROOT / "_engines" / "kernel.pyx").exists() or list(
        (ROOT / "_engines").glob("kernel.*.so")
    )
    assert (", by gcc" in out or ", by clang" in out) or not built
    for package in ("numpy", "scipy", "sklearn"):
        assert package in out


def test_it_is_typed():
    assert (ROOT / "py.typed").exists()
