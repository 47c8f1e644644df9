"""Optimizers and schedules against the formulas of their papers in simple cases."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.optimizers import SGD, Adam, AdamW, RMSprop
from skneuron.schedules import (
    Constant,
    Cosine,
    InverseScaling,
    Linear,
    OneCycle,
    Plateau,
)

OPTIMIZERS = [
    SGD(),
    SGD(0),
    SGD(0.9, nesterov=False),
    Adam(),
    AdamW(),
    RMSprop(),
    RMSprop(0.8, momentum=0.5),
]


def run(optimizer, gradients, learning_rate=0.1):
    vector = np.zeros_like(gradients[0])
    state = optimizer.init(vector)
    for gradient in gradients:
        optimizer.update(vector, gradient.copy(), state, learning_rate)
    return vector


def test_momentum_sums_a_geometric_series():
    # After k equal gradients g the velocity is -rate g (1 - m^k) / (1 - m).
    m, n, g = 0.5, 6, np.array([1.0, -2.0])
    velocities = [(1 - m**k) / (1 - m) for k in range(1, n + 1)]
    assert_allclose(run(SGD(m, nesterov=False), [g] * n), -0.1 * g * sum(velocities))


def test_nesterov_is_one_momentum_step_ahead():
    # W is ahead of plain momentum by momentum · velocity.
    m, n, g = 0.5, 6, np.array([1.0, -2.0])
    plain = run(SGD(m, nesterov=False), [g] * n)
    velocity = -0.1 * g * (1 - m**n) / (1 - m)
    assert_allclose(run(SGD(m, nesterov=True), [g] * n), plain + m * velocity)


def test_without_momentum_it_is_gradient_descent():
    gradients = np.random.RandomState(0).normal(size=(5, 3))
    assert_allclose(run(SGD(momentum=0), gradients), -0.1 * gradients.sum(axis=0))


def test_adam_moves_by_the_learning_rate_whatever_the_scale():
    # Equal gradients: both corrected moments are g and g², so each step is rate · sign.
    g = np.array([1e-3, -1.0, 1e4])
    assert_allclose(run(Adam(epsilon=1e-300), [g] * 7), -0.7 * np.sign(g))


def test_adam_by_the_paper():
    # Algorithm 1 with its reordering, one scalar, in plain Python.
    gradients, rate, b1, b2, eps = [0.3, -1.2, 0.7], 0.1, 0.8, 0.95, 1e-2
    w = m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        w -= rate * (1 - b2**t) ** 0.5 / (1 - b1**t) * m / (v**0.5 + eps)
    moved = run(Adam(b1, b2, eps), [np.array([g]) for g in gradients])
    assert_allclose(moved, [w])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_works_in_place_and_keeps_the_precision(optimizer, dtype):
    vector = np.ones(4, dtype)
    state, before = optimizer.init(vector), vector
    optimizer.update(vector, np.ones(4, dtype), state, 0.1)
    assert vector is before
    assert vector.dtype == dtype
    assert (vector != 1).all()
    assert all(a.dtype == dtype for a in vars(state).values() if hasattr(a, "dtype"))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_parameter_may_have_its_own_rate(optimizer):
    gradients = np.random.RandomState(0).normal(size=(5, 3))
    rates = np.array([0.1, 0.0, 0.3])
    together = run(optimizer, gradients, rates)
    for k, rate in enumerate(rates):
        assert_allclose(together[k], run(optimizer, gradients, rate)[k])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_proximal_scale_follows_the_rate_of_each_parameter(optimizer):
    gradients = np.random.RandomState(0).normal(size=(4, 3))
    rates = np.array([0.1, 0.2, 0.3])
    vector = np.zeros(3)
    state = optimizer.init(vector)
    for gradient in gradients:
        optimizer.update(vector, gradient, state, rates)
    together = optimizer.proximal_scale(state, rates)
    for k, rate in enumerate(rates):
        alone = np.broadcast_to(optimizer.proximal_scale(state, rate), 3)
        assert_allclose(together[k], alone[k])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_slots_name_the_arrays_of_the_state(optimizer):
    state = vars(optimizer.init(np.zeros(3)))
    arrays = {name for name, value in state.items() if isinstance(value, np.ndarray)}
    assert set(type(optimizer).slots) == arrays
    assert "kernel_name" in vars(type(optimizer))


def test_rmsprop_by_its_formulas():
    gradients, rate, rho, momentum, eps = [0.3, -1.2, 0.7], 0.1, 0.8, 0.5, 1e-2
    w = v = u = 0.0
    for g in gradients:
        v = rho * v + (1 - rho) * g * g
        u = momentum * u + g / (v**0.5 + eps)
        w -= rate * u
    moved = run(RMSprop(rho, momentum, eps), [np.array([g]) for g in gradients])
    assert_allclose(moved, [w])


# as parameters of the estimators

X, y = make_classification(120, n_informative=5, random_state=0)
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def fit(**params):
    given = {"hidden_layer_sizes": 7, "max_iter": 6, "random_state": 0, **params}
    return NeuronClassifier(**given).fit(X, y)


@pytest.mark.parametrize(
    ("name", "params", "optimizer"),
    [
        ("sgd", {"momentum": 0.5}, SGD(0.5)),
        ("adam", {"beta_1": 0.8, "epsilon": 1e-3}, Adam(0.8, epsilon=1e-3)),
        ("adamw", {"beta_2": 0.9}, AdamW(beta_2=0.9, weight_decay=0.01)),
        ("rmsprop", {"epsilon": 1e-3}, RMSprop(epsilon=1e-3)),
    ],
)
def test_names_stand_for_objects(name, params, optimizer, engine):
    by_name = fit(solver=name, engine=engine, **params)
    by_object = fit(solver=optimizer, engine=engine)
    assert_array_equal(by_name.coefs_[0], by_object.coefs_[0])


def test_weight_decay_is_separate_from_the_gradient(engine):
    """AdamW's first step: that of Adam, from weights shrunk by 1 - rate · decay."""
    start = NeuronClassifier(7, random_state=0).initialize(X, y)
    params = {"learning_rate_init": 0.1, "max_iter": 1, "engine": engine, "alpha": 0}
    adam = fit(solver="adam", **params)
    adamw = fit(solver=AdamW(weight_decay=0.3), **params)
    for W, plain, decayed in zip(start.coefs_, adam.coefs_, adamw.coefs_, strict=True):
        assert_allclose(decayed, plain - 0.1 * 0.3 * W, rtol=1e-9, atol=1e-12)
    for plain, decayed in zip(adam.intercepts_, adamw.intercepts_, strict=True):
        assert_array_equal(decayed, plain)


