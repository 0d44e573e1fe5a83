"""How certain the links are, tier by tier, as a results table.

Belongs here: thin read -> call -> write. Not here: estimates (`methods/linkage/accuracy`).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.assets.results import result_reports, result_specs, write_results
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.warehouse import read_table
from orchestration.tables.linkage_tiers import LINKAGE_TIERS_TABLES

READ = ("marts.linkage_steps", "results.linkage_quality", "results.linkage_review")
# A tier that no rule in use has is not told of.
TIERS = """
    select tier_rank, tier from reference.match_tiers semi join (from reference.match_rules where is_used) using (tier)
"""
_DEPS = [dg.AssetKey(name.split(".")) for name in READ]


@dg.multi_asset(specs=result_specs("linkage_tiers", LINKAGE_TIERS_TABLES, _DEPS), name="linkage_tiers")
def linkage_tiers(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[dg.MaterializeResult]:
    """Links by tier, and the probability that one is right, from the truth file or else the current review."""
    with stage_run(context, pipeline, "linkage_tiers") as run:
        if not run.is_done:
            from orchestration.methods.linkage.accuracy.tiers import linkage_tiers as by_tier

            with pipeline.warehouse(read_only=True) as connection:
                steps, quality, review = (read_table(connection, name) for name in READ)
                tiers = connection.execute(TIERS).df()
            write_results(pipeline, LINKAGE_TIERS_TABLES, {"linkage_tiers": by_tier(steps, tiers, quality, review)})
    yield from result_reports(pipeline, LINKAGE_TIERS_TABLES, run)
