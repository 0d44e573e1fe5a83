"""What was read of a file, kept with its rows: a file that lies there unchanged is not read again.

Belongs here: a reading as rows of two tables, and back. Not here: reading (`extracts.py`), where the tables are, and
which code may trust what was read before: `version` says that.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.ingest.findings import findings_frame
from orchestration.ingest.landing import LandingFile
from orchestration.ingest.parsing import no_places
from orchestration.settings import IntakeLimits
from orchestration.storage import fingerprints
from orchestration.tables.extracts import READINGS

# In which column each frame names the delivery, which a file is given anew in every run.
_DELIVERY = {"ragged": "file", "notes": "file", "findings": "delivery"}


@dataclass(frozen=True)
class Reading:
    """A delivery's rows as received, the places of its ragged rows, what was passed over, what was found."""

    rows: pd.DataFrame
    ragged: pd.DataFrame
    notes: pd.DataFrame
    findings: pd.DataFrame


@dataclass(frozen=True)
class KeptReadings:
    """The readings of an earlier run: `facts`, one row a file (`raw.readings`), and `rows`, its rows as received.

    `version`: of the code that reads now; what other code has read is not looked at.
    """

    version: str
    facts: pd.DataFrame
    rows: pd.DataFrame

    def of(self, file: LandingFile, delivery: str, order: int, limits: IntakeLimits) -> Reading | None:
        """The file's reading under the name and place that it has now; None where it was not read so before."""
        found = self.facts[self.facts["reading"] == reading_key(file, limits, self.version)]
        if found.empty or not self.version:
            return None
        rows = self.rows.iloc[self._places.get(file.sha256, np.array([], dtype=int))].reset_index(drop=True)
        rows = rows.assign(file=repeated(delivery, len(rows)), delivery_order=order)
        frames = {name: _frame(name, found[name].iloc[0], delivery) for name in _DELIVERY}
        return Reading(rows=rows, **frames)

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        indices = self.rows.groupby("file_sha256", sort=False).indices
        return {str(sha): np.asarray(at) for sha, at in indices.items()}


def nothing_kept(version: str = "") -> KeptReadings:
    """No reading. Without a version what is read now is of no use later."""
    rows = pd.DataFrame({"file_sha256": pd.Series(dtype="str")})
    return KeptReadings(version, pd.DataFrame({name: pd.Series(dtype="str") for name in READINGS.names}), rows)


def reading_key(file: LandingFile, limits: IntakeLimits, version: str) -> str:
    """What a reading hangs on: the content, what kind of file it was taken for, the limits, and the code."""
    return fingerprints.of([file.sha256, file.form.ending, str(limits), version]) if version else ""


def readings_frame(
    source: str, files: Sequence[LandingFile], readings: Sequence[Reading], limits: IntakeLimits, version: str
) -> pd.DataFrame:
    """The rows of `raw.readings` of these files, in their order."""
    rows = [
        (source, file.sha256, reading_key(file, limits, version), *(_json(name, reading) for name in _DELIVERY))
        for file, reading in zip(files, readings, strict=True)
    ]
    return pd.DataFrame(rows, columns=READINGS.names).astype("str")


def repeated(text: str, n_rows: int) -> pd.Series:
    """A column that holds one text."""
    return pd.Series(pa.repeat(text, n_rows), dtype="str")


def _json(name: str, reading: Reading) -> str:
    frame: pd.DataFrame = getattr(reading, name)
    return frame.drop(columns=_DELIVERY[name]).to_json(orient="records", force_ascii=False)


def _frame(name: str, text: str, delivery: str) -> pd.DataFrame:
    empty = findings_frame("", []) if name == "findings" else no_places()
    if text == "[]":
        return empty
    frame = pd.read_json(io.StringIO(text), orient="records", dtype=False, convert_dates=False)
    return frame.assign(**{_DELIVERY[name]: delivery})[list(empty.columns)].astype(empty.dtypes.to_dict())
