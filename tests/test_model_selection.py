"""Model selection: comparisons on the same folds, and the one-standard-error rule."""

import pickle
import sys
from functools import cache
from time import sleep
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import ttest_rel
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_diabetes, make_moons
from sklearn.dummy import DummyClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    HalvingGridSearchCV,
    KFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.parallel import Parallel

from skneuron import NeuronClassifier
from skneuron.inspection import CompareDisplay, HiddenSizeDisplay
from skneuron.model_selection import Comparison, compare, one_standard_error
from skneuron.model_selection._compare import _parallel
from skneuron.model_selection._corrected_t_test import corrected_t_test

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = make_moons(90, noise=0.3, random_state=0)
PARAMS = {"hidden_layer_sizes": 3, "max_iter": 15, "random_state": 0}
SIZES = "hidden_layer_sizes"


def comparison_of(scores, times=None, n_train=80, n_test=20, **params):
    """Return a comparison of given scores."""
    scores = {name: np.asarray(s, float) for name, s in scores.items()}
    n = len(next(iter(scores.values())))
    times = times or {name: np.full(n, 0.5) for name in scores}
    sizes = {"n_train": np.full(n, n_train), "n_test": np.full(n, n_test)}
    return Comparison(scores, times, times, **sizes, **params)


# the same folds


class Seen(ClassifierMixin, BaseEstimator):
    """Record the samples that are fitted and scored."""

    folds = []

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.folds.append(X[:, 0])
        return self

    def score(self, X, y):
        self.folds.append(X[:, 0])
        return 1.0


def test_scores_are_those_of_cross_val_score():
    estimators = {
        "mlp": MLPClassifier(**PARAMS),
        "neuron": NeuronClassifier(**PARAMS),
        "pipe": make_pipeline(StandardScaler(), LogisticRegression()),
    }
    comparison = compare(estimators, X, y, cv=3, scoring="neg_log_loss")
    assert comparison.names == list(estimators)
    for name, estimator in estimators.items():
        expected = cross_val_score(estimator, X, y, cv=3, scoring="neg_log_loss")
        assert_allclose(comparison.scores[name], expected, rtol=1e-6)
        assert not hasattr(estimator, "classes_")
    assert_array_equal([comparison.n_train, comparison.n_test], [[60] * 3, [30] * 3])
    assert (np.array(list(comparison.fit_times.values())) > 0).all()
    assert (np.array(list(comparison.predict_times.values())) > 0).all()


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_a_splitter_without_a_seed_splits_once(n_jobs):
    """On different folds, two equal estimators would differ."""
    cv = ShuffleSplit(4, test_size=0.3)
    same = [LogisticRegression(), LogisticRegression()]
    pair = compare(same, X, y, cv, scoring="neg_log_loss", n_jobs=n_jobs)
    first, second = pair.scores.values()
    assert_array_equal(first, second)
    assert len(set(first)) > 1
    assert_array_equal(pair.p_values, [np.nan, 1])


def test_every_estimator_sees_the_same_samples():
    Seen.folds.clear()
    compare([Seen(), Seen()], X, y, cv=StratifiedKFold(3, shuffle=True))
    assert len(Seen.folds) == 12
    for k in range(0, 12, 4):  # fold by fold: fit and score of one, then of the other
        assert_array_equal(Seen.folds[k], Seen.folds[k + 2])
        assert_array_equal(Seen.folds[k + 1], Seen.folds[k + 3])


class SlowToFit(Seen):
    def fit(self, X, y):
        sleep(0.03)
        return super().fit(X, y)


class SlowToScore(Seen):
    def score(self, X, y):
        sleep(0.03)
        return super().score(X, y)


def test_times_are_of_the_fit_and_of_the_score():
    comparison = compare([SlowToFit(), SlowToScore()], X, y, cv=3)
    assert comparison.fit_times["SlowToFit"].min() > 0.029
    assert comparison.predict_times["SlowToScore"].min() > 0.029


def test_an_int_stratifies_for_classifiers_only():
    sorted_y = np.sort(y)
    stratified = compare([DummyClassifier()], X, sorted_y, cv=2)
    assert_allclose(stratified.scores["DummyClassifier"], 0.5, atol=0.02)
    data = load_diabetes(return_X_y=True)
    expected = cross_val_score(Ridge(), *data, cv=KFold(4))
    assert_allclose(compare([Ridge()], *data, cv=4).scores["Ridge"], expected)


