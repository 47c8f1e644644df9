"""
Important features, sample by sample
====================================

`input_gradient` is the exact derivative of the outputs by each feature, for each
sample. Its average ranks the features; for a single sample, it shows which features
would change the prediction.
"""

# %%
# The average over samples, for breast tumours that are malignant or benign, compared
# with permutation importance, which uses only the score.

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.inspection import permutation_importance
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier

data = load_breast_cancer()
X = StandardScaler().fit_transform(data.data)
clf = NeuronClassifier(10, "tanh", solver="lbfgs", alpha=10, tol=1e-3, random_state=0)
clf.fit(X, data.target)
sensitivity = np.abs(clf.input_gradient(X)).mean(axis=0)
importance = permutation_importance(clf, X, data.target, n_repeats=5, random_state=0)
order = np.argsort(sensitivity)[::-1][:8]
for i in order[:3]:
    print(f"{data.feature_names[i]}: {sensitivity[i]:.3f} a standard deviation")

# %%
# Single samples: the digits with the least certain predictions, and the pixels that
# favour the first choice over the second.

digits = load_digits()
pixels = digits.data / 16
network = NeuronClassifier(
    20, "tanh", solver="lbfgs", alpha=3, max_iter=1000, tol=1e-3, random_state=0
).fit(pixels, digits.target)
p = network.predict_proba(pixels)
ranked = np.argsort(p, axis=1)
doubt = np.sort(p, axis=1)
unsure = np.argsort(doubt[:, -1] - doubt[:, -2])[:3]
second, first = ranked[unsure, -2:].T
gradient = network.input_gradient(pixels[unsure])
rows = np.arange(3)
saliency = gradient[rows, first] - gradient[rows, second]

# %%
import matplotlib.pyplot as plt

fig = plt.figure(figsize=(10, 4.6), layout="constrained")
left, right = fig.subfigures(1, 2, width_ratios=[1.25, 1])
ax = left.subplots()
places = np.arange(len(order))
scaled = sensitivity / sensitivity.max()
permuted = importance.importances_mean / importance.importances_mean.max()
ax.barh(places - 0.2, scaled[order], 0.38, color="#0072B2", label="input_gradient")
ax.barh(places + 0.2, permuted[order], 0.38, color="#E69F00", label="permutation")
ax.set_yticks(places, data.feature_names[order])
ax.invert_yaxis()
ax.set(xlabel="importance, of the largest", xlim=(0, 1.5))
ax.legend(loc="lower right")
axs = right.subplots(2, 3)
for k, sample in enumerate(unsure):
    axs[0, k].imshow(digits.images[sample], cmap="gray_r")
    axs[0, k].set_title(f"{first[k]} rather than {second[k]}", fontsize=9)
    limit = np.abs(saliency[k]).max()
    picture = saliency[k].reshape(8, 8)
    axs[1, k].imshow(picture, cmap="PuOr_r", vmin=-limit, vmax=limit)
for ax in axs.ravel():
    ax.set_axis_off()
plt.show()
