"""Engines: the arithmetic over many samples, in NumPy and in C."""

from typing import Any, Literal, TypeAlias

from .._types import Features
from ..optimizers import Optimizer
from . import numpy as numpy_engine
from .protocol import Engine, Objective, Run, Samples, StepRule, Sums, kernel_name

try:
    from . import compiled
    from .kernel import compiler, instructions
except ImportError:  # there was no C compiler
    ENGINES: dict[str, Engine] = {"numpy": numpy_engine}

    def compiler() -> str:
        """Return an empty string: there is no compiled module."""
        return ""

    instructions = compiler

else:
    # the fastest first, the one that can do everything last
    ENGINES = {"compiled": compiled, "numpy": numpy_engine}


EngineName: TypeAlias = Literal["auto", "compiled", "numpy"]

__all__ = [
    "ENGINES",
    "Engine",
    "EngineName",
    "Objective",
    "Run",
    "Samples",
    "StepRule",
    "Sums",
    "choose",
    "compiler",
    "instructions",
    "kernel_name",
]


def choose(
    name: str, objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> Engine:
    """Return the engine of this name; "auto" is the fastest that can do the work."""
    if name == "auto":
        return next(
            engine
            for engine in ENGINES.values()
            if engine.unsupported_reason(objective, optimizer, X) is None
        )
    reason: str | None = "it was not built, because there was no C compiler"
    if name in ENGINES:
        reason = ENGINES[name].unsupported_reason(objective, optimizer, X)
    if reason is not None:
        raise ValueError(
            f"engine={name!r} cannot do this: {reason}. engine='auto' then uses NumPy."
        )
    return ENGINES[name]
