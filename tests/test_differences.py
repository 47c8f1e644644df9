"""Differences from scikit-learn's MLP: a test for each row of docs/differences.md."""

import pickle
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import rankdata
from sklearn.datasets import make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._engines import Samples
from skneuron._training import validation

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def moons():
    return make_moons(120, noise=0.25, random_state=0)


def held_out(y, strata, fraction=0.1, seed=0):
    """Return the rows that early stopping would hold out."""
    samples = Samples(np.zeros((len(y), 1)), y, None, np.dtype(float))
    rng = np.random.RandomState(seed)
    return validation.split(samples, fraction, strata, rng)[1]


@pytest.mark.parametrize("seed", range(20))
def test_hold_out_is_stratified_for_several_classes(seed):
    y = np.repeat([0, 1, 2], [80, 80, 10])
    rows = held_out(y, y, 0.2, seed)
    assert_array_equal(np.bincount(y[rows]), [16, 16, 2])
    # scikit-learn does not stratify, and loses the rare class for some of these seeds


def test_the_estimator_passes_its_classes_on(monkeypatch):
    seen = {}

    def spy(samples, fraction, strata, random_state):
        seen["strata"] = strata
        return None, None

    monkeypatch.setattr("skneuron._training.fitting.split", spy)
    X, y = np.random.RandomState(0).normal(size=(60, 2)), np.repeat([5, 7, 9], 20)
    NeuronClassifier(early_stopping=True, max_iter=2).fit(X, y)
    assert_array_equal(seen["strata"], np.repeat([0, 1, 2], 20))
    NeuronClassifier(early_stopping=True, max_iter=2).fit(X[:40], y[:40])
    assert_array_equal(seen["strata"], np.repeat([0, 1], 20))
    NeuronClassifier(early_stopping=True, max_iter=2).fit(X, np.eye(3)[[0, 1, 2] * 20])
    assert seen["strata"] is None
    NeuronRegressor(early_stopping=True, max_iter=2).fit(X, y)
    assert seen["strata"] is None


@pytest.mark.parametrize("counts", [[59, 1], [30, 29, 1], [10] * 6])
def test_a_class_too_small_to_stratify_is_a_warning(counts):
    y = np.repeat(np.arange(len(counts)), counts)
    X = np.random.RandomState(0).normal(size=(60, 2))
    clf = NeuronClassifier(early_stopping=True, max_iter=3, validation_fraction=0.08)
    with pytest.warns(UserWarning, match="not stratified"):
        clf.fit(X, y)
    assert len(clf.validation_scores_) == 3


def test_a_hold_out_of_a_few_samples_is_a_warning_and_scores_all():
    X, y = make_moons(20, random_state=0)
    clf = NeuronClassifier(early_stopping=True, max_iter=3, random_state=0)
    with pytest.warns(UserWarning, match="would hold out 2 of 20 samples"):
        clf.fit(X, y)
    plain = NeuronClassifier(max_iter=3, random_state=0).fit(X, y)
    assert clf.loss_curve_ == plain.loss_curve_
    assert len(clf.validation_scores_) == 3


def test_warm_start_returns_the_best_weights(moons):
    X, y = moons
    clf = NeuronClassifier(
        8,
        early_stopping=True,
        warm_start=True,
        learning_rate_init=0.5,  # so large that later epochs are worse
        validation_fraction=0.3,
        n_iter_no_change=30,
        max_iter=25,
        random_state=0,
    )
    clf.fit(X, y)
    clf.fit(X, y)
    second = clf.validation_scores_[-clf.n_iter_ :]

    # The second fit draws no weights, so the split is the first draw of random_state=0.
    _, rows = train_test_split(
        np.arange(len(y)), test_size=0.3, random_state=0, stratify=y
    )
    score = clf.score(X[rows], y[rows])
    assert_allclose(score, clf.best_validation_score_)
    assert score >= max(second)
    assert score > second[-1], "the last weights are the best: this tests nothing"


