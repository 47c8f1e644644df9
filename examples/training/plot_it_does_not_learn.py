"""
It does not learn
=================

A network may fail to learn for many reasons. :func:`~skneuron.inspection.diagnose`
measures them and suggests remedies, the most urgent first.
"""

# %%
# The diabetes data with typical flaws: one feature is in units a thousand times
# smaller, and the target is not scaled, from 25 to 346.

import warnings

import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronRegressor
from skneuron.inspection import diagnose

warnings.simplefilter("ignore", ConvergenceWarning)  # always 300 epochs
X, y = load_diabetes(return_X_y=True)
X = X / X.std(axis=0)
X[:, 2] *= 1000
train, test = train_test_split(np.arange(len(y)), random_state=0)
network = NeuronRegressor(
    30, "tanh", max_iter=300, n_iter_no_change=300, random_state=0
)


def report(network, X, y):
    """Fit, diagnose, and return the score on the test samples."""
    network.fit(X[train], y[train])
    score = network.score(X[test], y[test])
    print(f"R² = {score:.2f}")
    print(diagnose(network, X[train], y[train], X_val=X[test], y_val=y[test]))
    return score


scores = {"as given": report(network, X, y)}

# %%
# Scale features and targets to mean 0 and standard deviation 1:

X_scaled = StandardScaler().fit(X[train]).transform(X)
y_scaled = (y - y[train].mean()) / y[train].std()
scores["scaled"] = report(network, X_scaled, y_scaled)

# %%
# Now the network learns, and the diagnosis finds nothing. It can still improve: 442
# patients are few, and a stronger penalty helps.

network.set_params(alpha=20)
scores["alpha=20"] = report(network, X_scaled, y_scaled)

# %%
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
bars = ax.bar(list(scores), list(scores.values()), color="#0072B2")
ax.bar_label(bars, fmt="%.2f")
ax.axhline(0, color="black", lw=0.8)
ax.set(ylabel="R² on the test samples")
ax.margins(y=0.15)
plt.show()
