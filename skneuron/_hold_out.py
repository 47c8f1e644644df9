"""The hold-out of early stopping: samples that are scored instead of trained on."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.model_selection import train_test_split

from ._engines import Engine, Objective, Samples
from ._parameters import Parameters
from ._progress import Epoch
from ._types import FloatArray, IndexArray

FEWEST_SAMPLES = 4  # the score of fewer says nothing about the network


class HoldOut:
    """The callback that scores the hold-out and remembers the best parameters.

    Parameters
    ----------
    engine : Engine
    objective : Objective
    samples : Samples
        All of them, those to train on included.
    rows : ndarray of int or None
        Which of them are held out; None scores all.
    score_raw : callable
        Takes raw outputs, targets and sample weights.

    Attributes
    ----------
    scores : list of float
        After each epoch.
    best_score : float
        The highest of them, or the score of the start.
    best_vector : ndarray
        The parameters that had it.
    """

    def __init__(
        self,
        engine: Engine,
        objective: Objective,
        samples: Samples,
        rows: IndexArray | None,
        score_raw: Callable[[FloatArray, FloatArray, FloatArray | None], float],
    ) -> None:
        self.engine = engine
        self.objective = objective
        self.data = samples.all() if rows is None else samples.batch(rows)
        self.score_raw = score_raw
        self.scores: list[float] = []

    def start(self, parameters: Parameters, score: float) -> None:
        """Say what is the best before the first epoch."""
        self.best_score = score
        self.best_vector = parameters.vector.copy()

    def score(self, parameters: Parameters) -> float:
        """Return the score of these parameters, NaN where an output is not finite."""
        X, y, sample_weight = self.data
        z = self.engine.raw_outputs(
            self.objective, parameters.weights, parameters.biases, X
        )
        return self.score_raw(z, y, sample_weight) if np.isfinite(z).all() else np.nan

    def can_wait(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:
        score = epoch.validation_score = self.score(epoch.parameters)
        self.scores.append(score)
        if score > self.best_score:
            self.best_score = score
            self.best_vector[:] = epoch.parameters.vector
        return False


def split(
    samples: Samples,
    validation_fraction: float,
    strata: np.ndarray | None,
    random_state: np.random.RandomState,
) -> tuple[IndexArray | None, IndexArray | None]:
    """Choose the rows to train on and those to hold out.

    Both are None, for all rows, where the hold-out would be too small.
    """
    n_samples = samples.X.shape[0]
    if validation_fraction == 0:
        raise ValueError(
            "validation_fraction=0 holds out no samples; early_stopping=True needs "
            "more than 0, 0.1 say."
        )
    n_held_out = int(np.ceil(validation_fraction * n_samples))
    if n_held_out < FEWEST_SAMPLES or n_held_out >= n_samples:
        warnings.warn(
            f"early_stopping=True with validation_fraction={validation_fraction} would "
            f"hold out {n_held_out} of {n_samples} samples, which leaves too few to "
            "score or to train on. All samples are trained on, and scored.",
            stacklevel=2,
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
    if samples.sample_weight is not None:
        for rows, name in ((train, "training"), (held_out, "validation")):
            if not samples.sample_weight[rows].any():
                raise ValueError(
                    f"The sample weights for {name} set are all zero, consider using "
                    "a different random state."
                )
    return train, held_out


def _can_stratify(strata: np.ndarray, n_held_out: int) -> bool:
    """Whether every class can be in both parts; warns where not."""
    counts = np.unique(strata, return_counts=True)[1]
    smaller_part = min(n_held_out, len(strata) - n_held_out)
    if counts.min() >= 2 and smaller_part >= len(counts):
        return True
    warnings.warn(
        "The hold-out of early_stopping=True is not stratified: of the "
        f"{len(counts)} classes the smallest has {counts.min()} samples, and the "
        f"smaller part of the split has {smaller_part}. It may lack a class.",
        stacklevel=2,
    )
    return False
