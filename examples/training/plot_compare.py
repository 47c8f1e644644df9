"""
Better, or lucky?
=================

A difference of half a percent may be one of the folds, not of the networks.
:func:`~skneuron.model_selection.compare` gives every estimator the same folds and tests
the differences from the first; the test counts that the folds share training samples.
"""

# %%
# Whether a tumour is malignant, by thirty measurements: does a hidden layer help, or
# more units, or dropout? Ten folds, three times over.

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
# Nothing here parts from logistic regression by more than the folds explain: every `p`
# is large, and the bars overlap. Fit times are what tells them apart; the network that
# equals `MLPClassifier` in every score is fitted sooner.

import matplotlib.pyplot as plt

from skneuron.inspection import CompareDisplay

CompareDisplay.from_comparison(comparison)
plt.show()
