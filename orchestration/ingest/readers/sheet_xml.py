"""One worksheet of an XLSX workbook, cell by cell, with what each cell was.

Belongs here: the XML of a sheet to typed cells; openpyxl's own readers keep neither formulas without values nor hidden
rows nor the order of the rows. Not here: the workbook around it (`excel_files`), and what becomes of a cell
(`columns`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO, Any
from xml.etree import ElementTree

from orchestration.errors import PipelineError
from orchestration.ingest.readers.sheets import Sheet
from orchestration.ingest.readers.tables import Cell, Given, Kind, moment_cell, typed_cell
from orchestration.settings import IntakeLimits

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SECONDS_A_DAY = 86_400
_LEAP_DAY_OF_1900 = 60  # Excel counts a 29 February 1900 that there was not


@dataclass(frozen=True)
class Styles:
    """What a sheet needs of its workbook: shared texts, the styles that show a date, the day that is 0, and whether a
    library wrote it and left its formulas, whose values are then missing or 0, to be calculated when it is opened."""

    texts: Sequence[str]
    dates: frozenset[int]
    day_0: date
    is_uncalculated: bool = False


def read_sheet(where: str, source: IO[bytes], styles: Styles, limits: IntakeLimits) -> Sheet:
    """The sheet. Raises PipelineError where rows or cells are out of order or repeated, or either are too many."""
    sheet = Sheet()
    number = 0
    for element in _finished(source):
        if element.tag == f"{_MAIN}row":
            given = int(element.get("r") or number + 1)
            if given <= number:
                raise _out_of_order(where, given)
            number = given
            cells = _row(where, number, element, styles, limits.max_columns)
            limits.require_rows(where, len(sheet.rows))
            sheet.add(number, cells, element.get("hidden") in ("1", "true"))
        elif element.tag == f"{_MAIN}col" and element.get("hidden") in ("1", "true"):
            last = min(int(element.get("max", 0)), limits.max_columns)
            sheet.hidden_columns.update(range(int(element.get("min", 1)), last + 1))
        elif element.tag == f"{_MAIN}mergeCell":
            sheet.merged.append(_range(element.get("ref", "")))
    return sheet


def _finished(source: IO[bytes]) -> Iterator[ElementTree.Element]:
    """Rows, columns and merged ranges as each is read, and let go: a sheet may be larger than memory as a tree."""
    path: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(source, events=("start", "end")):
        if event == "start":
            path.append(element)
            continue
        path.pop()
        if element.tag in (f"{_MAIN}row", f"{_MAIN}col", f"{_MAIN}mergeCell"):
            yield element
            path[-1].clear()


def _row(where: str, number: int, row: ElementTree.Element, styles: Styles, max_columns: int) -> list[Given]:
    cells: list[Given] = []
    for element in row.iterfind(f"{_MAIN}c"):
        reference = element.get("r")
        column = _column_number(reference) if reference else len(cells) + 1
        if column <= len(cells):
            raise _out_of_order(where, number)
        if column > max_columns:
            raise PipelineError(
                problem=f"The sheet is wider than the {max_columns:,} columns that are read.",
                remedy="Delete what stands to the right of the extract, or set PROBATION_MAX_COLUMNS.",
                where=f"{where}, row {number}",
            )
        cells += [None] * (column - len(cells) - 1)
        cells.append(_cell(element, styles))
    return cells


def _cell(element: ElementTree.Element, styles: Styles) -> Given:
    kind, text = element.get("t", "n"), element.findtext(f"{_MAIN}v") or ""
    has_formula = element.find(f"{_MAIN}f") is not None
    if has_formula and kind != "str" and (not text or (text == "0" and styles.is_uncalculated)):
        return Cell(None, Kind.FORMULA)
    if kind == "inlineStr":
        return _inline_text(element) or None
    if kind == "s":
        return (styles.texts[int(text)] or None) if text else None
    if kind == "str" or not text:
        return text or None
    if kind == "e":
        return Cell(None, Kind.ERROR)
    if kind == "b":
        return typed_cell(text in ("1", "true"))
    if kind == "d":
        return moment_cell(datetime.fromisoformat(text.removesuffix("Z")))
    is_date = int(element.get("s", 0)) in styles.dates
    return _date(float(text), styles.day_0) if is_date else typed_cell(float(text))


def _inline_text(element: ElementTree.Element) -> str:
    runs = [*element.iterfind(f"{_MAIN}is/{_MAIN}t"), *element.iterfind(f"{_MAIN}is/{_MAIN}r/{_MAIN}t")]
    return "".join(run.text or "" for run in runs)


def _date(serial: float, day_0: date) -> Cell:
    """The date of a serial number, to the second; a time alone is none."""
    if serial < 1:
        return Cell(f"{serial}", Kind.NO_DATE)
    try:
        if serial < _LEAP_DAY_OF_1900 and day_0.year == 1899:
            serial += 1
        seconds = timedelta(seconds=round(serial * _SECONDS_A_DAY))
        return moment_cell(datetime(day_0.year, day_0.month, day_0.day) + seconds)
    except (OverflowError, ValueError):
        return Cell(f"{serial}", Kind.NO_DATE)


def _column_number(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _range(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.replace("$", "").partition(":")
    corners = [(_row_number(corner), _column_number(corner)) for corner in (first, last or first)]
    return corners[0][0], corners[0][1], corners[1][0], corners[1][1]


def _row_number(reference: str) -> int:
    return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


def _out_of_order(where: str, row: int) -> PipelineError:
    return PipelineError(
        problem=f"Rows or cells stand out of order, or twice, inside the workbook: first at row {row}. "
        "Which of them is right cannot be known; programs show them differently.",
        remedy="Open it in Excel, check the rows and save it again, or have it exported again as CSV.",
        where=where,
    )


def styles_of(texts: Sequence[str], workbook: Any, is_uncalculated: bool) -> Styles:
    """What the sheets need of an openpyxl workbook."""
    return Styles(texts, frozenset(workbook._date_formats), workbook.epoch.date(), is_uncalculated)
