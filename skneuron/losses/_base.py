"""The interface of a loss, and the members that the built-in ones share."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from .._by_value import ByValue
from .._types import FloatArray


class Loss(Protocol):
    """The members of a loss.

    z and y have shape (n_samples, n_outputs), sample_weight (n_samples,) or is None. In
    a classifier y is boolean: an indicator of the classes.

    `in_target_range` and `target_range` may be missing: then every target is valid. A
    method `with_link(link)` is for losses that exist for several links: it returns
    the loss for 'logistic' (two classes, several labels), 'softmax' (several classes)
    or 'identity' (numbers).

    Examples
    --------
    Any object with the attribute `link` and the method `value_and_gradient` is one:

    >>> import numpy as np
    >>> from skneuron import NeuronRegressor, check_gradient
    >>> class LogCosh:
    ...     link = "identity"
    ...     def value_and_gradient(self, z, y, sample_weight):
    ...         error = z - y
    ...         w = 1 if sample_weight is None else sample_weight[:, np.newaxis]
    ...         return float((w * np.log(np.cosh(error))).sum()), w * np.tanh(error)
    >>> check_gradient(LogCosh()) < 1e-6
    True
    >>> reg = NeuronRegressor(loss=LogCosh())
    """

    target_range: ClassVar[str]
    """The valid targets, in words."""

    @property
    def link(self) -> str:
        """Key of `INVERSE_LINKS`: scikit-learn's name for the output's activation."""

    def in_target_range(self, y: FloatArray) -> bool:
        """Return whether every target is valid."""

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        """Return the weighted sum over samples and outputs, and its derivative by z."""


class BuiltIn(ByValue):
    """The members that most built-in losses share."""

    target_range: ClassVar[str] = "any real number"
    _parameter_constraints: ClassVar[dict[str, Any]] = {}

    @property
    def kernel_constants(self) -> tuple[float, ...]:
        """The constants of the formula, as `c/losses.h` takes them."""
        return ()

    def in_target_range(self, y: FloatArray) -> bool:
        """Return whether every target is valid."""
        return True


@dataclass(eq=False)
class ByColumn(BuiltIn):
    """The sum of one loss over several columns of the target, each with its outputs."""

    loss: Loss
    sizes: tuple[int, ...]

    @property
    def link(self) -> str:
        return self.loss.link

    def value_and_gradient(
        self, z: FloatArray, y: FloatArray, sample_weight: FloatArray | None
    ) -> tuple[float, FloatArray]:
        ends = np.cumsum(self.sizes)[:-1]
        columns = zip(np.split(z, ends, axis=1), np.split(y, ends, axis=1), strict=True)
        parts = [
            self.loss.value_and_gradient(part, truth, sample_weight)
            for part, truth in columns
        ]
        gradient = np.concatenate([part for _, part in parts], axis=1)
        return sum(value for value, _ in parts), gradient


def look_up(table: dict[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    """Return the class with this name."""
    if name not in table:
        raise ValueError(
            f"The 'loss' parameter must be one of {sorted(table)}, got {name!r}."
        )
    return table[name]


def as_loss(chosen: Any, link: str) -> Loss:
    """Return the form of a loss that has this link.

    A loss with a single form is copied if it has `set_params`, whose call after `fit`
    must change no fitted network; the caller checks its link.
    """
    if hasattr(chosen, "_validate_params"):
        chosen._validate_params()
    if hasattr(chosen, "with_link"):
        return chosen.with_link(link)
    return deepcopy(chosen) if hasattr(chosen, "set_params") else chosen


def weighted(
    losses: FloatArray, gradient: FloatArray, sample_weight: FloatArray | None
) -> tuple[float, FloatArray]:
    """Multiply each sample's row of both by its weight, and sum the losses."""
    if sample_weight is not None:
        w = sample_weight[:, np.newaxis]
        losses, gradient = w * losses, w * gradient
    return float(losses.sum(dtype=np.float64)), gradient
