"""Engines: who does the arithmetic."""

from typing import Any

from .._optimizers import Optimizer
from .._types import Features
from . import _numpy
from ._protocol import Engine, Objective, Samples

try:
    from . import _compiled
    from ._kernel import compiler
except ImportError:  # there was no C compiler
    ENGINES: tuple[Engine, ...] = (_numpy,)

    def compiler() -> str:
        """Return an empty string: there is no compiled module."""
        return ""

else:
    ENGINES = (_compiled, _numpy)  # the fastest first, the one for all last


__all__ = ["Engine", "Objective", "Samples", "choose", "compiler"]


def choose(
    objective: Objective, optimizer: Optimizer[Any] | None, X: Features
) -> Engine:
    """Return the fastest engine that can do this work."""
    return next(e for e in ENGINES if e.supports(objective, optimizer, X))
