"""TableEncoder: from a user's table to the float32 matrix of a network."""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import Tags, TransformerTags
from sklearn.utils.validation import check_is_fitted

from .._sklearn import check_feature_names_in
from ..preprocessing import relative_weights, row_chunks
from ._choice import chosen_columns
from ._findings import Finding, columns_to_encode, examine
from ._levels import level_indices, n_encoded
from ._reading import ALL, column_label, column_names, read_column, reject_infinity
from ._table import check_table
from ._writing import write_levels, write_numbers

LIMIT = 3.0  # the default of SmoothClipScaler


class TableEncoder(BaseEstimator):
    """Encode a table as a float32 matrix: scaled numbers, then one-hot categories.

    Numbers are scaled as by `SmoothClipScaler`; missing ones become the median, 0.
    Categories become indicators, two levels one column of -1 and 1; missing and unknown
    levels are 0 in all of them. These columns are then scaled in the same way. Of more
    than 255 levels, the most frequent 254 have a column each; the others and unknown
    ones share one.

    Constant columns are left out, and, with a warning, columns without any value, of
    dates, times or durations, and with so many levels that they look like text or
    identifiers. `transform` ignores them.

    Sample weights count as repetitions, except that a column with many levels is judged
    by its number of samples. `fit` ignores samples of weight 0 altogether.

    Parameters
    ----------
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        With "from_dtype", columns of categories, strings, booleans and objects that
        are not all numbers. Otherwise names, indices or a mask of the categorical
        columns; None for no column.

    Attributes
    ----------
    is_categorical_ : ndarray of shape (n_features_in_,), dtype=bool
        Mask of the categorical columns.

    numbers_ : ndarray of shape (n_numbers_,)
        Columns of X from which the leading encoded columns are made.

    n_numbers_ : int
        Number of leading encoded columns that are numbers.

    categories_ : list of length n_features_in_
        Names of the levels of each encoded categorical column, None for other columns.

    groups_rare_ : ndarray of shape (n_features_in_,), dtype=bool
        Mask of the columns whose rare levels share an encoded column.

    center_, scale_ : ndarrays of shape (n_encoded,)
        Numbers subtracted from the encoded columns, and their divisors.
    """

    def __init__(self, categorical_features: Any = "from_dtype") -> None:
        self.categorical_features = categorical_features

    def fit(
        self,
        X: Any,
        y: Any = None,
        *,
        sample_weight: Any = None,
        estimator: Any = None,
    ) -> Self:
        """Choose the columns and their encoding.

        Messages name `estimator`, by default the encoder, and the feature names are
        those of `estimator`.
        """
        X = self._check(X, estimator, reset=True)
        findings = list(self._examine(X, relative_weights(sample_weight, X)))
        encodings = columns_to_encode(findings)
        numbers = [j for j, e in encodings.items() if e.names is None]
        categories = [j for j, e in encodings.items() if e.names is not None]
        self.is_categorical_ = np.array([f.is_categorical for f in findings])
        self.numbers_ = np.array(numbers, dtype=np.intp)
        self.n_numbers_ = len(numbers)
        self.categories_: list[Any] = [None] * len(findings)
        self.groups_rare_ = np.zeros(len(findings), dtype=bool)
        for j in categories:
            self.categories_[j] = np.array(encodings[j].names, dtype=object)
            self.groups_rare_[j] = encodings[j].groups_rare
        order = [encodings[j] for j in numbers + categories]
        self.center_ = np.concatenate([e.center for e in order])
        self.scale_ = np.concatenate([e.scale for e in order])
        return self

    def transform(self, X: Any, *, estimator: Any = None) -> NDArray[np.float32]:
        """Return the encoded columns as a C-contiguous float32 matrix."""
        check_is_fitted(self)
        X = self._check(X, estimator, reset=False)
        out = np.empty((X.shape[0], len(self.scale_)), dtype=np.float32)
        names = column_names(X)
        if isinstance(X, np.ndarray) and X.dtype.kind in "fiu":
            self._write_numbers(X, out)
        else:
            self._write_numbers_by_column(X, names, out)
        for j, columns in self._blocks():
            groups_rare = bool(self.groups_rare_[j])
            column = read_column(X, j, names[j])
            write_levels(
                out[:, columns],
                level_indices(column, self.categories_[j], groups_rare),
                len(self.categories_[j]) + groups_rare,
                *self._scaling(columns),
            )
        return out

    def fit_transform(
        self,
        X: Any,
        y: Any = None,
        *,
        sample_weight: Any = None,
        estimator: Any = None,
    ) -> NDArray[np.float32]:
        """Fit, and return the encoded columns."""
        self.fit(X, sample_weight=sample_weight, estimator=estimator)
        return self.transform(X, estimator=estimator)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """Return the names of the encoded columns: `column` or `column_level`."""
        check_is_fitted(self)
        names = check_feature_names_in(self, input_features)
        encoded = [names[j] for j in self.numbers_]
        for j, columns in self._blocks():
            levels = self.categories_[j].tolist()
            if self.groups_rare_[j]:
                levels.append("infrequent")
            shown = levels[-(columns.stop - columns.start) :]
            encoded += [f"{names[j]}_{level}" for level in shown]
        return np.array(encoded, dtype=object)

    def _examine(
        self, X: Any, weights: NDArray[np.float64] | None
    ) -> Iterator[Finding]:
        rows: Any = ALL
        if weights is not None:
            rows = weights > 0
            weights = weights[rows]
        names = getattr(self, "feature_names_in_", None)
        n_features = int(self.n_features_in_)
        chosen = chosen_columns(self.categorical_features, n_features, names)
        for j, name in enumerate(column_names(X)):
            column = read_column(X, j, name, rows)
            by_dtype = column.levels is not None
            is_categorical = by_dtype if chosen is None else bool(chosen[j])
            yield examine(column, is_categorical, weights)

    def _write_numbers(self, X: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write all numbers of an array at once, which is fast for a single row."""
        columns = slice(0, self.n_numbers_)
        everything = self.n_numbers_ == X.shape[1]
        for rows in row_chunks(X):
            chunk = X[rows] if everything else X[rows, self.numbers_]
            if np.isinf(chunk).any():
                j = int(np.isinf(chunk).any(axis=0).argmax())
                reject_infinity(chunk, column_label(self.numbers_[j]))
            write_numbers(out[rows, columns], chunk, *self._scaling(columns))

    def _write_numbers_by_column(
        self, X: Any, names: list[Any], out: NDArray[np.float32]
    ) -> None:
        for k, j in enumerate(self.numbers_.tolist()):
            values = read_column(X, j, names[j]).as_numbers()
            write_numbers(out[:, k], values, *self._scaling(k))

    def _scaling(self, columns: Any) -> tuple[Any, Any, float]:
        return self.center_[columns], self.scale_[columns], LIMIT

    def _blocks(self) -> Iterator[tuple[int, slice]]:
        """Yield each encoded categorical column of X, and its encoded columns."""
        start = self.n_numbers_
        for j, names in enumerate(self.categories_):
            if names is not None:
                stop = start + n_encoded(len(names) + int(self.groups_rare_[j]))
                yield j, slice(start, stop)
                start = stop

    def _check(self, X: Any, estimator: Any, reset: bool) -> Any:
        """Return a data frame, or an array, as scikit-learn would accept it."""
        checked = self if estimator is None else estimator
        X = check_table(X, checked, reset)
        if reset and checked is not self:
            for name in ("n_features_in_", "feature_names_in_"):
                if hasattr(checked, name):
                    setattr(self, name, getattr(checked, name))
                elif hasattr(self, name):
                    delattr(self, name)
        return X

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags = TransformerTags(preserves_dtype=["float32"])
        return tags
