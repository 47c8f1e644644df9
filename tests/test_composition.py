"""Inside scikit-learn: pipelines, searches, ensembles, inspection, copies, routing."""

import copy
import pickle

import joblib
import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_digits, make_moons
from sklearn.ensemble import BaggingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.inspection import DecisionBoundaryDisplay, permutation_importance
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    cross_val_predict,
    cross_val_score,
)
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler
from sklearn.utils import estimator_html_repr

from skneuron import NeuronClassifier, NeuronRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(scope="module")
def moons():
    return make_moons(200, noise=0.2, random_state=0)


@pytest.fixture
def network():
    return NeuronClassifier(
        10, "tanh", learning_rate_init=0.05, max_iter=300, random_state=0
    )


def test_grid_search_over_hidden_sizes_in_a_pipeline(network, moons):
    search = GridSearchCV(
        make_pipeline(StandardScaler(), network),
        {"neuronclassifier__hidden_layer_sizes": [1, 10, (5, 5)]},
        cv=3,
        n_jobs=2,
    ).fit(*moons)
    assert search.best_score_ > 0.9
    assert search.best_params_["neuronclassifier__hidden_layer_sizes"] != 1


def test_halving_search_with_epochs_as_the_resource(network, moons):
    search = HalvingGridSearchCV(
        network,
        {"hidden_layer_sizes": [1, 2, 10, 20]},
        resource="max_iter",
        min_resources=10,
        max_resources=100,
        factor=3,
        cv=3,
        random_state=0,
    ).fit(*moons)
    assert search.n_resources_[0] < search.n_resources_[-1]
    assert search.best_score_ > 0.8


def test_cross_val_predict(network, moons):
    X, y = moons
    p = cross_val_predict(network, X, y, cv=3, method="predict_proba")
    assert p.shape == (200, 2)
    assert accuracy_score(y, p.argmax(axis=1)) > 0.9


def test_calibration_and_bagging(network, moons):
    for meta in (
        CalibratedClassifierCV(network, cv=2),
        BaggingClassifier(network, n_estimators=3, random_state=0),
    ):
        assert meta.fit(*moons).score(*moons) > 0.9


def test_multi_output_classifier(network, moons):
    X, y = moons
    Y = np.c_[y, X[:, 0] > 0]
    meta = MultiOutputClassifier(network).fit(X, Y)
    assert (meta.predict(X) == Y).mean() > 0.9


def test_transformed_target():
    X, y = load_diabetes(return_X_y=True)
    reg = make_pipeline(
        StandardScaler(), NeuronRegressor(5, solver="lbfgs", alpha=1, random_state=0)
    )
    meta = TransformedTargetRegressor(reg, transformer=StandardScaler())
    assert cross_val_score(meta, X, y, cv=3).mean() > 0.3


def test_permutation_importance_finds_the_feature_that_matters(network):
    X = np.random.RandomState(0).normal(size=(200, 3))
    network.fit(X, X[:, 1] > 0)
    importances = permutation_importance(network, X, X[:, 1] > 0, random_state=0)
    assert importances.importances_mean.argmax() == 1


def test_decision_boundary_display(network, moons):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    network.fit(*moons)
    for method in ("predict", "predict_proba", "decision_function"):
        display = DecisionBoundaryDisplay.from_estimator(
            network, moons[0], response_method=method
        )
        assert display.response.shape == (100, 100)
    matplotlib.pyplot.close("all")


@pytest.mark.parametrize(
    "duplicate",
    [
        lambda m, path: pickle.loads(pickle.dumps(m)),
        lambda m, path: copy.deepcopy(m),
        lambda m, path: joblib.load(joblib.dump(m, path / "m.joblib")[0]),
        lambda m, path: joblib.load(joblib.dump(m, path / "m")[0], mmap_mode="r"),
    ],
    ids=["pickle", "deepcopy", "joblib", "joblib-mmap"],
)
def test_copies_predict_the_same(duplicate, network, moons, tmp_path):
    twin = duplicate(network.fit(*moons), tmp_path)
    assert_array_equal(twin.predict_proba(moons[0]), network.predict_proba(moons[0]))
    twin.partial_fit(*moons)


def test_clone_and_set_params(network):
    twin = clone(network).set_params(activation=["relu"], hidden_layer_sizes=(3,))
    assert twin.get_params()["activation"] == ["relu"]
    assert network.activation == "tanh"
    assert "NeuronClassifier(" in repr(twin)


