"""The linkage as dbt's layer, with the reviewers' overrides as they lie there.

Belongs here: handing the layer its maker. Not here: what that does (`linkage/linking.py`) and SQL (`dbt_project`).
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import dagster as dg

from orchestration.dbt.layers import NodeOutcome
from orchestration.defs.assets.dbt_layers import layer_assets
from orchestration.defs.resources import readable_failure
from orchestration.linkage.linking import LAYER, checked_overrides, link_cases
from orchestration.settings import Settings


def linkage_layer(manifest: Path) -> dg.AssetsDefinition:
    """The layer `linkage`."""
    return layer_assets(manifest, LAYER, _linking)


def _linking(settings: Settings) -> Callable[[], list[NodeOutcome]]:
    """Linking with the overrides as they lie there now: a file that cannot be used stops the run before anything."""
    with readable_failure(LAYER):
        return partial(link_cases, settings, checked_overrides(settings))
