"""
Several outputs at once
=======================

One network can predict several numbers, or several classes, from shared hidden units.
In this example, five gauges measure an arm with two joints; the targets are the
position of its hand and its posture.
"""

# %%
# Two angles, which five gauges measure with noise, determine the position of the hand.
# The posture has two columns of classes: the elbow is up or down, and the arm is
# stretched, half bent or bent.

import numpy as np

rng = np.random.RandomState(0)
shoulder, elbow = rng.uniform(-1.5, 1.5, size=(2, 1200))
hand = np.column_stack(
    [
        np.cos(shoulder) + np.cos(shoulder + elbow),
        np.sin(shoulder) + np.sin(shoulder + elbow),
    ]
)
bent = np.array(["stretched", "half", "bent"])[np.digitize(np.abs(elbow), [0.5, 1.0])]
posture = np.column_stack([np.where(elbow > 0, "up", "down"), bent])
mixing = rng.normal(size=(2, 5))
X = np.column_stack([shoulder, elbow]) @ mixing + 0.05 * rng.normal(size=(1200, 5))
train, test = np.arange(800), np.arange(800, 1200)

# %%
# A regressor for two numbers:

from skneuron import NeuronClassifier, NeuronRegressor

params = {"solver": "lbfgs", "max_iter": 1000, "tol": 1e-3, "random_state": 0}
reg = NeuronRegressor(20, "tanh", **params).fit(X[train], hand[train])
print(f"hand: R² = {reg.score(X[test], hand[test]):.4f}")

# %%
# A classifier for two columns of classes, with a softmax for each. The probabilities
# are a list, as in :class:`sklearn.ensemble.RandomForestClassifier`.

clf = NeuronClassifier(20, "tanh", alpha=1, **params).fit(X[train], posture[train])
print("classes:", *[column.tolist() for column in clf.classes_])
right = (clf.predict(X[test]) == posture[test]).mean(axis=0)
both = clf.score(X[test], posture[test])
print(f"elbow {right[0]:.3f}, bend {right[1]:.3f}, both {both:.3f} right")
print([p.shape for p in clf.predict_proba(X[test])])

# %%
# The true and the predicted positions of the hand.

import matplotlib.pyplot as plt

predicted = reg.predict(X[test])
fig, ax = plt.subplots(figsize=(5.5, 5), layout="constrained")
nothing = np.full_like(predicted, np.nan)  # ends a line
lines = np.stack([hand[test], predicted, nothing], axis=1).reshape(-1, 2)
ax.plot(*lines.T, color="#666666", linewidth=0.8)
for kind, colour in (
    ("stretched", "#0072B2"),
    ("half", "#E69F00"),
    ("bent", "#D55E00"),
):
    rows = posture[test][:, 1] == kind
    ax.plot(*hand[test][rows].T, ".", color=colour, label=kind)
ax.set(xlabel="x", ylabel="y", title="lines: from the hand to its prediction")
ax.set_aspect("equal")
ax.legend()
plt.show()
