"""TabularClassifier."""

# so that help() shows `activation: ActivationChoice`, not every choice at length
from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from .._engines import EngineName
from .._estimators.choices import ActivationChoice, Ints, RandomState, Scoring
from .._estimators.class_weights import weights_by_class
from .._estimators.classifier import NeuronClassifier
from .._estimators.snapshots import at_one_moment
from .._estimators.values import check_targets
from .._sklearn import Interval, StrOptions
from .._types import FloatArray
from ._base import BaseTabular
from ._calibration import fit_temperature, tempered
from ._parameters import (
    CONSTRAINTS,
    BatchSize,
    CategoricalFeatures,
    ClassWeight,
    CrossValidation,
    LearningRate,
    MaxIter,
    PeriodicFeatures,
    Table,
)

RATE = 0.055  # of Adam, for "auto"


class TabularClassifier(ClassifierMixin, BaseTabular):
    """Ensemble of neural networks for the classification of tables.

    Takes a table as it is: numbers, categories and missing values, in a data frame or
    an array. One network, a member, is trained for each of the folds of `cv`, on the
    rows of the other folds; it keeps the epoch with the best score on its own fold. The
    probabilities are the mean of those of the members, calibrated by one temperature.

    Parameters
    ----------
    hidden_layer_sizes : int or array-like of int, default=(64, 64)
        Number of units in each hidden layer of a member. `()` means no hidden layer.

    activation : str, object or sequence of them, default='relu'
        Activation function of the hidden units, as in
        :class:`skneuron.NeuronClassifier`: a name such as 'relu', 'silu' or 'mish', or
        an object of :mod:`skneuron.activations`, whose parameters are set as
        `activation__slope`; one for all layers or one for each.

    periodic_features : bool or 'auto', default='auto'
        If True, learned periodic features of each numeric column join the inputs: the
        layer :class:`skneuron.layers.Periodic`. They help to learn functions that are
        not smooth, and make training slower. 'auto' decides by the number of rows;
        `estimators_[0].input_layers` shows the choice.

    label_smoothing : float, default=0.1
        Fraction of each label that is spread evenly over all classes, from 0 to below
        1. It makes the probabilities of the members less extreme, which `temperature_`
        undoes.

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

    cv : int, splitter, iterable or None, default=8
        Folds, one for each member. An int is the number of shuffled folds, stratified
        by class and, if `fit` is given `groups`, with groups kept together; None means
        5. Otherwise a splitter, such as `TimeSeriesSplit(5)`, or an iterable of
        `(train, test)` indices. More folds give better predictions and take longer, in
        proportion.

    scoring : str, callable or None, default=None
        Score on the held-out rows that decides which epoch a member keeps; higher is
        better. None and 'loss' are the negative loss; otherwise the name of a
        scikit-learn scorer, or a callable with the signature `scorer(estimator, X, y)`.

    class_weight : dict, 'balanced' or None, default=None
        Weights of the classes, as `{class: weight}`; 'balanced' weights each class
        inversely to its frequency. They multiply the sample weights in training, in the
        scores that decide the epoch, and in the fit of `temperature_`.

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
    classes_ : ndarray of shape (n_classes,)
        Sorted class labels.

    estimators_ : list of NeuronClassifier
        The members, in the order of the folds. They take the matrix
        `encoder_.transform(X)`, and have the attributes of
        :class:`skneuron.NeuronClassifier`, such as `history_`, `best_iter_` and
        `coefs_`.

    oof_predictions_ : ndarray of shape (n_samples, n_classes)
        Out-of-fold probabilities: for each row of the training data, the mean of the
        members that did not train on it, calibrated. NaN where no member held the row
        out; an int as `cv` leaves out rows of weight 0.

    oof_score_ : float
        Accuracy of `oof_predictions_`, weighted by `sample_weight`: an estimate of the
        accuracy on new data that needs no cross-validation, because no member has
        trained on the rows that it is scored on. It is not entirely independent of
        them: they have chosen the epoch that the member keeps. The ensemble, in turn,
        is often better than the single member that predicts a row here.

    temperature_ : float
        Number T that calibrates the mean p of the members' probabilities: the result is
        softmax(log(p) / T). It minimises the log loss of the out-of-fold probabilities;
        the most probable class stays the same. With 'balanced' or other class weights,
        the probabilities are those of classes so weighted.

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
    TabularRegressor : The same ensemble for regression.
    skneuron.NeuronClassifier : A single network, for features that are all numbers.
    sklearn.ensemble.HistGradientBoostingClassifier : Trees for the same tables.

    Notes
    -----
    Numbers are centred at the median, divided by the interquartile range and clipped
    smoothly, as by :class:`skneuron.preprocessing.SmoothClipScaler`; missing ones
    become the median. Categories become indicators, scaled in the same way. Missing and
    unknown categories are zero in all of them; in a column with more than 255
    categories, unknown ones share an indicator with the rarest. The members scale each
    input by a learned factor, and are trained by Adam in the neural tangent
    parametrisation (`init="ntk"`). Much of this recipe is that of RealMLP [1]_; the
    periodic features are those of [2]_ with the changes made there, and the temperature
    is that of [3]_, fitted on out-of-fold predictions.

    References
    ----------
    .. [1] Holzmüller, Grinsztajn and Steinwart (2024), "Better by default: Strong
       pre-tuned MLPs and boosted trees on tabular data", arXiv:2407.04491.
    .. [2] Gorishniy, Rubachev and Babenko (2022), "On embeddings for numerical features
       in tabular deep learning", arXiv:2203.05556.
    .. [3] Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural
       networks", arXiv:1706.04599.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skneuron.tabular import TabularClassifier
    >>> rng = np.random.RandomState(0)
    >>> X = pd.DataFrame(
    ...     {
    ...         "size": rng.normal(size=300),
    ...         "colour": rng.choice(["red", "green", "blue"], size=300),
    ...     }
    ... )
    >>> y = np.where((X["size"] > 0) == (X["colour"] == "red"), "ripe", "unripe")
    >>> X.loc[::50, "size"] = np.nan
    >>> clf = TabularClassifier(random_state=0).fit(X, y)
    >>> new = pd.DataFrame({"size": [1.0, 1.0, -1.0], "colour": ["red", "blue", None]})
    >>> clf.predict(new.iloc[:2]).tolist()
    ['ripe', 'unripe']
    >>> clf.predict_proba(new).shape
    (3, 2)
    >>> clf.oof_score_ > 0.8
    True

    Folds that keep groups together, and an array with categories:

    >>> from sklearn.model_selection import GroupKFold
    >>> clf = TabularClassifier(cv=GroupKFold(3), max_iter=10, random_state=0)
    >>> clf = clf.fit(X.to_numpy(), y, groups=np.arange(300) // 10)
    >>> len(clf.estimators_), clf.encoder_.get_feature_names_out().tolist()
    (3, ['x0', 'x1_blue', 'x1_green', 'x1_red'])
    """

    _parameter_constraints: dict[str, list[Any]] = {
        **CONSTRAINTS,
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, None],
    }
    _fewest_for_periodic = 5000
    _most_epochs = 60

    def __init__(
        self,
        hidden_layer_sizes: Ints = (64, 64),
        activation: ActivationChoice = "relu",
        *,
        periodic_features: PeriodicFeatures = "auto",
        label_smoothing: float = 0.1,
        batch_size: BatchSize = "auto",
        learning_rate_init: LearningRate = "auto",
        max_iter: MaxIter = "auto",
        cv: CrossValidation = 8,
        scoring: Scoring = None,
        class_weight: ClassWeight = None,
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
        self.label_smoothing = label_smoothing
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.cv = cv
        self.scoring = scoring
        self.class_weight = class_weight
        self.categorical_features = categorical_features
        self.max_seconds = max_seconds
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.engine = engine

    @at_one_moment
    def predict(self, X: Table) -> NDArray[Any]:
        """Return the most probable class of each row.

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Columns as in `fit`. Missing values and unknown categories are allowed, also
            where `fit` saw none.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            Class labels.
        """
        probabilities = tempered(self._mean_prediction(X), self.temperature_)
        return self.classes_[probabilities.argmax(axis=1)]

    @at_one_moment
    def predict_proba(self, X: Table) -> FloatArray:
        """Return the probability of each class: the calibrated mean of the members.

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Columns as in `fit`. Missing values and unknown categories are allowed, also
            where `fit` saw none.

        Returns
        -------
        p : ndarray of shape (n_samples, n_classes)
            In the order of `classes_`; never exactly 0.
        """
        mean = self._mean_prediction(X)
        return tempered(mean, self.temperature_)

    def predict_log_proba(self, X: Table) -> FloatArray:
        """Return the logarithm of the probability of each class.

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Columns as in `fit`. Missing values and unknown categories are allowed, also
            where `fit` saw none.

        Returns
        -------
        log_p : ndarray of shape (n_samples, n_classes)
            In the order of `classes_`; always finite.
        """
        return np.log(self.predict_proba(X))

    def score(
        self, X: Table, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the accuracy: the fraction of rows that are classified correctly.

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Columns as in `fit`. Missing values and unknown categories are allowed, also
            where `fit` saw none.

        y : array-like of shape (n_samples,)
            The true labels.

        sample_weight : array-like of shape (n_samples,), default=None
            Sample weights.

        Returns
        -------
        score : float
            From 0 to 1.
        """
        return float(super().score(X, y, sample_weight))

    def _check_targets(self, y: Any) -> np.ndarray:
        y = check_targets(y, numeric=False)
        shape: tuple[int, ...] = getattr(y, "shape", ())
        if len(shape) == 2 and shape[1] > 1:
            raise ValueError(
                f"y has {shape[1]} columns, but TabularClassifier predicts one class "
                "for each row. For labels or classes in several columns, use "
                "sklearn.multioutput.MultiOutputClassifier(TabularClassifier()), which "
                "fits an ensemble for each column, or NeuronClassifier. For indicators "
                "of a single class, use y.argmax(axis=1)."
            )
        y = validate_data(self, y=y)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        return y

    def _encode_targets(self, y: np.ndarray, sample_weight: Any) -> np.ndarray:
        return y

    def _strata(self, y: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.classes_, y)

    def _network(self, table: FloatArray, seed: int) -> NeuronClassifier:
        rate = self.learning_rate_init
        return NeuronClassifier(
            **self._member_parameters(table, seed),
            learning_rate_init=RATE if isinstance(rate, str) else rate,
            label_smoothing=self.label_smoothing,
            class_weight=self.class_weight,
            scoring="loss" if self.scoring is None else self.scoring,
        )

    def _predict_member(self, network: Any, table: FloatArray) -> FloatArray:
        return network.predict_proba(table).astype(np.float64)

    def _set_out_of_fold(
        self, out_of_fold: FloatArray, y: np.ndarray, sample_weight: Any
    ) -> None:
        known = ~np.isnan(out_of_fold[:, 0])
        codes = np.searchsorted(self.classes_, y[known])
        weights = self._weigh_classes(y, sample_weight)
        self.temperature_ = fit_temperature(
            out_of_fold[known], codes, None if weights is None else weights[known]
        )
        out_of_fold[known] = tempered(out_of_fold[known], self.temperature_)
        self.oof_predictions_ = out_of_fold
        self.oof_score_ = accuracy_score(
            codes,
            out_of_fold[known].argmax(axis=1),
            sample_weight=None if sample_weight is None else sample_weight[known],
        )

    def _weigh_classes(self, y: np.ndarray, sample_weight: Any) -> FloatArray | None:
        """Return the weights that the members are trained with."""
        if self.class_weight is None:
            return sample_weight
        by_class = weights_by_class(
            self.class_weight, y, list(self.classes_), sample_weight
        )
        return by_class if sample_weight is None else by_class * sample_weight
