"""Layers between the features and the first hidden layer.

Pass them as `input_layers=`, in order:
`NeuronRegressor(input_layers=[Periodic(), Scale()])`, tuned as
`input_layers__0__n_frequencies`. Their learned parameters are in `input_parameters_`.

A layer object holds hyperparameters only; `build` returns the layer for so many inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Protocol

import numpy as np
from sklearn.base import BaseEstimator

from ._network import periodic, scale
from ._network.layer import Layer
from ._sklearn import Interval

__all__ = ["InputLayer", "Periodic", "Scale"]

RATE = [Interval(Real, 0, None, closed="left")]


class InputLayer(Protocol):
    """The method of a layer object.

    Examples
    --------
    Any object with this method is one:

    >>> from skneuron import NeuronClassifier
    >>> from skneuron.layers import Scale
    >>> class SlowScale:
    ...     def build(self, n_inputs):
    ...         return Scale(rate=0.5).build(n_inputs)
    >>> clf = NeuronClassifier(input_layers=[SlowScale()])
    """

    def build(self, n_inputs: int) -> Layer:
        """Return the layer for this number of inputs."""


@dataclass(repr=False)
class Scale(BaseEstimator):
    """Learned input scaling: each input times a factor that starts at 1.

    Output j is s_j x_j, where s is learned: inputs that help get a larger factor and
    thereby larger gradients. It is the scaling layer of RealMLP: Holzmüller, Grinsztajn
    and Steinwart (2024), arXiv:2407.04491. The factors are not penalised.

    Parameters
    ----------
    rate : float, default=6.0
        Factor for the learning rate of s, 0 or more. 'lbfgs' has no learning rate, so
        it ignores factors above 0; with 0, s stays at 1.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronRegressor
    >>> from skneuron.layers import Scale
    >>> X = np.random.RandomState(0).uniform(-1, 1, size=(200, 5))
    >>> y = np.sin(3 * X[:, 2])  # the other features are noise
    >>> reg = NeuronRegressor(20, input_layers=[Scale()], random_state=0).fit(X, y)
    >>> int(reg.input_parameters_[0]["factors"].argmax())
    2
    """

    rate: float = 6.0

    _parameter_constraints = {"rate": RATE}

    def build(self, n_inputs: int) -> Layer:
        """Return the layer for this number of inputs."""
        return scale.Scale(n_inputs, float(self.rate))


@dataclass(repr=False)
class Periodic(BaseEstimator):
    """Learned periodic features of numbers, appended to the inputs.

    The outputs are the inputs, followed by three features of each chosen input x:

        W' cos(2π w x + b) + c

    with w, b in R^k, W in R^(k x 3) and c in R^3 learned for each input, where k is
    `n_frequencies`. A function that changes quickly with x is nearly linear in them.
    These are the PBLD embeddings of RealMLP: Holzmüller, Grinsztajn and Steinwart
    (2024), arXiv:2407.04491, after Gorishniy, Rubachev and Babenko (2022),
    arXiv:2203.05556. The parameters are not penalised. Scale the features first.

    Initially w is normal with deviation `sigma`, b uniform within ±π, and W and c
    uniform within ±1/sqrt(k), whatever the `init` of the network.

    Parameters
    ----------
    n_frequencies : int, default=16
        Number of frequencies of each input, 1 or more.

    columns : array-like of int or of bool, default=None
        Inputs that are numbers: their indices, where negative ones count from the last,
        or a mask with an entry for each input. None means all. Leave out inputs with
        few different values, such as the columns of a one-hot encoding.

    sigma : float, default=0.1
        Standard deviation of the initial frequencies, above 0. Larger values fit
        functions that change faster.

    rate : float, default=1.0
        Factor for the learning rate of w, b, W and c, 0 or more. 'lbfgs' has no
        learning rate, so it ignores factors above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from skneuron import NeuronRegressor
    >>> from skneuron.layers import Periodic
    >>> X = np.random.RandomState(0).uniform(-1, 1, size=(300, 1))
    >>> y = np.sin(25 * X[:, 0])
    >>> params = {"learning_rate_init": 0.01, "max_iter": 300, "random_state": 0}
    >>> plain = NeuronRegressor(20, **params).fit(X, y)
    >>> reg = NeuronRegressor(20, input_layers=[Periodic(sigma=2)], **params).fit(X, y)
    >>> plain.score(X, y) < 0.5 and reg.score(X, y) > 0.95
    True
    >>> reg.coefs_[0].shape
    (4, 20)
    """

    n_frequencies: int = 16
    columns: Sequence[int] | Sequence[bool] | np.ndarray | None = None
    sigma: float = 0.1
    rate: float = 1.0

    _parameter_constraints = {
        "n_frequencies": [Interval(Integral, 1, None, closed="left")],
        "columns": ["array-like", None],
        "sigma": [Interval(Real, 0, None, closed="neither")],
        "rate": RATE,
    }

    def build(self, n_inputs: int) -> Layer:
        """Return the layer for this number of inputs; raise if columns does not fit."""
        return periodic.Periodic(
            n_inputs,
            columns=_indices(self.columns, n_inputs),
            n_frequencies=int(self.n_frequencies),
            sigma=float(self.sigma),
            rate=float(self.rate),
        )


def _indices(columns: Any, n_inputs: int) -> tuple[int, ...]:
    """Return the indices, from 0, of the columns of a Periodic layer."""
    if columns is None:
        return tuple(range(n_inputs))
    given = _as_array(columns)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iub"):
        raise ValueError(
            "columns of Periodic must be a sequence of indices, a mask with an entry "
            f"for each input, or None for all inputs; got {columns!r}."
        )
    if given.dtype == bool:
        if len(given) != n_inputs:
            raise ValueError(
                "columns of Periodic is a mask, so it needs an entry for each of the "
                f"{n_inputs} inputs of the layer; got {len(given)}."
            )
        return tuple(np.flatnonzero(given).tolist())
    outside = [j for j in given.tolist() if not -n_inputs <= j < n_inputs]
    if outside:
        raise ValueError(
            f"columns of Periodic has {outside[0]!r}, but the layer has {n_inputs} "
            f"inputs: use indices from {-n_inputs} to {n_inputs - 1}."
        )
    indices = tuple(j % n_inputs for j in given.tolist())
    if len(set(indices)) < len(indices):
        raise ValueError(
            f"columns of Periodic names an input twice: {columns!r}. Name each once."
        )
    return indices


def _as_array(columns: Any) -> np.ndarray:
    try:
        return np.asarray(columns)
    except ValueError:  # sequences of unequal length
        return np.asarray(columns, dtype=object)
