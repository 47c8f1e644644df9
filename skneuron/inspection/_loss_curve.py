"""Plot of the loss during training."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ..teaching.conversion import check_network
from ._style import axes, next_colour
from ._types import EstimatorOrMLP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind: TypeAlias = Literal["loss", "score"]


class LossCurveDisplay:
    """Plot of the training and the validation loss after each epoch.

    Validation curves are dashed, and a star marks the epoch with the best validation
    score. To compare networks, draw them on the same axes: each gets another colour.

    Create it with :meth:`from_estimator`.

    Parameters
    ----------
    epochs : array-like of shape (n_epochs,)
        Numbers of the epochs.

    losses : array-like of shape (n_epochs,)
        Training loss of each epoch, including the penalty.

    validation_losses : array-like of shape (n_epochs,), default=None
        Validation loss of each epoch, without the penalty; NaN where unknown.

    validation_scores : array-like of shape (n_epochs,), default=None
        Validation score of each epoch, higher is better; NaN where unknown.

    name : str, default=None
        Name of the network in the legend.

    Attributes
    ----------
    best_epoch : int or None
        Epoch with the best validation score; None without scores.

    ax_ : matplotlib Axes
        Axes with the plot.

    figure_ : matplotlib Figure
        Figure with the axes.

    See Also
    --------
    diagnose : Find the cause of a poor loss curve.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import LossCurveDisplay
    >>> X, y = make_moons(200, noise=0.2, random_state=0)
    >>> params = {"early_stopping": True, "learning_rate_init": 0.02, "random_state": 0}
    >>> narrow = NeuronClassifier(3, **params).fit(X, y)
    >>> wide = NeuronClassifier(50, **params).fit(X, y)
    >>> display = LossCurveDisplay.from_estimator(narrow, name="3 units")
    >>> other = LossCurveDisplay.from_estimator(wide, name="50 units", ax=display.ax_)
    >>> other.best_epoch == wide.best_iter_
    True
    >>> display.ax_.set_yscale("log")
    """

    def __init__(
        self,
        *,
        epochs: ArrayLike,
        losses: ArrayLike,
        validation_losses: ArrayLike | None = None,
        validation_scores: ArrayLike | None = None,
        name: str | None = None,
    ) -> None:
        self.epochs = np.asarray(epochs)
        self.losses = np.asarray(losses, float)
        self.validation_losses = _known(validation_losses)
        self.validation_scores = _known(validation_scores)
        self.name = name

    @classmethod
    def from_estimator(
        cls,
        estimator: EstimatorOrMLP,
        *,
        kind: Kind = "loss",
        name: str | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Plot the history of a fitted network.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted estimator. MLPClassifier and MLPRegressor work, too; they record no
            validation loss and, with `solver="lbfgs"`, no loss curve.

        kind : {'loss', 'score'}, default='loss'
            Quantity to plot: the losses or the validation scores.

        name : str, default=None
            Name of the network in the legend. None means its class, "" no name.

        ax : matplotlib Axes, default=None
            Axes to draw on, such as the `ax_` of another display; None creates a new
            figure.

        Returns
        -------
        display : LossCurveDisplay
            Display with the plot in `ax_`.
        """
        check_network(estimator)
        history = _history(estimator)
        if not len(history["loss"]):
            raise ValueError(
                f"{type(estimator).__name__} has no loss curve: it was not trained, or "
                "is a scikit-learn network fitted with solver='lbfgs'. Call fit; use "
                "NeuronClassifier or NeuronRegressor to plot the curve of L-BFGS."
            )
        return cls(
            epochs=history["epoch"],
            losses=history["loss"],
            validation_losses=history.get("validation_loss"),
            validation_scores=history.get("validation_score"),
            name=type(estimator).__name__ if name is None else name,
        ).plot(kind=kind, ax=ax)

    @property
    def best_epoch(self) -> int | None:
        """Epoch with the best validation score; None without scores."""
        if self.validation_scores is None:
            return None
        return int(self.epochs[np.nanargmax(self.validation_scores)])

    def plot(
        self, *, kind: Kind = "loss", name: str | None = None, ax: "Axes | None" = None
    ) -> Self:
        """Plot the curves.

        Parameters
        ----------
        kind : {'loss', 'score'}, default='loss'
            Quantity to plot: the losses or the validation scores.

        name : str, default=None
            Name of the network in the legend. None means `self.name`, "" no name.

        ax : matplotlib Axes, default=None
            Axes to draw on, such as the `ax_` of another display; None creates a new
            figure.

        Returns
        -------
        display : LossCurveDisplay
            Display with the plot in `ax_`.
        """
        curves = self._curves(kind)
        ax = axes(f"{type(self).__name__}.plot", ax)
        tone, name = next_colour(ax), self.name if name is None else name
        # a line through a single epoch would be invisible
        marker = "o" if len(self.epochs) == 1 else None
        for k, (label, values, style) in enumerate(curves):
            of = f"{name}, " if name and k == 0 else "its " if name else ""
            ax.plot(
                self.epochs, values, style, color=tone, marker=marker, label=of + label
            )
        if self.best_epoch is not None:
            values = curves[-1][1][self.epochs == self.best_epoch]
            label = f"{'its ' if name else ''}best epoch: {self.best_epoch}"
            ax.plot(
                [self.best_epoch],
                values,
                marker="*",
                markersize=14,
                markeredgecolor="white",
                linestyle="",
                color=tone,
                label=label,
            )
        ax.set(xlabel="epoch", ylabel=kind if kind == "loss" else "validation score")
        ax.locator_params(axis="x", integer=True)
        ax.grid(alpha=0.3)
        ax.legend(fontsize=8)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _curves(self, kind: Kind) -> list[tuple[str, np.ndarray, str]]:
        """Return label, values and line style of each curve."""
        if kind == "loss":
            curves = [("training", self.losses, "-")]
            if self.validation_losses is not None:
                curves.append(("validation", self.validation_losses, "--"))
            return curves
        if kind != "score":
            raise ValueError(f"kind must be 'loss' or 'score', got {kind!r}.")
        if self.validation_scores is None:
            raise ValueError(
                "kind='score' needs validation scores, but there are none. Fit with "
                "early_stopping=True, or an estimator of skneuron with X_val and y_val."
            )
        return [("validation", self.validation_scores, "--")]


def _history(estimator: EstimatorOrMLP) -> Mapping[str, Sequence[float]]:
    """Return the history of an estimator, as far as scikit-learn's record one."""
    if hasattr(estimator, "history_"):
        return estimator.history_
    losses = getattr(estimator, "loss_curve_", [])
    history = {"epoch": range(1, len(losses) + 1), "loss": losses}
    scores = getattr(estimator, "validation_scores_", None)
    return history if scores is None else {**history, "validation_score": scores}


def _known(column: ArrayLike | None) -> np.ndarray | None:
    """Return a column as an array; None if it holds no finite number."""
    column = np.asarray([] if column is None else column, float)
    return column if np.isfinite(column).any() else None
