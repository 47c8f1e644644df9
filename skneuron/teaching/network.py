"""A network: neurons in layers, trained by plain gradient descent."""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from sklearn.utils import check_random_state

from . import losses
from .backpropagation import Gradients, backpropagate
from .checks import number, numbers, samples, target
from .conversion import Recipe, build_estimator, read_estimator
from .descent import History, descend
from .forward import Forward, feed_forward
from .losses import Loss
from .names import Names
from .neuron import Neuron
from .table import short, table


class Network:
    """Neurons in layers, each layer's outputs the inputs of the next.

    Its numbers have the names of the texts: weights w1, w2, … counted neuron by neuron,
    a bias b1, b2, … for each neuron. `network["w1"]` reads one, and
    `network["w1"] = 0.5` changes it.

    Parameters
    ----------
    layers : sequence of sequence of Neuron
        The hidden layers, then the output layer. All neurons of a layer must have as
        many weights as the layer before has neurons.

    softmax : bool, default=False
        Whether the outputs o1, o2, … become the probabilities of classes,
        ŷk = exp(ok) / (exp(o1) + exp(o2) + …). The neurons of the last layer then need
        the activation 'identity'.

    See Also
    --------
    skneuron.NeuronClassifier : The same network, hundreds of times faster.
    explain : The chain rule for one of its weights, written out.

    Examples
    --------
    The network of two inputs, two hidden neurons and one output in which every neuron
    has the weights 0 and 1 and no bias:

    >>> from skneuron.teaching import Network, Neuron
    >>> network = Network([[Neuron([0, 1]), Neuron([0, 1])], [Neuron([0, 1])]])
    >>> network.feedforward([2, 3])
    0.7216325609518421
    >>> print(network)
    neuron  activation    weights     bias
        h1    logistic  w1=0 w2=1     b1=0
        h2    logistic  w3=0 w4=1     b2=0
        o1    logistic  w5=0 w6=1     b3=0
    """

    def __init__(
        self, layers: Sequence[Sequence[Neuron]], softmax: bool = False
    ) -> None:
        self.layers = [list(layer) for layer in layers]
        self.softmax = softmax
        if not self.layers or not all(self.layers):
            raise ValueError("A network needs at least one layer with a neuron in it.")
        sizes = [len(self.layers[0][0].weights), *map(len, self.layers)]
        self.names = Names(sizes)
        for layer, neurons in enumerate(self.layers):
            for j, neuron in enumerate(neurons):
                if len(neuron.weights) != sizes[layer]:
                    raise ValueError(
                        f"Neuron {self.names.neurons[layer][j]} has "
                        f"{len(neuron.weights)} weights, but {sizes[layer]} inputs."
                    )
        if softmax and any(n.activation != "identity" for n in self.layers[-1]):
            raise ValueError(
                "With softmax=True the neurons of the last layer need "
                "activation='identity': the softmax comes after them."
            )

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        activation: str = "logistic",
        *,
        output: str = "logistic",
        random_state: Any = None,
    ) -> Self:
        """Return a network whose numbers are drawn from the normal distribution.

        Mean 0, standard deviation 1; all weights first, then all biases, each in the
        order of their names.

        Parameters
        ----------
        sizes : sequence of int
            Inputs, neurons of each hidden layer, outputs: (2, 2, 1).

        activation : str, default='logistic'
            Of the hidden neurons.

        output : str, default='logistic'
            Of the output neurons; or 'softmax'.

        random_state : int, RandomState instance or None, default=None
            An int for the same network each time.

        Returns
        -------
        network : Network
            Ready to be trained.
        """
        if len(sizes) < 2 or not all(isinstance(n, int) and n > 0 for n in sizes):
            raise ValueError(
                "sizes must be the numbers of inputs, of neurons in each hidden layer "
                f"and of outputs, (2, 2, 1) say; got {sizes!r}."
            )
        softmax = output == "softmax"
        last = "identity" if softmax else output
        network = cls(
            [
                [Neuron([0.0] * n_inputs, 0.0, f) for _ in range(n_neurons)]
                for n_inputs, n_neurons, f in zip(
                    sizes[:-1],
                    sizes[1:],
                    [activation] * (len(sizes) - 2) + [last],
                    strict=True,
                )
            ],
            softmax,
        )
        rng = check_random_state(random_state)
        for name in network.names.places:
            network[name] = rng.normal()
        return network

    # What it is made of.

    def neurons(self) -> Iterator[tuple[int, int, Neuron]]:
        """Go through the neurons, each with its layer and its place there.

        Yields
        ------
        layer, j, neuron : int, int, Neuron
            The first layer and the first neuron are 0.
        """
        for layer, neurons in enumerate(self.layers):
            for j, neuron in enumerate(neurons):
                yield layer, j, neuron

    def parameters(self) -> dict[str, float]:
        """Return all numbers by their names, the weights before the biases.

        Returns
        -------
        parameters : dict of str to float
            A copy: changing it changes no network.
        """
        return {name: self[name] for name in self.names.places}

    def __getitem__(self, name: str) -> float:
        layer, j, i = self.names.place(name)
        neuron = self.layers[layer][j]
        return neuron.bias if i is None else neuron.weights[i]

    def __setitem__(self, name: str, value: float) -> None:
        layer, j, i = self.names.place(name)
        neuron = self.layers[layer][j]
        if i is None:
            neuron.bias = number(value, name)
        else:
            neuron.weights[i] = number(value, name)

    def copy(self) -> Self:
        """Return the same network in neurons of its own.

        Returns
        -------
        network : Network
            Training it leaves this one alone.
        """
        return copy.deepcopy(self)

    # forward

    def forward(self, x: Iterable[float]) -> Forward:
        """Feed one sample forward, and keep every number on the way.

        Parameters
        ----------
        x : sequence of float
            The inputs of the first layer.

        Returns
        -------
        forward : Forward
            Inputs and totals of all layers, and the outputs.
        """
        x = numbers(x, "x", length=self.names.sizes[0])
        return feed_forward(self.layers, x, self.softmax)

    def feedforward(self, x: Iterable[float]) -> float | list[float]:
        """Return the output for one sample.

        Parameters
        ----------
        x : sequence of float
            The inputs of the first layer.

        Returns
        -------
        prediction : float or list of float
            The output ŷ, a list where there are several.
        """
        outputs = self.forward(x).outputs
        return outputs[0] if len(outputs) == 1 else outputs

    # loss

    def loss(self, X: Any, y: Any, loss: str | Loss = "mse") -> float:
        """Return how far the predictions for some samples are from the truth.

        Parameters
        ----------
        X : sequence of sequence of float, of shape (n_samples, n_inputs)
            The samples.

        y : sequence of float, of shape (n_samples,) or (n_samples, n_outputs)
            What the outputs should be. For a softmax, the number of the class will do,
            from 0.

        loss : {'mse', 'half_mse', 'sse', 'log_loss'}, default='mse'
            The mean of (y - ŷ)², half of that, the sum of (y - ŷ)² over all samples, or
            the mean of -y log ŷ - (1 - y) log(1 - ŷ); of a softmax, of -log ŷ of the
            true class. Several outputs are summed.

        Returns
        -------
        loss : float
            The mean over samples, the sum where loss='sse'.
        """
        function = losses.find(loss, self.softmax)
        X, y = samples(X, y, self.names.sizes, self.softmax)
        total = 0.0
        for x, truth in zip(X, y, strict=True):
            outputs = self.forward(x).outputs
            total += sum(map(function.value, truth, outputs))
        return total / len(X) if function.averaged else total

    # backward

    def gradients(self, x: Any, y: Any, loss: str | Loss = "mse") -> Gradients:
        """Return the derivative of the loss of one sample by every parameter.

        Backpropagation: from ∂L/∂h of a layer's neurons, each neuron's own partial
        derivatives give ∂L/∂w and ∂L/∂b, and ∂L/∂h of the layer before.

        Parameters
        ----------
        x : sequence of float
            The inputs of the first layer.

        y : float or sequence of float
            What the output should be, or each of them.

        loss : str, default='mse'
            As in `loss`.

        Returns
        -------
        gradients : Gradients
            A dict by the names of the parameters, which prints as a table.
        """
        return backpropagate(
            self.layers,
            self.names,
            self.forward(x),
            target(y, self.names.sizes[-1], self.softmax),
            losses.find(loss, self.softmax),
            self.softmax,
        )

    # step

    def train(
        self,
        X: Any,
        y: Any,
        learning_rate: float,
        epochs: int,
        batch: int | str = "sample",
        *,
        bias: bool = True,
        loss: str = "mse",
        callback: Callable[[int, float, "Network"], Any] | None = None,
    ) -> History:
        """Train by plain gradient descent: w ← w - learning_rate · ∂L/∂w.

        The samples are taken in their order. Ctrl-C ends training with a warning; what
        was learnt until then stays.

        Parameters
        ----------
        X : sequence of sequence of float, of shape (n_samples, n_inputs)
            The samples.

        y : sequence of float, of shape (n_samples,) or (n_samples, n_outputs)
            What the outputs should be.

        learning_rate : float
            How far a step goes along the derivative.

        epochs : int
            How often to go through all samples.

        batch : 'sample', 'full' or int, default='sample'
            Samples that a step is made from: one, all, or so many. L is the loss of
            these.

        bias : bool, default=True
            Whether biases learn, too; otherwise they stay as they are.

        loss : str, default='mse'
            As in `loss`.

        callback : callable, default=None
            Called after each epoch as `callback(epoch, loss, network)`, the first epoch
            being 1; training ends where it returns True.

        Returns
        -------
        history : History
            The loss of all samples after each epoch: a list that prints as a table.
        """
        return descend(self, X, y, learning_rate, epochs, batch, bias, loss, callback)

    # The same network as an estimator.

    @classmethod
    def from_estimator(cls, estimator: Any) -> Self:
        """Return a fitted estimator's network, neuron by neuron.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            Fitted. MLPClassifier and MLPRegressor will do, too.

        Returns
        -------
        network : Network
            `feedforward` gives what `predict` of a regressor gives, or the
            probabilities that `predict_proba` of a classifier gives: for two classes
            and one output that of the second.
        """
        recipe = read_estimator(estimator)
        layers = [
            [
                Neuron(w, b, activation)
                for w, b in zip(weights.T.tolist(), biases.tolist(), strict=True)
            ]
            for weights, biases, activation in recipe.layers
        ]
        return cls(layers, recipe.softmax)

    def to_estimator(self, **params: Any) -> Any:
        """Return the network as an estimator that can predict and be trained.

        Parameters
        ----------
        **params : dict
            Parameters of the estimator, for its training. With `warm_start=True`, `fit`
            goes on from these weights.

        Returns
        -------
        estimator : NeuronClassifier or NeuronRegressor
            A classifier where the outputs are logistic or a softmax, its classes 0, 1,
            …; a regressor where they are 'identity' or 'exp'.
        """
        activations = []
        for layer, neurons in enumerate(self.layers):
            kinds = {neuron.activation for neuron in neurons}
            if len(kinds) > 1:
                names = ", ".join(self.names.neurons[layer])
                raise ValueError(
                    "An estimator has one activation for a layer, but the neurons "
                    f"{names} have {', '.join(sorted(kinds))}."
                )
            activations.append(kinds.pop())
        layers = [
            (
                np.array([neuron.weights for neuron in neurons]).T,
                np.array([neuron.bias for neuron in neurons]),
                activation,
            )
            for neurons, activation in zip(self.layers, activations, strict=True)
        ]
        return build_estimator(Recipe(layers, self.softmax), params)

    def __str__(self) -> str:
        rows = []
        for layer, j, neuron in self.neurons():
            names = self.names.weights[layer][j]
            weights = [
                f"{name}={short(w)}"
                for name, w in zip(names, neuron.weights, strict=True)
            ]
            if len(weights) > 5:
                weights[2:-1] = ["…"]
            rows.append(
                [
                    self.names.neurons[layer][j],
                    neuron.activation,
                    " ".join(weights),
                    f"{self.names.biases[layer][j]}={short(neuron.bias)}",
                ]
            )
        if len(rows) > 30:
            rows[20:-8] = [["…"] * 4]
        text = table(["neuron", "activation", "weights", "bias"], rows)
        return f"{text}\nthen softmax" if self.softmax else text

    def __repr__(self) -> str:
        return f"<Network {'-'.join(map(str, self.names.sizes))}>"
