"""Continuation: checks that a state belongs to this network and to these data.

States come from earlier calls and from files, so they are checked before they are used.
"""

import zlib
from numbers import Integral
from typing import Any, cast

import numpy as np

from .._engines import Samples, kernel_name
from .._network.network import Network
from ..optimizers import Optimizer
from .state import TrainingState
from .validation import ScoredSamples

ANOTHER_FILE = "Take an earlier copy, or call fit."


def fingerprint(samples: ScoredSamples) -> tuple[Any, ...]:
    """Return numbers that distinguish samples, without reading all of X."""
    sample_weight = samples.sample_weight
    return (
        samples.shape,
        zlib.crc32(samples.y.tobytes()),
        None if sample_weight is None else zlib.crc32(sample_weight.tobytes()),
    )


def input_signature(network: Network) -> tuple[Any, ...]:
    """Return what the parameters of input layers stand for, whatever their rates."""
    return tuple(
        (
            type(layer).__name__,
            np.asarray(getattr(layer, "columns", None)).tolist(),  # arrays have no ==
            *((part.role, part.shape) for part in layer.parts),
        )
        for layer in network.input_layers
    )


def check_optimizer_state(
    state: TrainingState, optimizer: Optimizer[Any], network: Network
) -> None:
    """Raise if the optimizer state belongs to another network."""
    remedy = "fit with warm_start=True keeps the weights and starts the solver afresh."
    if state.layer_sizes and state.layer_sizes != network.sizes:
        raise ValueError(
            f"The solver's state belongs to a network of {state.layer_sizes} features, "
            f"hidden units and outputs, but coefs_ make one of {network.sizes}: "
            f"{remedy}"
        )
    if state.layer_sizes and state.input_signature != input_signature(network):
        raise ValueError(
            "The solver's state belongs to a network with other input layers than "
            f"{list(network.input_layers)}: {remedy}"
        )
    built_in = kernel_name(optimizer) is not None  # others know their own state
    slots = cast(Any, optimizer).slots if built_in else ()
    for name in slots:
        value: Any = getattr(state.optimizer_state, name, None)
        right = isinstance(value, np.ndarray) and value.shape == (network.n_parameters,)
        if not (right and value.dtype.kind == "f"):
            needed = f"{network.n_parameters} floats, one for each weight and bias"
            raise ValueError(_wrong_state(name, value, needed, remedy))
    t: Any = getattr(state.optimizer_state, "t", 0)
    if slots and not (isinstance(t, Integral) and 0 <= int(t) < 2**62):
        raise ValueError(_wrong_state("t", t, "the number of steps", remedy))


def _wrong_state(name: str, value: Any, needed: str, remedy: str) -> str:
    described = repr(value)
    if isinstance(value, np.ndarray):
        described = f"an array of shape {value.shape} and dtype {value.dtype}"
    return f"The solver's state has {name}={described}, but needs {needed}: {remedy}"


def check_same_data(state: TrainingState, samples: Samples) -> None:
    """Raise if an unfinished fit would continue with other data."""
    before, now = state.data, fingerprint(ScoredSamples.of(samples))
    if now == before or before is None:
        return
    difference = (
        f"X had shape {before[0]}, and has {now[0]}"
        if now[0] != before[0]
        else "the targets differ"
        if now[1] != before[1]
        else "sample_weight or class_weight differs"
    )
    raise ValueError(
        f"resume needs the data that fit was given, but {difference}. To train on new "
        "data, use partial_fit, or fit with warm_start=True."
    )


def check_same_validation(state: TrainingState, samples: ScoredSamples | None) -> None:
    """Raise if the validation samples differ from those of the fit."""
    now = None if samples is None else fingerprint(samples)
    if now != state.validation_data:
        raise ValueError(
            "resume needs the X_val, y_val and sample_weight_val that were passed to "
            "fit, and none if none were passed."
        )


def check_rows(state: TrainingState, n_samples: int) -> None:
    """Raise unless each sample is either trained on once an epoch or held out."""
    rows, held_out = state.rows, state.held_out
    all_rows = np.arange(n_samples)
    if rows is not None and held_out is not None:
        right = np.array_equal(np.sort(np.concatenate([rows, held_out])), all_rows)
    else:
        right = rows is held_out
    expected = all_rows if rows is None else np.sort(rows)
    order = state.row_order
    if not right or order is None or not np.array_equal(np.sort(order), expected):
        raise ValueError(
            f"The rows of the checkpoint are not those of {n_samples} samples, each "
            f"once: the file is damaged. {ANOTHER_FILE}"
        )


def check_best(state: TrainingState, n_parameters: int) -> None:
    """Raise unless the best weights are those of this network."""
    shape = None if state.best is None else np.shape(state.best[0])
    if shape != (n_parameters,):
        raise ValueError(
            f"The best weights in the checkpoint have shape {shape}, not "
            f"({n_parameters},): the file is damaged. {ANOTHER_FILE}"
        )
