"""The landing folders together: whether a run can start, and what a stage starts from.

Belongs here: what is asked of all folders. Not here: one folder and its files (`landed_files.py`).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.control import CONTROL_ENDING, control_path
from orchestration.ingest.landed_files import entries_of, hash_of, is_passed_over, landing_files, place_of
from orchestration.settings import ROADS, Settings
from orchestration.storage import fingerprints
from orchestration.tables.contract import CONTRACT, WHOLE_CONTRACT

SYNTHETIC_MANIFEST = "synthetic_manifest.json"
_LARGEST_MANIFEST = 10_000_000


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
        synthetic = {place for place, path in files.items() if made and hash_of(path, place) in made}
    except PipelineError as problem:
        problems.append(problem)
    if synthetic and synthetic != set(names):
        problems.append(_synthetic_beside_real(synthetic, set(names)))
    status = "error" if problems else "ready"
    return LandingState(status, names, tuple(unfinished), bool(synthetic), tuple(problems))


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
            *(hash_of(each, place_of(path, files)) for each in _with_control(path)),
        ]
        for path in files
    ]
    return {"files": hashes, "is_synthetic": state.is_synthetic}


def _with_control(path: Path) -> list[Path]:
    return [each for each in (path, control_path(path)) if each.is_file()]


def _unfinished(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    passed_over = [path for path in entries_of(folder) if is_passed_over(path.name)]
    return [path for path in passed_over if not path.name.startswith(".") and not path.name.endswith(CONTROL_ENDING)]


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
