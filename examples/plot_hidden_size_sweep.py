"""
How many hidden units?
======================

This sweep compares 1, 2, 3, 4, 5, 20 and 50 hidden units by five-fold cross-validation
on the two moons and on the handwritten digits.
:class:`sklearn.neural_network.MLPClassifier` runs the same grid. The scores are the
same; the times are not.

The program takes less than a minute. It prints two tables and writes
``hidden_size_sweep.png`` to the current directory, or to the path given as an argument.
"""

import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from sklearn.datasets import load_digits, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier

SIZES = [1, 2, 3, 4, 5, 20, 50]
N_FOLDS = 5
DATA = {
    "moons": make_moons(300, noise=0.2, random_state=0),
    "digits": load_digits(return_X_y=True),
}
PARAMS = {
    "moons": {"activation": "tanh", "learning_rate_init": 0.02, "batch_size": 32},
    "digits": {"activation": "tanh", "learning_rate_init": 0.005, "max_iter": 60},
}
ESTIMATORS = [NeuronClassifier, MLPClassifier]

# The colours of the two estimators and of the two moons, from the palette of Okabe and
# Ito, which colour-blind readers can distinguish.
BLUE, ORANGE = "#0072B2", "#E69F00"


class CountingScorer:
    """Accuracy; it prints the number of finished fits to the standard error."""

    def __init__(self, label, total):
        self.label, self.total, self.done = label, total, 0

    def __call__(self, estimator, X, y):
        self.done += 1
        print(f"\r{self.label}: {self.done}/{self.total} fits", end="", file=sys.stderr)
        if self.done == self.total:
            print(file=sys.stderr)
        return estimator.score(X, y)


def sweep(estimator_class, name):
    """Return the fitted search over the hidden sizes."""
    network = estimator_class(random_state=0, **PARAMS[name])
    label = f"{name}, {estimator_class.__name__}"
    search = GridSearchCV(
        Pipeline([("scale", StandardScaler()), ("network", network)]),
        {"network__hidden_layer_sizes": [(size,) for size in SIZES]},
        scoring=CountingScorer(label, len(SIZES) * N_FOLDS),
        cv=StratifiedKFold(N_FOLDS, shuffle=True, random_state=0),
    )
    with warnings.catch_warnings():
        # The larger networks have not converged; the comparison is of equal epochs.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return search.fit(*DATA[name])


def print_table(name, ours, theirs):
    """Print the scores and seconds of both estimators by hidden size."""
    print(f"\n{name}: accuracy in {N_FOLDS} folds, seconds for one fit")
    print("units   NeuronClassifier   MLPClassifier     seconds          ratio")
    columns = ("mean_test_score", "std_test_score", "mean_fit_time")
    for row, size in enumerate(SIZES):
        (mean, sd, seconds), (their_mean, their_sd, their_seconds) = (
            [search.cv_results_[column][row] for column in columns]
            for search in (ours, theirs)
        )
        ratio = their_seconds / seconds
        print(
            f"{size:5d}   {mean:.3f} ± {sd:.3f}      {their_mean:.3f} ± {their_sd:.3f}"
            f"   {seconds:6.3f}  {their_seconds:6.3f}  {ratio:6.1f}"
        )
    total, their_total = (s.cv_results_["mean_fit_time"].sum() for s in (ours, theirs))
    ratio = their_total / total
    print(f"  all{total:43.3f}  {their_total:6.3f}  {ratio:6.1f}")


def draw_scores(ax, name, ours, theirs):
    """Draw accuracy against hidden size, with bars of one standard deviation."""
    for search, label, colour, shift, marker in (
        (ours, "NeuronClassifier", BLUE, 0.96, "o"),
        (theirs, "MLPClassifier", ORANGE, 1.04, "s"),
    ):
        ax.errorbar(
            np.array(SIZES) * shift,
            search.cv_results_["mean_test_score"],
            yerr=search.cv_results_["std_test_score"],
            label=label,
            color=colour,
            marker=marker,
            capsize=3,
        )
    ax.set(
        xscale="log",
        xlabel="hidden units",
        ylabel=f"accuracy, mean ± sd of {N_FOLDS} folds",
        title=name,
    )
    ax.set_xticks(SIZES, [str(size) for size in SIZES])
    ax.minorticks_off()
    ax.grid(alpha=0.3)
    ax.legend(loc="lower right")


def draw_boundary(ax, size):
    """Draw the decision boundary of a network of this size on the moons."""
    X, y = DATA["moons"]
    model = Pipeline(
        [
            ("scale", StandardScaler()),
            ("network", NeuronClassifier(size, random_state=0, **PARAMS["moons"])),
        ]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, y)
    DecisionBoundaryDisplay.from_estimator(
        model,
        X,
        ax=ax,
        response_method="predict",
        grid_resolution=300,
        eps=0.3,
        cmap=ListedColormap([ORANGE, BLUE]),
        alpha=0.35,
    )
    ax.scatter(*X.T, c=np.where(y, BLUE, ORANGE), s=7, linewidths=0)
    ax.set(title=f"{size} unit{'s' if size > 1 else ''}", xticks=[], yticks=[])


def main(path="hidden_size_sweep.png"):
    """Run the sweeps, print the tables and draw the picture."""
    searches = {
        name: [sweep(estimator, name) for estimator in ESTIMATORS] for name in DATA
    }
    for name, (ours, theirs) in searches.items():
        print_table(name, ours, theirs)

    figure = plt.figure(figsize=(12, 7.5), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=[2, 1.15])
    titles = {"moons": "Two moons, 300 samples", "digits": "Digits, 1,797 samples"}
    for ax, (name, pair) in zip(above.subplots(1, 2), searches.items(), strict=True):
        draw_scores(ax, titles[name], *pair)
    below.suptitle("Where NeuronClassifier parts the moons")
    for ax, size in zip(below.subplots(1, len(SIZES)), SIZES, strict=True):
        draw_boundary(ax, size)
    figure.savefig(path, dpi=120)
    print(f"\nwrote {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
