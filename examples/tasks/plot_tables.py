"""
A table as it is
================

:class:`~skneuron.tabular.TabularRegressor` takes a data frame with numbers, categories
and missing values. It encodes and scales the columns and the target, and trains an
ensemble of networks; each member is validated on the rows that it is not trained on.
"""

# %%
# The task is to predict how many bicycles are rented in an hour, from the hour, the
# temperature, the weather and whether people work that day. On working days most rent
# in the morning and the evening, on other days in the afternoon. One temperature in ten
# is missing.

import numpy as np
import pandas as pd

rng = np.random.RandomState(0)
n = 3000
hour = rng.randint(24, size=n)
temperature = rng.normal(12, 8, size=n)
weather = rng.choice(["clear", "cloudy", "rain"], size=n, p=[0.5, 0.3, 0.2])
working = rng.uniform(size=n) < 5 / 7


def expected(hour, temperature, weather, working):
    """Return the mean number of rented bicycles."""
    commuting = np.exp(-(((hour - 8) / 1.5) ** 2)) + np.exp(-(((hour - 17.5) / 2) ** 2))
    leisure = 0.8 * np.exp(-(((hour - 14.5) / 4) ** 2))
    warm = 1 / (1 + np.exp(-(temperature - 10) / 4))
    of_weather = pd.Series(weather).map({"clear": 1.0, "cloudy": 0.8, "rain": 0.3})
    return (20 + 400 * np.where(working, commuting, leisure) * warm) * of_weather


rented = rng.poisson(expected(hour, temperature, weather, working))
hours = pd.DataFrame(
    {"hour": hour, "temperature": temperature, "weather": weather, "working": working}
)
hours.loc[rng.uniform(size=n) < 0.1, "temperature"] = None
train, test = np.arange(2000), np.arange(2000, n)
print(hours.head(4).to_string())

# %%
# `oof_score_` is the R² of predictions for rows that the members have not seen. It
# needs no test data; here they confirm it.

from skneuron.tabular import TabularRegressor

model = TabularRegressor(random_state=0).fit(hours.iloc[train], rented[train])
print(f"R² out of fold: {model.oof_score_:.3f}")
print(f"R² on new hours: {model.score(hours.iloc[test], rented[test]):.3f}")

# %%
# The predictions for a clear day of 20 degrees, with the expected numbers as dashed
# lines; and those for the new hours, where a missing temperature widens the scatter.

import matplotlib.pyplot as plt

fig, axs = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
day = pd.DataFrame({"hour": range(24), "temperature": 20.0, "weather": "clear"})
for works, colour in ((True, "#0072B2"), (False, "#E69F00")):
    label = "working day" if works else "day off"
    predicted = model.predict(day.assign(working=works))
    axs[0].plot(day["hour"], predicted, color=colour, label=label)
    axs[0].plot(day["hour"], expected(**day, working=works), "--", color=colour)
axs[0].set(xlabel="hour", ylabel="rented bicycles", title="clear, 20 °C")
axs[0].legend(loc="upper left")
predicted = model.predict(hours.iloc[test])
missing = hours["temperature"].iloc[test].isna().to_numpy()
for rows, colour, label in (
    (~missing, "#666666", "temperature known"),
    (missing, "#D55E00", "temperature missing"),
):
    axs[1].plot(
        predicted[rows], rented[test][rows], ".", ms=4, color=colour, label=label
    )
ends = [0, rented[test].max()]
axs[1].plot(ends, ends, color="black", lw=0.8)
axs[1].set(xlabel="predicted", ylabel="rented", title="1,000 new hours")
axs[1].legend(loc="upper left")
plt.show()
