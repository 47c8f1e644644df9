"""Labels: the classes of a target, and the outputs that represent them."""

from itertools import accumulate
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.multiclass import (
    check_classification_targets,
    type_of_target,
    unique_labels,
)

from .._types import FloatArray

KINDS = ("binary", "multiclass", "multilabel-indicator", "multiclass-multioutput")


class Labels:
    """Convert between the user's y and indicators of the outputs.

    Parameters
    ----------
    y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Targets that contain every class.

    Attributes
    ----------
    kind : {'binary', 'multiclass', 'multilabel', 'multioutput'}
        Two classes, more classes, several labels as an indicator matrix, or several
        columns of classes.
    classes : ndarray, or list of ndarray
        Sorted; for 'multioutput', those of each column.
    """

    def __init__(self, y: Any) -> None:
        # `kind_of` takes longer than a small fit. One column of integers needs it only
        # for scikit-learn's warning about many classes for few samples.
        if type(y) is np.ndarray and y.ndim == 1 and y.dtype.kind in "biu":
            self.classes: Any = np.unique(y)
            self.kind = "binary" if len(self.classes) <= 2 else "multiclass"
            if 2 * len(self.classes) <= len(y):
                return
        kind = kind_of(y)
        if kind == "multiclass-multioutput":
            self.kind = "multioutput"
            self.classes = [np.unique(column) for column in np.asarray(y).T]
            return
        self.kind = kind.partition("-")[0]
        if self.kind == "multilabel":
            self._binarizer = LabelBinarizer().fit(y)
            self.classes = self._binarizer.classes_
        else:  # a binarizer would scan y twice more, longer than a small fit
            self.classes = np.unique(y)

    @classmethod
    def of_columns(cls, classes: Any) -> "Labels":
        """Return the labels of several columns, given the classes of each."""
        labels = cls.__new__(cls)
        labels.kind = "multioutput"
        labels.classes = [np.unique(column) for column in classes]
        return labels

    @property
    def of_each_column(self) -> list[Any]:
        """Classes of each column of y."""
        if self.kind == "multioutput":
            return self.classes
        if self.kind == "multilabel":
            return [[0, 1]] * len(self.classes)
        return [self.classes]

    @property
    def sizes(self) -> list[int]:
        """Number of classes of each softmax."""
        return [len(classes) for classes in self.of_each_column]

    def n_outputs(self, link: str) -> int:
        """Return the number of outputs with this link, 0 if the link is wrong."""
        n_classes = len(self.classes)
        if self.kind == "binary" and n_classes <= 2:
            return {"softmax": n_classes, "logistic": 1}.get(link, 0)
        if self.kind == "multioutput" and link == "softmax":
            return sum(self.sizes)
        fits = (self.kind, link) in (
            ("multiclass", "softmax"),
            ("multilabel", "logistic"),
        )
        return n_classes if fits else 0

    def parts(self, outputs: FloatArray) -> list[FloatArray]:
        """Split the outputs by softmax."""
        return np.split(outputs, list(accumulate(self.sizes))[:-1], axis=1)

    def check_known(self, y: Any, *, all_known: bool) -> None:
        """Raise if y has an unknown class or, with `all_known`, lacks a known one."""
        self._check_columns(y)
        if self.kind == "multioutput":
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

    def _check_columns(self, y: Any) -> None:
        """Raise if the columns of y differ from those of the first call."""
        n_columns = len(self.classes)
        if self.kind == "multioutput":
            right, allowed = y.shape[1:] == (n_columns,), f"have {n_columns} columns"
        elif self.kind == "multilabel":
            right = y.shape[1:] == (n_columns,) and is_indicator(y)
            allowed = f"be an indicator matrix with {n_columns} columns of 0 and 1"
        else:
            right, allowed = y.ndim == 1, "have one column"
        if not right:
            raise ValueError(
                f"y must {allowed}, as in the first call; its shape is {y.shape}."
            )

    def encode(self, y: Any, *, softmax: bool) -> np.ndarray:
        """Return indicators of shape (n_samples, n_outputs).

        With softmax, each class has one output; otherwise the second of two classes,
        or each of several labels, has one.
        """
        if self.kind == "multioutput":
            columns = zip(y.T, self.classes, strict=True)
            return np.hstack([column[:, np.newaxis] == c for column, c in columns])
        if self.kind == "multilabel":
            return self._binarizer.transform(y).astype(bool)
        codes = np.searchsorted(self.classes, y)[:, np.newaxis]
        return codes == (np.arange(len(self.classes)) if softmax else 1)

    def decode(self, outputs: np.ndarray, *, softmax: bool) -> np.ndarray:
        """Return y from indicators, or from outputs that are above zero where true."""
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
        """Return the classes to stratify by, or None if samples have several."""
        if self.kind in ("multilabel", "multioutput"):
            return None
        return encoded.argmax(axis=1) if encoded.shape[1] > 1 else encoded.ravel()


def kind_of(y: Any) -> str:
    """Return which of KINDS y is; raise if it is none of them.

    Columns of two numbers other than 0 and 1 are classes, not labels.
    """
    kind = type_of_target(y, input_name="y")
    if kind not in KINDS:  # tested first, because the check takes as long again
        check_classification_targets(y)
    if kind == "multilabel-indicator" and not is_indicator(y):
        return "multiclass-multioutput"
    return kind


def is_indicator(y: Any) -> bool:
    """Return True if y is sparse or contains only 0 and 1."""
    return issparse(y) or bool(np.isin(y, (0, 1)).all())
