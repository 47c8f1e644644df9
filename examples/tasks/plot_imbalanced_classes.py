"""
One in thirty: class weights
============================

If one class is rare, a network that always predicts the other is nearly always right.
Class weights give both classes the same total weight, and `scoring` stops training by a
metric that fits the task instead of accuracy.
"""

# %%
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

X, y = make_classification(
    6000,
    n_informative=6,
    n_clusters_per_class=3,
    weights=[0.967],
    flip_y=0.005,
    class_sep=1.2,
    random_state=0,
)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
print(f"{y.mean():.1%} of the samples are positive")

# %%
# The same network without weights, stopped by accuracy, and with weights, stopped by
# balanced accuracy.

from sklearn.metrics import balanced_accuracy_score, recall_score

from skneuron import NeuronClassifier

plain = NeuronClassifier(30, early_stopping=True, random_state=0)
weighted = NeuronClassifier(
    30,
    class_weight="balanced",
    early_stopping=True,
    scoring="balanced_accuracy",
    random_state=0,
)
for name, clf in (("plain", plain), ("weighted", weighted)):
    p = clf.fit(X_train, y_train).predict(X_test)
    print(
        f"{name}: accuracy {clf.score(X_test, y_test):.3f}, "
        f"balanced {balanced_accuracy_score(y_test, p):.3f}, "
        f"found {recall_score(y_test, p):.0%} of the rare class"
    )

# %%
# Each curve shows all thresholds, and its point the threshold of one half. The plain
# network hardly ever gives a rare sample a probability of one half. It stopped before
# it ranked the samples well, because accuracy no longer improved.

import matplotlib.pyplot as plt
from sklearn.metrics import PrecisionRecallDisplay, precision_score

fig, ax = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
for name, clf in (("plain", plain), ("weighted", weighted)):
    PrecisionRecallDisplay.from_estimator(clf, X_test, y_test, name=name, ax=ax)
    predicted = clf.predict(X_test)
    at = recall_score(y_test, predicted), precision_score(y_test, predicted)
    ax.plot(*at, "o", color=ax.lines[-1].get_color(), markersize=9)
ax.set(xlabel="recall", ylabel="precision", title="points: threshold p = 1/2")
plt.show()
