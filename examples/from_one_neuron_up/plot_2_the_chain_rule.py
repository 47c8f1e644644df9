r"""
The chain rule, and learning from four people
=============================================

To learn, a network needs the derivative of the loss by each weight. The chain rule
splits it into simple factors:

.. math::

   \frac{\partial L}{\partial w_1} = \frac{\partial L}{\partial \hat y} \cdot
   \frac{\partial \hat y}{\partial h_1} \cdot \frac{\partial h_1}{\partial w_1}

Then every weight takes a small step against its derivative, again and again. The
numbers and the people are those of Victor Zhou's `introduction
<https://victorzhou.com/blog/intro-to-neural-networks/>`_.
"""

# %%
# One derivative, written out
# ---------------------------
# Alice weighs 2 pounds less than 135 and is one inch shorter than 66: x = (-2, -1). She
# is female: y = 1. All weights are 1 and all biases 0.

from skneuron.teaching import Network, Neuron, explain

network = Network([[Neuron([1, 1]), Neuron([1, 1])], [Neuron([1, 1])]])
alice = [-2, -1]
forward = network.forward(alice)
print(f"h1 = {forward.inputs[1][0]:.4f}, ŷ = {forward.outputs[0]:.3f}")
print()
print(explain(network, alice, y=1, parameter="w1"))

# %%
# The derivative is positive: increasing w1 increases the loss, so w1 must decrease. In
# a notebook, an explanation on the last line of a cell is shown as a formula. All
# derivatives of this sample:

from skneuron.inspection import BackpropDisplay

print(network.gradients(alice, 1))
BackpropDisplay.from_estimator(network, alice, 1)

# %%
# Training
# --------
# For one person after the other, each weight takes a step of 0.1 times its derivative.
# An epoch goes through all four people; training has a thousand epochs.

people = {"Alice": [-2, -1], "Bob": [25, 6], "Charlie": [17, 4], "Diana": [-15, -6]}
X, y = list(people.values()), [1, 0, 0, 1]

network = Network.random((2, 2, 1), random_state=0)
start = network.to_estimator()
path = [(network["w5"], network["w6"])]


def remember(epoch, loss, network):
    path.append((network["w5"], network["w6"]))


history = network.train(X, y, learning_rate=0.1, epochs=1000, callback=remember)
print(history)

# %%
# Predictions for two new people:

print(f"Emily: {network.feedforward([-7, -3]):.3f}, female")
print(f"Frank: {network.feedforward([20, 2]):.3f}, male")

# %%
# The picture shows what the network has learned. The weights of both hidden neurons are
# positive: they respond to heavy and tall people. The weights of the output are
# negative: this response lowers the probability of a woman.

from skneuron.inspection import NetworkDisplay

NetworkDisplay.from_estimator(network)

# %%
# The loss landscape over two of the nine parameters, with the path of training. The
# other seven have their final values, so the height is exact only at the end of the
# path.

from skneuron.inspection import LossLandscapeDisplay

LossLandscapeDisplay.from_estimator(
    network, X, y, parameters=("w5", "w6"), path=path, grid_resolution=40
)

# %%
# The same with an estimator
# --------------------------
# :class:`skneuron.NeuronClassifier` computes the same with matrices. The parameters
# select plain gradient descent (``solver="sgd", momentum=0``) with one sample per step,
# in order, and without a penalty. The estimator halves the squared error and thus the
# derivative, so the learning rate is twice 0.1.

import warnings

from sklearn.exceptions import ConvergenceWarning

from skneuron import NeuronClassifier

classifier = NeuronClassifier(
    hidden_layer_sizes=2,
    activation="logistic",
    loss="squared_error",
    solver="sgd",
    momentum=0,
    learning_rate_init=0.2,
    batch_size=1,
    shuffle=False,
    alpha=0,
    max_iter=1000,
    tol=0,
    n_iter_no_change=1000,
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ConvergenceWarning)  # a thousand epochs are meant
    classifier.fit(X, y, coefs_init=start.coefs_, intercepts_init=start.intercepts_)
print("Emily, Frank:", classifier.predict_proba([[-7, -3], [20, 2]])[:, 1].round(3))

twin = Network.from_estimator(classifier)
largest = max(abs(twin[name] - value) for name, value in network.parameters().items())
print(f"largest difference of a weight or bias: {largest:.1e}")

# %%
# :func:`skneuron.teaching.explain` also accepts fitted estimators:

print(explain(classifier, alice, y=1, parameter="w1"))

import matplotlib.pyplot as plt

plt.show()
