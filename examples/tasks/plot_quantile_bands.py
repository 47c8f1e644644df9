"""
A band instead of a line
========================

A single prediction does not show how large its error may be. With several quantiles,
one network predicts the median and the limits of a band together, and they never cross.
"""

# %%
# The spread of these data grows from left to right. Half of the samples are held out.

import numpy as np

rng = np.random.RandomState(0)
X = rng.uniform(0, 10, size=(1500, 1))
y = np.sin(X[:, 0]) + (0.1 + 0.08 * X[:, 0]) * rng.normal(size=1500)
train, test = np.arange(750), np.arange(750, 1500)

# %%
# The learning rate decays along a cosine: with a constant rate, the kinks of the
# pinball loss would prevent convergence.

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronRegressor

levels = [0.05, 0.25, 0.5, 0.75, 0.95]
network = NeuronRegressor(
    (30, 30),
    "tanh",
    loss="quantile",
    quantile=levels,
    learning_rate="cosine",
    learning_rate_init=0.01,
    max_iter=400,
    n_iter_no_change=40,
    random_state=0,
)
model = make_pipeline(StandardScaler(), network).fit(X[train], y[train])

# %%
# The fraction of held-out samples below each line is close to its level:

below = (y[test, np.newaxis] < model.predict(X[test])).mean(axis=0)
for level, share in zip(levels, below, strict=True):
    print(f"quantile {level:.2f}: {share:.3f} of the samples are below")

# %%
# The lines do not cross outside the range of the data either.

import matplotlib.pyplot as plt

grid = np.linspace(-2, 12, 300).reshape(-1, 1)
band = model.predict(grid)
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.plot(X[test], y[test], ".", color="#666666", markersize=3, label="unseen samples")
ax.fill_between(grid[:, 0], band[:, 0], band[:, 4], color="#0072B2", alpha=0.2)
ax.fill_between(grid[:, 0], band[:, 1], band[:, 3], color="#0072B2", alpha=0.3)
ax.plot(grid, band[:, 2], color="#0072B2", label="median, 50 % and 90 % bands")
ax.axvspan(-2, 0, color="#E69F00", alpha=0.15, label="no data")
ax.axvspan(10, 12, color="#E69F00", alpha=0.15)
ax.set(xlabel="x", ylabel="y", xlim=(-2, 12))
ax.legend(loc="lower left")
plt.show()
