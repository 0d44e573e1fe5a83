"""A layer without rows, made in DuckDB: the mould that what comes back from Spark is poured into.

Each engine has types of its own for counts and lengths, and only one has our views. So dbt builds the layer's tables in
a DuckDB file beside the warehouse too, of the same name, from empty sources: their types, comments and views are
those that the warehouse would have.

Belongs here: making the mould. Not here: rows (`exchange.py`).
"""

from orchestration.dbt.graph import part_without_rows, relations_of_schema, relations_read
from orchestration.dbt.layers import build_part, manifest_of
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.dbt.targets import in_duckdb
from orchestration.engines.places import Places
from orchestration.settings import Settings
from orchestration.storage.warehouse import open_warehouse, sql_text

# Small, and tests of reference tables ask for their rows.
REFERENCE = "reference"


def make_mould(settings: Settings, places: Places, layer: str) -> list[NodeOutcome]:
    """Build the layer without rows, its reference tables with them, and test these.

    Raises PipelineError as `build_part` does.
    """
    manifest = manifest_of(settings)
    reads = relations_read(manifest, layer) | {(REFERENCE, name) for name in relations_of_schema(manifest, REFERENCE)}
    with open_warehouse(places.mould, settings.limits) as mould:
        mould.execute(f"attach {sql_text(settings.warehouse)} as filled (read_only)")
        there = mould.execute(
            "select schema_name, table_name from duckdb_columns() where database_name = 'filled' group by all"
        ).fetchall()
        for schema, name in sorted(reads & set(there)):
            rows = "" if schema == REFERENCE else "limit 0"
            mould.execute(f'create table {schema}."{name}" as from filled.{schema}."{name}" {rows}')
    return build_part(settings, layer, part_without_rows(manifest, layer), in_duckdb(settings, places.mould))
