"""
The history of a fit, and callbacks
===================================

`history_` has a row for each epoch: losses, scores, learning rate, the norm of the
gradient, seconds. With scikit-learn 1.9 or newer, callbacks run after every epoch: a
custom one, as here, or `ProgressBar` and `ScoringMonitor` of `sklearn.callback`.
"""

# %%
# The learning rate rises and falls in one cycle, and the validation samples are given.

import pandas as pd
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skneuron import NeuronClassifier

X, y = load_digits(return_X_y=True)
X_train, X_val, y_train, y_val = train_test_split(X / 16, y, random_state=0)
clf = NeuronClassifier(
    64,
    learning_rate="one_cycle",
    learning_rate_init=0.02,
    dropout=0.2,
    max_iter=60,
    n_iter_no_change=15,
    random_state=0,
)


class StopWhenLearned:
    """A scikit-learn callback that ends training at a training accuracy of one."""

    def setup(self, estimator, context):
        self.n_epochs = 0

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context, *, fitted_estimator):
        if context.task_name != "epoch":
            return False
        self.n_epochs += 1
        return fitted_estimator.score(X_train, y_train) == 1.0

    def teardown(self, estimator, context):
        print(f"the callback saw {self.n_epochs} epochs")


if hasattr(clf, "set_callbacks"):
    clf.set_callbacks(StopWhenLearned())
clf.fit(X_train, y_train, X_val=X_val, y_val=y_val)
history = pd.DataFrame(clf.history_).set_index("epoch")
print(history.iloc[[0, 1, -1]].T.round(4).to_string())

# %%
# The learning rate rises while the losses decrease fastest, and is decaying when
# training ends, by itself or by the callback.

import matplotlib.pyplot as plt

from skneuron.inspection import LossCurveDisplay

fig, axs = plt.subplots(2, 2, figsize=(9, 5.5), sharex=True, layout="constrained")
LossCurveDisplay.from_estimator(clf, name="", ax=axs[0, 0])
LossCurveDisplay.from_estimator(clf, name="", kind="score", ax=axs[0, 1])
for ax, name in zip(axs[1], ["learning_rate", "gradient_norm"], strict=True):
    history[name].plot(ax=ax, color="#0072B2", ylabel=name.replace("_", " "))
    ax.grid(alpha=0.3)
plt.show()
