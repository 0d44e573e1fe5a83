"""Models and tables: read marts.cases, call the methods, write `results`.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/`) and layout (`publications/`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import dagster as dg
import duckdb
import pandas as pd

from orchestration.defs.assets.dbt_layers import OWNERS
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run, table_metadata
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.storage.case_keys import read_cases
from orchestration.storage.tables import drop_if_other, replace_rows, write_table
from orchestration.storage.warehouse import read_table, transaction
from orchestration.tables.annexes import ANNEX_TABLES
from orchestration.tables.models import MODEL_TABLES
from orchestration.tables.table import BULLETIN, Table

PREVIEW_ROWS = 20
CASES = dg.AssetKey(["marts", "cases"])
STEPS = dg.AssetKey(["marts", "linkage_steps"])


def result_specs(tables: Mapping[str, Table], deps: list[dg.AssetKey], group: str) -> list[dg.AssetSpec]:
    """One asset a results table, in `group`, made from `deps`."""
    return [
        dg.AssetSpec(
            ["results", name],
            deps=deps,
            description=table.description,
            group_name=group,
            kinds={"python", "duckdb"},
            owners=OWNERS,
        )
        for name, table in tables.items()
    ]


@dg.multi_asset(specs=result_specs(MODEL_TABLES, [CASES], "models"), name="bulletin_models")
def bulletin_models(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """The six published regressions and their variants."""
    with stage_run(context, pipeline, "models") as run:
        if not run.is_done:
            from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
            fitted = fit_bulletin_models(cases, pipeline.settings.parameters.significance_level)
            frames = {field.name: getattr(fitted, field.name) for field in fields(fitted)}
            write_results(pipeline, MODEL_TABLES, frames, BULLETIN_2023_04.bulletin)
    yield from result_reports(pipeline, MODEL_TABLES, run.is_done)


@dg.multi_asset(
    specs=result_specs(ANNEX_TABLES, [CASES, STEPS, dg.AssetKey(["results", "model_terms"])], "tables"),
    name="bulletin_tables",
)
def bulletin_tables(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Annex B, match rates, headlines and the numbers behind the figures."""
    with stage_run(context, pipeline, "tables") as run:
        if not run.is_done:
            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                steps = read_table(connection, "marts.linkage_steps")
                rules = read_table(connection, "reference.match_rules")
                model_terms = rows_of_bulletin(connection, "model_terms", BULLETIN_2023_04.bulletin)
            level = pipeline.settings.parameters.significance_level
            tables = annex_tables(cases, model_terms, level) | count_tables(cases, steps, rules)
            write_results(pipeline, ANNEX_TABLES, tables, BULLETIN_2023_04.bulletin)
    yield from result_reports(pipeline, ANNEX_TABLES, run.is_done)


def annex_tables(cases: pd.DataFrame, model_terms: pd.DataFrame, significance_level: float) -> dict[str, pd.DataFrame]:
    """Annex B, match rates, headlines and figure data from marts.cases and results.model_terms."""
    from orchestration.methods.bulletin_2023_04.annex_b import annex_b
    from orchestration.methods.bulletin_2023_04.headlines import headlines
    from orchestration.methods.bulletin_2023_04.match_rates import match_rates
    from orchestration.publications.bulletin_2023_04.figure_data import figure_data

    annex = annex_b(cases, model_terms, significance_level)
    rates = match_rates(cases)
    return {
        "annex_b": annex,
        "match_rates": rates,
        "headlines": headlines(cases, annex, rates),
        "figure_data": figure_data(cases),
    }


def count_tables(cases: pd.DataFrame, steps: pd.DataFrame, rules: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """How many cases ended how and by which rule, from marts.cases, marts.linkage_steps and the match rules."""
    from orchestration.methods.linkage.accuracy.counts import linkage_rules, linkage_statuses

    return {"linkage_statuses": linkage_statuses(cases), "linkage_rules": linkage_rules(steps, rules)}


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


def result_reports(pipeline: Pipeline, tables: Iterable[str], is_kept: bool) -> Iterator[dg.MaterializeResult]:
    """What the UI is told of these results tables, given by name."""
    with pipeline.warehouse(read_only=True) as connection:
        metadata = {name: _table_facts(connection, name, is_kept) for name in tables}
    for name, facts in metadata.items():
        yield dg.MaterializeResult(asset_key=["results", name], metadata=facts)


def _table_facts(connection: duckdb.DuckDBPyConnection, name: str, is_kept: bool) -> dict[str, Any]:
    preview = connection.execute(f"select * from results.{name} limit {PREVIEW_ROWS}").df()
    text = preview.to_markdown(index=False, floatfmt=".4g")
    facts = {"unchanged": is_kept, "preview": dg.MetadataValue.md(text)} | _plotted(connection, name)
    return table_metadata(connection, f"results.{name}") | facts


def _plotted(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, float]:
    """Numbers worth following from run to run, which the UI plots."""
    if name != "match_rates":
        return {}
    rates = connection.execute("select source, rate from results.match_rates where item = 'all_cases'").fetchall()
    return {f"match_rate_{source}": rate for source, rate in rates if rate is not None}
