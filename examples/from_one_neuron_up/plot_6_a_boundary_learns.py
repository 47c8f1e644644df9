"""
A decision boundary during training
===================================

An animation of the decision boundary of four tanh units on the two moons, every few
epochs. Run as a program, it writes ``decision_boundary.gif`` to the current directory,
or to the path given as an argument.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.colors import LinearSegmentedColormap
from sklearn.datasets import make_moons

from skneuron import NeuronClassifier

BLUE, ORANGE = "#0072B2", "#E69F00"
X, y = make_moons(300, noise=0.2, random_state=0)
classifier = NeuronClassifier(
    4, "tanh", learning_rate_init=0.03, batch_size=30, random_state=0
).initialize(X, y)

# %%
# ``partial_fit`` trains for one epoch. The loop stores the probabilities on a grid, to
# be drawn later.

sides = np.linspace(-1.8, 2.8, 120), np.linspace(-1.4, 1.9, 90)
grid = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
frames = []
for epoch in range(121):
    if epoch:
        classifier.partial_fit(X, y)
    if epoch < 12 or epoch % 4 == 0:
        p = classifier.predict_proba(grid)[:, 1].reshape(90, 120)
        frames.append((epoch, classifier.score(X, y), p))
for epoch, score, _ in frames[:: len(frames) // 6]:
    print(f"{epoch:3d} epochs: accuracy {score:.3f}")

# %%
# In the picture, shades show the probability, and the line is where both classes are
# equally probable.

figure, ax = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
shades = LinearSegmentedColormap.from_list("moons", ["#F6D9A0", "#A8CFE8"])


def draw(frame):
    epoch, score, p = frame
    ax.clear()
    ax.contourf(*sides, p, levels=np.linspace(0, 1, 9), cmap=shades)
    ax.contour(*sides, p, levels=[0.5], colors="black", linewidths=1.5)
    ax.scatter(*X.T, c=np.where(y, BLUE, ORANGE), s=10, linewidths=0)
    ax.set(title=f"{epoch} epochs, accuracy {score:.3f}", xticks=[], yticks=[])


animation = FuncAnimation(figure, draw, frames=frames + frames[-1:] * 12, interval=120)
if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "decision_boundary.gif"
    animation.save(path, writer=PillowWriter(fps=8), dpi=60)
    print("wrote", path)
