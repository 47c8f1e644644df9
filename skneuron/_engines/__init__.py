"""Engines: who does the arithmetic."""

from typing import Any

from .._types import Features
from ..optimizers import Optimizer
from . import _numpy
from ._protocol import Engine, Objective, Run, Samples

try:
    from . import _compiled
    from ._kernel import compiler, instructions
except ImportError:  # there was no C compiler
    ENGINES: dict[str, Engine] = {"numpy": _numpy}

    def compiler() -> str:
        """Return an empty string: there is no compiled module."""
        return ""

    instructions = compiler

else:
    # the fastest first, the one for all last
    ENGINES = {"compiled": _compiled, "numpy": _numpy}


__all__ = [
    "ENGINES",
    "Engine",
    "Objective",
    "Run",
    "Samples",
    "choose",
    "compiler",
    "instructions",
]


def choose(
    name: str, objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> Engine:
    """Return the engine of this name, for "auto" the fastest that can do this work."""
    if name == "auto":
        return next(
            engine
            for engine in ENGINES.values()
            if engine.obstacle(objective, optimizer, X) is None
        )
    obstacle: str | None = "it was not built, for there was no C compiler"
    if name in ENGINES:
        obstacle = ENGINES[name].obstacle(objective, optimizer, X)
    if obstacle is not None:
        raise ValueError(
            f"engine={name!r} cannot do this: {obstacle}. With engine='auto' NumPy "
            "does what it cannot."
        )
    return ENGINES[name]
