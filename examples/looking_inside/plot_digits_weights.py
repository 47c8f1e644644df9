"""
The weights of the first layer as images
========================================

If features are pixels, the weights of a hidden unit are an image. An L1 penalty makes
it simpler: unimportant weights are exactly zero.
"""

# %%
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skneuron import NeuronClassifier

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, random_state=0)
params = {"learning_rate_init": 0.01, "tol": 1e-3, "random_state": 0}
dense = NeuronClassifier(16, alpha=1, **params)
sparse = NeuronClassifier(16, alpha=1, l1_ratio=1, **params)
for name, clf in (("L2", dense), ("L1", sparse)):
    clf.fit(X_train, y_train)
    zeros, score = (clf.coefs_[0] == 0).mean(), clf.score(X_test, y_test)
    print(f"{name}: {zeros:.0%} of the weights are 0, accuracy {score:.3f}")

# %%
# Blue pixels have positive weights, orange pixels negative weights; white is zero.

import matplotlib.pyplot as plt

from skneuron.inspection import WeightsDisplay

fig, axs = plt.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
for ax, (name, clf) in zip(axs, (("L2", dense), ("L1", sparse)), strict=True):
    WeightsDisplay.from_estimator(clf, ax=ax)
    ax.set_title(f"alpha=1, {name}", pad=16)
plt.show()
