"""Diagnosis: what keeps a network from learning.

A cause is a function from a case, and the causes found before it, to what it finds. To
add one, write it where it belongs, in `data`, `units` or `training`, and enter it in
`CAUSES`. Thresholds lie between what was measured on networks that learn and on broken
ones, of several depths, activations, solvers and seeds.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..._engines import Samples
from ..._estimators.base import BaseNeuron
from . import data, training, units
from .case import MOST_ROWS, Case
from .findings import Diagnosis, Finding

__all__ = ["Diagnosis", "Finding", "diagnose"]

CAUSES: tuple[Callable[[Case, set[str]], Iterator[Finding]], ...] = (
    data.unscaled_features,
    data.unscaled_targets,
    units.identical_units,
    training.learning_rate_too_high,
    units.exploding_gradients,
    units.dead_units,
    units.saturated_units,
    units.vanishing_gradients,
    training.poor_start,
    training.hardly_trained,
    training.learning_rate_too_low,
    training.alpha_too_large,
    training.still_falling,
    training.overfitting,
)
"""Roots come before what follows from them."""


def diagnose(
    estimator: Any, X: Any, y: Any, *, X_val: Any = None, y_val: Any = None
) -> Diagnosis:
    """Say why a network does not learn.

    Each finding has a cause, the figure that tells it and what to do. What to do first
    comes first; do it, fit again and diagnose again, for what follows from a cause
    goes away with it. The causes are

    - 'unscaled_features', 'unscaled_targets': sizes far from 1 [1]_. Until they are
      scaled, learning rates are not judged;
    - 'identical_units': they began with the same weights;
    - 'learning_rate_too_high', 'learning_rate_too_low': from fresh weights, another
      rate goes further in 200 steps, fewer of a large network [2]_;
    - 'exploding_gradients', 'vanishing_gradients': from layer to layer, errors grow or
      shrink on their way back [3]_;
    - 'dead_units', 'saturated_units': in a layer, the slopes of most units are zero for
      all samples, or next to zero for most;
    - 'poor_start', 'alpha_too_large', 'too_few_epochs': the loss gets lower from other
      weights, without the penalty or by more steps;
    - 'overfitting': the loss is more than twice as large on other samples.

    Parameters
    ----------
    estimator : NeuronClassifier or NeuronRegressor
        Fitted. It is left as it is; trials are made on copies.

    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        What it was fitted on. Of more than 2,000 samples, as many are drawn, always
        the same.

    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Their targets.

    X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
        Samples that it was not fitted on, to tell overfitting by. None takes
        `validation_loss_curve_` of the estimator, where it has one.

    y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
        Their targets.

    Returns
    -------
    diagnosis : Diagnosis
        A sequence of findings that prints as a report; empty, and so false, where
        nothing was found. `causes` lists their names.

    Raises
    ------
    TypeError
        If the estimator is none of skneuron's; of a pipeline it is the last step.

    sklearn.exceptions.NotFittedError
        If it is not fitted.

    ValueError
        If only one of X_val and y_val is given, or the data are not such as it was
        fitted on.

    References
    ----------
    .. [1] LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp".
    .. [2] Smith (2017), "Cyclical learning rates for training neural networks",
       arXiv:1506.01186.
    .. [3] Glorot and Bengio (2010), "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import diagnose
    >>> X, y = make_moons(200, noise=0.1, random_state=0)
    >>> X[:, 1] *= 1e4  # in other units
    >>> clf = NeuronClassifier(5, solver="sgd", random_state=0).fit(X, y)
    >>> diagnosis = diagnose(clf, X, y)
    >>> diagnosis[0].cause, diagnosis[0].where
    ('unscaled_features', 'feature 1')
    >>> print(diagnosis[0].figure)
    The root mean square of feature 1 is 5.62e+03. About 1 is right, and 30 the most.
    >>> X[:, 1] /= 1e4
    >>> clf = NeuronClassifier(5, "tanh", solver="lbfgs", random_state=0).fit(X, y)
    >>> diagnose(clf, X, y)
    Diagnosis: nothing found that keeps this network from learning
    Not looked for: overfitting, which takes X_val and y_val
    """
    _check(estimator)
    if (X_val is None) != (y_val is None):
        raise ValueError("X_val and y_val belong together: give both, or neither.")
    validation = None if X_val is None else _samples(estimator, X_val, y_val)
    samples = _samples(estimator, X, y)
    n_samples = samples.X.shape[0]
    case = Case(estimator, _drawn(samples), n_samples, validation)
    findings: list[Finding] = []
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for cause in CAUSES:
            findings += cause(case, {finding.cause for finding in findings})
    return Diagnosis(tuple(findings), tuple(_left_out(case, findings)))


def _check(estimator: Any) -> None:
    """Raise where there is no trained network."""
    if not isinstance(estimator, BaseNeuron):
        hint = (
            " Of a pipeline, pass the last step, and what it was fitted on: "
            "diagnose(pipeline[-1], pipeline[:-1].transform(X), y)."
            if hasattr(estimator, "steps")
            else ""
        )
        raise TypeError(
            "estimator must be a fitted NeuronClassifier or NeuronRegressor, got "
            f"{type(estimator).__name__}.{hint}"
        )
    check_is_fitted(estimator)


def _samples(estimator: BaseNeuron, X: Any, y: Any) -> Samples:
    _, layers = estimator._learned_arrays()
    return estimator._check_known(X, y, None, layers[0][0].dtype)


def _drawn(samples: Samples) -> Samples:
    """Return samples in no particular order, and not too many."""
    order = np.random.RandomState(0).permutation(samples.X.shape[0])
    return samples.part(order[:MOST_ROWS])


def _left_out(case: Case, findings: list[Finding]) -> Iterator[str]:
    if data.UNSCALED & {finding.cause for finding in findings}:
        yield "the learning rate, which scaling changes; scale, fit and diagnose again"
    if case.validation is None and not case.estimator.validation_loss_curve_:
        yield "overfitting, which takes X_val and y_val"
