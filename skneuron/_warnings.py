"""Warnings that point at the user's line of code."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Warnings: TypeAlias = list[tuple[str, type[Warning]]]

LIBRARIES = {"skneuron", "sklearn", "scipy", "joblib", "contextlib"}
LIBRARIES |= {"threading", "concurrent", "multiprocessing"}

_collected: ContextVar[Warnings | None] = ContextVar("_collected", default=None)


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line of the user's call, however deep in a library this runs."""
    collected = _collected.get()
    if collected is not None:
        collected.append((message, category))
        return
    level, frame = 2, sys._getframe(1)
    while _is_of_a_library(str(frame.f_globals.get("__name__"))):
        if frame.f_back is None:  # a worker thread runs no line of the user's
            level = 2
            break
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


@contextmanager
def collected_warnings(into: Warnings) -> Iterator[None]:
    """Collect what `warn` is called with, also in threads that run in this context.

    A thread has no line of the user's that a warning could point at.
    """
    token = _collected.set(into)
    try:
        yield
    finally:
        _collected.reset(token)


def _is_of_a_library(module: str) -> bool:
    return module.partition(".")[0] in LIBRARIES
