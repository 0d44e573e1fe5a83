"""Whether there is room for a run, asked before it begins: a disk that fills up later costs the time until then.

Belongs here: how much each folder needs. Not here: what is said where a disk fills up in a run (`defs/resources.py`).
"""

import shutil
import tempfile
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.settings import Settings

MEGABYTE = 1_000_000
# Of what is always made: compiled SQL and Dagster's records; a release with its figures; tables of results.
IN_RUN_DIR, IN_PUBLISHED, IN_DATA_DIR = 20 * MEGABYTE, 50 * MEGABYTE, 100 * MEGABYTE
# Synthetic extracts are 26 MB.
IN_LANDING = 50 * MEGABYTE
# Measured: 150 MB of extracts in Parquet gave a warehouse of 429 MB.
WAREHOUSE_BY_EXTRACTS = 3


def require_room(settings: Settings) -> None:
    """Raises PipelineError naming a folder that has too little room or cannot be written, OSError where it is none."""
    for folder, needed in room_needed(settings).items():
        _require(folder, needed, "a run needs")
    # how much is spilled depends on the memory, and is mostly nothing
    _require(settings.spill_dir, 0, "a run needs")


def require_room_to_generate(settings: Settings) -> None:
    """The same for synthetic extracts. A landing folder in which extracts lie is only read."""
    _require(settings.landing_dir, IN_LANDING, "synthetic extracts need")


def _require(folder: Path, needed: int, who_needs: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError:
        raise
    except OSError as error:
        raise PipelineError(
            f"The folder cannot be written: {error.strerror}.", "Make room or correct the permissions.", str(folder)
        ) from None
    if (free := shutil.disk_usage(folder).free) < needed:
        raise PipelineError(
            f"The disk has {free // MEGABYTE:,} MB left here, and {who_needs} {needed // MEGABYTE:,} MB.",
            "Make room, then run again. Nothing was changed.",
            str(folder),
        )


def room_needed(settings: Settings) -> dict[Path, int]:
    """Bytes that a run needs, by folder."""
    databases = _size(settings.warehouse) + _size(settings.analysis_database)
    extracts = sum(_size(path) for path in settings.landing_dir.rglob("*"))
    return {
        settings.data_dir: IN_DATA_DIR + max(databases, WAREHOUSE_BY_EXTRACTS * extracts),
        settings.run_dir: IN_RUN_DIR,
        settings.published_dir: IN_PUBLISHED,
    }


def nearest_existing(folder: Path) -> Path:
    """The folder, or where it is not there yet the one in which it would be made."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
