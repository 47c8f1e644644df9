"""history_: one row for each epoch, with every solver."""

import sys
from math import cos, pi
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal, assert_equal
from sklearn.datasets import make_moons

import skneuron
from skneuron import NeuronClassifier, _engines

COLUMNS = [
    "epoch",
    "loss",
    "validation_loss",
    "validation_score",
    "learning_rate",
    "gradient_norm",
    "seconds",
]
SOLVERS = ["sgd", "adam", "adamw", "rmsprop", "lbfgs"]
PACKAGE = str(Path(skneuron.__file__).parent)
X, y = make_moons(90, noise=0.2, random_state=0)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def classifier(**params):
    return NeuronClassifier(5, **{"max_iter": 8, "random_state": 0, **params})


def distance(one, other):
    """Return the distance between the parameters of two networks."""
    pairs = zip(
        one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True
    )
    return np.sqrt(sum(((a - b) ** 2).sum() for a, b in pairs))


@pytest.mark.parametrize("solver", SOLVERS)
def test_columns_are_of_equal_length(solver, engine):
    start = perf_counter()
    clf = classifier(solver=solver, engine=engine).fit(X, y)
    elapsed = perf_counter() - start
    frame = pd.DataFrame(clf.history_)
    assert list(frame) == COLUMNS
    assert len(frame) == clf.n_iter_ > 5
    assert list(frame["epoch"]) == list(range(1, clf.n_iter_ + 1))
    assert list(frame["loss"]) == clf.loss_curve_
    assert frame[["validation_loss", "validation_score"]].isna().all(axis=None)
    assert (frame["seconds"] > 0).all()
    assert frame["seconds"].sum() < elapsed
    assert (frame["gradient_norm"] > 0).all()
    assert frame["learning_rate"].isna().all() == (solver == "lbfgs")


@pytest.mark.parametrize("solver", SOLVERS)
def test_validation(solver):
    clf = classifier(solver=solver).fit(X, y, X_val=X, y_val=y)
    assert clf.history_["validation_score"] == clf.validation_scores_
    assert clf.history_["validation_loss"] == clf.validation_loss_curve_
    assert len(clf.validation_scores_) == len(clf.history_["loss"])


def interrupt_at(line, call):
    """Raise Ctrl-C before a call runs the n-th line of this package.

    Return True if the call ended before that.
    """
    seen = 0

    def trace(frame, event, _):
        nonlocal seen
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            seen += 1
            if seen == line:
                raise KeyboardInterrupt
        return trace

    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(None)
    return seen < line


@pytest.mark.filterwarnings("ignore:Training interrupted by user")
@pytest.mark.parametrize("val", [{}, {"X_val": X, "y_val": y}], ids=["", "validated"])
def test_ctrl_c_at_any_line_leaves_whole_rows(val, engine):
    """All columns grow or none does, whichever line is interrupted."""
    clf = classifier(engine=engine).partial_fit(X, y, classes=[0, 1], **val)
    for line in range(1, 5000, 3):
        before = {name: list(column) for name, column in clf.history_.items()}
        ended = interrupt_at(line, lambda: clf.partial_fit(X, y, **val))
        (n_epochs,) = {len(column) for column in clf.history_.values()}
        grown = n_epochs - len(before["epoch"])
        assert grown in (0, 1)
        for name, column in before.items():
            assert_equal(clf.history_[name][: len(column)], column)
        if val:
            assert len(clf.validation_scores_) == len(clf.validation_loss_curve_)
        clf.predict(X)
        if ended:
            break
    assert ended
    assert grown == 1
    assert line > 100


@pytest.mark.filterwarnings("ignore:Training interrupted by user")
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_ctrl_c_at_any_line_of_fit_leaves_whole_rows(solver, engine):
    val = {"X_val": X, "y_val": y}
    clf = classifier(solver=solver, max_iter=3, engine=engine).fit(X, y, **val)
    for line in range(1, 5000, 7):
        ended = interrupt_at(line, lambda: clf.fit(X, y, **val))
        assert {len(column) for column in clf.history_.values()} == {clf.n_iter_}
        assert len(clf.validation_scores_) == len(clf.validation_loss_curve_)
        clf.predict(X)
        if ended:
            break
    assert ended
    assert clf.n_iter_ == 3
    assert line > 100


def test_partial_fit_takes_no_longer_after_many_calls():
    """Nothing is copied or scanned: the lists stay the same objects."""
    clf = classifier().partial_fit(X, y, classes=[0, 1], X_val=X, y_val=y)

    class Unread(list):
        """A list that must not be iterated over."""

        def __iter__(self):
            raise AssertionError("it was read")

    clf.history_ = {name: Unread(column) for name, column in clf.history_.items()}
    clf.validation_scores_ = Unread(clf.validation_scores_)
    clf.validation_loss_curve_ = Unread(clf.validation_loss_curve_)
    columns = [*clf.history_.values(), clf.validation_scores_]
    columns.append(clf.validation_loss_curve_)
    for _ in range(3):
        clf.partial_fit(X, y, X_val=X, y_val=y)
    now = [*clf.history_.values(), clf.validation_scores_, clf.validation_loss_curve_]
    assert all(one is other for one, other in zip(now, columns, strict=True))
    assert {len(column) for column in now} == {4}


