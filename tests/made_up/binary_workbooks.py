"""Binary Excel workbooks (.xlsb) of one sheet, record by record, for there is no library that writes them.

Belongs here: the least that Excel's format asks for (MS-XLSB). Not here: what is in the sheet (the tests).
"""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import quoteattr

_TYPES, _RELATIONS = (
    f"http://schemas.openxmlformats.org/package/2006/{name}" for name in ("content-types", "relationships")
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MEDIA = "application/vnd.ms-excel"
_DAY_0 = date(1899, 12, 30)
EMPTY_FORMULA = object()  # a cell whose formula has no value


def record(kind: int, body: bytes = b"") -> bytes:
    """A record: its kind and size in parts of seven bits, and its content."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    while size >= 0x80:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + body


def text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def row(number: int, cells: Iterable[bytes] = (), is_hidden: bool = False) -> bytes:
    """A row, counted from 1, with the records of its cells."""
    body = struct.pack("<IIHBBBI", number - 1, 0, 300, 0, 0x10 if is_hidden else 0, 0, 0)
    return record(0, body) + b"".join(cells)


def cell(column: int, value: object) -> bytes:
    """The record of a cell, its column counted from 1; dates have the second style."""
    place = struct.pack("<II", column - 1, int(isinstance(value, date)))
    if value is EMPTY_FORMULA:
        return record(8, place + text("") + struct.pack("<HII", 0, 0, 0))
    if isinstance(value, datetime):
        value = (value - datetime.combine(_DAY_0, time())) / timedelta(days=1)
    elif isinstance(value, date):
        value = (value - _DAY_0).days
    if isinstance(value, int | float):
        return record(5, place + struct.pack("<d", value))
    return record(6, place + text(str(value)))


def rows_of(rows: Iterable[Iterable[object]], hidden: Iterable[int] = ()) -> bytes:
    """The records of a sheet's rows, of which some are hidden; an empty cell is None."""
    return b"".join(
        row(number, [cell(i, value) for i, value in enumerate(values, start=1) if value is not None], number in hidden)
        for number, values in enumerate(rows, start=1)
    )


def hidden_column(column: int) -> bytes:
    return record(390) + record(60, struct.pack("<IIIIH", column - 1, column - 1, 0, 0, 1)) + record(391)


def merged(top: int, left: int, bottom: int, right: int) -> bytes:
    corners = struct.pack("<IIII", top - 1, bottom - 1, left - 1, right - 1)
    return record(177, struct.pack("<I", 1)) + record(176, corners) + record(178)


def workbook(
    rows: bytes, before: bytes = b"", after: bytes = b"", is_from_1904: bool = False, is_hidden: bool = False
) -> bytes:
    """A workbook whose sheet, shown or not, has these records of rows, and others before and after them."""
    about = record(153, struct.pack("<II", int(is_from_1904), 0) + text(""))
    parts = {
        "xl/workbook.bin": record(131) + about + record(143)
        + record(156, struct.pack("<II", int(is_hidden), 1) + text("rId1") + text("E")) + record(144) + record(132),
        "xl/worksheets/sheet1.bin": record(129) + record(148, struct.pack("<IIII", 0, 0, 0, 0)) + before
        + record(145) + rows + record(146) + after + record(130),
        "xl/styles.bin": record(278) + record(617, struct.pack("<I", 2)) + _style(0) + _style(14) + record(618)
        + record(279),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.bin")}),
        "xl/_rels/workbook.bin.rels": _relations(
            {"rId1": ("worksheet", "worksheets/sheet1.bin"), "rId2": ("styles", "styles.bin")}
        ),
        "[Content_Types].xml": _content_types(),
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def _style(number_format: int) -> bytes:
    return record(47, struct.pack("<HHHHHHHH", 0, number_format, 0, 0, 0, 0, 0, 0))


def _relations(parts: Mapping[str, tuple[str, str]]) -> bytes:
    each = "".join(
        f"<Relationship Id={quoteattr(key)} Type={quoteattr(f'{_OFFICE}/{kind}')} Target={quoteattr(target)}/>"
        for key, (kind, target) in parts.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{each}</Relationships>'.encode()


def _content_types() -> bytes:
    kinds = {
        "/xl/workbook.bin": "sheet.binary.macroEnabled.main",
        "/xl/worksheets/sheet1.bin": "worksheet",
        "/xl/styles.bin": "styles",
    }
    each = "".join(f'<Override PartName="{part}" ContentType="{_MEDIA}.{kind}"/>' for part, kind in kinds.items())
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{_TYPES}">{default}{each}</Types>'.encode()
