"""Results tables as assets: what the stages that make them share.

Belongs here: describing, writing and reporting `results` tables. Not here: any one stage (its bulletin's or study's
module), and statistics (`methods/`).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb
import pandas as pd

from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import StageRun, asset_spec, metadata_of_tables
from orchestration.storage.tables import drop_if_other, replace_rows, write_table
from orchestration.storage.warehouse import transaction
from orchestration.tables.table import BULLETIN, Table

PREVIEW_ROWS = 20
CASES = dg.AssetKey(["marts", "cases"])


def result_specs(stage: str, tables: Mapping[str, Table], deps: list[dg.AssetKey]) -> list[dg.AssetSpec]:
    """One asset a results table that the stage writes, made from `deps` and from what the stage reads besides."""
    return [
        asset_spec(stage, ["results", name], deps=deps, description=table.description) for name, table in tables.items()
    ]


def rows_of_bulletin(connection: duckdb.DuckDBPyConnection, name: str, bulletin: str) -> pd.DataFrame:
    """One bulletin's rows of a results table that bulletins share, without the column that says so."""
    query = f"select * exclude ({BULLETIN}) from results.{name} where {BULLETIN} = ?"
    return connection.execute(query, [bulletin]).df()


def write_results(
    pipeline: Pipeline, declared: Mapping[str, Table], frames: Mapping[str, pd.DataFrame], bulletin: str = ""
) -> None:
    """Replace these results tables, all or none; of tables that bulletins share, the rows of one `bulletin`.

    `frames`: name -> rows, each in the columns that `declared` gives the name.
    """
    with pipeline.warehouse() as connection, transaction(connection):
        for name, frame in frames.items():
            if declared[name].is_shared:
                write_shared_rows(connection, declared[name], bulletin, frame)
            else:
                write_table(connection, declared[name], frame)


def write_shared_rows(connection: duckdb.DuckDBPyConnection, table: Table, bulletin: str, frame: pd.DataFrame) -> None:
    """Replace one bulletin's rows of a results table, which says in its first column whose each row is.

    A table of other columns was written by other code, with which every bulletin's stage is due again: it goes.
    """
    marked = frame.copy()
    marked.insert(0, BULLETIN, bulletin)
    drop_if_other(connection, table)
    replace_rows(connection, table, BULLETIN, bulletin, marked)


def result_reports(pipeline: Pipeline, tables: Collection[str], run: StageRun) -> Iterator[dg.MaterializeResult]:
    """What the UI is told of the stage's results tables, given by name."""
    with pipeline.warehouse(read_only=True) as connection:
        metadata = metadata_of_tables(connection, [f"results.{name}" for name in tables])
        facts = {name: metadata[f"results.{name}"] | _shown(connection, name) for name in tables}
    for name, told in facts.items():
        yield dg.MaterializeResult(
            asset_key=["results", name], metadata=told | run.facts, data_version=run.data_version
        )


def _shown(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    preview = connection.execute(f"select * from results.{name} limit {PREVIEW_ROWS}").df()
    text = preview.to_markdown(index=False, floatfmt=".4g")
    return {"preview": dg.MetadataValue.md(text)} | _plotted(connection, name)


def _plotted(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, float]:
    """Numbers worth following from run to run, which the UI plots."""
    if name != "match_rates":
        return {}
    rates = connection.execute("select source, rate from results.match_rates where item = 'all_cases'").fetchall()
    return {f"match_rate_{source}": rate for source, rate in rates if rate is not None}
