"""Parameters: everything that a network learns, in one vector."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from .._types import FloatArray
from ..activations import Activation
from .layer import Arrays
from .network import Network


class Parameters:
    """The parts of a network's layers as views of one contiguous vector.

    Optimizers, L-BFGS and snapshots work on the vector, the layers on the views.

    Parameters
    ----------
    network : Network
        Its table of parts says where each view lies.
    vector : ndarray of shape (n_parameters,)
        The storage, contiguous.

    Attributes
    ----------
    layers : list of list of ndarray
        The arrays of each layer, in the order of its parts.
    weights : list of ndarray of shape (n_inputs, n_outputs)
    biases : list of ndarray of shape (n_outputs,)
    """

    def __init__(self, network: Network, vector: FloatArray) -> None:
        self.network = network
        self.vector = vector
        self.layers: list[list[FloatArray]] = [[] for _ in network.layers]
        self.weights: list[FloatArray] = []
        self.biases: list[FloatArray] = []
        by_role = {"weights": self.weights, "biases": self.biases}
        for slot in network.slots:
            view = vector[slot.start : slot.stop].reshape(slot.part.shape)
            self.layers[slot.layer].append(view)
            by_role.get(slot.part.role, []).append(view)

    @classmethod
    def zeros(cls, network: Network, dtype: np.dtype) -> Self:
        """Return parameters that are all zero."""
        return cls(network, np.zeros(network.n_parameters, dtype))

    @classmethod
    def from_arrays(
        cls, network: Network, layers: Sequence[Arrays], dtype: np.dtype
    ) -> Self:
        """Return a copy of the arrays of each layer as one vector."""
        arrays = [layers[slot.layer][slot.number].ravel() for slot in network.slots]
        return cls(network, np.concatenate(arrays, dtype=dtype))

    @classmethod
    def initial(
        cls,
        network: Network,
        init: str,
        random_state: np.random.RandomState,
        dtype: np.dtype,
        activation: Activation | None = None,
    ) -> Self:
        """Return the parameters to start training from; draws are in float64.

        `activation` is for a network without hidden layers, see `Network.initialize`.
        """
        parameters = cls.zeros(network, dtype)
        network.initialize(parameters.layers, init, random_state, activation)
        return parameters

    def copy(self) -> Self:
        """Return the same numbers in another vector."""
        return type(self)(self.network, self.vector.copy())

    def __reduce__(self) -> tuple[type[Self], tuple[Network, FloatArray]]:
        # By default, pickle would store each view as a separate array.
        return type(self), (self.network, self.vector)
