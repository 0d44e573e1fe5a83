"""The files of one source's landing folder: which they are, and their bytes.

Belongs here: the folder and the file level. Not here: the folders together (`landing.py`), and what is inside a file.
"""

import os
import stat
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.ingest.control import CONTROL_ENDING, NOTHING_EXPECTED, Expected, read_control
from orchestration.ingest.readers.formats import ENDINGS, Format, format_of
from orchestration.settings import IntakeLimits
from orchestration.storage import fingerprints

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


def landing_files(folder: Path) -> list[Path]:
    """The delivered files of one source's folder by name; hidden and unfinished files are passed over.

    A folder that is not there is as good as empty. Raises PipelineError for a file in the folder's place, for what is
    no file of its own (a folder, a link, a pipe, a device), for names that are no text, for types that are not read and
    for a control file without its delivery.
    """
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise PipelineError(
            problem="A file stands where a folder is expected.",
            remedy=f"Take the file away, make a folder {folder.name} in its place and put the extract into that.",
            where=f"{folder.parent.name}/{folder.name}",
        )
    entries = entries_of(folder)
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


def contents_of(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of the delivered files of one source's folder, those aside that cannot be opened.

    Raises PipelineError as `landing_files` does.
    """
    found = {}
    for path in landing_files(folder):
        with suppress(OSError):
            found[path.name] = fingerprints.of_file(path)
    return found


def entries_of(folder: Path) -> list[Path]:
    """Everything in a folder, by name. Raises PipelineError where it cannot be listed."""
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        raise _unreadable(f"{folder.parent.name}/{folder.name}") from None


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


def hash_of(path: Path, where: str) -> str:
    """The SHA-256 of a file. Raises PipelineError where it cannot be opened."""
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
