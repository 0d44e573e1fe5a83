"""Which files are read, and with what: by their ending, checked against their first bytes.

Belongs here: choosing a reader, bounds on size, and one message for whatever a reader throws. Not here: any one format.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from orchestration.errors import PipelineError
from orchestration.ingest.readers.bounded import apart, in_time
from orchestration.ingest.readers.csv_files import read_csv
from orchestration.ingest.readers.excel_files import read_excel, require_workbook
from orchestration.ingest.readers.opendocument import read_opendocument
from orchestration.ingest.readers.other_spreadsheets import read_spreadsheet
from orchestration.ingest.readers.parquet_files import read_parquet
from orchestration.ingest.readers.spss_files import read_spss
from orchestration.ingest.readers.tables import FileTable
from orchestration.settings import IntakeLimits

Reader = Callable[[str, bytes, IntakeLimits], list[FileTable]]
_PIECE = 1 << 20
_MANY_PARTS = 10_000  # files inside a workbook: its sheets and pictures


@dataclass(frozen=True)
class Format:
    """A format: its ending, its name for people, its reader, and the bytes that its files begin with.

    `is_apart`: read by a library in another language, which nothing in Python can interrupt.
    """

    ending: str
    name: str
    read: Reader
    begins: tuple[bytes, ...] = ()
    is_apart: bool = False


_WEB_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
_ZIP, _OLD_OFFICE, _SPSS = (b"PK\x03\x04",), (b"\xd0\xcf\x11\xe0",), (b"$FL2", b"$FL3")


def _read_packed_csv(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    return read_csv(where, _unpacked(where, data, limits), limits)


FORMATS = (
    Format(".csv.gz", "packed CSV", _read_packed_csv, (b"\x1f\x8b",)),
    Format(".csv", "CSV", read_csv),
    Format(".parquet", "Parquet", read_parquet, (b"PAR1",)),
    Format(".xlsx", "an Excel workbook", read_excel, _ZIP),
    Format(".xlsb", "a binary Excel workbook", read_spreadsheet, _ZIP, is_apart=True),
    Format(".xls", "an older Excel workbook", read_spreadsheet, _OLD_OFFICE, is_apart=True),
    Format(".ods", "an OpenDocument spreadsheet", read_opendocument, _ZIP),
    Format(".sav", "SPSS", read_spss, _SPSS, is_apart=True),
    Format(".zsav", "packed SPSS", read_spss, _SPSS, is_apart=True),
)
ENDINGS = tuple(form.ending for form in FORMATS)


def format_of(name: str) -> Format | None:
    """The format of a file by its name's ending; None where it is not read."""
    return next((form for form in FORMATS if name.lower().endswith(form.ending)), None)


def read_tables(where: str, form: Format, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """The tables of a file. Raises PipelineError naming `where` and the likely cause, whatever the reader throws."""
    limits.require_bytes(where, len(data))
    _require_content(where, form, data)
    try:
        _require_within(where, form, data, limits)
        bounded = apart if form.is_apart else in_time
        tables = bounded(where, form.read, data, limits)
    except PipelineError:
        raise
    except MemoryError:
        raise PipelineError(
            problem="The file does not fit into the memory of this machine, or it is damaged and says so of itself.",
            remedy="Deliver it as Parquet or in parts, or copy it again in full.",
            where=where,
        ) from None
    except Exception:  # a damaged file fails in as many ways as it has parts; the texts may quote cells
        raise PipelineError(
            problem=f"The file cannot be read as {form.name}: it is cut short, damaged or another format.",
            remedy="Copy it again in full, or open it in the program it comes from and save it again.",
            where=where,
        ) from None
    for table in tables:
        limits.require_rows(table.where, len(table.lines))
        limits.require_columns(table.where, len(table.header))
    return tables


def _require_content(where: str, form: Format, data: bytes) -> None:
    """That the file begins as its format does; where it begins as another does, that is what is said."""
    if form.begins and data.startswith(form.begins):
        return
    if form.ending == ".xlsx":
        require_workbook(where, data)
    if form.begins and data[:200].lstrip(b"\xef\xbb\xbf\r\n\t ").lower().startswith(_WEB_PAGES):
        raise PipelineError(
            problem=f"The file's ending says {form.name}, but it holds a web page or other text (HTML, XML).",
            remedy="Open it in the program it comes from and save it as what its ending says, or as CSV UTF-8.",
            where=where,
        )
    others = [other for other in FORMATS if other.begins and data.startswith(other.begins)]
    if others:
        raise PipelineError(
            problem=f"The file's ending says {form.name}, but it holds {others[0].name} or the like.",
            remedy="Give it the ending of what it is, or save it again as what its ending says.",
            where=where,
        )


def _require_within(where: str, form: Format, data: bytes, limits: IntakeLimits) -> None:
    """By what a zip archive says of itself, before anything is unpacked; zipfile unpacks no more than that."""
    if form.begins != _ZIP:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    limits.require_expanded(where, sum(part.file_size for part in parts))
    if len(parts) > _MANY_PARTS:
        raise PipelineError("The workbook has more parts than any workbook.", "Take the file away.", where)


def _unpacked(where: str, data: bytes, limits: IntakeLimits) -> bytes:
    pieces, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while piece := packed.read(_PIECE):
                size += len(piece)
                limits.require_expanded(where, size)
                pieces.append(piece)
    except (OSError, EOFError, zlib.error):
        raise PipelineError(
            problem="The packed file is cut short or damaged.", remedy="Copy it again in full.", where=where
        ) from None
    return b"".join(pieces)
