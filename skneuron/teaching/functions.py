"""Activation functions: f of one number, and its derivative f'.

`FUNCTIONS` maps the names that the estimators use to functions; `exp` is the output
activation of regressors for counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cosh, erf, exp, expm1, inf, log, log1p, pi, sqrt, tanh


@dataclass(frozen=True)
class Function:
    """A function of one number.

    Attributes
    ----------
    value : callable
        f(z).
    derivative : callable
        f'(z).
    """

    value: Callable[[float], float]
    derivative: Callable[[float], float]


def _exp(z: float) -> float:
    return exp(z) if z < log(1.7e308) else inf


def _logistic(z: float) -> float:
    # 1 / (1 + exp(-z)), in a form in which exp never overflows
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


def _softplus(z: float) -> float:
    # log(1 + exp(z)), in a form in which exp never overflows
    return max(z, 0.0) + log1p(exp(-abs(z)))


def _sech_squared(z: float) -> float:
    return 1 / cosh(z) ** 2 if abs(z) < 300 else 0.0


def _normal_distribution(z: float) -> float:
    return (1 + erf(z / sqrt(2))) / 2


def _normal_density(z: float) -> float:
    return exp(-z * z / 2) / sqrt(2 * pi)


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772

FUNCTIONS: dict[str, Function] = {
    "identity": Function(lambda z: z, lambda z: 1.0),
    "logistic": Function(_logistic, lambda z: _logistic(z) * (1 - _logistic(z))),
    "tanh": Function(tanh, _sech_squared),
    "relu": Function(lambda z: max(z, 0.0), lambda z: 1.0 if z > 0 else 0.0),
    "leaky_relu": Function(
        lambda z: z if z > 0 else 0.01 * z,
        lambda z: 1.0 if z > 0 else 0.01,
    ),
    "elu": Function(
        lambda z: z if z > 0 else expm1(z),
        lambda z: 1.0 if z > 0 else exp(z),
    ),
    "selu": Function(
        lambda z: SELU_SCALE * (z if z > 0 else SELU_ALPHA * expm1(z)),
        lambda z: SELU_SCALE * (1.0 if z > 0 else SELU_ALPHA * exp(z)),
    ),
    "softplus": Function(_softplus, _logistic),
    "gelu": Function(
        lambda z: z * _normal_distribution(z),
        lambda z: _normal_distribution(z) + z * _normal_density(z),
    ),
    "silu": Function(
        lambda z: z * _logistic(z),
        lambda z: _logistic(z) + z * _logistic(z) * (1 - _logistic(z)),
    ),
    "mish": Function(
        lambda z: z * tanh(_softplus(z)),
        lambda z: tanh(_softplus(z)) + z * _sech_squared(_softplus(z)) * _logistic(z),
    ),
    "exp": Function(_exp, _exp),
}


def find(activation: str) -> Function:
    """Return the function with this name."""
    if activation not in FUNCTIONS:
        raise ValueError(
            f"activation={activation!r} is not known. Choose one of "
            f"{', '.join(FUNCTIONS)}."
        )
    return FUNCTIONS[activation]
