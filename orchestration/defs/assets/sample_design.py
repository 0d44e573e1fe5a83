"""The sample design: what sample each inspection needed, what it achieved, and what design weights change.

Without a caseload (an optional input) the tables have no row. Belongs here: thin read -> call -> write. Not here:
statistics (`methods/sampling`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.case_keys import read_cases
from orchestration.tables.sample_design import SAMPLE_TABLES

CASELOAD = dg.AssetKey(["raw", "parsed_caseload"])


@dg.multi_asset(specs=result_specs("sample_design", SAMPLE_TABLES, [CASES, CASELOAD]), name="sample_design")
def sample_design(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Required against achieved samples, representativeness, design weights, and the judgements with them."""
    with stage_run(context, pipeline, "sample_design") as run:
        if not run.is_done:
            from orchestration.methods.sampling.allocation import CELL
            from orchestration.methods.sampling.sample_design import contradictions, sample_tables
            from orchestration.methods.sampling.sample_size import Precision

            with pipeline.warehouse(read_only=True) as connection:
                cases = read_cases(connection)
                caseload = connection.execute(f"select {', '.join(CELL)} from raw.parsed_caseload").df()
            parameters = pipeline.settings.parameters
            precision = Precision(parameters.sample_confidence, parameters.sample_margin)
            tables = sample_tables(caseload, cases, precision, parameters.significance_level)
            write_results(pipeline, SAMPLE_TABLES, tables)
            for text in contradictions(tables["sample_design"]):
                context.log.warning(text)
    yield from result_reports(pipeline, SAMPLE_TABLES, run)
