"""Checkpoint and resume: to the last bit, whenever the process is killed."""

import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from numpy.testing import assert_array_equal, assert_equal
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._estimators.checkpoints import read
from skneuron.optimizers import AdamW

pytest.importorskip("sklearn.callback")  # from scikit-learn 1.9 on
from skneuron.callbacks import Checkpoint

X, y = make_moons(150, noise=0.2, random_state=0)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.pkl"


def classifier(**params):
    return NeuronClassifier((8, 5), **{"max_iter": 37, "random_state": 3, **params})


def learned(estimator):
    """Return everything that fit sets, except for the times."""
    state = {k: v for k, v in vars(estimator).items() if k.endswith("_")}
    state["history_"] = {k: v for k, v in state["history_"].items() if k != "seconds"}
    training = dict(vars(estimator._state))
    training["random_state"] = training["random_state"].get_state(legacy=False)
    training["optimizer_state"] = vars(training["optimizer_state"])
    return {**state, **training}


def assert_same_network(one, other):
    assert_equal(learned(one), learned(other))


CONFIGURATIONS = {
    "adam": {},
    "sgd": {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.01},
    "one cycle": {"solver": AdamW(weight_decay=0.1), "learning_rate": "one_cycle"},
    "plateau": {"learning_rate": "plateau", "solver": "rmsprop", "tol": 0.01},
    "early stopping": {"early_stopping": True, "n_iter_no_change": 8},
    "early stopping by loss": {"early_stopping": True, "scoring": "loss"},
    "dropout": {"dropout": 0.3},
    "elastic net": {"alpha": 1, "l1_ratio": 0.5},
    "float32": {"dtype": "float32"},
    "in order": {"shuffle": False},
    "full batch": {"batch_size": "full"},
}


