"""Findings: what a diagnosis consists of, and how it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

WIDTH = 79
FRESH = "start from fresh weights, without coefs_init and intercepts_init"


@dataclass(frozen=True)
class Finding:
    """One thing that keeps a network from learning.

    Attributes
    ----------
    cause : str
        A name for it that stays the same, such as 'dead_units'.
    where : str
        The layers, features or parameters that it is about.
    value : float
        The number that was measured.
    threshold : float
        What that number has passed.
    figure : str
        The number with its meaning, in words.
    advice : str
        What to do, with parameters and values.

    Examples
    --------
    >>> from sklearn.datasets import load_wine
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import diagnose
    >>> X, y = load_wine(return_X_y=True)
    >>> clf = NeuronClassifier(10, max_iter=300, random_state=0).fit(X, y)
    >>> diagnose(clf, X, y)[0].cause
    'unscaled_features'
    """

    cause: str
    where: str
    value: float
    threshold: float
    figure: str
    advice: str

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.cause}, {self.where}",
                _indented(self.figure, "   "),
                _indented(f"To do: {self.advice}", "   "),
            ]
        )


@dataclass(frozen=True, repr=False)
class Diagnosis(Sequence[Finding]):
    """What keeps a network from learning: a sequence that prints as a report.

    It is empty, and so false, where nothing was found.

    Attributes
    ----------
    findings : tuple of Finding
        What to do first comes first.
    left_out : tuple of str
        What was not looked for, and why.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from skneuron import NeuronClassifier
    >>> from skneuron.inspection import diagnose
    >>> X, y = make_moons(200, noise=0.2, random_state=0)
    >>> net = NeuronClassifier(learning_rate_init=0.02, max_iter=1000, random_state=0)
    >>> diagnosis = diagnose(net.fit(X, y), X, y)
    >>> diagnosis
    Diagnosis: nothing found that keeps this network from learning
    Not looked for: overfitting, which takes X_val and y_val
    >>> len(diagnosis), diagnosis.causes
    (0, [])
    """

    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()

    @property
    def causes(self) -> list[str]:
        """The name of each finding's cause."""
        return [finding.cause for finding in self.findings]

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, index: Any) -> Any:
        return self.findings[index]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __repr__(self) -> str:
        n = len(self.findings)
        lines = [
            f"Diagnosis: {n} finding{'s' * (n > 1)}"
            if n
            else "Diagnosis: nothing found that keeps this network from learning"
        ]
        lines += [f"{k}. {finding}" for k, finding in enumerate(self.findings, 1)]
        lines += [_indented(f"Not looked for: {what}", "") for what in self.left_out]
        return "\n".join(lines)


def _indented(text: str, indent: str) -> str:
    # neither a name nor a number such as 1e-05 is broken in two
    return fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
