r"""
One neuron, then three
======================

A neuron multiplies its inputs by weights, adds a bias and applies a function:

.. math:: \text{out} = f(w_1 x_1 + w_2 x_2 + b)

Three neurons, two in a hidden layer and one that reads their outputs, form a network.
The numbers are those of Victor Zhou's `introduction to neural networks
<https://victorzhou.com/blog/intro-to-neural-networks/>`_.
"""

# %%
# One neuron
# ----------
# This neuron has the weights 0 and 1, the bias 4 and the logistic function, which maps
# any number into the range from 0 to 1. For the inputs 2 and 3, the weighted sum is
# 0·2 + 1·3 + 4 = 7.

from skneuron.teaching import Network, Neuron

neuron = Neuron(weights=[0, 1], bias=4, activation="logistic")
print("z   =", neuron.total([2, 3]))
print("out =", neuron.feedforward([2, 3]))

# %%
# The partial derivatives show how the output changes with each weight, the bias and
# each input. Learning needs nothing else from a neuron.

print(neuron.partials([2, 3]))

# %%
# The logistic function and two other activations. The derivative of the logistic
# function is at most a quarter, and close to zero far from z = 0, where a neuron hardly
# learns.

from skneuron.inspection import ActivationDisplay

ActivationDisplay.from_names(["logistic", "tanh", "relu"]).ax_.set(ylim=(-1.2, 2.5))

# %%
# A network
# ---------
# Two hidden neurons, h1 and h2, read the inputs; the output neuron o1 reads h1 and h2.
# All have the weights 0 and 1 and no bias.

network = Network([[Neuron([0, 1]), Neuron([0, 1])], [Neuron([0, 1])]])
print(network)
print("ŷ =", network.feedforward([2, 3]))

# %%
# The weights are named neuron by neuron.

from skneuron.inspection import NetworkDisplay

NetworkDisplay.from_estimator(network)

# %%
# The loss
# --------
# The *loss* measures the error in one number. For four people, with target 1 for female
# and 0 for male, and a network that always returns 0, the mean squared error is
# (1 + 0 + 0 + 1) / 4.

always_zero = Network([[Neuron([0, 0], 0, activation="identity")]])
people = [[-2, -1], [25, 6], [17, 4], [-15, -6]]  # weight and height, shifted
print("MSE =", always_zero.loss(people, [1, 0, 0, 1], loss="mse"))

# %%
# The same network as a scikit-learn estimator, whose ``predict_proba`` returns the
# probabilities of both classes:

estimator = network.to_estimator()
print(estimator.predict_proba([[2, 3]]))

import matplotlib.pyplot as plt

plt.show()
