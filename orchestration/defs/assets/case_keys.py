"""The key of each case, as an asset.

Belongs here: thin read -> call -> write. Not here: the keyed hash (`storage/case_keys.py`).
"""

import dagster as dg

from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import asset_spec, stage_run, table_metadata
from orchestration.storage.case_keys import case_keys, read_or_make_key
from orchestration.storage.tables import write_table
from orchestration.tables.case_keys import CASE_KEYS

SPEC = asset_spec(
    "case_keys",
    ["linkage", "case_keys"],
    deps=[["staging", "staged_inspections"]],
    description=CASE_KEYS.description,
)


@dg.multi_asset(specs=[SPEC], name="case_keys")
def linkage_case_keys(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """One row a case: case_id and the keyed hash that stands for it wherever identifiers must not go."""
    with stage_run(context, pipeline, "case_keys") as run, pipeline.warehouse() as connection:
        if not run.is_done:
            cases = connection.execute("select case_id from raw.parsed_inspections order by case_id").df()
            keys = case_keys(cases["case_id"], read_or_make_key(pipeline.settings.key_file))
            write_table(connection, CASE_KEYS, keys)
        metadata = table_metadata(connection, "linkage.case_keys")
    return dg.MaterializeResult(metadata=metadata | run.facts, data_version=run.data_version)
