"""The database Splink works in: in memory, apart from the warehouse, gone when it is closed.

Belongs here: opening it and filling it with one source's cases and records. Not here: Splink itself (`scoring.py`).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import PipelineError
from orchestration.tables.contract import CONTRACT

MEMORY_LIMIT = "2GB"
# The identifiers Splink sees: as normalised for our own rules, and nothing else but the row's id.
IDENTIFIERS = "pnc_id, crn, date_of_birth, surname, first_forename, surname || ' ' || first_forename as full_name"


@contextmanager
def splink_workspace(warehouse: Path, source: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection holding one source's `opinion_cases`, `opinion_records`, `opinion_dates` and `our_answers`.

    The warehouse is read and let go before Splink starts: Splink looks columns up by a table's name alone, in
    whatever is attached. One thread, so that sums come out the same in every run; memory is bounded, and what
    does not fit spills to a folder of the owner's alone, beside the warehouse, that is removed at the end.
    Raises PipelineError where the warehouse cannot be read.
    """
    with tempfile.TemporaryDirectory(dir=warehouse.parent, prefix=".second-opinion-") as folder:
        os.chmod(folder, 0o700)
        connection = duckdb.connect(":memory:", config=_config(folder))
        try:
            connection.execute("set enable_progress_bar = false")
            _fill(connection, warehouse, source)
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


def _fill(connection: duckdb.DuckDBPyConnection, warehouse: Path, source: str) -> None:
    try:
        connection.execute(f"attach '{str(warehouse).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
    except duckdb.Error as error:
        raise PipelineError(
            problem=f"The warehouse cannot be read for the second opinion ({type(error).__name__}).",
            remedy="Close other programs that hold it, run make link, and try again.",
            where=str(warehouse),
        ) from None
    connection.execute(
        f"create table opinion_cases as select case_id as unique_id, {IDENTIFIERS} "
        "from warehouse.linkage.eligible_cases where source = ? order by case_id",
        [source],
    )
    connection.execute(  # all of them: Splink may find what our blocks never look at
        f"create table opinion_records as select record_id as unique_id, {IDENTIFIERS} "
        f"from warehouse.staging.staged_{source} order by record_id"
    )
    connection.execute(
        "create table our_answers as select decisions.case_id, decisions.status as our_status, "
        "decided.record_id as our_record_id, decided.rule as our_rule "
        "from warehouse.linkage.decisions as decisions left join warehouse.linkage.decided_records as decided "
        "on decisions.source = decided.source and decisions.case_id = decided.case_id and decided.record_order = 1 "
        "where decisions.source = ? order by decisions.case_id",
        [source],
    )
    connection.execute(
        "create table case_dates as select case_id, start_date from warehouse.linkage.eligible_cases where source = ?",
        [source],
    )
    connection.execute(
        f"create table record_dates as select record_id, {CONTRACT[source].date_column} as record_date "
        f"from warehouse.raw.parsed_{source}"
    )
    connection.execute("detach warehouse")
