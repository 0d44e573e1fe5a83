"""Each column of a delivery judged as a whole, before any of its cells is parsed, whatever format it came in.

Belongs here: what becomes of formulas, errors, merged cells, numbers and dates where text is expected, and the order of
the judges. Not here: the judges of dates, marks and writing faults themselves, and one cell by itself (`parsing`).
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingest.dates import judge_dates
from orchestration.ingest.findings import Finding
from orchestration.ingest.headers import MatchedTable
from orchestration.ingest.labels import Labels
from orchestration.ingest.missing_marks import marks_in
from orchestration.ingest.parsing import parse_column
from orchestration.ingest.readers.tables import Cells, Kind
from orchestration.ingest.writing_faults import without_faults
from orchestration.tables.source import Column, Source

FORMULAS, ERRORS, MERGED = "formulas without values", "error cells", "merged cells"
DATES_IN_TEXT, DIGITS_LOST = "dates where text is expected", "ids that lost digits"
UNDONE, DOUBTFUL, MARKED = "writing faults undone", "writing faults left", "marks for missing"
HIDDEN_ROWS, HIDDEN_COLUMNS = "hidden rows", "hidden columns"
TORN, OPEN_END = "torn last row", "last line without an end"
_KINDS = {Kind.FORMULA: FORMULAS, Kind.ERROR: ERRORS, Kind.MERGED: MERGED}
_SCIENTIFIC = r"^ *[0-9]([.,][0-9]+)?[eE]\+?[0-9]+ *$"
# A spreadsheet's errors, as they stand where it was saved as text or read by a library; typed ones have their own kind.
_ERROR_TEXT = (
    r"^(#DIV/0!|#N/A|#NAME\?|#NULL!|#NUM!|#REF!|#VALUE!|#SPILL!|#CALC!|#GETTING_DATA|#BUSY!|#BLOCKED!|#CONNECT!|"
    r"#EXTERNAL!|#FIELD!|#UNKNOWN!|#PYTHON!|#TIMEOUT!|#ERROR!|Err:[0-9]{3})$"  # the last two of Google and LibreOffice
)


@dataclass
class JudgedColumns:
    """`texts`: contract column -> its texts as parsing takes them; `findings`: what was found on the way."""

    texts: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def judge_columns(source: Source, matched: MatchedTable, labels: Labels) -> JudgedColumns:
    """Every contract column of a delivery's table; one that the file lacks is empty."""
    table, judged = matched.table, JudgedColumns(findings=_table_findings(source, matched, labels))
    cells = {
        column.name: _usable(column, table.columns[matched.positions[column.name]], table.lines, judged)
        for column in source.columns
        if column.name in matched.positions
    }
    marks = marks_in(source, {name: column.texts for name, column in cells.items()}, labels)
    for column in source.columns:
        if column.name not in cells:
            judged.texts[column.name] = pa.chunked_array([pa.nulls(len(table.lines), pa.string())])
            continue
        found = cells[column.name]
        if column.name in marks:
            judged.findings.append(Finding(MARKED, column.name, table.lines[marks[column.name]]))
            found = Cells(_emptied(found.texts, marks[column.name]), found.kinds)
        judged.texts[column.name] = _dated(column, found, table.lines, table.day_0, judged)
    return judged


def _dated(column: Column, cells: Cells, lines: np.ndarray, day_0: date, judged: JudgedColumns) -> pa.ChunkedArray:
    if column.kind != "date":
        return cells.texts
    texts, found = judge_dates(column, cells, lines, day_0)
    judged.findings += found
    return texts


def _usable(column: Column, cells: Cells, lines: np.ndarray, judged: JudgedColumns) -> Cells:
    """The column without what no column can hold, and its texts without writing faults."""
    name, cells = column.name, _with_errors(cells)
    kinds = cells.kinds
    judged.findings += [
        Finding(kind, name, lines[kinds == code]) for code, kind in _KINDS.items() if (kinds == code).any()
    ]
    texts = cells.texts
    if column.kind in ("id", "text") and (is_date := np.isin(kinds, (Kind.DATE, Kind.MOMENT))).any():
        judged.findings.append(Finding(DATES_IN_TEXT, name, lines[is_date]))
        texts = _emptied(texts, np.flatnonzero(is_date))
    if column.kind == "id":
        is_rounded = pc.fill_null(pc.match_substring_regex(texts, _SCIENTIFIC), False).to_numpy()
        judged.findings += [Finding(DIGITS_LOST, name, lines[is_rounded])] if is_rounded.any() else []
    texts, changed, doubtful = without_faults(texts)
    judged.findings += [Finding(UNDONE, name, lines[changed])] if len(changed) else []
    judged.findings += [Finding(DOUBTFUL, name, lines[doubtful])] if len(doubtful) else []
    return Cells(texts, kinds)


def _with_errors(cells: Cells) -> Cells:
    """The same cells, with those whose text is an error of a spreadsheet as errors."""
    trimmed = pc.utf8_trim_whitespace(cells.texts)
    is_error = pc.fill_null(pc.match_substring_regex(trimmed, _ERROR_TEXT), False).to_numpy()
    if not is_error.any():
        return cells
    kinds = np.where(is_error, np.uint8(Kind.ERROR), cells.kinds)
    return Cells(_emptied(cells.texts, np.flatnonzero(is_error)), kinds)


def _emptied(texts: pa.ChunkedArray, positions: np.ndarray) -> pa.ChunkedArray:
    series = pd.Series(texts, dtype="str")
    series.iloc[positions] = None
    return pa.chunked_array([pa.array(series, pa.string(), from_pandas=True)])


def _table_findings(source: Source, matched: MatchedTable, labels: Labels) -> list[Finding]:
    """What is wrong with the table as a whole: rows nobody sees, and an end that may not be one."""
    table, found = matched.table, []
    if table.hidden_lines:
        found.append(Finding(HIDDEN_ROWS, "", np.array(table.hidden_lines)))
    hidden = [name for name, position in matched.positions.items() if position in table.hidden_columns]
    found += [Finding(HIDDEN_COLUMNS, name, np.empty(0, dtype="int64")) for name in hidden]
    if table.is_open and len(table.lines):
        found.append(Finding(TORN if _may_be_torn(source, matched, labels) else OPEN_END, "", table.lines[-1:]))
    return found


def _may_be_torn(source: Source, matched: MatchedTable, labels: Labels) -> bool:
    """Whether the last row, whose line has no end, lacks cells or ends in a cell of which more may be missing.

    A code or a date is whole when it can be read, and a column that is not read does not matter.
    """
    table = matched.table
    if len(table.ragged) and int(table.ragged[-1]) == len(table.lines) - 1:
        return True
    last = next((name for name, at in matched.positions.items() if at == len(table.header) - 1), None)
    if last is None:
        return False
    column, cell = source.column(last), pd.Series(table.columns[-1].texts[-1:], dtype="str")
    if column.kind not in ("code", "date") or cell.isna().all():
        return True
    _, faults = parse_column(source.name, column, cell, labels)
    return bool(len(faults))
