"""Callbacks for scikit-learn's `set_callbacks`, besides those of `sklearn.callback`.

They require scikit-learn 1.9 or newer.
"""

import os
from numbers import Integral
from pathlib import Path
from typing import Any

from sklearn.utils import check_scalar

from ._estimators import files
from ._estimators.checkpoints import as_pickle, digest, unfinished, write

__all__ = ["Checkpoint"]


class Checkpoint:
    """Save the estimator every few epochs, so that a fit can continue after a crash.

    The file is replaced atomically, so it is always complete. `resume` of an estimator
    with the same parameters continues from it, and ends with the same weights as the
    uninterrupted fit, to the last bit. A checksum at its end lets `resume` detect
    damage. `joblib.load` returns the estimator as it was after the epoch, ready to
    predict. The file is a pickle: only load files that you trust.

    Searches, cross-validation and ensembles fit many clones of an estimator. With
    `{fit}` in the file name, each fit writes its own file; without it, a clone refuses
    to train. To save only the fit with the best parameters, call `set_callbacks` on
    `best_estimator_` after the search, and fit it again.

    Parameters
    ----------
    path : str or path-like
        File to write, replaced each time. Its directory must exist. If it is a symbolic
        link, the file that it points to is replaced. `{fit}` in its name stands for 12
        hexadecimal digits that depend on the estimator's parameters, `X`, `y` and
        `sample_weight`: the same fit writes the same file again.

    every : int, default=10
        Number of epochs between two saves, 1 or more. The end of `fit` is not saved.

    Raises
    ------
    ValueError
        By `fit`, before training: if the solver is 'lbfgs', whose state is inside
        SciPy; if a parameter cannot be pickled; if the estimator is a clone of the one
        on which the callback was set, and `path` has no `{fit}`; if another fit of this
        process is writing the file.

    TypeError
        By `fit`, before training, if the estimator is not a network of skneuron.

    OSError
        By `fit`, before training, if the file cannot be written or replaced:
        FileNotFoundError if its directory does not exist, IsADirectoryError if the path
        is a directory.

    Examples
    --------
    >>> import os, tempfile
    >>> from sklearn.datasets import load_iris
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.callbacks import Checkpoint
    >>> X, y = load_iris(return_X_y=True)
    >>> path = os.path.join(tempfile.mkdtemp(), "iris.pkl")
    >>> clf = NeuronClassifier(max_iter=500, random_state=0)
    >>> clf = clf.set_callbacks(Checkpoint(path, every=50)).fit(X, y)
    >>> again = NeuronClassifier(max_iter=500, random_state=0).resume(path, X, y)
    >>> bool((again.coefs_[0] == clf.coefs_[0]).all())
    True
    """

    def __init__(self, path: str | os.PathLike[str], every: int = 10) -> None:
        self.path = Path(path)
        self.every = check_scalar(every, "every", Integral, min_val=1)
        self._targets: dict[int, Path] = {}  # by the id of the estimator

    def __repr__(self) -> str:
        return f"Checkpoint({os.fspath(self.path)!r}, every={self.every})"

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_targets": {}}  # a copy has no fits in progress

    def setup(self, estimator: Any, context: Any) -> None:
        """Raise if this estimator cannot be saved."""
        _check_estimator(estimator)
        if "{fit}" not in self.path.name:
            self._check_no_clone(estimator)

    def on_fit_task_begin(
        self,
        estimator: Any,
        context: Any,
        *,
        X: Any = None,
        y: Any = None,
        metadata: Any = None,
    ) -> None:
        """Reserve the file before the first epoch; raise if it cannot be written."""
        if id(estimator) in self._targets:  # an epoch begins
            return
        path = self.path
        if "{fit}" in path.name:
            parameters = estimator.get_params(deep=False)
            fit = digest(type(estimator).__name__, parameters, X, y, metadata)
            path = path.with_name(path.name.replace("{fit}", fit))
        target = self._targets[id(estimator)] = files.claim(path)
        files.prepare(target)

    def on_fit_task_end(self, estimator: Any, context: Any) -> None:
        """Save the estimator if a save is due."""
        under_way = getattr(estimator, "_under_way", None)
        if under_way is None:
            return
        twin, fit = under_way
        if fit.state.n_iter % self.every == 0:
            write(self._targets[id(estimator)], unfinished(twin, fit))

    def teardown(self, estimator: Any, context: Any) -> None:
        """Release the file for other fits."""
        target = self._targets.pop(id(estimator), None)
        if target is not None:
            files.release(target)

    def _check_no_clone(self, estimator: Any) -> None:
        """Raise if this is one of many clones that would write the same file."""
        if getattr(estimator, "_has_set_callbacks", False):
            return
        name = f"{self.path.stem}-{{fit}}{self.path.suffix}"
        raise ValueError(
            f"{self!r} was set on another estimator, of which this "
            f"{type(estimator).__name__} is a clone. Searches, cross-validation and "
            "ensembles fit many clones, which would all write the same file. Put {fit} "
            "into the file name, so that each fit writes its own: "
            f"Checkpoint({os.fspath(self.path.with_name(name))!r}). After a search, to "
            "save the best one alone, call set_callbacks on best_estimator_ (or the "
            "network inside it) and fit it."
        )


def _check_estimator(estimator: Any) -> None:
    """Raise if an estimator cannot be saved during training."""
    if not hasattr(estimator, "resume"):
        raise TypeError(
            f"Checkpoint saves networks of skneuron, but {type(estimator).__name__} is "
            "not one. Call set_callbacks on the network inside it."
        )
    if estimator.solver == "lbfgs":
        raise ValueError(
            "Checkpoint cannot save a fit with solver='lbfgs', whose state is inside "
            "SciPy. Use solver='adam' or 'sgd'."
        )
    for name, value in estimator.get_params(deep=False).items():
        if as_pickle(value) is None:
            raise ValueError(
                f"Checkpoint cannot save {name}={value!r}, which cannot be pickled. "
                "Define functions and classes at the top level of a module."
            )
