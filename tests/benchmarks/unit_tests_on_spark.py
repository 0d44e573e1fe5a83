"""`python -m tests.benchmarks.unit_tests_on_spark`: dbt's unit tests on Spark, all in one call of dbt.

They need the types of every table they are given rows of, so the models are built first, from sources without a row.
Prints each test that does not pass, and ends with 1 if there is one. Some minutes, so it is no part of `make test`.

Belongs here: those two steps, by the project's profile. Not here: the same tests in DuckDB (`tests/integration`).
"""

import os
import tempfile
from pathlib import Path

from orchestration.settings import DBT_DIR
from orchestration.storage.stopping import end_quietly
from orchestration.storage.warehouse import SCHEMAS
from orchestration.tables.catalogue import TABLES
from tests.local_spark import local_session

READ_BY_MODELS = ("raw", "linkage")


def main() -> int:
    """Make the sources, build the models, run the tests; 1 where one does not pass."""
    with tempfile.TemporaryDirectory() as scratch, local_session(Path(scratch)) as session:
        _make_sources(session)
        for command in (["seed"], ["run"]):
            if not _dbt(Path(scratch), command).success:
                raise SystemExit(f"dbt {command[0]} failed on Spark")
        results = _dbt(Path(scratch), ["test", "--select", "test_type:unit"]).result.results
    broken = [f"{result.node.unique_id}: {result.message}" for result in results if result.status != "pass"]
    print(*broken, f"{len(results) - len(broken)} of {len(results)} unit tests passed on Spark", sep="\n")
    return int(bool(broken) or not results)


def _make_sources(session) -> None:
    for schema in SCHEMAS:
        session.sql(f"create database {schema}")
    for table in TABLES.values():
        if table.schema in READ_BY_MODELS:
            columns = ", ".join(
                f"{column.name} {'string' if column.type == 'varchar' else column.type}" for column in table.columns
            )
            session.sql(f"create table {table.schema}.{table.name} ({columns}) using parquet")


def _dbt(folder: Path, command: list[str]):
    from dbt.cli.main import dbtRunner

    os.environ |= {
        "PROBATION_SPARK_MASTER": "local[1]",
        "PROBATION_SPARK_WAREHOUSE": str(folder / "warehouse"),
        "DO_NOT_TRACK": "1",
    }
    places = ["--project-dir", DBT_DIR, "--profiles-dir", DBT_DIR, "--target-path", folder, "--log-path", folder]
    quiet = ["--quiet", "--no-version-check", "--log-level-file", "none", "--no-partial-parse"]
    return dbtRunner().invoke([*command, "--target", "spark", *map(str, places), *quiet])


if __name__ == "__main__":
    end_quietly(main())
