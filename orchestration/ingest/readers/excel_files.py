"""XLSX workbooks: one table a sheet, sheet row numbers.

Belongs here: sheets to text. Not here: which sheet holds the source (`headers`).
"""

import io
import warnings
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import Cell, FileTable, cell_text, table_of_rows


def read_excel(where: str, data: bytes) -> list[FileTable]:
    """One table for each sheet that is not empty; rows without any value are passed over."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            tables = [_read_sheet(where, sheet) for sheet in workbook.worksheets]
            workbook.close()
    except Exception:  # a damaged workbook fails in as many ways as it has parts; the texts may quote cells
        raise PipelineError(
            problem="The file cannot be read as an Excel workbook: damaged, locked, or not .xlsx.",
            remedy="Open it in Excel and save it again as .xlsx without a password, or as CSV UTF-8.",
            where=where,
        ) from None
    return [table for table in tables if table.header]


def _read_sheet(where: str, sheet: Any) -> FileTable:
    sheet.reset_dimensions()  # the recorded size is often wrong
    rows: list[list[Cell]] = []
    lines: list[int] = []
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = _without_trailing_blanks([cell_text(value) for value in values])
        if cells:
            rows.append(cells)
            lines.append(line)
    name = f"{where}, sheet {sheet.title}"
    if not rows:
        return table_of_rows(name, (), None, [])
    header = tuple(cell or "" for cell in rows[0])
    body = [cells + [None] * (len(header) - len(cells)) for cells in rows[1:]]
    return table_of_rows(name, header, lines[0], zip(lines[1:], body, strict=True))


def _without_trailing_blanks(cells: list[Cell]) -> list[Cell]:
    while cells and (cells[-1] is None or not cells[-1].strip()):
        cells.pop()
    return cells
