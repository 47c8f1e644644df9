"""Case: a fitted network with its samples, and what is measured of it."""

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
LEARNED = 0.1  # below it, what is not as it should be has done no harm
MARGIN = 0.25  # so much must be gained, or lost, to speak of a cause

MOST_ROWS = 2000  # of larger data a sample of rows tells the same
LEAST_PROBABILITY = 1e-9


@dataclass(frozen=True)
class Case:
    """All that findings are drawn from.

    Losses are told in units of `guess`: 1 is what a network reaches that gives every
    sample the same answer, 0 is perfect.

    Attributes
    ----------
    estimator : NeuronClassifier or NeuronRegressor
        Fitted.
    samples : Samples
        Some of what it was fitted on.
    n_samples : int
        How many that was.
    validation : Samples or None
        Samples that it was not fitted on.
    """

    estimator: Any
    samples: Samples
    n_samples: int
    validation: Samples | None

    @cached_property
    def settings(self) -> Settings:
        """The training that its parameters ask for."""
        return settings(self.estimator)

    @cached_property
    def objective(self) -> Objective:
        """The function that training minimises."""
        fitted, _ = self.estimator._learned_arrays()
        return replace(fitted, alpha=self.settings.alpha, l1=self.settings.l1)

    @property
    def activations(self) -> list[Any]:
        """Those of the hidden layers."""
        return [layer.activation for layer in self.objective.network.layers[:-1]]

    @cached_property
    def parameters(self) -> Parameters:
        """A copy of its weights and biases."""
        objective, layers = self.estimator._learned_arrays()
        return Parameters.from_arrays(objective.network, layers, self.samples.dtype)

    @cached_property
    def guess(self) -> float:
        """The loss of the best answer that is the same for all samples, about."""
        y, w = self.samples.y, self.samples.sample_weight
        loss = self.objective.loss
        raw = [z.astype(self.samples.dtype) for z in _constants(loss, y, w)]
        return min(mean_loss(loss, np.tile(z, (len(y), 1)), y, w) for z in raw)

    @cached_property
    def targets_vary(self) -> bool:
        """Whether there is anything to learn, as far as the loss can tell."""
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
        """How many steps training has made, about."""
        size = self.settings.samples_per_step(self.n_samples)
        return len(self.curve) * -(-self.n_samples // size)

    @cached_property
    def flow(self) -> Flow:
        """What the samples do to the hidden layers."""
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
        """The network's loss on what the trials are judged by."""
        return self.relative(self.trials.loss_of(self.parameters))

    @cached_property
    def own_trial(self) -> float:
        """What the network reaches from fresh weights in a trial."""
        return self.relative(self.trials.loss_after())

    @cached_property
    def best_trial(self) -> tuple[float, float]:
        """The learning rate that goes furthest in a trial, and the loss it reaches."""
        losses = [self.relative(self.trials.loss_after(rate)) for rate in RATES]
        best = int(np.argmin(losses))
        return RATES[best], losses[best]

    @cached_property
    def trial_without_penalty(self) -> float:
        """What the network reaches in a trial with alpha=0."""
        return self.relative(self.trials.loss_after(without_penalty=True))


def _constants(
    loss: Loss, y: FloatArray, sample_weight: FloatArray | None
) -> list[FloatArray]:
    """Return raw outputs that may be the best for all samples alike."""
    p = np.average(y, axis=0, weights=sample_weight)
    positive = np.maximum(p, LEAST_PROBABILITY)
    if loss.link == "logistic":
        return [logit(np.minimum(positive, 1 - LEAST_PROBABILITY))]
    if loss.link in ("softmax", "exp"):
        return [np.log(positive)]
    if loss.link == "increasing":  # by softplus(z), which is turned around
        spread = np.arange(1, y.shape[1] + 1) / (y.shape[1] + 1)
        levels = getattr(loss, "quantiles", spread)
        steps = np.diff(np.quantile(y[:, 0], levels), prepend=0.0)
        steps[1:] = np.maximum(steps[1:], LEAST_PROBABILITY)
        steps[1:] += np.log(-np.expm1(-steps[1:]))
        return [steps]
    # losses other than the squared one ask for quantiles
    return [p, *np.quantile(y, np.linspace(0.05, 0.95, 19), axis=0)]
