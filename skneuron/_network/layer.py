"""The interface of a layer: its parts, its forward and its backward pass.

To add a layer, write a class with the members of `Layer` in a separate file, such as
`Scale`, and enter it in `LAYERS` of tests/test_layers.py.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, get_args

import numpy as np

from .._types import Features, FloatArray
from ..activations import Activation

Role = Literal[
    "weights", "biases", "factors", "frequencies", "phases", "amplitudes", "offsets"
]
ROLES: tuple[Role, ...] = get_args(Role)
"""The roles in the order of their parts in the vector of all parameters.

Weights and biases are those of `Dense`, the others belong to input layers.
"""

Arrays = Sequence[FloatArray]
"""One array for each part of a layer."""


class Part(NamedTuple):
    """An array of parameters, and the rules by which it is trained.

    Attributes
    ----------
    role : str
        One of `ROLES`.
    shape : tuple of int
    rate : float
        Factor for the learning rate. A part of rate 0 is not trained: its gradient
        stays zero.
    decays : bool
        Whether the weight decay of the optimizer shrinks it.
    penalised : bool
        Whether the penalty of the objective includes it.
    """

    role: Role
    shape: tuple[int, ...]
    rate: float = 1.0
    decays: bool = False
    penalised: bool = False


class Trace(Protocol):
    """The values that a layer keeps from the forward to the backward pass."""

    @property
    def outputs(self) -> Any:
        """The outputs of the layer, of shape (n_samples, n_outputs)."""


class Layer(Protocol):
    """The interface between a layer and the network.

    A layer holds no parameters: each method receives them as `arrays`, one for each of
    the `parts`.
    """

    kernel_name: ClassVar[str]
    """The name of the layer in the table of c/layers.h."""

    @property
    def n_inputs(self) -> int: ...

    @property
    def n_outputs(self) -> int: ...

    @property
    def activation(self) -> Activation | None:
        """Applied to the outputs; None in a layer that has none."""

    @property
    def dropout(self) -> float:
        """Fraction of the outputs that is dropped in training."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts, in the order of `ROLES` and of the arrays."""

    def initialize(
        self,
        arrays: Arrays,
        init: str,
        activation: Activation | None,
        random_state: np.random.RandomState,
    ) -> None:
        """Write the initial parameters, which may depend on the activation."""

    def forward(
        self, arrays: Arrays, inputs: Features, mask: FloatArray | None = None
    ) -> Trace:
        """Return the outputs and what `backward` needs; mask is the dropout mask."""

    def backward(
        self,
        arrays: Arrays,
        trace: Any,
        error: FloatArray,
        gradient: Arrays | None = None,
        *,
        to_inputs: bool = True,
    ) -> FloatArray | None:
        """Return the derivative of the loss by the inputs.

        `error` is the derivative by the outputs; in a layer with an activation it is
        overwritten by that by z. The derivative by each part is added to `gradient`,
        unless that is None. Without `to_inputs`, when the inputs are X, None is
        returned.
        """
