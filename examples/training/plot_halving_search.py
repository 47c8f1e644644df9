"""
Depth and width by successive halving
=====================================

A grid search over twenty network shapes runs twenty full fits on each fold. Successive
halving starts all of them with few epochs, and continues only the best third with three
times as many.
"""

# %%
# `max_iter` is the resource. Fits with so few epochs are not meant to converge, so the
# warnings are hidden.

import warnings

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skneuron import NeuronClassifier

X, y = load_digits(return_X_y=True)
widths, depths = [4, 8, 16, 32, 64], [1, 2, 3, 4]
shapes = [(width,) * depth for width in widths for depth in depths]
model = make_pipeline(MinMaxScaler(), NeuronClassifier(random_state=0))
search = HalvingGridSearchCV(
    model,
    {"neuronclassifier__hidden_layer_sizes": shapes},
    resource="neuronclassifier__max_iter",
    min_resources=4,
    max_resources=36,
    factor=3,
    cv=3,
    random_state=0,
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ConvergenceWarning)
    search.fit(X, y)
results = search.cv_results_
for iteration in range(search.n_iterations_):
    print(
        f"{search.n_candidates_[iteration]:2} shapes, "
        f"{search.n_resources_[iteration]} epochs each"
    )
best = search.best_params_["neuronclassifier__hidden_layer_sizes"]
print(f"best: {best}, {search.best_score_:.3f}")

# %%
# The last score of each shape; frames mark the shapes that were trained longest.

import matplotlib.pyplot as plt

scores = np.full((len(depths), len(widths)), np.nan)
last = np.zeros(scores.shape, int)
for shape, score, iteration in zip(
    results["param_neuronclassifier__hidden_layer_sizes"],
    results["mean_test_score"],
    results["iter"],
    strict=True,
):
    at = depths.index(len(shape)), widths.index(shape[0])
    if iteration >= last[at]:
        scores[at], last[at] = score, iteration

fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
image = ax.imshow(scores, cmap="cividis", vmin=0, vmax=1)
for row, column in np.ndindex(scores.shape):
    value = scores[row, column]
    ink = "white" if value < 0.6 else "black"
    ax.text(column, row, f"{value:.2f}", ha="center", va="center", color=ink)
    if last[row, column] == last.max():
        corner = column - 0.46, row - 0.46
        frame = plt.Rectangle(corner, 0.92, 0.92, fill=False, color="#D55E00", lw=3)
        ax.add_patch(frame)
ax.set_xticks(range(len(widths)), widths)
ax.set_yticks(range(len(depths)), depths)
ax.set(xlabel="units of each hidden layer", ylabel="hidden layers")
fig.colorbar(image, label="accuracy, cross-validated", shrink=0.8)
plt.show()
