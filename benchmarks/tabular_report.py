"""The results on tables as Markdown: on the screen, as a page, and in the README."""

import textwrap
from dataclasses import dataclass

import numpy as np
import scipy
import sklearn
from accuracy import OFFSET, geometric_mean, ratio
from pages import ROOT, machine, versions, write_between

BASE, OURS = "MLP", "skneuron"
TREES = ["HistGradientBoosting", "LightGBM", "CatBoost"]
BEGIN, END = "<!-- tabular -->\n", "\n<!-- end of tabular -->"


@dataclass(frozen=True)
class Report:
    """What each estimator reached, by table and estimator, split by split."""

    tables: list
    rivals: list
    found: dict

    def ratio(self, table, name, base=BASE):
        """Return the mean ratios to another estimator on the splits of both."""
        pairs = zip(
            self.found[table.name, name], self.found[table.name, base], strict=False
        )
        return geometric_mean([ratio(*pair, table.task) for pair in pairs])

    def over_tables(self, name, task):
        """Return the geometric means of the ratios over the tables of a task."""
        chosen = [table for table in self.tables if table.task == task]
        return geometric_mean([self.ratio(table, name) for table in chosen])

    def better(self, name, base=OURS):
        """Return the ratios by table on which an estimator errs less than another."""
        ratios = {t.name: self.ratio(t, name, base).error for t in self.tables}
        return {table: r for table, r in ratios.items() if r < 1}

    def summary(self):
        """Return the means over all tables."""
        lines = [
            "| | error | log loss | RMSE | CPU, classification | CPU, regression |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for name in self.rivals:
            classes = self.over_tables(name, "classification")
            numbers = self.over_tables(name, "regression")
            figures = (
                *(classes.error, classes.log_loss, numbers.error),
                *(classes.cpu, numbers.cpu),
            )
            cells = " | ".join(f"{figure:.2f}" for figure in figures)
            lines.append(f"| {name} | {cells} |")
        return "\n".join(lines)

    def by_table(self, figure, tables):
        """Return one figure by table: that of MLP, and the ratios of the others."""
        others = [name for name in self.rivals if name != BASE]
        lines = [
            f"| table | rows x columns | {BASE} | {' | '.join(others)} |",
            f"|---|---|{'---:|' * (1 + len(others))}",
        ]
        for table in tables:
            value = np.mean([getattr(r, figure) for r in self.found[table.name, BASE]])
            ratios = [getattr(self.ratio(table, name), figure) for name in others]
            texts = ["1.00", *(f"{r:.2f}" for r in ratios)]
            best = min(texts, key=float)
            texts[0] = f"{value:.3g}" if value < 100 else f"{value:.0f}"
            bold = [1.0, *ratios]
            cells = [
                f"**{text}**" if f"{r:.2f}" == best else text
                for text, r in zip(texts, bold, strict=True)
            ]
            lines.append(f"| {table.name} | {table.shape()} | {' | '.join(cells)} |")
        return "\n".join(lines)

    def losses(self):
        """Return who errs less than skneuron, and on which tables."""
        lines = []
        for name in self.rivals:
            found = self.better(name)
            ratios = ", ".join(f"{table} ({r:.2f})" for table, r in found.items())
            if name != OURS:
                lines.append(f"- {name}: {ratios or 'none'}")
        return "\n".join(lines)

    def trees(self):
        """Return a sentence about the trees, for the README."""
        best = {t for name in TREES if name in self.rivals for t in self.better(name)}
        where = [table.name for table in self.tables if table.name in best]
        return (
            f"{', '.join(TREES[:-1])} or {TREES[-1]} has a lower error or RMSE on "
            f"{len(where)} of {len(self.tables)} tables: {', '.join(where)}."
        )

    def write(self, packages):
        """Write the page and the README's table."""
        around = f"{machine()}, 1 thread; " + versions(
            ("scikit-learn", sklearn.__version__),
            ("NumPy", np.__version__),
            ("SciPy", scipy.__version__),
            *((name, v or "not installed") for name, v in packages.items()),
        )
        around = textwrap.fill(around, 88) + "."
        classes = [t for t in self.tables if t.task == "classification"]
        page = PAGE.format(
            around=around,
            offset=OFFSET,
            summary=self.summary(),
            losses=self.losses(),
            errors=self.by_table("error", self.tables),
            log_losses=self.by_table("log_loss", classes),
            cpu=self.by_table("cpu", self.tables),
        )
        (ROOT / "docs" / "benchmarks_tabular.md").write_text(page, encoding="utf-8")
        words = f"{self.summary()}\n\n{textwrap.fill(self.trees(), 88)}\n\n{around}"
        write_between("README.md", BEGIN, END, words)


PAGE = """# Benchmarks on tables

`python benchmarks/tabular.py` prints these tables (after `pip install ".[bench]"`). It
fits every estimator with its default parameters, on one thread, to the same random
splits of tables that ship with scikit-learn or are generated by
[benchmarks/tables.py](../benchmarks/tables.py). It measures the error rate or RMSE on
the test rows, and the CPU time of `fit`.

{around}

MLP is scikit-learn's `MLPClassifier` or `MLPRegressor` in the usual pipeline: medians
for missing numbers, `StandardScaler`, `OneHotEncoder`, a scaled target. RealMLP is
pytabkit's `RealMLP_TD`, with medians. The others receive the data frame.

## Geometric means of the ratios to MLP

Lower is better. Each table is split three times, small ones nine times. CatBoost runs
on three splits at most and RealMLP on the first, because they take long; both are
compared with MLP on the same splits. {offset} is added to error rates and log losses
before they are divided, because they may be 0.

{summary}

## Where others have a lower error

The tables on which the error rate or RMSE is below that of skneuron, and the ratio:

{losses}

Trees are ahead where the target is a sum of rules: a few thresholds that matter, among
many features that do not (`steps` and `rules`). CatBoost is about as good as skneuron
where categories matter (`customers`, `flats`).

## Error rate or RMSE

The error rate or RMSE of MLP, and the ratios of the others to it; the lowest is bold.

{errors}

## Log loss

{log_losses}

## CPU time of fit

The seconds of MLP, and the ratios of the others to them.

{cpu}
"""
