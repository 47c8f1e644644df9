"""Preprocessing: scaling that keeps outliers from dominating a network's inputs.

These transformers complement `sklearn.preprocessing`.
"""

from collections.abc import Iterator
from math import inf
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from ._sklearn import Interval, check_sample_weight, validate_params_in
from ._types import FloatArray

__all__ = ["SmoothClipScaler"]

QUARTILES = np.array([0.25, 0.5, 0.75])
ROUNDING = 1e-10  # fractions of the total weight that differ by less are equal
LARGEST = np.finfo(np.float64).max
STEEP = 1e9  # beyond this multiple of the limit, float64 cannot tell from the limit
CHUNK = 2**15  # numbers scaled at a time, so that temporary arrays stay in the cache


def relative_weights(sample_weight: Any, X: Any) -> NDArray[np.float64] | None:
    """Return checked sample weights as multiples of the largest, or None."""
    if sample_weight is None:
        return None
    weights: NDArray[np.float64] = check_sample_weight(
        sample_weight, X, dtype=np.float64, ensure_non_negative=True
    )
    if not weights.any():
        raise ValueError("Sample weights must contain at least one non-zero number.")
    return weights / weights.max()


def weighted_quartiles(
    values: NDArray[np.float64], sample_weight: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return the quartiles by NumPy's method "averaged_inverted_cdf".

    A quartile is the first value at which the cumulative weight exceeds its fraction of
    the total. If that of the value before equals it, it is the mean of both. A value of
    weight 2 therefore counts as two values.
    """
    if sample_weight is None:
        rank = QUARTILES * len(values)
        low, high = np.ceil(rank).astype(int) - 1, np.floor(rank).astype(int)
        ordered = np.partition(values, np.concatenate([low, high]))
    else:
        order = np.argsort(values)
        ordered, cumulative = values[order], np.cumsum(sample_weight[order])
        cumulative /= cumulative[-1]
        low = np.searchsorted(cumulative, QUARTILES - ROUNDING, side="left")
        high = np.searchsorted(cumulative, QUARTILES + ROUNDING, side="right")
    return (ordered[low] + ordered[high]) / 2


def center_and_scale(
    quartiles: NDArray[np.float64], span: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the median and the divisor of columns, given their quartiles.

    The divisor is the interquartile range, half of `span`, which is maximum - minimum,
    where the former is 0, and infinite where both are.
    """
    low, median, high = quartiles
    scale = np.where(high > low, high - low, np.asarray(span) / 2)
    return median, np.where(scale > 0, scale, inf)


def column_center_and_scale(
    column: NDArray[Any], sample_weight: NDArray[np.float64] | None = None
) -> tuple[float, float]:
    """Return the median and the divisor of one column, without its NaN."""
    used = ~np.isnan(column)
    if sample_weight is not None:
        used &= sample_weight > 0
        sample_weight = sample_weight[used]
    values = column[used].astype(np.float64)
    if not values.size:
        return 0.0, inf
    values /= 2  # so that no difference overflows
    span = values.max() - values.min()
    center, scale = center_and_scale(weighted_quartiles(values, sample_weight), span)
    if scale < inf:
        scale = np.minimum(scale, LARGEST / 2)
    return 2 * float(center), 2 * float(scale)


def smooth_clip(
    X: NDArray[Any],
    center: NDArray[np.float64] | float,
    scale: NDArray[np.float64] | float,
    limit: float,
) -> NDArray[np.float64]:
    """Return z / sqrt(1 + (z / limit)²) with z = (X - center) / scale."""
    Z = X.astype(np.float64)
    bound = min(STEEP * limit, LARGEST)
    with np.errstate(over="ignore"):
        Z -= center
        np.clip(Z, -LARGEST, LARGEST, out=Z)  # inf / inf would be NaN
        Z /= scale
        np.clip(Z, -bound, bound, out=Z)
    Z /= np.sqrt(1 + np.square(Z / limit))
    return Z


def row_chunks(X: NDArray[Any]) -> Iterator[slice]:
    """Yield slices of the rows of X with about `CHUNK` numbers each."""
    n_rows = max(1, CHUNK // max(1, X.shape[1]))
    for start in range(0, len(X), n_rows):
        yield slice(start, start + n_rows)


class SmoothClipScaler(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Center by the median, scale by the interquartile range and clip smoothly.

    Each column becomes

        z = (x - median) / (third quartile - first quartile)
        x' = z / sqrt(1 + (z / limit)²)

    which is about z near the median and stays between -limit and limit for outliers,
    so that they cannot dominate the inputs of a network. Where the quartiles are equal,
    half of the range, (maximum - minimum) / 2, takes the place of their distance; a
    constant column becomes 0. NaN is ignored by `fit` and kept by `transform`.

    Sample weights count as repetitions: a sample of weight 2 equals two samples, and
    one of weight 0 is left out. Multiplying all weights by a constant changes nothing.
    The quartiles are those of NumPy's method "averaged_inverted_cdf".

    Holzmüller, Grinsztajn and Steinwart (2024), "Better by default: strong pre-tuned
    MLPs and boosted trees on tabular data", arXiv:2407.04491.

    Parameters
    ----------
    limit : float, default=3.0
        Bound of the absolute values in the transformed data; greater than 0.

    Attributes
    ----------
    center_ : ndarray of shape (`n_features_in_`,)
        Median of each column; 0 for a column of NaN.

    scale_ : ndarray of shape (`n_features_in_`,)
        Number by which each centered column is divided; infinite for constant columns
        and columns of NaN.

    n_features_in_ : int
        Number of columns seen by `fit`.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns; defined if `X` has names that are all strings.

    See Also
    --------
    sklearn.preprocessing.RobustScaler : The same scaling without the limit.

    Examples
    --------
    >>> from skneuron.preprocessing import SmoothClipScaler
    >>> X = [[1.0], [2.0], [3.0], [4.0], [1000.0]]
    >>> SmoothClipScaler().fit_transform(X).round(2).ravel().tolist()
    [-0.95, -0.49, 0.0, 0.49, 3.0]
    """

    _parameter_constraints = {"limit": [Interval(Real, 0, None, closed="neither")]}

    def __init__(self, limit: float = 3.0) -> None:
        self.limit = limit

    @validate_params_in
    def fit(
        self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Compute the median and the scale of each column.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Training data; NaN is ignored.

        y : None
            Ignored.

        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each sample, 0 or more; None means equal weights.

        Returns
        -------
        self : object
            The fitted scaler.

        Raises
        ------
        ValueError
            If X contains infinite values, or sample_weight negative ones or only zeros.
        """
        X = self._check(X, reset=True)
        weights = relative_weights(sample_weight, X)
        found = [column_center_and_scale(X[:, j], weights) for j in range(X.shape[1])]
        self.center_, self.scale_ = np.array(found).T.copy()
        return self

    def transform(self, X: ArrayLike) -> FloatArray:
        """Scale and clip the columns.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Data; NaN stays NaN.

        Returns
        -------
        X_new : ndarray of shape (n_samples, n_features)
            Numbers between -limit and limit; float32 if X is, otherwise float64.

        Raises
        ------
        ValueError
            If X contains infinite values, or not the columns that `fit` has seen.
        """
        check_is_fitted(self)
        X = self._check(X, reset=False)
        X_new = np.empty_like(X)
        for rows in row_chunks(X):
            X_new[rows] = smooth_clip(X[rows], self.center_, self.scale_, self.limit)
        return X_new

    def _check(self, X: ArrayLike, reset: bool) -> FloatArray:
        return validate_data(
            self,
            X,
            reset=reset,
            dtype=(np.float64, np.float32),
            ensure_all_finite="allow-nan",
        )

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