def test_optimizers_are_cloned_and_tuned():
    search = GridSearchCV(
        NeuronClassifier(solver=AdamW(), max_iter=3),
        {"solver__weight_decay": [0.0, 0.5], "solver__beta_1": [0.9]},
        cv=2,
    ).fit(X, y)
    assert search.best_estimator_.solver.weight_decay in (0.0, 0.5)
    twin = clone(NeuronClassifier(solver=SGD(momentum=0.1)))
    assert twin.solver.momentum == 0.1
    assert repr(AdamW(weight_decay=0.2)) == "AdamW(weight_decay=0.2)"


def test_a_custom_optimizer_runs_on_numpy():
    class SignDescent:
        def init(self, vector):
            return {"steps": 0}

        def update(self, vector, gradient, state, learning_rate):
            state["steps"] += 1
            vector -= learning_rate * np.sign(gradient)

    clf = fit(solver=SignDescent(), alpha=0)
    start = NeuronClassifier(7, random_state=0).initialize(X, y)
    moved = np.abs(clf.coefs_[0] - start.coefs_[0])
    assert moved.max() == pytest.approx(6 * 0.001)
    assert clf._state.optimizer_state == {"steps": 6}
    clf.partial_fit(X, y)
    assert clf._state.optimizer_state == {"steps": 7}
    pickle.dumps(fit(solver=SGD()))
    with pytest.raises(ValueError, match="engine='compiled' cannot do this"):
        fit(solver=SignDescent(), engine="compiled")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"solver": "sdg"}, "'solver' parameter of NeuronClassifier"),
        ({"solver": AdamW(weight_decay=-1)}, "'weight_decay' parameter of AdamW"),
        ({"solver": RMSprop(rho=1)}, "'rho' parameter of RMSprop"),
        ({"learning_rate": "cosin"}, "'learning_rate' parameter of NeuronClassifier"),
        ({"learning_rate": OneCycle(warmup=2)}, "'warmup' parameter of OneCycle"),
        ({"learning_rate": Plateau(factor=1)}, "'factor' parameter of Plateau"),
    ],
)
def test_errors_of_bad_optimizers(params, message):
    with pytest.raises(ValueError, match=message):
        fit(**params)


