"""
One in thirty: class weights
============================

Where one class is rare, a network that always says "no" is nearly always right. Class
weights make the few count as much as the many, and `scoring` has training stop by what
matters instead of accuracy.
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
# The same network without and with weights, stopped by accuracy and by balanced
# accuracy.

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
# A curve goes through all thresholds; its point is where one half decides. The plain
# network hardly ever gives a rare sample one half, and stopped before it could order
# them well: more accuracy was not to be had.

import matplotlib.pyplot as plt
from sklearn.metrics import PrecisionRecallDisplay, precision_score

fig, ax = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
for name, clf in (("plain", plain), ("weighted", weighted)):
    PrecisionRecallDisplay.from_estimator(clf, X_test, y_test, name=name, ax=ax)
    predicted = clf.predict(X_test)
    at = recall_score(y_test, predicted), precision_score(y_test, predicted)
    ax.plot(*at, "o", color=ax.lines[-1].get_color(), markersize=9)
ax.set(xlabel="recall", ylabel="precision", title="points: where p = 1/2 decides")
plt.show()
