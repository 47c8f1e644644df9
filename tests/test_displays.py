"""Displays of training, searches and weights draw the right numbers."""

import sys
from functools import cache
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits, make_moons
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    RandomizedSearchCV,
    ShuffleSplit,
    cross_val_score,
)
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron.inspection import (
    ActivationDisplay,
    HiddenSizeDisplay,
    LossCurveDisplay,
    NetworkDisplay,
    WeightsDisplay,
)
from skneuron.model_selection._one_standard_error import smallest_within_one_error
from skneuron.tabular import TabularClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

MOONS = make_moons(80, noise=0.2, random_state=0)
DIGITS = load_digits(return_X_y=True)
PARAMS = {"hidden_layer_sizes": 3, "max_iter": 12, "random_state": 0}
SIZES = "hidden_layer_sizes"


def classifier(**params):
    return NeuronClassifier(**{**PARAMS, **params}).fit(*MOONS)


def search_of(kind=GridSearchCV, grid=None, estimator=None, **params):
    grid = {SIZES: [1, 2, (3,), (2, 2)]} if grid is None else grid
    estimator = NeuronClassifier(**PARAMS) if estimator is None else estimator
    return kind(estimator, grid, **{"cv": 3, **params}).fit(*MOONS)


@cache
def plain_search():
    return search_of(return_train_score=True)


DISPLAYS = {
    LossCurveDisplay: lambda **params: LossCurveDisplay.from_estimator(
        classifier(early_stopping=True), **params
    ),
    HiddenSizeDisplay: lambda **params: HiddenSizeDisplay.from_search(
        plain_search(), **params
    ),
    WeightsDisplay: lambda **params: WeightsDisplay.from_estimator(
        classifier(), image_shape=(1, 2), **params
    ),
}


def curve(ax, label):
    """Return the line with a label."""
    (line,) = [line for line in ax.get_lines() if line.get_label() == label]
    return line


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def bars(display):
    """Return the ends of the error bars."""
    (collection,) = display.ax_.containers[0][2]
    return np.array([segment[:, 1] for segment in collection.get_segments()])


# all displays


@pytest.mark.parametrize("kind", DISPLAYS)
def test_a_new_figure_or_the_given_axes(kind):
    draw = DISPLAYS[kind]
    own = draw()
    assert own.figure_ is own.ax_.figure
    assert len(plt.get_fignums()) == 1
    figure, ax = plt.subplots()
    given = draw(ax=ax)
    assert given.ax_ is ax
    assert given.figure_ is figure
    assert len(plt.get_fignums()) == 2
    again = given.plot(**({"image_shape": (1, 2)} if kind is WeightsDisplay else {}))
    assert again is given
    assert again.ax_ is not ax


@pytest.mark.parametrize("kind", DISPLAYS)
def test_without_matplotlib_the_error_says_so(kind, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"{kind.__name__}.* requires matplotlib"):
        DISPLAYS[kind]()


@pytest.mark.parametrize(
    "kind", [ActivationDisplay, LossCurveDisplay, NetworkDisplay, WeightsDisplay]
)
def test_of_a_tabular_ensemble_a_network_is_passed(kind):
    clf = TabularClassifier(2, max_iter=1, cv=2).fit(*MOONS)
    with pytest.raises(
        TypeError, match=r"TabularClass.* 2 networks.* estimators_\[0\]"
    ):
        kind.from_estimator(clf)


@pytest.mark.parametrize("kind", [LossCurveDisplay, WeightsDisplay])
def test_only_fitted_networks_are_accepted(kind):
    with pytest.raises(TypeError, match="got LinearRegression"):
        kind.from_estimator(LinearRegression())
    pipeline = make_pipeline(StandardScaler(), NeuronClassifier(**PARAMS)).fit(*MOONS)
    with pytest.raises(TypeError, match=r"got Pipeline.*pipeline\[-1\]"):
        kind.from_estimator(pipeline)
    kind.from_estimator(
        pipeline[-1], **{"kind": "histograms"} if kind is WeightsDisplay else {}
    )
    with pytest.raises(ValueError, match="not fitted yet"):
        kind.from_estimator(NeuronClassifier())


# LossCurveDisplay


