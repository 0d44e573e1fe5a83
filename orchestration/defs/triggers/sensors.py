"""The landing sensor, off until switched on, and the files it sees arriving from one tick to the next.

It never generates synthetic extracts: only `make bulletin` does. Belongs here: telling a settled state from one in
which files are still being copied. Not here: what may lie in a landing folder and what is inside a file (`ingest/`),
and whether what lies there is published already (`releases/freshness.py`).
"""

import json
import zipfile
from pathlib import Path

import dagster as dg

from orchestration.defs.dead_runs import clear_dead_runs
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.ingest.landed_files import landing_files
from orchestration.ingest.landing import check_landing
from orchestration.settings import ALL_SOURCES, read_settings
from orchestration.storage import fingerprints
from orchestration.storage.locks import hold_run_lock

PARQUET_MAGIC = b"PAR1"


def landing_state(landing_dir: Path) -> str:
    """Names (hashed: Dagster keeps the text), sizes, times and wholeness of all extract files, as JSON text that two
    ticks can compare."""
    rows = []
    for source in ALL_SOURCES:
        for path in landing_files(landing_dir / source):
            stat = path.stat()
            rows.append(
                [source, fingerprints.of_bytes(path.name.encode()), stat.st_size, stat.st_mtime_ns, _is_whole(path)]
            )
    return json.dumps(rows)


def settled_signature(state: str, state_before: str | None) -> str | None:
    """A key for the state when it has not changed since the tick before and every file is whole; else None."""
    rows = json.loads(state)
    if state != state_before or not all(is_whole for *_, is_whole in rows):
        return None
    return fingerprints.of(rows)


def _is_whole(path: Path) -> bool:
    """Whether a file's end shows that all of it has arrived, where its format tells; else whether it has content."""
    if path.stat().st_size == 0:
        return False
    if path.suffix.lower() in (".xlsx", ".xlsb", ".ods"):
        return zipfile.is_zipfile(path)
    if path.suffix.lower() == ".parquet":
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - len(PARQUET_MAGIC)))
            return file.read() == PARQUET_MAGIC
    return True


@dg.sensor(
    job_name=BULLETIN_JOB,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Starts one run when new, completely copied files lie in the landing folders.",
)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run for each new state of the landing folders, once it has stopped changing.

    A file counts as complete when its size and time have not changed since the tick before. What is published already,
    also by a run from the terminal, starts none. The cursor holds the state seen at the last tick, and the key of the
    last one that was answered: hashing the extracts at every tick would keep the machine busy for nothing.
    """
    from orchestration.releases.freshness import is_up_to_date

    settings = read_settings()
    clear_dead_runs(context.instance, settings.run_dir)
    landing = check_landing(settings.landing_dir)
    if landing.status == "empty":
        return dg.SkipReason("The landing folders are empty.")
    if landing.problems:
        return dg.SkipReason(str(landing.problems[0]))
    state = landing_state(settings.landing_dir)
    state_before, answered = _remembered(context.cursor)
    signature = None if landing.unfinished else settled_signature(state, state_before)
    context.update_cursor(json.dumps([state, answered]))
    if signature is None:
        return dg.SkipReason("Files are still arriving; looked at again at the next tick.")
    if signature == answered:
        return dg.SkipReason("Nothing has changed in the landing folders.")
    try:
        with hold_run_lock(settings.run_dir, "sensor"):
            is_published = is_up_to_date(settings)
    except PipelineError as busy:
        return dg.SkipReason(f"{busy.problem} Looked at again at the next tick.")
    context.update_cursor(json.dumps([state, signature]))
    return dg.SkipReason("What lies there is published already.") if is_published else dg.RunRequest()


def _remembered(cursor: str | None) -> tuple[str | None, str | None]:
    """The state seen at the tick before, and the key of the state last answered; neither where nothing was kept."""
    try:
        state, answered = json.loads(cursor or "")
    except ValueError:  # also what an earlier version kept
        return None, None
    return state, answered
