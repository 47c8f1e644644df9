"""NeuronRegressor."""

# so that help() shows `solver: SolverChoice`, not every choice at length
from __future__ import annotations

from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin
from sklearn.metrics import d2_pinball_score, r2_score

from .._engines import EngineName
from .._network.initializers import InitName
from .._sklearn import Interval, StrOptions, available_if
from .._types import ArrayLikeOrSparse, FloatArray
from ..losses import (
    INVERSE_LINKS,
    REGRESSION_LOSSES,
    GammaDeviance,
    Loss,
    PoissonDeviance,
    Quantile,
    Quantiles,
    regression_loss,
)
from . import inputs
from .arguments import validates_parameters
from .base import CUSTOM_LOSS, BaseNeuron, can_partial_fit
from .choices import (
    ActivationChoice,
    BatchSize,
    DTypeName,
    Floats,
    InputLayers,
    Ints,
    LearningRateChoice,
    RandomState,
    RegressionLossChoice,
    Scoring,
    SolverChoice,
)
from .snapshots import at_one_moment, successor
from .values import check_targets


class NeuronRegressor(RegressorMixin, BaseNeuron):
    """Feed-forward neural network for regression.

    Accepts every parameter of :class:`sklearn.neural_network.MLPRegressor` with the
    same meaning and default, and gives the same numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or array-like of int, default=(100,)
        Number of units in each hidden layer. `()` means no hidden layer: a generalised
        linear model.

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

    loss : str or object, default='squared_error'
        Loss to minimise, for a target y and a prediction p, summed over the outputs:

        - 'squared_error': (p - y)² / 2. With several outputs `loss_` reports the mean,
          as in scikit-learn, while training minimises the sum
        - 'absolute_error': the absolute value of p - y; p estimates the median
        - 'huber': (p - y)² / 2 for errors up to `delta`, linear beyond
        - 'quantile': `quantile` (y - p) if y >= p, else (1 - `quantile`) (p - y); p
          estimates that quantile
        - 'poisson': half the Poisson deviance, with p = exp(z); requires y >= 0
        - 'gamma': half the gamma deviance, with p = exp(z); requires y > 0
        - an object of :mod:`skneuron.losses`, such as `Huber(delta=2)`, whose
          parameters are set as `loss__delta`; or a custom one, as described in
          :func:`skneuron.check_gradient`, which runs on the NumPy engine

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
        If True, hold out samples and stop when R² on them no longer improves; the best
        weights are kept. If fewer than four samples would be held out, all samples are
        used for both training and scoring, with a warning. 'lbfgs' ignores this, with a
        warning.

    validation_fraction : float, default=0.1
        Fraction of the training data that `early_stopping` holds out.

    scoring : str, callable or None, default=None
        Score of the held-out samples of `early_stopping`, or of the `X_val` of `fit`,
        after every epoch; higher is better. None is R²; 'loss' is the negative loss
        without the penalty; otherwise the name of a scikit-learn scorer, or a callable
        with the signature `scorer(estimator, X, y)`. If the score supports weights, it
        uses the sample weights.

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

    quantile : float or array-like of float, default=0.5
        Quantile that loss='quantile' estimates, in (0, 1). Several, in increasing
        order, are predicted by one network, with one column each, and never cross.

    delta : float, default=1.35
        Error beyond which loss='huber' is linear, in units of y.

    Attributes
    ----------
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
        Activation function of the output layer: 'identity', or 'exp' for 'poisson' and
        'gamma'; 'increasing' for several quantiles, each of which is softplus(z) above
        the previous one.

    See Also
    --------
    NeuronClassifier : The same network for classification.
    sklearn.neural_network.MLPRegressor : The estimator with the same numbers.

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
    >>> import numpy as np
    >>> from skneuron import NeuronRegressor
    >>> X = np.linspace(-3, 3, 100).reshape(-1, 1)
    >>> y = np.sin(X).ravel()
    >>> reg = NeuronRegressor(10, "tanh", solver="lbfgs", random_state=0).fit(X, y)
    >>> reg.predict([[1.5], [-1.5]]).round(1)
    array([ 1., -1.])
    >>> reg.score(X, y) > 0.99
    True

    Several quantiles, with one column of predictions each:

    >>> noisy = y + np.random.RandomState(0).normal(scale=0.3, size=100)
    >>> reg = NeuronRegressor(
    ...     20,
    ...     "tanh",
    ...     loss="quantile",
    ...     quantile=[0.1, 0.5, 0.9],
    ...     learning_rate="cosine",
    ...     learning_rate_init=0.02,
    ...     max_iter=400,
    ...     n_iter_no_change=20,
    ...     random_state=0,
    ... ).fit(X, noisy)
    >>> below = (noisy.reshape(-1, 1) < reg.predict(X)).mean(axis=0)
    >>> bool(abs(below - [0.1, 0.5, 0.9]).max() < 0.06)
    True
    """

    _parameter_constraints: dict[str, list[Any]] = {
        **BaseNeuron._parameter_constraints,
        "loss": [
            StrOptions(set(REGRESSION_LOSSES)),
            CUSTOM_LOSS,
        ],
        "quantile": [Interval(Real, 0, 1, closed="neither"), "array-like"],
        "delta": [Interval(Real, 0, None, closed="neither")],
    }
    _numeric_targets = True

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
        loss: RegressionLossChoice = "squared_error",
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
        dtype: DTypeName | None = None,
        engine: EngineName = "auto",
        quantile: Floats = 0.5,
        delta: float = 1.35,
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
        self.dtype = dtype
        self.engine = engine
        self.quantile = quantile
        self.delta = delta

    @available_if(can_partial_fit)
    @validates_parameters
    def partial_fit(
        self,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        sample_weight: ArrayLike | None = None,
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
            The targets.

        sample_weight : array-like of shape (n_samples,), default=None
            Sample weights, 0 or more.

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
        data, validation = (X, y, sample_weight), (X_val, y_val, sample_weight_val)
        with successor(self) as (trained, additions):
            additions += trained._partial_fit(data, validation)
        return self

    @at_one_moment
    def predict(self, X: ArrayLikeOrSparse) -> FloatArray:
        """Return the prediction for each sample.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            In the units of the targets; for several quantiles, one column each.
        """
        z = self._raw_outputs(X)
        y = INVERSE_LINKS[self.out_activation_](z)
        one = self.n_outputs_ == 1 and self.out_activation_ != "increasing"
        return y.ravel() if one else y

    def _encode_targets(
        self, y: Any, dtype: np.dtype, *, known: bool, all_known: bool
    ) -> np.ndarray:
        loss = self._make_loss()
        y = inputs.as_column(y)
        with np.errstate(over="ignore"):
            y = np.ascontiguousarray(y, dtype=dtype)
        inputs.check_target_range(y, loss, self.loss)
        if not isinstance(loss, Quantiles):
            return y.reshape(len(y), -1)
        if y.ndim > 1:
            raise ValueError(
                f"quantile={self._quantile()!r} predicts several quantiles of one "
                f"target, but y has {y.shape[1]}. Use a single quantile, or one "
                "estimator for each target, as "
                "sklearn.multioutput.MultiOutputRegressor does."
            )
        return np.repeat(y[:, np.newaxis], len(loss.quantiles), axis=1)

    def _decode_targets(self, y: np.ndarray) -> np.ndarray:
        one = y.shape[1] == 1 or self.out_activation_ == "increasing"
        return y[:, 0] if one else y

    def _make_loss(self) -> Loss:
        loss = regression_loss(self.loss, quantile=self.quantile, delta=self.delta)
        return inputs.check_loss(loss, INVERSE_LINKS)

    def _quantile(self) -> Any:
        """Return the level or levels of the quantile loss."""
        loss = self.loss
        return loss.quantile if isinstance(loss, Quantile) else self.quantile

    def score(
        self,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        sample_weight: ArrayLike | None = None,
    ) -> float:
        """Return R² or, for several quantiles, the mean D² of their pinball losses.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The true targets.

        sample_weight : array-like of shape (n_samples,), default=None
            Sample weights.

        Returns
        -------
        score : float
            At most 1; 0 for a model that always predicts the mean, or the quantiles,
            of y.

        See Also
        --------
        sklearn.metrics.r2_score : R².
        sklearn.metrics.d2_pinball_score : D² of a quantile.
        """
        y = check_targets(y, numeric=True)
        return self._score(y, self.predict(X), sample_weight)

    def _score(self, y: Any, predicted: FloatArray, sample_weight: Any) -> float:
        if self.out_activation_ != "increasing":
            return float(r2_score(y, predicted, sample_weight=sample_weight))
        loss: Any = self._objective.loss
        levels = np.atleast_1d(getattr(loss, "quantiles", self._quantile()))
        if len(levels) != predicted.shape[1]:
            raise ValueError(
                f"{loss!r} predicts {predicted.shape[1]} columns, but its quantiles "
                "are not known: give it an attribute quantiles."
            )
        scores = [
            d2_pinball_score(y, p, alpha=q, sample_weight=sample_weight)
            for q, p in zip(levels, predicted.T, strict=True)
        ]
        return float(np.mean(scores))

    def _strata(self, y: np.ndarray) -> np.ndarray | None:
        return None

    def _score_raw(
        self, z: FloatArray, y: np.ndarray, sample_weight: FloatArray | None
    ) -> float:
        predicted = INVERSE_LINKS[self.out_activation_](z)
        return self._score(self._decode_targets(y), predicted, sample_weight)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        positive = self.loss in ("poisson", "gamma")
        positive |= isinstance(self.loss, PoissonDeviance | GammaDeviance)
        tags.target_tags.positive_only = positive
        # Both support several outputs, but scikit-learn's check of this tag uses
        # negative targets.
        several_quantiles = np.ndim(self._quantile()) > 0
        tags.target_tags.multi_output = not (positive or several_quantiles)
        return tags
