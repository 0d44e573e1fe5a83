"""Splink's pairs as an asset, before the linkage that may ask for them.

Belongs here: thin read -> call -> write. Not here: Splink (`linkage/probabilistic`) and rules (`dbt_project`).
"""

import dagster as dg

from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import asset_spec, stage_run, table_metadata
from orchestration.linkage.probabilistic.probable_pairs import is_asked_for, no_pairs, probable_pairs
from orchestration.storage.tables import write_table
from orchestration.tables.probable_pairs import PROBABLE_PAIRS

SPEC = asset_spec(
    "probable_pairs",
    ["linkage", PROBABLE_PAIRS.name],
    deps=[["staging", f"staged_{source}"] for source in ("inspections", "terminations", "reoffending")],
    description=PROBABLE_PAIRS.description,
)


@dg.multi_asset(specs=[SPEC], name="probable_pairs")
def linkage_probable_pairs(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """One row a pair that Splink holds probable; Splink is not asked where no rule in use asks for them."""
    with stage_run(context, pipeline, "probable_pairs") as run:
        if not run.is_done:
            found = no_pairs()
            if is_asked_for():
                found = probable_pairs(pipeline.settings.warehouse, pipeline.settings.parameters.probable_threshold)
            with pipeline.warehouse() as connection:
                write_table(connection, PROBABLE_PAIRS, found)
    with pipeline.warehouse(read_only=True) as connection:
        metadata = table_metadata(connection, PROBABLE_PAIRS.full_name)
    return dg.MaterializeResult(metadata=metadata | run.facts, data_version=run.data_version)
