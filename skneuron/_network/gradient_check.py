"""Gradient check: comparison of derivatives with finite differences."""

from typing import Any

import numpy as np

from .._types import FloatArray
from ..losses import INVERSE_LINKS

STEP = 1e-6  # the error of a central difference is about STEP²
TOLERANCE = 1e-5
N_SAMPLES = 40


def check_gradient(obj: Any, *, n_outputs: int | None = None) -> float:
    """Check the derivative of a custom activation or loss.

    An **activation** has two methods, which work element by element:

    - `value(z)` returns a = f(z), an array like z
    - `derivative(z, a)` returns f'(z), computed from z, from a, or from both

    A **loss** is a function of the raw outputs z of the last layer:

    - `value_and_gradient(z, y, sample_weight)` returns the sum over samples and outputs
      of the losses, each times its sample's weight, and the derivative of the sum with
      respect to z, an array like z. z and y have shape (n_samples, n_outputs),
      sample_weight has shape (n_samples,) or is None. A classifier's y is boolean: an
      indicator of the classes
    - the attribute `link` names the function that turns z into predictions: 'identity',
      'exp' or 'logistic', or 'softmax' over the outputs. A classifier needs 'logistic'
      for two classes or several labels, 'softmax' for more classes
    - `in_target_range(y)` returns whether all targets are valid; it is needed only if
      some are not

    Such objects are passed as `activation=` and `loss=`, and run on the NumPy engine.
    Those of :mod:`skneuron.activations` and :mod:`skneuron.losses` have the same
    methods.

    Parameters
    ----------
    obj : object
        The activation or loss.

    n_outputs : int, default=None
        Number of outputs that a loss is checked with. None means 3 for 'softmax' and 1
        for other links.

    Returns
    -------
    error : float
        Largest difference from central differences, relative to values above one.

    Raises
    ------
    ValueError
        If a derivative is wrong, or of the wrong shape or precision; the message says
        where. At a kink the derivative is undefined, and the check may fail by chance.

    TypeError
        If the object is a class, or neither an activation nor a loss.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronRegressor, check_gradient
    >>> class Sine:
    ...     def value(self, z):
    ...         return np.sin(z)
    ...     def derivative(self, z, a):
    ...         return np.cos(z)
    >>> check_gradient(Sine()) < 1e-8
    True
    >>> X = np.linspace(-3, 3, 50).reshape(-1, 1)
    >>> reg = NeuronRegressor(8, Sine(), solver="lbfgs", random_state=0)
    >>> reg.fit(X, np.sin(2 * X).ravel()).score(X, np.sin(2 * X).ravel()) > 0.99
    True
    """
    if isinstance(obj, type):
        raise TypeError(
            f"check_gradient takes an object, got the class {obj.__name__}: pass "
            f"{obj.__name__}() instead."
        )
    if hasattr(obj, "value_and_gradient"):
        return _check_loss(obj, n_outputs)
    if hasattr(obj, "value") and hasattr(obj, "derivative"):
        return _check_activation(obj)
    if hasattr(obj, "with_link"):
        raise TypeError(
            f"{obj!r} takes its form from the link of the outputs: pass "
            f"{obj!r}.with_link('logistic') or {obj!r}.with_link('softmax') instead."
        )
    raise TypeError(
        "check_gradient takes an activation, with the methods value(z) and "
        "derivative(z, a), or a loss, with value_and_gradient(z, y, sample_weight); "
        f"{type(obj).__name__} has neither."
    )


def _check_activation(activation: Any) -> float:
    rng = np.random.RandomState(0)
    z = rng.normal(scale=3, size=(N_SAMPLES, 3))
    for dtype in (np.float32, np.float64):
        a = _unchanged(activation.value, z.astype(dtype))
        _check_like(a, z.astype(dtype), f"{activation!r}.value(z)")
        slope = _unchanged(activation.derivative, z.astype(dtype), a)
        if np.asarray(slope).dtype != bool:  # a factor, so 0 and 1 may be bool
            _check_like(slope, a, f"{activation!r}.derivative(z, a)")
    difference = activation.value(z + STEP) - activation.value(z - STEP)
    return _compare(slope, difference / (2 * STEP), f"{activation!r}.derivative", z)


