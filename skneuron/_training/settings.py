"""Settings: everything that the user asked of training, in one typed record."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

import numpy as np

from .._engines import EngineName, StepRule, kernel_name
from .._network.initializers import InitName
from .._network.layer import ROLES, Layer
from .._network.network import Network
from .._network.parameters import Parameters
from ..activations import Activation
from ..optimizers import Optimizer
from ..schedules import Plateau, Schedule


class Buildable(Protocol):
    """An object that builds a layer once its number of inputs is known."""

    def build(self, n_inputs: int) -> Layer: ...


@dataclass(frozen=True)
class Settings:
    """The parameters of an estimator, validated, with objects in place of names.

    Made in one place, `_estimators.parameters`. Nothing below the estimators reads
    their parameters directly.

    Attributes
    ----------
    hidden_layer_sizes : tuple of int
    activations : tuple of Activation
        One for each hidden layer.
    input_layers : tuple of object
        Each builds a layer before the first hidden layer.
    dropout : tuple of float
        A rate for each hidden layer; empty where all are zero.
    fit_intercept : bool
    init : str
    init_activation : Activation or None
        The activation that determines the initial weights of a network without hidden
        layers.
    alpha, l1 : float
        Strengths of the L2 and the L1 penalty.
    optimizer : Optimizer or None
        None stands for L-BFGS.
    schedule : Schedule
    step_rule : StepRule
    adaptive_rate : float or None
        The initial rate with learning_rate="adaptive", else None.
    plateau : Plateau or None
        Lowers the learning rate where training no longer improves.
    learning_rate_init : float
    batch_size : int, "auto" or "full"
    shuffle : bool
    max_iter, max_fun : int
    tol : float
    n_iter_no_change : float
        May be infinite.
    early_stopping : bool
    validation_fraction : float
    verbose : bool
    engine : {"auto", "compiled", "numpy"}
    """

    hidden_layer_sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    input_layers: tuple[Buildable, ...]
    dropout: tuple[float, ...]
    fit_intercept: bool
    init: InitName
    init_activation: Activation | None
    alpha: float
    l1: float
    optimizer: Optimizer[Any] | None
    schedule: Schedule
    step_rule: StepRule
    adaptive_rate: float | None
    plateau: Plateau | None
    learning_rate_init: float
    batch_size: int | Literal["auto", "full"]
    shuffle: bool
    max_iter: int
    max_fun: int
    tol: float
    n_iter_no_change: float
    early_stopping: bool
    validation_fraction: float
    verbose: bool
    engine: EngineName

    def network(self, n_features: int, n_outputs: int) -> Network:
        """Return the network for these numbers of features and outputs."""
        before: list[Layer] = []
        n_inputs = n_features
        for number, given in enumerate(self.input_layers):
            layer = given.build(n_inputs)
            _check_layer(layer, given, number, n_inputs)
            before.append(layer)
            n_inputs = layer.n_outputs
        built_in = all(map(kernel_name, (*self.activations, *before)))
        build = _shared_network if built_in else _network
        return build(
            tuple(before),
            (n_inputs, *self.hidden_layer_sizes, n_outputs),
            self.activations,
            self.dropout,
            self.fit_intercept,
            self.init,
        )

    def initial(
        self, network: Network, random_state: np.random.RandomState, dtype: np.dtype
    ) -> Parameters:
        """Return the parameters that training starts from."""
        return Parameters.initial(
            network, self.init, random_state, dtype, self.init_activation
        )

    @property
    def solver(self) -> str:
        """The class of the optimizer."""
        return "lbfgs" if self.optimizer is None else type(self.optimizer).__name__

    def samples_per_step(self, n_samples: int) -> int:
        """Return the size of a batch, at most n_samples."""
        if self.batch_size == "auto":
            return min(200, n_samples)
        if self.batch_size == "full":
            return n_samples
        return min(self.batch_size, n_samples)


def _network(
    before: tuple[Layer, ...],
    sizes: tuple[int, ...],
    activations: tuple[Activation, ...],
    dropout: tuple[float, ...],
    fit_intercept: bool,
    init: InitName,
) -> Network:
    """Return a network of some layers, followed by dense layers of these sizes."""
    dense = Network.feed_forward(
        sizes,
        activations,
        dropout=dropout,
        fit_intercept=fit_intercept,
        init=init,
    )
    return Network((*before, *dense.layers)) if before else dense


# Equal networks are shared, and with them their tables of parts: building one takes
# longer than a small batch. Custom parts are not kept alive.
_shared_network = lru_cache(maxsize=64)(_network)


def _check_layer(layer: Layer, given: Buildable, number: int, n_inputs: int) -> None:
    """Raise unless a built layer can stand before the first dense layer."""
    members = ("n_inputs", "n_outputs", "parts", "initialize", "forward", "backward")
    missing = [name for name in members if not hasattr(layer, name)]
    if missing:
        raise TypeError(
            f"build of input_layers[{number}]={given!r} must return a layer, with the "
            f"members {', '.join(members)}; {layer!r} lacks {', '.join(missing)}."
        )
    roles = [part.role for part in layer.parts]
    known = set(ROLES) - {"weights", "biases"}
    if layer.n_inputs != n_inputs or len(set(roles) & known) < len(roles):
        raise ValueError(
            f"input_layers[{number}]={given!r} must build a layer of {n_inputs} "
            f"inputs, whose parts have roles among {sorted(known)}, each at most once; "
            f"got one of {layer.n_inputs} inputs with the parts {roles}."
        )
