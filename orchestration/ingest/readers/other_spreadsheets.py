"""The spreadsheets .xls and .xlsb: one table a sheet, sheet row numbers.

Belongs here: what python-calamine reads, as typed cells. Not here: .xlsx and .ods, of which more can be known
(`excel_files`, `opendocument`).
"""

import io
from collections import defaultdict
from dataclasses import replace
from typing import Any

from orchestration.ingest.readers import binary_excel, old_excel
from orchestration.ingest.readers.sheets import Kept, Sheet, table_of_sheet
from orchestration.ingest.readers.tables import Cell, FileTable, Kind, typed_cell
from orchestration.settings import IntakeLimits

_OLDER = b"\xd0\xcf\x11\xe0"  # a compound file, as .xls is and .xlsb is not


def read_spreadsheet(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """One table for each sheet that is not empty; rows without any value are passed over."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    is_older = data.startswith(_OLDER)
    kept = old_excel.kept_beside_values(data) if is_older else binary_excel.kept_beside_values(where, data, limits)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    tables = []
    for number, about in enumerate(workbook.sheets_metadata, start=1):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        own = kept[number - 1] if number <= len(kept) else Kept()
        table = _table(f"{where}, sheet {number}", workbook.get_sheet_by_index(number - 1), own, limits)
        tables.append(replace(table, is_hidden=about.visible != SheetVisibleEnum.Visible))
    return [table for table in tables if table.header]


def _table(where: str, worksheet: Any, kept: Kept, limits: IntakeLimits) -> FileTable:
    limits.require_rows(where, worksheet.total_height)
    limits.require_columns(where, worksheet.total_width)
    ranges = worksheet.merged_cell_ranges or []
    sheet = Sheet(
        hidden_columns=kept.hidden_columns,
        day_0=kept.day_0,
        merged=kept.merged + [(r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in ranges],
    )
    hidden, in_row = set(kept.hidden_rows), defaultdict(list)
    for row, column in kept.formulas:
        in_row[row].append(column)
    for number, values in enumerate(worksheet.to_python(skip_empty_area=False), start=1):
        cells = [typed_cell(value) for value in values]
        for column in in_row[number]:
            cells += [None] * (column - len(cells))
            cells[column - 1] = Cell(None, Kind.FORMULA)
        sheet.add(number, cells, number in hidden)
    return table_of_sheet(where, sheet, limits)
