"""What an .xls workbook keeps beside its values: rows and columns that are hidden, formulas that were never calculated,
the day its numbers count from.

Belongs here: the records of the binary format that say so; python-calamine gives values alone. Not here: values
(`other_spreadsheets`).
"""

import struct
from collections.abc import Iterator
from dataclasses import replace

from orchestration.ingest.readers.sheets import Kept
from orchestration.ingest.readers.tables import EXCEL_DAY_0, EXCEL_DAY_0_OF_1904

_END_OF_CHAIN = 0xFFFFFFFE
_FIRST_SECTORS = 109  # of the table of sectors, named in the header
_SHEET, _ROW, _FORMULA, _COLUMNS, _END, _DATES_FROM_1904 = 0x85, 0x208, 0x06, 0x7D, 0x0A, 0x22
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_BLANK = b"\x03\x00\x00\x00\x00\x00\xff\xff"  # the value that a library gives to every formula


def kept_beside_values(data: bytes) -> list[Kept]:
    """What each sheet keeps, in the order of the sheets; nothing of a workbook so small that it is kept elsewhere."""
    book = _workbook_stream(data)
    records = list(_records(book, 0))
    starts = [struct.unpack_from("<I", body)[0] for kind, body in records if kind == _SHEET]
    is_from_1904 = any(kind == _DATES_FROM_1904 and body[:1] == b"\x01" for kind, body in records)
    day_0 = EXCEL_DAY_0_OF_1904 if is_from_1904 else EXCEL_DAY_0
    return [replace(_sheet(book, start), day_0=day_0) for start in starts]


def _sheet(book: bytes, start: int) -> Kept:
    kept = Kept()
    n_calculated = 0
    for kind, body in _records(book, start):
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _HIDDEN_ROW:
            kept.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMNS and struct.unpack_from("<H", body, 8)[0] & _HIDDEN_COLUMN:
            first, last = struct.unpack_from("<HH", body)
            kept.hidden_columns.update(range(first + 1, last + 2))
        elif kind == _FORMULA:
            row, column = struct.unpack_from("<HH", body)
            if body[6:14] == _BLANK:
                kept.formulas.add((row + 1, column + 1))
            else:
                n_calculated += 1
    if n_calculated:  # by Excel, where a formula may well come to nothing
        kept.formulas.clear()
    return kept


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one sheet, or of the workbook itself, from a position to their end."""
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == _END:
            return
        yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def _workbook_stream(data: bytes) -> bytes:
    """The workbook inside the compound file; empty where it is kept among the small streams. Raises ValueError where it
    is cut short."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    named = struct.unpack_from(f"<{_FIRST_SECTORS}I", data, 76)
    table_sectors = [sector for sector in named if sector < _END_OF_CHAIN]
    following, n_following = struct.unpack_from("<II", data, 68)
    for _ in range(n_following):
        more = struct.unpack_from(f"<{size // 4}I", data, size * (following + 1))
        table_sectors += [sector for sector in more[:-1] if sector < _END_OF_CHAIN]
        following = more[-1]
    table = b"".join(_sector(data, size, sector) for sector in table_sectors)
    next_of = struct.unpack(f"<{len(table) // 4}I", table)
    entries = _chain(data, size, struct.unpack_from("<I", data, 48)[0], next_of)
    smallest = struct.unpack_from("<I", data, 56)[0]
    for start in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, start + 64)[0]
        name = entries[start : start + max(length - 2, 0)].decode("utf-16-le", "replace")
        first, n_bytes = struct.unpack_from("<II", entries, start + 116)
        if name in ("Workbook", "Book") and n_bytes >= smallest:
            stream = _chain(data, size, first, next_of)[:n_bytes]
            if len(stream) < n_bytes:
                raise ValueError("the workbook is shorter than the file says")
            return stream
    return b""


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[size * (number + 1) : size * (number + 2)]


def _chain(data: bytes, size: int, first: int, next_of: tuple[int, ...]) -> bytes:
    parts: list[bytes] = []
    while first < len(next_of) and len(parts) <= len(next_of):
        parts.append(_sector(data, size, first))
        first = next_of[first]
    return b"".join(parts)
