"""Causes in the data: the scale of features and targets."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from .case import LEARNED, Case
from .findings import Finding

# Initial weights assume features and targets of order 1 (LeCun et al., 1998, "Efficient
# BackProp", section 4.3). Pixels up to 16 do no harm, percentages and ages do.
LARGE_FEATURE = 30.0
SHORT_SAMPLE = 0.2
LARGE_TARGET = 10.0  # the output bias reaches it in steps of the learning rate
SMALL_TARGET = 0.2  # tol is absolute: with smaller targets, training ends too early

UNSCALED = {"unscaled_features", "unscaled_targets"}
MOST_NAMES = 3


def unscaled_features(case: Case, found: set[str]) -> Iterator[Finding]:
    """Features far from order 1: large ones dominate, small ones have no effect."""
    if case.loss < LEARNED:
        return
    sizes = case.feature_sizes
    scaler = "MaxAbsScaler" if sparse.issparse(case.samples.X) else "StandardScaler"
    advice = (
        f"scale the features, for example with make_pipeline({scaler}(), ...), before "
        "you change anything else."
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
            f"{sizes[worst]:.3g}. It should be about 1, at most {LARGE_FEATURE:g}.",
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
            f"{SHORT_SAMPLE:g} the units can hardly distinguish the samples.",
            advice,
        )


def unscaled_targets(case: Case, found: set[str]) -> Iterator[Finding]:
    """Targets far from order 1, if the outputs are on the scale of the targets.

    With an exponential link, small steps reach targets of any size.
    """
    same_scale = case.objective.loss.link in ("identity", "increasing")
    if not same_scale or case.loss < LEARNED or not case.targets_vary:
        return
    y = case.samples.y.astype(float)
    size = float(np.sqrt(np.square(y).mean(axis=0)).max())
    spread = float(y.std(axis=0).max())
    advice = (
        "scale the targets, for example with TransformedTargetRegressor(regressor, "
        "transformer=StandardScaler())."
    )
    if size > LARGE_TARGET:
        yield Finding(
            "unscaled_targets",
            "y",
            size,
            LARGE_TARGET,
            f"The root mean square of y is {size:.3g}. It should be about 1, at most "
            f"{LARGE_TARGET:g}.",
            advice,
        )
    elif spread < SMALL_TARGET:
        yield Finding(
            "unscaled_targets",
            "y",
            spread,
            SMALL_TARGET,
            f"The standard deviation of y is {spread:.3g}. It should be about 1; below "
            f"{SMALL_TARGET:g} the loss is so small that tol={case.estimator.tol:g} "
            "ends training early.",
            advice,
        )


def _name(case: Case, feature: int) -> str:
    """Return the name of a feature, or its index."""
    names = getattr(case.estimator, "feature_names_in_", None)
    return str(feature) if names is None else repr(str(names[feature]))


def _names(case: Case, features: np.ndarray) -> str:
    """Return the names of the first features, and how many more there are."""
    shown = ", ".join(_name(case, int(j)) for j in features[:MOST_NAMES])
    left = len(features) - MOST_NAMES
    return f"feature{'s' * (len(features) > 1)} {shown}" + (
        f" and {left} more" if left > 0 else ""
    )
