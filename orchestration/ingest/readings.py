"""What was read of files, kept with their rows: a file that lies there unchanged is not read again.

Belongs here: readings as rows of two tables, and back. Not here: reading (`extracts.py`), where the tables are, and
which code may trust what was read before: `version` says that.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from orchestration.ingest.findings import findings_frame
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.parsing import no_places
from orchestration.settings import IntakeLimits
from orchestration.storage import fingerprints
from orchestration.tables.extracts import READINGS

_FACTS = ("ragged", "notes", "findings")
_NOW = "<delivery>"  # in kept facts, for what the delivery is called in a run
Facts = tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A delivery's rows as received, the places of its ragged rows, what was passed over, what was found."""

    rows: pd.DataFrame
    ragged: pd.DataFrame
    notes: pd.DataFrame
    findings: pd.DataFrame

    def facts(self, delivery: str) -> Facts:
        """All but the rows, each as JSON, whatever the delivery is called now."""
        frames: list[pd.DataFrame] = [getattr(self, name) for name in _FACTS]
        return tuple(frame.to_json(orient="records", force_ascii=False).replace(delivery, _NOW) for frame in frames)


@dataclass(frozen=True)
class KeptReadings:
    """The readings of an earlier run: `table`, one row a file (`raw.readings`), and `rows`, their rows as received.

    `version`: of the code that reads now; what other code has read is not looked at.
    """

    version: str
    table: pd.DataFrame
    rows: pd.DataFrame

    def facts_of(self, file: LandingFile, limits: IntakeLimits) -> Facts | None:
        """What the file gave beside rows; None where it was not read so before."""
        return self._facts.get(reading_key(file, limits, self.version)) if self.version else None

    def rows_of(self, contents: Sequence[str]) -> pd.DataFrame:
        """The rows of files by their SHA-256, as they were received."""
        return self.rows[self.rows["file_sha256"].isin(contents)]

    @cached_property
    def _facts(self) -> dict[str, Facts]:
        columns = (self.table[name] for name in _FACTS)
        return dict(zip(self.table["reading"], zip(*columns, strict=True), strict=True))


def nothing_kept(version: str = "") -> KeptReadings:
    """No reading. Without a version what is read now is of no use later."""
    rows = pd.DataFrame({"file_sha256": pd.Series(dtype="str")})
    return KeptReadings(version, pd.DataFrame({name: pd.Series(dtype="str") for name in READINGS.names}), rows)


def reading_key(file: LandingFile, limits: IntakeLimits, version: str) -> str:
    """What a reading hangs on: the content, what kind of file it was taken for, the limits, and the code."""
    return fingerprints.of([file.sha256, file.form.ending, str(limits), version]) if version else ""


def readings_table(
    files: Sequence[LandingFile], facts: Sequence[Facts], limits: IntakeLimits, version: str
) -> pd.DataFrame:
    """The rows of `raw.readings` of these files, in their order."""
    rows = [
        (file.source, file.sha256, reading_key(file, limits, version), *given)
        for file, given in zip(files, facts, strict=True)
    ]
    return pd.DataFrame(rows, columns=READINGS.names).astype("str")


def rows_together(kept: pd.DataFrame, read: Sequence[pd.DataFrame], deliveries: pd.DataFrame) -> pd.DataFrame:
    """All rows in the order of the deliveries, under the names and places that these have now."""
    rows = pd.concat([kept, *read], ignore_index=True) if len(kept) else pd.concat(read, ignore_index=True)
    now = deliveries.set_index("file_sha256")
    rows["file"] = rows["file_sha256"].map(now["delivery"]).astype("str")
    rows["delivery_order"] = rows["file_sha256"].map(now["delivery_order"]).astype("int64")
    if rows["delivery_order"].is_monotonic_increasing:
        return rows
    return rows.sort_values("delivery_order", kind="stable", ignore_index=True)


def facts_together(facts: Mapping[str, Facts]) -> dict[str, pd.DataFrame]:
    """The frames `ragged`, `notes` and `findings` of all deliveries (name -> facts), in their order."""
    frames = {}
    for position, name in enumerate(_FACTS):
        empty = findings_frame("", []) if name == "findings" else no_places()
        texts = [given[position].replace(_NOW, delivery) for delivery, given in facts.items()]
        records = [record for text in texts if text != "[]" for record in json.loads(text)]
        frame = pd.DataFrame.from_records(records, columns=list(empty.columns)) if records else empty
        frames[name] = frame.astype(empty.dtypes.to_dict())
    return frames
