"""The house: imports go down only, and to nothing but the dependencies."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import skneuron

ROOT = Path(skneuron.__file__).parent
FLOORS = [
    {"_one_standard_error", "_search_results", "_types"},
    {"_cells", "_files", "_snapshots", "_warnings"},
    {"_activations", "_history", "_losses", "optimizers", "schedules"},
    {"_gradient_check", "_labels", "_parameters", "_sensitivity"},
    {"_initializers", "_values"},
    {"_engines._protocol", "_engines._threefry"},
    {"_engines._kernel"},
    {"_engines._numpy", "_engines._compiled"},
    {"_engines"},
    {"_progress"},
    {"_bridge", "_idle", "_learnt"},
    {"_callbacks", "_inputs", "_validation"},
    {"_parts"},
    {"_training", "_lbfgs"},
    {"_checkpoints"},
    {"_fitting", "callbacks"},
    {"_base"},
    {"_classifier", "_regressor", "_versions"},
    {""},
    {"teaching.checks", "teaching.functions", "teaching.names", "teaching.table"},
    {"teaching.losses", "teaching.neuron"},
    {"teaching.forward"},
    {"teaching.backpropagation", "teaching.conversion", "teaching.descent"},
    {"teaching.network"},
    {"teaching.explain"},
    {"model_selection._corrected_t_test", "model_selection._progress_bar"},
    {"model_selection._comparison", "model_selection._one_standard_error"},
    {"model_selection._compare"},
    {"model_selection"},
    {"teaching", "inspection._style"},
    {"inspection._drawing", "inspection._activation", "inspection._loss_landscape"},
    {"inspection._hidden_size", "inspection._loss_curve", "inspection._weights"},
    {"inspection._compare"},
    {"inspection._backprop", "inspection._network"},
    {"inspection._diagnosis.findings", "inspection._diagnosis.flow"},
    {"inspection._diagnosis.trials"},
    {"inspection._diagnosis.case"},
    {"inspection._diagnosis.data", "inspection._diagnosis.units"},
    {"inspection._diagnosis.training"},
    {"inspection._diagnosis"},
    {"inspection"},
]
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
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    package = [part for part in package if part]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        nodes = node.body if isinstance(node, ast.Try) else [node]
        for inner in nodes:
            if isinstance(inner, ast.ImportFrom) and inner.level:
                base = package[: len(package) - inner.level + 1]
                base = base + (inner.module.split(".") if inner.module else [])
                if inner.module:
                    yield ".".join(base)
                else:
                    yield from (".".join([*base, a.name]) for a in inner.names)


def test_every_module_has_its_floor():
    assert set(modules()) == set(HEIGHT) - {"_engines._kernel"}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_down(name):
    for other in imported(name, modules()[name]):
        assert HEIGHT[other] < HEIGHT[name], f"{name or 'skneuron'} imports {other}"


def test_only_the_dependencies_are_imported():
    allowed = {"numpy", "scipy", "sklearn", *sys.stdlib_module_names}
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
    built = (ROOT / "_engines" / "_kernel.pyx").exists() or list(
        (ROOT / "_engines").glob("_kernel.*.so")
    )
    assert (", by gcc" in out or ", by clang" in out) or not built
    for package in ("numpy", "scipy", "sklearn"):
        assert package in out


def test_it_is_typed():
    assert (ROOT / "py.typed").exists()