def test_folds_of_groups_and_of_masks():
    groups = np.arange(90) % 4
    folds = list(GroupKFold(4).split(X, y, groups))
    masks = [tuple(np.isin(np.arange(90), side) for side in fold) for fold in folds]
    expected = cross_val_score(LogisticRegression(), X, y, cv=folds)
    for cv in (folds, masks):
        comparison = compare([LogisticRegression()], X, y, cv=cv)
        assert_allclose(comparison.scores["LogisticRegression"], expected)
        assert_array_equal(comparison.n_test, [len(test) for _, test in folds])
        assert_array_equal(comparison.n_train + comparison.n_test, 90)


def test_data_frames_and_custom_scorers():
    frame = pd.DataFrame(X, columns=["a", "b"])
    comparison = compare(
        [LogisticRegression()], frame, list(y), 3, lambda est, X, y: est.n_features_in_
    )
    assert_array_equal(comparison.mean_scores, [2])


def test_names():
    estimators = [
        NeuronClassifier(**PARAMS),
        make_pipeline(StandardScaler(), LogisticRegression()),
        LogisticRegression(C=10),
    ]
    assert compare(estimators, X, y, cv=2).names == [
        "NeuronClassifier",
        "LogisticRegression 1",
        "LogisticRegression 2",
    ]


def test_backends_without_a_generator_compare_too():
    """Old joblib and the multiprocessing backend return all results at once."""
    with parallel_config(backend="multiprocessing"):
        assert isinstance(_parallel(2), Parallel)


# the test


def test_the_published_example():
    """scikit-learn's example "Statistical comparison of models using grid search".

    It prints t = 0.750 and a one-sided p = 0.227 for these two.
    """
    data = make_moons(noise=0.352, random_state=1, n_samples=100)
    cv = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    kernels = {kernel: SVC(kernel=kernel) for kernel in ("rbf", "linear")}
    comparison = compare(kernels, *data, cv=cv, scoring="roc_auc")
    assert_allclose(comparison.p_values[1] / 2, 0.227, atol=5e-4)


def test_without_test_samples_it_is_the_paired_t_test():
    a, b = np.random.RandomState(0).normal(size=(2, 8))
    p = corrected_t_test(a, b, np.full(8, 10**12), np.ones(8))
    assert_allclose(p, ttest_rel(a, b).pvalue, rtol=1e-6)


def test_a_closed_form():
    """With 2 degrees of freedom, p = 1 - |t| / sqrt(2 + t²).

    Of mean 2 and variance 1, t² = 4 / (1/3 + n_test / n_train).
    """
    a, b = np.array([1, 2, 3.0]), np.zeros(3)
    p = corrected_t_test(a, b, np.full(3, 3), np.full(3, 3))
    assert_allclose(p, 1 - np.sqrt(3 / 5))
    p = corrected_t_test(b, a, np.array([1, 2, 3]), np.array([2, 1, 1]))  # 4 of 6
    assert_allclose(p, 1 - np.sqrt(4 / 6))


@pytest.mark.parametrize(
    ("others", "p_value"),
    [
        ([0.9, 0.8, 0.7], 1.0),
        ([0.9 + 1e-15, 0.8, 0.7], 1.0),  # rounding
        ([0.8, 0.7, 0.6], np.nan),  # equal but for rounding
        ([0.8, np.nan, 0.6], np.nan),
    ],
)
def test_differences_that_do_not_vary(others, p_value):
    comparison = comparison_of({"a": [0.9, 0.8, 0.7], "b": others})
    assert_array_equal(comparison.p_values, [np.nan, p_value])


def test_a_single_fold():
    comparison = comparison_of({"a": [0.9], "b": [0.8], "c": [0.9]})
    assert_array_equal(comparison.p_values, [np.nan, np.nan, 1])
    assert_array_equal(comparison.std_scores, [np.nan] * 3)
    assert "score on 1 fold (mean ± sd), p against a" in repr(comparison)
    assert "0.900 " in repr(comparison)
    CompareDisplay.from_comparison(comparison)


# the result


