"""Plot of weights as images or histograms."""

from collections.abc import Sequence
from math import ceil, isqrt, prod, sqrt
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

import numpy as np

from ..teaching.conversion import check_network
from ._style import CYCLE, GREY, NEGATIVE, POSITIVE, axes
from ._types import EstimatorOrMLP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind: TypeAlias = Literal["images", "histograms"]


class WeightsDisplay:
    """Plot of the weights as images or histograms.

    Images show the weights of each unit in the first layer, arranged like the pixels of
    the input: blue where a bright pixel excites the unit, orange where it inhibits it.
    All images have the same colour scale. Histograms show the distribution of the
    weights in each layer, on the same horizontal axis.

    Create it with :meth:`from_estimator`.

    Parameters
    ----------
    coefs : list of ndarray of shape (fan_in, fan_out)
        Weights of each layer.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the plot.

    axes_ : list of matplotlib Axes
        Panels of the histograms, first layer first; for images, `ax_` alone.

    figure_ : matplotlib Figure
        Figure with the axes.

    See Also
    --------
    NetworkDisplay : Drawing of the network, with weights as lines.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import WeightsDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = NeuronClassifier(20, solver="lbfgs", max_iter=2000, random_state=0)
    >>> clf = clf.set_params(alpha=1.0).fit(X / 16, y)
    >>> display = WeightsDisplay.from_estimator(clf, max_units=9)
    >>> len(display.ax_.images)
    9
    >>> len(WeightsDisplay.from_estimator(clf, kind="histograms").axes_)
    2
    """

    def __init__(self, *, coefs: Sequence[np.ndarray]) -> None:
        self.coefs = coefs

    @classmethod
    def from_estimator(
        cls,
        estimator: EstimatorOrMLP,
        *,
        kind: Kind = "images",
        image_shape: tuple[int, int] | None = None,
        max_units: int = 16,
        ax: "Axes | None" = None,
    ) -> Self:
        """Plot the weights of a fitted network.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted estimator. MLPClassifier and MLPRegressor work, too.

        kind : {'images', 'histograms'}, default='images'
            Images of the weights in the first layer, or a histogram for each layer.

        image_shape : tuple of two int, default=None
            Number of rows and columns of an image; their product is the number of
            features. None means a square image. For images only.

        max_units : int, default=16
            Maximum number of units drawn. Of a larger layer, those whose weights have
            the largest norm are drawn, the largest first. For images only.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : WeightsDisplay
            Display with the plot in `ax_`.
        """
        check_network(estimator)
        n_inputs, n_features = len(estimator.coefs_[0]), estimator.n_features_in_
        if kind == "images" and n_inputs != n_features:
            raise ValueError(
                "Images show a weight for each feature, but the input_layers make "
                f"{n_inputs} inputs of {n_features} features: pass kind='histograms'."
            )
        display = cls(coefs=list(estimator.coefs_))
        return display.plot(
            kind=kind, image_shape=image_shape, max_units=max_units, ax=ax
        )

    def plot(
        self,
        *,
        kind: Kind = "images",
        image_shape: tuple[int, int] | None = None,
        max_units: int = 16,
        ax: "Axes | None" = None,
    ) -> Self:
        """Plot the weights.

        Parameters
        ----------
        kind : {'images', 'histograms'}, default='images'
            Images of the weights in the first layer, or a histogram for each layer.

        image_shape : tuple of two int, default=None
            Number of rows and columns of an image. None means a square image. For
            images only.

        max_units : int, default=16
            Maximum number of units drawn. For images only.

        ax : matplotlib Axes, default=None
            Axes to draw on; None creates a new figure.

        Returns
        -------
        display : WeightsDisplay
            Display with the plot in `ax_`.
        """
        caller = f"{type(self).__name__}.plot"
        if kind == "images":
            shape = _check_shape(image_shape, len(self.coefs[0]))
            if max_units < 1:
                raise ValueError(f"max_units must be 1 or more, got {max_units!r}.")
            ax = axes(caller, ax, _figsize(shape, self.coefs[0].shape[1], max_units))
            self._draw_images(ax, shape, max_units)
            self.axes_ = [ax]
        elif kind == "histograms":
            ax = axes(caller, ax, (6.4, 1.7 * len(self.coefs) + 0.5))
            self.axes_ = _panels(ax, len(self.coefs))
            self._draw_histograms()
        else:
            raise ValueError(f"kind must be 'images' or 'histograms', got {kind!r}.")
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw_images(self, ax: "Axes", shape: tuple[int, int], max_units: int) -> None:
        """Draw an image of the weights of each unit, side by side on the axes."""
        from matplotlib.colors import LinearSegmentedColormap

        W = self.coefs[0]
        n_units = W.shape[1]
        units = np.arange(n_units)
        if n_units > max_units:
            units = np.argsort(-np.linalg.norm(W, axis=0), kind="stable")[:max_units]
        (height, width), (n_columns, n_rows) = shape, _tiles(len(units))
        gap = 0.25 * max(shape)  # between images, for a name
        across, down = n_columns * (width + gap), n_rows * (height + gap)
        # letters fill at most half the gap; where that is too small, they are omitted
        points = 72 / ax.figure.dpi * np.array(ax.get_window_extent().size)
        fontsize = min(8, 0.5 * gap * min(points * [0.8, 1] / [across, down]))
        limit = np.abs(W[:, units]).max() or 1.0
        colours = LinearSegmentedColormap.from_list("", [NEGATIVE, "white", POSITIVE])
        letter = "h" if len(self.coefs) > 1 else "o"
        for k, unit in enumerate(units):
            x, y = (k % n_columns) * (width + gap), (k // n_columns) * (height + gap)
            image = ax.imshow(
                W[:, unit].reshape(shape),
                cmap=colours,
                vmin=-limit,
                vmax=limit,
                extent=(x, x + width, y + height, y),
            )
            if fontsize > 4:
                name, middle = f"{letter}{unit + 1}", x + width / 2
                ax.text(middle, y, name, ha="center", va="bottom", fontsize=fontsize)
            edge = [x, x + width, x + width, x, x], [y, y, y + height, y + height, y]
            ax.plot(*edge, color="0.8", linewidth=0.5)
        ax.set(
            xlim=(-gap / 4, across - 0.75 * gap),
            ylim=(down - 0.75 * gap, -gap),
            xticks=[],
            yticks=[],
        )
        ax.spines[:].set_visible(False)
        if n_units > max_units:
            note = f"Largest shown: {len(units)} of {n_units:,} units."
            ax.set_xlabel(note, fontsize=8, color=GREY)
        ax.figure.colorbar(image, ax=ax, label="weight", shrink=0.8)

    def _draw_histograms(self) -> None:
        """Draw the distribution of the weights in each layer."""
        limit = max(np.abs(W).max() for W in self.coefs) or 1.0
        last = len(self.coefs) - 1
        for layer, (panel, W) in enumerate(zip(self.axes_, self.coefs, strict=True)):
            nonzero = W[W != 0]
            panel.hist(nonzero, bins=61, range=(-limit, limit), color=CYCLE[0])
            name = "output layer" if layer == last else f"hidden layer {layer + 1}"
            title = f"{name}: {W.shape[0]:,} × {W.shape[1]:,} weights"
            if len(nonzero) < W.size:
                share = (W.size - len(nonzero)) / W.size
                title += f", {share:.0%} of them zero (not drawn)"
            panel.set_title(title, fontsize=9, loc="left")
            panel.set(xlim=(-limit, limit), ylabel="count")
            panel.axvline(0, color=GREY, linewidth=0.6)
            panel.tick_params(labelbottom=layer == last)
        self.axes_[-1].set_xlabel("weight")


def _check_shape(
    image_shape: tuple[int, int] | None, n_features: int
) -> tuple[int, int]:
    """Return the shape of an image."""
    if image_shape is None:
        side = isqrt(n_features)
        if side**2 != n_features:
            raise ValueError(
                f"{n_features} features do not form a square image: pass "
                "image_shape=(rows, columns), or kind='histograms' for features that "
                "are not pixels."
            )
        return side, side
    sides = np.atleast_1d(image_shape)
    if len(sides) != 2 or (sides < 1).any() or prod(sides) != n_features:
        raise ValueError(
            f"image_shape must be (rows, columns) with a product of {n_features}, the "
            f"number of features, got {image_shape!r}."
        )
    rows, columns = image_shape
    return rows, columns


def _tiles(n_images: int) -> tuple[int, int]:
    """Return the number of columns and rows of images."""
    n_columns = ceil(sqrt(n_images))
    return n_columns, ceil(n_images / n_columns)


def _figsize(
    shape: tuple[int, int], n_units: int, max_units: int
) -> tuple[float, float]:
    """Return the size of a figure of images, in inches."""
    n_columns, n_rows = _tiles(min(n_units, max_units))
    inch = 1 / max(shape)
    return (
        n_columns * (shape[1] * inch + 0.25) + 1.2,
        max(n_rows * (shape[0] * inch + 0.25) + 0.4, 2.0),
    )


def _panels(ax: "Axes", n_panels: int) -> "list[Axes]":
    """Divide axes into panels, one above the other."""
    ax.set_axis_off()
    step = 1 / n_panels
    return [
        ax.inset_axes((0, 1 - (k + 0.8) * step, 1, 0.66 * step))
        for k in range(n_panels)
    ]
