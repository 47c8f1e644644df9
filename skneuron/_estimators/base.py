"""What the two estimators share: from parameters and data to a trained network."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from inspect import signature
from numbers import Integral, Real
from typing import Any, Self, TypeVar, cast

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from .._engines import Objective, Samples, choose
from .._network.initializers import INITIALIZERS, initialize
from .._network.parameters import Parameters
from .._network.sensitivity import input_gradient
from .._sklearn import HasMethods, Interval, Options, StrOptions, fit_context
from .._training import history
from .._training.fitting import Call, Fitting
from .._training.state import Outcome, Progress, copied_stream
from .._types import Features, FloatArray
from ..activations import ACTIVATIONS, as_activation
from ..losses import INVERSE_LINKS, Loss
from ..schedules import Plateau
from . import inputs, values
from .checkpoints import check_resumable, read
from .idle import warn_of_idle
from .learnt import REMEDY, Network, network
from .sklearn_callbacks import CallbackSupportMixin, ScikitLearnBridge
from .snapshots import Additions, at_one_moment, successor, unchanged_on_error

OWN_LOSS = HasMethods(["value_and_gradient"])
Method = TypeVar("Method", bound=Callable[..., Any])


def validates_parameters(method: Method) -> Method:
    """Have arguments and the estimator's parameters validated before a method runs."""
    validated = fit_context(prefer_skip_nested_validation=True)(method)
    taken = signature(method)
    optional = {n for n, p in taken.parameters.items() if p.default is not p.empty}
    n_needed = len(taken.parameters) - len(optional) - 1

    @wraps(method)
    def with_arguments(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) != n_needed or not kwargs.keys() <= optional:
            inputs.check_arguments(taken, method.__name__, self, args, kwargs)
        return validated(self, *args, **kwargs)

    return cast(Method, with_arguments)