def test_warm_start_keeps_the_weights_it_started_from_if_nothing_beats_them(moons):
    X, y = moons
    clf = NeuronClassifier(8, early_stopping=True, warm_start=True, random_state=0)
    clf.set_params(learning_rate_init=0.05, validation_fraction=0.4).fit(X, y)
    before = [W.copy() for W in clf.coefs_]
    clf.set_params(learning_rate_init=10.0, max_iter=5).fit(X, y)
    assert max(clf.validation_scores_[-5:]) <= clf.best_validation_score_
    assert_array_equal(clf.coefs_[0], before[0])


def test_warm_start_learns_from_new_data_however_good_the_old_score():
    X, y = make_moons(200, noise=0.05, random_state=0)
    params = {"batch_size": 20, "learning_rate_init": 0.02, "n_iter_no_change": 50}
    clf = NeuronClassifier(
        20, "tanh", early_stopping=True, warm_start=True, random_state=0, **params
    ).fit(X, y)
    assert clf.best_validation_score_ > 0.9
    noisy = np.where(np.random.RandomState(0).uniform(size=200) < 0.3, y, 1 - y)
    old = clf.score(X, noisy)
    clf.fit(X, noisy)
    assert clf.best_validation_score_ < 0.9  # nothing on the new data beats the old
    assert clf.score(X, noisy) > old + 0.1


def test_there_is_no_partial_fit_with_lbfgs():
    for cls in (NeuronClassifier, NeuronRegressor):
        assert not hasattr(cls(solver="lbfgs"), "partial_fit")
        assert hasattr(cls(), "partial_fit")
        with pytest.raises(AttributeError) as error:
            _ = cls(solver="lbfgs").partial_fit
        assert "stochastic" in str(error.value.__cause__)


def test_there_is_no_partial_fit_with_early_stopping():
    clf = NeuronClassifier(early_stopping=True)
    assert not hasattr(clf, "partial_fit")
    assert hasattr(clf.set_params(early_stopping=False), "partial_fit")


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_a_batch_without_weight_is_skipped(solver, moons):
    X, y = moons
    weight = np.ones(120)
    weight[30:60] = 0
    kept = weight > 0
    params = {
        "batch_size": 30,
        "shuffle": False,
        "max_iter": 5,
        "random_state": 0,
        "solver": solver,
    }
    clf = NeuronClassifier(**params).fit(X, y, sample_weight=weight)
    without = NeuronClassifier(**params).fit(X[kept], y[kept])
    assert_allclose(clf.coefs_[0], without.coefs_[0])
    assert_allclose(clf.loss_curve_, without.loss_curve_)


def test_partial_fit_continues_the_random_stream(moons):
    # As scikit-learn does with a RandomState instance instead of a seed.
    X, y = moons
    ours = NeuronClassifier(batch_size=16, random_state=3)
    theirs = MLPClassifier(batch_size=16, random_state=np.random.RandomState(3))
    repeating = MLPClassifier(batch_size=16, random_state=3)
    for _ in range(4):
        for clf in (ours, theirs, repeating):
            clf.partial_fit(X, y, classes=[0, 1])
    assert_allclose(ours.loss_curve_, theirs.loss_curve_)
    assert np.abs(np.subtract(ours.loss_curve_, repeating.loss_curve_)).max() > 1e-6


def test_partial_fit_honours_a_changed_learning_rate(moons):
    X, y = moons
    clf = NeuronClassifier(solver="sgd", momentum=0, random_state=0)
    clf.partial_fit(X, y, classes=[0, 1])
    before = clf.coefs_[0].copy()
    clf.set_params(learning_rate_init=1e-12).partial_fit(X, y)
    assert_allclose(clf.coefs_[0], before, rtol=0, atol=1e-11)
    clf.set_params(learning_rate_init=0.1).partial_fit(X, y)
    assert np.abs(clf.coefs_[0] - before).max() > 1e-3


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"hidden_layer_sizes": (7,)}, r"hidden_layer_sizes=\(7,\)"),
        ({"hidden_layer_sizes": (5, 5)}, "set warm_start=False"),
    ],
)
def test_warm_start_with_another_network_is_an_error(change, match, moons):
    X, y = moons
    clf = NeuronClassifier((5,), warm_start=True, max_iter=3).fit(X, y)
    before = [W.copy() for W in clf.coefs_]
    with pytest.raises(ValueError, match=match):
        clf.set_params(**change).fit(X, y)
    clf.set_params(hidden_layer_sizes=(5,))
    assert_array_equal(clf.coefs_[0], before[0])
    clf.fit(X, y)