def test_the_best_of_all_calls_is_the_first_maximum():
    clf = classifier(scoring=scores_in_turn([0.5, 0.7, 0.7, np.nan, 0.6, 0.9]))
    found = []
    for _ in range(6):
        clf.partial_fit(X, y, classes=[0, 1], X_val=X, y_val=y)
        found.append(clf.best_iter_)
    assert found == [1, 2, 2, 2, 2, 6]
    unknown = classifier(scoring=lambda *_: np.nan)
    unknown.partial_fit(X, y, classes=[0, 1], X_val=X, y_val=y)
    assert unknown.best_iter_ is None


def scores_in_turn(scores):
    """Return a scorer that gives these scores in turn."""
    left = iter(scores)
    return lambda estimator, X, y: next(left)


def test_the_gradient_norm_is_that_of_the_last_step(engine):
    # Plain gradient descent at rate 1: each step is the gradient.
    params = {"solver": "sgd", "momentum": 0, "learning_rate_init": 1.0}
    params |= {"shuffle": False, "batch_size": 90, "engine": engine, "alpha": 0.5}
    before, after = (classifier(max_iter=n, **params).fit(X, y) for n in (3, 4))
    assert_allclose(after.history_["gradient_norm"][-1], distance(after, before))
    assert_array_equal(
        before.history_["gradient_norm"], after.history_["gradient_norm"][:3]
    )
    # that is, before clipping
    limited = classifier(max_iter=1, max_grad_norm=1e-3, **params).fit(X, y)
    assert limited.history_["gradient_norm"][0] == after.history_["gradient_norm"][0]


def test_the_gradient_norm_of_lbfgs_is_that_at_the_iterate(engine):
    params = {"engine": engine, "alpha": 0.1}
    clf = classifier(solver="lbfgs", **params).fit(X, y)
    params |= {"solver": "sgd", "momentum": 0, "learning_rate_init": 1}
    one_step = classifier(max_iter=1, batch_size="full", **params)
    one_step.fit(X, y, coefs_init=clf.coefs_, intercepts_init=clf.intercepts_)
    assert_allclose(clf.history_["gradient_norm"][-1], distance(clf, one_step))


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_the_learning_rate_is_the_schedule_s(solver):
    clf = classifier(solver=solver, learning_rate="cosine", learning_rate_init=0.1)
    expected = [0.1 * (1 + cos(pi * n / 8)) / 2 for n in range(8)]
    assert_allclose(clf.fit(X, y).history_["learning_rate"], expected)


def test_a_single_epoch_knows_its_rate():
    params = {"learning_rate": "invscaling", "solver": "sgd", "power_t": 0.5}
    clf = classifier(learning_rate_init=0.3, **params)
    for _ in range(3):
        clf.partial_fit(X, y, classes=[0, 1])
    expected = [0.3 / np.sqrt(n * len(X) + 1) for n in range(3)]
    assert_allclose(clf.history_["learning_rate"], expected)


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_calls_continue_the_count(solver):
    clf = classifier(solver=solver, warm_start=True).fit(X, y)
    first = clf.history_
    before = {name: list(column) for name, column in first.items()}
    n = clf.n_iter_
    clf.fit(X, y, X_val=X, y_val=y)
    assert_equal(first, before)  # references to the old one are unaffected
    frame = pd.DataFrame(clf.history_)
    assert list(frame["epoch"]) == list(range(1, n + clf.n_iter_ + 1))
    assert list(frame["loss"]) == clf.loss_curve_
    assert frame["validation_loss"].isna().sum() == n
    assert list(frame["validation_loss"][n:]) == clf.validation_loss_curve_
    if solver == "adam":
        clf.partial_fit(X, y)
        assert len(clf.history_["seconds"]) == len(frame) + 1
    clf.set_params(warm_start=False).fit(X, y)
    assert len(clf.history_["epoch"]) == clf.n_iter_


def test_it_is_empty_before_training():
    clf = classifier().initialize(X, y)
    assert clf.history_ == {name: [] for name in COLUMNS}


def test_it_has_the_finished_epochs_after_ctrl_c(interrupt):
    script = """
        from skneuron import NeuronRegressor

        reg = NeuronRegressor(200, max_iter=10**7, n_iter_no_change=float("inf"))
        X = [[float(i), i % 7] for i in range(5000)]
        print("ready", flush=True)
        reg.fit(X, list(range(5000)))
        print({len(column) for column in reg.history_.values()} == {reg.n_iter_})
    """
    assert interrupt(script, 1)[1] == "True\n"


def test_engines_agree():
    one, *others = (
        classifier(engine=engine).fit(X, y).history_ for engine in _engines.ENGINES
    )
    for other in others:
        assert_allclose(one["gradient_norm"], other["gradient_norm"])
        assert_allclose(one["loss"], other["loss"])
