"""The findings of a diagnosis, and the report they print as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import overload

WIDTH = 79
FRESH = "start from fresh weights, without coefs_init and intercepts_init"


@dataclass(frozen=True)
class Finding:
    """A cause that keeps a network from learning.

    Attributes
    ----------
    cause : str
        Stable name of the cause, such as 'dead_units'.
    where : str
        Layers, features or parameters concerned.
    value : float
        Measured value.
    threshold : float
        Threshold that the value has crossed.
    figure : str
        Explanation of the value.
    advice : str
        Remedy, with parameters and their values.

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
    """Sequence of findings that prints as a report.

    It is empty, and therefore false, if nothing was found.

    Attributes
    ----------
    findings : tuple of Finding
        Findings; causes come before their consequences.
    not_checked : tuple of str
        Causes that were not checked, and why.

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
    Not checked: overfitting, which needs X_val and y_val
    >>> len(diagnosis), diagnosis.causes
    (0, [])
    """

    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...] = ()

    @property
    def causes(self) -> list[str]:
        """Names of the causes found."""
        return [finding.cause for finding in self.findings]

    def __len__(self) -> int:
        return len(self.findings)

    @overload
    def __getitem__(self, index: int) -> Finding: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...

    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
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
        lines += [_indented(f"Not checked: {what}", "") for what in self.not_checked]
        return "\n".join(lines)


def _indented(text: str, indent: str) -> str:
    """Return the text, wrapped and indented."""
    # without breaks in names, or in numbers such as 1e-05
    return fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
