"""WeightsDisplay."""

from collections.abc import Sequence
from math import ceil, isqrt, prod, sqrt
from typing import Any, Self

import numpy as np

from ..teaching.conversion import check_network
from ._style import CYCLE, GREY, NEGATIVE, POSITIVE, axes


class WeightsDisplay:
    """Plot of weights: what each unit looks for in an image, or how weights are spread.

    As images, the weights into each unit of the first layer lie as the pixels do: blue
    where a bright pixel excites the unit, orange where it inhibits it. All have the
    same scale. As histograms, each layer has a panel, and all the same horizontal axis.

    Make it by :meth:`from_estimator`.

    Parameters
    ----------
    coefs : list of ndarray of shape (fan_in, fan_out)
        The weights of each layer.

    Attributes
    ----------
    ax_ : matplotlib Axes
        What is drawn on.

    axes_ : list of matplotlib Axes
        The panels of the histograms, from the first layer on; `ax_` alone for images.

    figure_ : matplotlib Figure
        What these belong to.

    See Also
    --------
    NetworkDisplay : Weights as lines between units.

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
        estimator: Any,
        *,
        kind: str = "images",
        image_shape: tuple[int, int] | None = None,
        max_units: int = 16,
        ax: Any = None,
    ) -> Self:
        """Plot the weights of a fitted network.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted. MLPClassifier and MLPRegressor will do, too.

        kind : {'images', 'histograms'}, default='images'
            Weights of the first layer as images, or a histogram of each layer's.

        image_shape : tuple of two int, default=None
            Rows and columns of an image, whose product is the number of features; None
            means as many rows as columns. For images only.

        max_units : int, default=16
            Of a larger first layer, this many units are drawn: those with the largest
            weights, by their norm, the largest first. For images only.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : WeightsDisplay
            With the plot in `ax_`.
        """
        check_network(estimator)
        display = cls(coefs=list(estimator.coefs_))
        return display.plot(
            kind=kind, image_shape=image_shape, max_units=max_units, ax=ax
        )

    def plot(
        self,
        *,
        kind: str = "images",
        image_shape: tuple[int, int] | None = None,
        max_units: int = 16,
        ax: Any = None,
    ) -> Self:
        """Plot the weights.

        Parameters
        ----------
        kind : {'images', 'histograms'}, default='images'
            Weights of the first layer as images, or a histogram of each layer's.

        image_shape : tuple of two int, default=None
            Rows and columns of an image; None means as many rows as columns.

        max_units : int, default=16
            Most units.

        ax : matplotlib Axes, default=None
            What to draw on; None makes a new figure.

        Returns
        -------
        display : WeightsDisplay
            With the plot in `ax_`.
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

    def _draw_images(self, ax: Any, shape: tuple[int, int], max_units: int) -> None:
        """Draw the weights into each unit as an image, side by side on the axes."""
        from matplotlib.colors import LinearSegmentedColormap

        W = self.coefs[0]
        n_units = W.shape[1]
        units = np.arange(n_units)
        if n_units > max_units:
            units = np.argsort(-np.linalg.norm(W, axis=0), kind="stable")[:max_units]
        (height, width), (n_columns, n_rows) = shape, _tiles(len(units))
        room = 0.25 * max(shape)  # between images, for a name
        across, down = n_columns * (width + room), n_rows * (height + room)
        # letters fill half that room where the axes are small, or there are none
        points = 72 / ax.figure.dpi * np.array(ax.get_window_extent().size)
        fontsize = min(8, 0.5 * room * min(points * [0.8, 1] / [across, down]))
        limit = np.abs(W[:, units]).max() or 1.0
        colours = LinearSegmentedColormap.from_list("", [NEGATIVE, "white", POSITIVE])
        letter = "h" if len(self.coefs) > 1 else "o"
        for k, unit in enumerate(units):
            x, y = (k % n_columns) * (width + room), (k // n_columns) * (height + room)
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
            xlim=(-room / 4, across - 0.75 * room),
            ylim=(down - 0.75 * room, -room),
            xticks=[],
            yticks=[],
        )
        ax.spines[:].set_visible(False)
        if n_units > max_units:
            note = f"Shown, the largest: {len(units)} of {n_units:,} units."
            ax.set_xlabel(note, fontsize=8, color=GREY)
        ax.figure.colorbar(image, ax=ax, label="weight", shrink=0.8)

    def _draw_histograms(self) -> None:
        """Draw how the weights of each layer are spread."""
        limit = max(np.abs(W).max() for W in self.coefs) or 1.0
        last = len(self.coefs) - 1
        for layer, (panel, W) in enumerate(zip(self.axes_, self.coefs, strict=True)):
            others = W[W != 0]
            panel.hist(others, bins=61, range=(-limit, limit), color=CYCLE[0])
            name = "output layer" if layer == last else f"hidden layer {layer + 1}"
            title = f"{name}: {W.shape[0]:,} × {W.shape[1]:,} weights"
            if len(others) < W.size:
                share = (W.size - len(others)) / W.size
                title += f", {share:.0%} of them zero and not drawn"
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
                f"{n_features} features make no square image: pass image_shape=(rows, "
                "columns), or kind='histograms' if they are no pixels."
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
    """Return how many columns and rows of images there are."""
    n_columns = ceil(sqrt(n_images))
    return n_columns, ceil(n_images / n_columns)


def _figsize(
    shape: tuple[int, int], n_units: int, max_units: int
) -> tuple[float, float]:
    """Return how large a figure of images is, in inches."""
    n_columns, n_rows = _tiles(min(n_units, max_units))
    inch = 1 / max(shape)
    return (
        n_columns * (shape[1] * inch + 0.25) + 1.2,
        max(n_rows * (shape[0] * inch + 0.25) + 0.4, 2.0),
    )


def _panels(ax: Any, n_panels: int) -> list[Any]:
    """Divide axes into panels, one below the other."""
    ax.set_axis_off()
    step = 1 / n_panels
    return [
        ax.inset_axes([0, 1 - (k + 0.8) * step, 1, 0.66 * step])
        for k in range(n_panels)
    ]
