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
from orchestration.ingest.readers.sheet_xml import Styles, read_sheet, styles_of
from orchestration.ingest.readers.sheets import table_of_sheet
from orchestration.ingest.readers.tables import FileTable
from orchestration.settings import IntakeLimits

_STRICT = b"http://purl.oclc.org/ooxml/"
_UNCALCULATED = b'fullCalcOnLoad="1"'  # as XlsxWriter and openpyxl write it, and Excel takes it out
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
        is_uncalculated = _UNCALCULATED in reader.archive.read("xl/workbook.xml")
        styles = styles_of(reader.shared_strings, reader.wb, is_uncalculated)
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
        sheet = read_sheet(where, source, styles, limits)
    return replace(table_of_sheet(where, sheet, limits), is_hidden=state != "visible", day_0=styles.day_0)


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
