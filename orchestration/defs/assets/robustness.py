"""What a referee would ask of the findings: other sizes, other errors, other cases, other questions.

Belongs here: thin read -> call -> write. Not here: statistics (`methods/robustness`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, rows_of_bulletin, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.case_keys import read_cases
from orchestration.storage.processes import all_cores
from orchestration.storage.warehouse import read_table
from orchestration.tables.bulletins import BULLETIN_2023
from orchestration.tables.robustness import ROBUSTNESS_TABLES

_SHARED, _WEIGHTED = ("model_terms", "model_coefficients"), "model_coefficients_weighted"
_DEPS = [CASES, *(dg.AssetKey(["results", name]) for name in (*_SHARED, _WEIGHTED))]


@dg.multi_asset(specs=result_specs("robustness", ROBUSTNESS_TABLES, _DEPS), name="robustness")
def robustness(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Every check beside the published models, and what remains of each finding."""
    with stage_run(context, pipeline, "robustness") as run:
        if not run.is_done:
            from orchestration.methods.robustness.summary import Published, robustness_tables

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                terms, coefficients = (rows_of_bulletin(connection, name, BULLETIN_2023) for name in _SHARED)
                published = Published(terms, coefficients, read_table(connection, f"results.{_WEIGHTED}"))
            asked = pipeline.settings.parameters
            draws, share, level = asked.robustness_draws, asked.false_link_share, asked.significance_level
            with all_cores("Run again; nothing was changed.") as workers:
                tables = robustness_tables(cases, published, draws, share, level, workers)
            write_results(pipeline, ROBUSTNESS_TABLES, tables)
    yield from result_reports(pipeline, ROBUSTNESS_TABLES, run)
