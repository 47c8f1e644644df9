"""Losses: functions of the raw outputs z that training minimises.

Pass one as `loss=`, with its parameters: `NeuronRegressor(loss=Huber(delta=2))`, tuned
as `loss__delta`. Any object with the attribute `link` and the method
`value_and_gradient` of `Loss` works; it runs on the NumPy engine, and
:func:`skneuron.check_gradient` checks its derivative.

A loss includes its link, which turns z into a prediction p, so that its derivative with
respect to z is exact. `LogLoss` and `SquaredError` exist for several links: the
estimator chooses the one that fits the targets.
"""

from . import _classification, _regression
from ._base import ByColumn as ByColumn
from ._base import Loss
from ._base import as_loss as as_loss
from ._classification import *  # noqa: F403  # a new loss is then named in one file
from ._classification import CLASSIFICATION_LOSSES as CLASSIFICATION_LOSSES
from ._classification import ClassificationLossName as ClassificationLossName
from ._classification import classification_loss as classification_loss
from ._links import INVERSE_LINKS as INVERSE_LINKS
from ._links import softmax as softmax
from ._regression import *  # noqa: F403
from ._regression import REGRESSION_LOSSES as REGRESSION_LOSSES
from ._regression import Quantiles as Quantiles
from ._regression import RegressionLossName as RegressionLossName
from ._regression import regression_loss as regression_loss
from ._squared_error import SquaredError

__all__ = ["Loss", "SquaredError"]
__all__ += _classification.__all__
__all__ += _regression.__all__