def test_warm_start_with_other_features_is_an_error(moons):
    X, y = moons
    clf = NeuronClassifier((5,), warm_start=True, max_iter=3).fit(X, y)
    with pytest.raises(ValueError, match="X has 3 features, but NeuronClassifier is"):
        clf.fit(np.c_[X, X[:, 0]], y)
    assert clf.n_features_in_ == 2
    reg = NeuronRegressor((5,), warm_start=True, max_iter=3).fit(X, y)
    with pytest.raises(ValueError, match=r"these data require \(2, 5, 2\)"):
        reg.fit(X, np.c_[y, y])
    assert reg.n_outputs_ == 1


def test_early_stopping_with_lbfgs_is_a_warning(moons):
    with pytest.warns(UserWarning, match="early_stopping=True has no effect"):
        NeuronClassifier(solver="lbfgs", early_stopping=True, max_iter=5).fit(*moons)


def test_lbfgs_has_a_loss_curve(moons):
    clf = NeuronClassifier(solver="lbfgs", max_iter=30, random_state=0).fit(*moons)
    assert len(clf.loss_curve_) == clf.n_iter_ == 30
    assert (np.diff(clf.loss_curve_) < 0).all()
    assert clf.loss_curve_[-1] == clf.loss_ == clf.best_loss_


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_log_probabilities_are_finite(n_classes, dtype):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(60, 2)), np.arange(60) % n_classes
    clf = NeuronClassifier((), max_iter=3, random_state=0, dtype=dtype).fit(X, y)
    clf.coefs_[0] *= 1e4
    p, log_p = clf.predict_proba(X), clf.predict_log_proba(X)
    assert ((p > 0) & (p < 1)).all()
    assert_allclose(p.sum(axis=1), 1, rtol=1e-6)
    assert p.min() == np.finfo(dtype).tiny  # the softmax underflows
    assert_array_equal(log_p, np.log(p))
    assert np.isfinite(log_p).all()


@pytest.mark.parametrize("kind", ["binary", "multiclass", "labels", "columns"])
def test_log_probabilities_have_the_order_of_probabilities(kind):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(200, 3)), np.arange(200) % 3
    targets = {"binary": y > 0, "multiclass": y, "labels": np.c_[y > 0, y > 1]}
    targets["columns"] = np.c_[y, y > 0].astype(int)
    clf = NeuronClassifier((), max_iter=3, random_state=0).fit(X, targets[kind])
    clf.coefs_[0] *= 1e5  # far beyond where probabilities round to 0 and 1
    both = clf.predict_proba(X), clf.predict_log_proba(X)
    for p, log_p in zip(*both, strict=True) if kind == "columns" else [both]:
        for column, of_log in zip(p.T, log_p.T, strict=True):
            assert_array_equal(rankdata(column), rankdata(of_log))


@pytest.mark.parametrize(
    ("params", "copies"),
    [
        ({"solver": "adam"}, 3),
        ({"solver": "sgd"}, 2),
        ({"solver": "lbfgs"}, 1),
        ({"solver": "adam", "early_stopping": True}, 3),
    ],
)
def test_a_pickle_holds_weights_and_optimizer_state_only(params, copies, moons):
    X = np.random.RandomState(0).normal(size=(120, 300))
    clf = NeuronClassifier(300, max_iter=2, **params).fit(X, moons[1])
    weights = sum(a.nbytes for a in (*clf.coefs_, *clf.intercepts_))
    rest = 12_000  # parameters, class names, the stream of random numbers
    assert len(pickle.dumps(clf)) < copies * weights + rest


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_partial_fit_continues_exactly_after_pickling(solver, moons):
    X, y = moons
    clf = NeuronClassifier(solver=solver, batch_size=20, random_state=0)
    for _ in range(3):
        clf.partial_fit(X, y, classes=[0, 1])
    again = pickle.loads(pickle.dumps(clf))
    for _ in range(3):
        clf.partial_fit(X, y)
        again.partial_fit(X, y)
    assert_array_equal(again.coefs_[0], clf.coefs_[0])
    assert again.loss_curve_ == clf.loss_curve_


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_float32_stays(solver, moons):
    X, y = moons
    clf = NeuronClassifier(solver=solver, max_iter=5, random_state=0)
    clf.fit(X.astype(np.float32), y)
    assert {a.dtype for a in (*clf.coefs_, *clf.intercepts_)} == {np.dtype("float32")}
    assert clf.predict_proba(X.astype(np.float32)).dtype == np.float32
    # and it is the fit in float64, rounded
    exact = NeuronClassifier(solver=solver, max_iter=5, random_state=0).fit(X, y)
    assert_allclose(clf.coefs_[0], exact.coefs_[0], atol=1e-4)


