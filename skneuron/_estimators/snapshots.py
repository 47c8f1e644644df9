"""Snapshots: an estimator at one moment, unaffected by other threads.

`fit` trains a snapshot and commits the result in one step; `predict` reads a snapshot.
Until the commit, and after an error, an estimator therefore answers as before, and it
never answers from a mixture of two networks.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from operator import call
from typing import Any, TypeAlias, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])

Additions: TypeAlias = list[tuple[list[Any], Sequence[Any]]]
"""Lists that grow at the commit, each with the items to append."""

MISSING = object()


def snapshot(estimator: Any) -> Any:
    """Return a twin that shares the present attributes, but receives no later ones."""
    twin = object.__new__(type(estimator))
    vars(twin).update(vars(estimator))
    return twin


def at_one_moment(method: Method) -> Method:
    """Make a method read the state of the estimator at the start of the call."""

    @wraps(method)
    def on_snapshot(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(snapshot(self), *args, **kwargs)

    return cast(Method, on_snapshot)


@contextmanager
def successor(estimator: Any) -> Iterator[tuple[Any, Additions]]:
    """Yield a twin to train; unless an error is raised, the estimator becomes it.

    The second value is a list of additions to make at the same time: lists that are too
    long to copy grow in place.
    """
    twin, additions = snapshot(estimator), cast(Additions, [])
    before = dict(vars(twin))
    yield twin, additions
    after = vars(twin)
    learned = {
        name: value
        for name, value in after.items()
        if before.get(name, MISSING) is not value
    }
    # Only the changes: another thread may have set attributes in the meantime.
    attributes = vars(estimator) | learned
    for name in before.keys() - after.keys():
        attributes.pop(name, None)
    commit_atomically(
        *(partial(column.extend, more) for column, more in additions),
        partial(setattr, estimator, "__dict__", attributes),
    )


@contextmanager
def unchanged_on_error(estimator: Any) -> Iterator[None]:
    """Restore the estimator's attributes if a callback fails after the commit."""
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        estimator.__dict__ = before
        raise


def commit_atomically(*writes: Callable[[], Any]) -> None:
    """Make writes that neither Ctrl-C nor another thread can come between.

    Python runs signal handlers and switches threads between the instructions of Python
    code, and there are none here: map, call and the writes are compiled.
    """
    deque(map(call, writes), maxlen=0)
