"""A network: layers of neurons, trained by plain gradient descent."""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self

from sklearn.utils import check_random_state

from . import losses
from .backpropagation import Gradients, backpropagate
from .checks import Rows, number, numbers, samples, target
from .conversion import build_estimator, read_estimator, to_matrices, to_neurons
from .descent import History, batch_gradient, batches, descend
from .forward import Forward, feed_forward
from .losses import Loss
from .names import Names
from .neuron import Neuron
from .table import short, table


class Network:
    """Layers of neurons; the outputs of each layer are the inputs of the next.

    Weights are named w1, w2, …, neuron by neuron, and the biases of the neurons are
    b1, b2, …. `network["w1"]` reads a parameter, and `network["w1"] = 0.5` changes it.

    Parameters
    ----------
    layers : sequence of sequence of Neuron
        The hidden layers, then the output layer. Each neuron must have one weight for
        every neuron of the layer before it.

    softmax : bool, default=False
        If True, a softmax turns the outputs o1, o2, … into class probabilities,
        ŷk = exp(ok) / (exp(o1) + exp(o2) + …). The neurons of the last layer then need
        the activation 'identity'.

    See Also
    --------
    skneuron.NeuronClassifier : The same network, hundreds of times faster.
    explain : Write out the chain rule for one of its weights.

    Examples
    --------
    A network of two inputs, two hidden neurons and one output, in which every neuron
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
        """Return a network with weights and biases from the normal distribution.

        The mean is 0 and the standard deviation 1. All weights are drawn before all
        biases, both in the order of their names.

        Parameters
        ----------
        sizes : sequence of int
            Number of inputs, of neurons in each hidden layer and of outputs: (2, 2, 1).

        activation : str, default='logistic'
            Activation of the hidden neurons.

        output : str, default='logistic'
            Activation of the output neurons, or 'softmax'.

        random_state : int, RandomState instance or None, default=None
            Pass an int to get the same network each time.

        Returns
        -------
        network : Network
            The untrained network.
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

    # parameters

    def neurons(self) -> Iterator[tuple[int, int, Neuron]]:
        """Iterate over the neurons, each with its layer and its position there.

        Yields
        ------
        layer, j, neuron : int, int, Neuron
            Layers and neurons are counted from 0.
        """
        for layer, neurons in enumerate(self.layers):
            for j, neuron in enumerate(neurons):
                yield layer, j, neuron

    def parameters(self) -> dict[str, float]:
        """Return all weights, then all biases, by name.

        Returns
        -------
        parameters : dict of str to float
            A copy: changing it does not change the network.
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
        """Return a deep copy of the network.

        Returns
        -------
        network : Network
            Training the copy does not change this network.
        """
        return copy.deepcopy(self)

    # forward

    def forward(self, x: Iterable[float]) -> Forward:
        """Feed one sample forward and keep every intermediate value.

        Parameters
        ----------
        x : sequence of float
            The inputs of the first layer.

        Returns
        -------
        forward : Forward
            Inputs and weighted sums of all layers, and the outputs.
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
            The output ŷ, or a list if there are several.
        """
        outputs = self.forward(x).outputs
        return outputs[0] if len(outputs) == 1 else outputs

    # loss

    def loss(self, X: Any, y: Any, loss: str | Loss = "mse") -> float:
        """Return the loss of the predictions for the given samples.

        Parameters
        ----------
        X : sequence of sequence of float, of shape (n_samples, n_inputs)
            The samples.

        y : sequence of float, of shape (n_samples,) or (n_samples, n_outputs)
            The targets. With a softmax, a target may be the number of the class,
            counted from 0.

        loss : {'mse', 'half_mse', 'sse', 'log_loss'}, default='mse'
            The mean of (y - ŷ)², half of it, the sum of (y - ŷ)² over all samples, or
            the mean of -y log ŷ - (1 - y) log(1 - ŷ); with a softmax, log_loss is the
            mean of -log ŷ of the true class. The loss is summed over outputs.

        Returns
        -------
        loss : float
            The mean over the samples; the sum if loss='sse'.
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
        """Return the derivative of one sample's loss by every parameter.

        This is backpropagation: ∂L/∂h of a layer's neurons, multiplied by their
        partial derivatives, gives ∂L/∂w, ∂L/∂b, and ∂L/∂h of the layer before.

        Parameters
        ----------
        x : sequence of float
            The inputs of the first layer.

        y : float or sequence of float
            The target of the sample; a list if there are several outputs.

        loss : str, default='mse'
            A loss of the method `loss`.

        Returns
        -------
        gradients : Gradients
            A dict from parameter names to derivatives, which prints as a table.
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

        Samples are not shuffled. Ctrl-C ends training with a warning and keeps the
        weights learned so far.

        Parameters
        ----------
        X : sequence of sequence of float, of shape (n_samples, n_inputs)
            The samples.

        y : sequence of float, of shape (n_samples,) or (n_samples, n_outputs)
            The targets.

        learning_rate : float
            The factor that multiplies the derivative in a step.

        epochs : int
            Number of passes over all samples.

        batch : 'sample', 'full' or int, default='sample'
            Number of samples in a step: one, all, or the given number. L is the loss of
            these samples.

        bias : bool, default=True
            If False, the biases are not trained.

        loss : str, default='mse'
            A loss of the method `loss`.

        callback : callable, default=None
            Called after each epoch as `callback(epoch, loss, network)`, with epochs
            counted from 1. Training ends when it returns True.

        Returns
        -------
        history : History
            The loss of all samples after each epoch: a list that prints as a table.
        """
        X, y = samples(X, y, self.names.sizes, self.softmax)
        learning_rate = number(learning_rate, "learning_rate")
        function = losses.find(loss, self.softmax)
        steps = batches(X, y, batch)

        def run_epoch() -> float:
            for X_batch, y_batch in steps:
                self._step(X_batch, y_batch, function, learning_rate, bias)
            return self.loss(X, y, function)

        def stops(epoch: int, loss: float) -> Any:
            return callback is not None and callback(epoch, loss, self)

        return descend(run_epoch, epochs, learning_rate, stops)

    def _step(
        self, X: Rows, y: Rows, loss: Loss, learning_rate: float, bias: bool
    ) -> None:
        """Move every weight, and with `bias` every bias, against its derivative."""
        gradients = [self.gradients(x, t, loss) for x, t in zip(X, y, strict=True)]
        for name, derivative in batch_gradient(gradients, loss.averaged).items():
            if bias or name.startswith("w"):
                self[name] -= learning_rate * derivative

    # estimators

    @classmethod
    def from_estimator(cls, estimator: Any) -> Self:
        """Return the network of a fitted estimator.

        Parameters
        ----------
        estimator : NeuronClassifier or NeuronRegressor
            A fitted estimator; MLPClassifier and MLPRegressor are accepted, too.

        Returns
        -------
        network : Network
            `feedforward` returns the predictions of a regressor, or the probabilities
            of a classifier; for two classes and one output, that of the second class.
        """
        matrices = read_estimator(estimator)
        return cls(to_neurons(matrices), matrices.softmax)

    def to_estimator(self, **params: Any) -> Any:
        """Return an estimator with the same weights and biases.

        Parameters
        ----------
        **params : dict
            Parameters of the estimator. With `warm_start=True`, `fit` continues from
            these weights.

        Returns
        -------
        estimator : NeuronClassifier or NeuronRegressor
            A classifier with classes 0, 1, … if the outputs are logistic or a softmax;
            a regressor if they are 'identity' or 'exp'.
        """
        matrices = to_matrices(self.layers, self.names, self.softmax)
        return build_estimator(matrices, params)

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