@pytest.mark.parametrize(
    ("loss", "y", "match"),
    [("poisson", -1.0, "needs y >= 0; the smallest is -1.0"), ("gamma", 0.0, "y > 0")],
)
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_targets_out_of_range_are_an_error(method, loss, y, match):
    X = np.ones((5, 1))
    with pytest.raises(ValueError, match=rf"out of the valid range of loss.*{match}"):
        getattr(NeuronRegressor(loss=loss), method)(X, [1.0, 2.0, y, 1.0, 1.0])


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.filterwarnings("ignore:early_stopping")
def test_one_class_has_one_column_of_ones(solver, early_stopping):
    X, y = np.random.RandomState(0).normal(size=(50, 2)), ["only"] * 50
    clf = NeuronClassifier(solver=solver, max_iter=5, early_stopping=early_stopping)
    clf.fit(X, y)
    assert_array_equal(clf.classes_, ["only"])
    assert_array_equal(clf.predict_proba(X), np.ones((50, 1)))
    assert_array_equal(clf.predict_log_proba(X), np.zeros((50, 1)))
    assert_array_equal(clf.predict(X), y)
    if clf.validation_scores_ is not None:
        assert set(clf.validation_scores_) == {1.0}


def test_a_failed_first_fit_leaves_nothing(moons):
    X, y = moons
    for fail in (
        lambda reg: reg.fit(X * 1e200, y),
        lambda reg: reg.partial_fit(X * 1e200, y),
        lambda reg: reg.set_params(solver="lbfgs").fit(X * 1e200, y),
    ):
        reg = NeuronRegressor(10, "identity", random_state=0)
        with pytest.raises(ValueError, match="non-finite"):
            fail(reg)
        assert [name for name in vars(reg) if name.endswith("_")] == []


@pytest.mark.parametrize("kind", [NeuronClassifier, NeuronRegressor])
@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_intercepts_can_be_switched_off(kind, solver, moons):
    X, y = moons
    est = kind(5, solver=solver, warm_start=True, max_iter=3, random_state=0).fit(X, y)
    est.set_params(fit_intercept=False).fit(X, y)
    assert all((b == 0).all() for b in est.intercepts_)
    if solver != "lbfgs":
        est.set_params(fit_intercept=True).partial_fit(X, y)
        est.set_params(fit_intercept=False).partial_fit(X, y)
        assert all((b == 0).all() for b in est.intercepts_)


@pytest.mark.parametrize("solver", ["adam", "sgd", "rmsprop"])
def test_biases_that_were_switched_off_leave_no_momentum(solver, moons, engine):
    """The optimizer state of the biases is zero, as if there had never been any."""
    X, y = moons
    params = {"solver": solver, "random_state": 0, "shuffle": False, "engine": engine}
    est = NeuronClassifier(5, **params).partial_fit(X, y, classes=[0, 1])
    est.set_params(fit_intercept=False).partial_fit(X, y)
    state = vars(est._state.optimizer_state)
    n_biases = sum(b.size for b in est.intercepts_)
    moments = [m for m in state.values() if isinstance(m, np.ndarray)]
    assert moments
    assert all((m[-n_biases:] == 0).all() for m in moments)
    assert any(m[:-n_biases].any() for m in moments)


def test_partial_fit_may_change_the_precision(moons):
    X, y = moons
    clf = NeuronClassifier(5, random_state=0).partial_fit(X, y, classes=[0, 1])
    for dtype in ("float32", "float64"):
        clf.set_params(dtype=dtype).partial_fit(X, y)
        assert clf.coefs_[0].dtype == dtype


