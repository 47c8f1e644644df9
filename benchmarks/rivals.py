"""The estimators to compare, each with the preparation that its users give it.

All run on one thread with their default parameters. Packages that are not installed
raise an ImportError.
"""

from sklearn.base import is_classifier
from sklearn.compose import (
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from skneuron.tabular import TabularClassifier, TabularRegressor

CATEGORIES = make_column_selector(dtype_include="category")
NUMBERS = make_column_selector(dtype_exclude="category")


def skneuron(X, task, seed):
    return either(task, TabularClassifier, TabularRegressor)(random_state=seed)


def mlp(X, task, seed):
    """Return MLP behind the usual pipeline, with the target scaled."""
    return usual_pipeline(either(task, MLPClassifier, MLPRegressor)(random_state=seed))


def hist_gradient_boosting(X, task, seed):
    cls = either(task, HistGradientBoostingClassifier, HistGradientBoostingRegressor)
    return cls(categorical_features="from_dtype", random_state=seed)


def lightgbm(X, task, seed):
    from lightgbm import LGBMClassifier, LGBMRegressor

    cls = either(task, LGBMClassifier, LGBMRegressor)
    return cls(n_jobs=1, verbose=-1, random_state=seed)


def catboost(X, task, seed):
    from catboost import CatBoostClassifier, CatBoostRegressor

    model = either(task, CatBoostClassifier, CatBoostRegressor)(
        cat_features=CATEGORIES(X),
        thread_count=1,
        random_seed=seed,
        verbose=False,
        allow_writing_files=False,
    )
    return make_pipeline(FunctionTransformer(without_missing_categories), model)


def realmlp(X, task, seed):
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

    model = either(task, RealMLP_TD_Classifier, RealMLP_TD_Regressor)(
        device="cpu", n_threads=1, verbosity=0, random_state=seed
    )
    filled = make_column_transformer(
        (SimpleImputer(strategy="median"), NUMBERS),
        remainder="passthrough",
        verbose_feature_names_out=False,
    )
    return make_pipeline(filled.set_output(transform="pandas"), model)


RIVALS = {
    "skneuron": skneuron,
    "MLP": mlp,
    "HistGradientBoosting": hist_gradient_boosting,
    "LightGBM": lightgbm,
    "CatBoost": catboost,
    "RealMLP": realmlp,
}


def either(task, classifier, regressor):
    return classifier if task == "classification" else regressor


def usual_pipeline(estimator):
    """Return a pipeline: medians, standard scores, one-hot categories."""
    if not is_classifier(estimator):
        estimator = TransformedTargetRegressor(estimator, transformer=StandardScaler())
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), CATEGORIES),
    )
    return make_pipeline(columns, estimator)


def without_missing_categories(X):
    """Return a copy whose missing categories are a level, as CatBoost requires."""
    names = CATEGORIES(X)
    return X.assign(**{name: X[name].astype(str).fillna("missing") for name in names})
