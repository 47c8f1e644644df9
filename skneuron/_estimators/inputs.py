"""Inputs: checks of parameters and data that scikit-learn leaves to the estimator."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from difflib import get_close_matches
from inspect import Signature
from math import nan
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.exceptions import DataConversionWarning
from sklearn.metrics import get_scorer_names
from sklearn.utils.validation import (
    check_array,
    column_or_1d,
)

from .. import _sklearn as sklearn
from .._sklearn import InvalidParameterError
from .._types import Features, FloatArray
from .._warnings import warn
from ..activations import ACTIVATIONS
from ..losses import Loss
from .values import check_features

SMALL = 1000  # numbers: of fewer each is looked at, of more their sum is faster
LARGE_VALUE = 1e3  # above it, data are called unscaled where a training diverged


@contextmanager
def error_context(what: str) -> Iterator[None]:
    """Say what it is about if something is raised inside."""
    try:
        yield
    except (TypeError, ValueError) as error:
        error.add_note(f"This is about {what}.")
        raise


SPELLINGS = {
    **dict.fromkeys(
        ("eval_set", "eval_X", "eval_y", "validation_data", "X_valid", "y_valid"),
        "Samples to validate on are X_val=..., y_val=...",
    ),
    **dict.fromkeys(("sample_weights", "weights"), "Did you mean sample_weight?"),
    **dict.fromkeys(("epochs", "n_epochs"), "Set max_iter in the constructor"),
    "callbacks": "Pass callbacks to set_callbacks(...)",
}
"""What users of other libraries call things, and what they are called here."""


def check_arguments(
    signature: Signature, name: str, estimator: Any, args: Any, kwargs: Any
) -> None:
    """Raise where a method is called with arguments that it does not take."""
    try:
        signature.bind(estimator, *args, **kwargs)
    except TypeError as error:
        unknown = next((k for k in kwargs if k not in signature.parameters), None)
        said = str(error)
        if unknown is not None:
            said = f"got an unexpected keyword argument {unknown!r}"
            said += _advise_on_argument(unknown, signature, estimator)
        raise TypeError(f"{type(estimator).__name__}.{name}(): {said}") from None


def _advise_on_argument(given: str, signature: Signature, estimator: Any) -> str:
    """Return what the user may have meant by the name of an argument."""
    if given in SPELLINGS:
        return f". {SPELLINGS[given]}"
    if given in estimator.get_params(deep=False):
        return f". Set it by {type(estimator).__name__}({given}=...) or set_params"
    near = get_close_matches(given, signature.parameters, n=1)
    return f". Did you mean {near[0]}?" if near else ""


def check_scoring(scoring: Any, estimator: str) -> None:
    """Raise where this is the name of no scorer; estimator names the class."""
    if not isinstance(scoring, str) or scoring == "loss":
        return
    names = get_scorer_names()
    if scoring in names:
        return
    near = get_close_matches(scoring, [*names, "loss"], n=3, cutoff=0.5)
    advice = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise InvalidParameterError(
        f"The 'scoring' parameter of {estimator} must be 'loss', a callable or the "
        f"name of a scorer, got {scoring!r}. {advice}"
        "sklearn.metrics.get_scorer_names() returns all names."
    )


@contextmanager
def of_validation() -> Iterator[None]:
    """Have an error about X, y or sample_weight say that it is X_val and the like."""
    with error_context("X_val, y_val and sample_weight_val"):
        try:
            yield
        except (TypeError, ValueError) as error:
            about = re.search(r"\b(X|y|sample_weight)\b", str(error))
            if about:
                error.args = (f"{about[0]}_val: {error}", *error.args[1:])
            raise


def is_plain(X: Any, n_features: int) -> bool:
    """Whether X is an array that scikit-learn would neither reject nor change."""
    if type(X) is not np.ndarray or X.dtype.char not in "fd" or X.ndim != 2:
        return False
    if X.shape[0] == 0 or X.shape[1] != n_features:
        return False
    if X.size <= SMALL:
        return bool(np.isfinite(X).all())
    with np.errstate(over="ignore"):
        return bool(np.isfinite(X.sum()))


def check_hidden_layer_sizes(value: Any) -> tuple[int, ...]:
    """Return the units of each hidden layer as a tuple of int."""
    several = isinstance(value, Iterable) and getattr(value, "ndim", 1) > 0
    ordered = several and not isinstance(value, Mapping | Set)
    sizes = list(value) if ordered else [value]
    if not all(isinstance(n, Integral) and not isinstance(n, bool) for n in sizes):
        raise ValueError(
            "hidden_layer_sizes must be an integer or a sequence of integers, one for "
            f"each hidden layer, got {value!r}."
        )
    if any(size <= 0 for size in sizes):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {sizes}.")
    return tuple(int(size) for size in sizes)


def look_up(table: dict[str, Any], name: str, parameter: str) -> Any:
    """Return what a name stands for."""
    if name not in table:
        raise ValueError(
            f"The {parameter!r} parameter must be one of {sorted(table)}, got {name!r}."
        )
    return table[name]


def check_activation(value: Any, n_hidden_layers: int) -> list[Any]:
    """Return each layer's activation, a name or an object, as `initialize` takes them.

    The output layer counts as the last hidden one, as in scikit-learn.
    """
    check_object(value, "activation")
    if _is_activation(value):
        return [value] * (n_hidden_layers + 1)
    chosen = [value] if isinstance(value, str) else list(value)
    for one in chosen:
        if not _is_activation(one):
            raise ValueError(
                f"The 'activation' parameter must be one of {sorted(ACTIVATIONS)}, an "
                "object with the methods value(z) and derivative(z, a), or a sequence "
                f"of them, one for each hidden layer. Got {one!r} in {value!r}."
            )
    if len(chosen) != n_hidden_layers:
        raise ValueError(
            f"activation={value!r} names {len(chosen)} activations, but "
            f"hidden_layer_sizes has {n_hidden_layers} hidden layers; give one for "
            "each, or a single one for all."
        )
    return [*chosen, chosen[-1] if chosen else "identity"]


def _is_activation(value: Any) -> bool:
    if isinstance(value, str):
        return value in ACTIVATIONS
    if isinstance(value, type):
        return False
    return all(callable(getattr(value, name, None)) for name in ("value", "derivative"))


def check_object(value: Any, name: str) -> None:
    """Raise where a class was passed instead of an object of it."""
    if isinstance(value, type):
        kind = value.__name__
        raise TypeError(
            f"{name} must be an object, got the class {kind}: pass {kind}() instead."
        )


def check_loss(loss: Any, links: Iterable[str]) -> Loss:
    """Return a loss of the user's own, whose link must be one of these."""
    link, links = getattr(loss, "link", None), sorted(links)
    if link not in links:
        why = ""
        if links == ["logistic"]:
            why = ", which two classes and several labels have"
            why += "; out_activation='softmax' gives two classes a softmax"
        elif links == ["softmax"]:
            why = ", which several classes have"
        raise ValueError(
            f"loss={loss!r} must have an attribute link that says what turns raw "
            f"outputs into predictions: {' or '.join(map(repr, links))}{why}. Got "
            f"{link!r}."
        )
    return loss


