"""Warnings that point at the user's line."""

import sys
import warnings

LIBRARIES = {"skneuron", "sklearn", "scipy", "joblib", "contextlib"}
LIBRARIES |= {"threading", "concurrent", "multiprocessing"}


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn of what the user's call has led to, wherever in a library it shows."""
    level, frame = 2, sys._getframe(1)
    while _is_of_a_library(str(frame.f_globals.get("__name__"))):
        if frame.f_back is None:  # a worker's thread: there is no line of the user's
            level = 2
            break
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


def _is_of_a_library(module: str) -> bool:
    return module.partition(".")[0] in LIBRARIES
