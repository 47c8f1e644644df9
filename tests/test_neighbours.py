"""The table "skneuron and its neighbours" in the README: one test for each row."""

from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import make_moons
from sklearn.neural_network import MLPClassifier, MLPRegressor

from skneuron import NeuronClassifier, NeuronRegressor, check_gradient
from skneuron.inspection import diagnose
from skneuron.optimizers import RMSprop
from skneuron.schedules import OneCycle

README = Path(__file__).parents[1] / "README.md"
X, y = make_moons(100, noise=0.2, random_state=0)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def fit(kind=NeuronClassifier, data=(X, y), fit_params=None, **params):
    estimator = kind(6, **{"max_iter": 20, "random_state": 0, **params})
    return estimator.fit(*data, **(fit_params or {}))


def mlp_lacks(*names):
    """Return True if no MLP has such a parameter, argument of fit or attribute."""
    for kind in (MLPClassifier, MLPRegressor):
        mlp = kind(hidden_layer_sizes=(3,), max_iter=2, random_state=0)
        fitted = mlp.fit(X, y)
        there = {*signature(kind).parameters, *signature(kind.fit).parameters}
        if set(names) & {*there, *dir(fitted)}:
            return False
    return True


def class_weights():
    heavy = fit(class_weight={1: 20.0}).predict(X).mean()
    assert heavy > fit().predict(X).mean()
    assert mlp_lacks("class_weight")


def validation():
    clf = fit(scoring="roc_auc", fit_params={"X_val": X, "y_val": y})
    assert len(clf.validation_scores_) == len(clf.validation_loss_curve_) == 20
    assert mlp_lacks("X_val", "scoring", "validation_loss_curve_")


def dropout():
    assert fit(dropout=0.5).loss_ > fit().loss_
    assert mlp_lacks("dropout")


def elastic_net():
    assert (fit(alpha=10, l1_ratio=0.9).coefs_[0] == 0).any()
    assert not (fit(alpha=10).coefs_[0] == 0).any()
    assert mlp_lacks("l1_ratio")


def optimizers():
    for solver in ("adamw", "rmsprop", RMSprop(momentum=0.5)):
        assert fit(solver=solver).loss_curve_ != fit().loss_curve_
        with pytest.raises(ValueError, match="solver"):
            MLPClassifier(solver=solver).fit(X, y)


def schedules():
    for solver in ("sgd", "adam", "adamw", "rmsprop"):
        for rate in ("cosine", OneCycle(), lambda progress: 1 - progress):
            rates = fit(solver=solver, learning_rate=rate).history_["learning_rate"]
            assert rates[-1] < max(rates)
    with pytest.raises(ValueError, match="learning_rate"):
        MLPClassifier(learning_rate="cosine").fit(X, y)


def gradient_norm():
    params = {"solver": "sgd", "momentum": 0, "learning_rate_init": 1.0}
    start = fit(max_iter=1, learning_rate_init=1e-12)
    end = fit(max_iter=1, batch_size="full", max_grad_norm=0.01, **params)
    moved = np.concatenate(
        [
            (a - b).ravel()
            for a, b in zip(
                end.coefs_ + end.intercepts_,
                start.coefs_ + start.intercepts_,
                strict=True,
            )
        ]
    )
    assert_allclose(np.linalg.norm(moved), 0.01, rtol=1e-6)
    assert mlp_lacks("max_grad_norm")


def label_smoothing():
    params = {"solver": "lbfgs", "alpha": 0, "max_iter": 500}
    sure = fit(**params).predict_proba(X).max()
    assert fit(label_smoothing=0.2, **params).predict_proba(X).max() < sure
    assert mlp_lacks("label_smoothing")


class Cosine:
    def value(self, z):
        return np.cos(z)

    def derivative(self, z, a):
        return -np.sin(z)


def custom_parts():
    assert check_gradient(Cosine()) < 1e-6
    assert fit(activation=Cosine(), max_iter=300).score(X, y) > 0.8
    with pytest.raises(ValueError, match="activation"):
        MLPClassifier(activation=Cosine()).fit(X, y)


