"""Checkpoints: estimators whose training has not come to its end, in files."""

import os
import pickle
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from .._engines import Samples
from .._training.state import Outcome
from .._training.steps import Training
from .._types import FloatArray, IndexArray
from . import files
from .sklearn_callbacks import CALLBACK_STATE
from .snapshots import snapshot

ANOTHER_FILE = "Take an earlier copy, or call fit."
MAY_DIFFER = {"max_iter", "verbose", "engine", "random_state"}


@dataclass(frozen=True)
class Unfinished:
    """Where a training was left, beside what the estimator has learnt by then.

    Attributes
    ----------
    epoch : int
        How many are done.
    data : tuple
        What tells these training data from others.
    rows, held_out : ndarray of int or None
        What `early_stopping` trains on, and what it holds out.
    row_order : ndarray of int
        The rows as the last epoch has taken them.
    best : tuple of (ndarray, float) or None
        The parameters that did best on the hold-out, and their score.
    scored : tuple or None
        What tells the samples that are scored from others.
    """

    epoch: int
    data: tuple[Any, ...]
    rows: IndexArray | None
    held_out: IndexArray | None
    row_order: IndexArray | None
    best: tuple[FloatArray, float] | None
    scored: tuple[Any, ...] | None


@dataclass(frozen=True)
class UnderWay:
    """A training, and the estimator whose it is.

    Attributes
    ----------
    estimator : estimator
    call : Call
        What it asks for.
    training : Training
    validation : Validation or None
    held_out : ndarray of int or None
        The rows that early_stopping holds out.
    """

    estimator: Any
    call: Any
    training: Training
    validation: Any
    held_out: IndexArray | None

    @property
    def epoch(self) -> int:
        """How many are done."""
        return self.call.epochs_before + len(self.training.record)

    def as_estimator(self) -> Any:
        """Return the estimator as if fit had ended now, with what `resume` needs."""
        training, record = self.training, self.training.record
        estimator = snapshot(self.estimator)
        for name in CALLBACK_STATE:
            vars(estimator).pop(name, None)
        outcome = Outcome(record, record.loss, validation=self.validation)
        learnt = training.parameters, training.progress, outcome
        for column, more in estimator._note(*learnt, self.call):
            column += more
        estimator._unfinished = Unfinished(
            self.epoch,
            fingerprint(training.samples),
            training.order.rows,
            self.held_out,
            training.row_order,
            None if self.validation is None else self.validation.best,
            None if self.validation is None else fingerprint(self.validation.samples),
        )
        return estimator


def fingerprint(samples: Samples) -> tuple[Any, ...]:
    """Return what tells these samples from others, short of reading all of X."""
    weights = samples.sample_weight
    return (
        samples.X.shape,
        zlib.crc32(samples.y.tobytes()),
        None if weights is None else zlib.crc32(weights.tobytes()),
    )


def write(target: Path, estimator: Any) -> None:
    """Write a file that `read` takes."""
    files.write(target, pickle.dumps(estimator, protocol=5))


def read(path: str | os.PathLike[str]) -> Any:
    """Return the estimator in a file, which is not unpickled if it is damaged."""
    return pickle.loads(files.read(path))


def check_resumable(estimator: Any, saved: Any, path: str | os.PathLike[str]) -> None:
    """Raise where the saved training is not one of an estimator like this."""
    if type(saved) is not type(estimator):
        raise ValueError(
            f"{os.fspath(path)!r} is a checkpoint of {type(saved).__name__}, not of "
            f"{type(estimator).__name__}."
        )
    ours, theirs = estimator.get_params(), saved.get_params()
    for name in sorted(set(ours) | set(theirs)):
        one, other = ours.get(name), theirs.get(name)
        if name not in MAY_DIFFER and not _same(one, other):
            raise ValueError(
                f"{os.fspath(path)!r} is a checkpoint of a fit with {name}={other!r}, "
                f"but this estimator has {name}={one!r}. resume goes on with the same "
                f"training: call set_params({name}={other!r}) first."
            )


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a parameter are alike."""
    # The repr of a function tells where it is in memory, its pickle does not.
    return repr(one) == repr(other) or as_pickle(one) == as_pickle(other)


def as_pickle(value: Any) -> bytes | None:
    """Return the pickle of a value, None where there can be none."""
    try:
        return pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def digest(*values: Any) -> str:
    """Return 12 hexadecimal digits that tell values apart, without copying arrays."""
    sha = sha256()

    def take(buffer: pickle.PickleBuffer) -> None:
        sha.update(buffer.raw())

    for value in values:  # one by one: a pickle tells which strings are one object
        for part in sorted(value.items()) if isinstance(value, dict) else [value]:
            for one in part if isinstance(part, tuple) else [part]:
                sha.update(pickle.dumps(one, protocol=5, buffer_callback=take))
    return sha.hexdigest()[:12]


def check_same_data(samples: Samples, unfinished: Unfinished) -> None:
    """Raise where a training would go on with other data."""
    before, now = unfinished.data, fingerprint(samples)
    if now == before:
        return
    what = (
        f"X had shape {before[0]}, and has {now[0]}"
        if now[0] != before[0]
        else "the targets differ"
        if now[1] != before[1]
        else "sample_weight or class_weight differs"
    )
    raise ValueError(
        f"resume needs the data that fit was given, but {what}. To train on new "
        "data, use partial_fit, or fit with warm_start=True."
    )


def check_same_scored(samples: Samples | None, unfinished: Unfinished) -> None:
    """Raise where other samples would be scored than before."""
    now = None if samples is None else fingerprint(samples)
    if now != unfinished.scored:
        raise ValueError(
            "resume needs the X_val, y_val and sample_weight_val that fit was given, "
            "and none where it was given none."
        )


def check_rows(unfinished: Unfinished, n_samples: int) -> None:
    """Raise unless each sample is trained on once an epoch, or held out."""
    rows, held_out = unfinished.rows, unfinished.held_out
    all_rows = np.arange(n_samples)
    if rows is not None and held_out is not None:
        right = np.array_equal(np.sort(np.concatenate([rows, held_out])), all_rows)
    else:
        right = rows is held_out
    expected = all_rows if rows is None else np.sort(rows)
    order = unfinished.row_order
    if not right or order is None or not np.array_equal(np.sort(order), expected):
        raise ValueError(
            f"The rows of the checkpoint are not those of {n_samples} samples, each "
            f"once: the file is damaged. {ANOTHER_FILE}"
        )


def check_best(best: Any, n_parameters: int) -> None:
    """Raise unless the weights that did best are those of this network."""
    shape = None if best is None else np.shape(best[0])
    if shape != (n_parameters,):
        raise ValueError(
            f"The best weights in the checkpoint have shape {shape}, not "
            f"({n_parameters},): the file is damaged. {ANOTHER_FILE}"
        )
