"""The second opinion: read the linkage, let Splink judge the same cases and records, write what it says.

Not part of the bulletin's job: `python -m orchestration second-opinion` runs it. Belongs here: thin read -> call ->
write. Not here: Splink and the comparison (`second_opinion/`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import result_reports, result_specs
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import asset_spec, stage_run, table_metadata
from orchestration.storage.tables import write_table
from orchestration.storage.warehouse import transaction
from orchestration.tables.second_opinion import SECOND_OPINION_DISAGREEMENTS, SECOND_OPINION_TABLES

LINKED = [dg.AssetKey(["linkage", name]) for name in ("decisions", "decided_records")]
DISAGREEMENTS = SECOND_OPINION_DISAGREEMENTS.name
DECLARED = {**SECOND_OPINION_TABLES, DISAGREEMENTS: SECOND_OPINION_DISAGREEMENTS}
LIST_SPEC = asset_spec(
    "second_opinion",
    ["linkage", DISAGREEMENTS],
    deps=LINKED,
    description=SECOND_OPINION_DISAGREEMENTS.description,
)


@dg.multi_asset(
    specs=[*result_specs("second_opinion", SECOND_OPINION_TABLES, LINKED), LIST_SPEC], name="splink_second_opinion"
)
def splink_second_opinion(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Splink's links on the same extracts, set beside ours."""
    with stage_run(context, pipeline, "second_opinion") as run:
        if not run.is_done:
            from orchestration.linkage.second_opinion.opinion import second_opinion

            settings = pipeline.settings
            tables = second_opinion(settings.warehouse, settings.parameters.match_window_days)
            with pipeline.warehouse() as connection, transaction(connection):
                for name, frame in tables.items():
                    write_table(connection, DECLARED[name], frame)
    yield from result_reports(pipeline, SECOND_OPINION_TABLES, run)
    with pipeline.warehouse(read_only=True) as connection:
        facts = table_metadata(connection, f"linkage.{DISAGREEMENTS}")
    key = ["linkage", DISAGREEMENTS]
    yield dg.MaterializeResult(asset_key=key, metadata=facts | run.facts, data_version=run.data_version)
