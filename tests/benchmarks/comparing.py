"""Whether two warehouses hold the same tables.

Belongs here: counting the rows in which they differ. Not here: why two should be alike, and a value of a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.storage.warehouse import CONFIG, sql_text

ONE, OTHER = "one", "other"


@dataclass(frozen=True)
class TableComparison:
    """One table in two warehouses: its rows in each, and how many of them the other does not have.

    `other_columns`: columns that stand in one alone, at another place or with another type; `is_other_kind`: whether
    it is a table in one and a view in the other. A table that one lacks has no rows there.
    """

    schema: str
    table: str
    rows: tuple[int, int]
    without_twin: tuple[int, int]
    other_columns: tuple[str, ...]
    is_other_kind: bool = False

    @property
    def is_same(self) -> bool:
        return not (any(self.without_twin) or self.other_columns or self.is_other_kind)


def compare_warehouses(one: Path, other: Path, schemas: Sequence[str]) -> list[TableComparison]:
    """Every table and view of the schemas in either, row for row, however the rows are ordered. Raises duckdb.Error.

    A row counts as often as it stands there; two missing values are alike, and so are two lists of like values.
    """
    with duckdb.connect(config=CONFIG) as connection:
        for name, path in ((ONE, one), (OTHER, other)):
            connection.execute(f"attach {sql_text(path)} as {name} (read_only)")
        known = {name: _columns(connection, name, schemas) for name in (ONE, OTHER)}
        views = {name: _views(connection, name) for name in (ONE, OTHER)}
        tables = sorted(known[ONE].keys() | known[OTHER].keys())
        return [
            replace(
                _compared(connection, table, known[ONE].get(table, {}), known[OTHER].get(table, {})),
                is_other_kind=(table in views[ONE]) != (table in views[OTHER]),
            )
            for table in tables
        ]


def _views(connection: duckdb.DuckDBPyConnection, database: str) -> set[tuple[str, str]]:
    query = "select schema_name, view_name from duckdb_views() where database_name = ?"
    return set(connection.execute(query, [database]).fetchall())


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str]
) -> dict[tuple[str, str], dict[str, tuple[int, str]]]:
    """Schema and table -> column -> place and type."""
    wanted = "select schema_name, table_name, column_name, column_index, data_type"
    query = f"{wanted} from duckdb_columns() where database_name = ?"
    columns: dict[tuple[str, str], dict[str, tuple[int, str]]] = {}
    for schema, table, column, place, kind in connection.execute(query, [database]).fetchall():
        if schema in schemas:
            columns.setdefault((schema, table), {})[column] = (place, kind)
    return columns


def _compared(
    connection: duckdb.DuckDBPyConnection,
    table: tuple[str, str],
    one: dict[str, tuple[int, str]],
    other: dict[str, tuple[int, str]],
) -> TableComparison:
    rows = (_n_rows(connection, ONE, table) if one else 0, _n_rows(connection, OTHER, table) if other else 0)
    shared = ", ".join(f'"{column}"' for column in one if column in other)
    without_twin = rows
    if shared:
        without_twin = (
            _n_without_twin(connection, table, shared, ONE, OTHER),
            _n_without_twin(connection, table, shared, OTHER, ONE),
        )
    other_columns = sorted({column for column, _ in one.items() ^ other.items()})
    return TableComparison(*table, rows, without_twin, tuple(other_columns))


def _n_rows(connection: duckdb.DuckDBPyConnection, database: str, table: tuple[str, str]) -> int:
    return connection.execute(f"select count(*) from {_named(database, table)}").fetchall()[0][0]


def _n_without_twin(
    connection: duckdb.DuckDBPyConnection, table: tuple[str, str], columns: str, database: str, beside: str
) -> int:
    here, there = (f"select {columns} from {_named(name, table)}" for name in (database, beside))
    return connection.execute(f"select count(*) from ({here} except all {there})").fetchall()[0][0]


def _named(database: str, table: tuple[str, str]) -> str:
    return f'{database}."{table[0]}"."{table[1]}"'
