r"""
By hand: from a straight line to a parabola
===========================================

A network without a hidden layer and with the identity as its function is a straight
line, y = w x + b, small enough for pencil and paper. The steps are those of `Training a
neural network by hand
<https://towardsdatascience.com/training-a-neural-network-by-hand-1bcac4d82a6e>`_. The
text shows its points only in pictures; these three are chosen to reproduce its errors:
0.08, then 0.02, for the line, and 0.06, then 0.01, for the parabola.
"""

# %%
# One step by hand
# ----------------
# The weight is 0.5, the bias 0, the loss half the mean squared error and the learning
# rate 1. The derivatives are averages over the points: of the error times x for the
# weight, and of the error for the bias.

import numpy as np

x, y = np.array([0, 0.2, 0.5]), np.array([0.2, 0.3, 0.9])

w, b = 0.5, 0.0
error = w * x + b - y
print(f"half MSE before: {np.mean(error**2) / 2:.4f}")
w, b = w - 1 * np.mean(error * x), b - 1 * np.mean(error)
print(f"w = {w:.4f}, b = {b:.4f}")
print(f"half MSE after:  {np.mean((w * x + b - y) ** 2) / 2:.4f}")

# %%
# The same step in code
# ---------------------
# With a neuron, and with the chain of derivatives for one point:

from skneuron.teaching import Network, Neuron, explain

line = Network([[Neuron([0.5], 0, activation="identity")]])
print(explain(line, [0.5], 0.9, "w1", loss="half_mse"))
points = x[:, np.newaxis]
path = [(line["w1"], line["b1"])]
line.train(points, y, learning_rate=1, epochs=1, batch="full", loss="half_mse")
print(f"\nw = {line['w1']:.4f}, b = {line['b1']:.4f}")

# %%
# With an estimator, from the same weight and bias:

import warnings

from sklearn.exceptions import ConvergenceWarning

from skneuron import NeuronRegressor

warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are counted on purpose
by_steps = {"solver": "sgd", "momentum": 0, "alpha": 0, "tol": 0}
by_steps |= {"learning_rate_init": 1, "batch_size": "full", "n_iter_no_change": np.inf}
regressor = NeuronRegressor(hidden_layer_sizes=(), max_iter=1, **by_steps)
regressor.fit(points, y, coefs_init=[[[0.5]]], intercepts_init=[[0]])
print(f"w = {regressor.coefs_[0][0, 0]:.4f}, b = {regressor.intercepts_[0][0]:.4f}")

# %%
# With two parameters, the loss is a surface over a plane: a long valley. The path shows
# training on its way to the bottom.

from skneuron.inspection import LossLandscapeDisplay


def remember(epoch, loss, line):
    path.append((line["w1"], line["b1"]))


line.train(points, y, 1, 60, "full", loss="half_mse", callback=remember)
LossLandscapeDisplay.from_estimator(
    line, points, y, parameters=("w1", "b1"), loss="half_mse", path=path
)

# %%
# Second order
# ------------
# With x² as a second input, the same network is a parabola.

curve_points = np.column_stack([x, x**2])
parabola = Network([[Neuron([0.5, 0.5], 0, activation="identity")]])
before = parabola.loss(curve_points, y, "half_mse")
parabola.train(curve_points, y, 1, epochs=1, batch="full", loss="half_mse")
after = parabola.loss(curve_points, y, "half_mse")
print(f"half MSE {before:.4f} -> {after:.4f}")

# %%
# The curve after every 500 of 3,000 epochs. ``initialize`` builds the network without
# training it; with ``warm_start``, each ``fit`` continues from the current weights.

import matplotlib.pyplot as plt

regressor = NeuronRegressor(hidden_layer_sizes=(), warm_start=True, **by_steps)
regressor.initialize(
    curve_points, y, coefs_init=[[[0.5], [0.5]]], intercepts_init=[[0]]
)
figure, ax = plt.subplots(layout="constrained")
grid = np.linspace(0, 1, 101)
shades = plt.colormaps["cividis"](np.linspace(0, 0.9, 7))
for epochs, shade in zip(range(0, 3001, 500), shades, strict=True):
    if epochs:
        regressor.set_params(max_iter=500).fit(curve_points, y)
    curve = regressor.predict(np.column_stack([grid, grid**2]))
    ax.plot(grid, curve, color=shade, label=f"{epochs:,} epochs")
    error = regressor.predict(curve_points) - y
    print(f"{epochs:5,} epochs: half MSE {np.mean(error**2) / 2:.6f}")
ax.plot(x, y, "o", color="#D55E00", markersize=9, label="the points")
ax.set(xlabel="x", ylabel="y", ylim=(0, 2))
ax.grid(alpha=0.3)
ax.legend()

# %%
# Initial weights
# ---------------
# The text starts from 0.5 and mentions He's and Xavier's (Glorot's) initial weights.
# They are values of ``init`` and differ in the standard deviation.

rng = np.random.RandomState(0)
many = rng.normal(size=(10, 200)), rng.normal(size=10)
for init in ("he_normal", "he_uniform", "glorot_normal", "glorot_uniform"):
    drawn = NeuronRegressor(100, init=init, random_state=0).initialize(*many)
    print(f"{init:14s}: standard deviation {drawn.coefs_[0].std():.4f}")
print(f"sqrt(2 / 200) = {np.sqrt(2 / 200):.4f}, sqrt(2 / 300) = {np.sqrt(2 / 300):.4f}")
plt.show()
