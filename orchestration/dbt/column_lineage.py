"""Which columns a column of a mart is made from, for the UI.

dbt's SQL as it was compiled for the database is taken apart by sqlglot. Belongs here: columns of one statement. Not
here: telling Dagster (`defs/assets/dbt_layers.py`).
"""

from pathlib import Path

import duckdb

from orchestration.settings import Settings

# Schema -> table -> column -> type.
Columns = dict[str, dict[str, dict[str, object]]]
# Column -> (schema, table, column) of what it is made from.
Lineage = dict[str, list[tuple[str, str, str]]]


def compiled_sql(settings: Settings, layer: str, model: str) -> str:
    """A model's statement as the last build of it gave it to the database; empty where there was none."""
    folder = settings.run_dir / "dbt" / "target" / "compiled"
    paths = sorted(path for path in folder.glob(f"*/models/{layer}/**/{model}.sql") if path.is_file())
    return paths[0].read_text(encoding="utf-8") if paths else ""


def known_columns(connection: duckdb.DuckDBPyConnection) -> Columns:
    """Every column of the warehouse, views included."""
    columns: Columns = {}
    rows = connection.execute("select schema_name, table_name, column_name, data_type from duckdb_columns()").fetchall()
    for schema, table, column, kind in rows:
        columns.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return columns


def column_lineage(sql: str, columns: Columns, database: str) -> Lineage:
    """Column of a statement -> the columns of tables it is made from, in order; `database`: name of the warehouse."""
    from sqlglot import exp, parse_one
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope
    from sqlglot.schema import MappingSchema

    schema = MappingSchema({database: columns}, dialect="duckdb")  # once: given as a mapping it is made a column
    statement = qualify(parse_one(sql, dialect="duckdb"), schema=schema, dialect="duckdb", identify=False)
    if not isinstance(statement, exp.Query):
        return {}
    columns_of = lineage(None, statement, schema, dialect="duckdb", scope=build_scope(statement), trim_selects=False)
    found: Lineage = {}
    for name, node in columns_of.items():
        leaves = ((leaf.source, leaf.name.rpartition(".")[2]) for leaf in node.walk())
        found[name] = sorted({(s.db, s.name, column) for s, column in leaves if isinstance(s, exp.Table)})
    return found


def warehouse_name(path: Path) -> str:
    """The name under which DuckDB knows a database file."""
    return path.stem
