"""The common base of both estimators: checks, training, raw outputs."""

import copy
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.metrics import check_scoring
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from .._engines import Objective, Samples, choose
from .._network.layer import Arrays
from .._network.network import Network
from .._network.parameters import Parameters
from .._network.sensitivity import input_gradient
from .._sklearn import HasMethods
from .._training import history
from .._training.continuation import input_signature
from .._training.fitting import Fit, Kind
from .._training.settings import Settings
from .._training.state import TrainingState, copied_stream
from .._training.validation import Score, ScoredSamples, score_by
from .._types import ArrayLikeOrSparse, Features, FloatArray
from ..losses import INVERSE_LINKS, Loss
from . import arguments, fitted, inputs, parameters, values
from .arguments import validates_parameters, validation_context
from .checkpoints import check_resumable, read
from .choices import InputLayers
from .entries import entry_params, set_entry_params
from .idle import warn_of_idle
from .parameters import CONSTRAINTS
from .sklearn_callbacks import CallbackSupportMixin, ScikitLearnBridge
from .snapshots import Additions, at_one_moment, successor, unchanged_on_error

Data: TypeAlias = tuple[Any, Any, Any]
"""X, y and sample_weight, as the user passed them."""

Learned: TypeAlias = tuple[Objective, list[Arrays]]
"""The objective of a fitted estimator, and the arrays of each layer."""

CUSTOM_LOSS = HasMethods(["value_and_gradient"])


