"""How the members of the tabular estimators are trained: folds, threads, time."""

import pickle
import subprocess
import sys
import textwrap
import threading
import warnings
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context, get_config
from sklearn.base import clone
from sklearn.datasets import make_classification, make_regression
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import (
    accuracy_score,
    make_scorer,
    mean_absolute_percentage_error,
    r2_score,
    roc_auc_score,
)
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    RepeatedKFold,
    ShuffleSplit,
    TimeSeriesSplit,
)

from skneuron import NeuronRegressor
from skneuron.tabular import TabularClassifier, TabularRegressor
from skneuron.tabular import _pace as pace
from skneuron.tabular._folds import split

X, labels = make_classification(240, n_informative=5, random_state=0)
y = labels.astype(int)
_, t = make_regression(240, 20, noise=10.0, random_state=0)
t += 100 * np.sin(X[:, 0]) + 500
BOTH = [(TabularClassifier, y), (TabularRegressor, t)]
both = pytest.mark.parametrize(("kind", "target"), BOTH)


def small(kind, **params):
    defaults = {"max_iter": 4, "cv": 3, "hidden_layer_sizes": 8, "random_state": 0}
    return kind(**defaults | params)


def predictions(model, Z=X):
    return getattr(model, "predict_proba", model.predict)(Z)


# Threads.


@both
@pytest.mark.parametrize("scoring", [None, "by name"])
def test_n_jobs_changes_no_bit(kind, target, scoring, engine):
    name = "neg_log_loss" if kind is TabularClassifier else "neg_mean_absolute_error"
    params = {"engine": engine, "scoring": scoring and name}
    one = small(kind, n_jobs=1, **params).fit(X, target)
    for n_jobs in (2, 3, -1):
        other = small(kind, n_jobs=n_jobs, **params).fit(X, target)
        assert_array_equal(predictions(one), predictions(other))
        assert_array_equal(one.oof_predictions_, other.oof_predictions_)
        for a, b in zip(one.estimators_, other.estimators_, strict=True):
            assert_array_equal(a.coefs_[0], b.coefs_[0])


class Failing:
    """A scorer that fails in the second epoch of a member, and counts its calls."""

    def __init__(self, error, fails_at=2):
        self.error = error
        self.fails_at = fails_at
        self.calls = 0

    def __call__(self, estimator, X, y):
        self.calls += 1
        if self.calls == self.fails_at:
            raise self.error
        return 0.0


@both
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_error_in_a_member_is_raised_by_fit_and_ends_the_others(
    kind, target, n_jobs
):
    model = small(kind, n_jobs=n_jobs).fit(X, target)
    before = predictions(model)
    scorer = Failing(RuntimeError("this scorer fails"), fails_at=6)
    model.set_params(scoring=scorer, max_iter=10_000, hidden_layer_sizes=9)
    with pytest.raises(RuntimeError, match="this scorer fails"):
        model.fit(X[:, :7], target)
    assert scorer.calls < 1000
    assert_array_equal(predictions(model), before)  # the earlier model is still there
    assert model.n_features_in_ == 20


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_thread_has_the_configuration_of_the_caller(n_jobs):
    seen = []

    def scorer(estimator, X, y):
        seen.append((threading.get_ident(), get_config()["working_memory"]))
        return 0.0

    with config_context(working_memory=77):
        small(TabularClassifier, n_jobs=n_jobs, scoring=scorer).fit(X, y)
    assert {memory for _, memory in seen} == {77}
    here = threading.get_ident()
    assert all((thread == here) == (n_jobs == 1) for thread, _ in seen)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_warnings_of_members_come_once_and_point_at_the_user_s_line(n_jobs):
    model = small(TabularRegressor, n_jobs=n_jobs, scoring=lambda *_: np.nan)
    with pytest.warns(UserWarning, match="No epoch has a validation score") as caught:
        model.fit(X, t)
    assert [w.filename for w in caught] == [__file__]


