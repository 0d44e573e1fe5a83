"""CSV files: UTF-8 or Windows-1252, comma separated, physical line numbers.

Belongs here: decoding and splitting. Not here: what the columns mean.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import FileTable, table_of_rows
from orchestration.settings import IntakeLimits

_UTF8_CHARACTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
# Letters of DOS and old Macintosh code pages; in Windows-1252 these bytes are no letters, or capitals, inside a word.
_DOS_LETTER = re.compile(
    rb"[A-Za-z](?:[\x82-\x84\x87-\x89\x8b][a-z,' \"-]|[\x85\x93\x94\xa1-\xa5][a-z])|[a-z][\x8a\x8e][a-z,' \"-]"
)
_OTHER_SEPARATOR = re.compile(r"[;\t|]|([^\w\s.()'-])[^\1]*\1")  # twice the same sign, in a header of one cell
_SAVE_AS_CSV = "Save the file again as CSV UTF-8, comma separated, and put it in place of this one."
_USUAL = IntakeLimits()
_UNCLOSED = "unexpected end of data"  # Python's csv says no more than this
_TOO_LONG = "field larger than field limit"


def read_csv(where: str, data: bytes, limits: IntakeLimits = _USUAL) -> list[FileTable]:
    """The one table of a CSV file. Blank lines are passed over; every other line keeps its number."""
    data = data.rstrip(b"\x1a")  # how DOS ends a file
    # the whole text at once would take four times the file's own bytes
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding_of(where, data), newline="")
    rows = _numbered_rows(where, csv.reader(text, strict=True), limits)
    header_line, header = next(rows, (None, []))
    limits.require_columns(where, len(header))
    table = table_of_rows(where, tuple(header), header_line, _whole_rows(where, rows, len(header)), limits)
    _require_commas(where, table.header)
    return [replace(table, is_open=not data.endswith((b"\n", b"\r")))]


def _numbered_rows(where: str, reader: Any, limits: IntakeLimits) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        for row in reader:
            if any(row):
                yield line, row
            line = reader.line_num + 1
            if line > limits.max_rows:
                limits.require_rows(where, line)
    except csv.Error as error:
        raise _unreadable_line(f"{where}, line {line}", str(error)) from None


def _whole_rows(where: str, rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """The same rows. Raises PipelineError where a quotation mark has swallowed further rows into one cell."""
    for line, row in rows:
        for cell in row:
            if "\n" in cell and cell.count(",") >= max(width - 2, 1):
                raise PipelineError(
                    problem="A quotation mark on this line is closed only on a later one: the rows between are "
                    "swallowed by one cell.",
                    remedy="Correct the quotation marks of that line, or have the extract exported again.",
                    where=f"{where}, line {line}",
                )
        yield line, row


def _unreadable_line(where: str, error: str) -> PipelineError:
    if error.startswith(_UNCLOSED):
        problem = "A quotation mark on this line is not closed before the end: the file is cut short, or the mark is."
        remedy = "Copy the extract again in full, or correct the quotation marks of that line."
    elif error.startswith(_TOO_LONG):
        problem = f"A cell on this line is longer than the {csv.field_size_limit():,} characters that are read."
        remedy = "Look at the line: a quotation mark may be missing; shorten the text or take its column out."
    else:
        problem = "A quotation mark on this line is not closed properly: the rest cannot be read."
        remedy = "Correct the quotation marks of that line, or have the extract exported again."
    return PipelineError(problem, remedy, where)


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
        position = error.start
        if error.reason == "unexpected end of data":
            raise _wrong_encoding(
                where, data, position, "The file ends in the middle of a character: it is cut short."
            ) from None
    if _UTF8_CHARACTER.search(data):
        raise _wrong_encoding(
            where, data, position, "The file mixes two encodings: most of it is UTF-8, this line is not."
        )
    if found := _DOS_LETTER.search(data):
        problem = "The file is in a code page of DOS or an old Macintosh, not in UTF-8 or Windows-1252."
        raise _wrong_encoding(where, data, found.start(), problem)
    try:
        data.decode("cp1252")
        return "cp1252"
    except UnicodeDecodeError as error:
        problem = "The encoding is neither UTF-8 nor Windows-1252."
        raise _wrong_encoding(where, data, error.start, problem) from None


def _wrong_encoding(where: str, data: bytes, position: int, problem: str) -> PipelineError:
    return PipelineError(problem, _SAVE_AS_CSV, f"{where}, line {_line_of(data, position)}")


def _line_of(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1


def _require_commas(where: str, header: tuple[str, ...]) -> None:
    if len(header) == 1 and _OTHER_SEPARATOR.search(header[0]):
        raise PipelineError(
            problem="The columns are not separated by commas.",
            remedy=_SAVE_AS_CSV,
            where=f"{where}, line 1",
        )
