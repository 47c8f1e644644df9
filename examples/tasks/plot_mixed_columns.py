"""
Mixed columns: numbers, categories and missing values
=====================================================

A table has numbers, categories and missing values. A ColumnTransformer turns them into
features, the network is the last step of the pipeline, and a grid search selects its
size and its penalty.
"""

# %%
# The flats have a size, a year, a district and a heating; the year is sometimes
# missing. Each district has a different price per square metre, so the network must
# learn a product.

import numpy as np
import pandas as pd

rng = np.random.RandomState(0)
n = 1500
district = rng.choice(["harbour", "hill", "old town", "station"], size=n)
size = rng.gamma(9, 9, size=n)
year = rng.randint(1890, 2020, size=n).astype(float)
heating = rng.choice(["gas", "district", "oil"], size=n)
a_metre = pd.Series(district).map(
    {"harbour": 6.5, "hill": 5.0, "old town": 4.2, "station": 3.0}
)
price = size * a_metre * (1 + 0.3 * (year > 1990)) - 30 * (heating == "oil")
price = price * rng.lognormal(0, 0.1, size=n)
year[rng.uniform(size=n) < 0.1] = np.nan
flats = pd.DataFrame(
    {"size": size, "year": year, "district": district, "heating": heating}
)
print(flats.head(3).to_string())

# %%
# The model scales the target, too.

from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skneuron import NeuronRegressor

features = make_column_transformer(
    (
        make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()),
        ["size", "year"],
    ),
    (OneHotEncoder(handle_unknown="ignore"), ["district", "heating"]),
)
network = NeuronRegressor(
    activation="tanh", solver="lbfgs", max_iter=500, tol=1e-3, random_state=0
)
model = TransformedTargetRegressor(
    make_pipeline(features, network), transformer=StandardScaler()
)
train, test = train_test_split(np.arange(n), random_state=0)
search = GridSearchCV(
    model,
    {
        "regressor__neuronregressor__hidden_layer_sizes": [(3,), (10,), (30,)],
        "regressor__neuronregressor__alpha": [1.0, 10.0],
    },
    cv=3,
    return_train_score=True,
)
search.fit(flats.iloc[train], price.iloc[train])
print(search.best_params_)
print(f"R² on new flats: {search.score(flats.iloc[test], price.iloc[test]):.3f}")

# %%
import matplotlib.pyplot as plt

from skneuron.inspection import HiddenSizeDisplay

fig, axs = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
HiddenSizeDisplay.from_search(search, ax=axs[0])
p = search.predict(flats.iloc[test])
for name, colour in zip(
    ["harbour", "hill", "old town", "station"],
    ["#0072B2", "#E69F00", "#009E73", "#CC79A7"],
    strict=True,
):
    rows = district[test] == name
    axs[1].loglog(p[rows], price.iloc[test][rows], ".", color=colour, label=name)
ends = [p.min(), p.max()]
axs[1].plot(ends, ends, color="black", lw=0.8)
axs[1].set(xlabel="predicted price, thousands", ylabel="price, thousands")
axs[1].legend()
plt.show()
