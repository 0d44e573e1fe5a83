"""What a killed run leaves behind: removed by the next one, before it begins.

Belongs here: which files and folders these are. Not here: its lock, which went with its process, and what Dagster has
recorded of it (`defs/dead_runs.py`).
"""

import shutil
from pathlib import Path

PATTERNS = (".second-opinion-*", "*/.generating", ".run/spill/*", "analysis.duckdb.next*", "published/.building-*")


def clear_leftovers(data_dir: Path) -> None:
    """Remove them. For who holds the run lock: nobody else is using them then. Raises OSError."""
    for pattern in PATTERNS:
        for path in data_dir.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
