"""Bridge to scikit-learn's callbacks, which estimators support from 1.9 on."""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import Any, Self, TypeAlias

from .._training.fitting import Fit
from .._training.stopping import Epoch
from .fitted import input_parameters

try:
    from sklearn.callback import CallbackSupportMixin as ScikitLearnMixin
except ImportError:  # before 1.9 there is no set_callbacks

    class CallbackSupportMixin:
        """Empty mixin, for a scikit-learn without callbacks."""

else:

    class CallbackSupportMixin(ScikitLearnMixin):  # type: ignore[no-redef]
        """scikit-learn's mixin, which also distinguishes estimators from clones."""

        def set_callbacks(self, *callbacks: Any) -> Self:
            """Set the callbacks to call before and after `fit` and each of its epochs.

            Parameters
            ----------
            *callbacks : callback instances
                They replace those that were set before.

            Returns
            -------
            self : object
                The estimator.
            """
            super().set_callbacks(*callbacks)
            # A search also calls this, to pass its own callbacks to a clone.
            if not hasattr(self, "_parent_callback_ctx"):
                self._has_set_callbacks = True
            return self


# Attributes that set_callbacks and a fit in progress leave in an estimator.
CALLBACK_STATE = (
    "_has_set_callbacks",
    "_skl_callbacks",
    "_skl_callbacks_to_teardown",
    "_callback_fit_ctx",
    "_parent_callback_ctx",
)


Attributes: TypeAlias = Mapping[str, Any]
"""The values of fitted attributes by their names."""


class ScikitLearnBridge:
    """Report every epoch to the callbacks that a user gave to `set_callbacks`.

    It opens a task for the estimator's fit, with a sub-task for each epoch: `epochs`
    opens the sub-tasks, and calling the bridge closes them. The fit of an ensemble has
    a sub-task for each member instead, with the epochs below it. Without user
    callbacks, or before scikit-learn 1.9, it does nothing.

    Parameters
    ----------
    estimator : estimator
        The user's, on which the callbacks were set.
    X, y, sample_weight : array-like
        As the user passed them.
    has_members : bool
        Whether it is an ensemble, which calls `begin` once it knows its members.

    Attributes
    ----------
    learned : mapping
        Results of training other than the parameters, by the names of attributes;
        callbacks receive an estimator that has them.
    """

    def __init__(
        self,
        estimator: Any,
        X: Any,
        y: Any,
        sample_weight: Any,
        *,
        has_members: bool = False,
    ) -> None:
        self.estimator = estimator
        self.learned: Attributes = {}
        self._translate: Callable[[Attributes], Attributes] = dict
        self._lock = RLock()  # members train in threads, callbacks run one at a time
        self.context: Any = None
        self.task: Any = None
        if not hasattr(estimator, "set_callbacks"):
            return
        # Needed even without callbacks, because a Pipeline attaches its tasks to it.
        context = estimator._init_callback_context(
            max_subtasks=None if has_members else estimator.max_iter,
            sequential_subtasks=not has_members,
        )
        if not getattr(estimator, "_skl_callbacks", ()):
            return
        self.context = context
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        self.data = {"X": X, "y": y, "metadata": metadata}
        if not has_members:
            self.begin(estimator.max_iter)

    def begin(self, n_subtasks: int) -> None:
        """Open the task of the fit, which has so many sub-tasks."""
        if self.context is not None:
            self.context.max_subtasks = n_subtasks
            self.context.call_on_fit_task_begin(estimator=self.estimator, **self.data)

    def member(
        self,
        number: int,
        max_iter: int,
        translate: Callable[[Attributes], Attributes],
    ) -> Self:
        """Open the task of a member of an ensemble, and return the bridge for its fit.

        `translate` turns the fitted attributes of the member into those of the
        ensemble, which callbacks see after an epoch.
        """
        bridge = copy.copy(self)
        bridge._translate = translate
        if self.context is not None:
            bridge.context = self._begin(
                self.context, "member", task_id=number, max_subtasks=max_iter
            )
        return bridge

    def epochs(self, max_iter: int, done: int = 0) -> Iterator[int]:
        """Yield the numbers of the epochs, opening a sub-task before each."""
        for number in range(done + 1, max_iter + 1):
            if self.context is not None:
                self.task = self._begin(self.context, "epoch")
            yield number

    @property
    def observes(self) -> bool:
        """Whether there are callbacks."""
        return self.context is not None

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:

        def fitted() -> Attributes:
            parameters = epoch.parameters.copy()
            return self._translate(
                {
                    "feature_names_in_": None,  # not those of the previous fit
                    **self.learned,
                    "coefs_": parameters.weights,
                    "intercepts_": parameters.biases,
                    "input_parameters_": input_parameters(parameters),
                    "loss_": epoch.loss,
                    "n_iter_": epoch.number,
                }
            )

        task, self.task = self.task, None
        return self._end(task, fitted)

    @contextmanager
    def shows(self, twin: Any, fit: Fit) -> Iterator[None]:
        """Give callbacks of this package access to the trained twin and its fit."""
        if self.context is None:
            yield
            return
        self.estimator._under_way = twin, fit
        try:
            yield
        finally:
            vars(self.estimator).pop("_under_way", None)

    def close(self, fitted: Callable[[], Attributes] = dict) -> bool:
        """Close the task of a fit or member; return True if a callback asks to stop.

        `fitted` returns the attributes that the estimator does not have yet.
        """
        if self.context is None:
            return False
        if self.task is not None:  # L-BFGS or Ctrl-C left an epoch open
            task, self.task = self.task, None
            self._end(task, None)
        return self._end(self.context, fitted)

    def _begin(self, parent: Any, name: str, **how: Any) -> Any:
        with self._lock:
            task = parent.subcontext(task_name=name, **how)
            task.call_on_fit_task_begin(estimator=self.estimator, **self.data)
        return task

    def _end(self, task: Any, fitted: Callable[[], Attributes] | None) -> bool:
        with self._lock:
            return bool(
                task.call_on_fit_task_end(
                    estimator=self.estimator,
                    reconstruction_attributes=fitted,
                    **self.data,
                )
            )
