"""The common base of both tabular estimators: columns, folds and members."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from .._estimators.arguments import check_scoring, validates_parameters
from .._estimators.inputs import check_object, check_sample_weight
from .._estimators.sklearn_callbacks import CallbackSupportMixin, ScikitLearnBridge
from .._estimators.snapshots import snapshot, successor, unchanged_on_error
from .._types import FloatArray, IndexArray
from .._warnings import warn
from ..layers import InputLayer, Periodic, Scale
from ..optimizers import Adam
from ..schedules import Linear
from . import _automatic as automatic
from ._columns import TableEncoder
from ._folds import check_fold_weights, split
from ._members import Ensemble, Member
from ._pace import Clock
from ._parameters import CONSTRAINTS, Table
from ._table import check_is_table
from ._verbose import print_line

CHUNK = 2**13  # rows of a prediction at a time

LOST = " oof_predictions_ are NaN for rows that only other members hold out."


class BaseTabular(CallbackSupportMixin, BaseEstimator, ABC):
    """Parameters, training and the ensemble of a tabular estimator."""

    estimators_: list[Any]

    _doc_link_module = "skneuron"
    _doc_link_template = (
        "https://skneuron.readthedocs.io/en/stable/api/"
        "{estimator_module}.{estimator_name}.html"
    )

    _parameter_constraints: dict[str, list[Any]] = CONSTRAINTS

    @validates_parameters
    def fit(
        self,
        X: Table,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Train the members on X and y.

        A fit that fails leaves the estimator unchanged. Ctrl-C ends training with a
        warning, and the estimator keeps the members that are finished, or the best
        epochs so far if none is.

        Parameters
        ----------
        X : data frame or array-like of shape (n_samples, n_features)
            Numbers and categories, with missing values as NaN, None or `pandas.NA`.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets: class labels or numbers. Several columns are for regression.

        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each sample, 0 or more. A sample of weight 2 counts as two.

        groups : array-like of shape (n_samples,), default=None
            Group of each sample, for a splitter passed as `cv`, such as
            `GroupKFold(5)`, that keeps groups together.

        Returns
        -------
        self : object
            The trained estimator.
        """
        check_object(self.activation, "activation")
        check_object(self.cv, "cv")
        check_scoring(self.scoring, type(self).__name__)
        bridge = ScikitLearnBridge(self, X, y, sample_weight, has_members=True)
        with unchanged_on_error(self):
            with successor(self) as (trained, _):
                trained._fit(X, y, sample_weight, groups, bridge)
            bridge.close()
        return self

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        groups: Any,
        bridge: ScikitLearnBridge,
    ) -> None:
        """Train this twin of the user's estimator."""
        clock = Clock(self.max_seconds)
        check_is_table(X)
        y = self._check_targets(y)
        check_consistent_length(X, y)
        self.encoder_ = TableEncoder(self.categorical_features)
        given = check_sample_weight(sample_weight, X, np.dtype(float))
        weights = _near_one(given)
        table = self.encoder_.fit_transform(X, sample_weight=weights, estimator=self)
        targets = self._encode_targets(y, weights)
        members = self._members(table, y, given, groups)  # scorers see what was given
        bridge.begin(len(members))
        ensemble = Ensemble(
            members,
            (table, targets, weights),
            clock,
            n_threads=min(effective_n_jobs(self.n_jobs), len(members)),
            bridge=bridge,
            attributes=lambda few: vars(snapshot(self)._keep(few, table, y, weights)),
            verbose=int(self.verbose),
        )
        interrupted = ensemble.train()
        kept = self._kept(members, clock, interrupted=interrupted)
        self._keep(kept, table, y, weights)
        if self.verbose:
            print_line(f"Out-of-fold score: {self.oof_score_:.6g}")

    def _members(
        self, table: FloatArray, y: np.ndarray, weights: Any, groups: Any
    ) -> list[Member]:
        """Return the members, untrained."""
        random_state = check_random_state(self.random_state)
        strata = self._strata(y)
        folds = split(self.cv, table, y, groups, strata, weights, random_state)
        check_fold_weights(self.cv, folds, weights)
        seeds = random_state.randint(2**31, size=len(folds))
        members = []
        for seed, (train, held_out) in zip(seeds, folds, strict=True):
            network = self._network(table, int(seed))
            network.batch_size = min(network.batch_size, len(train))
            scorer = self._scorer(y, weights, held_out)
            members.append(Member(network, train, held_out, scorer))
        return members

    def _keep(
        self, members: Sequence[Member], table: FloatArray, y: Any, weights: Any
    ) -> Self:
        """Set the fitted attributes of an ensemble of these members."""
        self.estimators_ = [member.network for member in members]
        self.n_iter_ = max(network.n_iter_ for network in self.estimators_)
        self._set_out_of_fold(self._out_of_fold(table, members), y, weights)
        return self

    def _member_parameters(self, table: FloatArray, seed: int) -> dict[str, Any]:
        """Return the parameters of a network that both estimators share."""
        n_samples = len(table)
        return {
            "hidden_layer_sizes": self.hidden_layer_sizes,
            "activation": self.activation,
            "input_layers": self._input_layers(n_samples),
            "init": "ntk",
            "solver": Adam(beta_2=0.95),
            "alpha": 0.0,
            "learning_rate": Linear(),
            "batch_size": self._batch_size(n_samples),
            "max_iter": self._max_iter(n_samples),
            "early_stopping": True,
            "n_iter_no_change": np.inf,
            "random_state": seed,
            "dtype": automatic.dtype(n_samples),
            "engine": self.engine,
        }

    def _input_layers(self, n_samples: int) -> list[InputLayer]:
        n_numbers, periodic = self.encoder_.n_numbers_, self.periodic_features
        if periodic == "auto":
            periodic = n_samples >= self._fewest_for_periodic
        if not (periodic and n_numbers):
            return [Scale()]
        return [Periodic(columns=np.arange(n_numbers)), Scale()]

    def _batch_size(self, n_samples: int) -> int:
        if self.batch_size == "auto":
            return automatic.batch_size(n_samples)
        return self.batch_size

    def _max_iter(self, n_samples: int) -> int:
        if self.max_iter == "auto":
            return automatic.max_iter(n_samples, self._most_epochs)
        return self.max_iter

    def _kept(
        self, members: list[Member], clock: Clock, *, interrupted: bool
    ) -> list[Member]:
        """Return the finished members, or unfinished ones where there are no others."""
        finished = [member for member in members if member.is_finished]
        kept = finished or [member for member in members if member.is_trained]
        if not kept:
            raise KeyboardInterrupt
        lost = "" if len(kept) == len(members) else LOST
        if interrupted:
            state = "finished" if finished else "unfinished"
            warn(
                f"Training interrupted by user: the estimator keeps {len(kept)} "
                f"{state} of {len(members)} members.{lost}"
            )
        elif clock.is_short:
            n_epochs = sorted({member.network.n_iter_ for member in kept})
            span = " to ".join(map(str, dict.fromkeys((n_epochs[0], n_epochs[-1]))))
            warn(
                f"max_seconds={self.max_seconds} has shortened training: the estimator "
                f"has {len(kept)} of {len(members)} members, trained for {span} of "
                f"max_iter={kept[0].network.max_iter} epochs.{lost}",
                ConvergenceWarning,
            )
        return kept

    def _out_of_fold(self, table: FloatArray, members: Sequence[Member]) -> FloatArray:
        """Return for each row the mean of the members that have not trained on it."""
        total: Any = 0.0
        count = np.zeros(len(table))
        for member in members:
            rows = member.held_out
            predicted = self._in_chunks([member.network], table, rows)
            if np.ndim(total) == 0:
                total = np.zeros((len(table), *predicted.shape[1:]))
            total[rows] += predicted
            count[rows] += 1
        count[count == 0] = np.nan
        return total / count.reshape(-1, *[1] * (np.ndim(total) - 1))

    def _mean_prediction(self, X: Any) -> FloatArray:
        """Return the mean over the members, not yet calibrated or in units of y."""
        check_is_fitted(self)
        table = self.encoder_.transform(X, estimator=self)
        return self._in_chunks(self.estimators_, table)

    def _in_chunks(
        self, networks: list[Any], table: FloatArray, rows: IndexArray | None = None
    ) -> FloatArray:
        """Return the mean prediction of networks for some rows, in float64."""
        n_rows = len(table) if rows is None else len(rows)
        parts = []
        for start in range(0, n_rows, CHUNK):
            chunk: Any = slice(start, start + CHUNK)
            X = table[chunk if rows is None else rows[chunk]]
            total = sum(self._predict_member(network, X) for network in networks)
            parts.append(total / len(networks))
        return np.concatenate(parts)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    # What differs between the two estimators.

    _fewest_for_periodic: int
    """Number of rows from which on "auto" adds periodic features."""

    _most_epochs: int
    """Number of epochs for "auto", if there are not many rows."""

    @abstractmethod
    def _check_targets(self, y: Any) -> np.ndarray:
        """Return the targets as an array, and set the attributes they determine."""

    @abstractmethod
    def _encode_targets(self, y: np.ndarray, sample_weight: Any) -> np.ndarray:
        """Return the targets that the networks are trained on."""

    @abstractmethod
    def _strata(self, y: np.ndarray) -> np.ndarray | None:
        """Return the classes that folds are stratified by."""

    @abstractmethod
    def _network(self, table: FloatArray, seed: int) -> Any:
        """Return the untrained network of a member."""

    def _scorer(
        self, y: np.ndarray, weights: Any, rows: IndexArray
    ) -> Callable[[Any, Any], float] | None:
        """Return the scorer of networks on these rows, or None for their `scoring`."""
        return None

    @abstractmethod
    def _predict_member(self, network: Any, table: FloatArray) -> FloatArray:
        """Return what is averaged over the members, in float64."""

    @abstractmethod
    def _set_out_of_fold(
        self, out_of_fold: FloatArray, y: np.ndarray, sample_weight: Any
    ) -> None:
        """Set the attributes that come from out-of-fold predictions."""


def _near_one(weights: FloatArray | None) -> FloatArray | None:
    """Return multiples of the weights of which the largest is from 1/2 to 1.

    The unit of weights means nothing, but StandardScaler takes their sum for a number
    of samples, and float32 holds only some units. A power of two changes no digit.
    """
    if weights is None:
        return None
    _, exponent = np.frexp(weights.max())
    return np.ldexp(weights, -exponent)