def example():
    """Differences of mean 0.06, variance 0.0007: t = 0.06 / sqrt(0.45 · 0.0007)."""
    return comparison_of(
        {
            "logistic <1>": [0.90, 0.92, 0.91, 0.89, 0.93],
            "net": [0.99, 0.97, 0.98, 0.96, 0.95],
        },
        {"logistic <1>": np.full(5, 0.0123), "net": np.linspace(1, 3, 5)},
        score_name="roc auc",
    )


def test_it_prints_as_a_table():
    assert repr(example()) == (
        "roc auc on 5 folds (mean ± sd), p against logistic <1>\n"
        "                    roc auc      p  fit time  predict time\n"
        "logistic <1>  0.910 ± 0.016      –   12.3 ms       12.3 ms\n"
        "net           0.970 ± 0.016  0.028     2.0 s         2.0 s"
    )


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ([-3000, -2000, -2500], "-2500 ± 500 "),
        ([0.5, 0.5, 0.5], "0.500 ± 0.000 "),
        ([0.01, 0.011, 0.012], "0.0110 ± 0.0010 "),
    ],
)
def test_decimals_follow_the_deviation(scores, shown):
    assert shown in repr(comparison_of({"a": scores}))


def test_small_p_values_are_not_zero():
    a, noise = np.zeros(30), np.random.RandomState(0).normal(size=30)
    assert " < 0.001 " in repr(comparison_of({"a": a, "b": 9 + 0.1 * noise}))


def test_html_holds_the_same_cells():
    html = example()._repr_html_()
    root = ElementTree.fromstring(html)
    assert [e.tag for e in root] == ["caption", "tr", "tr", "tr"]
    cells = [[cell.text or "" for cell in row] for row in root.iter("tr")]
    lines = repr(example()).splitlines()
    assert root[0].text == lines[0]
    assert ["  ".join(c).split() for c in cells] == [line.split() for line in lines[1:]]


def test_to_pandas(monkeypatch):
    comparison = example()
    table = comparison.to_pandas()
    assert list(table.index) == ["logistic <1>", "net"]
    for column, values in {
        "mean_score": [0.91, 0.97],
        "std_score": np.sqrt([0.00025, 0.00025]),
        "p_value": comparison.p_values,
        "mean_fit_time": [0.0123, 2],
        "mean_predict_time": [0.0123, 2],
    }.items():
        assert_allclose(table.pop(column), values)
    assert table.empty
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"Comparison\.to_pandas requires pandas"):
        comparison.to_pandas()


def test_it_survives_pickling():
    again = pickle.loads(pickle.dumps(example()))
    assert repr(again) == repr(example())


# the progress bar


def test_the_progress_bar(capsys):
    models = [DummyClassifier(), LogisticRegression()]
    compare(models, X, y, cv=3, verbose=True)
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.split("\r")[1:]
    assert len(lines) == 7
    assert lines[0].startswith("[....................] 0 of 6 fits ")
    assert lines[3].startswith("[##########..........] 3 of 6 fits, about 0 s left")
    assert lines[6].startswith("[####################] 6 of 6 fits, 0 s in all")
    assert len({len(line.rstrip("\n")) for line in lines}) == 1  # nothing left over
    assert err.endswith("\n")


