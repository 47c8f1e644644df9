"""Arguments of the public methods: errors that name the argument and the remedy."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from inspect import Signature, signature
from typing import Any, TypeVar, cast

from sklearn.metrics import get_scorer_names

from .._sklearn import InvalidParameterError, validate_params_in

Method = TypeVar("Method", bound=Callable[..., Any])


def validates_parameters(method: Method) -> Method:
    """Make a method validate its arguments and the parameters before it runs."""
    validated = validate_params_in(method)
    taken = signature(method)
    optional = {n for n, p in taken.parameters.items() if p.default is not p.empty}
    n_needed = len(taken.parameters) - len(optional) - 1

    @wraps(method)
    def with_arguments(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) != n_needed or not kwargs.keys() <= optional:
            check_arguments(taken, method.__name__, self, args, kwargs)
        return validated(self, *args, **kwargs)

    return cast(Method, with_arguments)


SPELLINGS = {
    **dict.fromkeys(
        ("eval_set", "eval_X", "eval_y", "validation_data", "X_valid", "y_valid"),
        "Samples to validate on are X_val=..., y_val=...",
    ),
    **dict.fromkeys(("sample_weights", "weights"), "Did you mean sample_weight?"),
    **dict.fromkeys(("epochs", "n_epochs"), "Set max_iter in the constructor"),
    "callbacks": "Pass callbacks to set_callbacks(...)",
}
"""Advice for names that other libraries use."""


def check_arguments(
    signature: Signature, name: str, estimator: Any, args: Any, kwargs: Any
) -> None:
    """Raise if a method is called with wrong arguments."""
    try:
        signature.bind(estimator, *args, **kwargs)
    except TypeError as error:
        unknown = next((k for k in kwargs if k not in signature.parameters), None)
        said = str(error)
        if unknown is not None:
            said = f"got an unexpected keyword argument {unknown!r}"
            said += _advise_on_argument(unknown, signature, estimator)
        raise TypeError(f"{type(estimator).__name__}.{name}(): {said}") from None


def _advise_on_argument(given: str, signature: Signature, estimator: Any) -> str:
    """Return advice for an unknown argument."""
    if given in SPELLINGS:
        return f". {SPELLINGS[given]}"
    if given in estimator.get_params(deep=False):
        return f". Set it by {type(estimator).__name__}({given}=...) or set_params"
    near = get_close_matches(given, signature.parameters, n=1)
    return f". Did you mean {near[0]}?" if near else ""


def check_scoring(scoring: Any, estimator: str) -> None:
    """Raise if a string is not the name of a scorer; estimator is the class name."""
    if not isinstance(scoring, str) or scoring == "loss":
        return
    names = get_scorer_names()
    if scoring in names:
        return
    near = get_close_matches(scoring, [*names, "loss"], n=3, cutoff=0.5)
    advice = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise InvalidParameterError(
        f"The 'scoring' parameter of {estimator} must be 'loss', a callable or the "
        f"name of a scorer, got {scoring!r}. {advice}"
        "sklearn.metrics.get_scorer_names() returns all names."
    )


@contextmanager
def validation_context() -> Iterator[None]:
    """Make errors about X, y or sample_weight name X_val and so on."""
    with error_context("X_val, y_val and sample_weight_val"):
        try:
            yield
        except (TypeError, ValueError) as error:
            about = re.search(r"\b(X|y|sample_weight)\b", str(error))
            if about:
                error.args = (f"{about[0]}_val: {error}", *error.args[1:])
            raise


@contextmanager
def error_context(subject: str) -> Iterator[None]:
    """Add a note that names the subject to an error raised inside."""
    try:
        yield
    except (TypeError, ValueError) as error:
        error.add_note(f"This is about {subject}.")
        raise
