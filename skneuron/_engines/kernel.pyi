from typing import Any

from .._types import FloatArray

class Plan:
    def __init__(
        self,
        sizes: tuple[int, ...],
        activations: list[tuple[int, float, float]],
        loss: tuple[int, tuple[float, ...], tuple[int, ...]],
        alpha: float,
        l1: float,
        fit_intercept: bool,
        dropout: tuple[float, ...],
    ) -> None: ...

# Fused over precisions, so called as function[type of X, type of the parameters](...).
train_epochs: Any
loss_and_gradient: Any
raw_outputs: Any

def apply(function: int, x: FloatArray) -> FloatArray: ...
def compiler() -> str: ...
def instructions() -> str: ...
