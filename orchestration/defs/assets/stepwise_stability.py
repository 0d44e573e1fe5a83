"""How stable the stepwise selections of Bulletin 2020/03 are: read the cases, select from resamples, write how often.

Not part of the bulletins' job: `python -m orchestration stability` runs it. Belongs here: thin read -> call -> write.
Not here: resamples and selections (`methods/bulletin_2020_03/stability.py`), processes and progress
(`stability/selections.py`)."""

from collections.abc import Iterator
from dataclasses import fields

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.ledger.current import code_fingerprint
from orchestration.stability.chunks import chunk_folder, read_request
from orchestration.storage.case_keys import read_cases
from orchestration.tables.stepwise_stability import STEPWISE_STABILITY_TABLES

STAGE = "stepwise_stability"


@dg.multi_asset(specs=result_specs("stepwise_stability", STEPWISE_STABILITY_TABLES, [CASES]), name=STAGE)
def stepwise_stability(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Bootstrap inclusion frequencies of every term of every stepwise model."""
    with stage_run(context, pipeline, STAGE) as run:
        if not run.is_done:
            from orchestration.methods.bulletin_2020_03.stability import stability_models, stability_tables
            from orchestration.stability.selections import run_selections

            with pipeline.warehouse(read_only=True) as connection:
                models = stability_models(read_cases(connection))
            request = read_request(pipeline.settings)
            folder = chunk_folder(pipeline.settings, models, request, code_fingerprint(STAGE, pipeline.settings))
            tables = stability_tables(models, run_selections(models, request, folder), request.seed)
            write_results(
                pipeline,
                STEPWISE_STABILITY_TABLES,
                {field.name: getattr(tables, field.name) for field in fields(tables)},
            )
    yield from result_reports(pipeline, STEPWISE_STABILITY_TABLES, run)
