"""Bridge to scikit-learn's callbacks, which estimators support from 1.9 on."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

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


class ScikitLearnBridge:
    """Report every epoch to the callbacks that a user gave to `set_callbacks`.

    It opens a task for the estimator's fit, with a sub-task for each epoch: `epochs`
    opens the sub-tasks, and calling the bridge closes them. Without user callbacks, or
    before scikit-learn 1.9, it does nothing.

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
    ) -> None:
        self.estimator = estimator
        self.learned: Mapping[str, Any] = {}
        self.context: Any = None
        self.task: Any = None
        if not hasattr(estimator, "set_callbacks"):
            return
        # Needed even without callbacks, because a Pipeline attaches its tasks to it.
        context = estimator._init_callback_context(max_subtasks=estimator.max_iter)
        if not getattr(estimator, "_skl_callbacks", ()):
            return
        self.context = context
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        self.data = {"X": X, "y": y, "metadata": metadata}
        self.context.call_on_fit_task_begin(estimator=estimator, **self.data)

    def epochs(self, max_iter: int, done: int = 0) -> Iterator[int]:
        """Yield the numbers of the epochs, opening a sub-task before each."""
        for number in range(done + 1, max_iter + 1):
            if self.context is not None:
                self.task = self.context.subcontext(task_name="epoch")
                self.task.call_on_fit_task_begin(estimator=self.estimator, **self.data)
            yield number

    @property
    def observes(self) -> bool:
        """Whether there are callbacks."""
        return self.context is not None

    def epochs_until_needed(self) -> float:
        return 1

    def __call__(self, epoch: Epoch) -> bool:

        def fitted() -> Mapping[str, Any]:
            parameters = epoch.parameters.copy()
            return {
                "feature_names_in_": None,  # not those of the previous fit
                **self.learned,
                "coefs_": parameters.weights,
                "intercepts_": parameters.biases,
                "input_parameters_": input_parameters(parameters),
                "loss_": epoch.loss,
                "n_iter_": epoch.number,
            }

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

    def close(self) -> None:
        """Close the task of the whole fit, once the estimator has its attributes."""
        if self.context is None:
            return
        if self.task is not None:  # L-BFGS or Ctrl-C left an epoch open
            self._end(self.task, None)
        self._end(self.context, dict)

    def _end(self, task: Any, fitted: Callable[[], Mapping[str, Any]] | None) -> bool:
        return bool(
            task.call_on_fit_task_end(
                estimator=self.estimator, reconstruction_attributes=fitted, **self.data
            )
        )
