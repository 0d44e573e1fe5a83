"""One delivered file, read: its rows as received, and all else that its content gives.

Belongs here: the order of the steps within a file. Not here: any step, and several files (`extracts.py`).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pyarrow as pa

from orchestration.ingest.columns import judge_columns
from orchestration.ingest.counting import count_values
from orchestration.ingest.findings import findings_frame
from orchestration.ingest.headers import NO_HEADERS, MatchedTable, match_tables
from orchestration.ingest.labels import Labels
from orchestration.ingest.landed_files import LandingFile
from orchestration.ingest.parsing import PLACE_COLUMNS, no_places
from orchestration.ingest.readers.formats import read_tables
from orchestration.ingest.readings import Reading
from orchestration.ingest.stray_rows import without_stray_rows
from orchestration.settings import IntakeLimits
from orchestration.tables.contract import WHOLE_CONTRACT

WRONG_NUMBER_OF_CELLS, ABSENT_COLUMN = "wrong number of cells", "absent column"


def read_delivery(source: str, file: LandingFile, delivery: str, labels: Labels, limits: IntakeLimits) -> Reading:
    """The file as a delivery of the source. Raises PipelineError, naming the delivery, where it cannot be read."""
    contract, where = WHOLE_CONTRACT[source], f"{source}, {delivery}"
    found = match_tables(
        where, read_tables(where, file.form, file.data, limits), contract, labels.headers.get(source, NO_HEADERS)
    )
    matched, stray = without_stray_rows(contract, found)
    judged = judge_columns(contract, matched, labels)
    table = matched.table
    n_rows = len(table.lines)
    frame = pd.DataFrame({name: pd.Series(judged.texts[name], dtype="str") for name in contract.names})
    for name, text in (("file", delivery), ("file_sha256", file.sha256)):
        frame[name] = pd.Series(pa.repeat(text, n_rows), dtype="str")
    frame["line"], frame["delivery_order"] = table.lines, 0
    return Reading(
        rows=frame,
        ragged=_ragged_places(source, frame.iloc[table.ragged], len(table.header)),
        notes=_file_notes(source, delivery, matched),
        findings=findings_frame(delivery, stray + judged.findings),
        counts=count_values(contract, frame),
    )


def _ragged_places(source: str, rows: pd.DataFrame, width: int) -> pd.DataFrame:
    if rows.empty:
        return no_places()
    places = rows[["file", "line"]].assign(
        source=source,
        column="whole row",
        value_class=WRONG_NUMBER_OF_CELLS,
        reason=f"the row does not have the header's {width} cells (texts with commas need quotation marks)",
    )
    return places[PLACE_COLUMNS]


def _file_notes(source: str, delivery: str, matched: MatchedTable) -> pd.DataFrame:
    found = [
        ("unknown column", f"file column {number}", "the data contract has no such column; it is not read")
        for number in matched.unknown
    ]
    found += [
        (ABSENT_COLUMN, name, "the file lacks this optional column; it counts as missing") for name in matched.absent
    ]
    found += [
        ("hidden sheet" if table.is_hidden else "other sheet", "", f"{table.where} is not read")
        for table in matched.ignored
    ]
    line = matched.table.header_line or 0
    places = [(source, delivery, line, column, kind, reason) for kind, column, reason in found]
    return pd.DataFrame(places, columns=PLACE_COLUMNS) if places else no_places()


@contextmanager
def garbage_collection_off() -> Iterator[None]:
    """Rows as lists by the ten thousand make the collector double the time of reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
