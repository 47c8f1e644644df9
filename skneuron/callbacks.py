"""Callbacks for scikit-learn's `set_callbacks`, beside those of `sklearn.callback`.

They need scikit-learn 1.9 or newer.
"""

import os
from numbers import Integral
from pathlib import Path
from typing import Any

from sklearn.utils import check_scalar

from ._checkpoints import as_pickle, write

__all__ = ["Checkpoint"]


class Checkpoint:
    """Save the estimator every few epochs, so that a fit can go on after a breakdown.

    The file is at all times whole: it is replaced at one stroke. `resume` of an
    estimator with the same parameters goes on from it, and ends with the weights that
    the fit would have ended with, to the last bit. `joblib.load` of it gives the
    estimator as after the epoch, which predicts. It is a pickle: load none that you do
    not trust.

    Parameters
    ----------
    path : str or path-like
        The file, replaced each time. Its directory must be there.

    every : int, default=10
        Epochs from one time to the next, 1 or more. Nothing is saved at the end of fit.

    Raises
    ------
    ValueError
        By `fit`, where the solver is 'lbfgs', whose state is inside SciPy, or where a
        parameter cannot be pickled.

    FileNotFoundError
        By `fit`, where the directory is not there.

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

    def __repr__(self) -> str:
        return f"Checkpoint({os.fspath(self.path)!r}, every={self.every})"

    def setup(self, estimator: Any, context: Any) -> None:
        """Check, before training begins, what would come to light after it."""
        if getattr(estimator, "solver", None) == "lbfgs":
            raise ValueError(
                "Checkpoint cannot save a training by solver='lbfgs', whose state is "
                "inside SciPy. Use solver='adam' or 'sgd'."
            )
        for name, value in estimator.get_params(deep=False).items():
            if as_pickle(value) is None:
                raise ValueError(
                    f"Checkpoint cannot save {name}={value!r}, which cannot be "
                    "pickled. Define functions and classes at the top of a module."
                )
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"The directory {os.fspath(self.path.parent)!r} of the checkpoint does "
                "not exist; make it first."
            )

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        """Do nothing."""

    def on_fit_task_end(self, estimator: Any, context: Any) -> None:
        """Save the estimator, if it is time."""
        under_way = getattr(estimator, "_under_way", None)
        if under_way is not None and under_way.epoch % self.every == 0:
            write(self.path, under_way.as_estimator())

    def teardown(self, estimator: Any, context: Any) -> None:
        """Do nothing."""
