"""The linkage as dbt's layer, with the reviewers' overrides as they lie there.

Belongs here: handing the layer its maker. Not here: what that does (`linkage/linking.py`) and SQL (`dbt_project`).
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import dagster as dg

from orchestration.dbt.outcomes import NodeOutcome
from orchestration.defs.assets.dbt_layers import layer_assets
from orchestration.defs.received import received_by
from orchestration.defs.resources import readable_failure
from orchestration.defs.stage_runs import OWNERS, STAGE
from orchestration.linkage.linking import LAYER, checked_overrides, link_cases
from orchestration.settings import Settings
from orchestration.tables.linkage_overrides import OVERRIDES

# Written with the layer and read by it, so no asset that could be made by itself.
OVERRIDES_READ = dg.AssetSpec(
    ["linkage", OVERRIDES.name],
    description=OVERRIDES.description,
    group_name=LAYER,
    owners=OWNERS,
    kinds={"python", "duckdb"},
    deps=received_by(LAYER),
    metadata={STAGE: LAYER},
)


def linkage_layer(manifest: Path) -> dg.AssetsDefinition:
    """The layer `linkage`."""
    return layer_assets(manifest, LAYER, _linking)


def _linking(settings: Settings) -> Callable[[], list[NodeOutcome]]:
    """Linking with the overrides as they lie there now: a file that cannot be used stops the run before anything."""
    with readable_failure(LAYER):
        return partial(link_cases, settings, checked_overrides(settings))
