"""Checkpoint files: damaged, left over, not writable, and one for each fit."""

import errno
import os
import pickle
import random
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import joblib
import numpy as np
import pytest
from joblib import parallel_config
from numpy.testing import assert_array_equal
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_iris
from sklearn.ensemble import VotingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skneuron import NeuronClassifier, NeuronRegressor
from skneuron._estimators import files
from skneuron._estimators.checkpoints import read
from skneuron.model_selection import compare

pytest.importorskip("sklearn.callback")  # from scikit-learn 1.9 on
from skneuron.callbacks import Checkpoint

X, y = load_iris(return_X_y=True)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
posix = pytest.mark.skipif(os.name == "nt", reason="needs signals, modes and links")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.pkl"


def network(*callbacks, **params):
    clf = NeuronClassifier(2, **{"max_iter": 3, "random_state": 0, **params})
    return clf.set_callbacks(*callbacks) if callbacks else clf


class Hook:
    """A callback that calls a function after each epoch."""

    def __init__(self, function):
        self.function = function

    def setup(self, estimator, context):
        pass

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context):
        self.function()

    def teardown(self, estimator, context):
        pass


def never():
    pytest.fail("this should not have been reached")


# Damaged files


@pytest.fixture
def saved(path):
    network(Checkpoint(path, every=1)).fit(X, y)
    return path.read_bytes()


def assert_refused(path, data, match="damaged"):
    path.write_bytes(data)
    with pytest.raises(ValueError, match=match):
        read(path)


@pytest.fixture
def no_loading(monkeypatch):
    monkeypatch.setattr(
        "skneuron._estimators.checkpoints.pickle.loads", lambda _: never()
    )


def test_a_flipped_bit_is_noticed(path, saved, no_loading):
    random.seed(0)
    for place in range(len(saved)):
        flipped = bytearray(saved)
        flipped[place] ^= 1 << random.randrange(8)
        assert_refused(path, flipped)
    with pytest.raises(
        ValueError, match=r"not match its checksum\. Use an earlier copy"
    ):
        network().resume(path, X, y)


def test_a_cut_or_longer_file_is_noticed(path, saved, no_loading):
    lengths = {*range(0, len(saved), 7), *range(len(saved) - 200, len(saved))}
    for length in lengths:
        assert_refused(path, saved[:length])
    assert_refused(path, saved[:-1], "end with a checksum .files of older versions")
    for more in (b"\0", b"\n", saved[-1:], saved):
        assert_refused(path, saved + more)


def test_two_halves_are_not_a_file(path, saved, no_loading):
    network(Checkpoint(path), alpha=1, max_iter=10).fit(X, y)
    half = len(saved) // 2
    assert_refused(path, saved[:half] + path.read_bytes()[half:])


def test_other_pickles_are_not_loaded(path, no_loading):
    for other in ({}, network().fit(X, y)):
        assert_refused(path, pickle.dumps(other), "or not a checkpoint")
        joblib.dump(other, path)
        assert_refused(path, path.read_bytes(), "or not a checkpoint")


def test_pickle_and_joblib_load_it(path, saved):
    expected = network().fit(X, y).coefs_[0]
    assert_array_equal(read(path).coefs_[0], expected)
    assert_array_equal(pickle.loads(saved).coefs_[0], expected)
    for load in (joblib.load, pickle.load):
        with path.open("rb") as file:
            assert_array_equal(load(file).coefs_[0], expected)
    for mode in (None, "r"):
        assert_array_equal(joblib.load(path, mmap_mode=mode).coefs_[0], expected)


# Files left by killed runs

HANGS = """
    import os, sys, time
    from sklearn.datasets import load_iris
    from skneuron import NeuronClassifier
    from skneuron.callbacks import Checkpoint

    def hang(number):
        print("writing", flush=True)
        time.sleep(600)

    os.fsync = hang
    callback = Checkpoint(sys.argv[1], every=1)
    NeuronClassifier(2).set_callbacks(callback).fit(*load_iris(return_X_y=True))
"""


