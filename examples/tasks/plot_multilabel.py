"""
Several labels for each sample
==============================

Some labels do not exclude each other: a text may be about both politics and sport, and
a picture may show both a dog and a tree. With an indicator matrix as the target, each
label has a logistic output, and one network learns their common structure.
"""

# %%
import numpy as np
from sklearn.datasets import make_multilabel_classification

X, Y = make_multilabel_classification(
    2000, n_features=30, n_classes=6, n_labels=2, length=60, random_state=0
)
train, test = np.arange(1300), np.arange(1300, 2000)
print(f"labels per sample: {Y.sum(axis=1).mean():.2f} on average")

# %%
# One network for all six labels, compared with six logistic regressions.

from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier

network = NeuronClassifier(
    40,
    alpha=3,
    learning_rate_init=0.005,
    early_stopping=True,
    scoring="f1_macro",
    n_iter_no_change=20,
    random_state=0,
)
models = {
    "logistic": MultiOutputClassifier(LogisticRegression()),
    "network": network,
}
probabilities = {}
for name, model in models.items():
    model = make_pipeline(StandardScaler(), model).fit(X[train], Y[train])
    p = model.predict_proba(X[test])
    # several classifiers return a list with the probabilities of no and yes per label
    probabilities[name] = np.array([q[:, 1] for q in p]).T if isinstance(p, list) else p
    f1 = f1_score(Y[test], model.predict(X[test]), average="macro")
    print(f"{name}: F1 {f1:.3f}")

# %%
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
for shift, (name, p), colour in zip(
    (-0.2, 0.2), probabilities.items(), ("#E69F00", "#0072B2"), strict=True
):
    precision = average_precision_score(Y[test], p, average=None)
    ax.bar(np.arange(6) + shift, precision, 0.38, color=colour, label=name)
ax.plot(np.arange(6), Y[test].mean(axis=0), "_", color="black", markersize=40)
ax.set(xlabel="label", ylabel="average precision", ylim=(0, 1.18), xticks=range(6))
ax.set_title("lines: the frequency of each label, the precision of guessing")
ax.legend(loc="upper right", ncols=2)
plt.show()