class BaseNeuron(CallbackSupportMixin, BaseEstimator, ABC):
    """Parameters, training and raw outputs of a feed-forward network."""

    history_: history.History

    # for the HTML repr, which links to the page of the class
    _doc_link_module = "skneuron"
    _doc_link_template = (
        "https://skneuron.readthedocs.io/en/stable/api/"
        "{estimator_module}.{estimator_name}.html"
    )

    _parameter_constraints: dict = {
        "hidden_layer_sizes": [
            "array-like",
            Interval(Integral, 1, None, closed="left"),
        ],
        "activation": [
            StrOptions(set(ACTIVATIONS)),
            HasMethods(["value", "derivative"]),
            "array-like",
        ],
        "solver": [
            StrOptions({"lbfgs", "sgd", "adam", "adamw", "rmsprop"}),
            HasMethods(["init", "update"]),
        ],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "l1_ratio": [Interval(Real, 0, 1, closed="both")],
        "dropout": [Interval(Real, 0, 1, closed="left"), "array-like"],
        "batch_size": [
            StrOptions({"auto", "full"}),
            Interval(Integral, 1, None, closed="left"),
        ],
        "learning_rate": [
            StrOptions(
                {"constant", "invscaling", "adaptive", "cosine", "one_cycle", "plateau"}
            ),
            callable,
            Plateau,
        ],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "scoring": [str, callable, None],  # of a name, `check_scoring` says more
        "n_iter_no_change": [
            Interval(Integral, 1, None, closed="left"),
            Options(Real, {np.inf}),
        ],
        "max_grad_norm": [Interval(Real, 0, None, closed="neither"), None],
        "max_fun": [Interval(Integral, 1, None, closed="left")],
        "init": [StrOptions({"auto", *INITIALIZERS})],
        "fit_intercept": ["boolean"],
        "dtype": [StrOptions({"float32", "float64"}), None],
        "engine": [StrOptions({"auto", "compiled", "numpy"})],
    }

    @validates_parameters
    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
        coefs_init: Any = None,
        intercepts_init: Any = None,
    ) -> Self:
        """Train the network on X and y.

        A fit that fails leaves the estimator as it was. Ctrl-C ends training with a
        warning, and what was learnt until then stays.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features. Dense float32 and float64 and CSR are used as they are, batch
            by batch; of a CSC matrix a CSR copy is made.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets: class labels, an indicator matrix of several labels, or
            numbers.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each sample counts, 0 or more. A sample of weight 2 counts as two.

        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Samples to score after every epoch, into `validation_scores_` and
            `validation_loss_curve_`. With `early_stopping` they take the place of the
            hold-out.

        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            Their targets.

        sample_weight_val : array-like of shape (n_val,), default=None
            Their weights.

        coefs_init : list of array-like of shape (fan_in, fan_out), default=None
            The weights to start from, one array for each layer, in place of those that
            `init` would draw.

        intercepts_init : list of array-like of shape (fan_out,), default=None
            The biases to start from, likewise.

        Returns
        -------
        self : object
            The trained estimator.
        """
        continues = self.warm_start and hasattr(self, "coefs_")
        if continues and (coefs_init is not None or intercepts_init is not None):
            raise ValueError(
                "warm_start=True goes on from the weights of the last fit, so "
                "coefs_init and intercepts_init would change nothing. To start from "
                "them, set warm_start=False."
            )
        bridge = ScikitLearnBridge(self, X, y, sample_weight)
        call = Call(
            continues=continues,
            bridge=bridge,
            start=(coefs_init, intercepts_init),
            validation=(X_val, y_val, sample_weight_val),
        )
        with unchanged_on_error(self):
            with successor(self) as (trained, additions):
                additions += trained._fit(X, y, sample_weight, call)
            bridge.close()
        return self

    @validates_parameters
    def initialize(
        self, X: Any, y: Any, *, coefs_init: Any = None, intercepts_init: Any = None
    ) -> Self:
        """Build the network for X and y without training it.

        Afterwards the estimator can predict, and `partial_fit`, or `fit` with
        `warm_start=True`, trains it from here. What was learnt before is forgotten.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features, from which only their number and names are taken.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets: every class must be among them.

        coefs_init : list of array-like of shape (fan_in, fan_out), default=None
            The weights, one array for each layer, in place of those that `init` would
            draw.

        intercepts_init : list of array-like of shape (fan_out,), default=None
            The biases, likewise.

        Returns
        -------
        self : object
            The estimator, untrained.
        """
        call = Call(start=(coefs_init, intercepts_init))
        with successor(self) as (untrained, _):
            ready = untrained._prepare(X, y, None, call)
            nothing = Outcome(history.Record(), np.nan)
            untrained._note(ready.parameters, ready.progress, nothing, call)
        return self

    @validates_parameters
    def resume(
        self,
        path: Any,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:
        """Go on with a fit that did not come to its end, from a checkpoint of it.

        With the data and the parameters of that fit, the weights at the end are those
        that it would have had, to the last bit. `max_iter`, `verbose` and `engine` may
        differ; `random_state`, too, for the stream of random numbers is in the file.

        Parameters
        ----------
        path : str or path-like
            The file that :class:`skneuron.callbacks.Checkpoint` has written. It is a
            pickle: load none that you do not trust. Its checksum shows damage, but not
            who wrote it.

        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features that `fit` was given.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.

        sample_weight : array-like of shape (n_samples,), default=None
            The sample weights.

        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            The samples to score, if `fit` was given any.

        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            Their targets.

        sample_weight_val : array-like of shape (n_val,), default=None
            Their weights.

        Returns
        -------
        self : object
            The trained estimator.

        Raises
        ------
        ValueError
            If the file is damaged, incomplete or no checkpoint, in which case nothing
            of it is loaded; or if it is of an estimator with other parameters, or of a
            fit on other data.
        """
        saved = read(path)
        check_resumable(self, saved, path)
        unfinished = saved._unfinished
        bridge = ScikitLearnBridge(self, X, y, sample_weight)
        call = Call(
            continues=True,
            bridge=bridge,
            validation=(X_val, y_val, sample_weight_val),
            unfinished=unfinished,
        )
        learnt = {
            name: value
            for name, value in vars(saved).items()
            if name not in self.get_params(deep=False)
        }
        with unchanged_on_error(self):
            with successor(self) as (trained, additions):
                vars(trained).update(learnt)
                del trained._unfinished
                additions += trained._fit(X, y, sample_weight, call)
            bridge.close()
        return self

    def _partial_fit(
        self, X: Any, y: Any, sample_weight: Any, validation: tuple[Any, Any, Any]
    ) -> Additions:
        """Train for one epoch."""
        continues = hasattr(self, "coefs_")
        call = Call(continues=continues, incremental=True, validation=validation)
        return self._fit(X, y, sample_weight, call)

    def _fit(self, X: Any, y: Any, sample_weight: Any, call: Call) -> Additions:
        """Train from the start or from where the last call ended.

        Of a twin of the user's estimator, like all that writes attributes here.
        """
        fitting = self._prepare(X, y, sample_weight, call)
        if not call.continues:
            may_validate = call.incremental or call.validation[0] is not None
            warn_of_idle(self, may_validate=may_validate)
        outcome = fitting.train()
        return self._note(fitting.parameters, fitting.progress, outcome, call)

    def _prepare(self, X: Any, y: Any, sample_weight: Any, call: Call) -> Fitting:
        """Check everything, and build the network that training starts from."""
        for name in ("solver", "learning_rate", "loss"):
            inputs.check_object(getattr(self, name), name)
        inputs.check_scoring(self.scoring, type(self).__name__)
        samples = self._check_data(X, y, sample_weight, call)
        hidden_layer_sizes = inputs.check_hidden_layer_sizes(self.hidden_layer_sizes)
        n_features, n_outputs = samples.X.shape[1], samples.y.shape[1]
        layer_sizes = (n_features, *hidden_layer_sizes, n_outputs)
        if call.continues:
            parameters, progress = self._continue(layer_sizes, samples.dtype, call)
        else:
            parameters, progress = self._start(layer_sizes, samples.dtype, *call.start)
        self.n_layers_ = len(layer_sizes)
        self.n_outputs_ = n_outputs
        objective = self._objective()
        self.out_activation_ = objective.loss.link
        if call.bridge is not None:
            call.bridge.learnt = vars(self)
        return Fitting(self, call, objective, parameters, samples, progress)

    def _check_data(self, X: Any, y: Any, sample_weight: Any, call: Call) -> Samples:
        X, y = self._check_arrays(X, y, reset=not call.continues)
        if call.continues and self.dtype is None:
            dtype = self._network()[0][0].dtype
        else:
            dtype = inputs.training_dtype(self.dtype, X)
        weights = inputs.check_sample_weight(sample_weight, X, dtype)
        known = call.continues or call.incremental
        encoded = self._encode_targets(y, dtype, known=known, all_known=self.warm_start)
        return Samples(X, encoded, self._weigh_classes(y, weights, dtype), dtype)

    def _check_arrays(
        self, X: Any, y: Any, *, reset: bool, names: tuple[str, str] = ("X", "y")
    ) -> tuple[Any, np.ndarray]:
        return validate_data(
            self,
            values.check_features(X, names[0]),
            values.check_targets(y, names[1], numeric=self._numeric_targets),
            accept_sparse="csr",
            dtype="numeric",
            multi_output=True,
            y_numeric=self._numeric_targets,
            reset=reset,
        )

    def _check_known(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        dtype: np.dtype,
        names: tuple[str, str] = ("X", "y"),
    ) -> Samples:
        """Return samples for the network that is there."""
        X, y = self._check_arrays(X, y, reset=False, names=names)
        weights = inputs.check_sample_weight(sample_weight, X, dtype)
        encoded = self._encode_targets(y, dtype, known=True, all_known=False)
        if encoded.shape[1] != self.n_outputs_:
            raise ValueError(
                f"y must have {self.n_outputs_} column(s), as in fit; got "
                f"{encoded.shape[1]}."
            )
        return Samples(X, encoded, self._weigh_classes(y, weights, dtype), dtype)

    def _start(
        self,
        layer_sizes: tuple[int, ...],
        dtype: np.dtype,
        coefs_init: Any,
        intercepts_init: Any,
    ) -> tuple[Parameters, Progress]:
        random_state = check_random_state(self.random_state)
        parameters = initialize(
            layer_sizes,
            self.init,
            inputs.check_activation(self.activation, len(layer_sizes) - 2),
            random_state,
            dtype,
            self.fit_intercept,
        )
        inputs.set_initial(parameters.weights, coefs_init, "coefs_init")
        inputs.set_initial(parameters.biases, intercepts_init, "intercepts_init")
        if not self.fit_intercept and any(biases.any() for biases in parameters.biases):
            raise ValueError(
                "intercepts_init must be zero with fit_intercept=False, which does "
                "without biases."
            )
        return parameters, Progress(random_state)

    def _continue(
        self, layer_sizes: tuple[int, ...], dtype: np.dtype, call: Call
    ) -> tuple[Parameters, Progress]:
        """Return copies of what the last call left: this one may yet fail."""
        parameters = Parameters.from_arrays(*self._network(), dtype)
        if parameters.layer_sizes != layer_sizes:
            how = "partial_fit" if call.incremental else "warm_start=True"
            remedy = "call fit" if call.incremental else "set warm_start=False"
            raise ValueError(
                f"{how} goes on with the network of the last call, which has "
                f"{parameters.layer_sizes} features, hidden units and outputs, but "
                f"hidden_layer_sizes={self.hidden_layer_sizes!r} and these data ask "
                f"for {layer_sizes}. To start a new network, {remedy}."
            )
        progress = replace(
            self._progress,
            optimizer_state=copied_state(
                self._progress.optimizer_state, parameters, self.fit_intercept
            ),
        )
        if not self.fit_intercept:
            for biases in parameters.biases:
                biases[:] = 0
        if call.unfinished is not None:
            pass  # the stream goes on where it was
        elif not call.incremental:
            progress.random_state = check_random_state(self.random_state)
            progress.pending_shuffles = (0, 0)
        elif isinstance(self.random_state, Integral):  # else the stream is the user's
            progress.random_state = copied_stream(progress.random_state)
            progress.apply_pending_shuffles()
        return parameters, progress

    def _note(
        self,
        parameters: Parameters,
        progress: Progress,
        outcome: Outcome,
        call: Call,
    ) -> Additions:
        """Note what was learnt, and return what is to be appended to the curves.

        Those of partial_fit grow in place: a copy at every call would cost a stream
        dearly.
        """
        if not call.continues:
            self.history_ = history.no_history()
            self.validation_scores_: list[float] | None = None
            self.validation_loss_curve_: list[float] | None = None
            self.best_iter_: int | None = None
        elif not call.incremental:
            self.history_ = {name: list(c) for name, c in self.history_.items()}
        if not isinstance(self.random_state, Integral):
            progress.apply_pending_shuffles()  # the user may draw from the stream
        n_before = len(self.history_["epoch"])
        more = outcome.record.history(n_before, outcome.validation)
        self._progress = progress
        self.coefs_ = parameters.weights
        self.intercepts_ = parameters.biases
        self.loss_ = outcome.loss
        self.loss_curve_ = self.history_["loss"]
        self.n_iter_ = call.epochs_before + len(outcome.record)
        self.t_ = progress.samples_seen
        return [
            *((self.history_[name], column) for name, column in more.items()),
            *self._note_validation(progress, outcome, call),
        ]

    def _note_validation(
        self, progress: Progress, outcome: Outcome, call: Call
    ) -> Additions:
        by_score = self.early_stopping and self.solver != "lbfgs"
        self.best_loss_ = None if by_score else progress.best_loss
        self.best_validation_score_: float | None = None
        if outcome.validation is None:
            self.validation_scores_ = self.validation_loss_curve_ = None
            self.best_iter_ = None
            return []
        scores = self.validation_scores_ or []
        losses = self.validation_loss_curve_ or []
        if not call.incremental:
            scores, losses = list(scores), list(losses)
        more = [score for score, _ in outcome.validation.results]
        self.best_iter_, best = history.best(self.best_iter_, scores, more)
        kept = progress.best_validation_score if by_score else best
        self.best_validation_score_ = kept
        self.validation_scores_, self.validation_loss_curve_ = scores, losses
        return [
            (scores, more),
            (losses, [loss for _, loss in outcome.validation.results]),
        ]

    def _objective(self) -> Objective:
        chosen = inputs.check_activation(self.activation, self.n_layers_ - 2)
        return Objective(
            activations=tuple(as_activation(f) for f in chosen[:-1]),
            loss=self._make_loss(),
            alpha=float(self.alpha * (1 - self.l1_ratio)),
            fit_intercept=self.fit_intercept,
            l1=float(self.alpha * self.l1_ratio),
            dropout=inputs.check_dropout(self.dropout, self.n_layers_ - 2),
        )

    @at_one_moment
    def hidden_activations(self, X: Any, layer: int = -1) -> FloatArray:
        """Return what the units of a hidden layer put out.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        layer : int, default=-1
            Which hidden layer: 0 is the first, -1 the last.

        Returns
        -------
        a : ndarray of shape (n_samples, n_units)
            The outputs of its units.
        """
        X, objective, (weights, biases) = self._check_for_prediction(X)
        n_hidden = len(objective.activations)
        if not isinstance(layer, Integral) or not -n_hidden <= layer < n_hidden:
            raise ValueError(
                f"layer={layer!r} is none of this network's {n_hidden} hidden layers, "
                "which are counted from 0; -1 is the last."
            )
        last = layer % n_hidden
        kept = objective.activations[:last]
        below = replace(objective, activations=kept, dropout=())
        engine = choose(self.engine, below, None, X)
        z = engine.raw_outputs(below, weights[: last + 1], biases[: last + 1], X)
        return objective.activations[last].value(z)

    @at_one_moment
    def input_gradient(self, X: Any) -> FloatArray:
        """Return how the predictions change with each feature.

        The exact derivative, sample by sample: of `predict` for a regressor, of
        the probabilities for a classifier.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        gradient : ndarray of shape (n_samples, n_features) or \
                (n_samples, n_outputs, n_features)
            The first where there is one output: of two classes, the probability of the
            second.
        """
        X, objective, (weights, biases) = self._check_for_prediction(X)
        gradient = input_gradient(
            objective.activations,
            self.out_activation_,
            weights,
            biases,
            X.astype(weights[0].dtype, copy=False),
            self._columns(),
        )
        if self._is_certain():
            gradient[:] = 0
        return gradient[:, 0] if self.n_outputs_ == 1 else gradient

    def _network(self) -> Network:
        """Return the weights and biases, looked at before they are used."""
        self._check_outputs()
        return network(self)

    def _raw_outputs(self, X: Any) -> FloatArray:
        """Return the outputs before the link, of shape (n_samples, n_outputs)."""
        X, objective, (weights, biases) = self._check_for_prediction(X)
        engine = choose(self.engine, objective, None, X)
        return engine.raw_outputs(objective, weights, biases, X)

    def _check_for_prediction(self, X: Any) -> tuple[Features, Objective, Network]:
        if not hasattr(self, "coefs_"):
            check_is_fitted(self)
        weights_and_biases = self._network()
        # What is plainly right need not be looked into: that takes longer than a row.
        names = hasattr(self, "feature_names_in_")
        if names or not inputs.is_plain(X, self.n_features_in_):
            X = values.check_features(X)
            X = validate_data(
                self, X, accept_sparse="csr", dtype="numeric", reset=False
            )
        return X, self._objective(), weights_and_biases

    def __getstate__(self) -> dict[str, Any]:
        # What a training holds while it is under way is not for copies and files.
        state = dict(super().__getstate__())
        state.pop("_under_way", None)
        return state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    # What the two estimators differ in.

    _numeric_targets: bool

    @abstractmethod
    def _encode_targets(
        self, y: Any, dtype: np.dtype, *, known: bool, all_known: bool
    ) -> np.ndarray:
        """Return the targets as an array of shape (n_samples, n_outputs).

        Known says that the classes are those of an earlier call, all_known that none
        of them may be missing.
        """

    @abstractmethod
    def _decode_targets(self, y: np.ndarray) -> np.ndarray:
        """Return encoded targets as the user gave them."""

    def _weigh_classes(
        self, y: Any, sample_weight: FloatArray | None, dtype: np.dtype
    ) -> FloatArray | None:
        """Return the sample weights, multiplied by those of the classes."""
        return sample_weight

    @abstractmethod
    def _make_loss(self) -> Loss:
        """Return the loss, with the link that fits the targets."""

    def _check_outputs(self) -> None:
        """Raise where the output layer is not one for the targets of `fit`."""
        if self.out_activation_ not in INVERSE_LINKS:
            raise ValueError(
                f"out_activation_ must be one of {sorted(INVERSE_LINKS)}; got "
                f"{self.out_activation_!r}. {REMEDY}"
            )

    def _is_certain(self) -> bool:
        """Whether all predictions are one and the same, whatever X is."""
        return False

    def _columns(self) -> list[int]:
        """Return how many outputs each link is over."""
        return [self.n_outputs_]

    @abstractmethod
    def _strata(self, y: np.ndarray) -> np.ndarray | None:
        """Return what to stratify a hold-out by."""

    @abstractmethod
    def _score_raw(
        self, z: FloatArray, y: np.ndarray, sample_weight: FloatArray | None
    ) -> float:
        """Return the score of raw outputs on encoded targets."""


def can_partial_fit(estimator: BaseNeuron) -> bool:
    """Whether the estimator has partial_fit; the error says why not."""
    if estimator.solver == "lbfgs":
        raise AttributeError(
            "partial_fit is only available for stochastic optimizers. lbfgs is not "
            "stochastic: use solver='adam' or 'sgd'."
        )
    if estimator.early_stopping:
        raise AttributeError(
            "partial_fit does not support early_stopping=True: a call makes one pass "
            "over the data that it is given, and holds none of them out. Call "
            "set_params(early_stopping=False) first."
        )
    return True


def copied_state(state: Any, parameters: Parameters, fit_intercept: bool) -> Any:
    """Return a copy of an optimizer's state, in the precision of the parameters.

    Without intercepts, nothing is remembered of their gradients.
    """
    if not hasattr(state, "__dict__"):  # None, or whatever a user's optimizer keeps
        return copy.deepcopy(state)
    twin, vector = copy.copy(state), parameters.vector
    for name, value in vars(state).items():
        if isinstance(value, np.ndarray) and value.shape == vector.shape:
            array = value.astype(
                vector.dtype if value.dtype.kind == "f" else value.dtype
            )
            if not fit_intercept:
                array[parameters.all_weights.size :] = 0
            setattr(twin, name, array)
        else:
            setattr(twin, name, copy.deepcopy(value))
    return twin
