"""Fixtures that every test has."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="session", autouse=True)
def _one_blas_thread():
    """Keep the test processes from taking each other's cores."""
    with threadpool_limits(limits=1):
        yield
