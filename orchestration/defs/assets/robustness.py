"""What a referee would ask of the findings: other sizes, other errors, other questions.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/robustness`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, rows_of_bulletin, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.case_keys import read_cases
from orchestration.tables.bulletins import BULLETIN_2023
from orchestration.tables.robustness import ROBUSTNESS_TABLES

_READ = ("model_coefficients", "model_terms")
_DEPS = [CASES, *(dg.AssetKey(["results", name]) for name in _READ)]


@dg.multi_asset(specs=result_specs("robustness", ROBUSTNESS_TABLES, _DEPS), name="robustness")
def robustness(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Effects in points, errors by provider, allowance for many tests, gaps by likelihood, and what remains."""
    with stage_run(context, pipeline, "robustness") as run:
        if not run.is_done:
            from orchestration.methods.robustness.summary import robustness_tables

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                coefficients, terms = (rows_of_bulletin(connection, name, BULLETIN_2023) for name in _READ)
            level = pipeline.settings.parameters.significance_level
            write_results(pipeline, ROBUSTNESS_TABLES, robustness_tables(cases, terms, coefficients, level))
    yield from result_reports(pipeline, ROBUSTNESS_TABLES, run)
