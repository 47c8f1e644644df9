"""Validation: samples that are scored instead of trained on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any, Self

import numpy as np
from sklearn.model_selection import train_test_split

from .._engines import Engine, Objective, Samples
from .._network.parameters import Parameters
from .._sklearn import BaseScorer
from .._types import Features, FloatArray, IndexArray
from .._warnings import warn
from ..losses import Loss
from .state import TrainingState
from .stopping import Epoch

FEWEST_SAMPLES = 4  # a score on fewer samples is meaningless
BLOCK_ROWS = 1024
BLOCK_NUMBERS = 2**20

Score = Callable[[FloatArray, Parameters], float] | None
"""Function from raw outputs, and the parameters that they come from, to a score.

None stands for the negative loss, which is computed in any case."""


@dataclass(frozen=True)
class ScoredSamples:
    """The samples to score: all of some samples, or a part that is not copied whole.

    Attributes
    ----------
    all_X : ndarray or CSR of shape (n_samples, n_features)
    rows : ndarray of int or None
        The rows of all_X to score; None means all.
    y : ndarray of shape (n_rows, n_outputs)
    sample_weight : ndarray of shape (n_rows,) or None
    """

    all_X: Features
    rows: IndexArray | None
    y: FloatArray
    sample_weight: FloatArray | None

    @classmethod
    def of(cls, samples: Samples, rows: IndexArray | None = None) -> Self:
        """Return some rows of samples; None means all."""
        y, sample_weight = samples.y, samples.sample_weight
        if rows is not None:
            y = y[rows]
            sample_weight = None if sample_weight is None else sample_weight[rows]
        return cls(samples.X, rows, y, sample_weight)

    @property
    def X(self) -> Features:
        """The features of all rows to score; some rows are copied at each access."""
        return self.all_X if self.rows is None else self.all_X[self.rows]

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of X."""
        return len(self.y), self.all_X.shape[1]

    def blocks(self) -> Iterator[Features]:
        """Yield X in blocks of rows, so that little memory is needed."""
        if self.rows is None:
            yield self.all_X
            return
        n_blocks = BLOCK_NUMBERS // (BLOCK_ROWS * self.all_X.shape[1])
        step = BLOCK_ROWS * max(1, n_blocks)
        for start in range(0, len(self.rows), step):
            yield self.all_X[self.rows[start : start + step]]


class Validation:
    """The callback that scores samples after every epoch.

    Parameters
    ----------
    engine : Engine
    objective : Objective
    samples : ScoredSamples
    score : callable
        See `Score`.
    state : TrainingState
        Receives the results and, if its `best` is set, the best parameters.

    Attributes
    ----------
    results : list of (float, float)
        Score and mean loss after each epoch, `validations` of the state.
    """

    def __init__(
        self,
        engine: Engine,
        objective: Objective,
        samples: ScoredSamples,
        score: Score,
        state: TrainingState,
    ) -> None:
        self.engine = engine
        self.objective = objective
        self.samples = samples
        self.state = state
        self._score = score
        self.results: list[tuple[float, float]] = []
        state.validations = self.results

    def evaluate(self, parameters: Parameters) -> tuple[float, float]:
        """Return score and mean loss, NaN where an output is not finite."""
        y, sample_weight = self.samples.y, self.samples.sample_weight
        network, layers = self.objective.network, parameters.layers
        z = np.concatenate(
            [self.engine.raw_outputs(network, layers, X) for X in self.samples.blocks()]
        )
        if not np.isfinite(z).all():
            return np.nan, np.nan
        loss = mean_loss(self.objective.loss, z, y, sample_weight)
        return -loss if self._score is None else self._score(z, parameters), loss

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:
        score, loss = self.evaluate(epoch.parameters)
        epoch.validation_score = score
        self.results.append((score, loss))
        if self.state.best is not None and score > self.state.best[1]:
            vector, _ = self.state.best
            vector[:] = epoch.parameters.vector
            self.state.best = vector, score
        return False


