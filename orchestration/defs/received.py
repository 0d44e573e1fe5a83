"""What stages read from outside the warehouse, as Dagster knows it: a key a stage, and a data version by hash.

Belongs here: telling Dagster what lies there. Not here: what is read (the function that a stage's declaration names),
and the assets to be observed (`assets/received.py`).
"""

import dagster as dg

from orchestration.errors import PipelineError
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.stages import STAGES, stage_named
from orchestration.settings import Settings
from orchestration.storage import fingerprints

DATA_VERSION_TAG = "dagster/data_version"


def received_key(stage: str) -> dg.AssetKey:
    """The asset that stands for what a stage reads from outside the warehouse."""
    return dg.AssetKey(["received", stage])


def received_by(stage: str) -> list[dg.AssetKey]:
    """What a stage reads from outside the warehouse, as an asset; none where it reads nothing."""
    return [received_key(stage)] if stage_named(stage).reads else []


def received_version(inputs: object) -> dg.DataVersion:
    """The data version of what a stage reads."""
    return dg.DataVersion(fingerprints.of(inputs))


def report_received(instance: dg.DagsterInstance, settings: Settings) -> None:
    """Tell Dagster what lies there now, before the first step: a step notes the versions of what it reads as it starts.

    What cannot be used is passed over; the stage that reads it says so, if it is asked for.
    """
    for name, stage in STAGES.items():
        if stage.reads:
            try:
                version = received_version(stage_inputs(settings, name))
            except (PipelineError, OSError):
                continue
            observation = dg.AssetObservation(received_key(name), tags={DATA_VERSION_TAG: version.value})
            instance.report_runless_asset_event(observation)