@pytest.mark.parametrize("kind", [NeuronClassifier, NeuronRegressor])
def test_the_losses_of_training_and_validation(kind):
    X, y = MOONS
    est = kind(**PARAMS).fit(X[:60], y[:60], X_val=X[60:], y_val=y[60:])
    display = LossCurveDisplay.from_estimator(est)
    name = kind.__name__
    assert labels(display.ax_) == [
        f"{name}, training",
        "its validation",
        f"its best epoch: {est.best_iter_}",
    ]
    training, validation, best = display.ax_.get_lines()
    assert_array_equal(training.get_xdata(), range(1, est.n_iter_ + 1))
    assert_array_equal(training.get_ydata(), est.loss_curve_)
    assert_array_equal(validation.get_ydata(), est.validation_loss_curve_)
    assert display.best_epoch == est.best_iter_
    assert_array_equal(best.get_xdata(), [est.best_iter_])
    assert_array_equal(
        best.get_ydata(), [est.validation_loss_curve_[est.best_iter_ - 1]]
    )
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")
    assert len({line.get_color() for line in (training, validation, best)}) == 1


def test_the_scores_of_validation():
    clf = classifier(early_stopping=True)
    ax = LossCurveDisplay.from_estimator(clf, kind="score", name="mine").ax_
    scores, best = ax.get_lines()
    assert scores.get_label() == "mine, validation"
    assert_array_equal(scores.get_ydata(), clf.validation_scores_)
    assert_array_equal(best.get_ydata(), [max(clf.validation_scores_)])
    assert ax.get_ylabel() == "validation score"


def test_without_validation_there_is_one_curve():
    ax = LossCurveDisplay.from_estimator(classifier(solver="lbfgs")).ax_
    assert labels(ax) == ["NeuronClassifier, training"]


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_scikit_learn_s_networks(kind):
    est = kind(**PARAMS, early_stopping=True).fit(*MOONS)
    display = LossCurveDisplay.from_estimator(est)
    training, best = display.ax_.get_lines()
    assert_array_equal(training.get_ydata(), est.loss_curve_)
    assert display.best_epoch == np.argmax(est.validation_scores_) + 1
    assert_array_equal(best.get_ydata(), [est.loss_curve_[display.best_epoch - 1]])
    scores = LossCurveDisplay.from_estimator(est, kind="score").ax_.get_lines()[0]
    assert_array_equal(scores.get_ydata(), est.validation_scores_)


def test_several_on_the_same_axes_have_different_colours():
    first = LossCurveDisplay.from_estimator(classifier(early_stopping=True), name="a")
    LossCurveDisplay.from_estimator(classifier(), name="b", ax=first.ax_)
    mlp = MLPClassifier(**PARAMS).fit(*MOONS)
    LossCurveDisplay.from_estimator(mlp, ax=first.ax_)
    tones = [
        curve(first.ax_, f"{name}, training").get_color()
        for name in ("a", "b", "MLPClassifier")
    ]
    assert len(set(tones)) == 3
    assert len(labels(first.ax_)) == 5  # two of them without validation


def test_epochs_without_validation_leave_a_gap():
    X, y = MOONS
    clf = NeuronClassifier(**PARAMS)
    for k in range(6):
        val = {"X_val": X, "y_val": y} if k >= 2 else {}
        clf.partial_fit(X, y, classes=[0, 1], **val)
    display = LossCurveDisplay.from_estimator(clf)
    drawn = curve(display.ax_, "its validation").get_ydata()
    assert_array_equal(np.isnan(drawn), [True, True, False, False, False, False])
    scores = clf.history_["validation_score"]
    assert display.best_epoch == scores.index(np.nanmax(scores)) + 1 > 2


def test_a_single_epoch_is_visible():
    ax = LossCurveDisplay(epochs=[1], losses=[0.5]).plot().ax_
    assert ax.get_lines()[0].get_marker() == "o"
    assert labels(ax) == ["training"]


