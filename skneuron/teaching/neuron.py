"""One neuron: out = f(w · x + b)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .checks import number, numbers
from .functions import Function, find
from .table import short, table


@dataclass(frozen=True)
class Partials:
    """The partial derivatives of a neuron's output by weights, bias and inputs.

    Attributes
    ----------
    weights : list of float
        ∂out/∂w for each weight.
    bias : float
        ∂out/∂b.
    inputs : list of float
        ∂out/∂x for each input.

    Examples
    --------
    >>> from skneuron.teaching import Neuron
    >>> partials = Neuron([0, 1], bias=4).partials([2, 3])
    >>> print(partials)
    by         ∂out
    w1   0.00182044
    w2   0.00273066
     b  0.000910221
    x1            0
    x2  0.000910221
    """

    weights: list[float]
    bias: float
    inputs: list[float]

    def __str__(self) -> str:
        named = [(f"w{i}", d) for i, d in enumerate(self.weights, 1)]
        named += [("b", self.bias)]
        named += [(f"x{i}", d) for i, d in enumerate(self.inputs, 1)]
        return table(["by", "∂out"], ([name, short(d)] for name, d in named))


class Neuron:
    """A neuron: the weighted sum of its inputs plus a bias, then a function.

    Parameters
    ----------
    weights : sequence of float
        One weight for each input.

    bias : float, default=0.0
        Added to the weighted sum of the inputs.

    activation : str, default='logistic'
        The function f: 'identity', 'logistic', 'tanh', 'relu' or another activation of
        the estimators; also 'exp'.

    Examples
    --------
    >>> from skneuron.teaching import Neuron
    >>> neuron = Neuron(weights=[0, 1], bias=4)
    >>> neuron.feedforward([2, 3])
    0.9990889488055994
    >>> print(neuron.partials([2, 3]))
    by         ∂out
    w1   0.00182044
    w2   0.00273066
     b  0.000910221
    x1            0
    x2  0.000910221
    """

    def __init__(
        self, weights: Iterable[float], bias: float = 0.0, activation: str = "logistic"
    ) -> None:
        self.weights = numbers(weights, "weights")
        self.bias = number(bias, "bias")
        find(activation)  # raises an error if the name is unknown
        self.activation = activation

    @property
    def function(self) -> Function:
        """The activation function and its derivative."""
        return find(self.activation)

    def total(self, x: Iterable[float]) -> float:
        """Return the weighted sum z = w · x + b, the argument of the function.

        Parameters
        ----------
        x : sequence of float
            The inputs, one for each weight.

        Returns
        -------
        z : float
            The weighted sum.
        """
        x = numbers(x, "x", length=len(self.weights))
        return sum(w * x_i for w, x_i in zip(self.weights, x, strict=True)) + self.bias

    def feedforward(self, x: Iterable[float]) -> float:
        """Return the output f(w · x + b).

        Parameters
        ----------
        x : sequence of float
            The inputs, one for each weight.

        Returns
        -------
        out : float
            The output.
        """
        return self.function.value(self.total(x))

    def partials(self, x: Iterable[float]) -> Partials:
        """Return the partial derivatives of the output, such as ∂out/∂w = x f'(z).

        Parameters
        ----------
        x : sequence of float
            The inputs, one for each weight.

        Returns
        -------
        partials : Partials
            The derivatives by each weight, the bias and each input.
        """
        x = numbers(x, "x", length=len(self.weights))
        slope = self.function.derivative(self.total(x))
        return Partials(
            weights=[x_i * slope for x_i in x],
            bias=slope,
            inputs=[w * slope for w in self.weights],
        )

    def __repr__(self) -> str:
        weights = ", ".join(short(w) for w in self.weights)
        return f"Neuron([{weights}], {short(self.bias)}, {self.activation!r})"