def test_a_progress_bar_in_interactive_sessions_only(capsys, monkeypatch):
    monkeypatch.delattr(sys, "ps1", raising=False)
    compare([DummyClassifier()], X, y, cv=2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    compare([DummyClassifier()], X, y, cv=2)
    assert "2 of 2 fits" in capsys.readouterr().err
    compare([DummyClassifier()], X, y, cv=2, verbose=False)
    assert capsys.readouterr().err == ""


# bad input


# Of two jobs either may fail first, so there is but one fold to fail.
@pytest.mark.parametrize(("n_jobs", "cv"), [(None, 3), (2, ShuffleSplit(1))])
def test_an_estimator_that_fails_is_named(n_jobs, cv):
    models = {"good": LogisticRegression(), "bad": LogisticRegression(C=-1)}
    with pytest.raises(ValueError, match="'C' parameter") as failure:
        compare(models, X, y, cv=cv, n_jobs=n_jobs)
    assert failure.value.__notes__ == [
        "Raised by 'bad', fold 1, in skneuron.model_selection.compare."
    ]


@pytest.mark.parametrize(
    ("estimators", "params", "error", "match"),
    [
        (LogisticRegression(), {}, TypeError, "a list of estimators, got LogisticReg"),
        (make_pipeline(Ridge()), {}, TypeError, "a list of estimators, got Pipeline"),
        ([], {}, ValueError, "must not be empty"),
        ([LogisticRegression], {}, TypeError, "must be instances with a fit method"),
        ([("a", Ridge())], {}, TypeError, "To choose the names, pass a dict"),
        ([Ridge()], {"scoring": ["r2"]}, TypeError, r"scoring must be .*\['r2'\]"),
        ([Ridge(), SVC()], {}, ValueError, "some of the estimators are classifiers"),
        (
            [Ridge()],
            {"scoring": lambda est, X, y: {"a": 1.0, "b": 2.0}},
            ValueError,
            "must return one number",
        ),
        ([Ridge()], {"cv": 1}, ValueError, "n_splits=1"),
    ],
)
def test_bad_input(estimators, params, error, match):
    with pytest.raises(error, match=match):
        compare(estimators, X, y, **params)


def test_a_regressor_beside_a_classifier_by_a_score_for_both():
    comparison = compare([Ridge(), SVC()], X, y, scoring="r2")
    expected = cross_val_score(Ridge(), X, y, cv=StratifiedKFold(5), scoring="r2")
    assert_allclose(comparison.scores["Ridge"], expected)


# CompareDisplay


def test_points_and_bars():
    comparison = example()
    display = CompareDisplay.from_comparison(comparison)
    ax = display.ax_
    assert display.comparison is comparison
    for k, container in enumerate(ax.containers):
        point, _, (level, upright) = container
        times = comparison.fit_times[comparison.names[k]]
        score, sd = comparison.mean_scores[k], comparison.std_scores[k]
        assert_allclose(point.get_xydata(), [[times.mean(), score]])
        ends = level.get_segments()[0]
        assert_allclose(ends, [[times.min(), score], [times.max(), score]])
        ends = upright.get_segments()[0]
        assert_allclose(ends[:, 1], [score - sd, score + sd])
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["logistic <1>", "net (p = 0.028)"]
    assert ax.get_xscale() == "log"
    assert ax.get_ylabel() == "mean roc auc ± standard deviation"
    colours = {to_hex(c[0].get_color()) for c in ax.containers}
    assert len(colours) == 2


def test_similar_times_have_a_linear_axis():
    times = {"a": np.array([1, 2.0]), "b": np.array([1, 0.0])}
    scores = {"a": [0.9, 0.8], "b": [0.1, 0.3]}
    ax = CompareDisplay.from_comparison(comparison_of(scores, times)).ax_
    assert ax.get_xscale() == "linear"
    assert ax.get_xlim()[0] == 0


def test_display_takes_axes_and_comparisons_only(monkeypatch):
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    display = CompareDisplay.from_comparison(example(), ax=ax)
    assert (display.ax_, display.figure_) == (ax, figure)
    assert display.plot().ax_ is not ax
    with pytest.raises(TypeError, match=r"model_selection\.compare, got dict"):
        CompareDisplay.from_comparison({})
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"CompareDisplay\.plot requires matplotlib"):
        CompareDisplay.from_comparison(example())


# one_standard_error


def results_of(sizes, scores, name=SIZES, **others):
    """Return `cv_results_` for scores of shape (n_candidates, n_splits)."""
    scores = np.asarray(scores, float)
    params = [
        {name: size, **{key: values[k] for key, values in others.items()}}
        for k, size in enumerate(sizes)
    ]
    return {
        "params": params,
        "mean_test_score": scores.mean(1),
        "std_test_score": scores.std(1),
        **{f"split{k}_test_score": column for k, column in enumerate(scores.T)},
    }


def spread(mean, error, n=5):
    """Return scores with a given mean and standard error of that mean."""
    z = np.arange(n) - (n - 1) / 2
    return mean + z * error * np.sqrt(n) / z.std(ddof=1)


@pytest.mark.parametrize(
    ("error", "choice"),
    [(0.021, 0), (0.019, 2), (0.0101, 2), (0.0099, 1)],
)
def test_one_standard_error_of_the_best(error, choice):
    """(4,) is 0.02 worse than (8, 2), and 5 is 0.01 worse."""
    scores = [spread(0.88, 0.3), spread(0.9, error), spread(0.89, 0.001)]
    assert one_standard_error(results_of([(4,), (8, 2), 5], scores)) == choice


