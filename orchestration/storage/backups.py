"""A copy of a data folder: whole or not at all, checked against its hashes, and without the key.

Belongs here: copying a data folder out and in again. Not here: the commands (`commands/backing_up.py`).
"""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import files, fingerprints
from orchestration.storage.leftovers import clear_leftovers
from orchestration.storage.locks import hold_run_lock
from orchestration.storage.restoring import ASIDE, WHOLE, finish_restore

MANIFEST = WHOLE
# Records of runs are of this machine. The key is kept apart: with it, case keys lead back to cases.
RUNS, KEYS = ".run", ".keys"
STABILITY = f"{RUNS}/stability"  # what was asked for last: a release may hold it


class Contents(BaseModel):
    """What a backup holds: SHA-256 by file, target by link, both below the data folder; and the SHA-256 of the key."""

    made_at: datetime
    files: dict[str, str]
    links: dict[str, str]
    key: str | None


def back_up(settings: Settings, to: Path, key_to: Path | None = None) -> Contents:
    """Copy the data folder into a new folder, and the key into a new file if one is named.

    Raises PipelineError where a run is alive, a place is taken or within the other; OSError.
    """
    data_dir, to = settings.data_dir, to.resolve()
    _require_place(settings, to, key_to.resolve() if key_to else None)
    with hold_run_lock(settings.run_dir, "make backup"):
        clear_leftovers(data_dir)
        contents = _contents(data_dir, settings.key_file)
        try:
            _copy(data_dir, to)
            to.chmod(0o700)
            _require_same(to, contents)
            os.sync()
            if key_to and settings.key_file.exists():
                files.write_private_file(key_to, settings.key_file.read_bytes())
            files.write_private_file(to / MANIFEST, contents.model_dump_json(indent=1).encode())  # last: it is whole
        except BaseException:
            shutil.rmtree(to, ignore_errors=True)
            raise
    return contents


def restore(settings: Settings, backup: Path, key_from: Path | None = None) -> Contents:
    """Copy a backup into the data folder, which must hold no file, and the key with it if its file is named.

    Killed at any moment it has done nothing, or the next run or restore does the rest. Raises PipelineError where a run
    is alive, the backup is not what was made, or the key is another; OSError.
    """
    contents = _read_manifest(backup)
    _require_same(backup, contents)
    manifest, aside = (backup / MANIFEST).read_bytes(), settings.data_dir / ASIDE
    with hold_run_lock(settings.run_dir, "make restore"):
        key = _key(settings, contents, key_from)
        if not (aside / WHOLE).exists() or (aside / WHOLE).read_bytes() != manifest:
            finish_restore(settings.data_dir)
            _require_empty(settings.data_dir)
            _copy(backup, aside)
            _require_same(aside, contents)
            os.sync()
        if key:
            files.make_private_folder(settings.key_file.parent, settings.key_file.parent)
            files.write_private_file(settings.key_file, key)
        files.write_private_file(aside / WHOLE, manifest)
        finish_restore(settings.data_dir)
        os.sync()
    return contents


def _require_place(settings: Settings, to: Path, key_to: Path | None) -> None:
    data_dir = settings.data_dir
    if not data_dir.is_dir():
        raise PipelineError("There is no data folder here yet.", "Nothing has to be backed up.", str(data_dir))
    if to.is_relative_to(data_dir) or data_dir.is_relative_to(to):
        raise PipelineError("A backup lies outside the data folder.", "Name another place.", str(to))
    if key_to and key_to.is_relative_to(to):
        raise PipelineError("The key is kept apart from the backup.", "Name a file elsewhere.", str(key_to))
    if taken := next((path for path in (to, key_to) if path and path.exists()), None):
        raise PipelineError("There is something here already.", "Name a new place.", str(taken))


def _require_empty(data_dir: Path) -> None:
    if any(not path.is_dir() or path.is_symlink() for path in _paths(data_dir)):
        raise PipelineError(
            "The data folder is not empty: a backup is restored over nothing.",
            "Move what is there away, or name another folder with PROBATION_DATA_DIR.",
            str(data_dir),
        )


def _key(settings: Settings, contents: Contents, key_from: Path | None) -> bytes | None:
    """The key to be written, if any; the one that lies there already may stay."""
    place = key_from or settings.key_file
    if not place.exists() and not key_from:
        return None
    if contents.key and fingerprints.of_file(place) != contents.key:
        raise PipelineError("This is not the key that the backup was made with.", "Name its file: KEY=...", str(place))
    return place.read_bytes() if key_from else None


def _read_manifest(backup: Path) -> Contents:
    try:
        return Contents.model_validate(json.loads((backup / MANIFEST).read_bytes()))
    except (FileNotFoundError, NotADirectoryError, ValidationError, ValueError):
        raise PipelineError(
            f"This is no backup, or not a whole one: its {MANIFEST} is missing or damaged.",
            "Name another one.",
            str(backup),
        ) from None


def _require_same(folder: Path, contents: Contents) -> None:
    """Raise PipelineError where a folder does not hold what was copied; names of files are not told."""
    found = _contents(folder)
    pairs = set(found.files.items()) ^ set(contents.files.items())
    pairs |= set(found.links.items()) ^ set(contents.links.items())
    if pairs:
        places = sorted({Path(name).parts[0] for name, _ in pairs})
        raise PipelineError(
            f"{len({name for name, _ in pairs})} files are not what was copied, in: {', '.join(places)}.",
            "Nothing of it was used. Take another backup.",
            str(folder),
        )


def _contents(folder: Path, key_file: Path | None = None) -> Contents:
    paths = [path for path in _paths(folder) if path != folder / MANIFEST]
    links = {path: os.readlink(path) for path in paths if path.is_symlink()}
    for path, target in links.items():
        if Path(target).is_absolute() or ".." in Path(target).parts:
            raise PipelineError("A link leads out of the folder.", "Put in its place what it leads to.", str(path))
    return Contents(
        made_at=datetime.now(UTC),
        files={_name(p, folder): fingerprints.of_file(p) for p in paths if p.is_file() and p not in links},
        links={_name(path, folder): target for path, target in links.items()},
        key=fingerprints.of_file(key_file) if key_file and key_file.exists() else None,
    )


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _paths(folder: Path) -> Iterator[Path]:
    """Everything in a data folder that a backup holds."""
    for path in folder.rglob("*"):
        if path.relative_to(folder).parts[0] not in (RUNS, KEYS) or path.is_relative_to(folder / STABILITY):
            yield path


def _copy(folder: Path, to: Path) -> None:
    def left_out(of: str, names: list[str]) -> set[str]:
        return {RUNS, KEYS, MANIFEST} & set(names) if Path(of) == folder else set()

    shutil.copytree(folder, to, symlinks=True, ignore=left_out)
    if (folder / STABILITY).is_dir():
        shutil.copytree(folder / STABILITY, to / STABILITY)
