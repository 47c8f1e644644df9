"""Accuracy and CPU seconds of an estimator on a table, and ratios of them."""

import math
import time
import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import log_loss, root_mean_squared_error
from threadpoolctl import threadpool_limits

OFFSET = 0.01  # added to errors and log losses, which may be 0, before they are divided
SMALLEST = 1e-7  # probability


@dataclass(frozen=True)
class Measured:
    """The error rate or RMSE on the test rows, the log loss, and CPU seconds of fit."""

    error: float
    log_loss: float
    cpu: float


def measure(make, table, seed, n_train=None):
    """Return what an estimator reaches on a split; `make` has X, task, seed."""
    X, X_test, y, y_test = table.split(seed, n_train)
    estimator = make(X, table.task, seed)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.process_time()
        estimator.fit(X, y)
        cpu = time.process_time() - start
        if table.task == "regression":
            rmse = root_mean_squared_error(y_test, np.ravel(estimator.predict(X_test)))
            return Measured(float(rmse), math.nan, cpu)
        p = np.clip(estimator.predict_proba(X_test), SMALLEST, 1)
    wrong = np.asarray(estimator.classes_)[p.argmax(axis=1)] != y_test
    return Measured(float(np.mean(wrong)), log_loss(y_test, p / p.sum(1)[:, None]), cpu)


def ratio(one, other, task):
    """Return the ratios of two results: error or RMSE, log loss, CPU."""
    offset = OFFSET if task == "classification" else 0.0
    return Measured(
        (one.error + offset) / (other.error + offset),
        (one.log_loss + OFFSET) / (other.log_loss + OFFSET),
        one.cpu / other.cpu,
    )


def geometric_mean(results):
    """Return the geometric mean of each figure of some results or ratios."""
    table = np.array([(r.error, r.log_loss, r.cpu) for r in results])
    return Measured(*np.exp(np.log(table).mean(axis=0)).tolist())
