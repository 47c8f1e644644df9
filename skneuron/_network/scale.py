"""Scale: a layer that multiplies each input by a learned factor."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .._types import Features, FloatArray
from ..activations import Activation
from .layer import Arrays, Part
from .products import column_sums, scaled


@dataclass(frozen=True)
class Scale:
    """a = x s: input j times the factor s_j, which starts at 1.

    Attributes
    ----------
    n_inputs : int
    rate : float
        Factor for the learning rate of s.
    """

    kernel_name: ClassVar[str] = "SCALE"
    activation: ClassVar[Activation | None] = None
    dropout: ClassVar[float] = 0.0

    n_inputs: int
    rate: float = 1.0

    @property
    def n_outputs(self) -> int:
        """The number of inputs."""
        return self.n_inputs

    @property
    def parts(self) -> tuple[Part, ...]:
        """s of shape (n_inputs,), neither decaying nor penalised."""
        return (Part("factors", (self.n_inputs,), rate=self.rate),)

    def initialize(
        self,
        arrays: Arrays,
        init: str,
        activation: Activation | None,
        random_state: np.random.RandomState,
    ) -> None:
        """Start from the identity; nothing is drawn."""
        arrays[0][:] = 1

    def forward(
        self, arrays: Arrays, inputs: Features, mask: FloatArray | None = None
    ) -> "Scaled":
        """Return the inputs times the factors."""
        (s,) = arrays
        return Scaled(inputs, scaled(inputs, s))

    def backward(
        self,
        arrays: Arrays,
        trace: "Scaled",
        error: FloatArray,
        gradient: Arrays | None = None,
        *,
        to_inputs: bool = True,
    ) -> FloatArray | None:
        """Return the derivative of the loss by the inputs: error times s."""
        (s,) = arrays
        if gradient is not None and self.rate:
            gradient[0][:] += column_sums(trace.inputs, error)
        return error * s if to_inputs else None


@dataclass(slots=True)
class Scaled:
    """The inputs and outputs of a scaling layer for some samples."""

    inputs: Features
    outputs: Features
