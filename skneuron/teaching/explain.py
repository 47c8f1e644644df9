"""The chain rule for one weight, written out with numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from . import losses
from .backpropagation import Gradients
from .checks import target
from .conversion import loss_of, target_of
from .forward import Forward
from .losses import Loss
from .network import Network
from .table import short

MAX_PATHS = 1000
MAX_SHOWN = 5


@dataclass(frozen=True)
class Factor:
    """One derivative of a chain.

    Attributes
    ----------
    of, by : str
        The numerator and the denominator: 'L' and 'ŷ' for ∂L/∂ŷ.
    value : float
        The derivative.
    formula : str
        The formula with its numbers: '-2 (1 - 0.524)'.
    by_hand : float
        The value computed by hand from the formula: its numbers have three digits, and
        the result is rounded to three.

    Examples
    --------
    >>> from skneuron.teaching import Network, Neuron, explain
    >>> network = Network([[Neuron([1, 1]), Neuron([1, 1])], [Neuron([1, 1])]])
    >>> first = explain(network, x=[-2, -1], y=1, parameter="w1").paths[0][0]
    >>> print(first.name, "=", first.formula, "=", first.by_hand)
    ∂L/∂ŷ = -2 (1 - 0.524) = -0.952
    """

    of: str
    by: str
    value: float
    formula: str
    by_hand: float

    @property
    def name(self) -> str:
        """The derivative in symbols: ∂L/∂ŷ."""
        return f"∂{self.of}/∂{self.by}"


@dataclass(frozen=True)
class Explanation:
    """The derivative of the loss by one parameter, split into its factors.

    It prints as text and is shown as LaTeX in a notebook. Printed numbers have three
    digits and are computed from other printed numbers, as in a calculation by hand. The
    attribute `value` of each factor and of the whole has all digits.

    Attributes
    ----------
    parameter : str
        Its name.
    paths : list of list of Factor
        The factors of each path. Their product is the path's contribution; paths are
        sorted by its size, largest first.
    value : float
        The derivative: the sum of the contributions.

    Examples
    --------
    >>> from skneuron.teaching import Network, Neuron, explain
    >>> network = Network([[Neuron([1, 1]), Neuron([1, 1])], [Neuron([1, 1])]])
    >>> explanation = explain(network, x=[-2, -1], y=1, parameter="w5")
    >>> print(explanation)
    ∂L/∂w5 = ∂L/∂ŷ · ∂ŷ/∂w5
           = -0.952 · 0.0118
           = -0.0112
    where
    ...
    >>> print(f"{explanation.value:.6f}")
    -0.011...
    """

    parameter: str
    paths: list[list[Factor]]
    value: float

    def __str__(self) -> str:
        shown, hidden = self.paths[:MAX_SHOWN], self.paths[MAX_SHOWN:]
        left = f"∂L/∂{self.parameter}"
        if len(self.paths) == 1:
            pad = " " * len(left)
            names, values = self._product(shown[0])
            value = _short(_by_hand(shown[0]))
            lines = [f"{left} = {names}", f"{pad} = {values}", f"{pad} = {value}"]
        else:
            n = len(self.paths)
            lines = [f"{left} = {_short(self.value)}, the sum over {n} paths:"]
            for path in shown:
                names, values = self._product(path)
                lines += [f"  {names}", f"    = {values} = {_short(_by_hand(path))}"]
            if hidden:
                rest = sum(map(_contribution, hidden))
                lines.append(f"  and {len(hidden)} more, together {_short(rest)}")
        lines += ["where", *self._table_of_factors(shown)]
        lines.append(f"with all digits: {short(self.value)}")
        return "\n".join(lines)

    __repr__ = __str__

    def to_latex(self) -> str:
        """Return the explanation as LaTeX, without dollar signs.

        Returns
        -------
        latex : str
            An `aligned` environment.
        """
        left = _fraction("L", self.parameter)
        shown, hidden = self.paths[:MAX_SHOWN], self.paths[MAX_SHOWN:]
        products = [
            (
                r" \cdot ".join(_fraction(factor.of, factor.by) for factor in path),
                r" \cdot ".join(_short(factor.by_hand) for factor in path),
            )
            for path in shown
        ]
        names = r" \\ &\quad + ".join(names for names, _ in products)
        values = r" \\ &\quad + ".join(values for _, values in products)
        if hidden:
            names += r" + \dots"
            values += rf" + {_short(sum(map(_contribution, hidden)))}"
        several = len(self.paths) > 1
        result = _short(self.value if several else _by_hand(shown[0]))
        body = r" \\ &= ".join([f"{left} &= {names}", values, result])
        return rf"\begin{{aligned}} {body} \end{{aligned}}"

    def _repr_latex_(self) -> str:
        return f"$${self.to_latex()}$$"

    @staticmethod
    def _product(path: list[Factor]) -> tuple[str, str]:
        """Return the product of a path's factors in symbols and in numbers."""
        values = [_short(factor.by_hand) for factor in path]
        return " · ".join(factor.name for factor in path), " · ".join(values)

    @staticmethod
    def _table_of_factors(paths: Iterable[list[Factor]]) -> list[str]:
        factors = {factor.name: factor for path in paths for factor in path}
        width = max(map(len, factors))
        return [
            f"  {name:<{width}} = {factor.formula} = {_short(factor.by_hand)}"
            for name, factor in factors.items()
        ]


