"""The landing folders: which files are there, and whether a run can start.

Belongs here: the folder level. Not here: what is inside a file.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.tables.contract import CONTRACT, WHOLE_CONTRACT

EXTENSIONS = (".csv", ".parquet", ".xlsx", ".sav")
SYNTHETIC_MANIFEST = "synthetic_manifest.json"
_UNFINISHED_ENDINGS = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download")


@dataclass(frozen=True)
class LandingFile:
    """A delivered file and its content, read once so that hash and rows are of the same bytes."""

    source: str
    name: str
    path: Path
    data: bytes

    @property
    def where(self) -> str:
        return f"{self.source}/{self.name}"

    @cached_property
    def sha256(self) -> str:
        return fingerprints.of_bytes(self.data)


@dataclass(frozen=True)
class LandingState:
    """What stands in the landing folders.

    `status`: `empty` (nothing in any, the optional ones included: synthetic extracts may be made), `ready` (the
    optional ones may be empty or missing) or `error`. `files`: the
    delivered files as source/name. `unfinished`: temporary files passed over. `is_synthetic`: every
    file is one that the manifest lists. `problems`: what stands in the way, each ready to be raised.
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
                remedy="Put each extract in its folder (inspections, terminations, reoffending).",
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
        unfinished += [f"{source}/{path.name}" for path in _unfinished(landing_dir / source)]
    files = [(source, path) for source, found in paths.items() for path in found]
    names = tuple(f"{source}/{path.name}" for source, path in files)
    if not files and not unfinished and not problems:
        return LandingState("empty", (), (), False, ())
    problems += _empty_folders(paths, names, unfinished)
    synthetic: set[str] = set()
    try:
        made = _manifest_hashes(landing_dir)
        synthetic = {f"{source}/{path.name}" for source, path in files if made and _hash_of(path) in made}
    except PipelineError as problem:
        problems.append(problem)
    if synthetic and synthetic != set(names):
        problems.append(_synthetic_beside_real(synthetic, set(names)))
    status = "error" if problems else "ready"
    return LandingState(status, names, tuple(unfinished), bool(synthetic), tuple(problems))


def landing_files(folder: Path) -> list[Path]:
    """The delivered files of one source's folder by name; hidden and unfinished files are passed over.

    A folder that is not there is as good as empty. Raises PipelineError for a file in the folder's place, a
    folder in a file's place, and file types that are not read.
    """
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise PipelineError(
            problem="A file stands where a folder is expected.",
            remedy=f"Make a folder {folder.name} and put the extract into it.",
            where=f"{folder.parent.name}/{folder.name}",
        )
    files = [path for path in _entries(folder) if not is_passed_over(path.name)]
    for path in files:
        if not path.exists():  # a link to nothing
            raise _unreadable(path)
        if path.is_dir():
            raise PipelineError(
                problem="A folder stands where a file is expected.",
                remedy="Put the files themselves into the source's folder and take this folder away.",
                where=f"{folder.name}/{path.name}",
            )
        if path.suffix.lower() not in EXTENSIONS:
            raise PipelineError(
                problem="This type of file is not read.",
                remedy=f"Deliver {', '.join(EXTENSIONS)}, or take the file out of the folder.",
                where=f"{folder.name}/{path.name}",
            )
    return files


def delivered_files(settings: Settings, source: str) -> dict[str, object]:
    """What an extract's stage reads: the files of its folder by name and hash, and whether they are synthetic.

    Raises PipelineError where the landing folders are not ready.
    """
    state = check_landing(settings.landing_dir)
    state.require_ready()
    files = landing_files(settings.landing_dir / source)
    return {"files": {path.name: fingerprints.of_file(path) for path in files}, "is_synthetic": state.is_synthetic}


def is_passed_over(name: str) -> bool:
    """Hidden files, Office lock files, and files still being copied under a temporary name."""
    return name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED_ENDINGS)


def read_file(source: str, path: Path) -> LandingFile:
    """A delivered file's bytes. Raises PipelineError where it cannot be opened or has none."""
    file = LandingFile(source, path.name, path, _bytes_of(path))
    if not file.data:
        raise PipelineError(
            problem="The file is empty (0 bytes).",
            remedy="Copy the extract again in full, or take the file away.",
            where=file.where,
        )
    return file


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        raise _unreadable(folder) from None


def _unfinished(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in _entries(folder) if is_passed_over(path.name) and not path.name.startswith(".")]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise _unreadable(path) from None


def _hash_of(path: Path) -> str:
    try:
        return fingerprints.of_file(path)
    except OSError:
        raise _unreadable(path) from None


def _unreadable(path: Path) -> PipelineError:
    return PipelineError(
        problem="The file or folder cannot be opened.",
        remedy="Check that it is still there and that you may read it.",
        where=f"{path.parent.name}/{path.name}",
    )


def _manifest_hashes(landing_dir: Path) -> set[str]:
    path = landing_dir / SYNTHETIC_MANIFEST
    if not path.exists():
        return set()
    try:
        return set(_hashes_in(json.loads(_bytes_of(path))))
    except ValueError:
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
    for source in empty:
        copying = [name for name in unfinished if name.startswith(f"{source}/")]
        if copying:
            problems.append(_still_copying(copying))
        elif source in CONTRACT:
            problems.append(_empty_folder(source))
    if names and not unfinished and set(CONTRACT) <= set(empty):
        return [_optional_alone(names)]
    return problems


def _still_copying(copying: list[str]) -> PipelineError:
    return PipelineError(
        problem="The only files in the folder are still being copied.",
        remedy="Wait until the copy has ended; delete the temporary file if it was broken off.",
        where=", ".join(copying),
    )


def _optional_alone(names: tuple[str, ...]) -> PipelineError:
    return PipelineError(
        problem=f"Only optional inputs were delivered ({', '.join(names)}): the extracts they belong to are missing.",
        remedy=f"Put the extracts into their folders ({', '.join(CONTRACT)}), or take these files away "
        "to use synthetic extracts, which bring optional inputs of their own.",
        where="landing",
    )


def _empty_folder(source: str) -> PipelineError:
    return PipelineError(
        problem=f"The folder of {source} is empty while others are not.",
        remedy=f"Put the {source} extract into it (or empty the others to use synthetic extracts).",
        where=f"landing/{source}",
    )


def _synthetic_beside_real(synthetic: set[str], names: set[str]) -> PipelineError:
    return PipelineError(
        problem=f"Synthetic extracts ({', '.join(sorted(synthetic))}) stand beside files that the generator "
        f"did not make, or that were changed since ({', '.join(sorted(names - synthetic))}).",
        remedy=f"Delete the synthetic files and {SYNTHETIC_MANIFEST}, or take the others away.",
        where="landing",
    )
