"""
Resuming after a crash
======================

A machine stops in the middle of a long fit. :class:`~skneuron.callbacks.Checkpoint` has
saved the network, and `resume` continues from the file: it ends with the weights of an
uninterrupted fit, to the last bit. Callbacks need scikit-learn 1.9 or newer.
"""

# %%
# A fit with dropout and a hold-out has much state to save: the masks, the order of the
# samples, the best weights so far. A callback makes it crash after epoch 33.

import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from skneuron import NeuronClassifier
from skneuron.callbacks import Checkpoint

X, y = load_digits(return_X_y=True)
X /= 16


class Crash:
    """A callback that raises an error after some epochs."""

    def __init__(self, after):
        self.after = after

    def setup(self, estimator, context):
        self.epochs = 0

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context):
        self.epochs += 1
        if self.epochs == self.after:
            raise RuntimeError("the power is gone")

    def teardown(self, estimator, context):
        pass


def network():
    return NeuronClassifier(
        50,
        dropout=0.3,
        early_stopping=True,
        n_iter_no_change=12,
        max_iter=200,
        random_state=0,
    )


whole = network().fit(X, y)
resumed = whole
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "digits.pkl"
    broken = network()
    if hasattr(broken, "set_callbacks"):
        try:
            broken.set_callbacks(Checkpoint(path, every=10), Crash(33)).fit(X, y)
        except RuntimeError as error:
            print(f"epoch 33: {error}")
        resumed = network().resume(path, X, y)

# %%
# The two networks are identical:

same = all(
    np.array_equal(a, b) for a, b in zip(whole.coefs_, resumed.coefs_, strict=True)
)
print(f"{whole.n_iter_} and {resumed.n_iter_} epochs; the same weights: {same}")

# %%
import matplotlib.pyplot as plt

epochs = np.arange(1, whole.n_iter_ + 1)
fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
ax.plot(epochs, whole.validation_scores_, color="#E69F00", lw=6, label="uninterrupted")
ax.plot(epochs[:30], resumed.validation_scores_[:30], color="#0072B2", label="saved")
ax.plot(
    epochs[29:],
    resumed.validation_scores_[29:],
    color="#0072B2",
    linestyle="--",
    label="resumed",
)
ax.axvline(33, color="#D55E00", label="crash")
ax.set(xlabel="epoch", ylabel="accuracy on the hold-out")
ax.legend(loc="lower right")
plt.show()