def check_dropout(value: Any, n_hidden_layers: int) -> tuple[float, ...]:
    """Return the rate of each hidden layer, nothing where all are zero."""
    if type(value) is float and value == 0:
        return ()
    if isinstance(value, Real):
        rates = [float(value)] * n_hidden_layers
    else:
        rates = [float(rate) if isinstance(rate, Real) else nan for rate in value]
    if not all(0 <= rate < 1 for rate in rates):
        raise ValueError(
            "dropout must be a rate from 0 to below 1, or one for each hidden layer; "
            f"got {value!r}."
        )
    if len(rates) != n_hidden_layers:
        raise ValueError(
            f"dropout={value!r} has {len(rates)} rates, but hidden_layer_sizes has "
            f"{n_hidden_layers} hidden layers; give one for each, or a single rate for "
            "all."
        )
    return tuple(rates) if any(rates) else ()


def set_initial(arrays: list[FloatArray], start: Any, name: str) -> None:
    """Write the user's weights or biases, one array for each layer, over the drawn."""
    if start is None:
        return
    shapes = [array.shape for array in arrays]
    start = list(start) if isinstance(start, Iterable) else [start]
    if len(start) != len(arrays):
        raise ValueError(
            f"{name} must have an array for each of the {len(arrays)} layers, of "
            f"shapes {', '.join(map(str, shapes))}; got {len(start)}."
        )
    for layer, (array, given) in enumerate(zip(arrays, start, strict=True)):
        label = f"{name}[{layer}]"
        with error_context(label):
            given = check_features(given, label)
            given = check_array(given, ensure_2d=False, input_name=label)
        if given.shape != array.shape:
            raise ValueError(
                f"{name}[{layer}] must have shape {array.shape}, as hidden_layer_sizes "
                f"and the data ask for; got {given.shape}."
            )
        array[:] = given


