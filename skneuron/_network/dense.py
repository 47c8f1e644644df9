"""Dense: a layer in which every unit sees every input."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .._types import Features, FloatArray
from ..activations import Activation
from .initializers import draw
from .layer import Arrays, Part
from .products import columns_times, rows_times


@dataclass(frozen=True)
class Dense:
    """a = f(x W + b), with dropout of a in training.

    Attributes
    ----------
    n_inputs, n_outputs : int
    activation : Activation or None
        f; None for the output layer, whose link is part of the loss.
    dropout : float
        Fraction of the units dropped for each sample; the others are scaled by
        1 / (1 - dropout): Srivastava et al. (2014), JMLR 15, p. 1929.
    fit_intercept : bool
        Whether b is trained.
    weights_rate : float
        Factor for the learning rate of W.
    """

    kernel_name: ClassVar[str] = "DENSE"

    n_inputs: int
    n_outputs: int
    activation: Activation | None = None
    dropout: float = 0.0
    fit_intercept: bool = True
    weights_rate: float = 1.0

    @property
    def parts(self) -> tuple[Part, ...]:
        """W of shape (n_inputs, n_outputs) and b of shape (n_outputs,)."""
        shape = self.n_inputs, self.n_outputs
        rate = 1.0 if self.fit_intercept else 0.0
        return (
            Part("weights", shape, self.weights_rate, decays=True, penalised=True),
            Part("biases", shape[1:], rate=rate),
        )

    def initialize(
        self,
        arrays: Arrays,
        init: str,
        activation: Activation | None,
        random_state: np.random.RandomState,
    ) -> None:
        """Draw W, and b if init draws biases."""
        W, b = arrays
        draw(init, activation, random_state, W, b, is_output=self.activation is None)
        if not self.fit_intercept:
            b[:] = 0

    def forward(
        self, arrays: Arrays, inputs: Features, mask: FloatArray | None = None
    ) -> "Activity":
        """Return z, a and the outputs."""
        W, b = arrays
        z = rows_times(inputs, W)
        z += b
        a = z if self.activation is None else self.activation.value(z)
        return Activity(inputs, z, a, mask, a if mask is None else a * mask)

    def backward(
        self,
        arrays: Arrays,
        trace: "Activity",
        error: FloatArray,
        gradient: Arrays | None = None,
        *,
        to_inputs: bool = True,
    ) -> FloatArray | None:
        """Return the derivative of the loss by the inputs; delta is the one by z."""
        W, _ = arrays
        delta = error  # in place: a new array for each batch would take longer
        if trace.mask is not None:
            delta *= trace.mask
        if self.activation is not None:
            delta *= self.activation.derivative(trace.z, trace.a)
        if gradient is not None:
            gradient_W, gradient_b = gradient
            gradient_W += columns_times(trace.inputs, delta)
            if self.fit_intercept:
                gradient_b += delta.sum(axis=0)
        return delta @ W.T if to_inputs else None


@dataclass(slots=True)
class Activity:
    """The values of a dense layer for some samples; outputs are the masked a."""

    inputs: Features
    z: FloatArray
    a: FloatArray
    mask: FloatArray | None
    outputs: FloatArray
