"""The works to time: data, parameters and target ratios."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from sklearn.datasets import load_digits, make_moons
from sklearn.neural_network import MLPClassifier, MLPRegressor

from skneuron import NeuronClassifier, NeuronRegressor

PAIRS = {
    "classifier": (NeuronClassifier, MLPClassifier),
    "regressor": (NeuronRegressor, MLPRegressor),
}


def moons():
    return make_moons(300, noise=0.2, random_state=0)


def tutorial():
    """Return the weight and height of Alice, Bob, Charlie and Diana, shifted."""
    X = np.array([[-2.0, -1.0], [25.0, 6.0], [17.0, 4.0], [-15.0, -6.0]])
    return X, np.array([1, 0, 0, 1])


def digits():
    X, y = load_digits(return_X_y=True)
    return X / 16, y


def classes(n_samples, n_features, n_classes):
    rng = np.random.RandomState(0)
    X = rng.normal(size=(n_samples, n_features))
    return X, (X @ rng.normal(size=(n_features, n_classes))).argmax(axis=1)


def curve():
    X = np.random.RandomState(0).normal(size=(20_000, 8))
    return X, np.sin(X).sum(axis=1)


@dataclass(frozen=True)
class Fit:
    """A fit with a given number of epochs, and target ratios to MLP's time."""

    name: str
    data: Callable
    params: dict
    target: float
    target_float32: float | None = None
    target_torch: float | None = None
    target_numpy: float = 1.0
    kind: str = "classifier"
    gemm_dominates: bool = False
    always: dict = field(
        default_factory=lambda: {"random_state": 0, "tol": 0.0, "alpha": 1e-4}
    )

    def estimator(self, ours=True, **params):
        cls = PAIRS[self.kind][0 if ours else 1]
        patience = {"n_iter_no_change": 10**9}
        return cls(**{**self.always, **patience, **self.params, **params})

    def batch_size(self, n_samples):
        return min(self.params.get("batch_size", 200), n_samples)

    def n_steps(self, n_samples):
        if self.params.get("solver") == "lbfgs":
            return self.params["max_iter"]
        return self.params["max_iter"] * -(-n_samples // self.batch_size(n_samples))


PLAIN_SGD = {
    "activation": "tanh",
    "solver": "sgd",
    "momentum": 0.0,
    "learning_rate_init": 0.01,
    "batch_size": 300,
    "max_iter": 20_000,
}

FITS = [
    Fit(
        "moons 300 x 2, hidden 3, full batch, plain SGD, 20,000 passes",
        moons,
        {"hidden_layer_sizes": 3, **PLAIN_SGD},
        target=20,
        target_torch=8,
        target_numpy=1.2,
    ),
    Fit(
        "the same, hidden 50",
        moons,
        {"hidden_layer_sizes": 50, **PLAIN_SGD},
        target=4,
        target_float32=10,
        target_torch=8,
    ),
    Fit(
        "4 samples, 2-2-1 logistic, batch_size=1, 1,000 epochs",
        tutorial,
        {
            "hidden_layer_sizes": 2,
            "activation": "logistic",
            "solver": "sgd",
            "momentum": 0.0,
            "learning_rate_init": 0.1,
            "batch_size": 1,
            "shuffle": False,
            "max_iter": 1_000,
        },
        target=50,
        target_torch=8,
        target_numpy=1.2,
    ),
    Fit(
        "1,000 x 20, hidden 16, batch_size=1",
        lambda: classes(1_000, 20, 2),
        {"hidden_layer_sizes": 16, "batch_size": 1, "max_iter": 5},
        target=50,
        target_torch=8,
        target_numpy=1.2,
    ),
    Fit(
        "digits, hidden 100, default Adam",
        digits,
        {"hidden_layer_sizes": 100, "max_iter": 150},
        target=4,
        target_float32=7,
        target_torch=4,
    ),
    Fit(
        "digits, hidden (256, 256)",
        digits,
        {"hidden_layer_sizes": (256, 256), "max_iter": 30},
        target=2,
        target_float32=4,
        target_torch=1.5,
        gemm_dominates=True,
    ),
    Fit(
        "20,000 x 784, hidden 100, 10 classes",
        lambda: classes(20_000, 784, 10),
        {"hidden_layer_sizes": 100, "max_iter": 2},
        target=1.6,
        target_float32=3,
        target_torch=1.5,
        gemm_dominates=True,
    ),
    Fit(
        "regression 20,000 x 8, hidden (64, 64), batch 200",
        curve,
        {"hidden_layer_sizes": (64, 64), "batch_size": 200, "max_iter": 15},
        target=3.5,
        target_float32=6,
        kind="regressor",
    ),
    Fit(
        "L-BFGS, digits, hidden 50, 100 iterations",
        digits,
        {"hidden_layer_sizes": 50, "solver": "lbfgs", "max_iter": 100},
        target=1.5,
    ),
]