def restore_best(state: TrainingState, parameters: Parameters) -> None:
    """Overwrite the parameters with the best ones, if those were kept."""
    if state.best is None:
        return
    vector, score = state.best
    results = state.validations or []
    all_nan = all(np.isnan(score) for score, _ in results)
    if results and all_nan and not np.isfinite(score):
        warn(
            "No epoch has a validation score that is a number, so none is the best: "
            "the weights of the last are kept. Check that scoring can score the "
            "held-out samples, or X_val and y_val.",
        )
        return
    parameters.vector[:] = vector


def mean_loss(
    loss: Loss, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
) -> float:
    """Return the loss of raw outputs without a penalty."""
    value, _ = loss.value_and_gradient(z, y, sample_weight)
    return value / (
        len(y) if sample_weight is None else float(sample_weight.sum(dtype=float))
    )


def score_by(
    scorer: Any, estimator: Any, X: Any, y: Any, sample_weight: FloatArray | None
) -> float:
    """Return the score by a scikit-learn scorer, weighted if it takes weights."""
    function = scorer._score_func if isinstance(scorer, BaseScorer) else scorer
    weighted = (
        sample_weight is not None and "sample_weight" in signature(function).parameters
    )
    keywords = {"sample_weight": sample_weight} if weighted else {}
    try:
        score = scorer(estimator, X, y, **keywords)
    except ValueError as error:
        raise ValueError(
            f"scoring={scorer!r} cannot score the held-out samples: {error}\nChoose "
            "another scoring, or hold out samples of every class."
        ) from error
    if np.ndim(score) or score is None:
        raise ValueError(
            f"scoring={scorer!r} returned {score!r}; it must return one number, the "
            "greater the better."
        )
    return float(score)


def split(
    samples: Samples,
    validation_fraction: float,
    strata: np.ndarray | None,
    random_state: np.random.RandomState,
) -> tuple[IndexArray | None, IndexArray | None]:
    """Choose the rows to train on and those to hold out.

    Both are None, which means all rows, if the hold-out would be too small.
    """
    n_samples = samples.X.shape[0]
    if validation_fraction == 0:
        raise ValueError(
            "validation_fraction=0 holds out no samples; early_stopping=True needs "
            "more than 0, 0.1 say."
        )
    n_held_out = int(np.ceil(validation_fraction * n_samples))
    if n_held_out < FEWEST_SAMPLES or n_held_out >= n_samples:
        warn(
            f"early_stopping=True with validation_fraction={validation_fraction} would "
            f"hold out {n_held_out} of {n_samples} samples, which leaves too few to "
            "score or to train on. All samples are trained on, and scored.",
        )
        return None, None
    if strata is not None and not _can_stratify(strata, n_held_out):
        strata = None
    train, held_out = train_test_split(
        np.arange(n_samples),
        test_size=validation_fraction,
        random_state=random_state,
        stratify=strata,
    )
    check_weights(samples, train, held_out, "a different random state")
    return train, held_out


def check_weights(
    samples: Samples, train: IndexArray, held_out: IndexArray, remedy: str
) -> None:
    """Raise if all samples of a part of a split have the weight zero."""
    if samples.sample_weight is None:
        return
    for rows, name in ((train, "training"), (held_out, "validation")):
        if not samples.sample_weight[rows].any():
            raise ValueError(
                f"The sample weights for {name} set are all zero, consider using "
                f"{remedy}."
            )


def _can_stratify(strata: np.ndarray, n_held_out: int) -> bool:
    """Return True if every class can be in both parts; otherwise warn."""
    counts = np.unique(strata, return_counts=True)[1]
    smaller_part = min(n_held_out, len(strata) - n_held_out)
    if counts.min() >= 2 and smaller_part >= len(counts):
        return True
    warn(
        "The hold-out of early_stopping=True is not stratified: of the "
        f"{len(counts)} classes the smallest has {counts.min()} samples, and the "
        f"smaller part of the split has {smaller_part}. It may lack a class.",
    )
    return False
