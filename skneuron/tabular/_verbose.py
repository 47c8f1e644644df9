"""Lines that `verbose` prints: one a member, or one an epoch."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from .._training.stopping import Epoch

_printing = Lock()  # members train in threads


def print_line(line: str) -> None:
    """Print a line whole, whatever other threads print."""
    with _printing:
        print(line, flush=True)


@dataclass(frozen=True)
class PrintMember:
    """Prints the epochs of a member, and its result.

    Attributes
    ----------
    name : str
    max_iter : int
    by_loss : bool
        Whether the validation score is the negative loss.
    verbose : int
        1 prints the result, more than 1 also the epochs.
    """

    name: str
    max_iter: int
    by_loss: bool
    verbose: int

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:
        if self.verbose > 1:
            print_line(
                f"{self.name}, {self._number(epoch.number)}: "
                f"loss {epoch.loss:#.6g}, {self._score(epoch.validation_score)}"
            )
        return False

    def result(self, network: Any, seconds: float) -> None:
        """Print the best epoch of the trained network."""
        if self.verbose:
            score = self._score(network.best_validation_score_)
            number = self._number(network.best_iter_)
            print_line(f"{self.name}: {score} after {number}, {seconds:.3g} s")

    def _number(self, epoch: int) -> str:
        return f"epoch {epoch:{len(str(self.max_iter))}} of {self.max_iter}"

    def _score(self, score: Any) -> str:
        if self.by_loss:
            return f"validation loss {-score:#.6g}"
        return f"validation score {score:#.6g}"
