"""Divergence: an error with advice, for a loss or parameter that is not finite."""

import numpy as np

from .._engines import Samples
from .._types import Features
from .stopping import Epoch

LARGE_VALUE = 1e3  # after a divergence, larger data are called unscaled


class RaiseIfNotFinite:
    """Raise if the loss or a parameter is NaN or infinite.

    Not a callback, because it need not see every epoch: engines end a run after the
    first such one.

    Parameters
    ----------
    samples : Samples
        The training data.
    link : str
        The link of the loss.
    learning_rate : float or None
        None stands for L-BFGS, which has none.
    """

    def __init__(
        self, samples: Samples, link: str, learning_rate: float | None
    ) -> None:
        self.samples = samples
        self.link = link
        self.learning_rate = learning_rate

    def __call__(self, epoch: Epoch) -> None:
        if np.isfinite(epoch.loss) and np.isfinite(epoch.parameters.vector).all():
            return
        raise ValueError(
            f"Solver produced non-finite parameter weights or loss: training stopped "
            f"at iteration {epoch.number} with loss {epoch.loss}. {self.advice()}"
        )

    def advice(self) -> str:
        """Return the likely cause, and a remedy."""
        largest_x, largest_y = _largest(self.samples.X), _largest(self.samples.y)
        if largest_x > LARGE_VALUE:
            return (
                "The likely cause is unscaled features, the largest is "
                f"{largest_x:.3g}: put a StandardScaler before the network."
            )
        if largest_y > LARGE_VALUE and self.link == "identity":
            return (
                "The likely cause is unscaled targets, the largest is "
                f"{largest_y:.3g}: scale them, with TransformedTargetRegressor say."
            )
        rate = self.learning_rate
        if rate is None:
            return "Try a larger alpha, other features or another loss."
        return (
            f"The likely cause is too large a learning rate: try "
            f"learning_rate_init={rate / 10:g} instead of {rate:g}."
        )


def _largest(values: Features) -> float:
    """Return the largest absolute value, without copying the array."""
    return max(float(values.max()), -float(values.min()))
