"""OpenDocument spreadsheets (.ods): one table a sheet, sheet row numbers.

Belongs here: the XML of OpenDocument to typed cells; other readers unfold what it says is repeated before anyone can
ask how large that is, and keep neither hidden rows nor formulas without values. Not here: what becomes of a cell
(`columns`).
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import IO
from xml.etree import ElementTree

from orchestration.ingest.readers.sheets import Sheet, table_of_sheet
from orchestration.ingest.readers.tables import EXCEL_DAY_0, Cell, FileTable, Given, Kind, moment_cell, typed_cell
from orchestration.settings import IntakeLimits

_NAMES = {
    name: f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style")
}
_OFFICE, _TABLE, _TEXT, _STYLE = (_NAMES[name] for name in ("office", "table", "text", "style"))
_NUMBERS = ("float", "percentage", "currency")
_BLANKS = {f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


@dataclass
class _Reading:
    """Where the reader stands: the sheet, its style, its last row and column, and the styles that hide a sheet."""

    sheet: Sheet = field(default_factory=Sheet)
    style: str = ""
    row: int = 0
    column: int = 0
    hiding: set[str] = field(default_factory=set)


def read_opendocument(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """One table for each sheet that is not empty; rows without any value are passed over."""
    tables: list[FileTable] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
        for number, (sheet, is_hidden) in enumerate(_sheets(where, content, limits), start=1):
            tables.append(replace(table_of_sheet(f"{where}, sheet {number}", sheet, limits), is_hidden=is_hidden))
    return [table for table in tables if table.header]


def _sheets(where: str, content: IO[bytes], limits: IntakeLimits) -> Iterator[tuple[Sheet, bool]]:
    """Each sheet, and whether it is hidden; its rows are let go as they are read."""
    reading = _Reading()
    path: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(content, events=("start", "end")):
        if event == "start":
            path.append(element)
            if element.tag == f"{_TABLE}table":
                reading.style = element.get(f"{_TABLE}style-name", "")  # letting rows go takes it from the element
            continue
        path.pop()
        if element.tag == f"{_STYLE}style":
            if any(part.get(f"{_TABLE}display") == "false" for part in element):
                reading.hiding.add(element.get(f"{_STYLE}name", ""))
        elif element.tag == f"{_TABLE}null-date":
            reading.sheet.day_0 = date.fromisoformat(element.get(f"{_TABLE}date-value", EXCEL_DAY_0.isoformat()))
        elif element.tag == f"{_TABLE}table-column":
            _add_column(reading, element, limits.max_columns)
        elif element.tag == f"{_TABLE}table-row":
            _add_row(where, reading, element, limits)
            path[-1].clear()
        elif element.tag == f"{_TABLE}table":
            yield reading.sheet, reading.style in reading.hiding
            reading = _Reading(Sheet(day_0=reading.sheet.day_0), hiding=reading.hiding)


def _add_column(reading: _Reading, element: ElementTree.Element, most: int) -> None:
    n_columns = _repeated(element, "columns")
    if _is_hidden(element):
        last = min(reading.column + n_columns, most)
        reading.sheet.hidden_columns.update(range(reading.column + 1, last + 1))
    reading.column += n_columns


def _add_row(where: str, reading: _Reading, element: ElementTree.Element, limits: IntakeLimits) -> None:
    n_rows = _repeated(element, "rows")
    cells = _cells(where, element, limits)
    if any(cell is not None for cell in cells):
        limits.require_rows(where, len(reading.sheet.rows) + n_rows)
        for number in range(reading.row + 1, reading.row + n_rows + 1):
            reading.sheet.add(number, list(cells), _is_hidden(element))
    reading.row += n_rows


def _cells(where: str, row: ElementTree.Element, limits: IntakeLimits) -> list[Given]:
    cells: list[Given] = []
    n_blank = 0  # a row usually ends in the thousands of cells that nobody filled
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        cell, n_cells = _cell(element), _repeated(element, "columns")
        if cell is None:
            n_blank += n_cells
            continue
        limits.require_columns(where, len(cells) + n_blank + n_cells)
        cells += [None] * n_blank + [cell] * n_cells
        n_blank = 0
    return cells


def _cell(element: ElementTree.Element) -> Given:
    if element.tag == f"{_TABLE}covered-table-cell":
        return Cell(None, Kind.MERGED)
    kind = element.get(f"{_OFFICE}value-type")
    if kind is None and element.get(f"{_TABLE}formula"):
        return Cell(None, Kind.FORMULA)
    if kind in _NUMBERS:
        return typed_cell(float(element.get(f"{_OFFICE}value", "nan")))
    if kind == "date":
        return _date(element.get(f"{_OFFICE}date-value", ""))
    if kind == "boolean":
        return typed_cell(element.get(f"{_OFFICE}boolean-value") == "true")
    if kind == "time":
        return Cell(_text(element), Kind.NO_DATE)
    return element.get(f"{_OFFICE}string-value") or _text(element) or None


def _date(text: str) -> Cell:
    try:
        return moment_cell(datetime.fromisoformat(text.removesuffix("Z")))
    except ValueError:  # a year that no calendar has
        return Cell(text, Kind.NO_DATE)


def _text(element: ElementTree.Element) -> str:
    return "\n".join("".join(_parts(part)) for part in element.iterfind(f"{_TEXT}p"))


def _parts(element: ElementTree.Element) -> Iterator[str]:
    """The texts inside an element in their order, blanks that XML would lose among them."""
    yield element.text or ""
    for part in element:
        if part.tag in _BLANKS:
            yield _BLANKS[part.tag] * min(int(part.get(f"{_TEXT}c", 1)), 1_000)
        else:
            yield from _parts(part)
        yield part.tail or ""


def _repeated(element: ElementTree.Element, what: str) -> int:
    return max(int(element.get(f"{_TABLE}number-{what}-repeated", 1)), 1)


def _is_hidden(element: ElementTree.Element) -> bool:
    return element.get(f"{_TABLE}visibility", "visible") != "visible"
