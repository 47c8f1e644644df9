"""scikit-learn's callbacks, with every solver and inside meta-estimators."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier, NeuronRegressor

callback = pytest.importorskip(
    "sklearn.callback", reason="scikit-learn has callbacks from 1.9 on"
)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
SOLVERS = ["adam", "sgd", "lbfgs"]


class Recorder:
    """Record every hook call, and stop training after `stop_after` epochs."""

    def __init__(self, stop_after=None):
        self.stop_after = stop_after
        self.calls = []
        self.losses = []
        self.weights = []

    def setup(self, estimator, context):
        self.calls.append("setup")

    def teardown(self, estimator, context):
        self.calls.append("teardown")

    def on_fit_task_begin(self, estimator, context):
        self.calls.append(f"begin {context.task_name}")

    def on_fit_task_end(self, estimator, context, *, X, y, metadata, fitted_estimator):
        self.calls.append(f"end {context.task_name}")
        if context.task_name == "epoch" and fitted_estimator is not None:
            fitted_estimator.predict(X)
            self.losses.append(fitted_estimator.loss_)
            self.weights.append(fitted_estimator.coefs_[0])
        return self.stop_after is not None and len(self.losses) >= self.stop_after


@pytest.fixture
def moons():
    return make_moons(80, noise=0.2, random_state=0)


@pytest.mark.parametrize("solver", SOLVERS)
def test_hooks_come_in_pairs_and_see_each_epoch(solver, moons):
    recorder = Recorder()
    clf = NeuronClassifier(5, solver=solver, max_iter=4, random_state=0)
    clf.set_callbacks(recorder).fit(*moons)
    epochs = ["begin epoch", "end epoch"] * 4
    assert recorder.calls == ["setup", "begin fit", *epochs, "end fit", "teardown"]
    assert_allclose(recorder.losses, clf.loss_curve_)
    assert_allclose(recorder.weights[-1], clf.coefs_[0])
    assert (recorder.weights[0] != recorder.weights[1]).all()


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_callback_may_stop_training(solver, moons, recwarn):
    clf = NeuronClassifier(5, solver=solver, max_iter=50, random_state=0)
    clf.set_callbacks(Recorder(stop_after=3)).fit(*moons)
    assert clf.n_iter_ == len(clf.loss_curve_) == 3
    assert not recwarn.list  # stopping was requested: no ConvergenceWarning
    shorter = NeuronClassifier(5, solver=solver, max_iter=3, random_state=0)
    assert_allclose(clf.coefs_[0], shorter.fit(*moons).coefs_[0])


@pytest.mark.parametrize("solver", SOLVERS)
def test_convergence_ends_every_epoch_that_began(solver, moons):
    recorder = Recorder()
    clf = NeuronClassifier((), solver=solver, max_iter=5000, tol=0.1, alpha=1)
    clf.set_callbacks(recorder).fit(*moons)
    assert clf.n_iter_ < 5000
    assert recorder.calls.count("begin epoch") == recorder.calls.count("end epoch")
    assert len(recorder.losses) == clf.n_iter_


def test_callbacks_change_no_number(moons):
    with_callback = NeuronClassifier(5, max_iter=9, random_state=0)
    with_callback.set_callbacks(Recorder()).fit(*moons)
    without = NeuronClassifier(5, max_iter=9, random_state=0).fit(*moons)
    assert with_callback.loss_curve_ == without.loss_curve_


def test_teardown_follows_a_failed_fit_too():
    recorder = Recorder()
    reg = NeuronRegressor(learning_rate_init=1e30, solver="sgd", random_state=0)
    reg.set_callbacks(recorder)
    with pytest.raises(ValueError, match="non-finite"):
        reg.fit(np.ones((20, 1)), np.arange(20.0))
    assert recorder.calls[-1] == "teardown"
    assert not [name for name in vars(reg) if name.startswith("_callback")]


@pytest.mark.parametrize("solver", SOLVERS)
def test_scoring_monitor(solver, moons):
    monitor = callback.ScoringMonitor(scoring="accuracy")
    clf = NeuronClassifier(5, solver=solver, max_iter=6, random_state=0)
    clf.set_callbacks(monitor).fit(*moons)
    scores = [
        row["accuracy"]
        for row in monitor.get_logs().data
        if row["task_name"] == "epoch" and "accuracy" in row
    ]
    assert len(scores) == 6
    assert scores[-1] == clf.score(*moons)


@pytest.mark.parametrize("solver", SOLVERS)
def test_progress_bar(solver, moons, capsys):
    pytest.importorskip("rich")
    clf = NeuronClassifier(5, solver=solver, max_iter=6)
    clf.set_callbacks(callback.ProgressBar()).fit(*moons)
    assert "NeuronClassifier" in capsys.readouterr().out


def test_inside_a_pipeline(moons):
    pytest.importorskip("rich")
    recorder = Recorder()
    network = NeuronClassifier(5, max_iter=3).set_callbacks(recorder)
    model = make_pipeline(StandardScaler(), network)
    model.set_callbacks(callback.ProgressBar(max_propagation_depth=None)).fit(*moons)
    assert recorder.calls.count("end epoch") == 3


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_inside_a_grid_search(moons, n_jobs):
    monitor = callback.ScoringMonitor(scoring="accuracy")
    network = NeuronClassifier(5, max_iter=3).set_callbacks(monitor)
    search = GridSearchCV(
        make_pipeline(StandardScaler(), network),
        {"neuronclassifier__hidden_layer_sizes": [(2,), (3,)]},
        cv=2,
        n_jobs=n_jobs,
    )
    search.fit(*moons)
    logs = monitor.get_logs(select="all")
    rows = [row for log in logs for row in log.data if row["task_name"] == "epoch"]
    assert len(rows) == 3 * (2 * 2 + 1)  # sizes x folds, and the refit


def test_clones_keep_their_callbacks(moons):
    recorder = Recorder()
    clone(NeuronClassifier(5, max_iter=3).set_callbacks(recorder)).fit(*moons)
    assert recorder.calls.count("end epoch") == 3


def test_sample_weight_is_passed(moons):
    seen = []

    class Metadata(Recorder):
        def on_fit_task_end(self, estimator, context, *, metadata):
            seen.append(metadata)

    X, y = moons
    weight = np.ones(80)
    clf = NeuronClassifier(5, max_iter=2).set_callbacks(Metadata())
    clf.fit(X, y, sample_weight=weight)
    assert all(m["sample_weight"] is weight for m in seen)
    seen.clear()
    clf.fit(X, y)
    assert seen == [None] * 3