def test_errors_where_there_is_no_curve():
    mlp = MLPClassifier(**PARAMS, solver="lbfgs").fit(*MOONS)
    for est in (mlp, NeuronClassifier(3).initialize(*MOONS)):
        with pytest.raises(ValueError, match=r"has no loss curve.*NeuronClassifier or"):
            LossCurveDisplay.from_estimator(est)
    with pytest.raises(ValueError, match="kind='score' needs validation scores"):
        LossCurveDisplay.from_estimator(classifier(), kind="score")
    with pytest.raises(ValueError, match="kind must be 'loss' or 'score', got 'both'"):
        LossCurveDisplay.from_estimator(classifier(), kind="both")
    assert plt.get_fignums() == []


# the one-standard-error rule


@pytest.mark.parametrize(
    ("sizes", "means", "errors", "choice"),
    [
        ([1, 2, 3], [0.7, 0.88, 0.9], [0.3, 0.3, 0.03], 1),
        ([1, 2, 3], [0.7, 0.88, 0.9], [0.3, 0.3, 0.01], 2),
        ([1, 2, 3], [0.5, 0.75, 1.0], [0, 0, 0.25], 1),  # just within
        ([3, 2, 1], [0.9, 0.88, 0.7], [0.03, 0, 0], 1),  # in any order
        ([1, 2, 3], [0.89, 0.9, 0.7], [0.9, 0.01, 0.9], 0),
        ([2, 2, 3], [0.88, 0.89, 0.9], [0, 0, 0.03], 1),  # the better of equal sizes
        ([1, 2, 3], [np.nan, 0.8, 0.9], [np.nan, 0, 0.2], 1),
        ([1, 2, 2], [0.8, 0.9, 0.9], [np.nan] * 3, 1),
        ([1, 2], [-3.0, -2.0], [0, 1], 0),  # losses
    ],
)
def test_the_smallest_within_one_standard_error(sizes, means, errors, choice):
    assert smallest_within_one_error(sizes, means, errors) == choice


# HiddenSizeDisplay


def test_scores_errors_and_times_of_a_search():
    """Against the scores of the folds."""
    search = plain_search()
    display = HiddenSizeDisplay.from_search(search)
    assert display.sizes == [(1,), (2,), (3,), (2, 2)]
    folds = np.array(
        [
            cross_val_score(
                NeuronClassifier(**{**PARAMS, SIZES: size}), *MOONS, cv=search.cv
            )
            for size in display.sizes
        ]
    )
    means, errors = folds.mean(1), folds.std(1, ddof=1) / np.sqrt(3)
    line = display.ax_.containers[0][0]
    assert_allclose(line.get_ydata(), means)
    assert_allclose(bars(display), np.transpose([means - errors, means + errors]))
    assert_allclose(
        curve(display.ax_, "training").get_ydata(),
        search.cv_results_["mean_train_score"],
    )
    assert_allclose(
        [bar.get_height() for bar in display.time_ax_.patches],
        search.cv_results_["mean_fit_time"],
    )
    shown = [t.get_text() for t in display.ax_.get_xticklabels()]
    assert shown == ["1", "2", "3", "2-2"]
    assert display.best == search.best_index_
    best = curve(display.ax_, f"best: {shown[display.best]}")
    assert_allclose(best.get_ydata(), [means.max()])


def test_the_choice_is_marked():
    display = HiddenSizeDisplay(
        sizes=[(), (2,), (50,), (20, 40)],
        test_scores=[0.5, 0.88, 0.9, 0.7],
        standard_errors=[0.1, 0.1, 0.03, 0.1],
        fit_times=[1, 2, 3, 4],
    ).plot()
    assert (display.best, display.choice) == (2, 1)
    ring = curve(display.ax_, "smallest within 1 SE of it: 2")
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (1, 0.88)
    star = curve(display.ax_, "best: 50")
    assert (star.get_xdata()[0], star.get_ydata()[0]) == (2, 0.9)
    assert display.ax_.get_xticklabels()[0].get_text() == "none"
    assert "training" not in labels(display.ax_)


