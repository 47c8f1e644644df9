"""The cost of a fit beyond its time: memory, imports, and a busy core."""

import os
import subprocess
import sys
import textwrap

from timing import best_of
from works import FITS

MEMORY = """
    import re, warnings
    import numpy as np
    from pathlib import Path
    from {module} import {name} as Network

    def status(key):
        text = Path("/proc/self/status").read_text()
        return int(re.search(key + r":\\s+(\\d+)", text)[1])

    rng = np.random.RandomState(0)
    X = rng.normal(size=(200_000, 100))
    y = (X[:, 0] > 0).astype(int)
    warnings.simplefilter("ignore")
    Network(max_iter=1).fit(X[:1000], y[:1000])  # loads what only the first fit imports
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts here
    before = status("VmRSS")
    network = Network(max_iter=1, {params}).fit(X, y)
    print((status("VmHWM") - before) / 1024)
"""


def memory(module, name, **params):
    """Return the peak MiB of a fit on 200,000 x 100 above the data (Linux only)."""
    arguments = ", ".join(f"{k}={v!r}" for k, v in params.items())
    script = textwrap.dedent(MEMORY.format(module=module, name=name, params=arguments))
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True
    )
    return float(done.stdout) if done.returncode == 0 else float("nan")


IMPORTS = """
    import time

    start = time.perf_counter()
    import sklearn.neural_network

    middle = time.perf_counter()
    import skneuron

    print(middle - start, time.perf_counter() - middle)
"""


def import_seconds():
    """Return the seconds to import scikit-learn's networks, then skneuron."""
    script = [sys.executable, "-P", "-c", textwrap.dedent(IMPORTS)]
    runs = [subprocess.check_output(script, text=True).split() for _ in range(15)]
    return tuple(min(float(run[i]) for run in runs) for i in range(2))


def beside_a_busy_loop(work, ours):
    """Return seconds of a fit alone and while another process keeps a core busy."""
    X, y = work.data()

    def fit():
        work.estimator(ours=ours).fit(X, y)

    alone = best_of({"": fit}, 5)[""]
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
        beside = best_of({"": fit}, 5)[""]
        neighbour.kill()
    return alone, beside


def measure():
    """Return the findings, one sentence each."""
    batch, parameters = 200 * 100 * 8, (100 * 100 + 100 * 1 + 101) * 8
    allowed = 32 + (8 * parameters + 2 * batch) / 2**20
    ours = memory("skneuron", "NeuronClassifier")
    theirs = memory("sklearn.neural_network", "MLPClassifier")
    theirs_to_import, ours_to_import = import_seconds()
    found = [
        "Peak memory of a fit on 200,000 x 100 float64 above the size of the data: "
        f"{ours:.0f} MiB (target: at most {allowed:.0f}); "
        f"MLPClassifier {theirs:.0f} MiB.",
        f"`import skneuron` adds {1e3 * ours_to_import:.0f} ms to the "
        f"{1e3 * theirs_to_import:.0f} ms of `import sklearn.neural_network` "
        "(target: at most 30).",
    ]
    for work in (w for w in FITS if w.name.startswith("digits, hidden")):
        words = []
        for ours, name in ((True, "skneuron takes"), (False, "MLPClassifier")):
            alone, beside = beside_a_busy_loop(work, ours)
            words.append(f"{name} {beside / alone:.1f} times as long as alone")
        found.append(
            f"While another process keeps one of {os.cpu_count()} cores busy, "
            f"{work.name}: {', '.join(words)} (target: at most 3)."
        )
    return found
