"""The links judged against truth: read warehouse and truth, call the methods, write.

Belongs here: thin read -> call -> write. Not here: evidence (`linkage/evidence.py`) and counts (`methods/linkage`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import CASES, result_reports, result_specs
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.tables import write_table
from orchestration.storage.warehouse import transaction
from orchestration.tables.linkage_quality import (
    FALSE_LINKS,
    LINKAGE_LOSS_FIELDS,
    LINKAGE_LOSSES,
    LINKAGE_QUALITY,
    LINKAGE_QUALITY_TABLES,
    MISSED_LINKS,
)


@dg.multi_asset(specs=result_specs("linkage_quality", LINKAGE_QUALITY_TABLES, [CASES]), name="linkage_quality")
def linkage_quality(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Quality of the links against truth, where there is one. The lists of links stay in the schema linkage."""
    with stage_run(context, pipeline, "linkage_quality") as run:
        if not run.is_done:
            evaluate_links(pipeline)
    yield from result_reports(pipeline, LINKAGE_QUALITY_TABLES, run)


def evaluate_links(pipeline: Pipeline) -> None:
    """Write the results tables and the restricted lists, all or none. Raises PipelineError for unusable truth."""
    from orchestration.linkage.evidence import collect_evidence
    from orchestration.methods.linkage.accuracy.losses import linkage_losses
    from orchestration.methods.linkage.accuracy.quality import linkage_quality as measure

    settings = pipeline.settings
    with pipeline.warehouse() as connection:
        evidence = collect_evidence(connection, settings.truth_dir, settings.parameters.match_window_days)
        losses = linkage_losses(evidence)
        with transaction(connection):
            write_table(connection, LINKAGE_QUALITY, measure(evidence))
            write_table(connection, LINKAGE_LOSSES, losses.linkage_losses)
            write_table(connection, LINKAGE_LOSS_FIELDS, losses.linkage_loss_fields)
            write_table(connection, FALSE_LINKS, losses.false_links)
            write_table(connection, MISSED_LINKS, losses.missed_links)
