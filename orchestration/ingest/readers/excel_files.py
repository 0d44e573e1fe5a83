"""XLSX workbooks, Strict Open XML among them: one table a sheet, sheet row numbers.

Belongs here: the workbook around its sheets. Not here: the cells of one (`sheet_xml`), other spreadsheets
(`other_spreadsheets`), and which sheet holds the source (`headers`).
"""

import io
import re
import warnings
import zipfile
from dataclasses import replace
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.readers.sheet_xml import Sheet, Styles, read_sheet, styles_of, with_merged
from orchestration.ingest.readers.tables import Cell, FileTable, Given, table_of_rows
from orchestration.settings import IntakeLimits

_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")


def read_excel(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """One table for each sheet that is not empty; rows without any value are passed over."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
        reader = ExcelReader(io.BytesIO(_transitional(data)), read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        styles = styles_of(reader.shared_strings, reader.wb)
        sheets = [(sheet, rel) for sheet, rel in reader.parser.find_sheets() if rel.target in reader.valid_files]
        tables = [
            _table(f"{where}, sheet {number}", sheet.state, reader.archive, rel.target, styles, limits)
            for number, (sheet, rel) in enumerate(sheets, start=1)
            if "chartsheet" not in rel.Type
        ]
    return [table for table in tables if table.header]


def _table(
    where: str, state: str | None, archive: zipfile.ZipFile, part: str, styles: Styles, limits: IntakeLimits
) -> FileTable:
    with archive.open(part) as source:
        sheet = read_sheet(where, source, styles, limits.max_columns)
    table = _table_of(where, sheet)
    return replace(table, is_hidden=state != "visible", day_0=styles.day_0)


def _table_of(where: str, sheet: Sheet) -> FileTable:
    if not sheet.rows:
        return table_of_rows(where, (), None, [])
    header_line = next(iter(sheet.rows))
    header = tuple(_header_text(cell) for cell in sheet.rows[header_line])
    rows = with_merged(sheet, header_line + 1, len(header))
    del rows[header_line]
    table = table_of_rows(where, header, header_line, rows.items())
    hidden = tuple(row for row in sheet.hidden_rows if row != header_line)
    return replace(table, hidden_lines=hidden, hidden_columns=tuple(sorted(c - 1 for c in sheet.hidden_columns)))


def _header_text(cell: Given) -> str:
    return (cell.text if isinstance(cell, Cell) else cell) or ""


def _transitional(data: bytes) -> bytes:
    """A workbook in Strict Open XML under the names that every reader knows; any other as it is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not any(_STRICT in archive.read(name) for name in ("xl/workbook.xml",) if name in archive.namelist()):
            return data
        rewritten = io.BytesIO()
        with zipfile.ZipFile(rewritten, "w") as target:
            for name in archive.namelist():
                part = archive.read(name)
                target.writestr(name, _STRICT_NAME.sub(_transitional_name, part) if _is_xml(name) else part)
    return rewritten.getvalue()


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _transitional_name(found: Any) -> bytes:
    return b"http://schemas.openxmlformats.org/" + found[1] + b"/2006/"


def require_workbook(where: str, data: bytes) -> None:
    """Refuse a workbook with a password, which is no zip archive but keeps one inside."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PipelineError(
            problem="The workbook is protected with a password, or it is an older .xls under another ending.",
            remedy="Open it in Excel and save it as Excel Workbook (.xlsx) without a password.",
            where=where,
        )
