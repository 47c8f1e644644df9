"""Members: networks of an ensemble, trained side by side on different folds."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from sklearn import config_context, get_config

from .._estimators.members import fit_on_rows
from .._estimators.sklearn_callbacks import ScikitLearnBridge
from .._training.stopping import INTERRUPTED
from .._types import FloatArray, IndexArray
from .._warnings import Warnings, collected_warnings, warn
from ._pace import Clock, Pace
from ._verbose import PrintMember


@dataclass
class Member:
    """A network and the rows that it trains on and is validated by.

    Attributes
    ----------
    network : NeuronClassifier or NeuronRegressor
    train, held_out : ndarray of int
    scorer : callable or None
        See `fit_on_rows`.
    is_finished : bool
        Whether training has ended by itself, and not by Ctrl-C.
    """

    network: Any
    train: IndexArray
    held_out: IndexArray
    scorer: Callable[[Any, Any], float] | None = None
    is_finished: bool = False

    @property
    def is_trained(self) -> bool:
        """Whether an epoch has ended."""
        return getattr(self.network, "n_iter_", 0) > 0


@dataclass(frozen=True)
class Ensemble:
    """Members, and all that their training needs.

    Attributes
    ----------
    members : sequence of Member
    data : tuple of ndarray
        X, y and sample_weight of all rows, which the members share.
    clock : Clock
    n_threads : int
        Number of members that train at the same time.
    bridge : ScikitLearnBridge
        Reports to callbacks of the user.
    attributes : callable
        From networks, and the rows each has not trained on, to the fitted attributes of
        their ensemble.
    verbose : int
        1 prints a line for each member, more than 1 also one for each epoch.
    warnings : list
        What the members warn of, collected.
    """

    members: Sequence[Member]
    data: tuple[FloatArray, Any, FloatArray | None]
    clock: Clock
    n_threads: int
    bridge: ScikitLearnBridge
    attributes: Callable[[Sequence[Member]], Mapping[str, Any]]
    verbose: int
    warnings: Warnings = field(default_factory=list)

    def train(self) -> bool:
        """Train the networks of the members; return whether Ctrl-C ended it."""
        with collected_warnings(self.warnings):
            try:
                self._train_all()
            except KeyboardInterrupt:
                self.warnings.append((INTERRUPTED, UserWarning))
        for message, category in dict.fromkeys(self.warnings):
            if message != INTERRUPTED:
                warn(message, category)
        return self._was_interrupted()

    def _train_all(self) -> None:
        if self.n_threads > 1:
            self._train_in_threads()
        else:
            for number in range(len(self.members)):
                self._train_member(number)

    def _train_in_threads(self) -> None:
        """Train members in threads; Ctrl-C or an error ends all after their epoch.

        The kernel counts the threads at work in this process: it has helpers for matrix
        products only as long as cores are idle.
        """
        with ThreadPoolExecutor(self.n_threads) as pool:
            try:
                futures = [
                    pool.submit(
                        copy_context().run, self._train_by, get_config(), number
                    )
                    for number in range(len(self.members))
                ]
                for future in as_completed(futures):
                    future.result()  # raises what the member has raised
            except BaseException:
                self.clock.is_stopped = True
                raise

    def _train_by(self, config: dict[str, Any], number: int) -> None:
        with config_context(**config):  # each thread has another
            self._train_member(number)

    def _train_member(self, number: int) -> None:
        """Train a member if there is time for it."""
        member, clock = self.members[number], self.clock
        network, n_rows = member.network, len(member.train)
        always = number < self.n_threads
        if not clock.allows(n_rows, network.max_iter, always=always):
            return
        n_rounds = -(-(len(self.members) - number) // self.n_threads)
        pace = Pace(clock, n_rows, network.max_iter, n_rounds)
        printer = self._printer(number)
        bridge = self._bridge(number)
        fit_on_rows(
            network,
            *self.data,
            member.train,
            member.held_out,
            [pace, printer],
            bridge=bridge,
            epochs_seen=pace.epochs_seen,
            scorer=member.scorer,
        )
        clock.is_stopped |= self._was_interrupted()
        member.is_finished = not clock.is_stopped or network.n_iter_ == network.max_iter
        if member.is_finished:
            printer.result(network, pace.seconds)
        clock.is_closed |= bridge.close(lambda: self._attributes_after(member))

    def _was_interrupted(self) -> bool:
        return any(message == INTERRUPTED for message, _ in self.warnings)

    def _printer(self, number: int) -> PrintMember:
        n_members, network = len(self.members), self.members[number].network
        name = f"Member {number + 1:{len(str(n_members))}} of {n_members}"
        return PrintMember(
            name, network.max_iter, network.scoring == "loss", self.verbose
        )

    def _bridge(self, number: int) -> ScikitLearnBridge:
        """Return the bridge of a member's fit, after whose epochs callbacks see it."""
        member = self.members[number]

        def translate(learned: Mapping[str, Any]) -> Mapping[str, Any]:
            network = copy(member.network)
            vars(network).update(learned)
            return self.attributes([replace(member, network=network)])

        return self.bridge.member(number, member.network.max_iter, translate)

    def _attributes_after(self, member: Member) -> Mapping[str, Any]:
        """Return the attributes of the ensemble without members to come."""
        return self.attributes(
            [other for other in self.members if other.is_finished or other is member]
        )
