"""Losses: what training minimises, as a function of the raw outputs z.

Pass one as `loss=`, with parameters that belong to it alone:
`NeuronRegressor(loss=Huber(delta=2))`, tuned as `loss__delta`. Any object with the
attribute `link` and the method `value_and_gradient` of `Loss` will do; it runs on the
NumPy engine, and :func:`skneuron.check_gradient` checks its derivative.

A loss includes its link, which turns z into a prediction p, so that its derivative with
respect to z is exact. `LogLoss` and `SquaredError` exist for several links: the
estimator chooses the one that fits the targets.
"""

from ._base import ByColumn as ByColumn
from ._base import Loss
from ._base import as_loss as as_loss
from ._classification import CLASSIFICATION_LOSSES as CLASSIFICATION_LOSSES
from ._classification import LogLoss
from ._classification import classification_loss as classification_loss
from ._links import INVERSE_LINKS as INVERSE_LINKS
from ._links import softmax as softmax
from ._regression import REGRESSION_LOSSES as REGRESSION_LOSSES
from ._regression import (
    AbsoluteError,
    GammaDeviance,
    Huber,
    PoissonDeviance,
    Quantile,
)
from ._regression import Quantiles as Quantiles
from ._regression import regression_loss as regression_loss
from ._squared_error import SquaredError

__all__ = [
    "AbsoluteError",
    "GammaDeviance",
    "Huber",
    "LogLoss",
    "Loss",
    "PoissonDeviance",
    "Quantile",
    "SquaredError",
]
