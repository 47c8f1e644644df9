"""Saving without pickles: the claims of SECURITY.md about skops."""

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.datasets import make_moons

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.layers import Periodic, Scale
from skneuron.optimizers import AdamW

io = pytest.importorskip("skops.io")

PAGE = Path(__file__).parents[1] / "SECURITY.md"
X, y = make_moons(60, noise=0.2, random_state=0)
COMMON = {
    "skneuron._engines.protocol.Objective",
    "skneuron._network.dense.Dense",
    "skneuron._network.network.Network",
    "skneuron._training.state.TrainingState",
    "skneuron.activations.ReLU",
}
CLASSIFIER = {
    "skneuron._estimators.classifier.NeuronClassifier",
    "skneuron._estimators.labels.Labels",
    "skneuron.losses._classification.BinaryLogLoss",
}
REGRESSOR = {
    "skneuron._estimators.regressor.NeuronRegressor",
    "skneuron.losses._squared_error.SquaredError",
}
ADAM = {"skneuron.optimizers.AdamState"}
INPUT_LAYERS = {
    "skneuron._network.periodic.Periodic",
    "skneuron._network.scale.Scale",
    "skneuron.layers.Periodic",
    "skneuron.layers.Scale",
}

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize(
    ("estimator", "types"),
    [
        (NeuronClassifier(5, solver="lbfgs"), CLASSIFIER),
        (NeuronClassifier(5, max_iter=5, early_stopping=True), CLASSIFIER | ADAM),
        (
            NeuronClassifier(5, max_iter=5, solver=AdamW(), dropout=0.2),
            CLASSIFIER | ADAM | {"skneuron.optimizers.AdamW"},
        ),
        (
            NeuronRegressor(5, max_iter=5, solver="sgd"),
            REGRESSOR | {"skneuron.optimizers.SGDState"},
        ),
        (
            NeuronRegressor(5, max_iter=5, input_layers=[Periodic(4), Scale()]),
            REGRESSOR | ADAM | INPUT_LAYERS,
        ),
    ],
)
def test_skops_loads_trusted_types(estimator, types, tmp_path):
    estimator.fit(X, y)
    path = tmp_path / "model.skops"
    io.dump(estimator, path)
    assert set(io.get_untrusted_types(file=path)) == types | COMMON
    loaded = io.load(path, trusted=sorted(types | COMMON))
    assert_array_equal(loaded.predict(X), estimator.predict(X))
    if estimator.solver != "lbfgs" and not estimator.early_stopping:
        loaded.partial_fit(X, y)
        assert_array_equal(loaded.coefs_[0], estimator.partial_fit(X, y).coefs_[0])


def test_skops_refuses_other_types(tmp_path):
    path = tmp_path / "model.skops"
    io.dump(NeuronClassifier(5, solver="lbfgs").fit(X, y), path)
    with pytest.raises(Exception, match="Untrusted types found in the file"):
        io.load(path, trusted=["skneuron._estimators.classifier.NeuronClassifier"])


@pytest.mark.skipif(not PAGE.exists(), reason="away from the source")
def test_the_example_of_the_page_runs(tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(PAGE), "exec"), {})
    assert capsys.readouterr().out == f"{np.array([0, 0, 0])}\n"
