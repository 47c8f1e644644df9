"""A one-line progress bar on the standard error."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
WIDTH = 20


def with_progress_bar(results: Iterable[T], total: int, shown: bool) -> Iterator[T]:
    """Yield the results, and update the bar after each one if it is shown."""
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


def is_interactive() -> bool:
    """Return True in a notebook or if the standard error is a terminal."""
    return sys.stderr.isatty() or hasattr(sys, "ps1")


def _line(times: list[float], total: int) -> str:
    """Return the bar, given the times of the start and of each result."""
    done = len(times) - 1
    full = WIDTH * done // total
    bar = "#" * full + "." * (WIDTH - full)
    return f"\r[{bar}] {done} of {total} fits{_time_left(times, total):<22}"


def _time_left(times: list[float], total: int) -> str:
    """Return the estimated time left, or at the end the time taken."""
    done = len(times) - 1
    if done == total:
        return f", {_rounded(times[-1] - times[0])} in all"
    if done < 2:
        return ""
    # measured from the first result on: processes may have had to start before it
    left = (times[-1] - times[1]) / (done - 1) * (total - done)
    return f", about {_rounded(left)} left"


def _rounded(seconds: float) -> str:
    """Return a time in a suitable unit."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _write(text: str) -> None:
    """Write to the standard error, and flush."""
    sys.stderr.write(text)
    sys.stderr.flush()
