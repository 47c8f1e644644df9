"""Warnings that point at the user's line of code."""

import sys
import warnings

LIBRARIES = {"skneuron", "sklearn", "scipy", "joblib", "contextlib"}
LIBRARIES |= {"threading", "concurrent", "multiprocessing"}


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line of the user's call, however deep in a library this runs."""
    level, frame = 2, sys._getframe(1)
    while _is_of_a_library(str(frame.f_globals.get("__name__"))):
        if frame.f_back is None:  # a worker thread runs no line of the user's
            level = 2
            break
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


def _is_of_a_library(module: str) -> bool:
    return module.partition(".")[0] in LIBRARIES
