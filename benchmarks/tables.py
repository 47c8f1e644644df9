"""The tables that accuracy is measured on: shipped with scikit-learn, or generated."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

N_TEST = (
    3_000  # at most; shipped tables are small, and a quarter of them is for testing
)


@dataclass(frozen=True)
class Table:
    """A data set, its task, and how it is split.

    `n_train` rows are for training, at most. Small tables are split `repeats` times as
    often as others.
    """

    name: str
    task: str
    load: Callable
    n_train: int = 2_000
    repeats: int = 1

    def split(self, seed, n_train=None):
        """Return X_train, X_test, y_train, y_test."""
        X, y = self.load()
        n_train = min(n_train or self.n_train, int(0.75 * len(y)))
        return train_test_split(
            X,
            y,
            train_size=n_train,
            test_size=min(N_TEST, len(y) - n_train),
            random_state=seed,
            stratify=y if self.task == "classification" else None,
        )

    def shape(self):
        """Return rows to train on x columns, as a text."""
        X, _, _, _ = self.split(0)
        return f"{len(X):,} x {X.shape[1]}"


def small(name, task, load):
    """Return a small table that ships with scikit-learn."""
    return Table(name, task, partial(shipped, load), repeats=3)


def shipped(load):
    """Return a table that ships with scikit-learn, as a data frame."""
    return load(return_X_y=True, as_frame=True)


def generated(make, n_train, **params):
    """Return what a function has made, as a data frame; classes count from 0."""
    X, y = make(n_samples=n_train + N_TEST, random_state=0, **params)
    X = pd.DataFrame(X, columns=[f"x{j}" for j in range(X.shape[1])])
    return X, np.unique(y, return_inverse=True)[1] if y.dtype.kind == "i" else y


def make_hastie_10_2(n_samples, random_state):
    X, y = datasets.make_hastie_10_2(n_samples, random_state=random_state)
    return X, y.astype(int)


CLUSTERS = {"n_informative": 8, "n_clusters_per_class": 4}
QUANTILES = {"n_features": 10, "n_classes": 3}


def customers():
    """Return customers: 4 numbers, 3 categories, gaps, and whether they leave."""
    rng = np.random.RandomState(0)
    n = 2_000 + N_TEST
    age, fee = rng.gamma(9, 5, size=n), rng.lognormal(3, 0.5, size=n)
    years, calls = rng.exponential(4, size=n), rng.poisson(1.5, size=n)
    plan = rng.choice(["basic", "family", "business"], size=n, p=[0.5, 0.3, 0.2])
    region, effects = rng.randint(30, size=n), rng.normal(scale=0.8, size=30)
    pays = rng.choice(["card", "invoice", "transfer", "voucher"], size=n)
    score = effects[region] + 0.6 * calls - 0.3 * years + 0.8 * (pays == "invoice")
    score += 0.04 * fee * (plan == "basic") - 2 * np.exp(-(((age - 45) / 15) ** 2))
    leaves = rng.uniform(size=n) < 1 / (1 + np.exp(-2 * score))
    X = pd.DataFrame({"age": age, "fee": fee, "years": years, "calls": calls})
    for name, values in (("plan", plan), ("region", region), ("pays", pays)):
        X[name] = pd.Categorical(values)
    for name, share in (("age", 0.15), ("fee", 0.05), ("plan", 0.1)):
        X.loc[rng.uniform(size=n) < share, name] = None
    return X, leaves.astype(int)


def flats():
    """Return flats: 4 numbers, 2 categories, gaps, and the logarithm of the rent."""
    rng = np.random.RandomState(0)
    n = 2_000 + N_TEST
    size, year = rng.gamma(9, 9, size=n), rng.randint(1890, 2020, size=n).astype(float)
    minutes, floor = rng.exponential(8, size=n), rng.poisson(2, size=n)
    district, level = rng.randint(20, size=n), rng.normal(2.5, 0.25, size=20)
    names = np.array(list("ABCDEFGHIJKLMNOPQRST"))
    heating = rng.choice(["gas", "district", "oil"], size=n)
    rent = np.log(size) + level[district] - 0.01 * minutes + 0.02 * floor
    rent += 0.2 * np.abs(year - 1950) / 60 - 0.1 * (heating == "oil")
    rent += rng.normal(scale=0.1, size=n)
    X = pd.DataFrame({"size": size, "year": year, "minutes": minutes, "floor": floor})
    X["district"], X["heating"] = names[district], heating
    X = X.astype({"district": "category", "heating": "category"})
    for name in ("year", "heating"):
        X.loc[rng.uniform(size=n) < 0.1, name] = None
    return X, rent


def steps(n_samples, random_state):
    """Return a sum of rules about 5 of 30 features, which is piecewise constant."""
    rng = np.random.RandomState(random_state)
    X = rng.uniform(size=(n_samples, 30))
    a, b, c, d, e = X.T[:5]
    y = 3.0 * ((a > 0.3) & (b < 0.6)) + 2 * (c > 0.5) - 3 * ((d > 0.7) & (e > 0.2))
    return X, y + rng.normal(scale=0.5, size=n_samples)


def rules(n_samples, random_state):
    """Return classes of samples by the same rules, a twentieth of them wrong."""
    X, y = steps(n_samples, random_state)
    rng = np.random.RandomState(random_state)
    return X, ((y > 1.5) ^ (rng.uniform(size=n_samples) < 0.05)).astype(int)


def made(task, make, n_train=2_000, **params):
    """Return the table of a function such as scikit-learn's make_friedman1."""
    load = partial(generated, make, n_train, **params)
    return Table(make.__name__, task, load, n_train)


TABLES = [
    small("wine", "classification", datasets.load_wine),
    small("breast_cancer", "classification", datasets.load_breast_cancer),
    Table("digits", "classification", partial(shipped, datasets.load_digits)),
    made("classification", datasets.make_classification, 4_000, **CLUSTERS),
    made("classification", datasets.make_gaussian_quantiles, **QUANTILES),
    made("classification", make_hastie_10_2),
    made("classification", rules),
    Table("customers", "classification", customers),
    small("diabetes", "regression", datasets.load_diabetes),
    made("regression", datasets.make_friedman1, noise=1.0),
    made("regression", datasets.make_friedman2, noise=100.0),
    made("regression", datasets.make_friedman3, noise=0.1),
    made("regression", datasets.make_sparse_uncorrelated),
    made("regression", steps),
    Table("flats", "regression", flats),
]
