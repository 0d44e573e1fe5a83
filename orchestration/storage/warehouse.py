"""The warehouse: opening and reading the DuckDB file.

Belongs here: connections, and reading whole tables. Not here: writing tables (`tables.py`), and who may write
(`locks.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.settings import DatabaseLimits
from orchestration.storage.disk_errors import spill_error

Config = dict[str, str | bool | int | float | list[str]]
CONFIG: Config = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# For statements that a person types: they read the file that is open, and nothing of them is written anywhere.
READS_ONLY: Config = CONFIG | {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}
SCHEMAS = ("raw", "staging", "linkage", "marts", "results", "quality", "reference")


def sql_text(text: object) -> str:
    """A text, or a path, as SQL of DuckDB writes it: where a statement takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"


@contextmanager
def open_warehouse(
    path: Path, limits: DatabaseLimits, read_only: bool = False, config: Config = CONFIG
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse, opened and closed around one piece of work.

    `limits`: of memory and threads. Beyond its memory the database spills into `.run/spill` beside the file.
    Raises PipelineError where another process holds the file, it cannot be read, or neither the memory nor the disk has
    room for what is asked.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    run_dir = path.parent / ".run"
    if not read_only:
        run_dir.mkdir(exist_ok=True)
    limited = config | limited_to(limits, run_dir / "spill")
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=limited)
    except duckdb.OutOfMemoryException:
        raise _too_little_memory() from None
    except duckdb.Error as error:
        raise _cannot_open(path, error) from None
    try:
        if not read_only:
            for schema in SCHEMAS:
                connection.execute(f"create schema if not exists {schema}")
        yield connection
    except duckdb.OutOfMemoryException as error:
        raise spill_error(str(error), run_dir / "spill") or _too_little_memory() from None
    finally:
        connection.close()


def limited_to(limits: DatabaseLimits, spill_dir: Path) -> Config:
    """DuckDB's own settings for these limits."""
    return {"memory_limit": limits.memory_limit, "threads": limits.threads, "temp_directory": str(spill_dir)}


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def column_names(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Columns of `schema.table` in order."""
    return [row[0] for row in connection.execute(f"describe {table}").fetchall()]


def read_table(connection: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    """All rows of `schema.table`."""
    return connection.execute(f"select * from {table}").df()


def has_table(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether `schema.table` exists."""
    schema, name = table.split(".")
    query = "select count(*) from information_schema.tables where table_schema = ? and table_name = ?"
    return bool(connection.execute(query, [schema, name]).fetchall()[0][0])


def _cannot_open(path: Path, error: duckdb.Error) -> PipelineError:
    if "lock" in str(error).lower():
        return PipelineError(
            problem="The warehouse is open in another program.",
            remedy="Close it and run again. For queries use analysis.duckdb (make sql), which is never locked.",
            where=str(path),
        )
    return PipelineError(
        problem=f"The warehouse cannot be opened ({type(error).__name__}).",
        remedy="Check that the file is readable and not damaged; it can be deleted and is then built again.",
        where=str(path),
    )


def _too_little_memory() -> PipelineError:
    """The database's own message is left out: it speaks of its settings, which are not those of this project."""
    return PipelineError(
        problem="The memory the database may use is too little for this, even with spilling.",
        remedy="Raise PROBATION_MEMORY_LIMIT (such as 4GB, or 50%) or unset it, and run again. Nothing is damaged.",
    )
