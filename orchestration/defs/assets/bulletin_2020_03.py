"""Models and tables of Bulletin 2020/03: read marts.cases and the ratings, call the methods, write `results`.

Belongs here: thin read -> call -> write, and the bulletin's gate. Not here: statistics (`methods/`), what the gate asks
(`expectations/needs.py`), layout (`publications/`).
"""

from collections.abc import Iterator
from dataclasses import fields

import dagster as dg
import pandas as pd

from orchestration.defs.assets.gates import check_result, keep_gate
from orchestration.defs.assets.results import CASES, result_reports, result_specs, rows_of_bulletin, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.ledger.results_tables import NEEDS_BULLETIN, NEEDS_MODEL_TABLES, NEEDS_TABLES
from orchestration.storage.case_keys import read_cases
from orchestration.storage.warehouse import read_table

RATINGS = dg.AssetKey(["raw", "parsed_ratings"])
GATE_ON = dg.AssetKey(["results", "annex_c"])
STEPWISE_TERMS = dg.AssetKey(["results", "stepwise_terms"])


@dg.multi_asset(specs=result_specs(NEEDS_MODEL_TABLES, [CASES], "needs_models"), name="needs_models")
def needs_models(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """The stepwise regression of each need, strength, judgement and delivery item."""
    with stage_run(context, pipeline, "needs_models") as run:
        if not run.is_done:
            from orchestration.methods.bulletin_2020_03.models import fit_stepwise_models

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
            fitted = fit_stepwise_models(cases, pipeline.settings.parameters.significance_level)
            shared = {field.name: getattr(fitted.models, field.name) for field in fields(fitted.models)}
            own = {name: getattr(fitted, name) for name in NEEDS_MODEL_TABLES}
            write_results(pipeline, shared | own, NEEDS_BULLETIN)
    yield from result_reports(pipeline, NEEDS_MODEL_TABLES, run.is_done)


@dg.multi_asset(specs=result_specs(NEEDS_TABLES, [CASES, STEPWISE_TERMS, RATINGS], "needs_tables"), name="needs_tables")
def needs_tables(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Annex C, counts, co-occurrence, differences, ratings, headlines and the numbers behind the figures."""
    with stage_run(context, pipeline, "needs_tables") as run:
        if not run.is_done:
            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                stepwise_terms = read_table(connection, "results.stepwise_terms")
                model_terms = rows_of_bulletin(connection, "model_terms", NEEDS_BULLETIN)
                ratings = read_table(connection, "raw.parsed_ratings")
            level = pipeline.settings.parameters.significance_level
            tables = tables_of_needs(cases, stepwise_terms, model_terms, ratings, level)
            write_results(pipeline, tables, NEEDS_BULLETIN)
    yield from result_reports(pipeline, NEEDS_TABLES, run.is_done)


def tables_of_needs(
    cases: pd.DataFrame,
    stepwise_terms: pd.DataFrame,
    model_terms: pd.DataFrame,
    ratings: pd.DataFrame,
    significance_level: float,
) -> dict[str, pd.DataFrame]:
    """Every results table of the bulletin but its models', from marts.cases, the verdicts and the ratings."""
    from orchestration.methods.bulletin_2020_03.annex_c import annex_c
    from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
    from orchestration.methods.bulletin_2020_03.counts import needs_counts
    from orchestration.methods.bulletin_2020_03.headlines import needs_headlines
    from orchestration.methods.bulletin_2020_03.provider_ratings import provider_ratings
    from orchestration.methods.bulletin_2020_03.subgroup_differences import subgroup_differences
    from orchestration.methods.layouts.layout_2020 import PUBLISHED_REMOVAL
    from orchestration.publications.bulletin_2020_03.figure_data import needs_figure_data

    annex = annex_c(cases, stepwise_terms[stepwise_terms["removal_test"] == PUBLISHED_REMOVAL])
    counts, rated = needs_counts(cases), provider_ratings(ratings)
    pairs = needs_cooccurrence(cases, significance_level)
    return {
        "annex_c": annex,
        "needs_counts": counts,
        "needs_cooccurrence": pairs,
        "subgroup_differences": subgroup_differences(annex, stepwise_terms, model_terms),
        "provider_ratings": rated,
        "headlines": needs_headlines(cases, annex, counts, pairs, rated),
        "figure_data": needs_figure_data(annex, pairs, rated),
    }


@dg.asset_check(
    asset=GATE_ON,
    name="gate",
    blocking=True,
    additional_deps=[["results", name] for name in ("needs_counts", "needs_cooccurrence", "stepwise_terms")],
    description="Great Expectations suite expectations/needs.py: cells add up, verdicts are the models', converged.",
)
def needs_gate(context: dg.AssetCheckExecutionContext, pipeline: Pipeline) -> dg.AssetCheckResult:
    """Judge the results of the bulletin before they are published."""
    with stage_run(context, pipeline, "needs_gate") as run, pipeline.warehouse() as connection:
        if not run.is_done:
            from expectations.needs import NeedsTables, run_needs_gate

            tables = NeedsTables(
                cases=read_table(connection, "marts.cases"),
                **{
                    name: read_table(connection, f"results.{name}")
                    for name in ("annex_c", "needs_counts", "needs_cooccurrence", "stepwise_terms")
                },
                **{
                    name: rows_of_bulletin(connection, name, NEEDS_BULLETIN)
                    for name in ("models", "model_terms", "model_coefficients", "headlines")
                },
            )
            keep_gate(connection, pipeline, context.run.run_id, run, run_needs_gate(tables))
        return check_result(connection, run, GATE_ON, "gate")
