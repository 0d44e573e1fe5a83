"""What a killed run or restore leaves behind: removed, or finished, by the next run before it begins.

Belongs here: which files and folders these are. Not here: its lock, which went with its process, and what Dagster has
recorded of it (`defs/dead_runs.py`).
"""

import shutil
from pathlib import Path

from orchestration.storage.restoring import finish_restore

PATTERNS = (
    ".splink-*",
    "*/.generating",
    ".run/spill/*",
    ".run/spark/build",
    "analysis.duckdb.next*",
    "published/.building-*",
)


def clear_leftovers(data_dir: Path) -> None:
    """Remove them, and finish a restore that was killed. Raises OSError.

    For who holds the run lock: nobody else is using them then.
    """
    finish_restore(data_dir)
    for pattern in PATTERNS:
        for path in data_dir.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
