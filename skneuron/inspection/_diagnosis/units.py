"""Causes in the hidden units: their weights, slopes and gradients."""

from collections.abc import Iterator

import numpy as np

from ..._types import FloatArray
from .case import LEARNED, Case
from .findings import FRESH, Finding
from .flow import flat_at_both_ends

# Fraction of the units in a layer. Small relu layers can lose up to this many and still
# learn (Lu et al., 2019, "Dying ReLU and initialization", arXiv:1903.06733).
MANY_UNITS = 0.6
# Fraction of units and samples. It reaches 0.8 in fitted tanh layers, and 0.6 in layers
# that have yet to learn (Glorot and Bengio, 2010, section 3).
SATURATED = 0.75

# Gradient of the first hidden layer divided by that of the last: Glorot and Bengio
# (2010), section 4.2.2. It is 0.1 to 20 in networks of up to 12 layers that learn.
VANISHED = 0.01
EXPLODED = 100.0


def identical_units(case: Case, found: set[str]) -> Iterator[Finding]:
    """Units with the same weights: their gradients are equal, so they stay the same.

    Goodfellow, Bengio and Courville (2016), "Deep learning", section 8.4.
    """
    weights, biases = case.parameters.weights, case.parameters.biases
    for layer, (W, b, out) in enumerate(
        zip(weights, biases, weights[1:], strict=False), 1
    ):
        units = np.vstack([W, b, out.T]).T
        units = units[~_pruned(case, W)]
        n_copies = len(units) - len(np.unique(units, axis=0))
        if n_copies > MANY_UNITS * W.shape[1]:
            yield Finding(
                "identical_units",
                f"hidden layer {layer}",
                n_copies / W.shape[1],
                MANY_UNITS,
                f"{n_copies} of {W.shape[1]} units are copies of others: with equal "
                "weights their gradients are equal, so training cannot separate them.",
                f"{FRESH}, drawn at random: init='auto'.",
            )


def exploding_gradients(case: Case, found: set[str]) -> Iterator[Finding]:
    """Errors that grow by a factor in each layer during backpropagation."""
    ratio = _gradient_ratio(case)
    if ratio > EXPLODED:
        n_hidden = len(case.flow.deltas)
        yield Finding(
            "exploding_gradients",
            f"hidden layers 1 to {n_hidden}",
            ratio,
            EXPLODED,
            f"The gradient of the first hidden layer is {ratio:.3g} times that of the "
            f"last; it should be at most {EXPLODED:g}.",
            f"{FRESH}, smaller ones: init='auto'. max_grad_norm=1 keeps steps short.",
        )


def dead_units(case: Case, found: set[str]) -> Iterator[Finding]:
    """Units with f'(z) = 0 for every sample: no error passes through them."""
    weights = case.parameters.weights
    for layer, (activation, flat) in enumerate(
        zip(case.activations, case.flow.flat, strict=True), 1
    ):
        dead = flat.all(axis=0) & ~_pruned(case, weights[layer - 1])
        n_dead, n_units = int(dead.sum()), len(dead)
        if n_dead > MANY_UNITS * n_units and not flat_at_both_ends(activation):
            yield Finding(
                "dead_units",
                f"hidden layer {layer}",
                n_dead / n_units,
                MANY_UNITS,
                f"{n_dead} of {n_units} units are dead: their slope is zero for every "
                f"sample, so they learn nothing. Up to {MANY_UNITS:.0%} do no harm.",
                f"{FRESH}, with init='he_normal', or use activation='leaky_relu', "
                f"whose units cannot die.{_lower_rate(case)}",
            )


def saturated_units(case: Case, found: set[str]) -> Iterator[Finding]:
    """Units of tanh or logistic whose slopes are close to zero for most samples.

    In a network that has learned, saturated units are merely confident.
    """
    if case.loss < LEARNED:
        return
    for layer, (activation, flat) in enumerate(
        zip(case.activations, case.flow.flat, strict=True), 1
    ):
        share = float(flat.mean())
        if share > SATURATED and flat_at_both_ends(activation):
            yield Finding(
                "saturated_units",
                f"hidden layer {layer}",
                share,
                SATURATED,
                f"The slopes of its {flat.shape[1]} units are close to zero for "
                f"{share:.0%} of the samples on average, so the units hardly learn. It "
                f"should be at most {SATURATED:.0%}.",
                f"{FRESH}, smaller ones: init='glorot_uniform'; or use "
                f"activation='relu'.{_lower_rate(case)}",
            )


def vanishing_gradients(case: Case, found: set[str]) -> Iterator[Finding]:
    """Errors that shrink by a factor in each layer during backpropagation.

    If units are dead or saturated, they are the cause, and are reported instead.
    """
    ratio = _gradient_ratio(case)
    if ratio < VANISHED and not found & {"dead_units", "saturated_units"}:
        n_hidden = len(case.flow.deltas)
        yield Finding(
            "vanishing_gradients",
            f"hidden layers {n_hidden} to 1",
            ratio,
            VANISHED,
            f"The gradient of the first hidden layer is {ratio:.3g} times that of the "
            f"last; it should be at least {VANISHED:g}.",
            "use activation='relu' with init='he_normal', without coefs_init, or "
            f"fewer than {n_hidden} hidden layers.",
        )


def _gradient_ratio(case: Case) -> float:
    """Return the gradient of the first hidden layer divided by that of the last."""
    deltas = case.flow.deltas
    if len(deltas) < 2 or not deltas[-1] > 0:
        return 1.0
    return deltas[0] / deltas[-1]


def _pruned(case: Case, W: FloatArray) -> FloatArray:
    """Return a mask of the units that the L1 penalty has removed, as intended."""
    return np.logical_and(case.objective.l1 > 0, ~np.any(W, axis=0))


def _lower_rate(case: Case) -> str:
    """Return the advice to lower the learning rate, if the solver has one."""
    if case.estimator.solver == "lbfgs":
        return ""
    rate = case.estimator.learning_rate_init
    return f" If it happened during training, set learning_rate_init={rate / 10:g}."
