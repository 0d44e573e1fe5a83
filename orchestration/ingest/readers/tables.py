"""What every reader gives: a file's header and its cells with what they were, by physical line.

Belongs here: the shape shared by the readers, and how a typed cell becomes text. Not here: any one format, and what
becomes of a cell that was a formula, an error or a time of day (`columns`).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import IntEnum
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.settings import IntakeLimits

Texts = TypeVar("Texts", pa.Array, pa.ChunkedArray)

EXCEL_DAY_0 = date(1899, 12, 30)  # serial numbers count from it, save in workbooks that count from 1904
EXCEL_DAY_0_OF_1904 = date(1904, 1, 1)
_BATCH = 50_000  # rows that stand as lists of Python cells at one time: columns of Arrow texts take a tenth of it
_ROWS_AT_THE_TOP = 20


class Kind(IntEnum):
    """What a cell was, beside its text."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    MOMENT = 3  # a date with a time of day that is not midnight
    FORMULA = 4  # whose value was never calculated
    ERROR = 5
    MERGED = 6  # covered by the cell it is merged with
    NO_DATE = 7  # a number that the format calls a date and no calendar has


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than a text: `text` (None where it has none) and what it was."""

    text: str | None
    kind: Kind


Given = str | Cell | None


@dataclass(frozen=True)
class Cells:
    """One column: the text of each cell (null where missing or empty) and its `Kind` (uint8)."""

    texts: pa.ChunkedArray
    kinds: np.ndarray

    @classmethod
    def of_one_kind(cls, texts: pa.ChunkedArray, kind: Kind = Kind.TEXT) -> "Cells":
        """Cells that were all the same, in no memory of their own."""
        return cls(texts, np.broadcast_to(np.uint8(kind), len(texts)))


@dataclass(frozen=True)
class FileTable:
    """One table as received, column by column.

    `where` names the delivery (and sheet) for messages. The header has line `header_line`, or None in formats that
    keep names apart from rows. `columns`: the cells of each column of the header. `lines`: the line of each row.
    `ragged`: positions of the rows that are shorter or longer than the header, with what fits of them in the columns;
    the caller rejects them. `top`: the first rows whole. `is_hidden`: nobody who opens the workbook sees the sheet.
    `hidden_lines`, `hidden_columns` (positions): hidden by hand or by a filter. `day_0`: from which serial numbers
    count. `is_open`: the last line has no end. `titles`: what the format says of each column beside its name (SPSS's
    variable labels), for people to read; empty where it says nothing.
    """

    where: str
    header: tuple[str, ...]
    header_line: int | None
    columns: tuple[Cells, ...]
    lines: np.ndarray
    ragged: np.ndarray
    top: tuple[tuple[str | None, ...], ...] = ()
    is_hidden: bool = False
    hidden_lines: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    day_0: date = EXCEL_DAY_0
    is_open: bool = False
    titles: tuple[str, ...] = ()


def table_of_rows(
    where: str,
    header: tuple[str, ...],
    header_line: int | None,
    rows: Iterable[tuple[int, Sequence[Given]]],
    limits: IntakeLimits,
) -> FileTable:
    """A table from its rows in order, each with its line; they may come one by one from a file of any size.

    Raises PipelineError where the texts, of which a file may hold one for a million cells, are more than may be read.
    """
    width = len(header)
    n_bytes = 0
    batches: list[list[Cells]] = []
    lines: list[np.ndarray] = []
    ragged: list[np.ndarray] = []
    top: list[tuple[str | None, ...]] = []
    for start, numbered in _batched(rows):
        lines.append(np.fromiter((line for line, _ in numbered), dtype="int64", count=len(numbered)))
        n_cells = np.fromiter((len(row) for _, row in numbered), dtype="int64", count=len(numbered))
        ragged.append(start + np.flatnonzero(n_cells != width))
        columns = []
        for column in _columns([row for _, row in numbered], width, is_even=not len(ragged[-1])):
            n_bytes += column.texts.nbytes
            limits.require_expanded(where, n_bytes)
            columns.append(column)
        batches.append(columns)
        top += [tuple(_text(cell) for cell in row) for _, row in numbered[: _ROWS_AT_THE_TOP - len(top)]]
    return FileTable(
        where=where,
        header=header,
        header_line=header_line,
        columns=tuple(_joined([batch[i] for batch in batches]) for i in range(width)),
        lines=np.concatenate(lines) if lines else np.empty(0, dtype="int64"),
        ragged=np.concatenate(ragged) if ragged else np.empty(0, dtype="int64"),
        top=tuple(top),
    )


def table_of_columns(where: str, header: tuple[str, ...], columns: Sequence[Cells]) -> FileTable:
    """A table of a format that keeps columns, as many cells in each; its rows are numbered from 1."""
    n_rows = len(columns[0].texts) if columns else 0
    top = tuple(zip(*(column.texts[:_ROWS_AT_THE_TOP].to_pylist() for column in columns), strict=True))
    return FileTable(
        where=where,
        header=header,
        header_line=None,
        columns=tuple(columns),
        lines=np.arange(1, n_rows + 1, dtype="int64"),
        ragged=np.empty(0, dtype="int64"),
        top=top,
    )


def _batched(
    rows: Iterable[tuple[int, Sequence[Given]]],
) -> Iterator[tuple[int, list[tuple[int, Sequence[Given]]]]]:
    """Rows in batches, each with the position of its first row."""
    remaining, start = iter(rows), 0
    while batch := list(islice(remaining, _BATCH)):
        yield start, batch
        start += len(batch)


def _columns(rows: Sequence[Sequence[Given]], width: int, is_even: bool) -> Iterator[Cells]:
    if not is_even:
        rows = [[*row[:width], *[None] * (width - len(row))] for row in rows]
    return (cells_of(cells) for cells in zip(*rows, strict=True))


def cells_of(cells: Sequence[Given]) -> Cells:
    """A column of cells, each a text or a typed one."""
    kinds = [cell.kind if isinstance(cell, Cell) else Kind.TEXT for cell in cells]
    texts = pa.chunked_array([without_empty(pa.array([_text(cell) for cell in cells], pa.string()))])
    if any(kinds):
        return Cells(texts, np.array(kinds, dtype="uint8"))
    return Cells.of_one_kind(texts)


def _joined(parts: Sequence[Cells]) -> Cells:
    texts = pa.chunked_array([chunk for part in parts for chunk in part.texts.chunks], pa.string())
    if all(part.kinds.strides == (0,) for part in parts):
        return Cells.of_one_kind(texts)
    return Cells(texts, np.concatenate([part.kinds for part in parts]))


def _text(cell: Given) -> str | None:
    return cell.text if isinstance(cell, Cell) else cell


def without_empty(texts: Texts) -> Texts:
    """The same texts with null for every empty one."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


def typed_cell(value: Any) -> Given:
    """A typed value as text and kind.

    Whole numbers are without decimals (123.0 is `123`), dates YYYY-MM-DD, moments YYYY-MM-DD and the time behind.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        text = _number_text(value)
        return None if text is None else Cell(text, Kind.NUMBER)
    if isinstance(value, datetime):
        return moment_cell(value) if value == value else None  # NaT differs from itself
    if isinstance(value, date):
        return Cell(value.isoformat(), Kind.DATE)
    return str(value)


def moment_cell(moment: datetime) -> Cell:
    """A date where the time is midnight where it was written, else a moment."""
    if moment.time() == time():
        return Cell(moment.date().isoformat(), Kind.DATE)
    return Cell(moment.isoformat(sep=" "), Kind.MOMENT)


def _number_text(value: int | float | Decimal) -> str | None:
    if isinstance(value, Decimal):
        return None if value.is_nan() else format(value.normalize(), "f")
    if math.isnan(value):
        return None
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