def explain(
    network: Any, x: Any, y: Any, parameter: str, loss: str | None = None
) -> Explanation:
    """Write out the chain rule for one weight or bias and one sample.

    The loss depends on a weight through every path from its neuron to an output. The
    derivatives along a path are multiplied, and the products of all paths are added.

    Parameters
    ----------
    network : Network, NeuronClassifier or NeuronRegressor
        An estimator must be fitted. Its L2 penalty is left out.

    x : sequence of float
        The features of the sample.

    y : float, label or sequence of float
        The target of the sample.

    parameter : str
        The name of a weight or bias: 'w1', 'b3'. Weights are counted neuron by neuron,
        from the first hidden neuron to the last output.

    loss : {'mse', 'half_mse', 'sse', 'log_loss'}, default=None
        None means 'mse' for a Network, and the fitted loss for an estimator.

    Returns
    -------
    explanation : Explanation
        The explanation, which can be printed. If there are more than 1,000 paths to the
        outputs, they start at the last layer with at most 1,000 paths to it, from the
        ∂L/∂h that backpropagation has computed there.

    Examples
    --------
    >>> from skneuron.teaching import Network, Neuron, explain
    >>> network = Network([[Neuron([1, 1]), Neuron([1, 1])], [Neuron([1, 1])]])
    >>> explain(network, x=[-2, -1], y=1, parameter="w1")
    ∂L/∂w1 = ∂L/∂ŷ · ∂ŷ/∂h1 · ∂h1/∂w1
           = -0.952 · 0.249 · -0.0904
           = 0.0214
    where
      ∂L/∂ŷ   = -2 (1 - 0.524) = -0.952
      ∂ŷ/∂h1  = w5 · f'(0.0949) = 1 · 0.249 = 0.249
      ∂h1/∂w1 = x1 · f'(-3) = -2 · 0.0452 = -0.0904
    with all digits: 0.0214695
    """
    by_default: str | Loss = "mse"
    if not isinstance(network, Network):
        estimator, network = network, Network.from_estimator(network)
        y = target_of(estimator, y)
        by_default = loss_of(estimator)
    function = losses.find(loss or by_default, network.softmax)
    y = target(y, network.names.sizes[-1], network.softmax)
    chains = _Chains(network, x, y, function)
    paths = sorted(chains.to(parameter), key=lambda path: -abs(_contribution(path)))
    return Explanation(parameter, paths, chains.gradients[parameter])


