"""The database Splink works in: in memory, apart from the warehouse, gone when it is closed.

Belongs here: opening it and filling it with one source's cases and records. Not here: Splink itself (`scoring.py`).
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import PipelineError
from orchestration.storage.warehouse import sql_text

MEMORY_LIMIT = "2GB"
# The identifiers Splink sees: as normalised for our own rules, and nothing else but the row's id.
IDENTIFIERS = "pnc_id, crn, date_of_birth, surname, first_forename, surname || ' ' || first_forename as full_name"


def compared_rows(source: str, cases: str) -> dict[str, str]:
    """What Splink compares, name -> query: one source's cases (`cases`: where they stand) and its records.

    All records: Splink may find what our blocks never look at.
    """
    return {
        "splink_cases": f"select case_id as unique_id, {IDENTIFIERS} from {cases} order by case_id",
        "splink_records": f"select record_id as unique_id, {IDENTIFIERS} "
        f"from warehouse.staging.staged_{source} order by record_id",
    }


@contextmanager
def splink_workspace(warehouse: Path, tables: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection holding `tables`: name -> query on the warehouse, attached as `warehouse` while they are filled.

    The warehouse is read and let go before Splink starts: Splink looks columns up by a table's name alone, in
    whatever is attached. One thread, so that sums come out the same in every run; memory is bounded, and what
    does not fit spills to a folder of the owner's alone, beside the warehouse, that is removed at the end.
    Raises PipelineError where the warehouse cannot be read.
    """
    with tempfile.TemporaryDirectory(dir=warehouse.parent, prefix=".splink-") as folder:
        os.chmod(folder, 0o700)
        connection = duckdb.connect(":memory:", config=_config(folder))
        try:
            connection.execute("set enable_progress_bar = false")
            _attach(connection, warehouse)
            for name, query in tables.items():
                connection.execute(f"create table {name} as {query}")
            connection.execute("detach warehouse")
            yield connection
        finally:
            connection.close()


def _config(folder: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": 1,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": folder,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def _attach(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    try:
        connection.execute(f"attach {sql_text(warehouse)} as warehouse (read_only)")
    except duckdb.Error as error:
        raise PipelineError(
            problem=f"The warehouse cannot be read for Splink ({type(error).__name__}).",
            remedy="Close other programs that hold it, run make link, and try again.",
            where=str(warehouse),
        ) from None
