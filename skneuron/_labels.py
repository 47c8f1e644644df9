"""Labels: the classes that a target can be of, and the outputs that stand for them."""

from itertools import accumulate
from typing import Any

import numpy as np
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.multiclass import (
    check_classification_targets,
    type_of_target,
    unique_labels,
)

from ._types import FloatArray

KINDS = ("binary", "multiclass", "multilabel-indicator", "multiclass-multioutput")


class Labels:
    """Classes, between the user's y and indicators of outputs.

    Parameters
    ----------
    y : array-like of shape (n_samples,) or (n_samples, n_columns)
        In which every class is.

    Attributes
    ----------
    kind : {'binary', 'multiclass', 'multilabel', 'multioutput'}
        One of two classes or of more; several labels, as an indicator matrix; one of
        several classes in each of several columns.
    classes : ndarray, or list of ndarray
        Sorted; for 'multioutput' those of each column.
    """

    def __init__(self, y: Any) -> None:
        kind = type_of_target(y, input_name="y")
        if kind not in KINDS:  # looked up first, for the check takes as long again
            check_classification_targets(y)
        if kind == "multiclass-multioutput":
            self.kind = "multioutput"
            self.classes: Any = [np.unique(column) for column in np.asarray(y).T]
            return
        self.kind = kind.partition("-")[0]
        if self.kind == "multilabel":
            self._binarizer = LabelBinarizer().fit(y)
            self.classes = self._binarizer.classes_
        else:  # a binarizer would look at y twice again, longer than a small fit
            self.classes = np.unique(y)

    @classmethod
    def of_columns(cls, classes: Any) -> "Labels":
        """Return those of several columns, from the classes of each."""
        labels = cls.__new__(cls)
        labels.kind = "multioutput"
        labels.classes = [np.unique(column) for column in classes]
        return labels

    @property
    def sizes(self) -> list[int]:
        """How many classes each softmax is over."""
        classes = self.classes if self.kind == "multioutput" else [self.classes]
        return [len(c) for c in classes]

    def parts(self, outputs: FloatArray) -> list[FloatArray]:
        """Return the outputs that belong to each softmax."""
        return np.split(outputs, list(accumulate(self.sizes))[:-1], axis=1)

    def check_known(self, y: Any, *, all_known: bool) -> None:
        """Raise where y has a class that is not known, or, if asked for, lacks one."""
        if self.kind == "multioutput":
            if np.ndim(y) != 2 or y.shape[1] != len(self.classes):
                raise ValueError(
                    f"y must have {len(self.classes)} columns, as in the first call; "
                    f"its shape is {np.shape(y)}."
                )
            found = [np.unique(column) for column in y.T]
            known = self.classes
        else:
            found, known = [unique_labels(y)], [self.classes]
        for classes, before in zip(found, known, strict=True):
            if all_known:
                if set(classes) != set(before):
                    raise ValueError(
                        "warm_start can only be used where `y` has the same classes as "
                        f"in the previous call to fit. Previously got {before}, `y` "
                        f"has {classes}"
                    )
            elif len(np.setdiff1d(classes, before, assume_unique=True)):
                raise ValueError(
                    "`y` has classes not in `self.classes_`. `self.classes_` has "
                    f"{before}. 'y' has {classes}."
                )

    def encode(self, y: Any, *, softmax: bool) -> np.ndarray:
        """Return indicators of shape (n_samples, n_outputs).

        With softmax each class has an output, else the second of two has one, or each
        of several labels.
        """
        if self.kind == "multioutput":
            columns = zip(y.T, self.classes, strict=True)
            return np.hstack([column[:, np.newaxis] == c for column, c in columns])
        if self.kind == "multilabel":
            return self._binarizer.transform(y).astype(bool)
        codes = np.searchsorted(self.classes, y)[:, np.newaxis]
        return codes == (np.arange(len(self.classes)) if softmax else 1)

    def decode(self, outputs: np.ndarray, *, softmax: bool) -> np.ndarray:
        """Return y, from indicators or from outputs that are above zero where true."""
        if self.kind == "multioutput":
            parts = zip(self.parts(outputs), self.classes, strict=True)
            return np.column_stack([c[part.argmax(axis=1)] for part, c in parts])
        if softmax:
            return self.classes[outputs.argmax(axis=1)]
        if self.kind == "multilabel":
            outputs = outputs.ravel() if outputs.shape[1] == 1 else outputs
            return self._binarizer.inverse_transform(outputs, threshold=0)
        if len(self.classes) == 1:
            return np.repeat(self.classes, len(outputs))
        return self.classes[(outputs.ravel() > 0).astype(int)]

    def strata(self, encoded: np.ndarray) -> np.ndarray | None:
        """Return what to stratify by, where it is one class for each sample."""
        if self.kind in ("multilabel", "multioutput"):
            return None
        return encoded.argmax(axis=1) if encoded.shape[1] > 1 else encoded.ravel()
