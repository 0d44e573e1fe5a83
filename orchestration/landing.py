"""What lies in the landing folder, as seen from outside: for the sensor and the schedule.

Belongs here: names, sizes and times of files. Not here: their content (`ingest/`).
"""

import json
import zipfile
from pathlib import Path

from orchestration import fingerprints
from orchestration.settings import SOURCES

SUFFIXES = {".csv", ".parquet", ".xlsx", ".sav"}
PARQUET_MAGIC = b"PAR1"


def extract_files(folder: Path) -> list[Path]:
    """Files that look like extracts, temporary and hidden ones left out; in a fixed order."""
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~$")) and p.is_file()
    )


def folders_without_files(landing_dir: Path) -> list[str]:
    """The sources for which nothing has been delivered."""
    return [source for source in SOURCES if not extract_files(landing_dir / source)]


def landing_state(landing_dir: Path) -> str:
    """Names, sizes and times of all extract files, as JSON text that can be compared between two ticks."""
    files = [path for source in SOURCES for path in extract_files(landing_dir / source)]
    rows = []
    for path in files:
        stat = path.stat()
        rows.append([path.relative_to(landing_dir).as_posix(), stat.st_size, stat.st_mtime_ns, _is_closed(path)])
    return json.dumps(rows)


def settled_signature(state: str, state_before: str | None) -> str | None:
    """A key for the state when it has not changed since the tick before and every file is whole; else None."""
    rows = json.loads(state)
    if state != state_before or not all(is_closed for *_, is_closed in rows):
        return None
    return fingerprints.of(rows)


def _is_closed(path: Path) -> bool:
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
