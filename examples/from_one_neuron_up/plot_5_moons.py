"""
How many hidden units do the moons need?
========================================

No straight line separates the two moons. A network with a hidden layer does: tanh
units, then a softmax over the two classes, trained by gradient descent on all 300
points at once. The parameters of :class:`skneuron.NeuronClassifier` reproduce the
numbers of `Build an artificial neural network from scratch, part 2
<https://www.kdnuggets.com/2020/03/build-artificial-neural-network-scratch-part-2.html>`_.
"""

# %%
# Three units, 20,000 passes
# --------------------------
# The text's learning rate 0.01 and penalty 0.01 belong to a *sum* over the samples. The
# estimator minimises a mean, so its rate is 0.01 · 300. The text draws initial weights
# with variance 1 / fan_in: ``init="lecun_normal"``. By default, two classes have one
# logistic output; ``out_activation="softmax"`` gives each class an output, as in the
# text.

import time
import warnings

import numpy as np
from sklearn.datasets import make_moons
from sklearn.exceptions import ConvergenceWarning

from skneuron import NeuronClassifier

warnings.simplefilter("ignore", ConvergenceWarning)  # the passes are counted on purpose
X, y = make_moons(300, noise=0.2, random_state=0)
classifier = NeuronClassifier(
    hidden_layer_sizes=3,
    activation="tanh",
    out_activation="softmax",
    solver="sgd",
    momentum=0,
    learning_rate_init=0.01 * 300,
    batch_size="full",
    alpha=0.01,
    init="lecun_normal",
    max_iter=20_000,
    tol=0,
    n_iter_no_change=np.inf,
    random_state=0,
)
classifier.fit(X, y)
for i in range(0, 20_000, 1000):
    # the curve has the loss before each pass, the text prints the loss after it
    loss = classifier.loss_curve_[min(i + 1, 19_999)]
    print(f"Loss after iteration {i}: {loss:f}")
print(f"accuracy on these points: {classifier.score(X, y):.3f}")

# %%
# Seven sizes
# -----------
# Few units learn the shape; many units also draw boundaries around single points.

import matplotlib.pyplot as plt
from matplotlib.colors import ListedColormap
from sklearn.base import clone
from sklearn.inspection import DecisionBoundaryDisplay

BLUE, ORANGE = "#0072B2", "#E69F00"
sizes = [1, 2, 3, 4, 5, 20, 50]
figure, axes = plt.subplots(2, 4, figsize=(11, 5.6), layout="constrained")
began = time.perf_counter()
for size, ax in zip(sizes, axes.flat, strict=False):
    model = clone(classifier).set_params(hidden_layer_sizes=size).fit(X, y)
    DecisionBoundaryDisplay.from_estimator(
        model,
        X,
        ax=ax,
        response_method="predict",
        grid_resolution=300,
        eps=0.3,
        cmap=ListedColormap([ORANGE, BLUE]),
        alpha=0.35,
    )
    ax.scatter(*X.T, c=np.where(y, BLUE, ORANGE), s=8, linewidths=0)
    title = f"{size} hidden unit{'s' if size > 1 else ''}, {model.score(X, y):.3f}"
    ax.set(title=title, xticks=[], yticks=[], xlabel="", ylabel="")
axes.flat[-1].axis("off")
axes.flat[-1].text(0, 0.5, "accuracy on the\ntraining points", va="center")
print(f"seven networks, 20,000 passes each: {time.perf_counter() - began:.1f} s")

# %%
# The best size
# -------------
# The best network is the one with the highest accuracy on new points, not on the
# training points. :class:`sklearn.model_selection.GridSearchCV` estimates it by
# cross-validation: the network is an estimator like any other.

from sklearn.model_selection import GridSearchCV

search = GridSearchCV(
    NeuronClassifier(
        activation="tanh", solver="lbfgs", alpha=0.1, max_iter=2000, random_state=0
    ),
    {"hidden_layer_sizes": sizes},
    cv=5,
)
search.fit(X, y)
print("units  accuracy in five folds")
for size, mean, sd in zip(
    sizes,
    search.cv_results_["mean_test_score"],
    search.cv_results_["std_test_score"],
    strict=True,
):
    print(f"{size:5d}  {mean:.3f} ± {sd:.3f}")
print("best:", search.best_params_)

# %%
# The selected network:

from skneuron.inspection import NetworkDisplay

NetworkDisplay.from_estimator(search.best_estimator_)
plt.show()
