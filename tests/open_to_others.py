"""Which files and folders accounts other than the owner's may reach."""

import os
from pathlib import Path

NOBODY = 65534


def open_to_others(folder: Path) -> list[str]:
    """What in a folder is open to its group or to everybody, by its mode and while it is there."""
    found = []
    for path in folder.rglob("*"):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if not path.is_symlink() and mode & 0o077:
            found.append(f"{path.relative_to(folder)} {mode & 0o777:o}")
    return found


def opened_by_another_account(paths: list[Path]) -> list[Path]:
    """Which of these files and folders another account opens, tried as that account; for root alone.

    In a process that is forked and starts no program: the interpreter's own files may be closed to that account.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with open(writing, "w") as told:
                told.writelines(f"{number}\n" for number, path in enumerate(paths) if _opens(path))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as answer:
        numbers = [int(line) for line in answer]
    os.waitpid(child, 0)
    return [paths[number] for number in numbers]


def _opens(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True
