"""Whether a run would have anything to do.

Belongs here: comparing the ledger and the latest release with what lies there now. Not here: doing it.
"""

import duckdb

from orchestration.errors import PipelineError
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.records import recorded_inputs, recorded_stages
from orchestration.ledger.stages import expected_fingerprint, lineage, stands
from orchestration.releases.parts import PARTS, made_from, standing_parts
from orchestration.releases.publishing import latest_release, release_fingerprint
from orchestration.settings import OPTIONAL_SOURCES, Settings
from orchestration.storage.locks import hold_run_lock
from orchestration.storage.warehouse import open_warehouse


def is_up_to_date(settings: Settings) -> bool:
    """True when every stage stands with this input, code and parameters, and `latest` is the release made from them.

    Answers without Dagster, in the time it takes to hash the extracts; any doubt is a False, and the run decides.
    """
    release = latest_release(settings.published_dir)
    if release is None or not settings.warehouse.exists() or not settings.analysis_database.exists():
        return False
    try:
        # without the lock, reading here could shut a run out of the warehouse just when it wants to write
        with (
            hold_run_lock(settings.run_dir, "checking"),
            open_warehouse(settings.warehouse, read_only=True) as connection,
        ):
            recorded, inputs = recorded_stages(connection), recorded_inputs(connection)
        with open_warehouse(settings.analysis_database, read_only=True) as connection:
            if recorded_stages(connection) != recorded:  # the last run ended before it could replace it
                return False
        due = {stage for part in PARTS if not part.is_made_when_asked for stage in lineage(part.stage)}
        due |= set(OPTIONAL_SOURCES)  # read and judged whether or not a part of the release rests on them
        inputs |= {stage: stage_inputs(settings, stage) for stage in sorted(due)}
        if not all(stands(source, recorded, settings.parameters, inputs) for source in OPTIONAL_SOURCES):
            return False
        parts = standing_parts(recorded, inputs, settings.parameters)
        if any(part not in parts and not part.is_made_when_asked for part in PARTS):
            return False
        expected = expected_fingerprint("release", recorded, settings.parameters, made_from(parts, recorded))
        if recorded.get("release") != expected:
            return False
        return release_fingerprint(release) == recorded["release"]
    except (PipelineError, duckdb.Error, OSError, ValueError, KeyError):  # a manifest may be damaged too
        return False
