"""Models and tables: read marts.cases, call the methods, write `results`.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/`) and layout (`publications/`).
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import dagster as dg
import duckdb
import pandas as pd

from orchestration.assets.stage_runs import stage_run, table_metadata
from orchestration.assets.warehouse import OWNERS
from orchestration.resources import Pipeline
from orchestration.warehouse import read_table, transaction, write_table

PREVIEW_ROWS = 20
CASES = dg.AssetKey(["marts", "cases"])
MODEL_TABLES = {
    "models": "One row a model and block: n and fit.",
    "model_terms": "One row a model and term: likelihood-ratio and Wald tests.",
    "model_coefficients": "One row a model and coefficient: estimate, standard error, odds or rate ratio, interval.",
    "model_levels": "One row a model, term and level: n and events behind each coefficient, reference levels too.",
    "model_exclusions": "One row a model and variable: cases lost because the variable is missing.",
    "overdispersion_tests": "One row a test of the reoffence counts against the Poisson distribution.",
    "model_notes": "One row a remark on a model or term, such as why a term is not estimable.",
}
ANNEX_TABLES = {
    "annex_b": "One row a published cell of Tables B1 to B3.",
    "match_rates": "One row a source and sub-group: eligible, matched, rate and test of matched against unmatched.",
    "headlines": "One row a headline of the bulletin.",
    "figure_data": "One row a point of a figure: the numbers behind Figures 2, 3, 5 to 8 and 10 to 15.",
}


def result_specs(tables: dict[str, str], deps: list[dg.AssetKey], group: str) -> list[dg.AssetSpec]:
    """One asset a results table (name -> description), in `group`, made from `deps`."""
    return [
        dg.AssetSpec(
            ["results", name], deps=deps, description=text, group_name=group, kinds={"python", "duckdb"}, owners=OWNERS
        )
        for name, text in tables.items()
    ]


@dg.multi_asset(specs=result_specs(MODEL_TABLES, [CASES], "models"), name="bulletin_models")
def bulletin_models(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """The six published regressions and their variants."""
    with stage_run(context, pipeline, "models") as run:
        if not run.is_done:
            from orchestration.methods.bulletin_models import fit_bulletin_models

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_table(connection, "marts.cases")
            fitted = fit_bulletin_models(cases, pipeline.settings.parameters.significance_level)
            write_results(pipeline, {field.name: getattr(fitted, field.name) for field in fields(fitted)})
    yield from result_reports(pipeline, MODEL_TABLES, run.is_done)


@dg.multi_asset(
    specs=result_specs(ANNEX_TABLES, [CASES, dg.AssetKey(["results", "model_terms"])], "tables"), name="bulletin_tables"
)
def bulletin_tables(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Annex B, match rates, headlines and the numbers behind the figures."""
    with stage_run(context, pipeline, "tables") as run:
        if not run.is_done:
            with pipeline.warehouse(read_only=True) as connection:
                cases = read_table(connection, "marts.cases")
                model_terms = read_table(connection, "results.model_terms")
            write_results(pipeline, annex_tables(cases, model_terms, pipeline.settings.parameters.significance_level))
    yield from result_reports(pipeline, ANNEX_TABLES, run.is_done)


def annex_tables(cases: pd.DataFrame, model_terms: pd.DataFrame, significance_level: float) -> dict[str, pd.DataFrame]:
    """The tables of `ANNEX_TABLES` from marts.cases and results.model_terms."""
    from orchestration.methods.crosstabs import annex_b
    from orchestration.methods.headlines import headlines
    from orchestration.methods.match_rates import match_rates
    from orchestration.publications.figure_data import figure_data

    annex = annex_b(cases, model_terms, significance_level)
    rates = match_rates(cases)
    return {
        "annex_b": annex,
        "match_rates": rates,
        "headlines": headlines(cases, annex, rates),
        "figure_data": figure_data(cases),
    }


def write_results(pipeline: Pipeline, tables: dict[str, pd.DataFrame]) -> None:
    """Replace these results tables, all or none."""
    with pipeline.warehouse() as connection, transaction(connection):
        for name, frame in tables.items():
            write_table(connection, f"results.{name}", frame)


def result_reports(pipeline: Pipeline, tables: dict[str, str], is_kept: bool) -> Iterator[dg.MaterializeResult]:
    """What the UI is told of these results tables."""
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
