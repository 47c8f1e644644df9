"""TabularRegressor."""

# so that help() shows `activation: ActivationChoice`, not every choice at length
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.metrics import check_scoring, r2_score
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import validate_data

from .._engines import EngineName
from .._estimators.choices import ActivationChoice, Ints, RandomState, Scoring
from .._estimators.inputs import as_column
from .._estimators.regressor import NeuronRegressor
from .._estimators.snapshots import at_one_moment
from .._estimators.values import check_targets
from .._training.validation import score_by
from .._types import FloatArray, IndexArray
from ._base import BaseTabular
from ._parameters import (
    BatchSize,
    CategoricalFeatures,
    CrossValidation,
    LearningRate,
    MaxIter,
    PeriodicFeatures,
    Table,
)

RATE = 0.1  # of Adam, for "auto"
LARGEST = 1e150  # magnitude of a target


class TabularRegressor(RegressorMixin, BaseTabular):
    """Ensemble of neural networks for regression on tables.

    Takes a table as it is: numbers, categories and missing values, in a data frame or
    an array. One network, a member, is trained for each of the folds of `cv`, on the
    rows of the other folds; it keeps the epoch with the best score on its own fold. The
    prediction is the mean of those of the members, within the range of the training
    targets.

    Parameters
    ----------
    hidden_layer_sizes : int or array-like of int, default=(64, 64)
        Number of units in each hidden layer of a member. `()` means no hidden layer.

    activation : str, object or sequence of them, default='relu'
        Activation function of the hidden units, as in
        :class:`skneuron.NeuronRegressor`: a name such as 'relu', 'silu' or 'mish', or
        an object of :mod:`skneuron.activations`, whose parameters are set as
        `activation__slope`; one for all layers or one for each.

    periodic_features : bool or 'auto', default='auto'
        If True, learned periodic features of each numeric column join the inputs: the
        layer :class:`skneuron.layers.Periodic`. They help to learn functions that are
        not smooth, and make training slower. 'auto' decides by the number of rows;
        `estimators_[0].input_layers` shows the choice.

    batch_size : int or 'auto', default='auto'
        Number of rows in a mini-batch, at most those that a member trains on. 'auto'
        decides by the number of rows; `estimators_[0].batch_size` shows the choice.

    learning_rate_init : float or 'auto', default='auto'
        Highest learning rate of Adam. The learning rate rises linearly to it, and then
        falls linearly to zero at `max_iter`. `estimators_[0].learning_rate_init` shows
        the value of 'auto'.

    max_iter : int or 'auto', default='auto'
        Number of epochs that each member trains for. 'auto' decides by the number of
        rows; `estimators_[0].max_iter` shows the choice.

    cv : int, splitter, iterable or None, default=5
        Folds, one for each member. An int is the number of shuffled folds, with groups
        kept together if `fit` is given `groups`; None means 5. Otherwise a splitter,
        such as `TimeSeriesSplit(5)`, or an iterable of `(train, test)` indices. More
        folds give better predictions and take longer, in proportion.

    scoring : str, callable or None, default=None
        Score on the held-out rows that decides which epoch a member keeps; higher is
        better. None and 'loss' are the negative loss; otherwise the name of a
        scikit-learn scorer, or a callable with the signature `scorer(estimator, X, y)`,
        of predictions in the units of y.

    categorical_features : 'from_dtype', array-like or None, default='from_dtype'
        Columns that are categories. 'from_dtype' takes columns of categories, strings
        and booleans, and of objects that are not all numbers. Otherwise their names,
        their indices or a boolean mask of all columns; None means no column.

    max_seconds : float or None, default=None
        Time limit of `fit`, in seconds. If it is too short for all members and epochs,
        members train for fewer epochs, in which the learning rate still falls to zero;
        if that is not enough, there are fewer members. A warning reports it.

    random_state : int, RandomState instance or None, default=None
        Seed or generator for the folds, the initial weights and the order of the rows.
        Pass an int for reproducible results across fits.

    n_jobs : int or None, default=None
        Number of members that train at the same time, each in a thread. None means 1
        unless in a `joblib.parallel_config` context, -1 one for each processor.
        The results do not depend on it.

    verbose : bool or int, default=False
        If True or 1, print the result of each member; if more, also those of its
        epochs.

    engine : {'auto', 'compiled', 'numpy'}, default='auto'
        Engine that does the arithmetic. 'auto' uses the compiled engine if it was built
        and no part of the networks is custom; otherwise it uses NumPy. 'compiled'
        raises an error instead of falling back, and 'numpy' always uses NumPy. Both
        engines give the same numbers, up to rounding.

    Attributes
    ----------
    estimators_ : list of NeuronRegressor
        The members, in the order of the folds. They take the matrix
        `encoder_.transform(X)`, predict the targets as standardised by
        `target_scaler_`, and have the attributes of :class:`skneuron.NeuronRegressor`,
        such as `history_`, `best_iter_` and `coefs_`.

    target_scaler_ : StandardScaler
        Scaler of the targets: the members are trained on
        `target_scaler_.transform(y.reshape(-1, 1))`.

    oof_predictions_ : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        Out-of-fold predictions: for each row of the training data, the mean of the
        members that did not train on it, in the units of y. NaN where no member held
        the row out; an int as `cv` leaves out rows of weight 0.

    oof_score_ : float
        R² of `oof_predictions_`, weighted by `sample_weight`: an estimate of the R² on
        new data that needs no cross-validation, because no member has trained on the
        rows that it is scored on. It is not entirely independent of them: they have
        chosen the epoch that the member keeps. The ensemble, in turn, is often better
        than the single member that predicts a row here. For several targets, the mean
        of theirs.

    encoder_ : object
        Encoder of the table, a transformer. `encoder_.transform(X)` is the matrix that
        the members are trained on, and `encoder_.get_feature_names_out()` names its
        columns.

    n_features_in_ : int
        Number of columns of X seen during fit.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X has names that are all strings.

    n_iter_ : int
        Largest number of epochs that a member has trained for.

    See Also
    --------
    TabularClassifier : The same ensemble for classification.
    skneuron.NeuronRegressor : A single network, for features that are all numbers.
    sklearn.ensemble.HistGradientBoostingRegressor : Trees for the same tables.

    Notes
    -----
    Numbers are centred at the median, divided by the interquartile range and clipped
    smoothly, as by :class:`skneuron.preprocessing.SmoothClipScaler`; missing ones
    become the median. Categories become indicators, scaled in the same way. Missing and
    unknown categories are zero in all of them; in a column with more than 255
    categories, unknown ones share an indicator with the rarest. The members scale each
    input by a learned factor, and are trained by Adam on the squared error in the
    neural tangent parametrisation (`init="ntk"`). Much of this recipe is that of
    RealMLP [1]_; the periodic features are those of [2]_ with the changes made there.

    Predictions are clipped to the range of the training targets, so there is no
    extrapolation.

    References
    ----------
    .. [1] Holzmüller, Grinsztajn and Steinwart (2024), "Better by default: Strong
       pre-tuned MLPs and boosted trees on tabular data", arXiv:2407.04491.
    .. [2] Gorishniy, Rubachev and Babenko (2022), "On embeddings for numerical features
       in tabular deep learning", arXiv:2203.05556.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skneuron.tabular import TabularRegressor
    >>> rng = np.random.RandomState(0)
    >>> X = pd.DataFrame(
    ...     {
    ...         "angle": rng.uniform(-3, 3, size=300),
    ...         "colour": rng.choice(["red", "green", "blue"], size=300),
    ...     }
    ... )
    >>> y = np.sin(X["angle"]) + 2 * (X["colour"] == "red")
    >>> X.loc[::50, "angle"] = np.nan
    >>> reg = TabularRegressor(random_state=0).fit(X, y)
    >>> new = pd.DataFrame({"angle": [1.5, np.nan], "colour": ["red", "purple"]})
    >>> reg.predict(new).shape
    (2,)
    >>> reg.oof_score_ > 0.8
    True

    Folds in the order of time, so that each member is validated on later rows:

    >>> from sklearn.model_selection import TimeSeriesSplit
    >>> reg = TabularRegressor(cv=TimeSeriesSplit(3), max_iter=10, random_state=0)
    >>> reg = reg.fit(X, y)
    >>> int(np.isnan(reg.oof_predictions_).sum())  # the rows before the first fold
    75
    """

    _fewest_for_periodic = 0
    _most_epochs = 64

    def __init__(
        self,
        hidden_layer_sizes: Ints = (64, 64),
        activation: ActivationChoice = "relu",
        *,
        periodic_features: PeriodicFeatures = "auto",
        batch_size: BatchSize = "auto",
        learning_rate_init: LearningRate = "auto",
        max_iter: MaxIter = "auto",
        cv: CrossValidation = 5,
        scoring: Scoring = None,
        categorical_features: CategoricalFeatures = "from_dtype",
        max_seconds: float | None = None,
        random_state: RandomState = None,
        n_jobs: int | None = None,
        verbose: bool | int = False,
        engine: EngineName = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.periodic_features = periodic_features
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.cv = cv
        self.scoring = scoring
        self.categorical_features = categorical_features
        self.max_seconds = max_seconds
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.engine = engine

    @at_one_moment
    def predict(self, X: Table) -> FloatArray:
        """Return the predicted targets: the mean of the members.

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Columns as in `fit`. Missing values and unknown categories are allowed, also
            where `fit` saw none.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            In the units of the training targets, and within their range.
        """
        return self._targets(self._mean_prediction(X))

    def score(
        self, X: Table, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the coefficient of determination, R².

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Columns as in `fit`. Missing values and unknown categories are allowed, also
            where `fit` saw none.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The true targets.

        sample_weight : array-like of shape (n_samples,), default=None
            Sample weights.

        Returns
        -------
        score : float
            At most 1; 0 for a constant prediction of the mean. For several targets, the
            mean of theirs.
        """
        return float(super().score(X, y, sample_weight))

    def _check_targets(self, y: Any) -> np.ndarray:
        y = validate_data(
            self, y=check_targets(y, numeric=True), multi_output=True, y_numeric=True
        )
        y = as_column(np.asarray(y, dtype=np.float64))
        self._one_target = y.ndim == 1
        return y

    def _encode_targets(self, y: np.ndarray, sample_weight: Any) -> np.ndarray:
        columns = y.reshape(len(y), -1)
        _check_magnitude(columns)
        with np.errstate(invalid="ignore"):  # a variance of 0 may be rounded below it
            self.target_scaler_ = StandardScaler().fit(columns, None, sample_weight)
        used = columns if sample_weight is None else columns[sample_weight > 0]
        self._target_range = used.min(axis=0), used.max(axis=0)
        scaled = self.target_scaler_.transform(columns)
        return scaled[:, 0] if self._one_target else scaled

    def _strata(self, y: np.ndarray) -> None:
        return None

    def _network(self, table: FloatArray, seed: int) -> NeuronRegressor:
        rate = self.learning_rate_init
        return NeuronRegressor(
            **self._member_parameters(table, seed),
            learning_rate_init=RATE if isinstance(rate, str) else rate,
            scoring="loss" if self.scoring is None else self.scoring,
        )

    def _scorer(
        self, y: np.ndarray, weights: Any, rows: IndexArray
    ) -> Callable[[Any, Any], float] | None:
        if self.scoring is None or self.scoring == "loss":
            return None
        scorer = check_scoring(self, scoring=self.scoring)
        y_true, of_rows = y[rows], None if weights is None else weights[rows]
        return lambda network, X: score_by(
            scorer, InUnits(self, network), X, y_true, of_rows
        )

    def _predict_member(self, network: Any, table: FloatArray) -> FloatArray:
        return network.predict(table).reshape(len(table), -1).astype(np.float64)

    def _targets(self, predicted: FloatArray) -> FloatArray:
        """Return standardised predictions in the units and the shape of y."""
        y = self._in_units(predicted)
        return y[:, 0] if self._one_target else y

    def _in_units(self, predicted: FloatArray) -> FloatArray:
        """Return the targets that standardised predictions stand for, clipped."""
        return np.clip(
            self.target_scaler_.inverse_transform(predicted), *self._target_range
        )

    def _set_out_of_fold(
        self, out_of_fold: FloatArray, y: np.ndarray, sample_weight: Any
    ) -> None:
        known = ~np.isnan(out_of_fold[:, 0])
        predicted = self._targets(out_of_fold)
        weights = None if sample_weight is None else sample_weight[known]
        self.oof_predictions_ = predicted
        self.oof_score_ = r2_score(y[known], predicted[known], sample_weight=weights)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _check_magnitude(columns: FloatArray) -> None:
    """Raise for targets that StandardScaler cannot square, or takes for zero."""
    largest = np.abs(columns).max(axis=0)
    used = np.ptp(columns / 2, axis=0) > 0
    wrong = (largest > LARGEST) | (used & (largest < 1 / LARGEST))
    if wrong.any():
        raise ValueError(
            f"y has values of the magnitude {largest[wrong][0]:.3g}, but the largest "
            f"must be from {1 / LARGEST:g} to {LARGEST:g}, so that their squares are "
            "finite and not zero. Pass y in another unit."
        )


class InUnits(RegressorMixin, BaseEstimator):
    """A member as scorers see it: its predictions are in the units of y."""

    def __init__(self, tabular: TabularRegressor, network: NeuronRegressor) -> None:
        self.tabular = tabular
        self.network = network

    def predict(self, X: FloatArray) -> FloatArray:
        predicted = self.tabular._predict_member(self.network, X)
        return self.tabular._targets(predicted)