@contextmanager
def a_fit_that_hangs_in_writing(path):
    """Start a process, and kill it."""
    command = [sys.executable, "-P", "-c", textwrap.dedent(HANGS), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"writing\n"
            yield
        finally:
            process.send_signal(signal.SIGKILL)


def parts(path):
    return list(path.parent.glob(f".{path.name}.*.part"))


@posix
def test_parts_of_killed_fits_are_removed(path):
    for number in range(3):
        with a_fit_that_hangs_in_writing(path):
            assert len(parts(path)) == 1  # that of the previous run is gone
        assert len(parts(path)) == 1, number
    network(Checkpoint(path)).fit(X, y)  # before it has saved anything
    assert list(path.parent.iterdir()) == []


@posix
def test_the_part_of_a_living_fit_stays(path):
    with a_fit_that_hangs_in_writing(path):
        network(Checkpoint(path, every=1)).fit(X, y)
        assert len(parts(path)) == 1
    assert read(path).n_iter_ == 3


@posix
def test_which_parts_are_removed(path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = socket.gethostname()
    stay = [
        f".network.pkl.{host}.1.7.part",  # another user's
        f".network.pkl.{host}.{os.getppid()}.7.part",
        f".network.pkl.{host}.{10**30}.7.part",
        f".network.pkl.else.{host}.{gone.pid}.7.part",
        f".network.pkl.else.{gone.pid}.7.part",
        f".network.pkl.{host}.bak.{host}.{gone.pid}.7.part",  # another target
        f".network.pkl.bak.{host}.{gone.pid}.7.part",
        f".network.pkl.{host}.{gone.pid}.7.part.txt",
        f"network.pkl.{host}.{gone.pid}.7.part",
        f".networkXpkl.{host}.{gone.pid}.7.part",
    ]
    go = [
        f".network.pkl.{host}.{gone.pid}.7.part",
        f".network.pkl.{host}.{gone.pid}.8.part",
        f".network.pkl.{host}.{os.getpid()}.7.part",  # in containers, pids recur
    ]
    for name in (*stay, *go):
        path.with_name(name).touch()
    network(Checkpoint(path, every=1)).fit(X, y)
    assert {p.name for p in path.parent.iterdir()} == {"network.pkl", *stay}


@posix
def test_a_process_that_may_not_be_signalled_counts_as_alive(path, monkeypatch):
    def kill(pid, number):
        assert number == 0
        raise PermissionError

    part = path.with_name(f".network.pkl.{socket.gethostname()}.12345.7.part")
    part.touch()
    monkeypatch.setattr("skneuron._estimators.files.os.kill", kill)
    network(Checkpoint(path)).fit(X, y)
    assert part.exists()


def test_windows_is_not_asked_for_processes(path, monkeypatch):
    part = path.with_name(f".network.pkl.{socket.gethostname()}.12345.7.part")
    part.touch()
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(
            "skneuron._estimators.files.os.kill", lambda *call: asked.append(call)
        )
        patch.setattr("skneuron._estimators.files.os.name", "nt")
        files._remove_leftovers(path)
    assert asked == []
    assert part.exists()


# Paths that cannot be written


def assert_refused_before_training(path, error, match):
    before = sorted(Path(path).parent.iterdir()) if Path(path).parent.is_dir() else None
    clf = network(Checkpoint(path, every=1), Hook(never))
    with pytest.raises(error, match=match) as caught:
        clf.fit(X, y)
    assert str(os.path.realpath(path)) in str(caught.value)
    assert not hasattr(clf, "coefs_")
    if before is not None:
        assert sorted(Path(path).parent.iterdir()) == before


def test_no_directory(path):
    assert_refused_before_training(
        path / "network.pkl", FileNotFoundError, "its directory does not exist"
    )


def test_a_directory(path):
    path.mkdir()
    assert_refused_before_training(path, IsADirectoryError, "Add the name of a file: '")


@posix
def test_a_link_to_a_directory(path):
    path.symlink_to(path.parent)
    with pytest.raises(IsADirectoryError, match=r"is a directory\. Add the name"):
        network(Checkpoint(path), Hook(never)).fit(X, y)


def test_below_a_file(path):
    path.touch()
    below = path / "network.pkl"
    assert_refused_before_training(below, OSError, "cannot be written: .* Choose a")


def test_a_name_that_is_too_long(path):
    assert_refused_before_training(
        path.with_name("n" * 250), OSError, "cannot be written: .* Choose a path"
    )


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_where_no_file_can_be_created():
    assert_refused_before_training(
        "/proc/self/network.pkl", OSError, "cannot be written: .* Choose a path"
    )


@posix
def test_not_a_regular_file(path):
    os.mkfifo(path)
    assert_refused_before_training(path, FileExistsError, "is not a regular file. Cho")
    assert path.is_fifo()


@posix
def test_a_link_to_itself(path):
    path.symlink_to(path)
    assert_refused_before_training(path, FileExistsError, "is not a regular file. Cho")
    assert path.is_symlink()


def test_a_file_that_cannot_be_replaced(path, monkeypatch):
    def busy(*paths):
        raise OSError(errno.EBUSY, "Device or resource busy")

    path.write_bytes(b"before")
    monkeypatch.setattr("skneuron._estimators.files.Path.replace", busy)
    assert_refused_before_training(path, OSError, "busy. Choose a path")
    assert path.read_bytes() == b"before"


@contextmanager
def as_another_user():
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@posix
def test_a_directory_that_is_read_only():
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o555)
        with as_another_user(), pytest.raises(PermissionError, match="cannot be writ"):
            files.prepare(Path(directory) / "network.pkl")
        os.chmod(directory, 0o755)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid(), reason="needs root")
