"""Which files and folders accounts other than the owner's may reach."""

from pathlib import Path


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
