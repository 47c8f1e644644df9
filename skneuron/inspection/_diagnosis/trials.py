"""Trials: short runs of the same network from fresh weights.

Fitted weights do not show whether the learning rate was right: dead units and a flat
loss have many causes. So several rates are tried: Smith (2017), "Cyclical learning
rates for training neural networks", arXiv:1506.01186, section 3.3.
"""

from dataclasses import replace

import numpy as np

from ..._engines import Objective, Run, Samples, choose
from ..._network.parameters import Parameters
from ..._training.row_order import RowOrder
from ..._training.settings import Settings
from ..._training.validation import mean_loss
from ..._types import FloatArray

STEPS = 200  # enough for a good rate to be far better than a constant guess
FEWEST_STEPS = 30  # for large networks, whose steps are slow and effective
WORK = 4e9  # multiplications of a trial's forward passes: about a second
RATES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
FEWEST_ROWS = 40  # with fewer, no half is held out


class Trials:
    """Runs that train on one half of some samples, with losses on the other half.

    The other half does not reward memorising. The diagnosed network was trained on both
    halves, so a trial with a lower loss is certainly better.

    Parameters
    ----------
    settings : Settings
        With an optimizer.
    objective : Objective
        The function that trials minimise.
    samples : Samples
        In no particular order.

    Attributes
    ----------
    n_steps : int
        The minimum number of steps; a trial ends after a whole epoch.
    own_rates : list of float
        The learning rate of the settings in each epoch.
    """

    def __init__(
        self, settings: Settings, objective: Objective, samples: Samples
    ) -> None:
        self.settings = settings
        self.objective = objective
        n_samples = samples.X.shape[0]
        self.train = self.held = samples
        if n_samples >= FEWEST_ROWS:
            rows = np.arange(n_samples)
            self.train = samples.part(rows[: n_samples // 2])
            self.held = samples.part(rows[n_samples // 2 :])
        n_rows = self.train.X.shape[0]
        self.batch_size = settings.samples_per_step(n_rows)
        n_weights = sum(part.stop - part.start for part in objective.network.penalised)
        work = n_weights * self.batch_size
        self.n_steps = min(STEPS, max(FEWEST_STEPS, int(WORK / work)))
        self.n_epochs = -(-self.n_steps // -(-n_rows // self.batch_size))
        schedule = settings.schedule
        self.own_rates = [schedule(n_rows * k, k) for k in range(self.n_epochs)]

    def loss_of(self, parameters: Parameters) -> float:
        """Return the mean loss on the held half, without the penalty."""
        held, objective = self.held, self.objective
        engine = choose("auto", objective, None, held.X)
        z = engine.raw_outputs(objective.network, parameters.layers, held.X)
        loss = mean_loss(objective.loss, z, held.y, held.sample_weight)
        return loss if np.isfinite(loss) else np.inf

    def loss_after(
        self, rate: float | None = None, *, without_penalty: bool = False
    ) -> float:
        """Return the loss after a trial at a rate; None means the estimator's rates."""
        objective = self.objective
        if without_penalty:
            objective = replace(objective, alpha=0.0, l1=0.0)
        rates = self.own_rates if rate is None else [rate] * self.n_epochs
        parameters = self._fresh()
        self._train(objective, parameters, rates)
        if not np.isfinite(parameters.vector).all():
            return np.inf
        return self.loss_of(parameters)

    def _fresh(self) -> Parameters:
        stream, dtype = np.random.RandomState(0), self.train.dtype
        return self.settings.initial(self.objective.network, stream, dtype)

    def _train(
        self, objective: Objective, parameters: Parameters, rates: list[float]
    ) -> None:
        train, optimizer = self.train, self.settings.optimizer
        assert optimizer is not None
        order = RowOrder(None, train.X.shape[0], self.batch_size, shuffle=True)
        rows = order.runs(order.start(), np.random.RandomState(0))(self.n_epochs)
        run = Run(rows, self.batch_size, rates, self.settings.step_rule)
        engine = choose("auto", objective, optimizer, train.X)
        state = optimizer.init(parameters.vector)
        engine.train_epochs(objective, parameters, optimizer, state, train, run)


def geometric_mean(rates: list[float]) -> float:
    """Return the geometric mean of learning rates."""
    logarithms: FloatArray = np.log(np.maximum(rates, 1e-300))
    return float(np.exp(logarithms.mean()))
