"""
The same numbers, faster
========================

:class:`sklearn.neural_network.MLPClassifier` and :class:`~skneuron.NeuronClassifier`
with the same parameters give the same probabilities on the same data. This example
compares their times.
"""

# %%
# Ten epochs on the digits for several sizes; each time is the fastest of three
# alternating runs.

import warnings
from time import perf_counter

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from skneuron import NeuronClassifier

warnings.simplefilter(
    "ignore", ConvergenceWarning
)  # ten epochs are not meant to be enough
X, y = load_digits(return_X_y=True)
X /= 16
SIZES = [(3,), (10,), (30,), (100,), (100, 100)]
KINDS = (MLPClassifier, NeuronClassifier)
seconds = np.full((len(SIZES), 2), np.inf)

for i, size in enumerate(SIZES):
    probabilities = []
    for _ in range(3):
        for j, kind in enumerate(KINDS):
            clf = kind(hidden_layer_sizes=size, max_iter=10, random_state=0)
            start = perf_counter()
            clf.fit(X, y)
            seconds[i, j] = min(seconds[i, j], perf_counter() - start)
            probabilities.append(clf.predict_proba(X))
    apart = np.abs(probabilities[0] - probabilities[1]).max()
    ratio = seconds[i, 0] / seconds[i, 1]
    print(
        f"{size!s:>10}: {ratio:.1f} times as fast; probabilities differ by {apart:.0e}"
    )

# %%
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
places = np.arange(len(SIZES))
for j, (kind, colour) in enumerate(zip(KINDS, ("#E69F00", "#0072B2"), strict=True)):
    bars = ax.bar(
        places + 0.4 * j - 0.2,
        1e3 * seconds[:, j],
        0.38,
        color=colour,
        label=kind.__name__,
    )
    ax.bar_label(bars, fmt="%.0f", fontsize=8, color="#666666")
ax.set_xticks(places, [" x ".join(map(str, size)) for size in SIZES])
ax.set(xlabel="hidden units", ylabel="milliseconds for ten epochs")
ax.legend(loc="upper left")
plt.show()