def test_the_best_of_other_parameters_and_the_step_of_a_pipeline():
    pipe = make_pipeline(StandardScaler(), NeuronClassifier(**PARAMS))
    grid = {
        "neuronclassifier__hidden_layer_sizes": [np.int64(5), [1, 1], 2],
        "neuronclassifier__alpha": [1e-4, 100.0],
    }
    search = search_of(grid=grid, estimator=pipe, scoring="neg_log_loss")
    display = HiddenSizeDisplay.from_search(search)
    assert display.sizes == [(2,), (1, 1), (5,)]
    means = search.cv_results_["mean_test_score"].reshape(2, 3).max(0)  # alpha, size
    assert_array_equal(display.test_scores, means[[2, 1, 0]])
    assert display.ax_.get_ylabel() == "mean neg log loss"
    assert display.test_scores[display.best] == search.best_score_


def test_a_list_of_grids_and_a_random_search():
    grids = [{SIZES: [2], "alpha": [0.1]}, {"alpha": [1.0]}, {SIZES: [4]}]
    assert HiddenSizeDisplay.from_search(search_of(grid=grids)).sizes == [(2,), (4,)]
    search = search_of(
        RandomizedSearchCV, {SIZES: range(1, 60)}, n_iter=4, random_state=0
    )
    sizes = HiddenSizeDisplay.from_search(search).sizes
    assert sizes == sorted((p[SIZES],) for p in search.cv_results_["params"])


def test_the_last_iteration_of_each_size_in_a_halving_search():
    search = search_of(
        HalvingGridSearchCV,
        {SIZES: [1, 2, 3, 8, 9, 10], "alpha": [1e-4, 1.0]},
        min_resources=20,
        factor=2,
        random_state=0,
    )
    results = search.cv_results_
    display = HiddenSizeDisplay.from_search(search)
    assert display.sizes == [(1,), (2,), (3,), (8,), (9,), (10,)]
    assert 0 < sum(display.finalist) < 6
    for (size,), score, finalist in zip(
        display.sizes, display.test_scores, display.finalist, strict=True
    ):
        rows = results[f"param_{SIZES}"] == size
        last = results["iter"][rows].max()
        assert finalist == (last == search.n_iterations_ - 1)
        assert (
            score == results["mean_test_score"][rows & (results["iter"] == last)].max()
        )
    assert display.sizes[display.best] == (search.best_params_[SIZES],)
    assert display.finalist[display.choice]
    hollow = curve(display.ax_, "eliminated before the last iteration")
    assert_array_equal(hollow.get_xdata(), np.flatnonzero(~display.finalist))


def test_scores_of_fewer_resources_are_not_compared():
    display = HiddenSizeDisplay(
        sizes=[(1,), (2,), (3,)],
        test_scores=[0.99, 0.8, 0.82],
        standard_errors=[0.1, 0.1, 0.1],
        fit_times=[1, 1, 1],
        finalist=[False, True, True],
    )
    assert (display.best, display.choice) == (2, 1)


def test_refit_selects_one_of_several_metrics():
    params = {"scoring": ["accuracy", "f1"]}
    search = search_of(**params, refit="f1")
    display = HiddenSizeDisplay.from_search(search)
    assert_array_equal(display.test_scores, search.cv_results_["mean_test_f1"])
    assert display.ax_.get_ylabel() == "mean f1"
    with pytest.raises(ValueError, match="refit=False names none of them"):
        HiddenSizeDisplay.from_search(search_of(**params, refit=False))


def test_a_single_split_has_no_error():
    search = search_of(cv=ShuffleSplit(1, random_state=0))
    display = HiddenSizeDisplay.from_search(search)
    assert display.choice == display.best
    assert "test" in labels(display.ax_)
    assert not any("SE" in label for label in labels(display.ax_))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
@pytest.mark.filterwarnings("ignore:One or more of the test scores")
def test_sizes_whose_fits_failed_are_left_out():
    search = search_of(grid={SIZES: [2, -1]})
    assert HiddenSizeDisplay.from_search(search).sizes == [(2,)]
    search.cv_results_["mean_test_score"][:] = np.nan
    with pytest.raises(ValueError, match="all of its fits failed"):
        HiddenSizeDisplay.from_search(search)


