"""Case: a fitted network, its samples, and the measurements of both."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import logit

from ..._engines import Objective, Samples, choose
from ..._estimators.parameters import settings
from ..._network.parameters import Parameters
from ..._training.settings import Settings
from ..._training.validation import mean_loss
from ..._types import FloatArray
from ...losses import Loss
from .flow import Flow, flow
from .trials import RATES, Trials

# In units of the loss of a constant guess.
LEARNED = 0.1  # below this loss a defect has done no harm
MARGIN = 0.25  # smaller differences of losses are not reported

MOST_ROWS = 2000  # of larger data, a sample of rows is enough
LEAST_PROBABILITY = 1e-9


@dataclass(frozen=True)
class Case:
    """The data from which findings are made.

    Losses are in units of `guess`: 1 is the loss of a network that predicts the same
    for every sample, 0 is perfect.

    Attributes
    ----------
    estimator : NeuronClassifier or NeuronRegressor
        Fitted.
    samples : Samples
        A sample of the training data.
    n_samples : int
        Number of training samples.
    validation : Samples or None
        Samples that were not trained on.
    """

    estimator: Any
    samples: Samples
    n_samples: int
    validation: Samples | None

    @cached_property
    def settings(self) -> Settings:
        """The settings that the parameters stand for."""
        return settings(self.estimator)

    @cached_property
    def objective(self) -> Objective:
        """The function that training minimises."""
        fitted, _ = self.estimator._learned_arrays()
        return replace(fitted, alpha=self.settings.alpha, l1=self.settings.l1)

    @property
    def activations(self) -> list[Any]:
        """The activations of the hidden layers."""
        network = self.objective.network
        hidden = network.layers[network.n_input_layers : -1]
        return [layer.activation for layer in hidden]

    @cached_property
    def parameters(self) -> Parameters:
        """A copy of everything learned."""
        objective, layers = self.estimator._learned_arrays()
        return Parameters.from_arrays(objective.network, layers, self.samples.dtype)

    @cached_property
    def guess(self) -> float:
        """The approximate loss of the best constant prediction."""
        y, w = self.samples.y, self.samples.sample_weight
        loss = self.objective.loss
        raw = [z.astype(self.samples.dtype) for z in _constants(loss, y, w)]
        return min(mean_loss(loss, np.tile(z, (len(y), 1)), y, w) for z in raw)

    @cached_property
    def targets_vary(self) -> bool:
        """Whether the targets and the loss leave anything to learn."""
        return bool(
            np.ptp(self.samples.y.astype(float), axis=0).any() and self.guess > 0
        )

    @cached_property
    def loss(self) -> float:
        """The network's loss, without the penalty."""
        return self.loss_on(self.samples)

    def loss_on(self, samples: Samples) -> float:
        """Return the network's loss on other samples."""
        objective, parameters = self.objective, self.parameters
        engine = choose("auto", objective, None, samples.X)
        z = engine.raw_outputs(objective.network, parameters.layers, samples.X)
        return self.relative(
            mean_loss(objective.loss, z, samples.y, samples.sample_weight)
        )

    def relative(self, loss: float) -> float:
        """Return a loss in units of the guess's."""
        return loss / self.guess if self.targets_vary else 0.0

    @cached_property
    def curve(self) -> FloatArray:
        """The loss of every epoch."""
        losses = np.array(self.estimator.loss_curve_, dtype=float)
        return losses / self.guess if self.targets_vary else np.zeros_like(losses)

    @property
    def n_steps(self) -> int:
        """The approximate number of steps of training."""
        size = self.settings.samples_per_step(self.n_samples)
        return len(self.curve) * -(-self.n_samples // size)

    @cached_property
    def flow(self) -> Flow:
        """The flow of the samples through the hidden layers."""
        X, y, _ = self.samples.all()
        return flow(self.objective, self.parameters, X, y)

    @cached_property
    def feature_sizes(self) -> FloatArray:
        """The root mean square of each feature."""
        X: Any = self.samples.X
        if sparse.issparse(X):
            return np.sqrt(np.asarray(X.astype(float).power(2).mean(axis=0)).ravel())
        return np.sqrt(np.square(X, dtype=float).mean(axis=0))

    # trials

    @cached_property
    def trials(self) -> Trials:
        return Trials(self.settings, self.objective, self.samples)

    @cached_property
    def held_loss(self) -> float:
        """The network's loss on the half that trials are scored on."""
        return self.relative(self.trials.loss_of(self.parameters))

    @cached_property
    def own_trial(self) -> float:
        """The loss that a trial reaches with the settings of the estimator."""
        return self.relative(self.trials.loss_after())

    @cached_property
    def best_trial(self) -> tuple[float, float]:
        """The learning rate of the best trial, and the loss that it reaches."""
        losses = [self.relative(self.trials.loss_after(rate)) for rate in RATES]
        best = int(np.argmin(losses))
        return RATES[best], losses[best]

    @cached_property
    def trial_without_penalty(self) -> float:
        """The loss that a trial reaches with alpha=0."""
        return self.relative(self.trials.loss_after(without_penalty=True))


def _constants(
    loss: Loss, y: FloatArray, sample_weight: FloatArray | None
) -> list[FloatArray]:
    """Return candidates for the best constant raw outputs."""
    p = np.average(y, axis=0, weights=sample_weight)
    positive = np.maximum(p, LEAST_PROBABILITY)
    if loss.link == "logistic":
        return [logit(np.minimum(positive, 1 - LEAST_PROBABILITY))]
    if loss.link in ("softmax", "exp"):
        return [np.log(positive)]
    if loss.link == "increasing":  # the inverse of softplus
        spread = np.arange(1, y.shape[1] + 1) / (y.shape[1] + 1)
        levels = getattr(loss, "quantiles", spread)
        steps = np.diff(np.quantile(y[:, 0], levels), prepend=0.0)
        steps[1:] = np.maximum(steps[1:], LEAST_PROBABILITY)
        steps[1:] += np.log(-np.expm1(-steps[1:]))
        return [steps]
    # the best constant of losses other than the squared error is a quantile
    return [p, *np.quantile(y, np.linspace(0.05, 0.95, 19), axis=0)]
