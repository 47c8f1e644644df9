"""
Better, or lucky?
=================

A difference of half a percent may be due to the folds rather than the networks.
:func:`~skneuron.model_selection.compare` scores every estimator on the same folds and
tests the differences from the first one; the test accounts for training samples that
the folds share.
"""

# %%
# The task is to predict from thirty measurements whether a tumour is malignant. The
# comparison covers a hidden layer, more units and dropout, with ten folds repeated
# three times.

from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier
from skneuron.model_selection import compare

X, y = load_breast_cancer(return_X_y=True)
params = {"learning_rate_init": 0.01, "tol": 1e-3, "random_state": 0}
networks = {
    "logistic regression": LogisticRegression(),
    "MLPClassifier, 50 units": MLPClassifier(50, **params),
    "50 units": NeuronClassifier(50, **params),
    "200 units": NeuronClassifier(200, **params),
    "50 units, dropout": NeuronClassifier(50, dropout=0.5, **params),
}
scaled = {name: make_pipeline(StandardScaler(), n) for name, n in networks.items()}
folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=3, random_state=0)
comparison = compare(scaled, X, y, cv=folds)
print(comparison)

# %%
# No network differs from logistic regression by more than the folds explain: every `p`
# is large, and the bars overlap. The fit times differ; the network with the same scores
# as `MLPClassifier` is fitted faster.

import matplotlib.pyplot as plt

from skneuron.inspection import CompareDisplay

CompareDisplay.from_comparison(comparison)
plt.show()
