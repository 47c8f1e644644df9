"""Diagnosis of networks that do not learn.

Each cause is a function that takes a case and the causes found so far, and yields its
findings. To add a cause, write it in `data`, `units` or `training` and add it to
`CAUSES`. The thresholds lie between the values measured on networks that learn and on
broken ones, with several depths, activations, solvers and seeds.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..._engines import Samples
from ..._estimators.base import BaseNeuron
from ..._types import ArrayLikeOrSparse
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
"""Causes come before their consequences."""


def diagnose(
    estimator: BaseNeuron,
    X: ArrayLikeOrSparse,
    y: ArrayLikeOrSparse,
    *,
    X_val: ArrayLikeOrSparse | None = None,
    y_val: ArrayLikeOrSparse | None = None,
) -> Diagnosis:
    """Find out why a network does not learn.

    Each finding names a cause, the figure that shows it and a remedy. Apply the remedy
    of the first finding, then fit and diagnose again: its consequences disappear with
    it. The causes are

    - 'unscaled_features', 'unscaled_targets': features or targets are not of order 1
      [1]_. Learning rates are judged only once they are scaled;
    - 'identical_units': units started with the same weights;
    - 'learning_rate_too_high', 'learning_rate_too_low': in 200 steps from fresh weights
      (fewer for large networks), another rate reaches a lower loss [2]_;
    - 'exploding_gradients', 'vanishing_gradients': backpropagated errors grow or shrink
      from layer to layer [3]_;
    - 'dead_units', 'saturated_units': most units of a layer have a slope of zero for
      all samples, or close to zero for most samples;
    - 'poor_start', 'alpha_too_large', 'too_few_epochs': the loss is lower from other
      initial weights, without the penalty or after more steps;
    - 'overfitting': the loss on other samples is more than twice the training loss.

    Parameters
    ----------
    estimator : NeuronClassifier or NeuronRegressor
        Fitted estimator. It is not changed; trial fits use copies.

    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        Training samples. If there are more than 2,000, a fixed random subset of 2,000
        is used.

    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Training targets.

    X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
        Validation samples, to detect overfitting. None uses the estimator's
        `validation_loss_curve_`, if it has one.

    y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
        Validation targets.

    Returns
    -------
    diagnosis : Diagnosis
        Sequence of findings that prints as a report. It is empty, and therefore false,
        if nothing was found. `causes` lists the names of the causes.

    Raises
    ------
    TypeError
        If the estimator is not a NeuronClassifier or NeuronRegressor. Of a pipeline,
        pass the last step.

    sklearn.exceptions.NotFittedError
        If the estimator is not fitted.

    ValueError
        If only one of X_val and y_val is given, or the data do not match those the
        estimator was fitted on.

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
    The root mean square of feature 1 is 5.62e+03. It should be about 1, at most 30.
    >>> X[:, 1] /= 1e4
    >>> clf = NeuronClassifier(5, "tanh", solver="lbfgs", random_state=0).fit(X, y)
    >>> diagnose(clf, X, y)
    Diagnosis: nothing found that keeps this network from learning
    Not checked: overfitting, which needs X_val and y_val
    """
    _check(estimator)
    if (X_val is None) != (y_val is None):
        raise ValueError("X_val and y_val must be given together.")
    validation = None
    if X_val is not None and y_val is not None:
        validation = _samples(estimator, X_val, y_val)
    samples = _samples(estimator, X, y)
    n_samples = samples.X.shape[0]
    case = Case(estimator, _subset(samples), n_samples, validation)
    findings: list[Finding] = []
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for cause in CAUSES:
            findings += cause(case, {finding.cause for finding in findings})
    return Diagnosis(tuple(findings), tuple(_not_checked(case, findings)))


def _check(estimator: Any) -> None:
    """Raise an error unless the estimator is a fitted one of skneuron."""
    if not isinstance(estimator, BaseNeuron):
        hint = ""
        if hasattr(estimator, "steps"):
            hint = (
                " Of a pipeline, pass the last step and the data it was fitted on: "
                "diagnose(pipeline[-1], pipeline[:-1].transform(X), y)."
            )
        elif hasattr(estimator, "encoder_"):
            hint = (
                " Pass one of its networks, such as estimators_[0], and the data it "
                "was fitted on, encoder_.transform(X)."
            )
        raise TypeError(
            "estimator must be a fitted NeuronClassifier or NeuronRegressor, got "
            f"{type(estimator).__name__}.{hint}"
        )
    check_is_fitted(estimator)


def _samples(
    estimator: BaseNeuron, X: ArrayLikeOrSparse, y: ArrayLikeOrSparse
) -> Samples:
    """Return checked samples in the precision of the network."""
    _, layers = estimator._learned_arrays()
    return estimator._check_known(X, y, None, layers[-1][0].dtype)


def _subset(samples: Samples) -> Samples:
    """Return at most `MOST_ROWS` samples, shuffled."""
    order = np.random.RandomState(0).permutation(samples.X.shape[0])
    return samples.part(order[:MOST_ROWS])


def _not_checked(case: Case, findings: list[Finding]) -> Iterator[str]:
    """Yield the causes that could not be checked, and why."""
    if data.UNSCALED & {finding.cause for finding in findings}:
        yield "learning rate, which depends on scaling; scale, fit and diagnose again"
    if case.validation is None and not case.estimator.validation_loss_curve_:
        yield "overfitting, which needs X_val and y_val"
