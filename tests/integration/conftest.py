"""Spark in the tests' own process.

Belongs here: its session. Not here: a cluster (`test_on_spark.py`), which works in a process apart.
"""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A session of Spark on one core, whose catalogue is in memory; skips, and says why, where it cannot be had."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark's packages are not installed: make setup SPARK=1")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: apt install openjdk-17-jre-headless")
    builder = sql.SparkSession.builder.master("local[1]")
    for name, value in _settings(tmp_path_factory.mktemp("spark")).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def _settings(folder: Path) -> dict[str, str]:
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.sql.session.timeZone": "UTC",
        # Few rows: what would cost is the tasks, and Java compiled for each statement.
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
