"""Data: features and targets of a size that networks cannot learn from."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from .case import LEARNED, Case
from .findings import Finding

# Weights are drawn for features and targets of size 1 (LeCun et al., 1998, "Efficient
# BackProp", section 4.3). Pixels up to 16 do no harm, percentages and ages do.
LARGE_FEATURE = 30.0
SHORT_SAMPLE = 0.2
LARGE_TARGET = 10.0  # the output's bias gets there by steps of the learning rate
SMALL_TARGET = 0.2  # tol is absolute: below it, training ends too early

UNSCALED = {"unscaled_features", "unscaled_targets"}
MOST_NAMES = 3


def unscaled_features(case: Case, found: set[str]) -> Iterator[Finding]:
    """Features far from size 1: large ones rule the network, small ones do nothing."""
    if case.loss < LEARNED:
        return
    sizes = case.feature_sizes
    scaler = "MaxAbsScaler" if sparse.issparse(case.samples.X) else "StandardScaler"
    advice = (
        f"scale the features, by make_pipeline({scaler}(), ...) say, before you change "
        "anything else."
    )
    large = np.flatnonzero(sizes > LARGE_FEATURE)
    if len(large):
        worst = int(sizes.argmax())
        yield Finding(
            "unscaled_features",
            _names(case, large[np.argsort(-sizes[large], kind="stable")]),
            float(sizes[worst]),
            LARGE_FEATURE,
            f"The root mean square of feature {_name(case, worst)} is "
            f"{sizes[worst]:.3g}. About 1 is right, and {LARGE_FEATURE:g} the most.",
            advice,
        )
        return
    length = float(np.linalg.norm(sizes))
    if length < SHORT_SAMPLE:
        yield Finding(
            "unscaled_features",
            "all features",
            length,
            SHORT_SAMPLE,
            f"The root mean square length of a sample is {length:.3g}. Below "
            f"{SHORT_SAMPLE:g} the units hardly tell samples apart.",
            advice,
        )


def unscaled_targets(case: Case, found: set[str]) -> Iterator[Finding]:
    """Targets far from size 1, where outputs are meant to equal them.

    With the exponential as its link, a network reaches any size by small steps.
    """
    in_their_units = case.objective.loss.link in ("identity", "increasing")
    if not in_their_units or case.loss < LEARNED or not case.targets_vary:
        return
    y = case.samples.y.astype(float)
    size = float(np.sqrt(np.square(y).mean(axis=0)).max())
    spread = float(y.std(axis=0).max())
    advice = (
        "scale the targets, by TransformedTargetRegressor(regressor, "
        "transformer=StandardScaler()) say."
    )
    if size > LARGE_TARGET:
        yield Finding(
            "unscaled_targets",
            "y",
            size,
            LARGE_TARGET,
            f"The root mean square of y is {size:.3g}. About 1 is right, and "
            f"{LARGE_TARGET:g} the most.",
            advice,
        )
    elif spread < SMALL_TARGET:
        yield Finding(
            "unscaled_targets",
            "y",
            spread,
            SMALL_TARGET,
            f"The standard deviation of y is {spread:.3g}. About 1 is right; below "
            f"{SMALL_TARGET:g} the loss is so small that tol={case.estimator.tol:g} "
            "ends training early.",
            advice,
        )


def _name(case: Case, feature: int) -> str:
    names = getattr(case.estimator, "feature_names_in_", None)
    return str(feature) if names is None else repr(str(names[feature]))


def _names(case: Case, features: np.ndarray) -> str:
    shown = ", ".join(_name(case, int(j)) for j in features[:MOST_NAMES])
    left = len(features) - MOST_NAMES
    return f"feature{'s' * (len(features) > 1)} {shown}" + (
        f" and {left} more" if left > 0 else ""
    )
