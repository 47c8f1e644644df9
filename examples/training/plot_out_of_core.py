"""
Data larger than memory
=======================

X may be a memory map: training reads it batch by batch and never copies the whole of
it. If data arrive in parts, `partial_fit` trains on one after the other.
"""

# %%
# A hundred thousand samples are written to disk part by part. The label is the side of
# a curved surface on which a sample lies.

import tempfile
import tracemalloc
from pathlib import Path

import numpy as np

N, N_FEATURES = 100_000, 50
folder = tempfile.TemporaryDirectory()
path = Path(folder.name) / "X.bin"
rng = np.random.RandomState(0)
on_disk = np.memmap(path, np.float32, "w+", shape=(N, N_FEATURES))
for start in range(0, N, 10_000):
    on_disk[start : start + 10_000] = rng.normal(size=(10_000, N_FEATURES))
on_disk.flush()
X = np.memmap(path, np.float32, "r", shape=(N, N_FEATURES))
y = X[:, 0] * X[:, 1] + X[:, 2] > 0.3
print(f"X has {X.nbytes / 2**20:.0f} MiB on disk")

# %%
# A fit, and the peak memory that Python allocates during it. This includes the labels
# and the order of the samples, but not X.

from skneuron import NeuronClassifier

clf = NeuronClassifier(
    32, learning_rate_init=0.005, tol=0.005, n_iter_no_change=3, random_state=0
)
rows = slice(0, 80_000)
tracemalloc.start()
clf.fit(X[rows], y[rows])
peak = tracemalloc.get_traced_memory()[1]
tracemalloc.stop()
print(f"fit took {peak / 2**20:.0f} MiB at most, for {X[rows].nbytes / 2**20:.0f} of X")
print(f"accuracy on new samples: {clf.score(X[80_000:], y[80_000:]):.3f}")

# %%
# The same in parts, as from a stream: the network trains on each part once and is then
# scored on the last samples.

stream = NeuronClassifier(32, learning_rate_init=0.005, random_state=0)
seen, scores = [], []
for start in range(0, 80_000, 2_000):
    part = slice(start, start + 2_000)
    stream.partial_fit(X[part], y[part], classes=[False, True])
    seen.append(start + 2_000)
    scores.append(stream.score(X[80_000:], y[80_000:]))
print(f"after one pass in parts: {scores[-1]:.3f}")

# %%
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
ax.plot(seen, scores, color="#0072B2", label="partial_fit, each sample once")
whole = clf.score(X[80_000:], y[80_000:])
ax.axhline(whole, color="#D55E00", linestyle="--", label=f"fit, {clf.n_iter_} epochs")
ax.set(xlabel="samples seen", ylabel="accuracy on new samples", ylim=(0.55, 1))
ax.legend()
plt.show()

del X, on_disk
folder.cleanup()
