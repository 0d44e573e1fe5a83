"""Files arriving in the landing folder, as the sensor sees them from one tick to the next.

Belongs here: telling a settled state from one in which files are still being copied. Not here: what may lie in
a landing folder and what is inside a file (`ingest/`).
"""

import json
import zipfile
from pathlib import Path

from orchestration.ingest.landing import landing_files
from orchestration.settings import OPTIONAL_SOURCES, SOURCES
from orchestration.storage import fingerprints

PARQUET_MAGIC = b"PAR1"


def landing_state(landing_dir: Path) -> str:
    """Names, sizes, times and wholeness of all extract files, as JSON text that two ticks can compare."""
    rows = []
    for source in (*SOURCES, *OPTIONAL_SOURCES):
        for path in landing_files(landing_dir / source):
            stat = path.stat()
            rows.append([f"{source}/{path.name}", stat.st_size, stat.st_mtime_ns, _is_whole(path)])
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
    if path.suffix.lower() == ".xlsx":
        return zipfile.is_zipfile(path)
    if path.suffix.lower() == ".parquet":
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - len(PARQUET_MAGIC)))
            return file.read() == PARQUET_MAGIC
    return True