def test_the_best_of_equal_sizes_and_other_parameters():
    scores = [spread(m, 0.05) for m in (0.88, 0.89, 0.895, 0.87, 0.9)]
    sizes = [[3, 3], (6,), np.int64(6), 6, 50]
    assert one_standard_error(results_of(sizes, scores, alpha=[1, 2, 3, 4, 5])) == 2


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_the_smaller_of_two_best_gives_the_error(order):
    """With 20 units the error is 0.25, which would admit 1 unit; with 5 it is 0."""
    sizes = np.array([1, 5, 20])[order]
    scores = np.array([[0.625, 0.625], [0.75, 0.75], [0.5, 1.0]])[order]
    assert sizes[one_standard_error(results_of(sizes, scores))] == 5


def test_failed_fits_and_other_grids_are_ignored():
    scores = [spread(np.nan, 0.1), spread(0.9, 0.1), spread(0.85, 0.1)]
    results = results_of([1, 2, 3], scores)
    assert one_standard_error(results) == 1
    results["params"][1] = {"alpha": 1}
    assert one_standard_error(results) == 2
    results["params"][2] = {"alpha": 2}
    with pytest.raises(ValueError, match=f"no candidate with {SIZES} has a score"):
        one_standard_error(results)


def test_no_hidden_layer_is_the_smallest_and_one_split_has_no_error():
    scores = [spread(0.9, 0.1), spread(0.89, 0.1)]
    assert one_standard_error(results_of([1, ()], scores)) == 1
    assert one_standard_error(results_of([1, ()], [[0.9], [0.89]])) == 0


def test_grid_search_refits_with_it():
    pipe = make_pipeline(StandardScaler(), NeuronClassifier(**PARAMS, solver="lbfgs"))
    grid = {
        "neuronclassifier__hidden_layer_sizes": [20, (3, 3), 6, 1],
        "neuronclassifier__alpha": [1e-3, 1.0],
    }
    search = GridSearchCV(pipe, grid, refit=one_standard_error, cv=4)
    search = clone(pickle.loads(pickle.dumps(search))).fit(X, y)
    chosen = search.best_params_["neuronclassifier__hidden_layer_sizes"]
    assert search.best_estimator_[-1].hidden_layer_sizes == chosen
    folds = np.array(
        [
            cross_val_score(clone(pipe).set_params(**p), X, y, cv=4)
            for p in search.cv_results_["params"]
        ]
    )
    best = folds[folds.mean(1).argmax()]
    near = folds.mean(1) >= best.mean() - best.std(ddof=1) / 2
    units = [
        np.sum(p["neuronclassifier__hidden_layer_sizes"])
        for p in search.cv_results_["params"]
    ]
    assert np.sum(chosen) == np.compress(near, units).min()
    display = HiddenSizeDisplay.from_search(search)
    assert display.sizes[display.choice] == tuple(np.atleast_1d(chosen))


@cache
def halved():
    grid = {SIZES: [1, 2, 3, 8]}
    clf = NeuronClassifier(**{**PARAMS, "max_iter": 40})
    params = {"cv": 3, "random_state": 0, "min_resources": 20, "factor": 2}
    return HalvingGridSearchCV(clf, grid, **params).fit(X, y)


def test_the_last_iteration_of_a_halving_search():
    results = halved().cv_results_
    assert results["iter"].max() > 0
    row = one_standard_error(results)
    assert results["iter"][row] == results["iter"].max()
    display = HiddenSizeDisplay.from_search(halved())
    assert display.sizes[display.choice] == (results["params"][row][SIZES],)


@pytest.mark.parametrize(
    ("grid", "scoring", "match"),
    [
        ({"alpha": [1, 2]}, None, "must vary hidden_layer_sizes, but it varies alpha"),
        ({SIZES: [1]}, ["accuracy", "f1"], "one score, but this one has accuracy, f1"),
    ],
)
def test_errors_of_other_searches(grid, scoring, match):
    clf = NeuronClassifier(**PARAMS)
    search = GridSearchCV(clf, grid, scoring=scoring, refit=one_standard_error, cv=2)
    with pytest.raises(ValueError, match=match):
        search.fit(X, y)
