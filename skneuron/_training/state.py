"""Progress: what training has learnt about itself."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .._network.parameters import Parameters
from .history import Record


class _NoEntropy(np.random.bit_generator.ISeedSequence):
    """Seeds a generator whose state is then replaced; a real seed takes 80 us."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray:
        return np.ones(n_words, dtype)


def copied_stream(stream: np.random.RandomState) -> np.random.RandomState:
    """Return a stream that goes on as this one does."""
    generator = np.random.MT19937(_NoEntropy())  # type: ignore[arg-type]
    twin = np.random.RandomState(generator)
    twin.set_state(stream.get_state(legacy=False))
    return twin


@dataclass(frozen=True)
class Plateaued:
    """How training has fared since it last improved.

    Attributes
    ----------
    best : float
        The lowest loss, or the score with its sign changed.
    waited : int
        Epochs in a row that have not improved on it.
    scale : float
        What the learning rate has been multiplied by.
    """

    best: float = np.inf
    waited: int = 0
    scale: float = 1.0


@dataclass
class Progress:
    """What one call of fit or partial_fit leaves for the next.

    `warm_start=True` and `partial_fit` go on from here.

    Attributes
    ----------
    random_state : RandomState
        The stream that orders the samples.
    samples_seen : int
        Training samples times epochs, `t_` of the estimators.
    schedule_time : int
        What the learning-rate schedule goes by: samples_seen, but zero until the
        optimizer has done its first epoch, as in scikit-learn.
    best_loss : float
        The lowest training loss of an epoch.
    best_validation_score : float
        The highest score on the hold-out.
    epochs_without_improvement : int
        What patience is counted by.
    rate_reductions : int
        How often learning_rate="adaptive" has divided the rate.
    epochs_seen : int
        Epochs that the optimizer has done.
    plateau : Plateaued
        What learning_rate="plateau" goes by.
    dropout_seed : int
        What the masks of dropout are drawn by.
    pending_shuffles : tuple of (int, int)
        How many shuffles of how many rows the stream lacks. Where the order of samples
        changes nothing they are put off, to when something is drawn from the stream.
    solver : str or None
        Whose the optimizer state is.
    optimizer_state : object
        None before the first step and after L-BFGS.
    layer_sizes : tuple of int
        The network that the optimizer state belongs to; empty where that is not known.
    """

    random_state: np.random.RandomState
    samples_seen: int = 0
    schedule_time: int = 0
    best_loss: float = np.inf
    best_validation_score: float = -np.inf
    epochs_without_improvement: int = 0
    rate_reductions: int = 0
    epochs_seen: int = 0
    plateau: Plateaued = field(default_factory=Plateaued)
    dropout_seed: int = 0
    pending_shuffles: tuple[int, int] = (0, 0)
    solver: str | None = None
    optimizer_state: Any = None
    layer_sizes: tuple[int, ...] = ()

    def add_epochs(self, n_epochs: int, n_samples: int) -> None:
        """Count epochs that are done."""
        if n_epochs:
            self.samples_seen += n_epochs * n_samples
            self.schedule_time = self.samples_seen
            self.epochs_seen += n_epochs

    def add_pending_shuffles(self, n_shuffles: int, n_rows: int) -> None:
        """Note that the stream lacks so many shuffles."""
        self.pending_shuffles = self.pending_shuffles[0] + n_shuffles, n_rows

    def apply_pending_shuffles(self) -> None:
        """Bring the stream to where it would be if no shuffle had been put off."""
        n_shuffles, n_rows = self.pending_shuffles
        rows = np.arange(n_rows)
        for _ in range(n_shuffles):
            self.random_state.shuffle(rows)
        self.pending_shuffles = (0, 0)

    def start_optimizer(
        self, solver: str, state: Any, layer_sizes: tuple[int, ...]
    ) -> None:
        """Forget what belonged to the optimizer before this one."""
        self.solver = solver
        self.optimizer_state = state
        self.layer_sizes = layer_sizes
        self.schedule_time = 0
        self.rate_reductions = 0
        self.epochs_seen = 0
        self.plateau = Plateaued()


@dataclass(slots=True)
class Epoch:
    """What callbacks are told at the end of an epoch.

    Attributes
    ----------
    number : int
        1 for the first epoch of this fit.
    loss : float
        The mean over the epoch's batches.
    parameters : Parameters
        As they are now; the next epoch changes them in place.
    superseded : bool
        Whether epochs after this one have already run, so that the parameters are
        theirs.
    validation_score : float or None
        The score on the hold-out, once the callback that takes it has run.
    """

    number: int
    loss: float
    parameters: Parameters
    superseded: bool = False
    validation_score: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How a training went.

    Attributes
    ----------
    record : Record
        Of the epochs or iterations that were finished.
    loss : float
        The last of them; that of the start where there was nothing to do, and NaN
        where Ctrl-C came before the first was finished.
    exhausted : bool
        Whether it went through all epochs, and neither a callback nor Ctrl-C ended it.
    validation : object
        The scores and losses of each epoch, where there was a validation.
    """

    record: Record
    loss: float
    exhausted: bool = False
    validation: Any = None
