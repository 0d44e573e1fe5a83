"""Reviewers' overrides as counts: what was decided, and what became of it.

Belongs here: thin read -> write. Not here: reading the file (`ingest/overrides.py`) and what an override does
(`dbt_project/models/linkage`); row by row they stand in `linkage.overrides_outcomes`, restricted.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import result_reports, result_specs, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.tables.linkage_overrides import LINKAGE_OVERRIDES_TABLES

OVERRIDES = dg.AssetKey(["linkage", "overrides_outcomes"])
COUNTED = """
    select source, decision, outcome, count(*) as n, try_cast(max(reviewed_on) as varchar) as latest_review_date
    from linkage.overrides_outcomes
    group by all
    order by all
"""


@dg.multi_asset(
    specs=result_specs("linkage_overrides", LINKAGE_OVERRIDES_TABLES, [OVERRIDES]), name="linkage_overrides"
)
def linkage_overrides(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Overrides by source, decision and outcome, with the date of the latest review."""
    with stage_run(context, pipeline, "linkage_overrides") as run:
        if not run.is_done:
            with pipeline.warehouse(read_only=True) as connection:
                counted = connection.execute(COUNTED).df()
            write_results(pipeline, LINKAGE_OVERRIDES_TABLES, {"linkage_overrides": counted})
    yield from result_reports(pipeline, LINKAGE_OVERRIDES_TABLES, run)