def _check_loss(loss: Any, n_outputs: int | None) -> float:
    link = getattr(loss, "link", None)
    if link not in INVERSE_LINKS:
        raise ValueError(
            f"{loss!r} must have an attribute link, one of {sorted(INVERSE_LINKS)}; "
            f"got {link!r}."
        )
    if n_outputs is None:
        n_outputs = 3 if link == "softmax" else 1
    rng = np.random.RandomState(0)
    z = rng.normal(size=(N_SAMPLES, n_outputs))
    y = _targets(loss, link, n_outputs, rng)
    sample_weight = rng.uniform(0.5, 2, size=N_SAMPLES)
    what = f"{loss!r}.value_and_gradient"

    def call(z: FloatArray, w: FloatArray | None) -> tuple[float, FloatArray]:
        like_z = y if y.dtype == bool else y.astype(z.dtype)
        value, gradient = _unchanged(loss.value_and_gradient, z, like_z, w)
        _check_like(gradient, z, f"The gradient of {what}")
        return value, gradient

    call(z.astype(np.float32), sample_weight.astype(np.float32))
    worst = 0.0
    for w in (None, sample_weight):
        _, gradient = call(z, w)
        differences = np.empty_like(z)
        for element in np.ndindex(z.shape):
            step = np.zeros_like(z)
            step[element] = STEP
            above, below = call(z + step, w)[0], call(z - step, w)[0]
            differences[element] = (above - below) / (2 * STEP)
        suffix = "" if w is None else " with sample weights"
        worst = max(worst, _compare(gradient, differences, what + suffix, z))
    return worst


def _targets(loss: Any, link: str, n_outputs: int, rng: np.random.RandomState) -> Any:
    """Return valid targets of the loss, of shape (N_SAMPLES, n_outputs)."""
    shape = N_SAMPLES, n_outputs
    if link == "softmax":
        return np.eye(n_outputs, dtype=bool)[rng.randint(n_outputs, size=N_SAMPLES)]
    if link == "logistic":
        return rng.uniform(size=shape) < 0.5
    y = rng.normal(size=shape)
    takes = getattr(loss, "in_target_range", lambda y: True)
    return y if takes(y) else np.abs(y) + 0.1


def _unchanged(function: Any, *arrays: Any) -> Any:
    """Return what the function returns; raise if it changes its arguments."""
    copies = [None if a is None else a.copy() for a in arrays]
    result = function(*arrays)
    for array, copy in zip(arrays, copies, strict=True):
        if copy is not None and not np.array_equal(array, copy):
            raise ValueError(f"{function!r} must not change its arguments.")
    return result


def _check_like(result: Any, like: FloatArray, what: str) -> None:
    found = np.shape(result), np.asarray(result).dtype
    if found != (like.shape, like.dtype):
        raise ValueError(
            f"{what} must be an array of shape {like.shape} and {like.dtype}, as z is; "
            f"got shape {found[0]} and {found[1]}."
        )


def _compare(claimed: Any, differences: FloatArray, what: str, z: FloatArray) -> float:
    """Return the largest error; raise if it is too large."""
    errors = np.abs(claimed - differences) / np.maximum(1, np.abs(differences))
    errors[np.isnan(errors)] = np.inf
    where = np.unravel_index(np.argmax(errors), errors.shape)
    if errors[where] > TOLERANCE:
        raise ValueError(
            f"{what} is wrong: at z={z[where]:.4g} it says {claimed[where]:.6g}, but "
            f"differences of the values say {differences[where]:.6g}."
        )
    return float(errors[where])