# schedules


def test_schedules_by_samples():
    assert Constant(0.3)(0, 0) == Constant(0.3)(10**6, 10) == 0.3
    assert InverseScaling(0.3, 0.5)(0, 0) == 0.3
    assert_allclose(InverseScaling(0.3, 0.5)(99, 5), 0.03)


def test_cosine():
    # Loshchilov and Hutter, equation 5, with one period
    progress = np.linspace(0, 1, 7)
    expected = 0.1 + 0.5 * (1 - 0.1) * (1 + np.cos(progress * np.pi))
    assert_allclose([Cosine(final=0.1)(p) for p in progress], expected)


def test_linear():
    schedule = Linear(warmup=0.2, start=0.5, final=0.1)
    rates = [schedule(p) for p in (0, 0.1, 0.2, 0.6, 1)]
    assert_allclose(rates, [0.5, 0.75, 1, 0.55, 0.1])
    assert Linear(warmup=0)(0) == 1
    assert Linear(warmup=1, start=0.5)(1) == 1


def test_one_cycle():
    cycle = OneCycle(warmup=0.25, start=0.1, final=0.001)
    rates = [cycle(p) for p in (0, 0.125, 0.25, 0.625, 1)]
    assert_allclose(rates, [0.1, 0.55, 1, 0.5005, 0.001])
    assert OneCycle(warmup=0)(0) == 1
    assert OneCycle(warmup=1, start=0.5)(1) == 1


def rates_of(learning_rate, max_iter, **params):
    """Return the rate of each epoch, from steps of plain gradient descent."""
    params = {"solver": SGD(0), "alpha": 0, "tol": 0, "batch_size": "full"} | params
    reg = NeuronRegressor((), learning_rate=learning_rate, max_iter=max_iter, **params)
    ones = np.ones((4, 1))
    # an absolute error far from its minimum: its derivative is always -1
    reg.set_params(loss="absolute_error", fit_intercept=False, init="zeros")
    steps, before = [], 0.0
    reg.initialize(ones, 1e6 * ones.ravel())
    for _ in range(max_iter):
        reg.partial_fit(ones, 1e6 * ones.ravel())
        steps.append(reg.coefs_[0][0, 0] - before)
        before = reg.coefs_[0][0, 0]
    reg.fit(ones, 1e6 * ones.ravel())
    assert_allclose(reg.coefs_[0][0, 0], before)  # one fit does the same
    return np.array(steps)


@pytest.mark.parametrize("learning_rate", ["cosine", "one_cycle", lambda p: 1 - p**2])
def test_progress_goes_from_the_first_epoch_to_the_last(learning_rate, engine):
    factor = {"cosine": Cosine(), "one_cycle": OneCycle()}.get(
        learning_rate, learning_rate
    )
    rates = rates_of(learning_rate, 5, learning_rate_init=0.5, engine=engine)
    assert_allclose(rates, [0.5 * factor(k / 5) for k in range(5)], rtol=1e-6)


