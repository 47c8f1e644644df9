"""Snapshots: an estimator as it is at one moment, whatever other threads do to it.

`fit` trains a snapshot and commits what it has learnt at one stroke; `predict` reads a
snapshot. So until the commit an estimator answers as before, after an error too, and
never from a mixture of two networks.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from operator import call
from typing import Any, TypeAlias, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])

Additions: TypeAlias = list[tuple[list[Any], Sequence[Any]]]
"""Lists that grow at the commit, each with what is appended to it."""

MISSING = object()


def snapshot(estimator: Any) -> Any:
    """Return a twin that shares the attributes, but is not told of new ones."""
    twin = object.__new__(type(estimator))
    vars(twin).update(vars(estimator))
    return twin


def at_one_moment(method: Method) -> Method:
    """Have a method read the estimator as it is when the call begins."""

    @wraps(method)
    def on_snapshot(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(snapshot(self), *args, **kwargs)

    return cast(Method, on_snapshot)


@contextmanager
def successor(estimator: Any) -> Iterator[tuple[Any, Additions]]:
    """Yield a twin to train; the estimator becomes it unless something is raised.

    Beside the twin comes a list of additions to make at the same time: lists that are
    too long to be copied grow in place.
    """
    twin, additions = snapshot(estimator), cast(Additions, [])
    before = dict(vars(twin))
    yield twin, additions
    after = vars(twin)
    learnt = {
        name: value
        for name, value in after.items()
        if before.get(name, MISSING) is not value
    }
    # Only what has changed: another thread may have given the estimator something, too.
    attributes = vars(estimator) | learnt
    for name in before.keys() - after.keys():
        attributes.pop(name, None)
    at_one_stroke(
        *(partial(column.extend, more) for column, more in additions),
        partial(setattr, estimator, "__dict__", attributes),
    )


@contextmanager
def unchanged_on_error(estimator: Any) -> Iterator[None]:
    """Give the estimator its attributes back if a callback fails after the commit."""
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        estimator.__dict__ = before
        raise


def at_one_stroke(*writes: Callable[[], Any]) -> None:
    """Carry out writes with no Ctrl-C, and no other thread, between them.

    Python runs signal handlers, and lets other threads run, between the instructions of
    Python code, and here there are none: map, call and the writes are compiled.
    """
    deque(map(call, writes), maxlen=0)