def test_a_grid_search_trains_several():
    search = GridSearchCV(
        small(TabularRegressor, n_jobs=2), {"hidden_layer_sizes": [2, 8]}, n_jobs=2
    )
    with warnings.catch_warnings(action="error"):
        search.fit(X, t)
    assert len(search.best_estimator_.estimators_) == 3
    again = clone(search.best_estimator_).set_params(n_jobs=1).fit(X, t)
    assert_array_equal(again.predict(X), search.predict(X))


# Ctrl-C.

INTERRUPTED = """
    import time, warnings
    import numpy as np
    from skneuron.tabular import TabularClassifier

    rng = np.random.RandomState(0)
    X = rng.normal(size=(20_000, 20))
    y = X[:, 0] * X[:, 1] + 0.1 * rng.normal(size=20_000) > 0
    clf = TabularClassifier(random_state=0, **{params})
    print("ready", flush=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        clf.fit(X, y)
    print(time.time())
    print(len(clf.estimators_))
    print([e.n_iter_ for e in clf.estimators_])
    print([str(w.message) for w in caught])
    print([w.filename for w in caught])
    known = ~np.isnan(clf.oof_predictions_[:, 0])
    print(known.mean())
    predicted = clf.oof_predictions_[known].argmax(axis=1)
    print(clf.oof_score_ - (predicted == y[known]).mean())
    print(clf.score(X, y))
"""


def interrupted(interrupt, seconds, **params):
    sent, out = interrupt(INTERRUPTED.replace("{params}", str(params)), seconds)
    ended, *rest = map(eval, out.splitlines())
    assert ended - sent < 1.5
    return rest


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_keeps_finished_members(n_jobs, interrupt):
    n, n_iter, messages, files, known, difference, score = interrupted(
        interrupt, 3, n_jobs=n_jobs, max_iter=3, cv=300, hidden_layer_sizes=4
    )
    assert 0 < n < 300
    assert set(n_iter) == {3}
    (message,) = messages
    assert f"keeps {n} finished of 300 members" in message
    assert "oof_predictions_ are NaN" in message
    assert files == ["<string>"]
    assert known == pytest.approx(n / 300, rel=0.01)
    assert abs(difference) < 1e-12
    assert score > 0.5


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_keeps_the_best_epochs_where_no_member_is_finished(n_jobs, interrupt):
    n, n_iter, messages, _, known, _, score = interrupted(
        interrupt, 3, n_jobs=n_jobs, max_iter=10**6, cv=4
    )
    assert n == n_jobs
    assert min(n_iter) > 1
    assert len(messages) == 1
    assert f"keeps {n} unfinished of 4 members" in messages[0]
    assert known == n / 4
    assert score > 0.8


@both
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_while_a_member_is_scored(kind, target, n_jobs):
    scorer = Failing(KeyboardInterrupt(), fails_at=2 * n_jobs)
    model = small(kind, scoring=scorer, n_jobs=n_jobs, cv=5, max_iter=1000)
    with pytest.warns(UserWarning, match=r"keeps [12] unfinished of 5") as caught:
        model.fit(X, target)
    assert len(caught) == 1
    assert np.isfinite(predictions(model)).all()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_before_training_leaves_the_estimator_as_it_was(n_jobs, monkeypatch):
    from skneuron.tabular import _members

    model = small(TabularRegressor, n_jobs=n_jobs).fit(X, t)
    before = dict(vars(model))
    monkeypatch.setattr(_members, "fit_on_rows", interrupting)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X[:, :5], t)
    assert vars(model) == before


def interrupting(*args, **kwargs):
    raise KeyboardInterrupt


