"""The landing folders: which files are there, and whether a run can start.

Belongs here: the folder level. Not here: what is inside a file.
"""

import json
import os
import stat
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.control import CONTROL_ENDING, NOTHING_EXPECTED, Expected, control_path, read_control
from orchestration.ingest.readers.formats import ENDINGS, Format, format_of
from orchestration.settings import ROADS, IntakeLimits, Settings
from orchestration.storage import fingerprints
from orchestration.tables.contract import CONTRACT, WHOLE_CONTRACT

SYNTHETIC_MANIFEST = "synthetic_manifest.json"
_LARGEST_MANIFEST = 10_000_000
_UNFINISHED_ENDINGS = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download")


@dataclass(frozen=True)
class LandingFile:
    """A delivered file and its content, read once so that hash and rows are of the same bytes."""

    source: str
    name: str
    form: Format
    data: bytes
    expected: Expected = NOTHING_EXPECTED

    @cached_property
    def sha256(self) -> str:
        return fingerprints.of_bytes(self.data)


@dataclass(frozen=True)
class LandingState:
    """What stands in the landing folders.

    `status`: `empty` (nothing in any, the optional ones included: synthetic extracts may be made), `ready` (the
    optional ones may be empty or missing) or `error`. `files`: the
    delivered files by their place in the folders. `unfinished`: the source of each temporary file passed over.
    `is_synthetic`: every file is one that the manifest lists. `problems`: what stands in the way, ready to be raised.
    """

    status: str
    files: tuple[str, ...]
    unfinished: tuple[str, ...]
    is_synthetic: bool
    problems: tuple[PipelineError, ...]

    def require_ready(self) -> None:
        """Raise the first problem, or say that the folders are empty."""
        if self.problems:
            raise self.problems[0]
        if self.status == "empty":
            raise PipelineError(
                problem="The landing folders are empty.",
                remedy=f"Put each extract in its folder ({', '.join(CONTRACT)}; offences may take the place of "
                "reoffending).",
                where="landing",
            )


def check_landing(landing_dir: Path) -> LandingState:
    """Whether the landing folders are empty, ready, or in a state that a person must put right."""
    problems: list[PipelineError] = []
    paths: dict[str, list[Path]] = {}
    unfinished: list[str] = []
    for source in WHOLE_CONTRACT:
        try:
            paths[source] = landing_files(landing_dir / source)
        except PipelineError as problem:
            problems.append(problem)
            continue
        unfinished += [source for _ in _unfinished(landing_dir / source)]
    files = {place_of(path, found): path for found in paths.values() for path in found}
    names = tuple(files)
    if not files and not unfinished and not problems:
        return LandingState("empty", (), (), False, ())
    problems += _empty_folders(paths, names, unfinished)
    synthetic: set[str] = set()
    try:
        made = _manifest_hashes(landing_dir)
        synthetic = {place for place, path in files.items() if made and _hash_of(path, place) in made}
    except PipelineError as problem:
        problems.append(problem)
    if synthetic and synthetic != set(names):
        problems.append(_synthetic_beside_real(synthetic, set(names)))
    status = "error" if problems else "ready"
    return LandingState(status, names, tuple(unfinished), bool(synthetic), tuple(problems))


def landing_files(folder: Path) -> list[Path]:
    """The delivered files of one source's folder by name; hidden and unfinished files are passed over.

    A folder that is not there is as good as empty. Raises PipelineError for a file in the folder's place, for what is
    no file of its own (a folder, a link, a pipe, a device), for names that are no text and for types that are not read.
    """
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise PipelineError(
            problem="A file stands where a folder is expected.",
            remedy=f"Take the file away, make a folder {folder.name} in its place and put the extract into that.",
            where=f"{folder.parent.name}/{folder.name}",
        )
    entries = _entries(folder)
    files = [path for path in entries if not is_passed_over(path.name)]
    for path in files:
        _require_readable_kind(path, place_of(path, files))
    _require_what_is_promised(entries)
    return files


