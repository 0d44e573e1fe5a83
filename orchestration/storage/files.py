"""Files written complete or not at all, and what it takes that they stay.

Belongs here: writing beside the target and swapping it in, flushing to the disk, closing files and folders to others.
Not here: what a file holds, and where it lies.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

FOR_THE_OWNER, AS_THE_UMASK_ALLOWS = 0o600, 0o666


def write_file(path: Path, content: bytes) -> None:
    """Write a file, complete or not at all, open to whom the umask allows. Raises OSError."""
    _write(path, content, AS_THE_UMASK_ALLOWS)


def write_private_file(path: Path, content: bytes) -> None:
    """Write a file for the owner alone (0600), complete or not at all. Raises OSError."""
    _write(path, content, FOR_THE_OWNER)


def make_private_folder(folder: Path, root: Path) -> None:
    """Make a folder below `root`, it and all between closed to others (0700). Raises OSError."""
    for path in (root, *reversed([p for p in folder.parents if p.is_relative_to(root) and p != root]), folder):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)


def put_in_place(incoming: Path, target: Path) -> None:
    """Swap a finished file or link in for `target`: a reader sees the old one or the new one. Raises OSError."""
    os.replace(incoming, target)
    with suppress(OSError):  # the swap is made; only its durability is in the system's hands
        flush(target.parent)


def flush(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, through to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(folder: Path) -> None:
    """Flush everything under a folder, and make its files read-only. Raises OSError."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            path.chmod(path.stat().st_mode & ~0o222)
        flush(path)
    flush(folder)


def _write(path: Path, content: bytes, mode: int) -> None:
    # a name that nobody can foresee, and that must be new: no file with another mode can wait there
    incoming = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(incoming, path)
    except BaseException:
        incoming.unlink(missing_ok=True)
        raise
