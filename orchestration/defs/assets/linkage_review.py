"""Precision and recall estimated from clerical review, as a results table.

Belongs here: thin read -> call -> write. Not here: estimates (`methods/linkage/accuracy/review_tables.py`), files
(`review/`)."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.tables.linkage_review import LINKAGE_REVIEW_TABLES

STAGE = "linkage_review"


@dg.multi_asset(specs=result_specs("linkage_review", LINKAGE_REVIEW_TABLES, [CASES]), name="linkage_review")
def linkage_review(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """What imported clerical reviews say of the links; empty where nothing was reviewed."""
    with stage_run(context, pipeline, STAGE) as run:
        if not run.is_done:
            from orchestration.linkage.review.results import review_results

            with pipeline.warehouse(read_only=True) as connection:
                reviewed = review_results(pipeline.settings, connection)
            write_results(pipeline, LINKAGE_REVIEW_TABLES, {"linkage_review": reviewed})
    yield from result_reports(pipeline, LINKAGE_REVIEW_TABLES, run)
