"""NeuronClassifier."""

# so that help() shows `solver: SolverChoice`, not every choice at length
from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from scipy.special import expit
from sklearn.base import ClassifierMixin

from .._engines import EngineName
from .._network.initializers import InitName
from .._sklearn import (
    HasMethods,
    Interval,
    StrOptions,
    available_if,
    check_partial_fit_first_call,
)
from .._types import ArrayLikeOrSparse, FloatArray
from ..losses import (
    CLASSIFICATION_LOSSES,
    INVERSE_LINKS,
    ByColumn,
    Loss,
    classification_loss,
    softmax,
)
from . import inputs
from .arguments import validates_parameters
from .base import CUSTOM_LOSS, BaseNeuron, can_partial_fit
from .choices import (
    ActivationChoice,
    BatchSize,
    ClassificationLossChoice,
    ClassWeight,
    DTypeName,
    Floats,
    InputLayers,
    Ints,
    LearningRateChoice,
    OutActivationName,
    RandomState,
    Scoring,
    SolverChoice,
)
from .class_weights import weights_by_class
from .fitted import REMEDY
from .labels import Labels, kind_of
from .snapshots import at_one_moment, successor
from .values import check_targets

PROBABILITIES = {
    info.dtype: (info.tiny, 1 - info.epsneg)
    for info in (np.finfo(np.float32), np.finfo(np.float64))
}
"""The smallest and the largest probability in each precision, both inside (0, 1)."""


