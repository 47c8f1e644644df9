"""Compare the times of skneuron, scikit-learn's MLP and PyTorch in a table.

    python benchmarks/run.py

takes about a quarter of an hour. It writes docs/benchmarks.md, the table in README.md
and docs/images/benchmarks.png. With words as arguments, it times only the works whose
names contain one of them, and writes nothing.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import joblib
import numpy as np
import pytorch
import report
import surroundings
from scipy.linalg.blas import dgemm, sgemm
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from timing import best_of, shorter
from works import FITS, classes, moons

from skneuron import NeuronClassifier

N_THREADS = joblib.cpu_count()
PASSES = 3  # some minutes apart, because the speed of a shared machine varies
SWEEP = {"hidden_layer_sizes": [1, 2, 3, 4, 5, 20, 50]}


def time_fit(work):
    """Return microseconds per step by contestant."""
    X, y = work.data()
    contestants = {
        "float64": lambda: work.estimator().fit(X, y),
        "float32": lambda: work.estimator(dtype="float32").fit(X, y),
        "numpy": lambda: work.estimator(engine="numpy").fit(X, y),
        "mlp": lambda: work.estimator(ours=False).fit(X, y),
    }
    if pytorch.version() and work.target_torch is not None:
        contestants["torch"] = pytorch.trainer(work, X, y, N_THREADS)
    per_step = 1e6 / work.n_steps(len(X))
    times = {name: s * per_step for name, s in best_of(contestants).items()}
    if work.gemm_dominates:
        times |= time_products(work, X, y)
    return times


def time_products(work, X, y):
    """Return microseconds of a step's matrix products in BLAS, by precision."""
    n = work.batch_size(len(X))
    sizes = [X.shape[1], *np.atleast_1d(work.params["hidden_layer_sizes"]), 10]
    times = {}
    for name, gemm, dtype in (("gemm64", dgemm, "d"), ("gemm32", sgemm, "f")):
        calls = []
        for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
            a, W, delta = (
                np.asfortranarray(np.random.rand(*shape).astype(dtype))
                for shape in ((n, fan_in), (fan_in, fan_out), (n, fan_out))
            )
            calls.append((a, W, {}))
            calls.append((a, delta, {"trans_a": True}))
            if layer:
                calls.append((delta, W, {"trans_b": True}))

        def products(gemm=gemm, calls=calls):
            for _ in range(20):
                for left, right, how in calls:
                    gemm(1.0, left, right, **how)

        times[name] = best_of({"": products}, 15)[""] * 1e6 / 20
    return times


def time_sweep(threading):
    """Return seconds of the sweep over hidden sizes on the moons by contestant."""
    X, y = moons()
    n_jobs = 2 if threading else 1

    def search(network, backend):
        def run():
            with joblib.parallel_config(backend=backend):
                GridSearchCV(network, SWEEP, n_jobs=n_jobs, cv=5).fit(X, y)

        return run

    params = {"activation": "tanh", "random_state": 0}
    backend = "threading" if threading else "loky"
    return best_of(
        {
            "float64": search(NeuronClassifier(**params), backend),
            "numpy": search(NeuronClassifier(**params, engine="numpy"), backend),
            "mlp": search(MLPClassifier(**params), "loky"),
        }
    )


def time_predictions(n_samples):
    """Return seconds of predict_proba by contestant."""
    X, y = classes(1_000, 64, 10)
    networks = {
        "float64": NeuronClassifier(max_iter=2, random_state=0),
        "float32": NeuronClassifier(max_iter=2, random_state=0, dtype="float32"),
        "numpy": NeuronClassifier(max_iter=2, random_state=0, engine="numpy"),
        "mlp": MLPClassifier(max_iter=2, random_state=0),
    }
    best_of({name: lambda n=n: n.fit(X, y) for name, n in networks.items()}, 1)
    X = np.random.RandomState(1).normal(size=(n_samples, 64))
    n = max(5, 1_000 // n_samples)

    def predict(network):
        return lambda: [network.predict_proba(X) for _ in range(n)]

    seconds = best_of({k: predict(network) for k, network in networks.items()}, 15)
    return {name: s / n for name, s in seconds.items()}


@dataclass(frozen=True)
class Job:
    """A function to time, and one that makes a table row of the times."""

    name: str
    time: Callable[[], dict]
    row: Callable[[dict], report.Row]


def jobs():
    """Yield the jobs in the order of the table."""
    for work in FITS:
        yield Job(work.name, partial(time_fit, work), partial(report.fit_row, work))
    one = ("the moons sweep: GridSearchCV, 7 sizes x 5 folds, n_jobs=1", False)
    two = ("the same, n_jobs=2, threads (MLP: processes)", True)
    for name, threading in (one, two):
        row = partial(report.row, name, "ms", 1e3, target=8)
        yield Job(name, partial(time_sweep, threading), row)
    for name, n_samples, target in (
        ("predict_proba of one row", 1, 2),
        ("predict_proba of 100,000 x 64", 100_000, 1.5),
    ):
        row = partial(report.row, name, "us", 1e6, target=target)
        yield Job(name, partial(time_predictions, n_samples), row)


def main(words):
    wanted = [j for j in jobs() if not words or any(word in j.name for word in words)]
    best = {job.name: {} for job in wanted}
    for number in range(PASSES):
        for job in wanted:
            print(f"pass {number + 1} of {PASSES}: {job.name}", file=sys.stderr)
            best[job.name] = shorter(best[job.name], job.time())
    table = [job.row(best[job.name]) for job in wanted]
    print(report.heading(), *map(report.line, table), sep="\n")
    if words:
        return
    around = surroundings.measure()
    print("\n".join(around))
    report.write(table, around, N_THREADS)


if __name__ == "__main__":
    main(sys.argv[1:])
