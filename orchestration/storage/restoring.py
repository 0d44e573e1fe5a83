"""A restored data folder is put in its place: all of it, also where that was killed midway.

Belongs here: what is whole beside the data, and moving it in. Not here: reading a backup and checking it
(`backups.py`).
"""

import shutil
from pathlib import Path

ASIDE = ".run/restoring"  # in the data folder, which may be a disk of its own
WHOLE = "backup.json"  # written there last: all is there


def finish_restore(data_dir: Path) -> None:
    """Move what a restore has laid aside to its place, the rest of it where that was begun; drop what is not whole.

    For who holds the run lock. Raises OSError.
    """
    aside = data_dir / ASIDE
    if (aside / WHOLE).exists():
        # the extracts first: where they are, nobody generates any
        for path in sorted(aside.iterdir(), key=lambda path: (path.name != "landing", path.name)):
            if path.name != WHOLE:
                _move(path, data_dir / path.name)
    shutil.rmtree(aside, ignore_errors=True)


def _move(path: Path, to: Path) -> None:
    """Move a file or folder; into a folder that is there already, which may be another disk."""
    if path.is_symlink() or not path.is_dir() or not to.is_dir():
        shutil.move(path, to)
        return
    for inner in path.iterdir():
        _move(inner, to / inner.name)
    path.rmdir()
