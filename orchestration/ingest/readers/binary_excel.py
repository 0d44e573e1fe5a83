"""What an .xlsb workbook keeps beside its values, and how large its sheets are, known before anything unfolds them.

Belongs here: the records of the binary format that say so; python-calamine gives values alone, and makes room for every
cell between a sheet's first and last. Not here: values (`other_spreadsheets`).
"""

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO
from xml.etree import ElementTree

from orchestration.ingest.readers.sheets import Kept
from orchestration.ingest.readers.tables import EXCEL_DAY_0, EXCEL_DAY_0_OF_1904
from orchestration.settings import IntakeLimits

_ROW, _CELLS, _FORMULAS, _TEXT_FORMULA = 0, range(1, 12), range(8, 12), 8
_COLUMNS, _BOOK, _SHEET, _MERGED = 60, 153, 156, 176
_FROM_1904 = 0x01
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01
_BYTES_A_CELL = 32  # of python-calamine


def kept_beside_values(where: str, data: bytes, limits: IntakeLimits) -> list[Kept]:
    """What each sheet keeps, in the order of the sheets. Raises PipelineError where one is larger than it may be."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = list(_records(archive.open("xl/workbook.bin")))
        is_from_1904 = any(kind == _BOOK and body[0] & _FROM_1904 for kind, body in book)
        day_0 = EXCEL_DAY_0_OF_1904 if is_from_1904 else EXCEL_DAY_0
        parts = _parts(archive, [body for kind, body in book if kind == _SHEET])
        kept = [
            _sheet(f"{where}, sheet {number}", archive.open(part), limits) if "worksheets/" in part else Kept()
            for number, part in enumerate(parts, start=1)
        ]
    return [replace(sheet, day_0=day_0) for sheet in kept]


def _parts(archive: zipfile.ZipFile, sheets: list[bytes]) -> list[str]:
    """Where each sheet stands in the archive."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    targets = {relation.get("Id", ""): relation.get("Target", "").removeprefix("/xl/") for relation in relations}
    return [f"xl/{targets[_text(body, 8)]}" for body in sheets]


@dataclass
class _Extent:
    """How far a sheet reaches, in rows and columns."""

    rows: int = 0
    columns: int = 0

    def require_within(self, where: str, limits: IntakeLimits) -> None:
        limits.require_rows(where, self.rows)
        limits.require_columns(where, self.columns)
        limits.require_expanded(where, self.rows * self.columns * _BYTES_A_CELL)


def _sheet(where: str, source: IO[bytes], limits: IntakeLimits) -> Kept:
    kept, extent, empty = Kept(), _Extent(), set()
    n_calculated = 0
    for kind, body in _records(source):
        if kind == _ROW:
            extent.rows = max(extent.rows, struct.unpack_from("<I", body)[0] + 1)
            limits.require_rows(where, extent.rows)
            if body[11] & _HIDDEN_ROW:
                kept.hidden_rows.append(extent.rows)
        elif kind in _CELLS:
            column = struct.unpack_from("<I", body)[0] + 1
            extent.columns = max(extent.columns, column)
            if kind == _TEXT_FORMULA and not struct.unpack_from("<I", body, 8)[0]:
                empty.add((extent.rows, column))
            elif kind in _FORMULAS:
                n_calculated += 1
        elif kind == _COLUMNS and struct.unpack_from("<H", body, 16)[0] & _HIDDEN_COLUMN:
            first, last = struct.unpack_from("<II", body)
            kept.hidden_columns.update(range(first + 1, min(last + 1, limits.max_columns) + 1))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            kept.merged.append((top + 1, left + 1, bottom + 1, right + 1))
    extent.require_within(where, limits)
    if not n_calculated:  # else by Excel, where a formula may well come to nothing
        kept.formulas.update(empty)
    return kept


def _records(source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each record's kind and content; both numbers before it are written in parts of seven bits."""
    with source:
        while first := source.read(1):
            kind = first[0] if first[0] < 0x80 else (first[0] & 0x7F) | (source.read(1)[0] << 7)
            size = shift = 0
            for _ in range(4):
                part = source.read(1)[0]
                size |= (part & 0x7F) << shift
                shift += 7
                if part < 0x80:
                    break
            yield kind, source.read(size)


def _text(body: bytes, at: int) -> str:
    """A text with its length before it."""
    length = struct.unpack_from("<I", body, at)[0]
    return body[at + 4 : at + 4 + 2 * length].decode("utf-16-le")
