"""
Counts with different exposures
===============================

Claims of insurance policies, visits to web pages and failures of machines are counts
over periods of different lengths. The model learns the rate, count / exposure. A rate
observed for longer carries more information, so the exposure is the sample weight, and
the loss is the Poisson deviance.
"""

# %%
# The data are ten thousand policies of half a month to a year. The rate depends on age
# and mileage in a way that no single term of a linear model describes.

import numpy as np

rng = np.random.RandomState(0)
age = rng.uniform(18, 80, size=10_000)
mileage = rng.gamma(3, 5, size=10_000)
exposure = rng.uniform(1 / 24, 1, size=10_000)
rate = 0.05 + 0.4 * np.exp(-(((age - 18) / 12) ** 2)) + 0.006 * mileage * (age > 60)
counts = rng.poisson(rate * exposure)
X = np.column_stack([age, mileage])
print(f"{counts.sum()} claims, {np.mean(counts == 0):.0%} of the policies have none")

# %%
# scikit-learn's Poisson regression and the network are fitted on the same rates, with
# the exposures as weights.

from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import mean_poisson_deviance
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronRegressor

train, test = train_test_split(np.arange(10_000), random_state=0)
frequency = counts / exposure
linear = make_pipeline(StandardScaler(), PoissonRegressor(alpha=0))
network = make_pipeline(
    StandardScaler(),
    NeuronRegressor(
        16,
        "tanh",
        loss="poisson",
        learning_rate_init=0.01,
        early_stopping=True,
        scoring="loss",
        random_state=0,
    ),
)
for name, model in (("linear", linear), ("network", network)):
    step = model.steps[-1][0]
    model.fit(X[train], frequency[train], **{f"{step}__sample_weight": exposure[train]})
    deviance = mean_poisson_deviance(
        frequency[test], model.predict(X[test]), sample_weight=exposure[test]
    )
    print(f"{name}: deviance {deviance:.4f} on new policies")

# %%
# The learned rates for two mileages, compared with the true rates.

import matplotlib.pyplot as plt

ages = np.linspace(18, 80, 200)
fig, axs = plt.subplots(1, 2, figsize=(8, 3.6), sharey=True, layout="constrained")
for ax, miles in zip(axs, (8, 30), strict=True):
    where = np.column_stack([ages, np.full(200, miles)])
    truth = (
        0.05 + 0.4 * np.exp(-(((ages - 18) / 12) ** 2)) + 0.006 * miles * (ages > 60)
    )
    ax.plot(ages, truth, color="black", linestyle="--", label="truth")
    ax.plot(ages, linear.predict(where), color="#D55E00", label="PoissonRegressor")
    ax.plot(ages, network.predict(where), color="#0072B2", label="NeuronRegressor")
    ax.set(xlabel="age", title=f"{miles},000 km a year")
axs[0].set_ylabel("claims a year")
axs[1].legend()
plt.show()