def test_the_file_of_another_user_in_a_shared_directory():
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o1777)
        path = Path(directory) / "network.pkl"
        path.write_bytes(b"theirs")
        with as_another_user(), pytest.raises(PermissionError, match="cannot be writ"):
            files.prepare(path)
        assert [p.name for p in path.parent.iterdir()] == ["network.pkl"]
        assert path.read_bytes() == b"theirs"


def test_the_last_file_stays_until_there_is_another(path):
    path.write_bytes(b"before")
    os.utime(path, (1e9, 1e9))
    network(Checkpoint(path)).fit(X, y)  # ends before there is anything to save
    assert path.read_bytes() == b"before"
    assert path.stat().st_mtime == 1e9
    assert list(path.parent.iterdir()) == [path]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o444])
def test_the_file_mode_is_kept(path, mode):
    path.touch(mode)
    path.chmod(mode)
    network(Checkpoint(path, every=1)).fit(X, y)
    assert read(path).n_iter_ == 3
    assert path.stat().st_mode & 0o777 == mode


@posix
@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_stays_a_link(tmp_path, path, dangling, monkeypatch):
    real = tmp_path / "disk" / "real.pkl"
    real.parent.mkdir()
    if not dangling:
        real.write_bytes(b"before")
    path.symlink_to(Path("disk", "real.pkl"))
    written = []
    monkeypatch.setattr(
        "skneuron._estimators.files.os.fsync", lambda _: written.extend(parts(real))
    )
    network(Checkpoint(path, every=1)).fit(X, y)
    assert path.is_symlink()
    assert not real.is_symlink()
    assert read(path).n_iter_ == read(real).n_iter_ == 3
    assert len(written) == 3  # beside the real file, on its file system