def test_errors_of_other_searches():
    with pytest.raises(TypeError, match="got NeuronClassifier"):
        HiddenSizeDisplay.from_search(classifier())
    with pytest.raises(ValueError, match="not fitted yet"):
        HiddenSizeDisplay.from_search(GridSearchCV(NeuronClassifier(), {SIZES: [1]}))
    search = GridSearchCV(LogisticRegression(), {"C": [1, 2]}).fit(*MOONS)
    with pytest.raises(ValueError, match=r"must vary hidden_layer_sizes.* varies C"):
        HiddenSizeDisplay.from_search(search)
    with pytest.raises(ValueError, match=f"one of {SIZES}, got 'alpha'"):
        HiddenSizeDisplay.from_search(plain_search(), param="alpha")
    HiddenSizeDisplay.from_search(plain_search(), param=SIZES)


LAYERS = [1, 2, 3, 5, 20, 100, (20, 20), (100, 100), (50, 50, 50)]


@pytest.mark.parametrize("sizes", [LAYERS[:3], LAYERS, range(1, 70)])
@pytest.mark.parametrize("figsize", [(6.4, 4.8), (5, 3.2)])
def test_nothing_overlaps_in_a_plot_of_sizes(sizes, figsize):
    rng = np.random.RandomState(0)
    sizes = [tuple(np.atleast_1d(size)) for size in sizes]
    ax = plt.subplots(figsize=figsize, layout="constrained")[1]
    display = HiddenSizeDisplay(
        sizes=sizes,
        test_scores=rng.uniform(0.5, 1, len(sizes)),
        train_scores=rng.uniform(0.9, 1, len(sizes)),
        standard_errors=rng.uniform(0, 0.1, len(sizes)),
        fit_times=rng.uniform(0, 1, len(sizes)),
        finalist=rng.uniform(size=len(sizes)) < 0.6,
    ).plot(ax=ax)
    figure = display.figure_
    figure.canvas.draw()
    names = [t.get_window_extent() for t in ax.get_xticklabels()]
    assert not any(a.overlaps(b) for a, b in combinations(names, 2))
    legend = ax.get_legend().get_window_extent()
    assert ax.get_window_extent().contains(legend.x0, legend.y0)
    assert ax.get_window_extent().contains(legend.x1, legend.y1)
    drawn = [*display.time_ax_.patches, *ax.get_lines()]
    for artist in drawn:
        top = artist.get_window_extent().y1
        assert top < legend.y0, artist
    assert max(ax.get_yticks()) <= 1.1


# WeightsDisplay


def drawn_images(display):
    return [image.get_array() for image in display.ax_.images]


@pytest.mark.parametrize("kind", [NeuronClassifier, MLPClassifier])
def test_weights_as_images(kind):
    clf = kind(6, max_iter=1, random_state=0).fit(*DIGITS)
    display = WeightsDisplay.from_estimator(clf)
    images = drawn_images(display)
    assert_array_equal(images, clf.coefs_[0].T.reshape(6, 8, 8))
    limit = np.abs(clf.coefs_[0]).max()
    assert {image.get_clim() for image in display.ax_.images} == {(-limit, limit)}
    colours = display.ax_.images[0].cmap
    assert [to_hex(colours(t)) for t in (0.0, 1.0)] == ["#d55e00", "#0072b2"]
    assert min(colours(0.5)) > 0.98  # zero is white
    assert [t.get_text() for t in display.ax_.texts] == [f"h{j}" for j in range(1, 7)]
    assert display.ax_.get_xlabel() == ""


def test_the_largest_of_many_units_come_first_with_a_note():
    clf = NeuronClassifier(30, random_state=0).initialize(*DIGITS)
    clf.coefs_[0][:, 7] *= 9
    clf.coefs_[0][:, 3] *= 99
    display = WeightsDisplay.from_estimator(clf, max_units=2, image_shape=(4, 16))
    assert_array_equal(drawn_images(display), clf.coefs_[0].T[[3, 7]].reshape(2, 4, 16))
    assert [t.get_text() for t in display.ax_.texts] == ["h4", "h8"]
    assert display.ax_.get_xlabel() == "Largest shown: 2 of 30 units."


def test_without_hidden_layers_the_outputs_are_shown():
    clf = NeuronClassifier(()).initialize(*DIGITS)
    display = WeightsDisplay.from_estimator(clf)
    assert [t.get_text() for t in display.ax_.texts][:2] == ["o1", "o2"]


