"""Compare the accuracy of skneuron.tabular with that of other libraries on tables.

    python benchmarks/tabular.py

takes about ten minutes on one thread, half of them for RealMLP. It writes
docs/benchmarks_tabular.md and the table in README.md. Packages that are not installed
are left out: `pip install ".[bench]"`. With `--quick`, it compares three estimators on
two tables in seconds, and writes nothing.
"""

import sys
from importlib.metadata import PackageNotFoundError, version

import tabular_report
from accuracy import measure
from rivals import RIVALS
from tables import TABLES

N_SPLITS = 3
MOST_SPLITS = {"RealMLP": 1, "CatBoost": 3}  # because they take long
PACKAGES = {"LightGBM": "lightgbm", "CatBoost": "catboost", "RealMLP": "pytabkit"}
QUICK = {"wine", "diabetes", "skneuron", "MLP", "HistGradientBoosting"}


def installed(name):
    """Return the version of the package of an estimator, "" if it needs none."""
    if name not in PACKAGES:
        return ""
    try:
        return version(PACKAGES[name])
    except PackageNotFoundError:
        return None


def results(tables, rivals, n_splits):
    """Return what each estimator reached, by table and estimator, split by split."""
    found = {}
    for table in tables:
        for name in rivals:
            n = min(n_splits * table.repeats, MOST_SPLITS.get(name, 99))
            print(f"{table.name}: {name}, {n} splits", file=sys.stderr)
            found[table.name, name] = [
                measure(RIVALS[name], table, seed) for seed in range(n)
            ]
    return found


def main(quick):
    tables = [t for t in TABLES if not quick or t.name in QUICK]
    rivals = [
        n for n in RIVALS if installed(n) is not None and (not quick or n in QUICK)
    ]
    found = results(tables, rivals, n_splits=1 if quick else N_SPLITS)
    report = tabular_report.Report(tables, rivals, found)
    print(report.summary(), report.losses(), sep="\n\n")
    if not quick:
        report.write({PACKAGES[n]: installed(n) for n in PACKAGES})


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
