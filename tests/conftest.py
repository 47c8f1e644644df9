"""Fixtures that every test has."""

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

# Property tests go over the same examples every time, so that a failure is a change of
# the code; with `--hypothesis-profile=search` they look for new ones.
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
    """Keep the test processes from taking each other's cores."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(autouse=True)
def _close_pictures():
    """Close what a test has drawn."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(params=["auto", "numpy"])
def engine(request):
    """Name the engine: a test that takes this runs on both."""
    return request.param


@pytest.fixture
def interrupt():
    """Return a function that runs a script and sends it Ctrl-C some seconds after it
    has printed "ready"; it returns when that was, and what else the script printed."""

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
