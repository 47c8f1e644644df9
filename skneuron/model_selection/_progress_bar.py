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
    times = [monotonic()]
    _write(_line(times, total))
    try:
        for result in results:
            times.append(monotonic())
            _write(_line(times, total))
            yield result
    finally:
        _write("\n")


def somebody_is_looking() -> bool:
    """Whether the standard error is a terminal, or the session a notebook."""
    return sys.stderr.isatty() or hasattr(sys, "ps1")


def _line(times: list[float], total: int) -> str:
    """Return the line, by the times of the start and of each result."""
    done = len(times) - 1
    full = WIDTH * done // total
    bar = "#" * full + "." * (WIDTH - full)
    return f"\r[{bar}] {done} of {total} fits{_rest(times, total):<22}"


def _rest(times: list[float], total: int) -> str:
    """Return how long it has taken, or how much longer as far as one can say."""
    done = len(times) - 1
    if done == total:
        return f", {_rounded(times[-1] - times[0])} in all"
    if done < 2:
        return ""
    # from the first result on: before it, processes may have had to start
    left = (times[-1] - times[1]) / (done - 1) * (total - done)
    return f", about {_rounded(left)} left"


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
