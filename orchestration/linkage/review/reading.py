"""Reading a filled workbook: its sample, the verdict on each line, and every fault by sheet, line and column.

Belongs here: what one file says. Not here: what several files say together, and what becomes of it (`importing.py`).
Faults never quote a cell: it may hold an identifier.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import PipelineError
from orchestration.linkage.review.contents import VALUES, digest
from orchestration.linkage.review.workbook import (
    COLUMNS,
    COMMENT,
    HEADINGS,
    INSTRUCTIONS,
    PAIR,
    REVIEWED_ON,
    REVIEWER,
    SAMPLE_CELL,
    SHEETS,
    VERDICT,
    VERDICTS,
)


@dataclass(frozen=True)
class Verdict:
    """One line: its pair, the hash of what stands on it, and what the reviewer wrote (empty verdict: open)."""

    pair: str
    source: str
    digest: str
    verdict: str
    reviewer: str
    reviewed_on: str
    comment: str
    where: str


@dataclass
class Reading:
    """What a file holds: its sample, its lines, and its faults (place and words)."""

    path: Path
    sample: str
    lines: list[Verdict] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_workbook(path: Path) -> Reading:
    """Sample, verdicts and faults of a filled workbook.

    Raises PipelineError where the file is missing, is no workbook, or is not one that was drawn here.
    """
    workbook = _open(path)
    if INSTRUCTIONS not in workbook.sheetnames:
        raise PipelineError(
            f"The workbook has no sheet '{INSTRUCTIONS}', which names its sample.",
            "Fill in the workbook as it was drawn; do not copy its sheets into another one.",
            str(path),
        )
    reading = Reading(path, _text(workbook[INSTRUCTIONS][SAMPLE_CELL].value))
    for source, title in SHEETS.items():
        if title not in workbook.sheetnames:
            reading.faults.append(f"sheet '{title}' is missing: take it from the workbook as drawn")
        else:
            _read_sheet(workbook[title], source, reading)
    return reading


def _open(path: Path) -> Any:
    from openpyxl import load_workbook

    if not path.is_file():
        raise PipelineError(
            "There is no such file.", "Name the filled workbook: make review-import FILE=...", str(path)
        )
    try:
        return load_workbook(path, data_only=True)
    except Exception:  # openpyxl raises whatever the broken part of the archive leads to
        raise PipelineError(
            "The file is not an Excel workbook (.xlsx), or it is damaged or protected by a password.",
            "Save it as .xlsx without a password.",
            str(path),
        ) from None


def _read_sheet(sheet: Any, source: str, reading: Reading) -> None:
    rows = sheet.iter_rows(values_only=True)
    headings = [_text(value) for value in next(rows, ())]
    missing = [column for column in COLUMNS if headings.count(column) != 1]
    if missing:
        reading.faults.append(
            f"sheet '{sheet.title}', line 1: headings missing or twice: {', '.join(missing)}: restore them as drawn"
        )
        return
    place = {column: headings.index(column) for column in COLUMNS}
    for number, row in enumerate(rows, start=2):
        cells = {column: row[at] for column, at in place.items()}
        if any(_text(value) for value in cells.values()):
            _read_line(cells, source, f"sheet '{sheet.title}', line {number}", reading)


def _read_line(cells: dict[str, Any], source: str, where: str, reading: Reading) -> None:
    verdict = _text(cells[VERDICT]).lower().replace(" ", "_")
    reviewer, comment = _text(cells[REVIEWER]), _text(cells[COMMENT])
    reviewed_on = _day(cells[REVIEWED_ON])
    faults = []
    if verdict and verdict not in VERDICTS:
        faults.append(f"column '{VERDICT}': not one of {', '.join(VERDICTS)}")
    if verdict and not reviewer:
        faults.append(f"column '{REVIEWER}': a verdict needs the name or initials of who gave it")
    if verdict and reviewed_on is None:
        faults.append(f"column '{REVIEWED_ON}': a verdict needs its date, as YYYY-MM-DD or DD/MM/YYYY")
    elif reviewed_on is not None and reviewed_on > date.today():
        faults.append(f"column '{REVIEWED_ON}': the date lies in the future")
    reading.faults += [f"{where}, {fault}" for fault in faults]
    values = digest(_text(cells[HEADINGS[value]]) for value in VALUES)
    day = reviewed_on.isoformat() if reviewed_on else ""
    line = Verdict(_text(cells[PAIR]), source, values, verdict, reviewer, day, comment, where)
    reading.lines.append(line)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(_text(value), form).date()
        except ValueError:
            continue
    return None


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
