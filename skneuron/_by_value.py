"""Objects that are equal, and hash alike, if their attributes are."""

from typing import Any


class ByValue:
    """Equality by class and attributes.

    The compiled engine caches its plan of an objective by value, so equal objects must
    be one key.
    """

    def __eq__(self, other: Any) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))
