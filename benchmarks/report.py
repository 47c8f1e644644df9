"""The results as a table on the screen, as Markdown and as a picture."""

import textwrap
from dataclasses import dataclass

import numpy as np
import pages
import pytorch
import scipy
import sklearn
from pages import ROOT, versions, write_between

HEADER = (
    "| work | unit | skneuron | float32 | NumPy engine | MLP | PyTorch "
    "| ratio | float32 | NumPy engine | to PyTorch |"
)


GEMM = {"float64": "gemm64", "float32": "gemm32"}  # the time of BLAS's products alone


@dataclass
class Row:
    """Times in a unit, and pairs of ratio and target; the target may be None."""

    name: str
    unit: str
    times: dict
    ratios: dict
    remark: str = ""


def fit_row(work, times):
    made = row(work.name, "us/step", 1.0, times, work.target, work.target_float32)
    made.ratios["numpy"] = (times["mlp"] / times["numpy"], work.target_numpy)
    if "torch" in times:
        made.ratios["torch"] = (times["torch"] / times["float32"], work.target_torch)
    if "gemm64" in times:
        shares = [times[k] / times[g] for k, g in GEMM.items()]
        made.remark = (
            f"A step takes {shares[0]:.2f} times its matrix products alone in float64, "
            f"{shares[1]:.2f} in float32 (target: at most 1.35)."
        )
    return made


def row(name, unit, scale, times, target, target_float32=None):
    """Return a row; `scale` converts seconds to the unit."""
    times = {k: v * scale for k, v in times.items()}
    ratios = {"float64": (times["mlp"] / times["float64"], target)}
    if "float32" in times:
        ratios["float32"] = (times["mlp"] / times["float32"], target_float32)
    ratios["numpy"] = (times["mlp"] / times["numpy"], 1.0)
    return Row(name, unit, times, ratios)


def heading():
    return f"{HEADER}\n|---|---|{'---:|' * 9}"


def line(made):
    """Return a row of the table as Markdown, with targets in brackets."""
    times = [
        number(made.times.get(name))
        for name in ("float64", "float32", "numpy", "mlp", "torch")
    ]
    ratios = [
        ratio(made.ratios.get(k)) for k in ("float64", "float32", "numpy", "torch")
    ]
    return f"| {' | '.join([made.name, made.unit, *times, *ratios])} |"


def number(value):
    if value is None:
        return ""
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def ratio(pair):
    if pair is None:
        return ""
    value, target = pair
    text = f"{value:.1f}" if value >= 3 else f"{value:.2f}"
    if target is None:
        return text
    met = "" if value >= target else " **short**"
    return f"{text} ({target:g}){met}"


def machine(n_threads):
    """Return a description of the machine and the versions."""
    torch = pytorch.version() or "not installed, so its column is empty"
    libraries = versions(
        ("scikit-learn", sklearn.__version__),
        ("NumPy", np.__version__),
        ("SciPy", scipy.__version__),
        ("PyTorch", torch),
    )
    return f"{pages.machine()}, {n_threads} threads; {libraries}"


def write(table, around, n_threads):
    """Write the page, the picture and the README's table."""
    lines = "\n".join([heading(), *map(line, table)])
    remarks = "\n".join(f"- {r.name}: {r.remark}" for r in table if r.remark)
    page = f"""# Benchmarks

`python benchmarks/run.py` prints this table. It times whole calls of `fit` on the same
data in one run, alternates between the libraries, and takes the best of several rounds
in passes some minutes apart. [Another page](benchmarks_tabular.md) compares accuracy on
tables.

{textwrap.fill(machine(n_threads), 88)}.

Ratios are the time of MLP divided by that of skneuron; higher is better. "to PyTorch"
is the time of PyTorch (float32, fused Adam, a plain loop over tensors) divided by that
of skneuron in float32. Brackets contain the project's target; **short** marks a ratio
below it.

{lines}

{remarks}

{chr(10).join(f"- {entry}" for entry in around)}

![Ratio of MLP's time to skneuron's](images/benchmarks.png)
"""
    (ROOT / "docs" / "benchmarks.md").write_text(page, encoding="utf-8")
    short = "\n".join(
        ["| work | float64 | float32 |", "|---|---:|---:|"]
        + [
            f"| {r.name} | {' | '.join(ratio(r.ratios.get(k)) for k in GEMM)} |"
            for r in table
        ]
    )
    words = f"{short}\n\n{textwrap.fill(machine(n_threads), 88)}."
    write_between("README.md", "<!-- benchmarks -->\n", "\n<!-- end -->", words)
    draw(table)


def draw(table):
    """Draw the ratios as bars, and the targets as black lines."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(9, 0.55 * len(table) + 1), layout="constrained")
    y = np.arange(len(table))[::-1]
    for name, shift, colour in (
        ("float64", 0.2, "#0072B2"),
        ("float32", -0.2, "#E69F00"),
    ):
        pairs = [r.ratios.get(name) for r in table]
        widths = [p[0] if p else 0 for p in pairs]
        ax.barh(y + shift, widths, 0.38, color=colour, label=name)
        for height, pair in zip(y + shift, pairs, strict=True):
            if pair:
                end = 1.04 * max(pair[0], pair[1] or 0)
                ax.text(end, height, f"{pair[0]:.1f}", va="center", size=8)
            if pair and pair[1]:
                ax.plot([pair[1]] * 2, [height - 0.19, height + 0.19], "k", lw=2)
    ax.axvline(1, color="grey", lw=1)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_xlim(0.8, 300)
    ax.set_yticks(y, [r.name for r in table])
    ax.set_xlabel("MLP's time / skneuron's (black: target)")
    ax.legend(loc="lower right")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    figure.savefig(ROOT / "docs" / "images" / "benchmarks.png", dpi=150)