def _require_what_is_promised(entries: Sequence[Path]) -> None:
    """That each control file has its delivery beside it, or one that is still being copied."""
    names = {path.name for path in entries}
    controls = [path for path in entries if path.name.lower().endswith(CONTROL_ENDING) and not _is_hidden(path.name)]
    for number, control in enumerate(controls, start=1):
        promised = control.name.removesuffix(CONTROL_ENDING)
        if not {promised, *(promised + ending for ending in _UNFINISHED_ENDINGS)} & (names - {control.name}):
            raise PipelineError(
                problem="A control file has no delivery beside it: what it promises has not come, or it is misnamed.",
                remedy=f"Call it as the delivered file with {CONTROL_ENDING} behind, in small letters; deliver that "
                "file; or take the control file away.",
                where=f"{control.parent.name}, control file {number} of {len(controls)} by name",
            )


def place_of(path: Path, files: Sequence[Path]) -> str:
    """A file that has no place among the deliveries yet, without its name: `terminations, file 2 of 3 by name`."""
    return f"{path.parent.name}, file {files.index(path) + 1} of {len(files)} by name"


def _require_readable_kind(path: Path, where: str) -> None:
    """That an entry of a landing folder is a file of its own, whose name is text, of a type that is read."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        raise _unreadable(where) from None
    if stat.S_ISDIR(mode):
        raise PipelineError(
            problem="A folder stands where a file is expected.",
            remedy="Put the files themselves into the source's folder and take this folder away.",
            where=where,
        )
    if not stat.S_ISREG(mode):
        raise PipelineError(
            problem=f"{'A link' if stat.S_ISLNK(mode) else 'A pipe or a device'} stands where a file is expected.",
            remedy="Copy the extract itself into the source's folder in its place.",
            where=where,
        )
    if not _is_text(path.name):
        raise PipelineError(
            problem="The file's name is no readable text: it is not UTF-8, or holds control characters.",
            remedy="Give the file another name.",
            where=where,
        )
    if format_of(path.name) is None:
        raise PipelineError(
            problem="This type of file is not read.",
            remedy=f"Deliver {', '.join(ENDINGS)}, or take the file out of the folder.",
            where=where,
        )


def _is_text(name: str) -> bool:
    """Whether a name can be printed: bytes that are no UTF-8 stand in it as lone surrogates."""
    return not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name)


def delivered_files(settings: Settings, source: str) -> dict[str, object]:
    """What an extract's stage reads: the files of its folder by hash, and whether they are synthetic.

    In the order of their names, which stay here: the hash of each name, and of the content. Raises PipelineError where
    the landing folders are not ready.
    """
    state = check_landing(settings.landing_dir)
    state.require_ready()
    files = landing_files(settings.landing_dir / source)
    hashes = [
        [
            fingerprints.of_bytes(path.name.encode()),
            *(_hash_of(each, place_of(path, files)) for each in _with_control(path)),
        ]
        for path in files
    ]
    return {"files": hashes, "is_synthetic": state.is_synthetic}


def contents_of(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of the delivered files of one source's folder, those aside that cannot be opened.

    Raises PipelineError as `landing_files` does.
    """
    found = {}
    for path in landing_files(folder):
        with suppress(OSError):
            found[path.name] = fingerprints.of_file(path)
    return found


def _with_control(path: Path) -> list[Path]:
    return [each for each in (path, control_path(path)) if each.is_file()]


def is_passed_over(name: str) -> bool:
    """Hidden files, Office lock files, control files, and files still being copied under a temporary name."""
    return _is_hidden(name) or name.lower().endswith((CONTROL_ENDING, *_UNFINISHED_ENDINGS))


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def read_file(source: str, path: Path, limits: IntakeLimits, where: str) -> LandingFile:
    """A delivered file's bytes. Raises PipelineError where it cannot be opened, is too large, or has none."""
    form = format_of(path.name)
    if form is None:
        raise PipelineError("This type of file is not read.", f"Give a file as {', '.join(ENDINGS)}.", where)
    file = LandingFile(source, path.name, form, _bytes_of(path, limits, where), read_control(path, where))
    if not file.data:
        raise PipelineError(
            problem="The file is empty (0 bytes).",
            remedy="Copy the extract again in full, or take the file away.",
            where=where,
        )
    return file


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        raise _unreadable(f"{folder.parent.name}/{folder.name}") from None


