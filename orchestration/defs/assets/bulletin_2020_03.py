"""Models and tables of Bulletin 2020/03: read marts.cases and the ratings, call the methods, write `results`.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/`), the bulletin's gate (`gates.py`), layout
(`publications/`).
"""

from collections.abc import Iterator
from dataclasses import fields

import dagster as dg
import pandas as pd

from orchestration.defs.assets.results import CASES, result_reports, result_specs, rows_of_bulletin, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.case_keys import read_cases
from orchestration.storage.warehouse import read_table
from orchestration.tables.annexes import SHARED_ANNEX_TABLES
from orchestration.tables.bulletins import BULLETIN_2020
from orchestration.tables.models import MODEL_TABLES
from orchestration.tables.needs import NEEDS_MODEL_TABLES, NEEDS_TABLES

RATINGS = dg.AssetKey(["raw", "parsed_ratings"])
STEPWISE_TERMS = dg.AssetKey(["results", "stepwise_terms"])


@dg.multi_asset(specs=result_specs("needs_models", NEEDS_MODEL_TABLES, [CASES]), name="needs_models")
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
            write_results(pipeline, {**MODEL_TABLES, **NEEDS_MODEL_TABLES}, shared | own, BULLETIN_2020)
    yield from result_reports(pipeline, NEEDS_MODEL_TABLES, run)


@dg.multi_asset(specs=result_specs("needs_tables", NEEDS_TABLES, [CASES, STEPWISE_TERMS, RATINGS]), name="needs_tables")
def needs_tables(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Annex C, counts, co-occurrence, differences, ratings, headlines and the numbers behind the figures."""
    with stage_run(context, pipeline, "needs_tables") as run:
        if not run.is_done:
            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                stepwise_terms = read_table(connection, "results.stepwise_terms")
                model_terms = rows_of_bulletin(connection, "model_terms", BULLETIN_2020)
                ratings = read_table(connection, "raw.parsed_ratings")
            level = pipeline.settings.parameters.significance_level
            tables = tables_of_needs(cases, stepwise_terms, model_terms, ratings, level)
            write_results(pipeline, {**NEEDS_TABLES, **SHARED_ANNEX_TABLES}, tables, BULLETIN_2020)
    yield from result_reports(pipeline, NEEDS_TABLES, run)


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
    from orchestration.methods.bulletin_2020_03.stated_differences import stated_differences
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
        "stated_differences": stated_differences(cases, significance_level),
        "headlines": needs_headlines(cases, annex, counts, pairs, rated),
        "figure_data": needs_figure_data(annex, pairs, rated),
    }