class _Chains:
    """The chains of derivatives from the loss of one sample to a parameter."""

    def __init__(self, network: Network, x: Any, y: list[float], loss: Loss) -> None:
        self.layers, self.names = network.layers, network.names
        self.softmax, self.loss, self.y = network.softmax, loss, y
        self.forward: Forward = network.forward(x)
        self.gradients: Gradients = network.gradients(x, y, loss)
        self.values = [*self.names.values]
        if self.softmax:
            self.values[-1] = self.names.neurons[-1]

    def to(self, parameter: str) -> Iterator[list[Factor]]:
        """Yield the factors of every path to a parameter."""
        layer, j, i = self.names.place(parameter)
        top, n_paths = layer, 1
        while top + 1 < len(self.layers):
            n_paths *= len(self.layers[top + 1])
            if n_paths > MAX_PATHS:
                break
            top += 1
        last = self._by_parameter(layer, j, i, parameter)
        for path in self._to_neuron(layer, j, top):
            yield [*path, last]

    def _to_neuron(self, layer: int, j: int, top: int) -> Iterator[list[Factor]]:
        """Yield the factors of every path from the top layer to a neuron."""
        if layer == top:
            yield [self._of_loss(top, j)]
            return
        for k in range(len(self.layers[layer + 1])):
            step = self._by_neuron(layer + 1, k, j)
            for path in self._to_neuron(layer + 1, k, top):
                yield [*path, step]

    def _of_loss(self, layer: int, j: int) -> Factor:
        """Return ∂L/∂h of a neuron at which chains start."""
        value = by_hand = self.gradients.by_output[layer][j]
        if layer < len(self.layers) - 1:
            formula = "summed over the layers after it"
        elif self.softmax:
            formula = " + ".join(
                f"∂L/∂{y_hat} · ∂{y_hat}/∂{self.values[-1][j]}"
                for y_hat, y in zip(self.names.values[-1], self.y, strict=True)
                if y or self.loss.derivative(0.0, 0.5)
            )
        else:
            y, p = self.y[j], self.forward.outputs[j]
            formula = self.loss.formula.format(y=_short(y), p=_short(p))
            by_hand = self.loss.derivative(_rounded(y), _rounded(p))
        return _factor("L", self.values[layer][j], value, formula, by_hand)

    def _by_neuron(self, layer: int, k: int, j: int) -> Factor:
        """Return the derivative of a neuron's output by its j-th input."""
        name, w = self.names.weights[layer][k][j], self.layers[layer][k].weights[j]
        return self._times_slope(layer, k, name, w, self.names.into(layer)[j])

    def _by_parameter(self, layer: int, j: int, i: int | None, name: str) -> Factor:
        """Return the derivative of a neuron's output by its weight or bias."""
        if i is None:
            return self._times_slope(layer, j, None, 1.0, name)
        x = self.forward.inputs[layer][i]
        return self._times_slope(layer, j, self.names.into(layer)[i], x, name)

    def _times_slope(
        self, layer: int, j: int, name: str | None, value: float, by: str
    ) -> Factor:
        """Return a factor: the number with this name, times the slope f'(z)."""
        z = self.forward.totals[layer][j]
        neuron = self.layers[layer][j]
        slope = neuron.function.derivative(z)
        of = self.values[layer][j]
        if neuron.activation == "identity":
            formula = name or "1"
        elif name is None:
            formula = f"f'({_short(z)})"
        else:
            formula = f"{name} · f'({_short(z)}) = {_short(value)} · {_short(slope)}"
        by_hand = _rounded(value) * _rounded(slope)
        return _factor(of, by, value * slope, formula, by_hand)


def _factor(of: str, by: str, value: float, formula: str, by_hand: float) -> Factor:
    """Return a factor; where rounding misleads by over 1 %, round only at the end."""
    misleads = abs(by_hand - value) > 0.01 * abs(value)
    return Factor(of, by, value, formula, _rounded(value if misleads else by_hand))


def _contribution(path: list[Factor]) -> float:
    """Return the contribution of a path to the derivative."""
    return prod(factor.value for factor in path)


def _by_hand(path: list[Factor]) -> float:
    """Return the product of a path's printed factors."""
    return prod(factor.by_hand for factor in path)


def _rounded(value: float) -> float:
    """Return a number rounded to three significant digits."""
    return float(_short(value))


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}"


def _fraction(of: str, by: str) -> str:
    return rf"\frac{{\partial {_symbol(of)}}}{{\partial {_symbol(by)}}}"


def _symbol(name: str) -> str:
    """Return a name in LaTeX: h_{1} for h1, \\hat{y} for ŷ."""
    letter, digits = name[0], name[1:]
    letter = r"\hat{y}" if letter == "ŷ" else letter
    return f"{letter}_{{{digits}}}" if digits else letter
