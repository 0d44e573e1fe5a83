"""Tables on their way: out of the warehouse for Spark to read, and back when it has made them.

Belongs here: Parquet between two databases. Not here: what is built (`building.py`), and types (`moulds.py`).
"""

import glob
import re
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.dbt.graph import LayerPart, relations_read, sources_of_schema, whole_layer
from orchestration.dbt.layers import manifest_of
from orchestration.engines.moulds import REFERENCE
from orchestration.engines.places import Places
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage.files import make_private_folder
from orchestration.storage.tables import comment_on
from orchestration.storage.warehouse import open_warehouse, sql_text, transaction

Kind = Literal["table", "view"]
MOULD = "mould"
_WHOLE_NUMBER = re.compile(r"\bU?(TINY|SMALL|BIG|HUGE)?INT(EGER)?\b")


def write_sources(settings: Settings, places: Places, layer: str) -> dict[str, Path]:
    """Write what a layer reads as Parquet; returns `schema.table` -> its folder. Raises duckdb.Error, OSError.

    Reference tables come from the mould, into which those of this layer have just been loaded.
    """
    reads = sorted(relations_read(manifest_of(settings), layer))
    folders = {f"{schema}.{name}": places.sources / schema / f"{name}.parquet" for schema, name in reads}
    for database in (places.mould, settings.warehouse):
        with open_warehouse(database, settings.limits, read_only=True) as connection:
            for table, folder in folders.items():
                if table.startswith(f"{REFERENCE}.") == (database == places.mould):
                    make_private_folder(folder, places.root)
                    connection.execute(f"copy (from {table}) to {sql_text(folder / 'rows.parquet')} (format parquet)")
    return folders


def take_back(settings: Settings, places: Places, layer: str) -> None:
    """Put the layer's tables and views into the warehouse, all of them or none. Raises duckdb.Error.

    Its reference tables come with it; what else lies in its schema and nobody makes is dropped.
    """
    manifest = manifest_of(settings)
    part, kept = whole_layer(manifest, layer), sources_of_schema(manifest, layer)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        connection.execute(f"attach {sql_text(places.mould)} as {MOULD} (read_only)")
        with transaction(connection):
            _drop(connection, layer, kept)
            for schema, name in _made(connection, "table", part, layer):
                connection.execute(f'create or replace table {schema}."{name}" as from {MOULD}.{schema}."{name}"')
                if schema == layer:
                    _fill(connection, schema, name, places.warehouse / f"{schema}.db" / name)
                _describe(connection, schema, name, "table")
            for schema, name in _made(connection, "view", part, layer):
                query = "select sql from duckdb_views() where (database_name, schema_name, view_name) = (?, ?, ?)"
                connection.execute(connection.execute(query, [MOULD, schema, name]).fetchall()[0][0])
                _describe(connection, schema, name, "view")


def _fill(connection: duckdb.DuckDBPyConnection, schema: str, name: str, folder: Path) -> None:
    """The rows that Spark wrote, into the mould's table. Whole numbers alone are cast: DuckDB counts in other sizes.

    Raises PipelineError where Spark left no file, as it does of a table without a row, or its columns are others.
    """
    if not any(folder.glob("*.parquet")):
        raise PipelineError(f"Spark left nothing of {schema}.{name}.", "Run again; if it stays, report this.")
    made = f"read_parquet({sql_text(glob.escape(str(folder)) + '/*.parquet')})"
    columns = [
        {column: kind for column, kind, *_ in connection.execute(f"describe from {relation}").fetchall()}
        for relation in (f'{schema}."{name}"', made)
    ]
    if others := [f"{column} {kind}" for column, kind in _alike(columns[0]) ^ _alike(columns[1])]:
        raise PipelineError(
            f"Spark made {schema}.{name} with columns or types that DuckDB does not: {', '.join(sorted(others))}.",
            "Cast them in its SQL (docs/scale.md lists where the engines differ), or build with ENGINE=duckdb.",
        )
    connection.execute(f'insert into {schema}."{name}" by name from {made}')


def _alike(columns: dict[str, str]) -> set[tuple[str, str]]:
    """Columns with their types, all whole numbers as one."""
    return {(column, _WHOLE_NUMBER.sub("whole number", kind)) for column, kind in columns.items()}


def _drop(connection: duckdb.DuckDBPyConnection, schema: str, kept: set[str]) -> None:
    """Everything in a schema but what others put there: what was a table may be a view by now."""
    query = "select table_name, table_type from information_schema.tables where table_catalog = current_database() "
    for name, kind in connection.execute(f"{query} and table_schema = ?", [schema]).fetchall():
        if name not in kept:
            connection.execute(f'drop {"view" if kind == "VIEW" else "table"} {schema}."{name}"')


def _made(connection: duckdb.DuckDBPyConnection, kind: Kind, part: LayerPart, layer: str) -> list[tuple[str, str]]:
    """Schema and name of the part's tables or views, each after what it is made from."""
    query = f"select {kind}_name, schema_name from duckdb_{kind}s() where database_name = ? and schema_name in (?, ?)"
    schemas = dict(connection.execute(query, [MOULD, layer, REFERENCE]).fetchall())
    return [(schemas[name], name) for name in part.made if name in schemas]


def _describe(connection: duckdb.DuckDBPyConnection, schema: str, name: str, kind: Kind) -> None:
    """The comments that dbt gave the mould's table or view and its columns."""
    place, named = [MOULD, schema, name], "(database_name, schema_name, {}_name) = (?, ?, ?)"
    described = f"select comment from duckdb_{kind}s() where {named.format(kind)}"
    description = connection.execute(described, place).fetchall()[0][0]
    described = f"select column_name, comment from duckdb_columns() where {named.format('table')}"
    columns = {column: words for column, words in connection.execute(described, place).fetchall() if words}
    comment_on(connection, f'{schema}."{name}"', description, columns, kind)
