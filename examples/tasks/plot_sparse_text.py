"""
Text: thousands of sparse features
==================================

The networks accept sparse matrices and multiply batches of them without making them
dense. The documents are the docstrings of scikit-learn, which need no download; the
task is to predict the subpackage of a docstring.
"""

# %%
# The docstrings of functions, classes and methods of four subpackages, without the
# names of the subpackages.

import importlib
import inspect
import re

PARTS = ["linear_model", "metrics", "preprocessing", "cluster"]


def docstrings(part):
    """Return the texts of a subpackage of scikit-learn."""
    module = importlib.import_module(f"sklearn.{part}")
    texts = set()
    for name in module.__all__:
        thing = getattr(module, name)
        members = [
            thing,
            *(m for _, m in inspect.getmembers(thing, inspect.isfunction)),
        ]
        for member in members:
            doc = inspect.getdoc(member) or ""
            # inherited methods may come from another subpackage
            home = getattr(member, "__module__", "")
            if home.startswith(f"sklearn.{part}") and len(doc) > 100:
                texts.add(re.sub("|".join(PARTS), "", doc))
    return sorted(texts)


texts, y = [], []
for part in PARTS:
    found = docstrings(part)
    texts += found
    y += [part] * len(found)
print({part: y.count(part) for part in PARTS})

# %%
# TF-IDF turns them into a sparse matrix, in which one number in twenty is not zero.

from sklearn.feature_extraction.text import TfidfVectorizer

tf_idf = TfidfVectorizer(min_df=3, sublinear_tf=True)
X = tf_idf.fit_transform(texts)
print(f"{X.shape[0]} x {X.shape[1]}, {X.nnz / X.shape[0] / X.shape[1]:.2%} not zero")

# %%
# A network and logistic regression on the same folds. The pipeline learns the
# vocabulary from the training texts of each fold.

from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from skneuron import NeuronClassifier
from skneuron.model_selection import compare

network = NeuronClassifier(20, learning_rate_init=0.01, tol=0.01, random_state=0)
models = {
    "logistic regression": make_pipeline(tf_idf, LogisticRegression(C=10)),
    "network": make_pipeline(tf_idf, network),
}
folds = StratifiedKFold(5, shuffle=True, random_state=0)
print(compare(models, texts, y, cv=folds))

# %%
# The confusion matrices:

import matplotlib.pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import cross_val_predict

fig, axs = plt.subplots(1, 2, figsize=(9, 4.2), layout="constrained", sharey=True)
for ax, (name, model) in zip(axs, models.items(), strict=True):
    predicted = cross_val_predict(model, texts, y, cv=folds)
    ConfusionMatrixDisplay.from_predictions(
        y,
        predicted,
        labels=PARTS,
        ax=ax,
        cmap="Blues",
        colorbar=False,
        xticks_rotation=30,
    )
    ax.set_title(name)
plt.show()
