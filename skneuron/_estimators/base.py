"""The common base of both estimators: from parameters and data to a trained network."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from inspect import signature
from numbers import Integral
from typing import Any, Self, TypeAlias, TypeVar, cast

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import check_scoring
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from .._engines import Objective, Samples, choose
from .._network.layer import Arrays
from .._network.network import Network
from .._network.parameters import Parameters
from .._network.sensitivity import input_gradient
from .._sklearn import HasMethods, fit_context
from .._training import history
from .._training.fitting import Fit, Kind
from .._training.settings import Settings
from .._training.state import TrainingState, copied_stream
from .._training.validation import Score, mean_loss, score_by
from .._types import Features, FloatArray
from ..losses import INVERSE_LINKS, Loss
from . import inputs, learnt, parameters, values
from .checkpoints import check_resumable, read
from .idle import warn_of_idle
from .parameters import CONSTRAINTS
from .sklearn_callbacks import CallbackSupportMixin, ScikitLearnBridge
from .snapshots import Additions, at_one_moment, successor, unchanged_on_error

Data: TypeAlias = tuple[Any, Any, Any]
"""X, y and sample_weight, as the user passed them."""

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

    _parameter_constraints: dict = CONSTRAINTS

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
        with successor(self) as (untrained, _):
            fit = untrained._prepare(
                "fit", (X, y, None), initial=(coefs_init, intercepts_init)
            )
            untrained._commit(fit)
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

        On a twin of the user's estimator, like all that writes attributes here.
        """
        for name in ("solver", "learning_rate", "loss"):
            inputs.check_object(getattr(self, name), name)
        inputs.check_scoring(self.scoring, type(self).__name__)
        continues = kind != "fit" and hasattr(self, "coefs_")
        samples = self._check_data(data, kind, continues=continues)
        settings = parameters.settings(self)
        n_features, self.n_outputs_ = samples.X.shape[1], samples.y.shape[1]
        network = settings.network(n_features, self.n_outputs_)
        to_score = self._check_validation(validation, samples.dtype)
        if continues:
            learned, state = self._continue(kind, network, samples.dtype)
        else:
            learned, state = self._start(settings, network, samples.dtype, *initial)
        self._objective = Objective(
            network, self._make_loss(), settings.alpha, settings.l1
        )
        self.n_layers_ = len(network.sizes)
        self.out_activation_ = self._objective.loss.link
        if bridge is not None:
            bridge.learned = vars(self)
        return Fit(
            kind,
            continues,
            settings,
            self._objective,
            samples,
            learned,
            state,
            to_score,
            self._strata(samples.y) if settings.early_stopping else None,
            self._scored_by,
            bridge,
        )

    def _train(self, fit: Fit) -> Additions:
        """Train, and return the additions to the curves."""
        parameters.check_combination(self, fit.settings, fit.objective)
        if not fit.continues:
            may_validate = fit.kind == "partial_fit" or fit.validation is not None
            warn_of_idle(self, may_validate=may_validate)
        if isinstance(fit.observer, ScikitLearnBridge):
            with fit.observer.shows(self, fit):
                fit.train()
        else:
            fit.train()
        return self._commit(fit)

    def _check_data(self, data: Data, kind: Kind, *, continues: bool) -> Samples:
        X, y, sample_weight = data
        X, y = self._check_arrays(X, y, reset=not continues)
        if continues and self.dtype is None:
            dtype = self._learned_arrays()[1][0][0].dtype
        else:
            dtype = inputs.training_dtype(self.dtype, X)
        weights = inputs.check_sample_weight(sample_weight, X, dtype)
        known = continues or kind == "partial_fit"
        encoded = self._encode_targets(y, dtype, known=known, all_known=self.warm_start)
        return Samples(X, encoded, self._weigh_classes(y, weights, dtype), dtype)

    def _check_validation(self, validation: Data, dtype: np.dtype) -> Samples | None:
        X, y, sample_weight = validation
        if (X is None) != (y is None) or (X is None and sample_weight is not None):
            raise ValueError(
                "X_val and y_val belong together, and sample_weight_val to them: give "
                "both, or none of the three."
            )
        if X is None:
            return None
        with inputs.of_validation():
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
        settings: Settings,
        network: Network,
        dtype: np.dtype,
        coefs_init: Any,
        intercepts_init: Any,
    ) -> tuple[Parameters, TrainingState]:
        random_state = check_random_state(self.random_state)
        learned = Parameters.initial(network, settings.init, random_state, dtype)
        inputs.set_initial(learned.weights, coefs_init, "coefs_init")
        inputs.set_initial(learned.biases, intercepts_init, "intercepts_init")
        if not settings.fit_intercept and any(b.any() for b in learned.biases):
            raise ValueError(
                "intercepts_init must be zero with fit_intercept=False, which does "
                "without biases."
            )
        return learned, TrainingState(random_state)

    def _continue(
        self, kind: Kind, network: Network, dtype: np.dtype
    ) -> tuple[Parameters, TrainingState]:
        """Return copies of what the last call left: this one may yet fail."""
        last, layers = self._learned_arrays()
        if last.network.sizes != network.sizes:
            incremental = kind == "partial_fit"
            how = "partial_fit" if incremental else "warm_start=True"
            remedy = "call fit" if incremental else "set warm_start=False"
            raise ValueError(
                f"{how} goes on with the network of the last call, which has "
                f"{last.network.sizes} features, hidden units and outputs, but "
                f"hidden_layer_sizes={self.hidden_layer_sizes!r} and these data ask "
                f"for {network.sizes}. To start a new network, {remedy}."
            )
        learned = Parameters.from_arrays(network, layers, dtype)
        optimizer_state = copied_state(self._state.optimizer_state, learned)
        for part in network.untrained:
            learned.vector[part] = 0
        if kind == "resume":  # the stream continues
            return learned, self._state.for_resume(optimizer_state)
        state = self._state.for_next_call(optimizer_state)
        if kind == "warm_start":
            state.random_state = check_random_state(self.random_state)
            state.pending_shuffles = (0, 0)
        elif isinstance(self.random_state, Integral):  # else the stream is the user's
            state.random_state = copied_stream(state.random_state)
            state.apply_pending_shuffles()
        return learned, state

    def _commit(self, fit: Fit) -> Additions:
        """Write what was learned, and return what is to be appended to the curves.

        Those of partial_fit grow in place: a copy at every call would cost a stream
        dearly.
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

    def _scored_by(self, samples: Samples) -> Score:
        """Return the function that scores raw outputs for samples, by `scoring`."""
        y, sample_weight, objective = samples.y, samples.sample_weight, self._objective
        if self.scoring is None:
            return lambda z, _: self._score_raw(z, y, sample_weight)
        if self.scoring == "loss":
            return lambda z, _: -mean_loss(objective.loss, z, y, sample_weight)
        scorer = check_scoring(self, scoring=self.scoring)
        y_true = self._decode_targets(y)
        view = copy.copy(self)  # to the scorer, a fitted estimator
        view.__dict__.pop("feature_names_in_", None)  # by now X is an array

        def score(_: Any, parameters: Parameters) -> float:
            view.coefs_, view.intercepts_ = parameters.weights, parameters.biases
            return score_by(scorer, view, samples.X, y_true, sample_weight)

        return score

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
        X, objective, layers = self._check_for_prediction(X)
        n_hidden = self.n_layers_ - 2
        if not isinstance(layer, Integral) or not -n_hidden <= layer < n_hidden:
            raise ValueError(
                f"layer={layer!r} is none of this network's {n_hidden} hidden layers, "
                "which are counted from 0; -1 is the last."
            )
        n_layers = layer % n_hidden + 1
        below = Network(objective.network.layers[:n_layers])
        engine = choose(self.engine, replace(objective, network=below), None, X)
        return engine.raw_outputs(below, layers[:n_layers], X)

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
        X, objective, layers = self._check_for_prediction(X)
        gradient = input_gradient(
            objective.network,
            layers,
            X.astype(layers[0][0].dtype, copy=False),
            self.out_activation_,
            self._columns(),
        )
        if self._is_certain():
            gradient[:] = 0
        return gradient[:, 0] if self.n_outputs_ == 1 else gradient

    def _learned_arrays(self) -> tuple[Objective, list[Arrays]]:
        """Return the fitted objective and the arrays of each layer, checked."""
        self._check_outputs()
        weights, biases = learnt.arrays(self)
        objective, last = self._objective, weights[-1].shape[1]
        sizes = (*(W.shape[0] for W in weights), last)
        if sizes != objective.network.sizes:  # consistent, but edited
            objective = replace(objective, network=objective.network.resized(sizes))
        return objective, list(zip(weights, biases, strict=True))

    def _raw_outputs(self, X: Any) -> FloatArray:
        """Return the outputs before the link, of shape (n_samples, n_outputs)."""
        X, objective, layers = self._check_for_prediction(X)
        engine = choose(self.engine, objective, None, X)
        return engine.raw_outputs(objective.network, layers, X)

    def _check_for_prediction(self, X: Any) -> tuple[Features, Objective, list[Arrays]]:
        if not hasattr(self, "coefs_"):
            check_is_fitted(self)
        objective, layers = self._learned_arrays()
        # Checking what is plainly right would take longer than predicting a row.
        names = hasattr(self, "feature_names_in_")
        if names or not inputs.is_plain(X, self.n_features_in_):
            X = values.check_features(X)
            X = validate_data(
                self, X, accept_sparse="csr", dtype="numeric", reset=False
            )
        return X, objective, layers

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
                f"{self.out_activation_!r}. {learnt.REMEDY}"
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


def copied_state(state: Any, parameters: Parameters) -> Any:
    """Return a copy of an optimizer's state, in the precision of the parameters.

    Of parts that are not trained, nothing is remembered.
    """
    if not hasattr(state, "__dict__"):  # None, or what a custom optimizer keeps
        return copy.deepcopy(state)
    twin, vector = copy.copy(state), parameters.vector
    for name, value in vars(state).items():
        if isinstance(value, np.ndarray) and value.shape == vector.shape:
            array = value.astype(
                vector.dtype if value.dtype.kind == "f" else value.dtype
            )
            for part in parameters.network.untrained:
                array[part] = 0
            setattr(twin, name, array)
        else:
            setattr(twin, name, copy.deepcopy(value))
    return twin
