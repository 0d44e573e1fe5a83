"""The project as dbt has read it, kept as Python keeps byte code.

Reading takes dbt four seconds, and every process needs it. What is kept holds SQL and descriptions and no data. It lies
beside the project, for all data folders, or in the data folder where nothing can be written there; it may be deleted at
any time.

Belongs here: where it is kept, writing and reading it. Not here: having dbt read (`layers.py`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import DBT_DIR
from orchestration.storage import files, fingerprints

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest as ParsedProject

MANIFEST, PROJECT = "manifest.json", "project.msgpack"


@cache
def kept_folder(run_dir: Path, target: str) -> Path:
    """Where the project is kept, read for a target of `profiles.yml`: as it is once a process, like code."""
    return folder_now(run_dir, target)


def folder_now(run_dir: Path, target: str) -> Path:
    """Where the project is kept as it is now. What dbt reads holds the adapter's macros, and where the project lies."""
    read = [fingerprints.of_folder(DBT_DIR), str(DBT_DIR), fingerprints.package_versions(), version(f"dbt-{target}")]
    name = f"{target}-{fingerprints.of(read)[:16]}"
    beside = DBT_DIR / "target" / name
    there = next(place for place in (beside, beside.parent, DBT_DIR) if os.access(place, os.F_OK))
    if os.access(beside / MANIFEST, os.R_OK) or os.access(there, os.W_OK | os.X_OK):
        return beside
    return run_dir / "dbt" / name


def read_kept(folder: Path) -> ParsedProject | None:
    """What is kept there; None where there is nothing, or it is damaged."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder  # so spelled there

    with suppress(Exception):  # a damaged file fails in many ways, and costs another reading
        return Manifest.from_msgpack((folder / PROJECT).read_bytes(), decoder=extended_mashumuro_decoder)
    return None


def keep(folder: Path, project: ParsedProject) -> None:
    """Keep what dbt has just read, and its manifest as JSON. Raises OSError."""
    from dbt.parser.manifest import extended_mashumaro_encoder

    folder.mkdir(parents=True, exist_ok=True)
    files.write_file(folder / PROJECT, project.to_msgpack(extended_mashumaro_encoder))
    incoming = folder / f".{MANIFEST}-{os.getpid()}"
    project.writable_manifest().write(str(incoming))
    files.put_in_place(incoming, folder / MANIFEST)
