"""Units: hidden layers that errors do not pass, or that all pass alike."""

from collections.abc import Iterator

import numpy as np

from ..._types import FloatArray
from .case import LEARNED, Case
from .findings import FRESH, Finding
from .flow import flat_at_both_ends

# Of a layer's units. Small relu layers that learn all the same lose up to this many (Lu
# et al., 2019, "Dying ReLU and initialization", arXiv:1903.06733).
MANY_UNITS = 0.6
# Of units and samples. Fitted layers of tanh come to 0.8, those that have yet to learn
# to 0.6 (Glorot and Bengio, 2010, section 3).
SATURATED = 0.75

# Between the first hidden layer and the last: Glorot and Bengio (2010), section 4.2.2.
# Networks of up to 12 layers that learn have 0.1 to 20.
VANISHED = 0.01
EXPLODED = 100.0


def identical_units(case: Case, found: set[str]) -> Iterator[Finding]:
    """Units with the same weights: they get the same gradient, and stay the same.

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
                f"{n_copies} of {W.shape[1]} units are copies of others: their weights "
                "are the same, so their gradients are, and training cannot part them.",
                f"{FRESH}, drawn at random: init='auto'.",
            )


def exploding_gradients(case: Case, found: set[str]) -> Iterator[Finding]:
    """Errors that grow on their way back, by a factor for each layer."""
    ratio = _gradient_ratio(case)
    if ratio > EXPLODED:
        n_hidden = len(case.flow.deltas)
        yield Finding(
            "exploding_gradients",
            f"hidden layers 1 to {n_hidden}",
            ratio,
            EXPLODED,
            f"The gradient of the first hidden layer is {ratio:.3g} times that of the "
            f"last; {EXPLODED:g} is the most.",
            f"{FRESH}, smaller ones: init='auto'. max_grad_norm=1 keeps steps short.",
        )


def dead_units(case: Case, found: set[str]) -> Iterator[Finding]:
    """Units that are off, f'(z) = 0, for every sample: no error passes them."""
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
                f"{FRESH}, with init='he_normal', or take activation='leaky_relu', "
                f"whose units cannot die.{_lower_rate(case)}",
            )


def saturated_units(case: Case, found: set[str]) -> Iterator[Finding]:
    """Units of tanh or logistic that are at their ends for most samples.

    Where the network has learned, that is how its units have come to be sure.
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
                f"The slopes of its {flat.shape[1]} units are next to zero for "
                f"{share:.0%} of the samples, on average, so they hardly learn; "
                f"{SATURATED:.0%} is the most.",
                f"{FRESH}, smaller ones: init='glorot_uniform'; or take "
                f"activation='relu'.{_lower_rate(case)}",
            )


def vanishing_gradients(case: Case, found: set[str]) -> Iterator[Finding]:
    """Errors that shrink on their way back, by a factor for each layer.

    Where units are flat, that is why, and it has been said.
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
            f"last; {VANISHED:g} is the least.",
            "take activation='relu' with init='he_normal', without coefs_init, or "
            f"fewer than {n_hidden} hidden layers.",
        )


def _gradient_ratio(case: Case) -> float:
    """Return the first hidden layer's gradient by the last's."""
    deltas = case.flow.deltas
    if len(deltas) < 2 or not deltas[-1] > 0:
        return 1.0
    return deltas[0] / deltas[-1]


def _pruned(case: Case, W: FloatArray) -> FloatArray:
    """Whether the L1 penalty has done away with units, as it is meant to."""
    return np.logical_and(case.objective.l1 > 0, ~np.any(W, axis=0))


def _lower_rate(case: Case) -> str:
    if case.estimator.solver == "lbfgs":
        return ""
    rate = case.estimator.learning_rate_init
    return f" If it happened in training, learning_rate_init={rate / 10:g} prevents it."
