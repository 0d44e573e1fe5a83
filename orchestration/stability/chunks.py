"""What a stability run keeps on disk: what was asked for, and the chunks that are finished.

Everything lies under `.run/stability/`. A chunk says which terms each of its resamples retained, nothing about cases.
Belongs here: names, reading and writing of these files. Not here: making selections (`selections.py`).
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.methods.bulletin_2020_03.stability import RESAMPLES, SEED, Selection, StabilityModel
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.storage.files import write_file

CHUNK_SIZE = 20


@dataclass(frozen=True)
class StabilityRequest:
    """What was asked for: how many resamples of each model, from which seed."""

    resamples: int = RESAMPLES
    seed: int = SEED

    def __post_init__(self) -> None:
        if self.resamples < 1 or self.seed < 0:
            raise PipelineError(
                problem=f"{self.resamples} resamples from seed {self.seed} cannot be made.",
                remedy="Give --resamples of 1 or more and --seed of 0 or more.",
            )


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some consecutive resamples of one model, numbered from `first` to `end` exclusive."""

    model: StabilityModel
    first: int
    end: int

    @property
    def name(self) -> str:
        return f"{self.model.measure.code}-{self.first:06d}-{self.end:06d}.json"

    @property
    def size(self) -> int:
        return self.end - self.first


def write_request(settings: Settings, request: StabilityRequest) -> None:
    """Keep what was asked for, where the stage finds it."""
    base = stability_folder(settings)
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(base / "request.json", json.dumps(asdict(request)).encode())


def read_request(settings: Settings) -> StabilityRequest:
    """What was last asked for; the defaults where nothing was, or where it cannot be read."""
    try:
        return StabilityRequest(**json.loads((stability_folder(settings) / "request.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return StabilityRequest()


def request_in_use(settings: Settings, _stage: str) -> dict[str, int]:
    """What was last asked for, as the stage's fingerprint covers it."""
    return asdict(read_request(settings))


def stability_folder(settings: Settings) -> Path:
    """Where all of it lies."""
    return settings.run_dir / "stability"


def chunk_folder(
    settings: Settings, models: Sequence[StabilityModel], request: StabilityRequest, code_fingerprint: str
) -> Path:
    """The folder of these cases, this code and seed; those of others are removed.

    The number of resamples is no part of it, so that asking for more goes on from those there are.
    """
    cases = [(model.measure.code, _digest(model)) for model in models]
    folder = stability_folder(settings) / fingerprints.of([cases, code_fingerprint, request.seed])[:20]
    for other in stability_folder(settings).glob("*/"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _digest(model: StabilityModel) -> str:
    patterns = model.patterns
    arrays = (patterns.matrix, patterns.n, patterns.events)
    return fingerprints.of_bytes(b"".join(array.tobytes() for array in arrays))


def chunks_of(models: Sequence[StabilityModel], resamples: int) -> list[Chunk]:
    """Every resample of every model, in chunks; the models take turns, so that progress is even."""
    return [
        Chunk(model, first, min(first + CHUNK_SIZE, resamples))
        for first in range(0, resamples, CHUNK_SIZE)
        for model in models
    ]


def read_chunk(folder: Path, chunk: Chunk) -> list[Selection] | None:
    """A finished chunk's selections; None where it is not there, or damaged, and is to be made again."""
    try:
        kept = json.loads((folder / chunk.name).read_text("utf-8"))
        selections = [tuple(selection) for selection in kept]
    except (OSError, ValueError, TypeError):
        return None
    names = {term.name for term in chunk.model.patterns.terms}
    is_whole = len(selections) == chunk.size and all(names.issuperset(selection) for selection in selections)
    return selections if is_whole else None


def write_chunk(folder: Path, chunk: Chunk, selections: Sequence[Selection]) -> None:
    """Keep a finished chunk, whole or not at all."""
    write_file(folder / chunk.name, json.dumps(selections).encode())
