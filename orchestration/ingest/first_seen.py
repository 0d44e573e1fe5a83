"""The order in which contents of files were first seen, in a file that outlives the warehouse.

Belongs here: reading and keeping that order. Not here: what it decides (`deliveries.py`).
"""

import json
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from orchestration.errors import PipelineError
from orchestration.storage.files import write_private_file

_CONTENT = TypeAdapter(dict[str, dict[str, int]])  # source -> SHA-256 of the content -> order, from 1; no names


def read_first_seen(file: Path, source: str) -> pd.DataFrame | None:
    """One row a content of the source: source, file_sha256, first_seen_order; None where nothing was kept.

    Raises PipelineError where the file is damaged: an order guessed in silence could move numbers.
    """
    own = _read(file).get(source)
    if not own:
        return None
    return pd.DataFrame({"source": source, "file_sha256": list(own), "first_seen_order": list(own.values())})


def keep_first_seen(file: Path, source: str, seen: pd.DataFrame) -> None:
    """Keep the order of these contents (file_sha256, first_seen_order) beside what was kept before.

    Raises PipelineError, OSError.
    """
    kept = _read(file)
    order = seen.groupby("file_sha256")["first_seen_order"].min()
    now = kept.get(source, {}) | {str(sha): int(n) for sha, n in order.items()}
    if now != kept.get(source):
        write_private_file(file, json.dumps(kept | {source: now}, indent=1, sort_keys=True).encode())


def _read(file: Path) -> dict[str, dict[str, int]]:
    try:
        return _CONTENT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        raise PipelineError(
            problem="The order in which deliveries were first seen cannot be read.",
            remedy="Put the file back from a backup; or delete it: the warehouse's order counts then, else file names.",
            where=file.name,
        ) from error
