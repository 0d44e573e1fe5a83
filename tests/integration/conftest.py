"""Spark in the tests' own process.

Belongs here: its session. Not here: a cluster (`test_on_spark.py`), which works in a process apart.
"""

import shutil

import pytest

from tests.local_spark import local_session


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A session of Spark; skips, and says why, where it cannot be had."""
    pytest.importorskip("pyspark", reason="Spark's packages are not installed: make setup SPARK=1")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: apt install openjdk-17-jre-headless")
    with local_session(tmp_path_factory.mktemp("spark")) as session:
        yield session
