"""What reoffences were, where they are made from offences.

Where the measure came ready-made the tables have no row. Belongs here: thin read -> call -> write. Not here: statistics
(`methods/robustness`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.case_keys import read_cases
from orchestration.storage.warehouse import read_table
from orchestration.tables.reoffence_types import REOFFENCE_TYPE_TABLES

_DEPS = [CASES, *(dg.AssetKey(["marts", name]) for name in ("reoffence_types", "reoffence_measures"))]


@dg.multi_asset(specs=result_specs("reoffence_types", REOFFENCE_TYPE_TABLES, _DEPS), name="reoffence_types")
def reoffence_types(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Type and severity of reoffences by key question, models of both, and other ways to measure."""
    with stage_run(context, pipeline, "reoffence_types") as run:
        if not run.is_done:
            from orchestration.methods.robustness.reoffence_models import reoffence_models
            from orchestration.methods.robustness.reoffence_types import severity_table, type_table
            from orchestration.methods.robustness.reoffending_measures import measures_table

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                told = cases.merge(read_table(connection, "marts.reoffence_types"), on="case_key")
                measures = read_table(connection, "marts.reoffence_measures")
            level = pipeline.settings.parameters.significance_level
            tables = {
                "reoffence_types": type_table(told, level),
                "reoffence_severity": severity_table(told, level),
                "reoffence_models": reoffence_models(told, level),
                "reoffending_measures": measures_table(measures, level),
            }
            write_results(pipeline, REOFFENCE_TYPE_TABLES, tables)
    yield from result_reports(pipeline, REOFFENCE_TYPE_TABLES, run)
