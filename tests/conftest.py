"""Fixtures and settings of all tests."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

os.environ["MPLBACKEND"] = "agg"

# Property tests use the same examples in every run, so that a failure means that the
# code has changed; `--hypothesis-profile=search` draws new ones.
COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile(
    "fixed", max_examples=150, derandomize=True, database=None, **COMMON
)
settings.register_profile("search", max_examples=1000, print_blob=True, **COMMON)
settings.load_profile("fixed")

ANSWER_SIGINT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
"""


@pytest.fixture(scope="session", autouse=True)
def _one_blas_thread():
    """Limit BLAS to one thread, since tests run in parallel processes."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(autouse=True)
def _close_figures():
    """Close the figures of a test."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(params=["auto", "numpy"])
def engine(request):
    """Return the name of an engine; tests with this fixture run on both."""
    return request.param


@pytest.fixture
def interrupt():
    """Return a function that interrupts a script.

    It runs the script, sends Ctrl-C some seconds after "ready" was printed, and returns
    the time of the signal and the rest of the output.
    """

    def run(script, seconds):
        script = ANSWER_SIGINT + textwrap.dedent(script)
        with subprocess.Popen(
            [sys.executable, "-P", "-c", script], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout.readline() == "ready\n"
                time.sleep(seconds)
                sent = time.time()
                process.send_signal(signal.SIGINT)
                return sent, process.communicate(timeout=30)[0]
            finally:
                process.kill()

    return run
