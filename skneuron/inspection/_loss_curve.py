"""LossCurveDisplay."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from ..teaching.conversion import check_network
from ._style import axes, next_colour


class LossCurveDisplay:
    """Plot of the loss after each epoch, in training and on the validation samples.

    Validation is dashed, and a star marks the epoch with the best validation score.
    To compare networks, draw on the same axes: each gets a colour of its own.

    Make it by :meth:`from_estimator`.

    Parameters
    ----------
    epochs : array-like of shape (n_epochs,)
        Their numbers.

    losses : array-like of shape (n_epochs,)
        The training loss of each, the penalty included.

    validation_losses : array-like of shape (n_epochs,), default=None
        The validation loss, which has no penalty; NaN where it is not known.

    validation_scores : array-like of shape (n_epochs,), default=None
        The validation score, the greater the better; NaN likewise.

    name : str, default=None
        What to call the network in the legend.

    Attributes
    ----------
    best_epoch : int or None
        The epoch with the best validation score; None without scores.

    ax_ : matplotlib Axes
        What is drawn on.

    figure_ : matplotlib Figure
        What that belongs to.

    See Also
    --------
    diagnose : What is wrong with such a curve, in words.

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
        epochs: Any,
        losses: Any,
        validation_losses: Any = None,
        validation_scores: Any = None,
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
        estimator: Any,
        *,
        kind: str = "loss",
        name: str | None = None,
        ax: Any = None,
    ) -> Self:
        """Plot the history of a trained network.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted. MLPClassifier and MLPRegressor will do, too; they keep no validation
            loss and, with `solver="lbfgs"`, no curve at all.

        kind : {'loss', 'score'}, default='loss'
            What to plot: the losses, or the validation scores.

        name : str, default=None
            What to call the network in the legend; None means by its class, "" not at
            all.

        ax : matplotlib Axes, default=None
            What to draw on, such as the `ax_` of another; None makes a new figure.

        Returns
        -------
        display : LossCurveDisplay
            With the plot in `ax_`.
        """
        check_network(estimator)
        history = _history(estimator)
        if not len(history["loss"]):
            raise ValueError(
                f"{type(estimator).__name__} has no loss curve: it was not trained, or "
                "is a scikit-learn network trained by solver='lbfgs'. Call fit, of a "
                "NeuronClassifier or NeuronRegressor for a curve of L-BFGS."
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
        """Return the epoch with the best validation score."""
        if self.validation_scores is None:
            return None
        return int(self.epochs[np.nanargmax(self.validation_scores)])

    def plot(
        self, *, kind: str = "loss", name: str | None = None, ax: Any = None
    ) -> Self:
        """Plot the curves.

        Parameters
        ----------
        kind : {'loss', 'score'}, default='loss'
            What to plot: the losses, or the validation scores.

        name : str, default=None
            What to call the network in the legend; None means `self.name`, "" not at
            all.

        ax : matplotlib Axes, default=None
            What to draw on, such as the `ax_` of another; None makes a new figure.

        Returns
        -------
        display : LossCurveDisplay
            With the plot in `ax_`.
        """
        curves = self._curves(kind)
        ax = axes(f"{type(self).__name__}.plot", ax)
        tone, name = next_colour(ax), self.name if name is None else name
        # of a single epoch a line would show nothing
        marker = "o" if len(self.epochs) == 1 else None
        for k, (label, values, style) in enumerate(curves):
            of = f"{name}, " if name and k == 0 else "its " if name else ""
            ax.plot(
                self.epochs, values, style, color=tone, marker=marker, label=of + label
            )
        if self.best_epoch is not None:
            values = curves[-1][1][self.epochs == self.best_epoch]
            label = f"{'its ' if name else ''}best epoch: {self.best_epoch}"
            star = {"marker": "*", "markersize": 14, "mec": "white", "ls": ""}
            ax.plot([self.best_epoch], values, **star, color=tone, label=label)
        ax.set(xlabel="epoch", ylabel=kind if kind == "loss" else "validation score")
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.grid(alpha=0.3)
        ax.legend(fontsize=8)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _curves(self, kind: str) -> list[tuple[str, np.ndarray, str]]:
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
                "kind='score' needs validation scores, and there are none. Fit with "
                "early_stopping=True or, a network of skneuron, with X_val and y_val."
            )
        return [("validation", self.validation_scores, "--")]


def _history(estimator: Any) -> dict[str, Sequence[float]]:
    """Return an estimator's history; of scikit-learn's, what they have of it."""
    if hasattr(estimator, "history_"):
        return estimator.history_
    losses = getattr(estimator, "loss_curve_", [])
    history = {"epoch": range(1, len(losses) + 1), "loss": losses}
    scores = getattr(estimator, "validation_scores_", None)
    return history if scores is None else {**history, "validation_score": scores}


def _known(column: Any) -> np.ndarray | None:
    """Return a column as an array; None if nothing in it is known."""
    column = np.asarray([] if column is None else column, float)
    return column if np.isfinite(column).any() else None