@pytest.mark.parametrize("every", [1, 5, 36])
@pytest.mark.parametrize("params", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_resume_ends_where_fit_would_have(params, every, path, engine):
    params = {**params, "engine": engine}
    whole = classifier(**params).set_callbacks(Checkpoint(path, every)).fit(X, y)
    plain = classifier(**params).fit(X, y)
    assert_array_equal(whole.coefs_[0], plain.coefs_[0])  # the callback changes nothing
    if whole.n_iter_ < every:
        assert not path.exists()
        return
    saved = pickle.loads(path.read_bytes())
    assert saved.n_iter_ == whole.n_iter_ // every * every
    resumed = classifier(**params).set_callbacks().resume(path, X, y)
    assert_same_network(resumed, whole)
    assert resumed._state.data is None


def test_a_random_state_instance_continues_too(path):
    whole = classifier(random_state=np.random.RandomState(5))
    whole.set_callbacks(Checkpoint(path)).fit(X, y)
    resumed = classifier(random_state=np.random.RandomState(99)).resume(path, X, y)
    assert_array_equal(resumed.coefs_[0], whole.coefs_[0])


def test_weights_validation_samples_and_sparse_features(path):
    w = np.random.RandomState(0).uniform(size=len(y))
    data = {"X": sparse.csr_array(X), "y": X[:, 0] * y, "sample_weight": w}
    data |= {"X_val": X, "y_val": y}
    reg = NeuronRegressor(6, max_iter=25, random_state=0)
    whole = clone(reg).set_callbacks(Checkpoint(path, 4)).fit(**data)
    resumed = reg.resume(path, **data)
    assert_array_equal(resumed.coefs_[0], whole.coefs_[0])
    assert resumed.validation_scores_ == whole.validation_scores_
    assert len(resumed.history_["epoch"]) == 25


def test_after_warm_start(path):
    def once_and_again(*callbacks):
        clf = classifier(warm_start=True).fit(X, y)
        return clf.set_callbacks(*callbacks).fit(X, y)

    whole = once_and_again(Checkpoint(path))
    assert whole.n_iter_ == 37
    resumed = classifier(warm_start=True).set_callbacks().resume(path, X, y)
    assert_same_network(resumed, whole)
    assert len(resumed.loss_curve_) == 2 * 37


def test_more_epochs_than_planned(path):
    classifier().set_callbacks(Checkpoint(path, 37)).fit(X, y)
    longer = classifier(max_iter=50)
    assert_array_equal(
        longer.resume(path, X, y).coefs_[0],
        classifier(max_iter=50).fit(X, y).coefs_[0],
    )
    assert longer.n_iter_ == 50


def test_a_fit_that_has_ended_is_not_trained_further(path):
    clf = classifier(tol=10.0, n_iter_no_change=4)
    whole = clone(clf).set_callbacks(Checkpoint(path, 1)).fit(X, y)
    assert whole.n_iter_ == 6
    resumed = clf.set_callbacks().resume(path, X, y)
    assert_same_network(resumed, whole)
    assert resumed.loss_ == whole.loss_


def test_a_checkpoint_is_an_estimator(path):
    classifier().set_callbacks(Checkpoint(path, 12)).fit(X, y)
    saved = pickle.loads(path.read_bytes())
    expected = classifier(max_iter=36).fit(X, y)
    assert_array_equal(saved.predict_proba(X), expected.predict_proba(X))
    saved.partial_fit(X, y)
    assert_array_equal(saved.coefs_[0], expected.partial_fit(X, y).coefs_[0])
    assert not clone(saved).__dict__.keys() & {"_state", "coefs_"}


def test_resume_keeps_saving(path):
    classifier(max_iter=10).set_callbacks(Checkpoint(path)).fit(X, y)
    clf = classifier(max_iter=30).set_callbacks(Checkpoint(path))
    clf.resume(path, X, y)
    saved = pickle.loads(path.read_bytes())
    assert saved.n_iter_ == 30
    assert_array_equal(saved.coefs_[0], clf.coefs_[0])


KILLED = """
    import os, pickle, random, signal, sys, time, warnings
    from pathlib import Path
    from sklearn.datasets import make_moons
    from sklearn.exceptions import ConvergenceWarning
    from skneuron import NeuronClassifier
    from skneuron.callbacks import Checkpoint

    warnings.simplefilter("ignore", ConvergenceWarning)
    X, y = make_moons(500, noise=0.2, random_state=0)
    params = {"max_iter": 60, "early_stopping": True, "n_iter_no_change": 99}
    params |= {"dropout": 0.2, "random_state": 1}
    path = Path(sys.argv[1])

    def network():
        return NeuronClassifier((64, 64), **params)

    def fit():
        return network().set_callbacks(Checkpoint(path, every=1)).fit(X, y)

    def saved_epoch():
        return pickle.loads(path.read_bytes()).n_iter_ if path.exists() else 0

    whole = fit()
    random.seed(0)
    epochs = []
    for _ in range(20):
        path.unlink()
        child = os.fork()
        if child == 0:
            fit()
            os._exit(0)
        until = random.randrange(1, 50)
        while saved_epoch() < until:
            time.sleep(0.0002)
        time.sleep(random.uniform(0, 0.01))  # an epoch takes some three milliseconds
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        again = network().resume(path, X, y)
        assert all((a == b).all() for a, b in zip(again.coefs_, whole.coefs_))
        assert again.validation_scores_ == whole.validation_scores_
        epochs.append(saved_epoch())
    fit()
    assert list(path.parent.iterdir()) == [path]  # what the killed ones left is gone
    print(len(set(epochs)))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_twenty_random_moments(path):
    script = textwrap.dedent(KILLED)
    command = [sys.executable, "-P", "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 8  # different epochs, so the moments were random


def test_a_write_that_fails_leaves_the_last_file(path, monkeypatch):
    classifier().set_callbacks(Checkpoint(path)).fit(X, y)
    before = path.read_bytes()

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr("skneuron._estimators.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        classifier(max_iter=20).set_callbacks(Checkpoint(path)).fit(X, y)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda p: classifier(alpha=1), ValueError, "a fit with alpha=0.0001, but thi"),
        (
            lambda p: classifier(solver=AdamW()),
            ValueError,
            r"call set_params\(solver='adam'\) first",
        ),
        (
            lambda p: NeuronRegressor(),
            ValueError,
            "is a checkpoint of NeuronClassifier",
        ),
    ],
)
def test_another_estimator(make, error, message, path):
    classifier().set_callbacks(Checkpoint(path)).fit(X, y)
    with pytest.raises(error, match=message):
        make(path).resume(path, X, y)


def test_other_data(path):
    classifier().set_callbacks(Checkpoint(path)).fit(X, y)
    clf = classifier()
    with pytest.raises(ValueError, match=r"X had shape \(150, 2\), and has \(140, 2\)"):
        clf.resume(path, X[:140], y[:140])
    with pytest.raises(ValueError, match="but the targets differ"):
        clf.resume(path, X, 1 - y)
    assert not hasattr(clf, "coefs_")  # a failed resume changes nothing


def test_no_checkpoint(path):
    path.write_bytes(pickle.dumps(classifier().fit(X, y)))
    with pytest.raises(ValueError, match="or not a checkpoint: it does not end with a"):
        classifier().resume(path, X, y)
    with pytest.raises(FileNotFoundError):
        classifier().resume(path.with_name("elsewhere"), X, y)


def test_errors_that_would_occur_later_are_raised_at_once(path):
    with pytest.raises(ValueError, match="cannot save a fit with solver='lbfgs'"):
        classifier(solver="lbfgs").set_callbacks(Checkpoint(path)).fit(X, y)
    with pytest.raises(ValueError, match="every == 0, must be >= 1"):
        Checkpoint(path, every=0)
    with pytest.raises(TypeError, match="every must be an instance of int"):
        Checkpoint(path, every="epoch")
    for whole in (make_pipeline(classifier()), GridSearchCV(classifier(), {})):
        whole.set_callbacks(Checkpoint(path))
        with pytest.raises(
            TypeError, match=r"is not one\. Call set_callbacks on the n"
        ):
            whole.fit(X, y)


class Witness:
    """A callback that records its calls."""

    def __init__(self, name, calls):
        self.name, self.calls = name, calls

    def setup(self, estimator, context):
        self.calls.append(f"{self.name} is set up")

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context):
        pass

    def teardown(self, estimator, context):
        self.calls.append(f"{self.name} is torn down")

    def __reduce__(self):
        raise TypeError("cannot be pickled")


def test_callbacks_of_fit_are_not_those_of_resume(path):
    calls = []
    clf = NeuronClassifier(5, max_iter=20, random_state=0)
    broken = clone(clf).set_callbacks(Checkpoint(path, every=5), Witness("old", calls))
    broken.fit(X, y)
    assert not any("callback" in name or "_skl" in name for name in vars(read(path)))
    going_on = clone(clf).set_params(max_iter=30)
    going_on.set_callbacks(Witness("new", calls)).resume(path, X, y)
    assert calls == [
        f"{name} is {what}"
        for name in ("old", "new")
        for what in ("set up", "torn down")
    ]


def test_other_validation_samples_or_weights(path):
    params = {"max_iter": 10, "random_state": 0, "early_stopping": True}
    train, val = {"X": X[:100], "y": y[:100]}, {"X_val": X[100:], "y_val": y[100:]}
    clf = NeuronClassifier(5, **params)
    clone(clf).set_callbacks(Checkpoint(path, every=5)).fit(**train, **val)
    for other in ({}, {"X_val": X[99:], "y_val": y[99:]}):
        with pytest.raises(ValueError, match="resume needs the X_val, y_val and"):
            clone(clf).resume(path, **train, **other)
    with pytest.raises(ValueError, match="sample_weight or class_weight differs"):
        clone(clf).resume(path, **train, **val, sample_weight=np.ones(100))
    clone(clf).resume(path, **train, **val)


def test_pickling_errors_are_raised_before_training(path):
    clf = NeuronClassifier(5, learning_rate=lambda progress: 1.0, max_iter=20)
    with pytest.raises(ValueError, match="cannot save learning_rate=<function"):
        clf.set_callbacks(Checkpoint(path, every=10)).fit(X, y)
    saved = NeuronClassifier(5, max_iter=10, random_state=0)
    saved.set_callbacks(Checkpoint(path, every=5)).fit(X, y)
    with pytest.raises(ValueError, match="a fit with learning_rate='constant'"):
        NeuronClassifier(5, learning_rate=lambda progress: 1.0).resume(path, X, y)
