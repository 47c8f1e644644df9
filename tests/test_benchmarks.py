"""The benchmarks of accuracy: their quick mode runs, and their tables are complete."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

if not BENCHMARKS.exists():
    pytest.skip("away from the source there are no benchmarks", allow_module_level=True)


def quick(script, directory):
    """Return the table that the quick mode of a script prints, as rows of cells."""
    out = subprocess.run(
        [sys.executable, BENCHMARKS / script, "--quick"],
        capture_output=True,
        text=True,
        check=True,
        cwd=directory,
    ).stdout
    rows = re.findall(r"^\| (.*) \|$", out, re.MULTILINE)
    return [row.split(" | ") for row in rows][1:]


def test_rivals(tmp_path):
    rows = {name: [*map(float, row)] for name, *row in quick("tabular.py", tmp_path)}
    assert set(rows) == {"skneuron", "MLP", "HistGradientBoosting"}
    assert set(rows["MLP"]) == {1.0}
    assert all(0 < ratio < 100 for row in rows.values() for ratio in row)


def test_ablation(tmp_path):
    rows = quick("tabular_ablation.py", tmp_path)
    assert len(rows) == 2
    assert all(0 < float(ratio) < 100 for _, _, *row in rows for ratio in row)
