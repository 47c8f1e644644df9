"""Until fit commits, an estimator answers as before; predict never sees a mixture."""

import copy
import threading
from contextlib import suppress
from functools import partial

import numpy as np
import pytest
from sklearn.datasets import make_moons

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._estimators.snapshots import commit_atomically, successor

X, y = make_moons(80, noise=0.2, random_state=0)
RNG = np.random.RandomState(0)
OTHERS = RNG.normal(size=(90, 5))

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


METHODS = ["predict", "hidden_activations", "input_gradient"]
OF_CLASSIFIERS = ["predict_proba", "predict_log_proba", "decision_function"]


def answers_of(est, data):
    """Yield the result of each method for some data, as bytes."""
    of_classifiers = isinstance(est, NeuronClassifier)
    for method in METHODS + OF_CLASSIFIERS * of_classifiers:
        answer = getattr(est, method)(data)
        parts = answer if isinstance(answer, list) else [answer]
        yield method, [(a.shape, a.dtype.str, a.tobytes()) for a in parts]


class Watching:
    """Predict in a loop in another thread, until the context ends."""

    def __init__(self, est, data, is_right):
        self.est, self.data, self.is_right = est, data, is_right
        self.n_answers, self.wrong, self.end = 0, [], threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.end.is_set():
            try:
                for answer in answers_of(self.est, self.data):
                    if not self.is_right(answer):
                        self.wrong.append(answer)
            except Exception as error:  # of any kind
                if not self.is_right(error):
                    self.wrong.append(error)
            self.n_answers += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()


CLASSES = np.array(["no", "yes"])[y]
REFITS = {
    "other layers": ({"hidden_layer_sizes": (7, 3, 2)}, X, CLASSES),
    "other classes": ({}, X, np.array(["a", "b"])[y]),
    "three classes": ({}, X, y + (X[:, 0] > 0.5)),
    "labels": ({}, X, np.c_[y, 1 - y]),
    "columns of classes": ({}, X, np.c_[y, y + 5]),
    "a softmax of two": ({"out_activation": "softmax"}, X, CLASSES),
    "another activation": ({"hidden_layer_sizes": 9, "solver": "sgd"}, X, CLASSES),
    "lbfgs": ({"solver": "lbfgs"}, X, CLASSES),
}


@pytest.mark.parametrize("refit", REFITS)
def test_a_classifier_is_the_old_or_the_new_one(refit, engine):
    params, data, targets = REFITS[refit]
    est = NeuronClassifier(5, max_iter=30, random_state=0, engine=engine)
    est.fit(X, CLASSES)
    new = copy.deepcopy(est).set_params(**params).fit(data, targets)
    allowed = [*answers_of(est, X), *answers_of(new, X)]
    with Watching(est.set_params(**params), X, allowed.__contains__) as watching:
        for _ in range(8):
            est.fit(data, targets)
    assert not watching.wrong
    assert watching.n_answers > 3


def test_other_features_are_refused_until_the_commit(engine):
    est = NeuronRegressor(5, max_iter=30, random_state=0, engine=engine).fit(X, y)
    old = list(answers_of(est, X))

    def is_right(said):
        refused = isinstance(said, ValueError) and "expecting 5 features" in str(said)
        return refused or said in old

    with Watching(est, X, is_right) as watching:
        for _ in range(4):
            est.fit(OTHERS, OTHERS[:, 0])
            est.fit(X, y)
    assert not watching.wrong
    assert list(answers_of(est, X)) == old


@pytest.mark.parametrize("method", ["fit", "partial_fit", "initialize"])
def test_nothing_is_written_before_the_commit(method, monkeypatch):
    """During training, the attributes are those from before."""
    est = NeuronClassifier(5, max_iter=3, random_state=0).fit(X, CLASSES)
    before = dict(vars(est))
    seen = []

    def looking(*args, _real=NeuronClassifier._commit, **kwargs):
        seen.append(dict(vars(est)))
        return _real(*args, **kwargs)

    monkeypatch.setattr(NeuronClassifier, "_commit", looking)
    getattr(est, method)(X, CLASSES)
    (during,) = seen
    during.pop("_callback_fit_ctx", None)
    during.pop("_skl_callbacks_to_teardown", None)
    assert during.keys() == before.keys()
    assert all(during[name] is before[name] for name in before)
    assert est.coefs_ is not before["coefs_"]


def test_feature_names_belong_to_the_network_fitted_with_them():
    pd = pytest.importorskip("pandas")
    est = NeuronClassifier(3, max_iter=2).fit(pd.DataFrame(X, columns=["a", "b"]), y)
    assert list(est.feature_names_in_) == ["a", "b"]
    with pytest.raises(ValueError, match="NaN"):
        est.fit(np.full((4, 2), np.nan), [0, 1, 0, 1])
    assert list(est.feature_names_in_) == ["a", "b"]
    est.fit(X, y)
    assert not hasattr(est, "feature_names_in_")


def test_callbacks_do_not_see_feature_names_of_the_last_fit():
    """If a callback fails at the end of fit, nothing changes."""
    callback = pytest.importorskip("sklearn.callback")
    pd = pytest.importorskip("pandas")
    est = NeuronClassifier(3, max_iter=2, random_state=0)
    est.fit(pd.DataFrame(X, columns=["a", "b"]), y)
    est.set_callbacks(callback.ScoringMonitor(scoring="accuracy")).fit(X, y)

    class Failing:
        def setup(self, estimator, context):
            pass

        teardown = on_fit_task_begin = setup

        def on_fit_task_end(self, estimator, context):
            if context.parent is None:
                raise RuntimeError("at the end")

    before = dict(vars(est.set_callbacks(Failing())))
    with pytest.raises(RuntimeError, match="at the end"):
        est.set_params(hidden_layer_sizes=5).fit(X, y)
    after = dict(vars(est))
    assert after.pop("hidden_layer_sizes") != before.pop("hidden_layer_sizes")
    assert after.keys() == before.keys()
    assert all(after[name] is before[name] for name in before)


def test_attributes_set_by_another_thread_are_kept():
    est = NeuronClassifier(alpha=1)
    with successor(est) as (twin, _):
        twin.coefs_ = []
        est.set_params(alpha=2)
        est.note = "mine"
    assert (est.alpha, est.note, est.coefs_) == (2, "mine", [])


def test_an_error_changes_nothing():
    est, curve = NeuronClassifier(), [1]
    with suppress(KeyboardInterrupt), successor(est) as (twin, additions):
        twin.coefs_ = []
        additions.append((curve, [2]))
        raise KeyboardInterrupt
    assert not hasattr(est, "coefs_")
    assert curve == [1]


def test_one_stroke_is_not_parted():
    """Another thread never sees one write without the other."""
    one, other, torn, end = [], [], [], threading.Event()

    def watch():
        while not end.is_set():
            n, m = at_two_lengths()
            if n != m:
                torn.append((n, m))

    def at_two_lengths():
        return tuple(map(len, (one, other)))  # in one instruction

    thread = threading.Thread(target=watch)
    thread.start()
    for number in range(20_000):
        commit_atomically(partial(one.append, number), partial(other.append, number))
    end.set()
    thread.join()
    assert not torn
    assert one == other == list(range(20_000))