def test_another_directory_in_the_middle_of_training(path, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    callbacks = Checkpoint(path.name, every=1), Hook(lambda: os.chdir("/"))
    network(*callbacks).fit(X, y)
    assert read(path).n_iter_ == 3


# Several fits

GRID = {"alpha": [1, 2]}


class HandedDown(Hook):
    """A callback that a search hands down to its candidates."""

    max_propagation_depth = None


def in_threads(fit):
    def fit_in_threads(clf):
        with parallel_config("threading", n_jobs=2):
            fit(clf)

    return fit_in_threads


def search(clf, **params):
    return GridSearchCV(clf, GRID, cv=3, **params).fit(X, y)


def search_of_a_pipeline(clf):
    pipeline = make_pipeline(StandardScaler(), clf)
    GridSearchCV(pipeline, {"neuronclassifier__alpha": [1, 2]}, cv=3).fit(X, y)


def search_with_a_callback(clf):
    grid = GridSearchCV(clf, GRID, cv=3, error_score="raise")
    grid.set_callbacks(HandedDown(int)).fit(X, y)


# each with its number of fits
SEVERAL = {
    "search": (search, 7),
    "search, processes": (lambda clf: search(clf, n_jobs=2), 7),
    "search, threads": (in_threads(search), 7),
    "search, no refit": (lambda clf: search(clf, refit=False), 6),
    "search, error": (lambda clf: search(clf, error_score="raise"), 7),
    "search of a pipeline": (search_of_a_pipeline, 7),
    "search with a callback": (search_with_a_callback, 7),
    "halving": (
        lambda clf: HalvingGridSearchCV(clf, GRID, cv=3, factor=2, random_state=0).fit(
            X, y
        ),
        3 * (2 + 1) + 1,
    ),
    "cross-validation": (lambda clf: cross_validate(clf, X, y, cv=3), 3),
    "cross-validation, processes": (
        lambda clf: cross_validate(clf, X, y, cv=3, n_jobs=2),
        3,
    ),
    "comparison": (
        lambda clf: compare({"one": clf, "other": network()}, X, y, cv=3),
        3,
    ),
    "ensemble": (lambda clf: VotingClassifier([("one", clf)]).fit(X, y), 1),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_clones_do_not_write_one_file(name, path):
    fit, _ = SEVERAL[name]
    clf = network(Checkpoint(path, every=1))
    with pytest.raises(ValueError, match=r"network-{fit}\.pkl'\)\. After a search"):
        fit(clf)
    assert list(path.parent.iterdir()) == []
    clf.fit(X, y)  # not a clone
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", SEVERAL)
def test_each_fit_has_its_file(name, path):
    fit, n_fits = SEVERAL[name]
    for _ in range(2):  # the same fits write the same files
        fit(network(Checkpoint(path.with_name("network-{fit}.pkl"), every=1)))
        files = sorted(path.parent.iterdir())
        assert len(files) == n_fits
    weights = {read(file).coefs_[0].tobytes() for file in files}
    assert len(weights) == n_fits


def test_each_file_holds_its_own_fit(path):
    clf = network(Checkpoint(path.with_name("{fit}.pkl"), every=1))
    folds = cross_validate(clf, X, y, cv=5, return_estimator=True)["estimator"]
    expected = {fold.coefs_[0].tobytes() for fold in folds}
    files = list(path.parent.iterdir())
    assert {read(file).coefs_[0].tobytes() for file in files} == expected


def test_a_regressor_inside_a_target_transformer(path):
    reg = NeuronRegressor(2, max_iter=3, random_state=0)
    whole = TransformedTargetRegressor(reg, transformer=StandardScaler())
    reg.set_callbacks(Checkpoint(path.with_name("{fit}.pkl"), every=1))
    whole.fit(X, X[:, 0])
    (file,) = path.parent.iterdir()
    assert_array_equal(read(file).coefs_[0], whole.regressor_.coefs_[0])


def test_which_fits_share_a_file(path):
    w = np.arange(150.0) + 1
    fits = [
        (network(), X, y, None),
        (network(alpha=1), X, y, None),
        (network(random_state=1), X, y, None),
        (network(), X[::-1], y, None),
        (network(), X, y[::-1], None),
        (network(), X, y, w),
        (network(), X, y, w[::-1]),
    ]
    for n_files, (clf, *data) in enumerate(fits, start=1):
        for _ in range(2):
            clf.set_callbacks(Checkpoint(path.with_name("{fit}.pkl"), every=1))
            clf.fit(*data)
            assert len(list(path.parent.iterdir())) == n_files


def test_a_memory_map_is_the_same_data(path, tmp_path):
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    (tmp_path / "files").mkdir()
    clf = network(Checkpoint(tmp_path / "files" / "{fit}.pkl", every=1))
    clf.fit(mapped, y).fit(mapped, y)
    assert len(list((tmp_path / "files").iterdir())) == 1


def test_resume_keeps_saving_to_the_file_of_the_fit(path):
    clf = network(Checkpoint(path.with_name("{fit}.pkl"), every=2)).fit(X, y)
    (file,) = path.parent.iterdir()
    assert read(file).n_iter_ == 2
    network(Checkpoint(path.with_name("{fit}.pkl"), every=3)).resume(file, X, y)
    assert list(path.parent.iterdir()) == [file]
    assert_array_equal(read(file).coefs_[0], clf.coefs_[0])


def test_the_best_estimator_alone(path):
    best = search(network()).best_estimator_
    best.set_callbacks(Checkpoint(path, every=1)).fit(X, y)
    assert_array_equal(read(path).coefs_[0], best.coefs_[0])


def test_two_fits_at_the_same_time(path):
    begun, go_on = Event(), Event()

    def wait():
        begun.set()
        assert go_on.wait(60)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(network(Checkpoint(path, 1), Hook(wait)).fit, X, y)
        assert begun.wait(60)
        other = path.parent / "." / path.name
        with pytest.raises(ValueError, match="Another fit is writing the checkpoint"):
            network(Checkpoint(other, 1), Hook(never)).fit(X, y)
        elsewhere = path.with_name("elsewhere.pkl")
        network(Checkpoint(elsewhere, 1)).fit(X, y)
        with pytest.raises(ValueError, match="Another fit"):  # it is still the first's
            network(Checkpoint(path, 1)).fit(X, y)
        go_on.set()
        first.result()
    network(Checkpoint(path, 1), alpha=1).fit(X, y)
    assert read(path).alpha == 1


def test_a_failed_fit_releases_the_file(path):
    def fail():
        raise RuntimeError("the power is gone")

    callback = Checkpoint(path, every=1)
    with pytest.raises(RuntimeError, match="the power is gone"):
        network(callback, Hook(fail)).fit(X, y)
    with pytest.raises(ValueError, match="NaN"):
        network(callback).fit(X * np.nan, y)
    network(callback).fit(X, y)
    assert files._claimed == {}
    assert callback._targets == {}


def test_a_copy_of_a_callback_in_use(path):
    copies = []
    callback = Checkpoint(path, every=2)
    hook = Hook(lambda: copies.append(pickle.loads(pickle.dumps(callback))))
    network(callback, hook).fit(X, y)
    path.unlink()
    network(copies[0]).fit(X, y)
    assert read(path).n_iter_ == 2
