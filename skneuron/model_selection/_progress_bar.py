"""A progress bar of one line."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
WIDTH = 20


def with_progress_bar(results: Iterable[T], total: int, shown: bool) -> Iterator[T]:
    """Yield results, and write on the standard error how many there are so far."""
    if not shown:
        yield from results
        return
    start = monotonic()
    _write(_line(0, total, 0))
    try:
        for done, result in enumerate(results, 1):
            _write(_line(done, total, monotonic() - start))
            yield result
    finally:
        _write("\n")


def somebody_is_looking() -> bool:
    """Whether the standard error is a terminal, or the session a notebook."""
    return sys.stderr.isatty() or hasattr(sys, "ps1")


def _line(done: int, total: int, seconds: float) -> str:
    """Return the line after so many seconds."""
    full = WIDTH * done // total
    bar = "#" * full + "." * (WIDTH - full)
    return f"\r[{bar}] {done} of {total} fits, {_time(done, total, seconds):<20}"


def _time(done: int, total: int, seconds: float) -> str:
    """Return the time that is left, as far as one can say."""
    if done == total:
        return f"{_rounded(seconds)} in all"
    return f"about {_rounded(seconds / done * (total - done))} left" if done else ""


def _rounded(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _write(text: str) -> None:
    """Write where errors go, at once."""
    sys.stderr.write(text)
    sys.stderr.flush()
