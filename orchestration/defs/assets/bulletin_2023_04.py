"""Models and tables of Bulletin 2023/04: read marts.cases, call the methods, write `results`.

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
from orchestration.tables.annexes import ANNEX_TABLES
from orchestration.tables.bulletins import BULLETIN_2023
from orchestration.tables.models import MODEL_TABLES

STEPS = dg.AssetKey(["marts", "linkage_steps"])
MODEL_TERMS = dg.AssetKey(["results", "model_terms"])


@dg.multi_asset(specs=result_specs("models", MODEL_TABLES, [CASES]), name="bulletin_models")
def bulletin_models(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """The six published regressions and their variants."""
    with stage_run(context, pipeline, "models") as run:
        if not run.is_done:
            from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
            fitted = fit_bulletin_models(cases, pipeline.settings.parameters.significance_level)
            frames = {field.name: getattr(fitted, field.name) for field in fields(fitted)}
            write_results(pipeline, MODEL_TABLES, frames, BULLETIN_2023)
    yield from result_reports(pipeline, MODEL_TABLES, run)


@dg.multi_asset(specs=result_specs("tables", ANNEX_TABLES, [CASES, STEPS, MODEL_TERMS]), name="bulletin_tables")
def bulletin_tables(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Annex B, match rates, headlines and the numbers behind the figures."""
    with stage_run(context, pipeline, "tables") as run:
        if not run.is_done:
            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                steps = read_table(connection, "marts.linkage_steps")
                rules = connection.execute("select * from reference.match_rules where is_used").df()
                model_terms = rows_of_bulletin(connection, "model_terms", BULLETIN_2023)
            level = pipeline.settings.parameters.significance_level
            tables = annex_tables(cases, model_terms, level) | count_tables(cases, steps, rules)
            write_results(pipeline, ANNEX_TABLES, tables, BULLETIN_2023)
    yield from result_reports(pipeline, ANNEX_TABLES, run)


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
