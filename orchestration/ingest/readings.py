"""What was read of a file, as a row of a table: a file that lies there unchanged is not read again.

Belongs here: readings as rows of a table, and back. Not here: reading (`file_reading.py`), and the warehouse that keeps
them (`keeping.py`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from orchestration.ingest.counting import no_counts
from orchestration.ingest.findings import findings_frame
from orchestration.ingest.landed_files import LandingFile
from orchestration.ingest.parsing import no_places
from orchestration.settings import IntakeLimits
from orchestration.storage import fingerprints
from orchestration.tables.extracts import READINGS

FACTS = ("ragged", "notes", "findings", "counts")
_NOW = "<delivery>"  # in kept facts, for what the delivery is called in a run
Facts = tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A delivery's rows as received, the places of its ragged rows, what was passed over, what was found, and what it
    holds, counted."""

    rows: pd.DataFrame
    ragged: pd.DataFrame
    notes: pd.DataFrame
    findings: pd.DataFrame
    counts: pd.DataFrame

    def facts(self, delivery: str) -> Facts:
        """All but the rows, each as JSON, whatever the delivery is called now."""
        frames: list[pd.DataFrame] = [getattr(self, name) for name in FACTS]
        return tuple(frame.to_json(orient="records", force_ascii=False).replace(delivery, _NOW) for frame in frames)


def reading_key(file: LandingFile, limits: IntakeLimits, version: str) -> str:
    """What a reading hangs on: the content, what kind of file it was taken for, what was promised of it, the limits,
    and the code; nothing where the code has no version."""
    parts = [file.sha256, file.form.ending, str(file.expected), str(limits), version]
    return fingerprints.of(parts) if version else ""


def readings_table(
    deliveries: pd.DataFrame, files: Sequence[LandingFile], facts: Sequence[Facts], limits: IntakeLimits, version: str
) -> pd.DataFrame:
    """The rows of `raw.readings` of these deliveries, whose files and facts are given in the same order."""
    rows = [
        (file.source, file.sha256, file.name, order, reading_key(file, limits, version), *given)
        for order, file, given in zip(deliveries["delivery_order"], files, facts, strict=True)
    ]
    return pd.DataFrame(rows, columns=READINGS.names).astype(READINGS.dtypes)


def facts_together(facts: Mapping[str, Facts]) -> dict[str, pd.DataFrame]:
    """The frames of the facts of all deliveries (name -> facts), in their order, by what each is about."""
    frames = {}
    for position, name in enumerate(FACTS):
        empty = _empty(name)
        texts = [given[position].replace(_NOW, delivery) for delivery, given in facts.items()]
        records = [record for text in texts if text != "[]" for record in json.loads(text)]
        frame = pd.DataFrame.from_records(records, columns=list(empty.columns)) if records else empty
        frames[name] = frame.astype(empty.dtypes.to_dict())
    return frames


def _empty(name: str) -> pd.DataFrame:
    if name == "counts":
        return no_counts()
    return findings_frame("", []) if name == "findings" else no_places()
