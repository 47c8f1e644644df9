"""Entries: the objects in a list of parameters, addressed by names with an index.

`input_layers__0` is the first entry of the list `input_layers`, `input_layers__0__rate`
its parameter `rate`.
"""

from collections import defaultdict
from typing import Any


def entry_params(entries: Any, name: str) -> dict[str, Any]:
    """Return the entries of the list of this name, and their parameters."""
    params: dict[str, Any] = {}
    for index, entry in enumerate(_as_list(entries)):
        params[f"{name}__{index}"] = entry
        if hasattr(entry, "get_params") and not isinstance(entry, type):
            for key, value in entry.get_params().items():
                params[f"{name}__{index}__{key}"] = value
    return params


def set_entry_params(estimator: Any, name: str, params: dict[str, Any]) -> None:
    """Replace entries of the list of this name, then set parameters of entries."""
    entries = _as_list(getattr(estimator, name))
    nested: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    replaced = False
    for key, value in params.items():
        index, nests, parameter = key.removeprefix(f"{name}__").partition("__")
        if index not in map(str, range(len(entries))):
            raise ValueError(
                f"Invalid parameter {key!r} for estimator {estimator}: the entries of "
                f"{name} are counted from 0, and there are {len(entries)}."
            )
        if nests:
            nested[int(index)][parameter] = value
        else:
            entries[int(index)] = value
            replaced = True
    if replaced:  # a new list: the old one may belong to another estimator
        setattr(estimator, name, entries)
    for number, values in nested.items():
        if not hasattr(entries[number], "set_params"):
            raise ValueError(
                f"{name}__{number}={entries[number]!r} has no parameters to set: it "
                "has no method set_params."
            )
        entries[number].set_params(**values)


def _as_list(entries: Any) -> list[Any]:
    return list(entries) if isinstance(entries, list | tuple) else []
