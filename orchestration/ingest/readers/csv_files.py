"""CSV files: UTF-8 or Windows-1252, comma separated, physical line numbers.

Belongs here: decoding and splitting. Not here: what the columns mean.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import FileTable, table_of_rows

_UTF8_CHARACTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_SAVE_AS_CSV = "Save the file again as CSV UTF-8, comma separated, and put it in place of this one."


def read_csv(where: str, data: bytes) -> list[FileTable]:
    """The one table of a CSV file. Blank lines are passed over; every other line keeps its number."""
    # the whole text at once would take four times the file's own bytes
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding_of(where, data), newline="")
    rows = _numbered_rows(where, csv.reader(text, strict=True))
    header_line, header = next(rows, (None, []))
    table = table_of_rows(where, tuple(header), header_line, rows)
    _require_commas(where, table.header)
    return [table]


def _numbered_rows(where: str, reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        for row in reader:
            if any(row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise PipelineError(
            problem="A quotation mark on this line is not closed properly: the rest cannot be read.",
            remedy="Correct the quotation marks of that line, or have the extract exported again.",
            where=f"{where}, line {line}",
        ) from None


def encoding_of(where: str, data: bytes) -> str:
    """The encoding that the whole file is in: UTF-8 (with or without a byte-order mark) or Windows-1252.

    Raises PipelineError, naming the first line at fault, where it is in neither.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        raise PipelineError(
            problem="The file is not UTF-8 text: it is UTF-16 or holds NUL bytes (it may be damaged).",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line {_line_of(data, max(data.find(0), 0))}",
        )
    try:
        data.decode("utf-8-sig")
        return "utf-8-sig"
    except UnicodeDecodeError as error:
        line = _line_of(data, error.start)
    if _UTF8_CHARACTER.search(data):
        raise PipelineError(
            problem="The file mixes two encodings: most of it is UTF-8, this line is not.",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line {line}",
        )
    try:
        data.decode("cp1252")
        return "cp1252"
    except UnicodeDecodeError as error:
        raise PipelineError(
            problem="The encoding is neither UTF-8 nor Windows-1252.",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line {_line_of(data, error.start)}",
        ) from None


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _require_commas(where: str, header: tuple[str, ...]) -> None:
    if len(header) == 1 and any(separator in header[0] for separator in ";\t|"):
        raise PipelineError(
            problem="The columns are not separated by commas.",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line 1",
        )