@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "rmsprop"])
def test_every_solver_takes_schedules(solver, engine):
    constant = fit(solver=solver, engine=engine)
    for learning_rate in ("cosine", "one_cycle", OneCycle(warmup=0.1), lambda p: 0.5):
        clf = fit(solver=solver, engine=engine, learning_rate=learning_rate)
        assert not np.allclose(clf.coefs_[0], constant.coefs_[0])
    half = fit(solver=solver, engine=engine, learning_rate_init=0.0005)
    halved = fit(solver=solver, engine=engine, learning_rate=lambda p: 0.5)
    assert_allclose(halved.coefs_[0], half.coefs_[0], rtol=1e-12)


def test_a_restarted_fit_restarts_the_schedule():
    params = {"learning_rate": "cosine", "solver": "sgd", "warm_start": True}
    clf = fit(**params).fit(X, y)
    again = fit(**params)
    again._state.epochs_seen = 3  # has no effect
    assert_array_equal(clf.coefs_[0], again.fit(X, y).coefs_[0])


def test_partial_fit_warns_when_its_schedule_has_ended():
    reg = NeuronRegressor(2, learning_rate="cosine", max_iter=3, random_state=0)
    for _ in range(3):
        reg.partial_fit(X, y)
    learned = reg.coefs_[0].copy()
    with pytest.warns(UserWarning, match=r"max_iter=3 epochs.*Cosine.*rate 0\. Set"):
        reg.partial_fit(X, y)
    assert_array_equal(reg.coefs_[0], learned)
    reg.partial_fit(X, y)  # warns only once


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_plateau_lowers_the_rate_when_nothing_improves(solver, engine, capsys):
    """With an unreachable tol, after every patience + 1 epochs."""
    params = {"solver": solver, "tol": 1e3, "n_iter_no_change": 50, "engine": engine}
    clf = fit(learning_rate=Plateau(0.5, patience=2), max_iter=7, **params)
    # the first epoch always improves; then, twice, three epochs do not
    assert clf._state.plateau_scale == 0.25
    fit(learning_rate="plateau", verbose=True, max_iter=7, **params)
    assert "the learning rate is 0.2 of its start" in capsys.readouterr().out


def test_plateau_uses_the_score_with_early_stopping():
    clf = fit(
        learning_rate=Plateau(patience=1),
        early_stopping=True,
        max_iter=30,
        validation_fraction=0.3,
    )
    scores = clf.validation_scores_
    scale, best, waited = 1.0, -np.inf, 0
    for score in scores:
        waited = 0 if score >= best + clf.tol else waited + 1
        best = max(best, score)
        if waited > 1:
            scale, waited = scale * 0.2, 0
    assert_allclose(clf._state.plateau_scale, scale)
    assert scale < 1


def test_adam_ignores_scikit_learn_s_schedules():
    """As in scikit-learn; other solvers do."""
    plain = fit(solver="adam")
    for name in ("invscaling", "adaptive"):
        with pytest.warns(UserWarning, match=f"learning_rate='{name}' has no effect"):
            ignoring = fit(learning_rate=name)
        assert_array_equal(ignoring.coefs_[0], plain.coefs_[0])
    by_object = fit(solver=Adam(), learning_rate="invscaling")
    assert not np.allclose(by_object.coefs_[0], plain.coefs_[0])


class Counting:
    """An optimizer whose state is more than arrays the size of the parameters."""

    class State:
        def __init__(self):
            self.rates, self.total = [], np.array(0)

    def init(self, vector):
        return Counting.State()

    def update(self, vector, gradient, state, learning_rate):
        state.rates.append(learning_rate)
        state.total += 1
        vector -= learning_rate * gradient


@pytest.mark.parametrize("fit_intercept", [False, True])
def test_a_failed_call_leaves_the_state_unchanged(fit_intercept):
    params = {"fit_intercept": fit_intercept, "random_state": 0}
    reg = NeuronRegressor(5, solver=Counting(), **params).partial_fit(X, y)
    with pytest.raises(ValueError, match="non-finite"):
        reg.partial_fit(X * 1e200, y)
    state = reg._state.optimizer_state
    assert (len(state.rates), state.total, state.total.dtype.kind) == (1, 1, "i")