class NeuronClassifier(ClassifierMixin, BaseNeuron):
    """Feed-forward neural network for classification.

    Accepts every parameter of :class:`sklearn.neural_network.MLPClassifier` with the
    same meaning and default, and gives the same numbers. The output layer depends on
    y: one logistic output for two classes, a softmax for more, one logistic output per
    label for an indicator matrix, one softmax per column for several columns of
    classes.

    Parameters
    ----------
    hidden_layer_sizes : int or array-like of int, default=(100,)
        Number of units in each hidden layer. `()` means no hidden layer: a logistic
        model.

    activation : str, object or sequence of them, default='relu'
        Activation function of the hidden units, one for all layers or one for each:

        - 'identity': f(z) = z
        - 'logistic': f(z) = 1 / (1 + exp(-z))
        - 'tanh': f(z) = tanh(z)
        - 'relu': f(z) = max(z, 0)
        - 'leaky_relu': f(z) = z if z > 0 else 0.01 z
        - 'elu': f(z) = z if z > 0 else exp(z) - 1
        - 'selu': f(z) = 1.0507 (z if z > 0 else 1.6733 (exp(z) - 1))
        - 'softplus': f(z) = log(1 + exp(z))
        - 'gelu': f(z) = z Φ(z), with Φ the standard normal distribution function
        - 'silu': f(z) = z / (1 + exp(-z))
        - 'mish': f(z) = z tanh(log(1 + exp(z)))
        - an object of :mod:`skneuron.activations`, such as `LeakyReLU(slope=0.1)`,
          whose parameters are set as `activation__slope`; or a custom one, as described
          in :func:`skneuron.check_gradient`, which runs on the NumPy engine

    input_layers : list of layers or None, default=None
        Layers between the features and the first hidden layer, in order: objects of
        :mod:`skneuron.layers`, such as `[Periodic(16), Scale()]`, or custom ones. Their
        parameters are set as `input_layers__0__n_frequencies`. None means none.

    solver : {'adam', 'sgd', 'lbfgs', 'adamw', 'rmsprop'} or optimizer, default='adam'
        Optimizer that minimises the loss. 'adam' [1]_, 'sgd' (with momentum), 'adamw'
        (Adam with decoupled weight decay) and 'rmsprop' step through mini-batches;
        'lbfgs' uses all samples at once and often works best below a few thousand
        samples. An object of :mod:`skneuron.optimizers`, such as
        `AdamW(weight_decay=0.1)`, has its own parameters, which are tuned as
        `solver__weight_decay`.

    alpha : float, default=0.0001
        Strength of the L2 penalty: `alpha / 2` times the sum of the squared weights,
        divided by the number of samples in the batch (or the sum of their weights), is
        added to the mean loss. Biases are not penalised.

    l1_ratio : float, default=0.0
        Fraction of `alpha` that penalises the absolute weights instead of their
        squares, from 0 to 1, as in :class:`sklearn.linear_model.ElasticNet`. A proximal
        step after each solver step makes some weights exactly zero. Values above 0
        raise an error with 'lbfgs'.

    dropout : float or array-like of float, default=0.0
        Fraction of hidden units dropped for each sample during training, from 0 to
        below 1, for all hidden layers or for each; the others are scaled by
        `1 / (1 - rate)`. Predictions use all units [4]_. Values above 0 raise an error
        with 'lbfgs'.

    batch_size : int, 'auto' or 'full', default='auto'
        Number of samples in a mini-batch; 'auto' is `min(200, n_samples)`, 'full' is
        all samples. Ignored by 'lbfgs'.

    learning_rate : str, schedule or callable, default='constant'
        Learning rate schedule:

        - 'constant': `learning_rate_init` in every epoch
        - 'invscaling': `learning_rate_init / (t + 1) ** power_t`, updated after each
          epoch, where `t` is the number of training samples seen
        - 'adaptive': divided by 5 each time training would otherwise stop for lack of
          improvement, until it is at most 1e-6
        - 'cosine': decays to zero at `max_iter` along a half-cosine
        - 'one_cycle': rises, then decays to nearly zero at `max_iter`
        - 'plateau': lowered after several epochs without improvement
        - an object of :mod:`skneuron.schedules`, such as `OneCycle(warmup=0.1)`, or a
          function that takes the progress, from 0 to 1 at `max_iter`, and returns a
          factor for `learning_rate_init`

        'adam' ignores 'invscaling' and 'adaptive', as in scikit-learn; 'lbfgs' ignores
        all of these. Each call of `partial_fit` is one epoch: set `max_iter` to the
        expected number of calls, because a schedule stays at its end after that many.

    learning_rate_init : float, default=0.001
        Learning rate, multiplied by the factor of the schedule if there is one. Ignored
        by 'lbfgs'.

    power_t : float, default=0.5
        Exponent of the 'invscaling' schedule.

    max_iter : int, default=200
        Maximum number of epochs, or of iterations with 'lbfgs'.

    loss : {'log_loss', 'squared_error'} or object, default='log_loss'
        Loss to minimise. 'log_loss' is the negative log-likelihood; 'squared_error' is
        half the squared difference between the probabilities and the targets 0 and 1,
        summed over the outputs. An object is one of :mod:`skneuron.losses`, such as
        `LogLoss(label_smoothing=0.1)`, whose parameters are set as
        `loss__label_smoothing`; or a custom one, as described in
        :func:`skneuron.check_gradient`, which runs on the NumPy engine.

    label_smoothing : float, default=0.0
        Fraction of each label that is spread evenly over all classes, from 0 to below
        1: the target of the true class is
        `1 - label_smoothing + label_smoothing / n_classes`. It makes the predicted
        probabilities less extreme. Only for loss='log_loss'.

    shuffle : bool, default=True
        If True, shuffle the samples before each epoch. Ignored by 'lbfgs'.

    random_state : int, RandomState instance or None, default=None
        Seed or generator for the initial weights, the order of the samples, the
        validation split of `early_stopping`, and dropout. Pass an int for reproducible
        results across fits. Successive calls of `partial_fit` continue one stream of
        random numbers.

    tol : float, default=1e-4
        Minimum improvement that counts: of the training loss or, with `early_stopping`,
        of the validation score. With 'lbfgs', training ends when no element of the
        gradient exceeds `tol` in absolute value.

    verbose : bool, default=False
        If True, print the loss of each epoch.

    warm_start : bool, default=False
        If True, `fit` continues from the network of the previous fit.

    momentum : float, default=0.9
        Fraction of the previous step that carries over to the next, from 0 to 1. Only
        for 'sgd'.

    nesterovs_momentum : bool, default=True
        If True, 'sgd' uses Nesterov's momentum.

    early_stopping : bool, default=False
        If True, hold out samples, stratified by class, and stop when the accuracy on
        them no longer improves; the best weights are kept. If fewer than four samples
        would be held out, all samples are used for both training and scoring, with a
        warning. 'lbfgs' ignores this, with a warning.

    validation_fraction : float, default=0.1
        Fraction of the training data that `early_stopping` holds out.

    scoring : str, callable or None, default=None
        Score of the held-out samples of `early_stopping`, or of the `X_val` of `fit`,
        after every epoch; higher is better. None is the accuracy; 'loss' is the
        negative loss without the penalty; otherwise the name of a scikit-learn scorer,
        or a callable with the signature `scorer(estimator, X, y)`. If the score
        supports weights, it uses the sample weights, including `class_weight`.

    beta_1 : float, default=0.9
        Decay rate of the first moment estimate, in [0, 1). Only for 'adam' and 'adamw'.

    beta_2 : float, default=0.999
        Decay rate of the second moment estimate, in [0, 1). Only for 'adam' and
        'adamw'.

    epsilon : float, default=1e-8
        Added to the denominator for numerical stability. Only for 'adam', 'adamw' and
        'rmsprop'.

    n_iter_no_change : int or inf, default=10
        Number of consecutive epochs without improvement that are tolerated; one more
        ends training. With `numpy.inf`, training never ends early. Ignored by 'lbfgs'.

    max_fun : int, default=15000
        Maximum number of evaluations of the loss. Only for 'lbfgs'.

    max_grad_norm : float or None, default=None
        Maximum norm of the gradient over all weights and biases; a longer gradient is
        scaled down to it before the step. It helps where the loss explodes. Values
        other than None raise an error with 'lbfgs'.

    init : str, default='auto'
        Distribution of the initial weights, for a layer with `fan_in` units before it
        and `fan_out` after it:

        - 'auto': uniform within ±sqrt(6 / (fan_in + fan_out)), with 2 instead of 6
          where the activation is 'logistic'; biases are drawn likewise, as in
          scikit-learn
        - 'glorot_uniform': uniform within ±sqrt(6 / (fan_in + fan_out)) [2]_
        - 'glorot_normal': normal with variance 2 / (fan_in + fan_out) [2]_
        - 'he_uniform': uniform within ±sqrt(6 / fan_in) [3]_
        - 'he_normal': normal with variance 2 / fan_in [3]_
        - 'lecun_normal': normal with variance 1 / fan_in, for 'selu'
        - 'zeros': all zero; only useful without hidden layers
        - 'ntk': normal with variance 1 / fan_in, biases with variance 1, and the output
          layer all zero; the learning rate of the weights is divided by sqrt(fan_in).
          With solvers such as 'adam', this is the neural tangent parametrisation, for
          which the best learning rate depends little on the sizes of the layers

        All but 'auto' and 'ntk' set the initial biases to zero.

    fit_intercept : bool, default=True
        If True, units have biases; if False, `intercepts_` are zero.

    class_weight : dict, 'balanced' or None, default=None
        Weights of the classes, as `{class: weight}`; 'balanced' weights each class
        inversely to its frequency. They multiply the sample weights, also in the scores
        of `early_stopping`. For several labels or columns of classes, a list has one
        entry for each.

    out_activation : {'auto', 'softmax'}, default='auto'
        Activation function of the output layer. 'auto' is one logistic output for two
        classes, a softmax for more, and one logistic output for each of several labels;
        'softmax' has one output per class even for two classes, as in textbooks.

    dtype : {'float32', 'float64'} or None, default=None
        Precision of training, of the weights and of predictions. None uses the
        precision of X, or float64 if X is neither. 'float32' is about twice as fast on
        large networks.

    engine : {'auto', 'compiled', 'numpy'}, default='auto'
        Engine that does the arithmetic. 'auto' uses the compiled engine if it was
        built, X is dense and of float32 or float64, and no part of the network is
        custom; otherwise it uses NumPy. 'compiled' raises an error instead of falling
        back, and 'numpy' always uses NumPy. Both engines give the same numbers, up to
        rounding.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), or list of ndarray
        Sorted class labels; for several columns of classes, those of each column.

    loss_ : float
        Mean loss of the last epoch, including the penalty.

    best_loss_ : float or None
        Lowest loss of any epoch trained without `early_stopping`; None with it.

    loss_curve_ : list of float
        `loss_` of every epoch or iteration.

    history_ : dict of list
        One entry per epoch or iteration, for `pandas.DataFrame(est.history_)`: 'epoch',
        counted from 1 over all calls; 'loss', as in `loss_curve_`; 'validation_loss'
        and 'validation_score', on the held-out samples or `X_val`; 'learning_rate';
        'gradient_norm', the norm of the gradient at the last step of the epoch, before
        `max_grad_norm` applies; 'seconds', the duration, averaged over epochs that ran
        in one go. Missing values are NaN.

    validation_scores_ : list of float or None
        Score on the held-out samples of `early_stopping`, or on `X_val`, after every
        epoch; None without either.

    validation_loss_curve_ : list of float or None
        Mean loss on the same samples, without the penalty; None without either.

    best_iter_ : int or None
        Epoch with the best of `validation_scores_`, counted from 1.

    best_validation_score_ : float or None
        With `early_stopping`, the score of the weights that were kept, on the held-out
        samples or on `X_val`: the weights after the best epoch or, with `warm_start`,
        those that this fit started from if no epoch beat them. With `X_val` alone, the
        best of `validation_scores_`, although the weights of the last epoch are kept.
        None without either.

    t_ : int
        Number of training samples seen over all epochs and calls; 0 after 'lbfgs'.

    coefs_ : list of ndarray of shape (fan_in, fan_out)
        Weights of each layer.

    intercepts_ : list of ndarray of shape (fan_out,)
        Biases of each layer.

    input_parameters_ : list of dict
        Learned parameters of each of the `input_layers`, as arrays by name, such as
        `{"factors": ...}`; an empty list without such layers.

    n_features_in_ : int
        Number of features seen during fit.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features, if X has names that are all strings.

    n_iter_ : int
        Number of epochs or iterations of the last call.

    n_layers_ : int
        Number of layers, including the input and the output.

    n_outputs_ : int
        Number of units in the output layer.

    out_activation_ : str
        Activation function of the output layer: 'logistic' or 'softmax'.

    See Also
    --------
    NeuronRegressor : The same network for regression.
    sklearn.neural_network.MLPClassifier : The estimator with the same numbers.

    References
    ----------
    .. [1] Kingma and Ba (2014), "Adam: A method for stochastic optimization",
       arXiv:1412.6980.
    .. [2] Glorot and Bengio (2010), "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS.
    .. [3] He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers",
       arXiv:1502.01852.
    .. [4] Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout:
       A simple way to prevent neural networks from overfitting", JMLR 15, p. 1929.

    Examples
    --------
    >>> from skneuron import NeuronClassifier
    >>> from sklearn.datasets import make_moons
    >>> X, y = make_moons(300, noise=0.2, random_state=0)
    >>> clf = NeuronClassifier(5, "tanh", solver="lbfgs", alpha=0.1, random_state=0)
    >>> clf = clf.fit(X, y)
    >>> clf.predict([[-1.0, 0.5], [2.0, 0.0]])
    array([0, 1])
    >>> clf.predict_proba([[0.5, 0.2]]).shape
    (1, 2)
    >>> clf.score(X, y) > 0.95
    True

    With regularisation, a schedule and a separate validation set:

    >>> from skneuron.optimizers import AdamW
    >>> from skneuron.schedules import OneCycle
    >>> clf = NeuronClassifier(
    ...     (50, 50),
    ...     solver=AdamW(weight_decay=0.1),
    ...     learning_rate=OneCycle(warmup=0.1),
    ...     learning_rate_init=0.02,
    ...     dropout=[0.2, 0.5],
    ...     label_smoothing=0.05,
    ...     max_grad_norm=1.0,
    ...     class_weight={0: 1, 1: 2},
    ...     scoring="roc_auc",
    ...     n_iter_no_change=25,
    ...     random_state=0,
    ... )
    >>> clf = clf.fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    >>> max(clf.validation_scores_) == clf.validation_scores_[clf.best_iter_ - 1]
    True
    >>> list(clf.history_)[:4], len(clf.history_["loss"]) == clf.n_iter_
    (['epoch', 'loss', 'validation_loss', 'validation_score'], True)

    Weights that are exactly zero:

    >>> clf = NeuronClassifier(50, alpha=10, l1_ratio=1, random_state=0).fit(X, y)
    >>> bool((clf.coefs_[0] == 0).mean() > 0.3)
    True

    Two columns of classes, with a softmax each:

    >>> moon = ["lower" if label else "upper" for label in y]
    >>> both = list(zip(moon, (X[:, 0] > 0).astype(int)))
    >>> clf = NeuronClassifier(5, solver="lbfgs", random_state=0).fit(X, both)
    >>> clf.predict([[-1.0, 0.5]]).tolist()
    [['upper', '0']]

    A network with given weights, without training, and a look inside:

    >>> clf = NeuronClassifier(2, "tanh", random_state=0)
    >>> clf = clf.initialize(X, y, coefs_init=[[[1, 0], [0, 1]], [[1], [-1]]])
    >>> clf.hidden_activations(X).shape, clf.input_gradient(X).shape
    ((300, 2), (300, 2))
    """

    _parameter_constraints: dict[str, list[Any]] = {
        **BaseNeuron._parameter_constraints,
        "loss": [
            StrOptions(set(CLASSIFICATION_LOSSES)),
            CUSTOM_LOSS,
            HasMethods(["with_link"]),
        ],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, list, None],
        "out_activation": [StrOptions({"auto", "softmax"})],
    }
    _numeric_targets = False

    def __init__(
        self,
        hidden_layer_sizes: Ints = (100,),
        activation: ActivationChoice = "relu",
        *,
        input_layers: InputLayers = None,
        solver: SolverChoice = "adam",
        alpha: float = 0.0001,
        l1_ratio: float = 0.0,
        dropout: Floats = 0.0,
        batch_size: BatchSize = "auto",
        learning_rate: LearningRateChoice = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        loss: ClassificationLossChoice = "log_loss",
        label_smoothing: float = 0.0,
        shuffle: bool = True,
        random_state: RandomState = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        scoring: Scoring = None,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        max_grad_norm: float | None = None,
        init: InitName = "auto",
        fit_intercept: bool = True,
        class_weight: ClassWeight = None,
        out_activation: OutActivationName = "auto",
        dtype: DTypeName | None = None,
        engine: EngineName = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.input_layers = input_layers
        self.solver = solver
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.dropout = dropout
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.loss = loss
        self.label_smoothing = label_smoothing
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.scoring = scoring
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.max_grad_norm = max_grad_norm
        self.init = init
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.out_activation = out_activation
        self.dtype = dtype
        self.engine = engine

    @available_if(can_partial_fit)
    @validates_parameters
    def partial_fit(
        self,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        sample_weight: ArrayLike | None = None,
        classes: ArrayLike | Sequence[Any] | None = None,
        *,
        X_val: ArrayLikeOrSparse | None = None,
        y_val: ArrayLikeOrSparse | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> Self:
        """Train for one epoch on the given data.

        Continues from the last call of `partial_fit` or `fit`, including the state of
        the optimizer and the stream of random numbers.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The class labels, or an indicator matrix of several labels.

        sample_weight : array-like of shape (n_samples,), default=None
            Sample weights, 0 or more.

        classes : array-like of shape (n_classes,) or list of them, default=None
            All labels that will ever occur, required in the first call only. A list
            has the labels of each column of y.

        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Samples to score after the epoch. The results are added to
            `validation_scores_` and `validation_loss_curve_`.

        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            Targets of `X_val`.

        sample_weight_val : array-like of shape (n_val,), default=None
            Sample weights of `X_val`.

        Returns
        -------
        self : object
            The trained estimator.
        """
        weights = self.class_weight
        if "balanced" in (weights if isinstance(weights, list) else [weights]):
            raise ValueError(
                "class_weight='balanced' needs all samples at once, but partial_fit "
                "sees a part of them. Compute the weights from all y by sklearn.utils."
                "class_weight.compute_class_weight('balanced', classes=classes, y=y), "
                "and pass them as a dict."
            )
        data, validation = (X, y, sample_weight), (X_val, y_val, sample_weight_val)
        with successor(self) as (trained, additions):
            trained._learn_classes(y, classes)
            additions += trained._partial_fit(data, validation)
        return self

    def _learn_classes(self, y: Any, classes: Any) -> None:
        """Store the classes of the first partial_fit; check those of later calls."""
        if _is_of_columns(classes):
            if not hasattr(self, "coefs_"):
                self._labels = Labels.of_columns(classes)
                self.classes_ = self._labels.classes
        elif not self._has_columns() and check_partial_fit_first_call(self, classes):
            kind = kind_of(check_targets(y, numeric=False))
            if kind == "multiclass-multioutput":
                raise ValueError(
                    f"y has {np.shape(y)[1]} columns of classes, so classes must be a "
                    f"list of those of each column; got {classes!r}."
                )
            several = kind.startswith("multilabel")
            self._labels = Labels(y if several else classes)

    @at_one_moment
    def decision_function(self, X: ArrayLikeOrSparse) -> FloatArray:
        """Return the confidence in each class, comparable between samples.

        These are log-odds for two classes and for several labels, and probabilities
        for three or more classes: the inputs of a softmax have an arbitrary shift for
        each sample, so no score or calibration can compare them.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        confidence : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            For two classes, one number per sample, above zero for the second class;
            otherwise one column per class or label. For several columns of classes,
            the results of all of them side by side.
        """
        z = self._raw_outputs(X)
        if self.n_outputs_ == 1:
            return z.ravel()
        if self._has_two_classes():
            return z[:, 1] - z[:, 0]
        if self.out_activation_ == "logistic":
            return z
        return np.hstack([softmax(part) for part in self._softmaxes(z)])

    @at_one_moment
    def predict(self, X: ArrayLikeOrSparse) -> NDArray[Any]:
        """Return the most probable class, or all labels more probable than not.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            Class labels, with as many columns as y had, or an indicator matrix.
        """
        z = self._raw_outputs(X)
        return self._labels.decode(z, softmax=self.out_activation_ == "softmax")

    @at_one_moment
    def predict_proba(self, X: ArrayLikeOrSparse) -> FloatArray | Any:
        """Return the probability of each class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        p : ndarray of shape (n_samples, n_classes), or list of them
            In the order of `classes_`; for several labels, the probability of each.
            Never exactly 0 or 1, except that a single class has probability 1. A list
            has the probabilities of each column of y.
        """
        z = self._raw_outputs(X)
        if self._has_columns():
            return [self._probabilities(part) for part in self._softmaxes(z)]
        return self._probabilities(z)

    def _softmaxes(self, z: FloatArray) -> list[FloatArray]:
        """Return the outputs that belong to each softmax."""
        return self._labels.parts(z) if self._has_columns() else [z]

    def _probabilities(self, z: FloatArray) -> FloatArray:
        alone = self.out_activation_ == "softmax" and z.shape[1] == 1
        if alone or self._is_certain():
            return np.ones_like(z)
        p = INVERSE_LINKS[self.out_activation_](z)
        if self.n_outputs_ == 1 and self._has_two_classes():
            # 1 - p as in scikit-learn, unless it rounds to zero
            p = np.hstack([np.where(p < 1, 1 - p, expit(-z)), p])
        # No finite z means certainty: a p of exactly 0 or 1 is due to rounding.
        least, most = PROBABILITIES[p.dtype]
        np.maximum(p, least, out=p)
        return np.minimum(p, most, out=p)

    def predict_log_proba(self, X: ArrayLikeOrSparse) -> FloatArray | Any:
        """Return the logarithm of the probability of each class.

        The logarithm of `predict_proba`, which is always finite.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        log_p : ndarray of shape (n_samples, n_classes), or list of them
            In the order of `classes_`. A list has the results for each column of y.
        """
        p = self.predict_proba(X)
        return [np.log(part) for part in p] if isinstance(p, list) else np.log(p)

    def score(
        self,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        sample_weight: ArrayLike | None = None,
    ) -> float:
        """Return the accuracy: the fraction of samples that are classified correctly.

        With several labels or columns, a sample is correct if all of them are.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The true labels.

        sample_weight : array-like of shape (n_samples,), default=None
            Sample weights.

        Returns
        -------
        score : float
            From 0 to 1.
        """
        if not self._has_columns():
            return super().score(X, y, sample_weight)
        hits = (self.predict(X) == np.asarray(y)).all(axis=1)
        weights = None if sample_weight is None else np.asarray(sample_weight)
        return float(np.average(hits, weights=weights))

    def _has_two_classes(self) -> bool:
        return self._labels.kind == "binary"

    def _has_columns(self) -> bool:
        return hasattr(self, "_labels") and self._labels.kind == "multioutput"

    def _has_softmax(self) -> bool:
        several = self._labels.kind in ("multiclass", "multioutput")
        return several or self.out_activation == "softmax"

    def _encode_targets(
        self, y: Any, dtype: np.dtype, *, known: bool, all_known: bool
    ) -> np.ndarray:
        y = inputs.as_column(y)
        if known:
            self._labels.check_known(y, all_known=all_known)
        else:
            self._labels = Labels(y)
            self.classes_ = self._labels.classes
        if self._labels.kind == "multilabel" and self.out_activation == "softmax":
            raise ValueError(
                "out_activation='softmax' chooses one class for each sample, but y "
                "has several labels; use out_activation='auto'."
            )
        return self._labels.encode(y, softmax=self._has_softmax())

    def _decode_targets(self, y: np.ndarray) -> np.ndarray:
        return self._labels.decode(y, softmax=self._has_softmax())

    def _weigh_classes(
        self, y: Any, sample_weight: FloatArray | None, dtype: np.dtype
    ) -> FloatArray | None:
        if self.class_weight is None:
            return sample_weight
        if issparse(y):
            y = y.toarray()
        columns = y.reshape(len(y), -1).T
        one_for_each = self.class_weight
        if not isinstance(one_for_each, list):
            one_for_each = [self.class_weight] * len(columns)
        if len(one_for_each) != len(columns):
            raise ValueError(
                f"class_weight is a list of {len(one_for_each)}, but y has "
                f"{len(columns)} column(s): give one for each, or one for all."
            )
        weights = np.ones(len(y)) if sample_weight is None else sample_weight
        known = self._labels.of_each_column
        for chosen, column, classes in zip(one_for_each, columns, known, strict=True):
            by_class = weights_by_class(chosen, column, list(classes), sample_weight)
            weights = weights * by_class
        with np.errstate(over="ignore"):
            weights = weights.astype(dtype)
        if not weights.any():
            raise ValueError(
                f"class_weight={self.class_weight!r} leaves no sample with a weight "
                "above 0."
            )
        if not np.isfinite(weights).all():
            raise ValueError(
                f"class_weight={self.class_weight!r} gives weights that {dtype} cannot "
                "hold: divide all of them by the largest."
            )
        return weights

    def _make_loss(self) -> Loss:
        link = "softmax" if self._has_softmax() else "logistic"
        loss = self._make_column_loss(link)
        return (
            ByColumn(loss, tuple(self._labels.sizes)) if self._has_columns() else loss
        )

    def _make_column_loss(self, link: str) -> Loss:
        smoothing = self.label_smoothing
        if smoothing != 0 and self.loss != "log_loss":
            raise ValueError(
                f"label_smoothing={smoothing} is for loss='log_loss'; "
                f"with loss={self.loss!r} it must be 0."
            )
        loss = classification_loss(self.loss, link, label_smoothing=smoothing)
        return inputs.check_loss(loss, [link])

    def _check_outputs(self) -> None:
        labels, link, n_outputs = self._labels, self.out_activation_, self.n_outputs_
        if n_outputs != labels.n_outputs(link):
            raise ValueError(
                f"out_activation_={link!r} with n_outputs_={n_outputs!r} does not fit "
                f"the {labels.kind} targets with classes {labels.classes} that fit "
                f"was given. {REMEDY}"
            )
        if labels.kind != "multilabel" and len(self.classes_) != len(labels.classes):
            raise ValueError(
                f"classes_ must have {len(labels.classes)} entries, as after fit; got "
                f"{len(self.classes_)}. {REMEDY}"
            )

    def _is_certain(self) -> bool:
        return len(self._labels.classes) == 1

    def _columns(self) -> list[int]:
        return self._labels.sizes if self._has_columns() else [self.n_outputs_]

    def _strata(self, y: np.ndarray) -> np.ndarray | None:
        return self._labels.strata(y)

    def _score_raw(
        self, z: FloatArray, y: np.ndarray, sample_weight: FloatArray | None
    ) -> float:
        if self._has_columns():
            both = zip(self._labels.parts(z), self._labels.parts(y), strict=True)
            hits = np.all(
                [part.argmax(axis=1) == true.argmax(axis=1) for part, true in both],
                axis=0,
            )
        elif self._is_certain():
            return 1.0
        elif self.out_activation_ == "softmax":
            hits = z.argmax(axis=1) == y.argmax(axis=1)
        else:
            hits = ((z > 0) == y).all(axis=1)
        return float(np.average(hits, weights=sample_weight))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = self.out_activation == "auto"
        return tags


def _is_of_columns(classes: Any) -> bool:
    """Return True for the classes of several columns: a list of lists."""
    return isinstance(classes, Sequence | np.ndarray) and any(
        np.ndim(column) == 1 for column in classes
    )
