"""DuckDB and Spark, each asked many things at once: a question by itself costs Spark more than its answer.

Belongs here: the two engines. Not here: what they are asked.
"""

import shutil
from collections.abc import Callable, Sequence

import duckdb
import pytest

# Rows of one statement.
Ask = Callable[[str], list[tuple]]


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A session of Spark in this process."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (extra: spark)")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    folder = tmp_path_factory.mktemp("spark")
    builder = sql.SparkSession.builder.master("local[1]")
    for name, value in _settings(folder).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def _settings(folder) -> dict[str, str]:
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }


@pytest.fixture(scope="session", params=["duckdb", "spark"])
def engine(request) -> tuple[str, Ask]:
    """The name of an engine, and what answers a statement."""
    if request.param == "duckdb":
        connection = duckdb.connect()
        return "duckdb", lambda statement: connection.execute(statement).fetchall()
    session = request.getfixturevalue("spark")
    return "spark", lambda statement: [tuple(row) for row in session.sql(statement).collect()]


def answers(ask: Ask, questions: Sequence[str]) -> list[object]:
    """What each statement of one row and one column gives, all asked in one."""
    columns = ", ".join(f"({question}) as a{number}" for number, question in enumerate(questions))
    (row,) = ask(f"select {columns}")
    return list(row)