def test_histograms_of_all_layers_without_their_zeros():
    clf = NeuronClassifier((8, 5), random_state=0).initialize(*DIGITS)
    clf.coefs_[1][:4] = 0
    display = WeightsDisplay.from_estimator(clf, kind="histograms")
    assert len(display.axes_) == 3
    counts = [sum(bar.get_height() for bar in ax.patches) for ax in display.axes_]
    assert counts == [64 * 8, 4 * 5, 5 * 10]
    titles = [ax.get_title(loc="left") for ax in display.axes_]
    assert titles == [
        "hidden layer 1: 64 × 8 weights",
        "hidden layer 2: 8 × 5 weights, 50% of them zero (not drawn)",
        "output layer: 5 × 10 weights",
    ]
    first = display.axes_[0]
    edges = [bar.get_x() for bar in first.patches]
    heights, _ = np.histogram(clf.coefs_[0], [*edges, -edges[0]])
    assert_array_equal([bar.get_height() for bar in first.patches], heights)
    assert len({ax.get_xlim() for ax in display.axes_}) == 1


def test_weights_that_are_all_zero_are_drawn():
    display = WeightsDisplay(coefs=[np.zeros((4, 2)), np.zeros((2, 1))])
    assert display.plot().ax_.images[0].get_clim() == (-1, 1)
    assert "100% of them zero" in display.plot(kind="histograms").axes_[0].get_title(
        loc="left"
    )


def test_errors_of_image_shapes_and_kinds():
    clf = classifier()
    with pytest.raises(ValueError, match=r"2 features do not form.*image_shape="):
        WeightsDisplay.from_estimator(clf)
    for shape in [(2, 2), (2,), (2, 1, 1)]:
        with pytest.raises(ValueError, match="with a product of 2, the"):
            WeightsDisplay.from_estimator(clf, image_shape=shape)
    with pytest.raises(ValueError, match=r"kind must be 'images' or 'hist.*got 'bars'"):
        WeightsDisplay.from_estimator(clf, kind="bars")
    with pytest.raises(ValueError, match="max_units must be 1 or more, got 0"):
        WeightsDisplay.from_estimator(clf, image_shape=(1, 2), max_units=0)
    assert plt.get_fignums() == []


def test_illegible_names_are_omitted():
    ax = plt.subplots(figsize=(3, 2))[1]
    clf = NeuronClassifier(64, random_state=0).initialize(*DIGITS)
    assert not WeightsDisplay.from_estimator(clf, max_units=64, ax=ax).ax_.texts


@pytest.mark.parametrize("shape", [(8, 8), (4, 16), (16, 4)])
@pytest.mark.parametrize("n_units", [5, 40])
def test_nothing_overlaps_among_images(shape, n_units):
    clf = NeuronClassifier(n_units, random_state=0).initialize(*DIGITS)
    figures = [None, plt.subplots(figsize=(4, 3), layout="constrained")[1]]
    for ax in figures:
        display = WeightsDisplay.from_estimator(
            clf, image_shape=shape, max_units=30, ax=ax
        )
        display.figure_.canvas.draw()
        artists = [*display.ax_.images, *display.ax_.texts, *display.figure_.axes[1:]]
        boxes = [artist.get_window_extent() for artist in artists]
        boxes.append(display.ax_.xaxis.label.get_window_extent())
        for one, other in combinations(boxes, 2):
            shrunk = one.padded(-0.5)  # names touch their images
            assert not shrunk.overlaps(other.padded(-0.5))


@pytest.mark.parametrize("ax", [None, (4, 5)])
def test_nothing_overlaps_among_histograms(ax):
    if ax is not None:
        ax = plt.subplots(figsize=ax, layout="constrained")[1]
    clf = NeuronClassifier((8, 8, 8), random_state=0).initialize(*DIGITS)
    display = WeightsDisplay.from_estimator(clf, kind="histograms", ax=ax)
    display.figure_.canvas.draw()
    boxes = [panel.get_tightbbox() for panel in display.axes_]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert all(display.figure_.bbox.contains(*box.p0) for box in boxes)
    assert all(display.figure_.bbox.contains(*box.p1) for box in boxes)
