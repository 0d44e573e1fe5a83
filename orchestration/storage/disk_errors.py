"""What the database says of a disk, in our words.

Its own messages are withheld, because they quote the values they choke on; a file's name is none.

Belongs here: telling a full or closed disk from other errors by the database's text. Not here: looking for room before
a run (`room.py`).
"""

import re
import shutil
from pathlib import Path

from orchestration.errors import PipelineError

MEGABYTE = 1_000_000
_NO_ROOM_TO_SPILL = "max_temp_directory_size"
_SAID = {
    "No space left": ("The disk is full.", "Make room"),
    "Read-only file system": ("The disk cannot be written.", "Make it writable"),
    "Permission denied": ("A file cannot be opened.", "Correct the permissions"),
}


def disk_error(said: str) -> PipelineError | None:
    """What the user is told where the database speaks of a file; None where it speaks of something else."""
    for words, (problem, remedy) in _SAID.items():
        if words in said:
            named = re.search(r'"(/[^"\\]+)', said)  # the closing mark may be escaped
            where = named[1] if named else ""
            return PipelineError(problem, f"{remedy}, then run again. Nothing was published.", where)
    return None


def spill_error(said: str, spill_dir: Path) -> PipelineError | None:
    """The same where it has no room for what its memory does not hold.

    How much it needs nobody can tell: it asks for more as it goes.
    """
    if _NO_ROOM_TO_SPILL not in said:
        return None
    folder = next(path for path in (spill_dir, *spill_dir.parents) if path.exists())
    return PipelineError(
        "What does not fit into the database's memory is kept here meanwhile, and the "
        f"{shutil.disk_usage(folder).free // MEGABYTE:,} MB that are free are too few.",
        "Make room, or raise PROBATION_MEMORY_LIMIT, then run again. Nothing was published.",
        str(spill_dir),
    )
