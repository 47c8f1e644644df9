"""
Calibration of probabilities
============================

A network that is trained for a long time may predict 99 % and be right in 90 of 100
cases. Label smoothing, fewer epochs or a calibration after training bring predicted and
observed frequencies closer together.
"""

# %%
# A tenth of the labels is wrong, so no correct probability exceeds nine in ten.

from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

X, y = make_classification(
    8000, n_informative=8, n_clusters_per_class=4, flip_y=0.2, random_state=0
)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.75, random_state=0
)

# %%
from sklearn.calibration import CalibratedClassifierCV
from sklearn.metrics import brier_score_loss

from skneuron import NeuronClassifier

params = {"learning_rate_init": 0.01, "max_iter": 300, "tol": 1e-3, "random_state": 0}
plain = NeuronClassifier(50, **params)
models = {
    "plain": plain,
    "label_smoothing=0.2": NeuronClassifier(50, label_smoothing=0.2, **params),
    "early_stopping": NeuronClassifier(
        50, early_stopping=True, scoring="loss", **params
    ),
    "calibrated afterwards": CalibratedClassifierCV(plain, cv=3, ensemble=False),
}
for name, model in models.items():
    p = model.fit(X_train, y_train).predict_proba(X_test)
    wrong = 1 - model.score(X_test, y_test)
    print(
        f"{name}: says {1 - p.max(axis=1).mean():.1%} wrong, is {wrong:.1%}; "
        f"Brier score {brier_score_loss(y_test, p[:, 1]):.3f}"
    )

# %%
import matplotlib.pyplot as plt
from sklearn.calibration import CalibrationDisplay

fig, ax = plt.subplots(figsize=(5.5, 5), layout="constrained")
for (name, model), colour, marker in zip(
    models.items(), ["#D55E00", "#E69F00", "#0072B2", "#009E73"], "os^D", strict=True
):
    CalibrationDisplay.from_estimator(
        model, X_test, y_test, n_bins=8, name=name, ax=ax, color=colour, marker=marker
    )
ax.set(xlabel="predicted probability", ylabel="observed frequency")
plt.show()
