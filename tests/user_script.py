"""A user's script, checked by `mypy --strict`: the public type hints must suffice."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from skneuron import NeuronClassifier, NeuronRegressor, check_gradient, show_versions
from skneuron.callbacks import Checkpoint
from skneuron.inspection import LossCurveDisplay, NetworkDisplay, diagnose
from skneuron.layers import Periodic, Scale
from skneuron.model_selection import compare
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop
from skneuron.schedules import Cosine, OneCycle, Plateau
from skneuron.tabular import TabularClassifier, TabularRegressor
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


class Cauchy:
    link = "identity"

    def value_and_gradient(
        self,
        z: NDArray[np.float64],
        y: NDArray[np.float64],
        sample_weight: NDArray[np.float64] | None,
    ) -> tuple[float, NDArray[np.float64]]:
        w = np.ones_like(z) if sample_weight is None else sample_weight[:, np.newaxis]
        error = z - y
        return float((w * np.log1p(error**2)).sum()), w * 2 * error / (1 + error**2)


class Descent:
    def init(self, vector: NDArray[np.float64]) -> None:
        pass

    def update(
        self,
        vector: NDArray[np.float64],
        gradient: NDArray[np.float64],
        state: None,
        learning_rate: float | NDArray[np.float64],
    ) -> None:
        vector -= learning_rate * gradient


def choose(weights: dict[str, int], rate: Callable[[float], float]) -> None:
    NeuronClassifier(np.array([5, 3]), activation=[Softsign(), "relu"])
    NeuronClassifier(n_iter_no_change=np.inf, random_state=np.random.RandomState(0))
    NeuronClassifier(class_weight=weights, batch_size="full", scoring="roc_auc")
    NeuronClassifier(class_weight=[weights, "balanced"], max_grad_norm=1)
    NeuronRegressor(loss=Cauchy(), solver=Descent(), learning_rate=rate)
    NeuronRegressor(quantile=np.linspace(0.1, 0.9, 9), dropout=[0.1, 0.2])
    NeuronRegressor(input_layers=[Periodic(16, np.array([0, 2])), Scale()])
    NeuronRegressor(learning_rate=Plateau(), learning_rate_init=np.float64(0.1))


class Sparse:
    """As SciPy's sparse matrices are to a type checker that has stubs for them."""

    def tocsr(self, copy: bool = False) -> "Sparse":
        return self


def pass_data(table: pl.DataFrame, labels: pl.Series) -> None:
    clf = NeuronClassifier().partial_fit(table, labels, labels, classes=["a", "b"])
    clf.partial_fit(Sparse(), Sparse(), X_val=table, y_val=labels)
    clf.partial_fit(X, [("a", 1), ("b", 2)], classes=[["a", "b"], [1, 2]])
    print(clf.predict([[0.5, 0.2]]).tolist(), clf.predict_proba(Sparse())[:, 1])


class Folds:
    def split(
        self, X: object, y: object = None, groups: object = None
    ) -> list[tuple[list[int], list[int]]]:
        return [([0, 1], [2, 3])]

    def get_n_splits(
        self, X: object = None, y: object = None, groups: object = None
    ) -> int:
        return 1


def tables(frame: pl.DataFrame, weights: dict[str, float]) -> float:
    rows = [[1.5, "red"], [None, "blue"], [0.5, None], [2, True]]
    clf = TabularClassifier((32, 32), "silu", cv=Folds(), class_weight=weights)
    clf = clf.fit(rows, ["a", "b", "a", "b"], [1, 2, 1, 1], groups=[0, 0, 1, 1])
    print(clf.predict(rows).tolist(), clf.predict_proba(frame)[:, 1])
    reg = TabularRegressor(categorical_features=["x"], periodic_features=True, cv=5)
    reg = TabularRegressor(categorical_features=[1], cv=[([0, 1], [2, 3])])
    reg = TabularRegressor(categorical_features=np.array([True]), n_jobs=-1)
    predictions: NDArray[np.float64] = reg.fit(frame, y).predict(frame)
    print(predictions.shape, reg.oof_score_ + 1.0, len(clf.estimators_))
    return reg.score(rows, y) + clf.score(frame, y, weights["a"] * np.ones(4))


def look() -> None:
    network = Network([[Neuron([1, 1], 0)]])
    print(explain(network, x=[1, 2], y=1, parameter="w1"))
    show_versions()
    for part in (SGD(0.5), Adam(), RMSprop(), Cosine(), Plateau(), Checkpoint("c.pkl")):
        print(part, check_gradient(Softsign()) < 1e-6)
