"""Writing declared tables: their columns, types and comments.

Belongs here: frames into tables that `orchestration.tables` declares. Not here: connections and reading
(`warehouse.py`), and what a table holds (its declaration).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.storage.warehouse import column_names, has_table
from orchestration.tables.table import Table
from orchestration.tables.view import View


def write_table(connection: duckdb.DuckDBPyConnection, table: Table, frame: pd.DataFrame) -> None:
    """Replace the table with the frame's rows, in the declared types and with the declared comments.

    Raises PipelineError where the frame's columns are not the declared ones in order, or a value is not of its type.
    """
    with _frame_of(connection, table, frame) as rows:
        connection.execute(f"create or replace table {_place(table)} as {rows}")
    describe(connection, table)


def append_rows(connection: duckdb.DuckDBPyConnection, table: Table, frame: pd.DataFrame) -> None:
    """Add the frame's rows to the table, made when absent. Raises PipelineError as `write_table` does."""
    make_table(connection, table)
    with _frame_of(connection, table, frame) as rows:
        connection.execute(f"insert into {_place(table)} by name {rows}")


def replace_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, value: str, frame: pd.DataFrame
) -> None:
    """Replace the rows whose `column` is `value` in a table that several sources or bulletins share."""
    if has_table(connection, table.full_name):
        connection.execute(f'delete from {_place(table)} where "{column}" = ?', [value])
    append_rows(connection, table, frame)


def make_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The table as declared, without rows, where there is none yet; its comments in any case.

    One that was made before a column was declared is given it, empty: its rows must not be lost.
    """
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    connection.execute(f"create table if not exists {_place(table)} ({columns})")
    known = column_names(connection, table.full_name)
    for column in table.columns:
        if column.name not in known:
            connection.execute(f'alter table {_place(table)} add column "{column.name}" {column.type}')
    describe(connection, table)


def drop_if_other(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Drop a table whose columns are not the declared ones: it was written by other code."""
    if has_table(connection, table.full_name) and column_names(connection, table.full_name) != table.names:
        connection.execute(f"drop table {_place(table)}")


def describe(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write the declaration's words as comments on the table and its columns."""
    described = {column.name: column.description for column in table.columns}
    comment_on(connection, _place(table), table.description, described)


def comment_on(
    connection: duckdb.DuckDBPyConnection,
    place: str,
    description: str | None,
    columns: dict[str, str],
    kind: Literal["table", "view"] = "table",
) -> None:
    """Comments on the table or view `place` (a quoted name) and on its columns (name -> words)."""
    if description:
        connection.execute(f"comment on {kind} {place} is {_literal(description)}")
    for name, words in columns.items():
        connection.execute(f'comment on column {place}."{name}" is {_literal(words)}')


def make_view(connection: duckdb.DuckDBPyConnection, view: View) -> None:
    """Write the view where its table is, in the database in use; its columns keep their words. Nothing without it."""
    if not has_table(connection, f"{view.schema}.{view.table}"):
        return
    place = f'"{view.schema}"."{view.name}"'
    connection.execute(f"create or replace view {place} as {view.query}")
    described = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = current_database() "
        "and schema_name = ? and table_name = ? and comment is not null",
        [view.schema, view.table],
    )
    words = {view.renamed.get(name, name): comment for name, comment in described.fetchall()}
    comment_on(connection, place, view.description, words, kind="view")


@contextmanager
def _frame_of(connection: duckdb.DuckDBPyConnection, table: Table, frame: pd.DataFrame) -> Iterator[str]:
    """A query of the frame's rows in the declared types, for as long as it is needed.

    pandas knows moments and 64-bit numbers only, so that a day would arrive as midnight, and an empty column untyped.
    """
    if list(frame.columns) != table.names:
        raise _other_columns(table, frame)
    columns = ", ".join(f'cast("{column.name}" as {column.type}) as "{column.name}"' for column in table.columns)
    connection.register("frame_to_write", frame)
    try:
        yield f"select {columns} from frame_to_write"
    except duckdb.ConversionException:
        raise _other_types(connection, table) from None  # the database's own message quotes the value
    finally:
        connection.unregister("frame_to_write")


def _place(table: Table) -> str:
    return f'"{table.schema}"."{table.name}"'


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _other_columns(table: Table, frame: pd.DataFrame) -> PipelineError:
    found, wanted = list(frame.columns), table.names
    missing = [name for name in wanted if name not in found]
    unknown = [str(name) for name in found if name not in wanted]
    faults = [f"without {', '.join(missing)}"] * bool(missing) + [f"with {', '.join(unknown)}"] * bool(unknown)
    return PipelineError(
        f"{table.full_name} was to be written {' and '.join(faults) or 'in another order of columns'}.",
        "Make what writes it and its declaration (orchestration/tables) agree.",
        table.full_name,
    )


def _other_types(connection: duckdb.DuckDBPyConnection, table: Table) -> PipelineError:
    unfit = ", ".join(
        f'bool_or("{column.name}" is not null and try_cast("{column.name}" as {column.type}) is null)'
        for column in table.columns
    )
    flags = connection.execute(f"select {unfit} from frame_to_write").fetchall()[0]
    named = [f"{c.name} ({c.type})" for c, is_unfit in zip(table.columns, flags, strict=True) if is_unfit]
    return PipelineError(
        f"{table.full_name} was to be written with values that its columns cannot hold: {', '.join(named)}.",
        "Make what writes it and its declaration (orchestration/tables) agree.",
        table.full_name,
    )