class BaseNeuron(CallbackSupportMixin, BaseEstimator, ABC):
    """Parameters, training and raw outputs of a feed-forward network."""

    input_layers: InputLayers
    history_: history.History

    # for the HTML repr, which links to the page of the class
    _doc_link_module = "skneuron"
    _doc_link_template = (
        "https://skneuron.readthedocs.io/en/stable/api/"
        "{estimator_module}.{estimator_name}.html"
    )

    _parameter_constraints: dict[str, list[Any]] = CONSTRAINTS

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters of the constructor.

        Parameters
        ----------
        deep : bool, default=True
            If True, also those of objects among them, such as `solver__momentum`, and
            of the entries of `input_layers`, such as `input_layers__0__rate`.

        Returns
        -------
        params : dict
            The values by name.
        """
        params: dict[str, Any] = super().get_params(deep=deep)
        if deep:
            params |= entry_params(self.input_layers, "input_layers")
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, also those of objects among them.

        Parameters
        ----------
        **params : dict
            The values by the names that `get_params` returns.

        Returns
        -------
        self : object
            The estimator.
        """
        of_entries = {n: v for n, v in params.items() if n.startswith("input_layers__")}
        others = {n: v for n, v in params.items() if n not in of_entries}
        super().set_params(**others)
        set_entry_params(self, "input_layers", of_entries)
        return self

    @validates_parameters
    def fit(
        self,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLikeOrSparse | None = None,
        y_val: ArrayLikeOrSparse | None = None,
        sample_weight_val: ArrayLike | None = None,
        coefs_init: Sequence[ArrayLike] | None = None,
        intercepts_init: Sequence[ArrayLike] | None = None,
    ) -> Self:
        """Train the network on X and y.

        A fit that fails leaves the estimator unchanged. Ctrl-C ends training with a
        warning, and the estimator keeps what it has learned.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features. Dense float32 and float64 arrays and CSR matrices are used
            without a copy; other sparse matrices are converted to CSR.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets: class labels, an indicator matrix of several labels, or
            numbers.

        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each sample, 0 or more. A sample of weight 2 counts as two.

        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Samples to score after every epoch; the results are in `validation_scores_`
            and `validation_loss_curve_`. With `early_stopping` they replace the
            hold-out.

        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            Their targets.

        sample_weight_val : array-like of shape (n_val,), default=None
            Their weights.

        coefs_init : list of array-like of shape (fan_in, fan_out), default=None
            Initial weights, one array for each layer, instead of those that `init`
            draws.

        intercepts_init : list of array-like of shape (fan_out,), default=None
            Initial biases, likewise.

        Returns
        -------
        self : object
            The trained estimator.
        """
        continues = self.warm_start and hasattr(self, "coefs_")
        if continues and (coefs_init is not None or intercepts_init is not None):
            raise ValueError(
                "warm_start=True continues from the weights of the last fit, so "
                "coefs_init and intercepts_init would have no effect. To start from "
                "them, set warm_start=False."
            )
        bridge = ScikitLearnBridge(self, X, y, sample_weight)
        with unchanged_on_error(self):
            with successor(self) as (trained, additions):
                fit = trained._prepare(
                    "warm_start" if continues else "fit",
                    (X, y, sample_weight),
                    validation=(X_val, y_val, sample_weight_val),
                    initial=(coefs_init, intercepts_init),
                    bridge=bridge,
                )
                additions += trained._train(fit)
            bridge.close()
        return self

    @validates_parameters
    def initialize(
        self,
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        *,
        coefs_init: Sequence[ArrayLike] | None = None,
        intercepts_init: Sequence[ArrayLike] | None = None,
    ) -> Self:
        """Build the network for X and y without training it.

        Afterwards the estimator can predict, and `partial_fit`, or `fit` with
        `warm_start=True`, trains it from there. An earlier fit is discarded.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features; only their number and names are used.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets, which must include every class.

        coefs_init : list of array-like of shape (fan_in, fan_out), default=None
            Initial weights, one array for each layer, instead of those that `init`
            draws.

        intercepts_init : list of array-like of shape (fan_out,), default=None
            Initial biases, likewise.

        Returns
        -------
        self : object
            The estimator, untrained.
        """
        with successor(self) as (untrained, _):
            fit = untrained._prepare(
                "fit", (X, y, None), initial=(coefs_init, intercepts_init)
            )
            untrained._commit(fit)
        return self

    @validates_parameters
    def resume(
        self,
        path: str | os.PathLike[str],
        X: ArrayLikeOrSparse,
        y: ArrayLikeOrSparse,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLikeOrSparse | None = None,
        y_val: ArrayLikeOrSparse | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> Self:
        """Continue an unfinished fit from a checkpoint.

        With the data and the parameters of that fit, the final weights are exactly
        those that it would have reached. `max_iter`, `verbose` and `engine` may differ,
        as may `random_state`, because the file contains the random stream.

        Parameters
        ----------
        path : str or path-like
            The file written by :class:`skneuron.callbacks.Checkpoint`. It is a pickle:
            load only files that you trust. Its checksum detects damage, but does not
            tell who wrote it.

        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features passed to `fit`.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.

        sample_weight : array-like of shape (n_samples,), default=None
            The sample weights.

        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            The samples to score, if any were passed to `fit`.

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
            If the file is damaged, incomplete or not a checkpoint, in which case
            nothing of it is loaded; or if it belongs to an estimator with other
            parameters, or to a fit on other data.
        """
        saved = read(path)
        check_resumable(self, saved, path)
        bridge = ScikitLearnBridge(self, X, y, sample_weight)
        parameters = self.get_params(deep=False)
        learned = {n: v for n, v in vars(saved).items() if n not in parameters}
        with unchanged_on_error(self):
            with successor(self) as (trained, additions):
                vars(trained).update(learned)
                fit = trained._prepare(
                    "resume",
                    (X, y, sample_weight),
                    validation=(X_val, y_val, sample_weight_val),
                    bridge=bridge,
                )
                additions += trained._train(fit)
            bridge.close()
        return self

    def _partial_fit(self, data: Data, validation: Data) -> Additions:
        """Train for one epoch."""
        return self._train(self._prepare("partial_fit", data, validation=validation))

    def _prepare(
        self,
        kind: Kind,
        data: Data,
        *,
        validation: Data = (None, None, None),
        initial: tuple[Any, Any] = (None, None),
        bridge: ScikitLearnBridge | None = None,
    ) -> Fit:
        """Check everything, and build the network that training starts from.

        Called on a twin of the user's estimator, like all methods that set attributes.
        """
        for name in ("solver", "learning_rate", "loss"):
            inputs.check_object(getattr(self, name), name)
        arguments.check_scoring(self.scoring, type(self).__name__)
        continues = kind != "fit" and hasattr(self, "coefs_")
        last = self._learned_arrays() if continues else None
        samples = self._check_data(data, kind, last)
        settings = parameters.settings(self)
        n_features, self.n_outputs_ = samples.X.shape[1], samples.y.shape[1]
        network, dtype = settings.network(n_features, self.n_outputs_), samples.dtype
        if last is not None:
            network = self._same_network(kind, last[0].network, network)
        to_score = self._check_validation(validation, dtype)
        if last is not None:
            learned, state = self._continue(kind, settings, network, last[1], dtype)
        else:
            learned, state = self._start(settings, network, dtype, *initial)
        self._objective = Objective(
            network, self._make_loss(), settings.alpha, settings.l1
        )
        self.n_layers_ = len(network.dense_sizes)
        self.out_activation_ = self._objective.loss.link
        if bridge is not None:
            bridge.learned = vars(self)
        return Fit(
            kind=kind,
            continues=continues,
            settings=settings,
            objective=self._objective,
            samples=samples,
            parameters=learned,
            state=state,
            validation=to_score,
            strata=self._strata(samples.y) if settings.early_stopping else None,
            score=self._scored_by,
            observer=bridge,
        )

    def _train(self, fit: Fit) -> Additions:
        """Train, and return the additions to the curves."""
        parameters.check_combination(self, fit.settings)
        if not fit.continues:
            may_validate = fit.kind == "partial_fit" or fit.validation is not None
            warn_of_idle(self, may_validate=may_validate)
        if isinstance(fit.observer, ScikitLearnBridge):
            with fit.observer.shows(self, fit):
                fit.train()
        else:
            fit.train()
        return self._commit(fit)

    def _check_data(self, data: Data, kind: Kind, last: Learned | None) -> Samples:
        X, y, sample_weight = data
        X, y = self._check_arrays(X, y, reset=last is None)
        if last is not None and self.dtype is None:
            dtype = last[1][-1][0].dtype
        else:
            dtype = inputs.training_dtype(self.dtype, X)
        weights = inputs.check_sample_weight(sample_weight, X, dtype)
        known = last is not None or kind == "partial_fit"
        encoded = self._encode_targets(y, dtype, known=known, all_known=self.warm_start)
        return Samples(X, encoded, self._weigh_classes(y, weights, dtype), dtype)

    def _check_validation(self, validation: Data, dtype: np.dtype) -> Samples | None:
        X, y, sample_weight = validation
        if (X is None) != (y is None) or (X is None and sample_weight is not None):
            raise ValueError(
                "X_val and y_val must be given together, and sample_weight_val only "
                "with them: give both, or none of the three."
            )
        if X is None:
            return None
        with validation_context():
            return self._check_known(X, y, sample_weight, dtype, ("X_val", "y_val"))

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
        """Return samples for the fitted network."""
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
        settings: Settings,
        network: Network,
        dtype: np.dtype,
        coefs_init: Any,
        intercepts_init: Any,
    ) -> tuple[Parameters, TrainingState]:
        random_state = check_random_state(self.random_state)
        learned = settings.initial(network, random_state, dtype)
        inputs.set_initial(learned.weights, coefs_init, "coefs_init")
        inputs.set_initial(learned.biases, intercepts_init, "intercepts_init")
        if not settings.fit_intercept and any(b.any() for b in learned.biases):
            raise ValueError(
                "intercepts_init must be zero with fit_intercept=False, which does "
                "without biases."
            )
        return learned, TrainingState(random_state)

    def _same_network(self, kind: Kind, last: Network, network: Network) -> Network:
        """Return the network to continue with: the last one if it is equal."""
        same_inputs = input_signature(last) == input_signature(network)
        if last.sizes == network.sizes and same_inputs:
            return last if last == network else network
        incremental = kind == "partial_fit"
        how = "partial_fit" if incremental else "warm_start=True"
        remedy = "call fit" if incremental else "set warm_start=False"
        if not same_inputs:
            raise ValueError(
                f"{how} continues with the network of the last call, but input_layers="
                f"{self.input_layers!r} would have other parameters than its input "
                f"layers, which are {list(last.input_layers)}. To start a new network, "
                f"{remedy}."
            )
        raise ValueError(
            f"{how} continues with the network of the last call, which has "
            f"{last.sizes} features, hidden units and outputs, but hidden_layer_sizes="
            f"{self.hidden_layer_sizes!r} and these data require {network.sizes}. To "
            f"start a new network, {remedy}."
        )

    def _continue(
        self,
        kind: Kind,
        settings: Settings,
        network: Network,
        layers: list[Arrays],
        dtype: np.dtype,
    ) -> tuple[Parameters, TrainingState]:
        """Return copies of parameters and state, because this call may fail."""
        learned = Parameters.from_arrays(network, layers, dtype)
        for b in learned.biases if not settings.fit_intercept else ():
            b[:] = 0
        if kind == "resume":  # the stream continues
            return learned, self._state.for_resume(learned)
        state = self._state.for_next_call(learned)
        if kind == "warm_start":
            state.random_state = check_random_state(self.random_state)
            state.pending_shuffles = (0, 0)
        elif isinstance(self.random_state, Integral):  # else the stream is the user's
            state.random_state = copied_stream(state.random_state)
            state.apply_pending_shuffles()
        return learned, state

    def _commit(self, fit: Fit) -> Additions:
        """Set the fitted attributes, and return the additions to the curves.

        The curves of partial_fit grow in place, because it may be called a million
        times.
        """
        state = fit.state
        if not fit.continues:
            self.history_ = history.no_history()
            self.validation_scores_: list[float] | None = None
            self.validation_loss_curve_: list[float] | None = None
            self.best_iter_: int | None = None
        elif fit.kind != "partial_fit":
            self.history_ = {name: list(c) for name, c in self.history_.items()}
        if not isinstance(self.random_state, Integral):
            state.apply_pending_shuffles()  # the user may draw from the stream
        n_before = len(self.history_["epoch"])
        more = history.columns(state.history, state.validations or [], n_before)
        self._state = state.finished()
        self.coefs_ = fit.parameters.weights
        self.intercepts_ = fit.parameters.biases
        self.input_parameters_ = fitted.input_parameters(fit.parameters)
        self.loss_ = state.loss
        self.loss_curve_ = self.history_["loss"]
        self.n_iter_ = state.n_iter
        self.t_ = state.samples_seen
        return [
            *((self.history_[name], column) for name, column in more.items()),
            *self._commit_validation(fit),
        ]

    def _commit_validation(self, fit: Fit) -> Additions:
        state, settings = fit.state, fit.settings
        by_score = settings.early_stopping and settings.optimizer is not None
        self.best_loss_ = None if by_score else state.best_loss
        self.best_validation_score_: float | None = None
        if state.validations is None:
            self.validation_scores_ = self.validation_loss_curve_ = None
            self.best_iter_ = None
            return []
        scores = self.validation_scores_ or []
        losses = self.validation_loss_curve_ or []
        if fit.kind != "partial_fit":
            scores, losses = list(scores), list(losses)
        more = [score for score, _ in state.validations]
        self.best_iter_, best = history.best(self.best_iter_, scores, more)
        self.best_validation_score_ = state.best_validation_score if by_score else best
        self.validation_scores_, self.validation_loss_curve_ = scores, losses
        return [(scores, more), (losses, [loss for _, loss in state.validations])]

    def _scored_by(self, samples: ScoredSamples) -> Score:
        """Return the function that scores raw outputs for samples, by `scoring`."""
        y, sample_weight = samples.y, samples.sample_weight
        if self.scoring is None:
            return lambda z, _: self._score_raw(z, y, sample_weight)
        if self.scoring == "loss":
            return None
        scorer = check_scoring(self, scoring=self.scoring)
        y_true = self._decode_targets(y)
        return self._score_fitted(
            lambda view: score_by(scorer, view, samples.X, y_true, sample_weight)
        )

    def _score_fitted(self, score: Callable[[Self], float]) -> Score:
        """Return the score of this estimator, as if `fit` had ended."""
        view = copy.copy(self)
        view.__dict__.pop("feature_names_in_", None)  # by now X is an array

        def score_parameters(_: Any, parameters: Parameters) -> float:
            view.coefs_, view.intercepts_ = parameters.weights, parameters.biases
            view.input_parameters_ = fitted.input_parameters(parameters)
            return score(view)

        return score_parameters

    @at_one_moment
    def hidden_activations(self, X: ArrayLikeOrSparse, layer: int = -1) -> FloatArray:
        """Return the outputs of the units of a hidden layer.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        layer : int, default=-1
            Index of the hidden layer: 0 is the first, -1 the last.

        Returns
        -------
        a : ndarray of shape (n_samples, n_units)
            The outputs.
        """
        X, objective, layers = self._check_for_prediction(X)
        n_hidden = self.n_layers_ - 2
        if not isinstance(layer, Integral) or not -n_hidden <= layer < n_hidden:
            raise ValueError(
                f"layer={layer!r} is not one of this network's {n_hidden} hidden "
                "layers, which are counted from 0; -1 is the last."
            )
        n_layers = objective.network.n_input_layers + layer % n_hidden + 1
        below = Network(objective.network.layers[:n_layers])
        engine = choose(self.engine, replace(objective, network=below), None, X)
        return engine.raw_outputs(below, layers[:n_layers], X)

    @at_one_moment
    def input_gradient(self, X: ArrayLikeOrSparse) -> FloatArray:
        """Return the derivative of the predictions by each feature.

        It is exact, for each sample: of `predict` for a regressor, of the probabilities
        for a classifier.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The features.

        Returns
        -------
        gradient : ndarray of shape (n_samples, n_features) or \
                (n_samples, n_outputs, n_features)
            The first shape if there is one output: with two classes, the probability of
            the second.
        """
        X, objective, layers = self._check_for_prediction(X)
        gradient = input_gradient(
            objective.network,
            layers,
            X.astype(layers[-1][0].dtype, copy=False),
            self.out_activation_,
            self._columns(),
        )
        if self._is_certain():
            gradient[:] = 0
        return gradient[:, 0] if self.n_outputs_ == 1 else gradient

    def _learned_arrays(self) -> Learned:
        """Return the fitted objective and the arrays of each layer, checked."""
        self._check_outputs()
        layers, objective = fitted.arrays(self), self._objective
        network = objective.network
        weights = [arrays[0] for arrays in layers[network.n_input_layers :]]
        sizes = (*(W.shape[0] for W in weights), weights[-1].shape[1])
        if sizes != network.dense_sizes:  # consistent, but edited
            objective = replace(objective, network=network.resized(sizes))
        return objective, layers

    def _raw_outputs(self, X: Any) -> FloatArray:
        """Return the outputs before the link, of shape (n_samples, n_outputs)."""
        X, objective, layers = self._check_for_prediction(X)
        engine = choose(self.engine, objective, None, X)
        return engine.raw_outputs(objective.network, layers, X)

    def _check_for_prediction(self, X: Any) -> tuple[Features, Objective, list[Arrays]]:
        if not hasattr(self, "coefs_"):
            check_is_fitted(self)
        objective, layers = self._learned_arrays()
        # validate_data would take longer than predicting a row.
        names = hasattr(self, "feature_names_in_")
        if names or not inputs.is_plain(X, self.n_features_in_):
            X = values.check_features(X)
            X = validate_data(
                self, X, accept_sparse="csr", dtype="numeric", reset=False
            )
        return X, objective, layers

    def __getstate__(self) -> dict[str, Any]:
        # Copies and files must not hold a fit in progress.
        state = dict(super().__getstate__())
        state.pop("_under_way", None)
        return state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    # The members that differ between the two estimators.

    _numeric_targets: bool

    @abstractmethod
    def _encode_targets(
        self, y: Any, dtype: np.dtype, *, known: bool, all_known: bool
    ) -> np.ndarray:
        """Return the targets as an array of shape (n_samples, n_outputs).

        If known, the classes are those of an earlier call; if all_known, none of them
        may be missing.
        """

    @abstractmethod
    def _decode_targets(self, y: np.ndarray) -> np.ndarray:
        """Return encoded targets in the user's form."""

    def _weigh_classes(
        self, y: Any, sample_weight: FloatArray | None, dtype: np.dtype
    ) -> FloatArray | None:
        """Return the sample weights, multiplied by those of the classes."""
        return sample_weight

    @abstractmethod
    def _make_loss(self) -> Loss:
        """Return the loss, with the link that fits the targets."""

    def _check_outputs(self) -> None:
        """Raise if the output layer does not match the targets of `fit`."""
        if self.out_activation_ not in INVERSE_LINKS:
            raise ValueError(
                f"out_activation_ must be one of {sorted(INVERSE_LINKS)}; got "
                f"{self.out_activation_!r}. {fitted.REMEDY}"
            )

    def _is_certain(self) -> bool:
        """Return True if the predictions are the same for every X."""
        return False

    def _columns(self) -> list[int]:
        """Return the number of outputs of each link."""
        return [self.n_outputs_]

    @abstractmethod
    def _strata(self, y: np.ndarray) -> np.ndarray | None:
        """Return the classes that a hold-out is stratified by."""

    @abstractmethod
    def _score_raw(
        self, z: FloatArray, y: np.ndarray, sample_weight: FloatArray | None
    ) -> float:
        """Return the score of raw outputs on encoded targets."""


def can_partial_fit(estimator: BaseNeuron) -> bool:
    """Return True, or raise an error that says why there is no partial_fit."""
    if estimator.solver == "lbfgs":
        raise AttributeError(
            "partial_fit is only available for stochastic optimizers. lbfgs is not "
            "stochastic: use solver='adam' or 'sgd'."
        )
    if estimator.early_stopping:
        raise AttributeError(
            "partial_fit does not support early_stopping=True: it makes one pass over "
            "all data of the call, without a hold-out. Call "
            "set_params(early_stopping=False) first."
        )
    return True
