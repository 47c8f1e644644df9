"""NeuronRegressor."""

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import d2_pinball_score, r2_score
from sklearn.utils.metaestimators import available_if

from .._sklearn import Interval, StrOptions
from .._types import FloatArray
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
from .base import OWN_LOSS, BaseNeuron, can_partial_fit, validates_parameters
from .snapshots import at_one_moment, successor
from .values import check_targets


class NeuronRegressor(RegressorMixin, BaseNeuron):
    """Feed-forward neural network for regression.

    Takes every parameter of :class:`sklearn.neural_network.MLPRegressor` with its
    meaning and default, and gives its numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or array-like of int, default=(100,)
        Units of each hidden layer. `()` means no hidden layer: a generalised linear
        model.

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

    loss : str or object, default='squared_error'
        What is minimised, for a target y and a prediction p, summed over the outputs:

        - 'squared_error': (p - y)² / 2. Of several outputs `loss_` reports the mean, as
          scikit-learn does, while the sum is descended
        - 'absolute_error': the absolute value of p - y; p estimates the median
        - 'huber': (p - y)² / 2 as long as the error is at most `delta`, and linear
          beyond
        - 'quantile': `quantile` (y - p) where y >= p, else (1 - `quantile`) (p - y); p
          estimates that quantile
        - 'poisson': half the Poisson deviance, with p = exp(z); needs y >= 0
        - 'gamma': half the gamma deviance, with p = exp(z); needs y > 0
        - an object of :mod:`skneuron.losses`, `Huber(delta=2)` say, whose parameters
          are tuned as `loss__delta`; or a custom object, as
          :func:`skneuron.check_gradient` describes it, which runs on NumPy

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
        Whether to hold samples out, and stop when R² on them no longer improves; the
        weights that did best there are kept. A hold-out of fewer than four samples
        tells nothing: then all samples are trained on and scored, with a warning.
        Ignored by 'lbfgs', which warns.

    validation_fraction : float, default=0.1
        How much of the training data `early_stopping` holds out.

    scoring : str, callable or None, default=None
        How the hold-out of `early_stopping`, or `X_val` of `fit`, is scored after every
        epoch: None is R², 'loss' the loss without the penalty, its sign
        changed; else the name of a scorer of scikit-learn, or a callable with the
        signature `scorer(estimator, X, y)`. Higher is better. Samples count by their
        weights, where the score takes weights.

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

    dtype : {'float32', 'float64'} or None, default=None
        The precision of training, of the weights and of predictions. None takes that of
        X, float64 where X is neither. 'float32' is about twice as fast on large
        networks.

    engine : {'auto', 'compiled', 'numpy'}, default='auto'
        What does the arithmetic. 'auto' takes the compiled engine where it was built, X
        is dense, of float32 or float64, and no part of the network is one's own; else
        NumPy. 'compiled' raises an error instead, 'numpy' always takes NumPy. Both give
        the same numbers, but for rounding.

    quantile : float or array-like of float, default=0.5
        Which quantile loss='quantile' estimates, in (0, 1). Of several, in increasing
        order, one network predicts a column each, and they never cross.

    delta : float, default=1.35
        The error at which loss='huber' turns linear, in units of y.

    Attributes
    ----------
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
        The function of the output layer: 'identity', or 'exp' for 'poisson' and
        'gamma'; 'increasing' for several quantiles, each softplus(z) above the last.

    See Also
    --------
    NeuronClassifier : The same network for classes.
    sklearn.neural_network.MLPRegressor : The estimator whose numbers this one gives.

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

    Quantiles, of which the network predicts a column each:

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

    _parameter_constraints: dict = {
        **BaseNeuron._parameter_constraints,
        "loss": [
            StrOptions(set(REGRESSION_LOSSES)),
            OWN_LOSS,
        ],
        "quantile": [Interval(Real, 0, 1, closed="neither"), "array-like"],
        "delta": [Interval(Real, 0, None, closed="neither")],
    }
    _numeric_targets = True

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
        loss: Any = "squared_error",
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
        dtype: str | None = None,
        engine: str = "auto",
        quantile: float | Sequence[float] = 0.5,
        delta: float = 1.35,
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
        X: Any,
        y: Any,
        sample_weight: Any = None,
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
            The targets.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each sample counts, 0 or more.

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
        validation = X_val, y_val, sample_weight_val
        with successor(self) as (trained, additions):
            additions += trained._partial_fit(X, y, sample_weight, validation)
        return self

    @at_one_moment
    def predict(self, X: Any) -> FloatArray:
        """Return the prediction for each sample.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            In the units of the targets; of several quantiles, a column each.
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
                "estimator for each target, as sklearn.multioutput."
                "MultiOutputRegressor does."
            )
        return np.repeat(y[:, np.newaxis], len(loss.quantiles), axis=1)

    def _decode_targets(self, y: np.ndarray) -> np.ndarray:
        one = y.shape[1] == 1 or self.out_activation_ == "increasing"
        return y[:, 0] if one else y

    def _make_loss(self) -> Loss:
        named = isinstance(self.loss, str)
        if named:
            inputs.look_up(REGRESSION_LOSSES, self.loss, "loss")
        loss = regression_loss(self.loss, quantile=self.quantile, delta=self.delta)
        return loss if named else inputs.check_loss(loss, INVERSE_LINKS)

    def _quantile(self) -> Any:
        """Return the level or levels of the quantile loss."""
        of_loss = isinstance(self.loss, Quantile)
        return self.loss.quantile if of_loss else self.quantile

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return R², or, with several quantiles, the mean D² of their pinball losses.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The true numbers.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each sample counts.

        Returns
        -------
        score : float
            At most 1; 0 for a constant, the mean or the quantiles of y.

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
        levels = np.atleast_1d(self._quantile())
        if len(levels) != predicted.shape[1]:
            raise ValueError(
                f"quantile={self._quantile()!r} is not what the network was fitted "
                f"with, which has {predicted.shape[1]} columns. Set it back, or call "
                "fit."
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
        # They do take several outputs, but what scikit-learn checks this tag with has
        # negative targets.
        several_quantiles = np.ndim(self._quantile()) > 0
        tags.target_tags.multi_output = not (positive or several_quantiles)
        return tags
