"""The spreadsheets .xls, .xlsb and .ods: one table a sheet, sheet row numbers.

Belongs here: what python-calamine reads, as typed cells. Not here: .xlsx, of which more can be known (`excel_files`).
"""

import io
from dataclasses import replace
from typing import Any

from orchestration.ingest.readers.sheet_xml import Sheet, with_merged
from orchestration.ingest.readers.tables import Cell, FileTable, table_of_rows, typed_cell
from orchestration.settings import IntakeLimits


def read_spreadsheet(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """One table for each sheet that is not empty; rows without any value are passed over."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    tables = []
    for number, about in enumerate(workbook.sheets_metadata, start=1):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        table = _table(f"{where}, sheet {number}", workbook.get_sheet_by_index(number - 1))
        tables.append(replace(table, is_hidden=about.visible != SheetVisibleEnum.Visible))
    return [table for table in tables if table.header]


def _table(where: str, worksheet: Any) -> FileTable:
    sheet = Sheet(
        merged=[(r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in worksheet.merged_cell_ranges or []]
    )
    for number, values in enumerate(worksheet.to_python(skip_empty_area=False), start=1):
        cells = [typed_cell(value) for value in values]
        while cells and (cells[-1] is None or (isinstance(cells[-1], str) and not cells[-1].strip())):
            cells.pop()
        if cells:
            sheet.rows[number] = cells
    if not sheet.rows:
        return table_of_rows(where, (), None, [])
    header_line = next(iter(sheet.rows))
    header = tuple((cell.text if isinstance(cell, Cell) else cell) or "" for cell in sheet.rows[header_line])
    rows = with_merged(sheet, header_line + 1, len(header))
    del rows[header_line]
    return table_of_rows(where, header, header_line, rows.items())
