"""Whether a run would have anything to do.

Belongs here: comparing the ledger and the latest release with what lies there now. Not here: doing it.
"""

import duckdb

from orchestration.errors import PipelineError
from orchestration.ledger.current import expected_fingerprint, is_current
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.records import recorded_inputs, recorded_stages
from orchestration.ledger.stages import STAGES
from orchestration.releases.parts import current_parts, made_from
from orchestration.releases.publishing import latest_release, release_fingerprint
from orchestration.settings import Settings
from orchestration.storage.warehouse import open_warehouse

RELEASE = "release"
# Done by every whole run, in order.
ROUTINE = tuple(stage.name for stage in STAGES.values() if not (stage.is_asked_for or stage.is_made_of_parts))


def inputs_now(settings: Settings) -> dict[str, object]:
    """What each stage of a whole run reads from outside the warehouse, as it lies there now.

    Raises PipelineError where something is not ready or cannot be used.
    """
    return {stage: stage_inputs(settings, stage) for stage in ROUTINE}


def stages_due(recorded: dict[str, str], inputs: dict[str, object], settings: Settings) -> list[str]:
    """The stages that a whole run would do, in order: not done, or done from something else than lies there now."""
    return [stage for stage in ROUTINE if not is_current(stage, recorded, settings, inputs)]


def is_up_to_date(settings: Settings) -> bool:
    """True when every stage is current with what lies there now, and `latest` is the release made from them.

    Answers without Dagster, in the time it takes to hash the extracts; any doubt is a False, and the run decides.
    For who holds the run lock: reading here could shut another run out of the warehouse just when it wants to write.
    """
    release = latest_release(settings.published_dir)
    if release is None or not settings.warehouse.exists() or not settings.analysis_database.exists():
        return False
    if not settings.first_seen_file.exists():  # the run writes it, from the warehouse
        return False
    try:
        with open_warehouse(settings.warehouse, settings.limits, read_only=True) as connection:
            recorded, inputs = recorded_stages(connection), recorded_inputs(connection)
        with open_warehouse(settings.analysis_database, settings.limits, read_only=True) as connection:
            if recorded_stages(connection) != recorded:  # the last run ended before it could replace it
                return False
        inputs |= inputs_now(settings)
        if stages_due(recorded, inputs, settings):
            return False
        parts = current_parts(recorded, inputs, settings)
        expected = expected_fingerprint(RELEASE, recorded, settings, made_from(parts, recorded))
        if recorded.get(RELEASE) != expected:
            return False
        return release_fingerprint(release) == recorded[RELEASE]
    except (PipelineError, duckdb.Error, OSError, ValueError, KeyError):  # a manifest may be damaged too
        return False