def _unfinished(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    passed_over = [path for path in _entries(folder) if is_passed_over(path.name)]
    return [path for path in passed_over if not path.name.startswith(".") and not path.name.endswith(CONTROL_ENDING)]


def _bytes_of(path: Path, limits: IntakeLimits, where: str) -> bytes:
    try:
        # a pipe put in its place between listing and opening would keep us waiting
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise OSError
            limits.require_bytes(where, about.st_size)
            return file.read()
    except OSError:
        raise _unreadable(where) from None


def _hash_of(path: Path, where: str) -> str:
    try:
        return fingerprints.of_file(path)
    except OSError:
        raise _unreadable(where) from None


def _unreadable(where: str) -> PipelineError:
    return PipelineError(
        problem="The file or folder cannot be opened.",
        remedy="Check that it is still there and that you may read it.",
        where=where,
    )


def _manifest_hashes(landing_dir: Path) -> set[str]:
    path = landing_dir / SYNTHETIC_MANIFEST
    if not path.exists():
        return set()
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_MANIFEST:
            raise ValueError
        return set(_hashes_in(json.loads(path.read_bytes())))
    except (ValueError, OSError, RecursionError):
        raise PipelineError(
            problem="The manifest of the synthetic extracts cannot be read.",
            remedy="Delete it together with the synthetic extracts; they are made again when needed.",
            where=f"landing/{SYNTHETIC_MANIFEST}",
        ) from None


def _hashes_in(value: Any) -> list[str]:
    """Every SHA-256 in a JSON value, wherever it stands."""
    if isinstance(value, dict):
        return [found for part in value.values() for found in _hashes_in(part)]
    if isinstance(value, list):
        return [found for part in value for found in _hashes_in(part)]
    return [value] if isinstance(value, str) and len(value) == 64 else []


def _empty_folders(paths: dict[str, list[Path]], names: tuple[str, ...], unfinished: list[str]) -> list[PipelineError]:
    """What is wrong with folders that hold no file; of an optional source only that one is still being copied."""
    problems: list[PipelineError] = []
    empty = [source for source, found in paths.items() if not found]
    roads = [road for road in ROADS if paths.get(road)]
    for source in empty:
        if source in unfinished:
            problems.append(_still_copying(source))
        elif source in CONTRACT and not (source in ROADS and roads):
            problems.append(_empty_folder(source))
    if names and not unfinished and not roads and set(CONTRACT) <= set(empty):
        return [_optional_alone(names)]
    return [*problems, _both_roads()] if len(roads) > 1 else problems


def _both_roads() -> PipelineError:
    return PipelineError(
        problem="Both reoffending (the measure ready-made) and offences (to make it from) were delivered.",
        remedy="Keep one of the two and take the other's files away: each case has one measure.",
        where="landing",
    )


def _still_copying(source: str) -> PipelineError:
    return PipelineError(
        problem="The only files in the folder are still being copied.",
        remedy="Wait until the copy has ended; delete the temporary file if it was broken off.",
        where=f"landing/{source}",
    )


def _optional_alone(names: tuple[str, ...]) -> PipelineError:
    return PipelineError(
        problem=f"Only optional inputs were delivered ({'; '.join(names)}): the extracts they belong to are missing.",
        remedy=f"Put the extracts into their folders ({', '.join(CONTRACT)}), or take these files away "
        "to use synthetic extracts, which bring optional inputs of their own.",
        where="landing",
    )


def _empty_folder(source: str) -> PipelineError:
    instead = ", or offences into theirs" if source == "reoffending" else ""
    return PipelineError(
        problem=f"The folder of {source} is empty while others are not.",
        remedy=f"Put the {source} extract into it{instead} (or empty the others to use synthetic extracts).",
        where=f"landing/{source}",
    )


def _synthetic_beside_real(synthetic: set[str], names: set[str]) -> PipelineError:
    return PipelineError(
        problem=f"Synthetic extracts ({'; '.join(sorted(synthetic))}) stand beside files that the generator "
        f"did not make, or that were changed since ({'; '.join(sorted(names - synthetic))}).",
        remedy=f"Delete the synthetic files and {SYNTHETIC_MANIFEST}, or take the others away.",
        where="landing",
    )