def test_ctrl_c_between_members(monkeypatch):
    from skneuron.tabular import _members

    original, calls = _members.fit_on_rows, []

    def third_is_interrupted(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    monkeypatch.setattr(_members, "fit_on_rows", third_is_interrupted)
    model = small(TabularRegressor, cv=KFold(4))
    with pytest.warns(UserWarning, match="keeps 2 finished of 4 members"):
        model.fit(X, t)
    assert_array_equal(np.isnan(model.oof_predictions_), np.arange(240) >= 120)
    expected = r2_score(t[:120], model.oof_predictions_[:120])
    assert model.oof_score_ == pytest.approx(expected)


# max_seconds.


class SlowTime:
    """A clock in which each epoch of a member takes a second."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(pace, "perf_counter", lambda: self.now)

    def __call__(self, estimator, X, y):  # a scorer, called once an epoch
        self.now += 1
        return self.now


@pytest.fixture
def clock(monkeypatch):
    return SlowTime(monkeypatch)


def test_time_that_is_enough_changes_nothing(clock):
    calm = small(TabularRegressor, max_iter=30, scoring=clock, cv=KFold(4)).fit(X, t)
    clock.now = 0
    before = calm.predict(X)
    with warnings.catch_warnings(action="error"):
        calm.set_params(max_seconds=120.5).fit(X, t)
    assert_array_equal(calm.predict(X), before)


@pytest.mark.parametrize(
    ("max_seconds", "n_epochs"),
    [
        (0.5, [1]),
        (5, [5]),
        (40, [20, 20]),  # at least 16 each
        (80, [20, 20, 20, 20]),
        (110, [27, 27, 28, 28]),
        (119, [29, 30, 30, 30]),
    ],
)
def test_short_time_gives_shorter_schedules(clock, max_seconds, n_epochs):
    model = small(
        TabularRegressor,
        max_iter=30,
        scoring=clock,
        cv=KFold(4),
        max_seconds=max_seconds,
    )
    with pytest.warns(ConvergenceWarning, match=r"max_seconds=.* of max_iter=30"):
        model.fit(X, t)
    assert [network.n_iter_ for network in model.estimators_] == n_epochs
    assert clock.now <= max_seconds + 1
    # the learning rate falls to a step above zero, as in the last epoch of max_iter
    for network in model.estimators_ if max_seconds > 5 else []:
        rates = network.history_["learning_rate"]
        assert max(rates) == pytest.approx(0.1, rel=0.1)
        assert rates[-1] <= 0.15 * max(rates)


def test_folds_of_different_lengths_share_the_time_by_rows(clock):
    splits = [(np.arange(n), np.arange(n, 240)) for n in (60, 120, 180)]

    def scorer(estimator, X, y):
        clock.now += (240 - len(X)) / 60  # 1, 2 or 3 seconds an epoch
        return clock.now

    model = small(TabularRegressor, max_iter=40, cv=splits, scoring=scorer)
    with pytest.warns(ConvergenceWarning, match="3 of 3 members"):
        model.set_params(max_seconds=180).fit(X, t)
    assert [network.n_iter_ for network in model.estimators_] == [40, 35, 23]


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("max_seconds", [1e-9, 0.3])
def test_max_seconds_ends_in_time(n_jobs, max_seconds):
    from time import perf_counter

    rng = np.random.RandomState(0)
    Z = rng.normal(size=(10_000, 20))
    z = Z[:, 0] * Z[:, 1] > 0
    clf = TabularClassifier(max_seconds=max_seconds, n_jobs=n_jobs, cv=8)
    start = perf_counter()
    with pytest.warns(ConvergenceWarning, match=f"max_seconds={max_seconds} has"):
        clf.fit(Z, z)
    assert perf_counter() - start < max_seconds + 1.5
    assert min(network.n_iter_ for network in clf.estimators_) >= 1
    known = ~np.isnan(clf.oof_predictions_[:, 0])
    assert known.mean() == len(clf.estimators_) / 8
    assert clf.score(Z, z) > 0.5


# verbose.


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_verbose_prints_a_line_for_each_member(n_jobs, capsys):
    model = small(TabularRegressor, verbose=True, n_jobs=n_jobs).fit(X, t)
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == f"Out-of-fold score: {model.oof_score_:.6g}"
    for number, line in enumerate(sorted(lines)):
        network = model.estimators_[number]
        best, loss = network.best_iter_, min(network.validation_loss_curve_)
        assert line.startswith(
            f"Member {number + 1} of 3: validation loss {loss:#.6g} after epoch {best} "
            "of 4, "
        )
        assert line.endswith(" s")


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_more_verbose_prints_a_line_for_each_epoch(n_jobs, capsys):
    small(TabularClassifier, verbose=2, n_jobs=n_jobs, scoring="roc_auc").fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 * 5 + 1
    epochs = [line for line in lines if ", epoch" in line]
    assert len(epochs) == 12
    assert all("loss 0." in line and "validation score 0." in line for line in epochs)


def test_nothing_is_printed_without_verbose(capsys):
    small(TabularRegressor).fit(X, t)
    assert capsys.readouterr().out == ""


# Callbacks of scikit-learn.


class Recorder:
    """Records the tasks, and asks to stop after some of them."""

    def __init__(self, stops=lambda path: False):
        self.begun = []
        self.ended = []
        self.scores = {}
        self.hooks = []
        self.stops = stops
        self.busy = threading.Lock()

    def setup(self, estimator, context):
        self.hooks.append("setup")

    def teardown(self, estimator, context):
        self.hooks.append("teardown")

    def on_fit_task_begin(self, estimator, context, *, X, metadata):
        assert X is not None
        with self.alone():
            self.begun.append(path(context))

    def on_fit_task_end(self, estimator, context, *, X, y, fitted_estimator):
        with self.alone():
            self.ended.append(path(context))
            self.scores[path(context)] = fitted_estimator.score(X, y)
        return self.stops(path(context))

    @contextmanager
    def alone(self):
        """Check that no other thread calls a hook at this time."""
        assert self.busy.acquire(blocking=False)
        yield
        self.busy.release()


def path(context):
    """Return the names and numbers of the tasks that lead to one, outermost first."""
    here = f"{context.task_name} {context.task_id}"
    return here if context.parent is None else f"{path(context.parent)}/{here}"


needs_callbacks = pytest.mark.skipif(
    not hasattr(TabularClassifier, "set_callbacks"),
    reason="scikit-learn has callbacks from 1.9 on",
)


@needs_callbacks
@both
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_callbacks_see_the_fit_its_members_and_their_epochs(kind, target, n_jobs):
    recorder = Recorder()
    model = small(kind, n_jobs=n_jobs).set_callbacks(recorder).fit(X, target)
    members = [f"fit 0/member {k}" for k in range(3)]
    epochs = [f"{member}/epoch {e}" for member in members for e in range(4)]
    assert sorted(recorder.begun) == sorted(recorder.ended)
    assert sorted(recorder.begun) == sorted(["fit 0", *members, *epochs])
    assert recorder.hooks == ["setup", "teardown"]
    assert recorder.begun[0] == recorder.ended[-1] == "fit 0"
    assert recorder.scores["fit 0"] == model.score(X, target)
    if n_jobs == 1:
        assert recorder.scores["fit 0/member 2"] == model.score(X, target)
    without = small(kind).fit(X, target)
    assert_array_equal(predictions(model), predictions(without))
    assert not vars(model).keys() & {"_callback_fit_ctx", "_parent_callback_ctx"}


@needs_callbacks
def test_after_an_epoch_callbacks_see_that_member_alone():
    recorder = Recorder()
    splits = list(KFold(3).split(X))
    small(TabularRegressor, cv=splits).set_callbacks(recorder).fit(X, t)
    small(TabularRegressor, cv=splits[:1]).set_callbacks(alone := Recorder()).fit(X, t)
    for epoch in range(4):
        name = f"fit 0/member 0/epoch {epoch}"
        assert recorder.scores[name] == alone.scores[name]


@needs_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_callback_may_end_a_member(n_jobs, recwarn):
    model = small(TabularRegressor, n_jobs=n_jobs)
    model.set_callbacks(Recorder(lambda path: path.endswith("member 1/epoch 1")))
    model.fit(X, t)
    assert [network.n_iter_ for network in model.estimators_] == [4, 2, 4]
    assert not recwarn.list


@needs_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_callback_may_end_the_fit(n_jobs, recwarn):
    model = small(TabularRegressor, cv=40, n_jobs=n_jobs, max_iter=2)
    model.set_callbacks(Recorder(lambda path: path.endswith("member 3"))).fit(X, t)
    # other threads may finish some members before this one
    assert len(model.estimators_) in ([4] if n_jobs == 1 else range(4, 40))
    assert all(network.n_iter_ == 2 for network in model.estimators_)
    assert np.isnan(model.oof_predictions_).sum() == 240 - 6 * len(model.estimators_)
    assert not recwarn.list


@needs_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_error_in_a_callback(n_jobs):
    def fails(path):
        if "member 1/" in path:
            raise RuntimeError("this callback fails")

    recorder = Recorder(fails)
    model = small(TabularRegressor, n_jobs=n_jobs).fit(X, t)
    before = model.predict(X)
    with pytest.raises(RuntimeError, match="this callback fails"):
        model.set_callbacks(recorder).fit(X[:, :4], t)
    assert recorder.hooks == ["setup", "teardown"]
    assert_array_equal(before, model.predict(X))


@needs_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_progress_bars(n_jobs, capsys):
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar

    small(TabularClassifier, n_jobs=n_jobs).set_callbacks(ProgressBar()).fit(X, y)
    out = capsys.readouterr().out
    assert "TabularClassifier - fit" in out
    assert all(f"TabularClassifier - member #{k}" in out for k in range(3))


@needs_callbacks
def test_a_monitor_inside_a_grid_search():
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar, ScoringMonitor

    monitor = ScoringMonitor(scoring="r2")
    model = small(TabularRegressor, cv=2, max_iter=3).set_callbacks(monitor)
    search = GridSearchCV(model, {"hidden_layer_sizes": [2, 3]}, cv=2)
    search.set_callbacks(ProgressBar(max_propagation_depth=None)).fit(X, t)
    logs = monitor.get_logs(select="all")
    rows = [row for log in logs for row in log.data if row["task_name"] == "epoch"]
    assert (
        len(rows) == (2 * 2 + 1) * 2 * 3
    )  # (sizes x folds + refit) x members x epochs


@needs_callbacks
def test_copies_keep_their_callbacks():
    from sklearn.callback import ScoringMonitor

    model = small(TabularRegressor).set_callbacks(ScoringMonitor(scoring="r2"))
    model.fit(X, t)
    for twin in (clone(model), pickle.loads(pickle.dumps(model))):
        assert len(twin._skl_callbacks) == 1
        twin.fit(X, t)
        assert_array_equal(twin.predict(X), model.predict(X))


@needs_callbacks
def test_checkpoints_are_for_networks(tmp_path):
    from skneuron.callbacks import Checkpoint

    model = small(TabularRegressor).set_callbacks(Checkpoint(tmp_path / "a.pkl"))
    with pytest.raises(TypeError, match="TabularRegressor is not one"):
        model.fit(X, t)


# Scores.


@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
@pytest.mark.parametrize("shape", ["one", "column", "two"])
@pytest.mark.parametrize(
    "scoring",
    [
        "neg_mean_absolute_percentage_error",
        make_scorer(mean_absolute_percentage_error, greater_is_better=False),
        lambda model, X, y: -mean_absolute_percentage_error(y, model.predict(X)),
    ],
    ids=["name", "scorer", "function"],
)
def test_scorers_see_the_units_of_y(scoring, shape):
    target = {"one": t, "column": t[:, None], "two": np.c_[t, X[:, 1] * 10 + 40]}[shape]
    model = small(TabularRegressor, max_iter=8, scoring=scoring, cv=KFold(3))
    model.fit(X, target)
    for network, (_, held_out) in zip(
        model.estimators_, KFold(3).split(X), strict=True
    ):
        single = clone(model)
        vars(single).update(vars(model) | {"estimators_": [network]})
        error = mean_absolute_percentage_error(
            target[held_out], single.predict(X[held_out])
        )
        assert network.best_validation_score_ == pytest.approx(-error, rel=1e-6)
        assert network.best_validation_score_ == max(network.validation_scores_)


def test_scorers_see_exactly_the_targets_that_were_passed():
    seen = []

    def scorer(model, X, y, sample_weight):
        seen.append((y, sample_weight))
        return 0.0

    counts = np.exp(X[:, 0] * 5)
    weights = np.arange(240.0) + 1
    model = small(TabularRegressor, scoring=scorer, cv=KFold(3))
    model.fit(X, counts, sample_weight=weights)
    for k, (_, held_out) in enumerate(KFold(3).split(X)):
        for y_seen, w_seen in seen[4 * k : 4 * k + 4]:
            assert_array_equal(y_seen, counts[held_out])
            assert_array_equal(w_seen, weights[held_out])


@both
def test_no_scoring_is_the_loss(kind, target):
    one, other = small(kind).fit(X, target), small(kind, scoring="loss").fit(X, target)
    assert_array_equal(predictions(one), predictions(other))
    for network in one.estimators_:
        assert_allclose(
            network.validation_scores_, -np.array(network.validation_loss_curve_)
        )


def test_scorers_of_a_classifier(engine):
    def auc(model, X, y):
        return roc_auc_score(y, model.predict_proba(X)[:, 1])

    names = np.array(["no", "yes"])[y]
    by_name = small(TabularClassifier, scoring="roc_auc", engine=engine).fit(X, names)
    by_function = small(TabularClassifier, scoring=auc, engine=engine).fit(X, names)
    assert_array_equal(predictions(by_name), predictions(by_function))
    assert by_name.estimators_[0].best_validation_score_ > 0.8


# Folds.


def split_for(cv, groups=None, strata=y, n=240, seed=0):
    table = np.zeros((n, 1), np.float32)
    target = np.arange(n) if strata is None else strata
    random_state = np.random.RandomState(seed)
    return split(cv, table, target, groups, strata, None, random_state)


@pytest.mark.parametrize("strata", [None, y])
@pytest.mark.parametrize("cv", [2, 3, 7, None])
def test_an_integer_gives_shuffled_folds(cv, strata):
    folds = split_for(cv, strata=strata)
    assert len(folds) == (5 if cv is None else cv)
    everything = np.concatenate([test for _, test in folds])
    assert_array_equal(np.sort(everything), np.arange(240))
    assert (np.diff(folds[0][1]) > 1).any()  # shuffled
    for train, test in folds:
        assert_array_equal(np.sort(np.r_[train, test]), np.arange(240))
        if strata is not None:
            assert abs(y[test].mean() - y.mean()) < 0.02
    assert not np.array_equal(folds[0][1], split_for(cv, strata=strata, seed=1)[0][1])


@pytest.mark.parametrize("strata", [None, y])
def test_an_integer_keeps_groups_together(strata):
    groups = np.random.RandomState(0).randint(30, size=240)
    folds = split_for(4, groups, strata)
    assert len(folds) == 4
    for train, test in folds:
        assert not set(groups[train]) & set(groups[test])
    if strata is not None:
        assert max(abs(y[test].mean() - y.mean()) for _, test in folds) < 0.1


@both
def test_groups_reach_the_splitter(kind, target):
    groups = np.arange(240) % 6
    for cv in (GroupKFold(3), 3, LeaveOneGroupOut()):
        model = small(kind, cv=cv, max_iter=1).fit(X, target, groups=list(groups))
        assert len(model.estimators_) == (6 if isinstance(cv, LeaveOneGroupOut) else 3)


@both
def test_rows_that_no_member_holds_out_have_no_prediction(kind, target):
    model = small(kind, cv=TimeSeriesSplit(3), max_iter=2).fit(X, target)
    first = np.isnan(model.oof_predictions_).reshape(240, -1).any(axis=1)
    assert_array_equal(first, np.arange(240) < 60)
    truth, predicted = target[60:], model.oof_predictions_[60:]
    expected = (
        accuracy_score(truth, predicted.argmax(axis=1))
        if kind is TabularClassifier
        else r2_score(truth, predicted)
    )
    assert model.oof_score_ == pytest.approx(expected)


def test_repeated_folds_are_averaged():
    cv = RepeatedKFold(n_splits=2, n_repeats=3, random_state=0)
    model = small(TabularRegressor, cv=cv).fit(X, t)
    assert len(model.estimators_) == 6
    total = np.zeros(240)
    for network, (_, test) in zip(model.estimators_, cv.split(X), strict=True):
        total[test] += model._targets(model._predict_member(network, X[test]))
    # clipped one by one instead of together, and X is not encoded: only correlated
    assert np.corrcoef(total, model.oof_predictions_)[0, 1] > 0


def test_splits_may_be_lists_of_indices_or_masks():
    folds = list(KFold(3).split(X))
    masks = [tuple(np.isin(np.arange(240), part) for part in fold) for fold in folds]
    lists = [tuple(part.tolist() for part in fold) for fold in folds]
    models = [small(TabularRegressor, cv=cv) for cv in (KFold(3), folds, masks, lists)]
    first, *others = [model.fit(X, t).predict(X) for model in models]
    for other in others:
        assert_array_equal(first, other)


def test_a_splitter_that_draws():
    cv = ShuffleSplit(2, test_size=0.25, random_state=0)
    model = small(TabularRegressor, cv=cv).fit(X, t)
    (_, one), (_, two) = cv.split(X)
    known = np.isin(np.arange(240), np.r_[one, two])
    assert_array_equal(np.isnan(model.oof_predictions_), ~known)


@both
def test_more_folds_than_samples(kind, target):
    model = small(kind, cv=50, max_iter=2).fit(X[:7], target[:7])
    assert len(model.estimators_) == 7


def test_rare_classes():
    classes = np.zeros(240, int)
    classes[:60], classes[7], classes[99] = 1, 2, 3
    with warnings.catch_warnings(action="error"):
        clf = small(TabularClassifier, cv=5).fit(X, classes)
    assert_array_equal(clf.classes_, [0, 1, 2, 3])
    assert clf.predict_proba(X).shape == (240, 4)
    assert not np.isnan(clf.oof_predictions_).any()


def test_a_class_may_be_absent_from_training():
    classes = np.repeat([0, 1, 2], 80)
    clf = small(TabularClassifier, cv=KFold(3)).fit(X, classes)
    assert all(network.classes_.tolist() == [0, 1, 2] for network in clf.estimators_)
    assert_allclose(clf.oof_predictions_.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("cv", "groups", "n", "message"),
    [
        (3, np.zeros(5), 240, r"groups has the shape \(5,\), but X has 240 rows: pass"),
        (3, np.zeros(240), 240, "groups has the same group for all rows"),
        (
            3,
            np.arange(240) % 2,
            240,
            "cv=3 needs a group for each split, but .* 2: set",
        ),
        (GroupKFold(3), None, 240, r"cv=GroupKFold\(.*\) splits by groups: pass the"),
        (LeaveOneGroupOut(), None, 240, r"cv=LeaveOneGroupOut\(\) splits by groups"),
        (3, None, 1, "n_samples = 1, but at least 2 samples are needed"),
        (KFold(5), None, 3, "n_splits=5 greater than the number of samples"),
        ([], None, 240, r"cv=\[\] must give at least one split"),
        ([([0, 1], [])], None, 240, "each with rows to train on and rows to validate"),
        (
            [([0, 1], [240])],
            None,
            240,
            "gives rows from 240 to 240, but X has the rows",
        ),
        (
            [([-1, 1], [2])],
            None,
            240,
            "gives rows from -1 to 1, but X has the rows 0 to",
        ),
        ([([0.5, 1], [2])], None, 240, "must give indices of rows or masks of 240"),
        ([([True, False], [2])], None, 240, "got an array of shape .* dtype bool"),
        ([([0, 1, 7], [7, 8])], None, 240, r"Split 0 of cv=.* trains on 1 .* row 7 fo"),
        ([1, 2], None, 240, r"cv=\[1, 2\] must be an int, a splitter, or .* got 1 in"),
        ([([0], [1], [2])], None, 240, r"iterable of pairs .* got \(\[0\], \[1\]"),
        (3, [None, "a"] * 120, 240, "groups has missing values: give every row a"),
    ],
)
@both
def test_errors_about_folds(kind, target, cv, groups, n, message):
    with pytest.raises(ValueError, match=message):
        small(kind, cv=cv).fit(X[:n], target[:n], groups=groups)


@pytest.mark.parametrize("cv", [0, 1, -3, 2.5, "five", object()])
def test_values_of_cv(cv):
    with pytest.raises(ValueError, match="The 'cv' parameter of TabularRegressor"):
        small(TabularRegressor, cv=cv).fit(X, t)


@both
@pytest.mark.parametrize("first", [True, False])
def test_a_fold_needs_weights(kind, target, first):
    halves = [(np.arange(120), np.arange(120, 240))]
    weights = (np.arange(240) < 120) == first
    purpose = "validate by" if first else "train on"
    message = rf"zero for all 120 rows that split 0 of cv gives to {purpose}\. Leave"
    with pytest.raises(ValueError, match=message):
        small(kind, cv=halves).fit(X, target, weights.astype(float))


# Fitting again.


@both
def test_fitting_again_forgets_the_earlier_fit(kind, target):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X[:, :3], columns=list("abc"))
    model = small(kind, cv=4).fit(frame, target)
    model.set_params(cv=3).fit(X, target)
    fresh = small(kind, cv=3).fit(X, target)
    assert vars(model).keys() == vars(fresh).keys()
    assert_array_equal(predictions(model), predictions(fresh))


@both
@pytest.mark.parametrize(
    "arguments",
    [
        {"sample_weight": -np.ones(240)},
        {"groups": np.ones(3)},
    ],
    ids=lambda arguments: next(iter(arguments)),
)
def test_a_fit_that_fails_leaves_the_earlier_model(kind, target, arguments):
    model = small(kind).fit(X, target)
    before = dict(vars(model))
    with pytest.raises(ValueError, match=next(iter(arguments))):
        model.fit(X, target, **arguments)
    assert vars(model) == before


def test_members_are_networks_fitted_on_their_rows():
    """A member is what NeuronRegressor learns from the same rows."""
    folds = list(KFold(3).split(X))
    model = small(TabularRegressor, cv=folds, max_iter=6).fit(X, t)
    table = model.encoder_.transform(X, estimator=model)
    targets = model.target_scaler_.transform(t[:, None])[:, 0]
    for network, (train, test) in zip(model.estimators_, folds, strict=True):
        alone = NeuronRegressor(**network.get_params(deep=False))
        with warnings.catch_warnings(action="ignore"):
            alone.fit(
                table[train], targets[train], X_val=table[test], y_val=targets[test]
            )
        assert_array_equal(network.coefs_[0], alone.coefs_[0])


# Memory.


@pytest.mark.parametrize("target", ["rng.normal(size=n)", "rng.randint(3, size=n)"])
def test_memory(target):
    script = f"""
        import tracemalloc
        import numpy as np
        from skneuron.tabular import TabularClassifier, TabularRegressor

        n = 200_000
        rng = np.random.RandomState(0)
        X = rng.normal(size=(n, 20)).astype(np.float32)
        y = {target}
        kind = TabularClassifier if y.dtype == int else TabularRegressor
        model = kind(max_iter=1, cv=3, hidden_layer_sizes=8, periodic_features=False)
        tracemalloc.start()
        model.fit(X, y)
        print(tracemalloc.get_traced_memory()[1] / X.nbytes)
    """
    out = subprocess.run(
        [sys.executable, "-P", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(out.stdout) < (2.2 if "normal" in target else 3.5)


def test_a_fitted_ensemble_does_not_hold_the_data():
    few = len(pickle.dumps(small(TabularClassifier).fit(X[:60], y[:60])))
    many = len(pickle.dumps(small(TabularClassifier).fit(X, y)))
    assert many - few < 20_000
