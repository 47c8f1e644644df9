from collections.abc import Sequence
from typing import Any

from .._types import FloatArray

ACTIVATIONS: dict[str, int]
LOSSES: dict[str, int]
OPTIMIZERS: dict[str, int]
LAYERS: dict[str, int]
MOST_LAYERS: int

class Plan:
    def __init__(
        self,
        layers: Sequence[tuple[Any, ...]],
        loss: tuple[str, tuple[float, ...], tuple[int, ...]] | None = None,
        alpha: float = 0.0,
        l1: float = 0.0,
    ) -> None: ...

# Fused over precisions, so called as function[type of X, type of the parameters](...).
train_epochs: Any
sums: Any
raw_outputs: Any

def apply(function: int, x: FloatArray) -> FloatArray: ...
def compiler() -> str: ...
def instructions() -> str: ...
