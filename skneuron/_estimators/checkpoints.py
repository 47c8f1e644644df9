"""Checkpoints: estimators in the middle of a fit, in files.

A checkpoint is the pickle of an estimator: its parameters, its weights, and the whole
`TrainingState`.
"""

import os
import pickle
from hashlib import sha256
from pathlib import Path
from typing import Any

from .._training.continuation import fingerprint
from .._training.fitting import Fit
from .._training.validation import ScoredSamples
from . import files
from .sklearn_callbacks import CALLBACK_STATE
from .snapshots import snapshot

MAY_DIFFER = {"max_iter", "verbose", "engine", "random_state"}


def unfinished(twin: Any, fit: Fit) -> Any:
    """Return the estimator as if fit had ended now, with all that `resume` needs."""
    estimator = snapshot(twin)
    for name in CALLBACK_STATE:
        vars(estimator).pop(name, None)
    for column, more in estimator._commit(fit):
        column += more
    scored = fit.to_score()
    estimator._state = fit.state.unfinished(
        fingerprint(ScoredSamples.of(fit.samples)),
        None if scored is None else fingerprint(scored),
    )
    return estimator


def write(target: Path, estimator: Any) -> None:
    """Write a file that `read` takes."""
    files.write(target, pickle.dumps(estimator, protocol=5))


def read(path: str | os.PathLike[str]) -> Any:
    """Return the estimator in a file, which is not unpickled if it is damaged."""
    return pickle.loads(files.read(path))


def check_resumable(estimator: Any, saved: Any, path: str | os.PathLike[str]) -> None:
    """Raise if the saved estimator has another class or other parameters."""
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
                f"but this estimator has {name}={one!r}. resume continues the same "
                f"fit: call set_params({name}={other!r}) first."
            )


def _same(one: Any, other: Any) -> bool:
    """Return True if two values of a parameter are equal."""
    # The repr of a function has its address in memory, its pickle has not.
    return repr(one) == repr(other) or as_pickle(one) == as_pickle(other)


def as_pickle(value: Any) -> bytes | None:
    """Return the pickle of a value, None if it has none."""
    try:
        return pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def digest(*values: Any) -> str:
    """Return 12 hexadecimal digits of a hash of the values, without copying arrays."""
    sha = sha256()

    def take(buffer: pickle.PickleBuffer) -> None:
        sha.update(buffer.raw())

    for value in values:  # one by one: a pickle shows which strings are one object
        for part in sorted(value.items()) if isinstance(value, dict) else [value]:
            for one in part if isinstance(part, tuple) else [part]:
                sha.update(pickle.dumps(one, protocol=5, buffer_callback=take))
    return sha.hexdigest()[:12]
