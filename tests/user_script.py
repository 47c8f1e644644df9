"""A user's script, checked by `mypy --strict`: the public type hints must suffice."""

import numpy as np
from numpy.typing import NDArray

from skneuron import NeuronClassifier, NeuronRegressor, check_gradient, show_versions
from skneuron.callbacks import Checkpoint
from skneuron.inspection import LossCurveDisplay, NetworkDisplay, diagnose
from skneuron.model_selection import compare
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop
from skneuron.schedules import Cosine, OneCycle, Plateau
from skneuron.teaching import Network, Neuron, explain

X = np.zeros((4, 2))
y = [0, 1, 0, 1]


class Softsign:
    def value(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        return z / (1 + abs(z))

    def derivative(
        self, z: NDArray[np.float64], a: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return 1 / (1 + abs(z)) ** 2


def classify() -> NeuronClassifier:
    clf = NeuronClassifier((5, 3), ["relu", "tanh"], solver=AdamW(weight_decay=0.1))
    clf = clf.fit(X, y, X_val=X, y_val=y)
    print(clf.history_["loss"][-1] + 1.0, clf.coefs_[0].shape)
    clf.partial_fit(X, y)
    return clf.initialize(X, y).resume("checkpoint.pkl", X, y)


def regress(levels: list[float]) -> float:
    rate = OneCycle(warmup=0.2)
    reg = NeuronRegressor(5, loss="quantile", quantile=levels, learning_rate=rate)
    predictions: NDArray[np.float64] = reg.fit(X, y).predict(X)
    print(predictions.shape, diagnose(reg, X, y).causes)
    NetworkDisplay.from_estimator(reg)
    LossCurveDisplay.from_estimator(reg, kind="loss")
    print(compare([reg, NeuronRegressor(3)], X, y).mean_scores)
    return reg.score(X, y)


def look() -> None:
    network = Network([[Neuron([1, 1], 0)]])
    print(explain(network, x=[1, 2], y=1, parameter="w1"))
    show_versions()
    for part in (SGD(0.5), Adam(), RMSprop(), Cosine(), Plateau(), Checkpoint("c.pkl")):
        print(part, check_gradient(Softsign()) < 1e-6)
