"""The result of `compare`."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from math import floor, isnan, log10
from typing import Any, TypeAlias

import numpy as np

from .._sklearn import check_pandas_support
from ._corrected_t_test import corrected_t_test

Folds: TypeAlias = Mapping[str, np.ndarray]
"""One number for each fold, by the name of the estimator."""


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """Scores and times of several estimators on the same folds.

    It prints as a table, also in a notebook. :func:`compare` returns it.

    Parameters
    ----------
    scores : dict of str to ndarray of shape (n_splits,)
        Score on each fold, by the name of the estimator.

    fit_times : dict of str to ndarray of shape (n_splits,)
        Fit time on each fold, in seconds.

    predict_times : dict of str to ndarray of shape (n_splits,)
        Time to predict and score the test samples of each fold, in seconds:
        scikit-learn's score time.

    n_train : ndarray of int of shape (n_splits,)
        Number of training samples in each fold.

    n_test : ndarray of int of shape (n_splits,)
        Number of test samples in each fold.

    score_name : str, default='score'
        Name of the score.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from skneuron.model_selection import compare
    >>> X, y = load_iris(return_X_y=True)
    >>> tree = DecisionTreeClassifier(random_state=0)
    >>> comparison = compare([LogisticRegression(max_iter=1000), tree], X, y)
    >>> comparison.names
    ['LogisticRegression', 'DecisionTreeClassifier']
    >>> comparison.scores["DecisionTreeClassifier"].shape
    (5,)
    >>> bool(comparison.p_values[1] < 0.05)
    False
    """

    scores: Folds
    fit_times: Folds
    predict_times: Folds
    n_train: np.ndarray
    n_test: np.ndarray
    score_name: str = "score"

    @property
    def names(self) -> list[str]:
        """Names of the estimators, in the order of the arrays below."""
        return list(self.scores)

    @property
    def mean_scores(self) -> np.ndarray:
        """Mean score of each estimator over the folds."""
        return np.array([np.mean(scores) for scores in self.scores.values()])

    @property
    def std_scores(self) -> np.ndarray:
        """Standard deviation of each estimator's scores; NaN for a single fold."""
        return np.array([_deviation(scores) for scores in self.scores.values()])

    @property
    def p_values(self) -> np.ndarray:
        """P-value of each estimator against the first, by the corrected two-sided test.

        1 if the scores are equal on every fold. NaN for the first estimator, and where
        the differences have no variance: if they are the same on every fold but not
        zero, or there is only one fold.
        """
        first, *others = self.scores.values()
        sizes = np.asarray(self.n_train), np.asarray(self.n_test)
        tests = [corrected_t_test(scores, first, *sizes) for scores in others]
        return np.array([np.nan, *tests])

    @property
    def mean_fit_times(self) -> np.ndarray:
        """Mean fit time of each estimator, in seconds."""
        return np.array([np.mean(times) for times in self.fit_times.values()])

    @property
    def mean_predict_times(self) -> np.ndarray:
        """Mean time of each estimator to predict and score a fold, in seconds."""
        return np.array([np.mean(times) for times in self.predict_times.values()])

    def to_pandas(self) -> Any:
        """Return the table as a DataFrame.

        Returns
        -------
        table : pandas.DataFrame of shape (n_estimators, 5)
            Columns 'mean_score', 'std_score', 'p_value', 'mean_fit_time' and
            'mean_predict_time', with times in seconds; the index holds the names.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        columns = {
            "mean_score": self.mean_scores,
            "std_score": self.std_scores,
            "p_value": self.p_values,
            "mean_fit_time": self.mean_fit_times,
            "mean_predict_time": self.mean_predict_times,
        }
        pandas = check_pandas_support("Comparison.to_pandas")
        return pandas.DataFrame(columns, index=self.names)

    def __repr__(self) -> str:
        rows = [self._head(), *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                [name.ljust(widths[0]), *map(str.rjust, cells, widths[1:])]
            ).rstrip()
            for name, *cells in rows
        ]
        return "\n".join([self._title(), *lines])

    def _repr_html_(self) -> str:
        """Return the table for notebooks."""
        lines = [_html_row("th", self._head())]
        lines += [_html_row("td", row) for row in self._rows()]
        caption = f"<caption>{escape(self._title())}</caption>"
        return "\n".join(["<table>", caption, *lines, "</table>"])

    def _title(self) -> str:
        """Return the title of the table."""
        n = len(self.n_test)
        title = f"{self.score_name} on {n} fold{'s' * (n > 1)} (mean ± sd)"
        if len(self.names) == 1:
            return title
        return f"{title}, p against {self.names[0]}"

    def _head(self) -> list[str]:
        """Return the column heads."""
        return ["", self.score_name, "p", "fit time", "predict time"]

    def _rows(self) -> list[list[str]]:
        """Return the cells, row by row."""
        places = _decimals(self.std_scores)
        columns = (
            self.names,
            [
                f"{mean:.{places}f}" + ("" if isnan(sd) else f" ± {sd:.{places}f}")
                for mean, sd in zip(self.mean_scores, self.std_scores, strict=True)
            ],
            map(format_p_value, self.p_values),
            map(_time, self.mean_fit_times),
            map(_time, self.mean_predict_times),
        )
        return [list(row) for row in zip(*columns, strict=True)]


def format_p_value(p_value: float) -> str:
    """Return a p-value as text."""
    if isnan(p_value):
        return "–"
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def _deviation(scores: np.ndarray) -> float:
    """Return the sample standard deviation, NaN for a single score."""
    return float(np.std(scores, ddof=1)) if len(scores) > 1 else np.nan


def _decimals(deviations: np.ndarray) -> int:
    """Return the number of decimals that gives the largest deviation two digits."""
    known = deviations[np.isfinite(deviations) & (deviations > 0)]
    return min(max(1 - floor(log10(known.max())), 0), 9) if len(known) else 3


def _time(seconds: float) -> str:
    """Return a time with its unit."""
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _html_row(kind: str, cells: list[str]) -> str:
    """Return a table row, with the name left-aligned and numbers right-aligned."""
    name, *numbers = (escape(cell) for cell in cells)
    right = "".join(f'<{kind} style="text-align: right">{n}</{kind}>' for n in numbers)
    return f'<tr><th style="text-align: left">{name}</th>{right}</tr>'
