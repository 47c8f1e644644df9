"""
A network without biases
========================

The network of James Loy's `How to build your own neural network from scratch in Python
<https://towardsdatascience.com/how-to-build-your-own-neural-network-from-scratch-in-python-68998a08e4f6>`_
learns from four rows of three bits whether the first two differ. It has four hidden
units, the logistic function in every neuron and no biases; its loss is the *sum* of
squared errors over all four rows. The third bit is always 1 and thus replaces the bias
of the hidden units.
"""

# %%
# Neuron by neuron
# ----------------
# The initial weights are uniform between 0 and 1. Training takes 1,500 steps over all
# rows with learning rate 1.

import numpy as np

from skneuron.teaching import Network, Neuron

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = X[:, 0] ^ X[:, 1]

rng = np.random.RandomState(1)
start = [rng.rand(3, 4), rng.rand(4, 1)]
network = Network([[Neuron(w) for w in weights.T] for weights in start])
history = network.train(
    X, y, learning_rate=1, epochs=1500, batch="full", bias=False, loss="sse"
)
print(history)

# %%
# With biases, the network has five more parameters: four of the hidden units, which
# already have a bias in the third bit, and one of the output.

with_biases = Network([[Neuron(w) for w in weights.T] for weights in start])
history_with = with_biases.train(X, y, 1, 1500, batch="full", loss="sse")

print("bits     target  without  with biases")
for x, target in zip(X.tolist(), y, strict=True):
    without, with_them = network.feedforward(x), with_biases.feedforward(x)
    print(f"{x}     {target}    {without:.3f}    {with_them:.3f}")

# %%
# The loss falls at every step.

import matplotlib.pyplot as plt

figure, ax = plt.subplots(layout="constrained")
ax.semilogy(history, color="#0072B2", label="without biases")
ax.semilogy(history_with, color="#D55E00", ls="--", label="with biases")
ax.set(xlabel="iteration", ylabel="sum of squared errors")
ax.grid(alpha=0.3)
ax.legend()

# %%
# With an estimator
# -----------------
# ``fit_intercept=False`` leaves out the biases. The estimator minimises the mean of
# half the squared errors, an eighth of their sum over four rows, so the learning rate
# is 8 instead of 1.

import warnings

from sklearn.exceptions import ConvergenceWarning

from skneuron import NeuronClassifier

classifier = NeuronClassifier(
    4,
    "logistic",
    loss="squared_error",
    fit_intercept=False,
    solver="sgd",
    momentum=0,
    learning_rate_init=8,
    batch_size="full",
    alpha=0,
    max_iter=1500,
    tol=0,
    n_iter_no_change=1500,
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ConvergenceWarning)  # 1,500 iterations are meant
    classifier.fit(X, y, coefs_init=start)
print("probability of a 1:", classifier.predict_proba(X)[:, 1].round(3))
print("by the network:    ", np.round([network.feedforward(x) for x in X], 3))
plt.show()
