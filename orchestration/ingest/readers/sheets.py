"""A sheet of a workbook as its reader found it, whatever the format, and the table it makes.

Belongs here: rows by number, what is hidden or merged, where the header stands. Not here: how a format writes a sheet
(`sheet_xml`, `opendocument`, `other_spreadsheets`).
"""

from dataclasses import dataclass, field, replace
from datetime import date

from orchestration.ingest.readers.tables import EXCEL_DAY_0, Cell, FileTable, Given, Kind, table_of_rows
from orchestration.settings import IntakeLimits


@dataclass
class Sheet:
    """A sheet as read: its rows that hold something, by number; hidden ones; hidden columns; merged ranges; the day
    that its numbers count from.

    A range is first row, first column, last row, last column, from 1.
    """

    rows: dict[int, list[Given]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    day_0: date = EXCEL_DAY_0

    def add(self, number: int, cells: list[Given], is_hidden: bool = False) -> None:
        """A row without the blank cells at its end; one without any other is passed over."""
        while cells and (cells[-1] is None or (isinstance(cells[-1], str) and not cells[-1].strip())):
            cells.pop()
        if cells:
            self.rows[number] = cells
            if is_hidden:
                self.hidden_rows.append(number)


@dataclass
class Kept:
    """What a binary workbook keeps of a sheet beside its values, all from 1: hidden rows and columns, the places (row,
    column) of formulas without values, merged ranges; and the day from which numbers count."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    day_0: date = EXCEL_DAY_0


def table_of_sheet(where: str, sheet: Sheet, limits: IntakeLimits) -> FileTable:
    """The table: the first row that holds something is the header; without any row there is no header."""
    if not sheet.rows:
        return table_of_rows(where, (), None, [], limits)
    header_line = next(iter(sheet.rows))
    header = tuple((cell.text if isinstance(cell, Cell) else cell) or "" for cell in sheet.rows[header_line])
    rows = _with_merged(sheet, header_line + 1, len(header))
    del rows[header_line]
    table = table_of_rows(where, header, header_line, rows.items(), limits)
    hidden = tuple(row for row in sheet.hidden_rows if row != header_line)
    columns = tuple(sorted(column - 1 for column in sheet.hidden_columns))
    return replace(table, hidden_lines=hidden, hidden_columns=columns, day_0=sheet.day_0)


def _with_merged(sheet: Sheet, first_row: int, width: int) -> dict[int, list[Given]]:
    """The rows from `first_row` on, `width` cells in each, with the covered cells of merged ranges marked."""
    rows = {number: cells + [None] * (width - len(cells)) for number, cells in sheet.rows.items()}
    for top, left, bottom, right in sheet.merged:
        if bottom < first_row or left > width or (top, left) == (bottom, right):
            continue
        numbers = range(max(top, first_row), bottom + 1)
        for number in numbers if len(numbers) < len(rows) else [n for n in rows if n in numbers]:
            for column in range(left, min(right, width) + 1):
                if (number, column) != (top, left) and number in rows:
                    rows[number][column - 1] = Cell(None, Kind.MERGED)
    return rows
