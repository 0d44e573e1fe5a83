"""The ad hoc database: a copy of what analysts may query, replaced atomically.

A reader of this file never blocks a run and is never blocked by one: a run writes a new file beside it and
renames it over the old one; who has the old one open keeps reading the old one.

Belongs here: the copy and the swap. Not here: which run does it when (`defs/assets/release.py`).
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import files
from orchestration.storage.tables import comment_on, make_view
from orchestration.storage.warehouse import CONFIG, READS_ONLY, sql_text, transaction
from orchestration.tables.view import View

# Identifiers stop at linkage: raw, staging and linkage never leave the warehouse.
OPEN_SCHEMAS = ("marts", "results", "quality")


def open_for_reading(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the ad hoc database that reads it and nothing else.

    Raises PipelineError where there is none or it is damaged.
    """
    if not path.exists():
        raise PipelineError("There is no ad hoc database yet.", "Make it first: make bulletin.", str(path))
    try:
        return duckdb.connect(str(path), read_only=True, config=READS_ONLY)
    except duckdb.Error:
        raise PipelineError(
            "The ad hoc database cannot be opened: it is damaged, or held by a program that writes to it.",
            "Close that program, or make it again: make bulletin.",
            str(path),
        ) from None


def prepare(settings: Settings, views: Iterable[View] = ()) -> Path:
    """Write the next ad hoc database, tables and views, beside the current one; returns its path.

    Raises PipelineError where there is no warehouse to copy from.
    """
    if not settings.warehouse.exists():
        raise PipelineError("There is no warehouse yet.", "Make it first: make bulletin.", str(settings.warehouse))
    discard(settings)
    target = _next(settings)
    connection = duckdb.connect(":memory:", config=CONFIG)
    try:
        connection.execute(f"attach {sql_text(settings.warehouse)} as warehouse (read_only)")
        connection.execute(f"attach {sql_text(target)} as analysis")
        for schema in OPEN_SCHEMAS:
            connection.execute(f"create schema analysis.{schema}")
        for schema, table in _tables(connection):
            connection.execute(
                f'create table analysis.{schema}."{table}" as select * from warehouse.{schema}."{table}"'
            )
        _copy_comments(connection)
        connection.execute("use analysis")
        for view in views:
            make_view(connection, view)
        connection.execute("use memory")
        connection.execute("detach analysis")
    except BaseException:
        connection.close()
        discard(settings)
        raise
    connection.close()
    files.flush(target)
    return target


def swap(settings: Settings) -> None:
    """Put the prepared database in the place of the current one, for its owner alone or, where set, its group too."""
    if settings.access.analysis_for_group:
        _next(settings).chmod(0o640)
        settings.data_dir.chmod(settings.data_dir.stat().st_mode | 0o010)  # to be passed, not listed
    files.put_in_place(_next(settings), settings.analysis_database)


def discard(settings: Settings) -> None:
    """Remove a prepared database, or what a killed or failed preparation left of one.

    The journal beside it goes too: DuckDB would play it into the next database of that name.
    """
    for path in (_next(settings), _next(settings).with_name(f"{_next(settings).name}.wal")):
        path.unlink(missing_ok=True)


def _next(settings: Settings) -> Path:
    return settings.analysis_database.with_suffix(".duckdb.next")


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse' and schema_name in "
        f"{OPEN_SCHEMAS} order by all"
    ).fetchall()


def _copy_comments(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every copied table and column the words it has in the warehouse, in one transaction: they are hundreds."""
    where = f"database_name = 'warehouse' and comment is not null and schema_name in {OPEN_SCHEMAS}"
    tables = connection.execute(f"select schema_name, table_name, comment from duckdb_tables() where {where}")
    described: dict[tuple[str, str], tuple[str | None, dict[str, str]]] = {
        (schema, table): (comment, {}) for schema, table, comment in tables.fetchall()
    }
    columns = connection.execute(
        f"select schema_name, table_name, column_name, comment from duckdb_columns() where {where}"
    )
    for schema, table, column, comment in columns.fetchall():
        described.setdefault((schema, table), (None, {}))[1][column] = comment
    with transaction(connection):
        for (schema, table), (comment, words) in described.items():
            comment_on(connection, f'analysis."{schema}"."{table}"', comment, words)
