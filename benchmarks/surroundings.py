"""What a fit takes beside time: memory, imports, and a neighbour's patience."""

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
    Network(max_iter=1).fit(X[:1000], y[:1000])  # what is loaded at the first fit
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts here
    before = status("VmRSS")
    network = Network(max_iter=1, {params}).fit(X, y)
    print((status("VmHWM") - before) / 1024)
"""


def memory(module, name, **params):
    """Return MiB at the peak of a fit on 200,000 x 100, above the data (on Linux)."""
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
    """Return how long importing scikit-learn's networks takes, and skneuron's after."""
    script = [sys.executable, "-P", "-c", textwrap.dedent(IMPORTS)]
    runs = [subprocess.check_output(script, text=True).split() for _ in range(15)]
    return tuple(min(float(run[i]) for run in runs) for i in range(2))


def beside_a_busy_loop(work, ours):
    """Return seconds of a fit alone, and while a process keeps a core busy."""
    X, y = work.data()

    def fit():
        work.estimator(ours=ours).fit(X, y)

    alone = best_of({"": fit}, 5)[""]
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
        beside = best_of({"": fit}, 5)[""]
        neighbour.kill()
    return alone, beside


def measure():
    """Return the findings, a sentence each."""
    batch, parameters = 200 * 100 * 8, (100 * 100 + 100 * 1 + 101) * 8
    allowed = 32 + (8 * parameters + 2 * batch) / 2**20
    ours = memory("skneuron", "NeuronClassifier")
    theirs = memory("sklearn.neural_network", "MLPClassifier")
    theirs_to_import, ours_to_import = import_seconds()
    found = [
        f"Peak memory of a fit on 200,000 x 100 float64 above the data: {ours:.0f} MiB "
        f"(at most {allowed:.0f} wanted); MLPClassifier {theirs:.0f} MiB.",
        f"`import skneuron` adds {1e3 * ours_to_import:.0f} ms to the "
        f"{1e3 * theirs_to_import:.0f} of `import sklearn.neural_network` "
        "(at most 30 wanted).",
    ]
    for work in (w for w in FITS if w.name.startswith("digits, hidden")):
        words = []
        for ours, name in ((True, "skneuron"), (False, "MLPClassifier")):
            alone, beside = beside_a_busy_loop(work, ours)
            words.append(f"{name} {beside / alone:.1f} times as long as alone")
        found.append(
            f"While another process keeps one of {os.cpu_count()} cores busy, "
            f"{work.name}: {', '.join(words)} (at most 3 wanted)."
        )
    return found
