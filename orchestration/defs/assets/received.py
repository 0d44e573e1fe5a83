"""What stages read from outside the warehouse, as assets to be observed: extracts, truth, overrides, reviews, the key.

A run reports what it read; observing one in the UI looks again, so that the UI can tell that something new has arrived.

Belongs here: an observation a stage that reads. Not here: what is read (the function that the stage names).
"""

import warnings

import dagster as dg

from orchestration.defs.received import received_key, received_version
from orchestration.defs.resources import Pipeline, readable_failure
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.stage import Stage
from orchestration.ledger.stages import STAGES


def received_assets() -> list[dg.SourceAsset]:
    """One asset a stage that reads something, with its content as data version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # a user could do nothing about it
        return [_received(stage) for stage in STAGES.values() if stage.reads]


def _received(stage: Stage) -> dg.SourceAsset:
    @dg.observable_source_asset(
        key=received_key(stage.name),
        group_name="received",
        description=f"What the stage {stage.name} reads beside other stages, by hash; nothing of its content.",
    )
    def look(pipeline: Pipeline) -> dg.DataVersion:
        with readable_failure(stage.name if stage.is_restricted else ""):
            return received_version(stage_inputs(pipeline.settings, stage.name))

    return look