def test_a_constant_rate_forgets_the_divisions_of_the_adaptive_one(moons):
    X, y = moons
    params = {"solver": "sgd", "momentum": 0, "random_state": 0, "n_iter_no_change": 1}
    reg = NeuronRegressor(5, learning_rate="adaptive", tol=100.0, **params)
    for _ in range(8):
        reg.partial_fit(X, y)
    before = reg.coefs_[0].copy()
    reg.partial_fit(X, y)
    small_step = np.abs(reg.coefs_[0] - before).max()
    before = reg.coefs_[0].copy()
    reg.set_params(learning_rate="constant").partial_fit(X, y)
    assert np.abs(reg.coefs_[0] - before).max() > 20 * small_step


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_training_stops_at_the_first_loss_that_is_not_finite(solver, capsys):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(50, 2)), rng.normal(size=50)
    reg = NeuronRegressor(solver=solver, verbose=True, max_iter=500, random_state=0)
    reg.fit(X, y)
    capsys.readouterr()
    before = pickle.dumps(reg)

    with pytest.raises(ValueError, match=r"non-finite .* unscaled features"):
        reg.fit(X * 1e200, y)
    assert len(capsys.readouterr().out.splitlines()) < 5
    assert pickle.dumps(reg) == before
    reg.predict(X)


@pytest.mark.parametrize(
    ("scale_X", "scale_y", "rate", "match"),
    [
        (1e160, 1, 1e-3, "StandardScaler"),
        (1, 1e200, 1e-3, "unscaled targets.*TransformedTargetRegressor"),
        (1, 1, 1e30, r"learning rate: try learning_rate_init=1e\+29 instead of 1e\+30"),
    ],
)
def test_divergence_names_the_likely_cause(scale_X, scale_y, rate, match):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(50, 2)) * scale_X, rng.normal(size=50) * scale_y
    reg = NeuronRegressor(
        10, "identity", solver="sgd", learning_rate_init=rate, random_state=0
    )
    with pytest.raises(ValueError, match=match):
        reg.fit(X, y)
    assert not hasattr(reg, "coefs_")


def test_a_failed_fit_on_other_data_leaves_everything(moons):
    X, y = moons
    reg = NeuronRegressor(max_iter=3, random_state=0).fit(X, y)
    before = pickle.dumps(reg)
    with pytest.raises(ValueError, match="non-finite"):
        reg.fit(X[:, :1] * 1e200, np.c_[y, y])
    assert pickle.dumps(reg) == before
    reg.predict(X)


def test_a_partial_fit_that_diverges_leaves_the_state_of_the_optimizer(moons):
    X, y = moons
    regs = [NeuronRegressor(5, random_state=0, batch_size=16) for _ in range(2)]
    for reg in regs:
        reg.partial_fit(X, y)
    with pytest.raises(ValueError, match="non-finite"):
        regs[0].partial_fit(X, y * 1e300)
    for reg in regs:
        reg.partial_fit(X, y)
    assert_array_equal(regs[0].coefs_[0], regs[1].coefs_[0])
    assert regs[0].loss_curve_ == regs[1].loss_curve_


def test_a_failed_partial_fit_leaves_the_model(moons):
    X, y = moons
    clf = NeuronClassifier(random_state=0).partial_fit(X, y, classes=[0, 1])
    before = pickle.dumps(clf)
    for bad in (
        lambda: clf.partial_fit(X * np.nan, y),
        lambda: clf.partial_fit(X, y + 5),
        lambda: clf.partial_fit(X[:, :1], y),
        lambda: clf.partial_fit(X, y, classes=[0, 1, 2]),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            bad()
        assert pickle.dumps(clf) == before
    clf.partial_fit(X, y)


def test_no_convergence_warns_as_scikit_learn_does(moons):
    match = "Maximum iterations \\(2\\) reached"
    with pytest.warns(ConvergenceWarning, match=match):
        NeuronClassifier(max_iter=2).fit(*moons)
    with pytest.warns(ConvergenceWarning, match=r"Increase max_iter=2\."):
        NeuronClassifier(max_iter=2, solver="lbfgs").fit(*moons)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        NeuronClassifier(solver="lbfgs", alpha=10, tol=1e-3, random_state=0).fit(*moons)
