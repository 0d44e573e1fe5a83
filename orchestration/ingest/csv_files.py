"""CSV files: UTF-8 or Windows-1252, comma separated, physical line numbers.

Belongs here: decoding and splitting. Not here: what the columns mean.
"""

import csv
import io
import re

from orchestration.errors import PipelineError
from orchestration.ingest.tables import FileTable

_UTF8_CHARACTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_SAVE_AS_CSV = "Save the file again as CSV UTF-8, comma separated, and put it in place of this one."


def read_csv(where: str, data: bytes) -> list[FileTable]:
    """The one table of a CSV file. Blank lines are passed over; every other line keeps its number."""
    reader = csv.reader(io.StringIO(decode(where, data), newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise PipelineError(
            problem="A quotation mark on this line is not closed properly: the rest cannot be read.",
            remedy="Correct the quotation marks of that line, or have the extract exported again.",
            where=f"{where}, line {line}",
        ) from None
    header = tuple(rows[0]) if rows else ()
    _require_commas(where, header)
    return [FileTable(where, header, lines[0] if lines else None, rows[1:], lines[1:])]


def decode(where: str, data: bytes) -> str:
    """The text of a file in UTF-8 (with or without a byte-order mark) or Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        raise PipelineError(
            problem="The file is not UTF-8 text: it is UTF-16 or holds NUL bytes (it may be damaged).",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line {_line_of(data, max(data.find(0), 0))}",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_of(data, error.start)
    if _UTF8_CHARACTER.search(data):
        raise PipelineError(
            problem="The file mixes two encodings: most of it is UTF-8, this line is not.",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line {line}",
        )
    try:
        return data.decode("cp1252")
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
