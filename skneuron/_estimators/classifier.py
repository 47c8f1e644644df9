"""NeuronClassifier."""

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from scipy.sparse import issparse
from scipy.special import expit
from sklearn.base import ClassifierMixin
from sklearn.utils import compute_class_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call

from .._sklearn import HasMethods, Interval, StrOptions
from .._types import FloatArray
from ..losses import (
    CLASSIFICATION_LOSSES,
    INVERSE_LINKS,
    ByColumn,
    Loss,
    classification_loss,
    softmax,
)
from . import inputs
from .base import OWN_LOSS, BaseNeuron, can_partial_fit, validates_parameters
from .labels import Labels, kind_of
from .learnt import REMEDY
from .snapshots import at_one_moment, successor
from .values import check_targets

PROBABILITIES = {
    info.dtype: (info.tiny, 1 - info.epsneg)
    for info in (np.finfo(np.float32), np.finfo(np.float64))
}
"""The least and the greatest of each precision: they lie inside (0, 1)."""


class NeuronClassifier(ClassifierMixin, BaseNeuron):
    """Feed-forward neural network for classification.

    Takes every parameter of :class:`sklearn.neural_network.MLPClassifier` with its
    meaning and default, and gives its numbers. Two classes make one logistic output,
    more a softmax, an indicator matrix of several labels one logistic output each,
    several columns of classes a softmax each.

    Parameters
    ----------
    hidden_layer_sizes : int or array-like of int, default=(100,)
        Units of each hidden layer. `()` means no hidden layer: a logistic model.

    activation : str, object or sequence of them, default='relu'
        The function of the hidden units, one for all layers or one for each:

        - 'identity': f(z) = z
        - 'logistic': f(z) = 1 / (1 + exp(-z))
        - 'tanh': f(z) = tanh(z)
        - 'relu': f(z) = max(z, 0)
        - 'leaky_relu': f(z) = z if z > 0 else 0.01 z
        - 'elu': f(z) = z if z > 0 else exp(z) - 1
        - 'selu': 1.0507 (z if z > 0 else 1.6733 (exp(z) - 1))
        - 'softplus': f(z) = log(1 + exp(z))
        - 'gelu': f(z) = z Φ(z), Φ the normal distribution function
        - 'silu': f(z) = z / (1 + exp(-z))
        - 'mish': f(z) = z tanh(log(1 + exp(z)))
        - an object of :mod:`skneuron.activations`, `LeakyReLU(slope=0.1)` say, whose
          parameters are tuned as `activation__slope`; or a custom object, as
          :func:`skneuron.check_gradient` describes it, which runs on NumPy

    solver : {'adam', 'sgd', 'lbfgs', 'adamw', 'rmsprop'} or optimizer, default='adam'
        What minimises the loss: steps over mini-batches by Adam [1]_, by gradient
        descent with momentum, by Adam with decoupled weight decay or by RMSprop; or
        L-BFGS over all samples at once, which is often best below a few thousand
        samples. An object of :mod:`skneuron.optimizers`, `AdamW(weight_decay=0.1)` say,
        has parameters of its own, tuned as `solver__weight_decay`.

    alpha : float, default=0.0001
        Strength of the L2 penalty. Half the sum of the squared weights times `alpha`,
        divided by the samples of the batch (their weights, where given), is added to
        the mean loss; biases are not penalised.

    l1_ratio : float, default=0.0
        What part of `alpha` penalises the absolute weights instead of their squares, as
        in :class:`sklearn.linear_model.ElasticNet`: from 0 to 1. It makes weights that
        are exactly zero, by a proximal step after each of the solver's. Above 0 it is
        an error with 'lbfgs'.

    dropout : float or array-like of float, default=0.0
        What part of the hidden units each sample does without at a step of training,
        from 0 to below 1, for all hidden layers or one for each; the rest grows in
        proportion, and predictions have all units [4]_. Above 0 it is an error with
        'lbfgs'.

    batch_size : int, 'auto' or 'full', default='auto'
        Samples in a mini-batch; 'auto' is `min(200, n_samples)`, 'full' all of them.
        Ignored by 'lbfgs'.

    learning_rate : str, schedule or callable, default='constant'
        How the learning rate changes from epoch to epoch:

        - 'constant': not at all
        - 'invscaling': `learning_rate_init / (t + 1) ** power_t` after the epoch that
          ends with `t` training samples seen
        - 'adaptive': divided by five whenever training would otherwise stop for want
          of improvement, until it is 1e-6 or less
        - 'cosine': down to nothing at `max_iter` along half a cosine wave
        - 'one_cycle': up, then down to nothing at `max_iter`
        - 'plateau': lowered after epochs without improvement
        - an object of :mod:`skneuron.schedules`, `OneCycle(warmup=0.1)` say, or a
          function of the progress, from 0 to 1 at `max_iter`, that returns a factor
          for `learning_rate_init`

        'invscaling' and 'adaptive' are ignored by 'adam', as in scikit-learn, and all
        of these by 'lbfgs'. Each call of `partial_fit` is an epoch: set `max_iter` to
        how many there will be, for after that many a schedule stays at its end.

    learning_rate_init : float, default=0.001
        The learning rate, or what a schedule multiplies. Ignored by 'lbfgs'.

    power_t : float, default=0.5
        The exponent of 'invscaling'.

    max_iter : int, default=200
        The most epochs that `fit` trains for, or iterations of 'lbfgs'.

    loss : {'log_loss', 'squared_error'} or object, default='log_loss'
        What is minimised: the negative log-likelihood, or half the squared distance of
        the probabilities from 0 and 1, summed over the outputs. Or an object of
        :mod:`skneuron.losses`, `LogLoss(label_smoothing=0.1)` say, whose parameters
        are tuned as `loss__label_smoothing`; or a custom object, as
        :func:`skneuron.check_gradient` describes it, which runs on NumPy.

    label_smoothing : float, default=0.0
        How much of each label is shared out among all classes, from 0 to below 1: a
        true class counts `1 - label_smoothing + label_smoothing / n_classes`, and the
        probabilities are less sure of themselves. With loss='log_loss'.

    shuffle : bool, default=True
        Whether each epoch takes the samples in a new order. Ignored by 'lbfgs'.

    random_state : int, RandomState instance or None, default=None
        Decides the first weights, the order of the samples, the hold-out of
        `early_stopping`, and dropout. Pass an int for the same result at every fit.
        From one call of `partial_fit` to the next, the stream of random numbers goes
        on.

    tol : float, default=1e-4
        The least improvement that counts, of the training loss, or of the validation
        score with `early_stopping`; for 'lbfgs' the largest element of the gradient at
        which it ends.

    verbose : bool, default=False
        Whether to print the loss of each epoch.

    warm_start : bool, default=False
        Whether `fit` goes on from the network of the last fit.

    momentum : float, default=0.9
        How much of the last step goes on, from 0 to 1. For 'sgd'.

    nesterovs_momentum : bool, default=True
        Whether the momentum of 'sgd' is Nesterov's.

    early_stopping : bool, default=False
        Whether to hold samples out, stratified by class, and stop when the accuracy on
        them no longer improves; the weights that did best there are kept. A hold-out
        of fewer than four samples tells nothing: then all samples are trained on and
        scored, with a warning. Ignored by 'lbfgs', which warns.

    validation_fraction : float, default=0.1
        How much of the training data `early_stopping` holds out.

    scoring : str, callable or None, default=None
        How the hold-out of `early_stopping`, or `X_val` of `fit`, is scored after every
        epoch: None is the accuracy, 'loss' the loss without the penalty, its sign
        changed; else the name of a scorer of scikit-learn, or a callable with the
        signature `scorer(estimator, X, y)`. Higher is better. Samples count by their
        weights, `class_weight` included, where the score takes weights.

    beta_1 : float, default=0.9
        Decay of the first moment, in [0, 1). For 'adam' and 'adamw'.

    beta_2 : float, default=0.999
        Decay of the second moment, in [0, 1). For 'adam' and 'adamw'.

    epsilon : float, default=1e-8
        What keeps a division from dividing by zero. For 'adam', 'adamw' and 'rmsprop'.

    n_iter_no_change : int or inf, default=10
        Training ends after more than this many epochs in a row without improvement;
        never, with `numpy.inf`. Ignored by 'lbfgs'.

    max_fun : int, default=15000
        Most evaluations of the loss by 'lbfgs'.

    max_grad_norm : float or None, default=None
        The gradient of a step is scaled down to this length where it is longer, over
        all weights and biases. It helps where the loss explodes. An error with 'lbfgs'.

    init : str, default='auto'
        How the first weights are drawn, for a layer with `fan_in` units before and
        `fan_out` after it:

        - 'auto': uniform within sqrt(6 / (fan_in + fan_out)), with 2 for 6 where the
          activation is 'logistic'; biases likewise. As in scikit-learn
        - 'glorot_uniform': uniform within sqrt(6 / (fan_in + fan_out)) [2]_
        - 'glorot_normal': normal with variance 2 / (fan_in + fan_out) [2]_
        - 'he_uniform': uniform within sqrt(6 / fan_in) [3]_
        - 'he_normal': normal with variance 2 / fan_in [3]_
        - 'lecun_normal': normal with variance 1 / fan_in, for 'selu'
        - 'zeros': all zero; only sensible without hidden layers

        All but 'auto' start the biases at zero.

    fit_intercept : bool, default=True
        Whether units have biases. Without, `intercepts_` are zero.

    class_weight : dict, 'balanced' or None, default=None
        How much the samples of each class count, as `{class: weight}`; 'balanced' is
        inversely proportional to how often each occurs. Sample weights are multiplied
        by it, also where samples are scored for `early_stopping`. For several labels, a
        list of dicts.

    out_activation : {'auto', 'softmax'}, default='auto'
        The function of the output layer. 'auto' is one logistic output for two classes,
        a softmax for more, a logistic output for each of several labels; 'softmax' has
        one output for each class also where there are two, as textbooks do.

    dtype : {'float32', 'float64'} or None, default=None
        The precision of training, of the weights and of predictions. None takes that of
        X, float64 where X is neither. 'float32' is about twice as fast on large
        networks.

    engine : {'auto', 'compiled', 'numpy'}, default='auto'
        What does the arithmetic. 'auto' takes the compiled engine where it was built, X
        is dense, of float32 or float64, and no part of the network is one's own; else
        NumPy. 'compiled' raises an error instead, 'numpy' always takes NumPy. Both give
        the same numbers, but for rounding.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), or list of ndarray
        The class labels, sorted; where y has several columns of classes, those of each.

    loss_ : float
        Mean loss of the last epoch, the penalty included.

    best_loss_ : float or None
        The lowest loss of an epoch trained without `early_stopping`; None with it.

    loss_curve_ : list of float
        `loss_` of every epoch or iteration.

    history_ : dict of list
        What each epoch or iteration was like, for `pandas.DataFrame(est.history_)`:
        'epoch', counted from 1 over all calls; 'loss' as in `loss_curve_`;
        'validation_loss' and 'validation_score', of the hold-out or `X_val`;
        'learning_rate'; 'gradient_norm', the length of the gradient at the epoch's last
        step, before `max_grad_norm`; 'seconds' that it took, the mean of those that
        ran in one go. NaN where there is nothing to tell.

    validation_scores_ : list of float or None
        The score of the hold-out of `early_stopping`, or of `X_val`, after every epoch;
        None without either.

    validation_loss_curve_ : list of float or None
        Their mean loss, without the penalty, likewise.

    best_iter_ : int or None
        The epoch with the best of `validation_scores_`, counted from 1.

    best_validation_score_ : float or None
        With `early_stopping`, the score of the weights that were kept, on the hold-out
        or on `X_val`: those after the best epoch or, under `warm_start`, those that
        this fit started from, if nothing beat them. None without `early_stopping`, also
        where there is `X_val`: then nothing is chosen by its scores, and the weights of
        the last epoch stay.

    t_ : int
        Training samples times epochs, over all calls; 0 after 'lbfgs'.

    coefs_ : list of ndarray of shape (fan_in, fan_out)
        The weights of each layer.

    intercepts_ : list of ndarray of shape (fan_out,)
        The biases of each layer.

    n_features_in_ : int
        Features seen during fit.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Their names, where X has names that are all strings.

    n_iter_ : int
        Epochs or iterations of the last call.

    n_layers_ : int
        Layers, the input and the output included.

    n_outputs_ : int
        Units of the output layer.

    out_activation_ : str
        The function of the output layer: 'logistic' or 'softmax'.

    See Also
    --------
    NeuronRegressor : The same network for numbers.
    sklearn.neural_network.MLPClassifier : The estimator whose numbers this one gives.

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

    Regularised, with a schedule, and validated on samples of one's own:

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

    Two columns of classes, a softmax each:

    >>> moon = ["lower" if label else "upper" for label in y]
    >>> both = list(zip(moon, (X[:, 0] > 0).astype(int)))
    >>> clf = NeuronClassifier(5, solver="lbfgs", random_state=0).fit(X, both)
    >>> clf.predict([[-1.0, 0.5]]).tolist()
    [['upper', '0']]

    Without training, from weights of one's own; and what is inside:

    >>> clf = NeuronClassifier(2, "tanh", random_state=0)
    >>> clf = clf.initialize(X, y, coefs_init=[[[1, 0], [0, 1]], [[1], [-1]]])
    >>> clf.hidden_activations(X).shape, clf.input_gradient(X).shape
    ((300, 2), (300, 2))
    """

    _parameter_constraints: dict = {
        **BaseNeuron._parameter_constraints,
        "loss": [
            StrOptions(set(CLASSIFICATION_LOSSES)),
            OWN_LOSS,
            HasMethods(["with_link"]),
        ],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, list, None],
        "out_activation": [StrOptions({"auto", "softmax"})],
    }
    _numeric_targets = False

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: Any = "relu",
        *,
        solver: Any = "adam",
        alpha: float = 0.0001,
        l1_ratio: float = 0.0,
        dropout: float | Sequence[float] = 0.0,
        batch_size: int | str = "auto",
        learning_rate: Any = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        loss: Any = "log_loss",
        label_smoothing: float = 0.0,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        scoring: str | Callable[..., float] | None = None,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        max_grad_norm: float | None = None,
        init: str = "auto",
        fit_intercept: bool = True,
        class_weight: Any = None,
        out_activation: str = "auto",
        dtype: str | None = None,
        engine: str = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
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
        X: Any,
        y: Any,
        sample_weight: Any = None,
        classes: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:
        """Train for one epoch over the given data.

        Goes on from the last call of `partial_fit` or `fit`, the optimizer and the
        stream of random numbers included.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The class labels, or an indicator matrix of several labels.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each sample counts, 0 or more.

        classes : array-like of shape (n_classes,) or list of them, default=None
            All labels that will ever come; needed in the first call only. A list has
            those of each column of y.

        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Samples to score after the epoch, into `validation_scores_` and
            `validation_loss_curve_`.

        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            Their targets.

        sample_weight_val : array-like of shape (n_val,), default=None
            Their weights.

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
        validation = X_val, y_val, sample_weight_val
        with successor(self) as (trained, additions):
            trained._learn_classes(y, classes)
            additions += trained._partial_fit(X, y, sample_weight, validation)
        return self

    def _learn_classes(self, y: Any, classes: Any) -> None:
        """Take the classes of the first call of partial_fit; check those of others."""
        if _is_of_columns(classes):
            if not hasattr(self, "coefs_"):
                self._labels = Labels.of_columns(classes)
                self.classes_ = self._labels.classes
        elif not self._has_columns() and _check_partial_fit_first_call(self, classes):
            kind = kind_of(check_targets(y, numeric=False))
            if kind == "multiclass-multioutput":
                raise ValueError(
                    f"y has {np.shape(y)[1]} columns of classes, so classes must be a "
                    f"list of those of each column; got {classes!r}."
                )
            several = kind.startswith("multilabel")
            self._labels = Labels(y if several else classes)

    @at_one_moment
    def decision_function(self, X: Any) -> FloatArray:
        """Return the confidence in each class, comparable between samples.

        Log-odds with two classes and with several labels. With three or more classes
        the probabilities: the inputs of a softmax carry an arbitrary shift for each
        sample, so no score or calibration can compare them.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        confidence : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            With two classes one number a sample, above zero for the second class; else
            a column for each class or label. Of several columns of classes, those of
            each side by side.
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
    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable class, or the labels more probable than not.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            The class labels, in several columns if y had several, or an indicator
            matrix.
        """
        z = self._raw_outputs(X)
        return self._labels.decode(z, softmax=self.out_activation_ == "softmax")

    @at_one_moment
    def predict_proba(self, X: Any) -> Any:
        """Return the probability of each class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        p : ndarray of shape (n_samples, n_classes), or list of them
            In the order of `classes_`; with several labels, of each of them. Never
            quite 0 or 1, but 1 of a class that has no other beside it. A list has those
            of each column of y.
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
            # 1 - p as scikit-learn has it, while rounding leaves anything of it
            p = np.hstack([np.where(p < 1, 1 - p, expit(-z)), p])
        # No finite z stands for certainty: where p says 0 or 1, that is rounding.
        least, most = PROBABILITIES[p.dtype]
        np.maximum(p, least, out=p)
        return np.minimum(p, most, out=p)

    def predict_log_proba(self, X: Any) -> Any:
        """Return the logarithm of the probability of each class.

        Of that which `predict_proba` returns: finite, and in the same order.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        log_p : ndarray of shape (n_samples, n_classes), or list of them
            In the order of `classes_`. A list has those of each column of y.
        """
        p = self.predict_proba(X)
        return [np.log(part) for part in p] if isinstance(p, list) else np.log(p)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the accuracy: how many samples are predicted right.

        Of several labels or columns, all must be right.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The true labels.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each sample counts.

        Returns
        -------
        score : float
            From 0 to 1.
        """
        if not self._has_columns():
            return super().score(X, y, sample_weight)
        hits = (self.predict(X) == np.asarray(y)).all(axis=1)
        return float(np.average(hits, weights=sample_weight))

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
            weights = weights * (
                _balance(column, sample_weight)
                if chosen == "balanced"
                else _look_up(chosen, column, list(classes))
            )
        if not weights.any():
            raise ValueError(
                f"class_weight={self.class_weight!r} leaves no sample with a weight "
                "above 0."
            )
        return weights.astype(dtype)

    def _make_loss(self) -> Loss:
        link = "softmax" if self._has_softmax() else "logistic"
        loss = self._make_column_loss(link)
        return (
            ByColumn(loss, tuple(self._labels.sizes)) if self._has_columns() else loss
        )

    def _make_column_loss(self, link: str) -> Loss:
        if self.label_smoothing != 0 and self.loss != "log_loss":
            raise ValueError(
                f"label_smoothing={self.label_smoothing} is for loss='log_loss'; "
                f"with loss={self.loss!r} it must be 0."
            )
        named = isinstance(self.loss, str)
        if named:
            inputs.look_up(CLASSIFICATION_LOSSES, self.loss, "loss")
        smoothing = self.label_smoothing
        loss = classification_loss(self.loss, link, label_smoothing=smoothing)
        return loss if named else inputs.check_loss(loss, [link])

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


def _balance(column: np.ndarray, sample_weight: FloatArray | None) -> FloatArray:
    """Return weights that make all classes of a column count the same."""
    classes, codes = np.unique(column, return_inverse=True)
    with np.errstate(divide="ignore"):
        weights = compute_class_weight(
            "balanced", classes=classes, y=column, sample_weight=sample_weight
        )
    weights[np.isinf(weights)] = 0  # those of a class of no weight at all
    return weights[codes]


def _look_up(
    class_weight: dict[Any, float], column: np.ndarray, known: list[Any]
) -> FloatArray:
    """Return each sample's class's weight, 1 where none is given."""
    for label, weight in class_weight.items():
        named = label.item() if isinstance(label, np.generic) else label
        if label not in known:
            raise ValueError(
                f"class_weight has a weight for {named!r}, which is none of the "
                f"classes {np.asarray(known).tolist()}."
            )
        if not isinstance(weight, Real) or not 0 <= float(weight) < np.inf:
            raise ValueError(
                "class_weight must have weights of 0 or more, all finite; that of "
                f"class {named!r} is {weight!r}."
            )
    weights = np.array([float(class_weight.get(label, 1)) for label in known])
    return weights[np.searchsorted(known, column)]


def _is_of_columns(classes: Any) -> bool:
    """Whether these are the classes of several columns: a list of lists."""
    return isinstance(classes, Sequence | np.ndarray) and any(
        np.ndim(column) == 1 for column in classes
    )
