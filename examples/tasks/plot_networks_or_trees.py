"""
Networks or trees?
==================

Gradient boosting adds trees, which split one column at a time: it finds thresholds
among many irrelevant columns. Networks add functions of sums of columns: they are
better where the target changes smoothly. :func:`~skneuron.model_selection.compare`
shows which of them suits a table.
"""

# %%
# Two generated tables, each with noise. In the first, the target is a smooth function
# of five of ten columns; in the second, a sum of rules about five of thirty.

import numpy as np
from sklearn.datasets import make_friedman1

smooth = make_friedman1(1000, noise=1, random_state=0)

rng = np.random.RandomState(0)
X = rng.uniform(size=(1000, 30))
a, b, c, d, e = X.T[:5]
y = 3.0 * ((a > 0.3) & (b < 0.6)) + 2 * (c > 0.5) - 3 * ((d > 0.7) & (e > 0.2))
rules = X, y + rng.normal(scale=0.5, size=1000)

# %%
# Both estimators have their default parameters and one thread. The first of them is the
# reference of the test.

from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import KFold
from threadpoolctl import threadpool_limits

from skneuron.model_selection import compare
from skneuron.tabular import TabularRegressor

models = [HistGradientBoostingRegressor(), TabularRegressor(random_state=0)]
tables = {"smooth": smooth, "rules": rules}
with threadpool_limits(1):
    comparisons = {
        name: compare(models, X, y, cv=KFold(5, shuffle=True, random_state=0))
        for name, (X, y) in tables.items()
    }
for name, comparison in comparisons.items():
    print(f"{name}: {comparison}\n")

# %%
# Each wins on the table that suits it.

import matplotlib.pyplot as plt

from skneuron.inspection import CompareDisplay

fig, axs = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
for ax, (name, comparison) in zip(axs, comparisons.items(), strict=True):
    CompareDisplay.from_comparison(comparison, ax=ax)
    ax.set_title(name)
plt.show()
