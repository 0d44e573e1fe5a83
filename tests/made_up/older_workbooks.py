"""Older Excel workbooks (.xls) of one sheet, record by record, for no library that is still kept writes them.

Belongs here: the least that Excel's format asks for (MS-XLS in MS-CFB). Not here: what is in the sheet (the tests).
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

_SECTOR, _SMALLEST = 512, 4096  # a smaller stream would be kept elsewhere
_FREE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_DAY_0 = date(1899, 12, 30)


def workbook(rows: Iterable[Sequence[object]], is_from_1904: bool = False, is_hidden: bool = False) -> bytes:
    """A workbook whose sheet, shown or not, has these rows; an empty cell is None, dates have the second style."""
    day_0 = date(1904, 1, 1) if is_from_1904 else _DAY_0
    book = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    book += _record(0x42, struct.pack("<H", 1200)) + _record(0x22, struct.pack("<H", int(is_from_1904)))
    book += _record(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 1, 0) + b"A") + _style(0)
    book += _style(14)
    name = struct.pack("<BB", 1, 0) + b"E"
    start = len(book) + len(_record(0x85, bytes(6) + name)) + len(_record(0x0A))
    book += _record(0x85, struct.pack("<IBB", start, int(is_hidden), 0) + name) + _record(0x0A)
    cells = b"".join(
        _cell(row, column, value, day_0)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    size = _record(0x200, bytes(14))  # not said, but LibreOffice would pass over the first cell
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + size + cells + _record(0x0A)
    return _compound_file((book + sheet).ljust(_SMALLEST, b"\0"))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _style(number_format: int) -> bytes:
    return _record(0xE0, struct.pack("<HHH", 0, number_format, 1) + bytes(14))


def _cell(row: int, column: int, value: object, day_0: date) -> bytes:
    place = struct.pack("<HHH", row, column, int(isinstance(value, date)))
    if isinstance(value, datetime):
        value = (value - datetime.combine(day_0, time())) / timedelta(days=1)
    elif isinstance(value, date):
        value = (value - day_0).days
    if isinstance(value, int | float):
        return _record(0x203, place + struct.pack("<d", value))
    text = str(value)
    return _record(0x204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _compound_file(stream: bytes) -> bytes:
    """The stream as the one of a compound file: header, table of sectors, folder, stream."""
    n_stream = -(-len(stream) // _SECTOR)
    n_table = 1
    while n_table * _SECTOR // 4 < n_table + 1 + n_stream:
        n_table += 1
    first = n_table + 1
    chain = [_TABLE] * n_table + [_LAST] + [*range(first + 1, first + n_stream), _LAST]
    chain += [_FREE] * (n_table * _SECTOR // 4 - len(chain))
    named = [*range(n_table), *[_FREE] * (109 - n_table)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, n_table, n_table, 0, _SMALLEST, _LAST, 0, _LAST, 0)
    folder = _entry("Root Entry", 5, 1, _LAST, 0) + _entry("Workbook", 2, _FREE, first, len(stream))
    folder += 2 * _entry("", 0, _FREE, 0, 0)
    table = struct.pack(f"<{len(chain)}I", *chain)
    return head + struct.pack("<109I", *named) + table + folder + stream.ljust(n_stream * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, first: int, n_bytes: int) -> bytes:
    encoded = name.encode("utf-16-le")
    about = struct.pack("<HBBIII", len(encoded) + 2 if name else 0, kind, 1, _FREE, _FREE, child)
    return encoded.ljust(64, b"\0") + about + bytes(36) + struct.pack("<IQ", first, n_bytes)