def as_column(y: Any) -> Any:
    """Return y of a single column as a vector, with a warning, others as they are."""
    if y.ndim != 2 or y.shape[1] != 1:
        return y
    warn(
        "A column-vector y was passed when a 1d array was expected. Please change the "
        "shape of y to (n_samples,), for example using ravel().",
        DataConversionWarning,
    )
    return column_or_1d(y)


def check_sample_weight(
    sample_weight: Any, X: Features, dtype: np.dtype
) -> FloatArray | None:
    """Return the weights in the precision of the training."""
    if sample_weight is None:
        return None
    if not isinstance(sample_weight, Real):  # one for all
        sample_weight = check_features(sample_weight, "sample_weight")
    checked = sklearn.check_sample_weight(sample_weight, X, ensure_non_negative=True)
    with np.errstate(over="ignore"):
        weights = checked.astype(dtype, copy=False)
    if not weights.any():  # all zero, or too small for the precision
        raise ValueError(
            f"Sample weights must contain at least one non-zero number (as {dtype})."
        )
    if not np.isfinite(weights).all():
        raise ValueError(f"Sample weights must be finite as {dtype}.")
    return weights


def check_target_range(y: FloatArray, loss: Loss, name: str) -> None:
    """Raise where the loss is not defined for a target."""
    if hasattr(loss, "in_target_range") and not loss.in_target_range(y):
        raise ValueError(
            f"Some value(s) of y are out of the valid range of loss={name!r}, which "
            f"needs {getattr(loss, 'target_range', 'others')}; the smallest is "
            f"{y.min()}. Use another loss, "
            "or correct y."
        )


def check_batch_size(value: Any, n_samples: int) -> int:
    """Return the number of samples in a batch."""
    if value == "auto":
        return min(200, n_samples)
    if value == "full":
        return n_samples
    if value > n_samples:
        warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to "
            f"be clipped: batch_size={value} is now n_samples={n_samples}.",
        )
    return min(int(value), n_samples)


def training_dtype(dtype: str | None, X: Features) -> np.dtype:
    """Return the precision asked for, or that of X, or float64."""
    if dtype is not None:
        return np.dtype(dtype)
    return X.dtype if X.dtype in (np.float32, np.float64) else np.dtype(np.float64)


def _largest(values: Features) -> float:
    """Return the largest absolute value, without a copy of them."""
    return max(float(values.max()), -float(values.min()))


def advise_on_divergence(
    X: Features, y: FloatArray, link: str, learning_rate: float | None
) -> str:
    """Say why the loss has probably become infinite, and what to try."""
    largest_x, largest_y = _largest(X), _largest(y)
    if largest_x > LARGE_VALUE:
        return (
            f"The likely cause is unscaled features, the largest is {largest_x:.3g}: "
            "put a StandardScaler before the network."
        )
    if largest_y > LARGE_VALUE and link == "identity":
        return (
            f"The likely cause is unscaled targets, the largest is {largest_y:.3g}: "
            "scale them, with TransformedTargetRegressor say."
        )
    if learning_rate is None:
        return "Try a larger alpha, other features or another loss."
    return (
        f"The likely cause is too large a learning rate: try "
        f"learning_rate_init={learning_rate / 10:g} instead of {learning_rate:g}."
    )
