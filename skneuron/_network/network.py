"""The network: its layers in order, and the table of their parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise, repeat, takewhile
from math import prod
from typing import Any, NamedTuple, Self

import numpy as np

from .._types import Features, FloatArray
from ..activations import Activation
from .dense import Dense
from .initializers import weights_rate
from .layer import ROLES, Arrays, Layer, Part, Trace


class Slot(NamedTuple):
    """The place of a part in the vector of all parameters.

    Attributes
    ----------
    layer, number : int
        The part is `network.layers[layer].parts[number]`.
    part : Part
    start, stop : int
    """

    layer: int
    number: int
    part: Part
    start: int
    stop: int


@dataclass(frozen=True)
class Network:
    """Layers, each fed by the outputs of the one before.

    A network holds no parameters: they are passed as one sequence of arrays for each
    layer, such as `Parameters.layers`.
    """

    layers: tuple[Layer, ...]

    def __getstate__(self) -> dict[str, Any]:
        return {"layers": self.layers}  # without the cached properties

    @classmethod
    def feed_forward(
        cls,
        sizes: Sequence[int],
        activations: Sequence[Activation],
        *,
        dropout: Sequence[float] = (),
        fit_intercept: bool = True,
        init: str = "auto",
    ) -> Self:
        """Return dense layers of these sizes: features, hidden units and outputs.

        `activations` and `dropout` have one entry for each hidden layer; an empty
        `dropout` means none. `init` determines the learning rates of the weights.
        """
        hidden = chain(activations, [None])
        rates = chain(dropout or repeat(0.0, len(activations)), [0.0])
        shapes = pairwise(sizes)
        return cls(
            tuple(
                Dense(
                    n_inputs,
                    n_outputs,
                    activation,
                    rate,
                    fit_intercept,
                    weights_rate(init, n_inputs),
                )
                for (n_inputs, n_outputs), activation, rate in zip(
                    shapes, hidden, rates, strict=True
                )
            )
        )

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of features, then the outputs of each layer."""
        outputs = (layer.n_outputs for layer in self.layers)
        return (self.layers[0].n_inputs, *outputs)

    @cached_property
    def n_input_layers(self) -> int:
        """The number of layers before the first dense one."""
        roles = ([part.role for part in layer.parts] for layer in self.layers)
        return sum(1 for _ in takewhile(lambda its: "weights" not in its, roles))

    @cached_property
    def input_layers(self) -> tuple[Layer, ...]:
        """The layers before the first dense one."""
        return self.layers[: self.n_input_layers]

    @property
    def dense_sizes(self) -> tuple[int, ...]:
        """The number of inputs of the first dense layer, then the outputs of each."""
        return self.sizes[self.n_input_layers :]

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The table of parts, in the order of the vector.

        All weights come first, then all biases, and so on as in `ROLES`; parts of one
        role are in the order of the layers.
        """
        slots: list[Slot] = []
        parts = [layer.parts for layer in self.layers]
        start = 0
        for role in ROLES:
            for layer, its_parts in enumerate(parts):
                for number, part in enumerate(its_parts):
                    if part.role == role:
                        stop = start + prod(part.shape)
                        slots.append(Slot(layer, number, part, start, stop))
                        start = stop
        return tuple(slots)

    @cached_property
    def has_dropout(self) -> bool:
        """Whether a layer drops units in training."""
        return any(layer.dropout for layer in self.layers)

    @cached_property
    def n_parameters(self) -> int:
        """The length of the vector."""
        return self.slots[-1].stop

    @cached_property
    def penalised(self) -> tuple[slice, ...]:
        """The runs of the vector that the penalty includes."""
        return _runs(slot for slot in self.slots if slot.part.penalised)

    @cached_property
    def decaying(self) -> tuple[slice, ...]:
        """The runs of the vector that weight decay shrinks."""
        return _runs(slot for slot in self.slots if slot.part.decays)

    @cached_property
    def untrained(self) -> tuple[slice, ...]:
        """The runs of the vector that are not trained."""
        return _runs(slot for slot in self.slots if slot.part.rate == 0)

    @cached_property
    def rates(self) -> FloatArray | None:
        """The factor for the learning rate of each parameter; None where all are 1.

        Parts that are not trained do not count: their gradient is zero.
        """
        if all(slot.part.rate in (0, 1) for slot in self.slots):
            return None
        sizes = [slot.stop - slot.start for slot in self.slots]
        return np.repeat([slot.part.rate for slot in self.slots], sizes)

    def resized(self, dense_sizes: Sequence[int]) -> "Network":
        """Return a network whose dense layers have other numbers of units.

        The input layers are the same.
        """
        first, shapes = self.n_input_layers, pairwise(dense_sizes)
        dense = (
            replace(layer, n_inputs=n_inputs, n_outputs=n_outputs)  # type: ignore[type-var]
            for layer, (n_inputs, n_outputs) in zip(
                self.layers[first:], shapes, strict=True
            )
        )
        return Network((*self.layers[:first], *dense))

    def forward(
        self,
        arrays: Sequence[Arrays],
        X: Features,
        masks: Iterable[FloatArray | None] | None = None,
    ) -> list[Trace]:
        """Return the trace of each layer; the last one has the outputs of the network.

        `masks` has the dropout mask of each layer; None means no dropout.
        """
        traces: list[Trace] = []
        outputs = X
        masks = repeat(None) if masks is None else masks
        for layer, its_arrays, mask in zip(self.layers, arrays, masks, strict=False):
            trace = layer.forward(its_arrays, outputs, mask)
            traces.append(trace)
            outputs = trace.outputs
        return traces

    def backward(
        self,
        arrays: Sequence[Arrays],
        traces: Sequence[Trace],
        error: FloatArray,
        gradient: Sequence[Arrays] | None = None,
        *,
        to_inputs: bool = False,
    ) -> list[FloatArray]:
        """Return the derivatives of the loss below each layer, the last left out.

        They are by z of each layer with an activation, by the outputs of others, and by
        X, which comes first, if `to_inputs` is True. `error` is the derivative by the
        outputs of the last layer. The derivative by the parameters is added to
        `gradient`.
        """
        errors: list[FloatArray] = []
        for number in range(len(self.layers) - 1, -1, -1):
            below = self.layers[number].backward(
                arrays[number],
                traces[number],
                error,
                None if gradient is None else gradient[number],
                to_inputs=to_inputs or number > 0,
            )
            if below is not None:
                errors.append(below)
                error = below
        return errors[::-1]

    def initialize(
        self,
        arrays: Sequence[Arrays],
        init: str,
        random_state: np.random.RandomState,
        activation: Activation | None = None,
    ) -> None:
        """Write the initial parameters, layer by layer.

        A layer without an activation takes the one of the layer before it, and the
        first layer the given one, as scikit-learn's output layer does.
        """
        for layer, its_arrays in zip(self.layers, arrays, strict=True):
            activation = layer.activation or activation
            layer.initialize(its_arrays, init, activation, random_state)


def _runs(slots: Iterable[Slot]) -> tuple[slice, ...]:
    """Return the slices of the vector that slots cover, adjacent ones merged."""
    runs: list[slice] = []
    for slot in slots:
        if runs and runs[-1].stop == slot.start:
            runs[-1] = slice(runs[-1].start, slot.stop)
        else:
            runs.append(slice(slot.start, slot.stop))
    return tuple(runs)