def test_string_labels(network, moons):
    X, y = moons
    names = np.array(["left", "right"])[y]
    network.fit(X, names)
    assert list(network.classes_) == ["left", "right"]
    assert set(network.predict(X)) == {"left", "right"}
    assert network.score(X, names) > 0.9
    network.partial_fit(X, names)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames(library, network, moons):
    module = pytest.importorskip(library)
    X, y = moons
    frame = module.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    labels = module.Series(y)
    network.fit(frame, labels, sample_weight=module.Series(np.ones(200)))
    assert list(network.feature_names_in_) == ["a", "b"]
    plain = clone(network).fit(X, y, sample_weight=np.ones(200))
    assert_allclose(network.predict_proba(frame), plain.predict_proba(X))


def test_frames_in_frames_out(moons):
    pd = pytest.importorskip("pandas")
    X, y = moons
    Y = pd.DataFrame({"u": y * 1.0, "v": X[:, 0]})
    reg = NeuronRegressor(5, max_iter=5).fit(pd.DataFrame(X, columns=["a", "b"]), Y)
    assert reg.predict(pd.DataFrame(X, columns=["a", "b"])).shape == (200, 2)


def test_multilabel(network):
    rng = np.random.RandomState(0)
    X = rng.normal(size=(200, 3))
    Y = (X > 0).astype(int)
    network.fit(X, Y)
    assert network.predict(X).shape == network.predict_proba(X).shape == (200, 3)
    assert network.score(X, Y) == (network.predict(X) == Y).all(axis=1).mean() > 0.8
    as_sparse = clone(network).fit(X, sparse.csr_matrix(Y))
    assert sparse.issparse(as_sparse.predict(X))
    assert_array_equal(as_sparse.predict(X).toarray(), network.predict(X))


def test_score_takes_weights(network, moons):
    X, y = moons
    w = np.random.RandomState(0).uniform(size=200)
    network.fit(X, y)
    expected = accuracy_score(y, network.predict(X), sample_weight=w)
    assert network.score(X, y, sample_weight=w) == expected
    reg = NeuronRegressor(5, max_iter=20).fit(X, y)
    expected = r2_score(y, reg.predict(X), sample_weight=w)
    assert reg.score(X, y, sample_weight=w) == expected


@pytest.mark.parametrize("kind", ["binary", "multiclass", "multilabel", "regression"])
@pytest.mark.parametrize("weighted", [False, True])
def test_validation_scores_are_scikit_learns_scores(kind, weighted):
    # The last epoch is the best one here, so the fitted estimator is what was scored.
    rng = np.random.RandomState(0)
    X = rng.normal(size=(100, 3))
    y = {
        "binary": X[:, 0] > 0,
        "multiclass": X.argmax(axis=1),
        "multilabel": (X > 0).astype(int),
        "regression": X @ [1.0, 2.0, 3.0],
    }[kind]
    w = rng.uniform(size=100) if weighted else None
    cls = NeuronRegressor if kind == "regression" else NeuronClassifier
    est = cls(early_stopping=True, max_iter=1, random_state=0, batch_size=5)
    est.fit(X, y, sample_weight=w)

    from skneuron._training import validation

    seen = {}

    def keep(samples, *args):
        train, held_out = split(samples, *args)
        seen["rows"] = held_out
        return train, held_out

    split = validation.split
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("skneuron._training.fitting.split", keep)
        est.fit(X, y, sample_weight=w)
    rows = seen["rows"]
    expected = est.score(X[rows], y[rows], sample_weight=None if w is None else w[rows])
    assert_allclose(est.validation_scores_, [expected])


def test_sparse_text():
    texts = ["good fine", "bad awful", "fine good good", "awful"] * 20
    labels = [1, 0, 1, 0] * 20
    network = NeuronClassifier(10, solver="lbfgs", random_state=0)
    model = make_pipeline(TfidfVectorizer(), network)
    assert model.fit(texts, labels).score(texts, labels) == 1


def test_metadata_routing(network, moons):
    X, y = moons
    w = np.where(y == 1, 1e6, 1e-6)
    with sklearn.config_context(enable_metadata_routing=True):
        network.set_fit_request(sample_weight=True)
        network.set_score_request(sample_weight=True)
        model = make_pipeline(Normalizer(), network).fit(X, y, sample_weight=w)
    assert (model.predict(X) == 1).all()


def test_it_learns_the_digits():
    X, y = load_digits(return_X_y=True)
    model = make_pipeline(StandardScaler(), NeuronClassifier(32, random_state=0))
    assert cross_val_score(model, X, y, cv=3).mean() > 0.92


@pytest.mark.parametrize("kind", [NeuronClassifier, NeuronRegressor])
def test_the_html_repr_links_to_the_page_of_the_class(kind):
    html = estimator_html_repr(make_pipeline(StandardScaler(), kind(5)))
    page = (
        f"https://skneuron.readthedocs.io/en/stable/api/skneuron.{kind.__name__}.html"
    )
    assert page in html
