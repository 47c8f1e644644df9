"""Measure what each ingredient of skneuron.tabular is worth.

    python benchmarks/tabular_ablation.py

takes about five minutes on one thread. It leaves out or replaces one ingredient at a
time, prints the ratios to the defaults, and writes them into docs/tabular_recipe.md.
With `--quick`, it measures two tables and two variants, and writes nothing.

What is no parameter of the estimators is changed in subclasses of them: the networks of
the members before they are trained, the temperature after it, and the encoder.
"""

import sys
import textwrap
from dataclasses import dataclass, field
from unittest.mock import patch

import numpy as np
from accuracy import geometric_mean, measure, ratio
from pages import machine, versions, write_between
from rivals import either
from sklearn.model_selection import ShuffleSplit
from tables import TABLES

from skneuron.layers import Scale
from skneuron.optimizers import Adam
from skneuron.tabular import TabularClassifier, TabularRegressor, _base

N_SPLITS = 3
N_TRAIN = 1_000  # rows, at most
PAGE = "docs/tabular_recipe.md"
BEGIN, END = "<!-- ablation -->\n", "\n<!-- end of ablation -->"


class Unchanged:
    """A mixin that changes nothing."""


@dataclass(frozen=True)
class Variant:
    """An ingredient, what replaces it, and how: by parameters or by a subclass."""

    ingredient: str
    replacement: str
    params: dict = field(default_factory=dict)
    mixin: type = Unchanged

    def __call__(self, X, task, seed):
        base = either(task, TabularClassifier, TabularRegressor)
        changed = {name for name in vars(self.mixin) if not name.startswith("__")}
        assert changed <= set(dir(base)), "a method has another name now"
        cls = type("Variant", (self.mixin, base), {})
        known = {k: v for k, v in self.params.items() if hasattr(base(), k)}
        return cls(**known, random_state=seed)


def networks(rate=1.0, epochs=1.0, **params):
    """Return a mixin that changes the networks: factors for two parameters, others."""

    class Changed:
        def _network(self, table, seed):
            network = super()._network(table, seed)
            network.learning_rate_init *= rate
            network.max_iter = round(epochs * network.max_iter)
            return network.set_params(**params)

    return Changed


class WithoutScale:
    def _input_layers(self, n_samples):
        layers = super()._input_layers(n_samples)
        return [layer for layer in layers if not isinstance(layer, Scale)]


class Untempered:
    def _set_out_of_fold(self, *args):
        super()._set_out_of_fold(*args)
        self.temperature_ = 1.0


class StandardEncoder(_base.TableEncoder):
    """Scales numbers by mean and standard deviation, without a limit."""

    def fit(self, X, y=None, *, sample_weight=None, estimator=None):
        super().fit(X, sample_weight=sample_weight, estimator=estimator)
        n = self.n_numbers_
        numbers = self.transform(X, estimator=estimator)[:, :n]
        self.center_[:n] += numbers.mean(axis=0) * self.scale_[:n]
        self.scale_[:n] *= numbers.std(axis=0)
        return self

    def _scaling(self, columns):
        return self.center_[columns], self.scale_[columns], np.inf


class StandardScaled:
    def fit(self, X, y):
        with patch.object(_base, "TableEncoder", StandardEncoder):
            return super().fit(X, y)


ONE = ShuffleSplit(1, test_size=0.2, random_state=0)
GLOROT = networks(0.3, init="auto")
CONSTANT = networks(0.3, learning_rate="constant")
VARIANTS = [
    Variant("eight or five members", "ten", {"cv": 10}),
    Variant("eight or five members", "three", {"cv": 3}),
    Variant("eight or five members", "one network", {"cv": ONE}),
    Variant("learned input scaling", "none", mixin=WithoutScale),
    Variant("periodic features where they help", "never", {"periodic_features": False}),
    Variant("periodic features where they help", "always", {"periodic_features": True}),
    Variant("NTK parametrisation", "Glorot, 0.3 of the rate", mixin=GLOROT),
    Variant("warm-up and decay", "constant, 0.3 of the rate", mixin=CONSTANT),
    Variant("beta_2 = 0.95", "0.999", mixin=networks(solver=Adam())),
    Variant("best epoch of each member", "last", mixin=networks(early_stopping=False)),
    Variant("label smoothing", "none", {"label_smoothing": 0.0}),
    Variant("temperature", "none", mixin=Untempered),
    Variant("robust scaling, smooth clip", "StandardScaler", mixin=StandardScaled),
    Variant("ReLU", "SiLU", {"activation": "silu"}),
    Variant("ReLU", "tanh", {"activation": "tanh"}),
    Variant("(64, 64) units", "64", {"hidden_layer_sizes": 64}),
    Variant("(64, 64) units", "(128, 128)", {"hidden_layer_sizes": (128, 128)}),
    Variant("epochs", "half", mixin=networks(epochs=0.5)),
    Variant("epochs", "twice", mixin=networks(epochs=2.0)),
]


def results(make, tables, n_splits):
    """Return what a variant reaches, by table, split by split."""
    return {
        table: [
            measure(make, table, seed, N_TRAIN)
            for seed in range(n_splits * table.repeats)
        ]
        for table in tables
    }


def row(variant, found, defaults):
    """Return the ratios of a variant to the defaults as a row of Markdown."""
    ratios = {"classification": [], "regression": []}
    for table, reached in found.items():
        pairs = zip(reached, defaults[table], strict=True)
        of_table = geometric_mean([ratio(*pair, table.task) for pair in pairs])
        ratios[table.task].append(of_table)
    classes, numbers = map(geometric_mean, ratios.values())
    cpu = geometric_mean([*ratios["classification"], *ratios["regression"]]).cpu
    figures = classes.error, classes.log_loss, numbers.error, cpu
    cells = " | ".join(f"{figure:.2f}" for figure in figures)
    return f"| {variant.ingredient} | {variant.replacement} | {cells} |"


def main(quick):
    tables = [t for t in TABLES if not quick or t.name in ("wine", "diabetes")]
    variants = VARIANTS[2:4] if quick else VARIANTS
    defaults = results(Variant("", ""), tables, n_splits=1 if quick else N_SPLITS)
    lines = [
        "| ingredient | instead | error | log loss | RMSE | CPU |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for variant in variants:
        print(f"{variant.ingredient}: {variant.replacement}", file=sys.stderr)
        found = results(variant, tables, n_splits=1 if quick else N_SPLITS)
        lines.append(row(variant, found, defaults))
    print(*lines, sep="\n")
    if not quick:
        around = textwrap.fill(f"{machine()}, 1 thread; {versions()}", 88)
        write_between(PAGE, BEGIN, END, "\n".join([*lines, "", around + "."]))


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
