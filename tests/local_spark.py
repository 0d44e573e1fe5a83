"""Spark in this process, on one core.

Belongs here: its session. Not here: a cluster (`orchestration/engines`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.engines.session import unheard


@contextmanager
def local_session(folder: Path) -> Iterator:
    """A session whose catalogue is in memory and whose tables lie in the folder. Raises ImportError without pyspark."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]")
    for name, value in _settings(folder).items():
        builder = builder.config(name, value)
    with unheard():
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
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
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