def quantiles():
    params = {"loss": "quantile", "quantile": [0.1, 0.5, 0.9]}
    p = fit(NeuronRegressor, (X, X[:, 0]), **params).predict(X)
    assert (np.diff(p, axis=1) >= 0).all()
    assert mlp_lacks("quantile")


def initial_weights():
    built = NeuronClassifier(6, random_state=0).initialize(X, y)
    assert built.predict(X).shape == y.shape
    again = fit(max_iter=1, fit_params={"coefs_init": built.coefs_})
    assert_allclose(again.coefs_[0], built.coefs_[0], atol=0.01)
    assert mlp_lacks("coefs_init", "initialize")


def columns_of_classes():
    several = np.column_stack([y, np.arange(100) % 3])
    p = fit(data=(X, several)).predict_proba(X)
    assert [part.shape for part in p] == [(100, 2), (100, 3)]
    with pytest.raises(ValueError, match="Multioutput target data is not supported"):
        MLPClassifier().fit(X, several)


def history():
    frame = pd.DataFrame(fit(solver="lbfgs").history_)
    assert {"loss", "gradient_norm", "seconds"} < set(frame)
    assert mlp_lacks("history_")


def checkpoints(tmp_path):
    callbacks = pytest.importorskip("skneuron.callbacks")
    pytest.importorskip("sklearn.callback")
    path = tmp_path / "checkpoint.pkl"
    clf = NeuronClassifier(6, max_iter=20, random_state=0)
    clf.set_callbacks(callbacks.Checkpoint(path, every=7)).fit(X, y)
    assert_array_equal(
        NeuronClassifier(6, max_iter=20, random_state=0).resume(path, X, y).coefs_[0],
        clf.coefs_[0],
    )
    assert mlp_lacks("resume")


def looking_inside():
    clf = fit()
    assert clf.hidden_activations(X).shape == (100, 6)
    assert clf.input_gradient(X).shape == (100, 2)
    assert mlp_lacks("hidden_activations", "input_gradient")


def diagnosis():
    clf = fit(solver="sgd", learning_rate_init=1e-7)
    assert "learning_rate_too_low" in [f.cause for f in diagnose(clf, X, y)]


def the_same_numbers():
    theirs = MLPClassifier(6, max_iter=20, random_state=0).fit(X, y)
    assert_allclose(fit().predict_proba(X), theirs.predict_proba(X), rtol=1e-7)


ROWS = {
    "class weights": class_weights,
    "custom validation data and metric": validation,
    "dropout": dropout,
    "elastic net, with exact zeros": elastic_net,
    "optimizers other than SGD, Adam and L-BFGS": optimizers,
    "learning-rate schedules for every stochastic solver": schedules,
    "a limit on the gradient's norm": gradient_norm,
    "label smoothing": label_smoothing,
    "custom activations and losses": custom_parts,
    "several quantiles that never cross": quantiles,
    "initial weights; a network without training": initial_weights,
    "several columns of classes": columns_of_classes,
    "the history of every epoch as a table": history,
    "checkpoints, resumed to the last bit": checkpoints,
    "hidden activations; gradients by the input": looking_inside,
    "a diagnosis of a network that does not learn": diagnosis,
    "`MLPClassifier`'s numbers": the_same_numbers,
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_true(row, tmp_path):
    show = ROWS[row]
    show(*[tmp_path] * len(signature(show).parameters))


@pytest.mark.skipif(not README.exists(), reason="away from the source")
def test_the_table_has_these_rows():
    table = README.read_text(encoding="utf-8").partition("its neighbours")[2]
    lines = table.partition("|---|")[2].split("\n\n")[0].splitlines()[1:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row for row, *_ in cells] == list(ROWS)
    for row, skneuron, mlp, *others in cells:
        assert skneuron == "yes"
        assert mlp == ("yes" if "numbers" in row else "no")
        assert set(others) <= {"yes", "code", "no"}
