"""What every reader gives: a file's header and its cells as text, by physical line.

Belongs here: the shape shared by the readers, and how a typed cell becomes text. Not here: any one format.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Cell = str | None
Texts = TypeVar("Texts", pa.Array, pa.ChunkedArray)

_BATCH = 50_000  # rows that stand as lists of Python texts at one time: columns of Arrow texts take a tenth of it
_ROWS_AT_THE_TOP = 20


@dataclass(frozen=True)
class FileTable:
    """One table as received, column by column.

    `where` names the file (and sheet) for messages. The header has line `header_line`, or None in formats
    that keep names apart from rows. `columns`: the cells of each column of the header, missing and empty ones null.
    `lines`: the line of each row. `ragged`: positions of the rows that are shorter or longer than the header, with
    what fits of them in the columns; the caller rejects them. `top`: the first rows whole.
    """

    where: str
    header: tuple[str, ...]
    header_line: int | None
    columns: tuple[pa.ChunkedArray, ...]
    lines: np.ndarray
    ragged: np.ndarray
    top: tuple[tuple[Cell, ...], ...] = ()


def table_of_rows(
    where: str, header: tuple[str, ...], header_line: int | None, rows: Iterable[tuple[int, Sequence[Cell]]]
) -> FileTable:
    """A table from its rows in order, each with its line; they may come one by one from a file of any size."""
    width = len(header)
    batches: list[list[pa.Array]] = []
    lines: list[np.ndarray] = []
    ragged: list[np.ndarray] = []
    top: list[tuple[Cell, ...]] = []
    for start, numbered in _batched(rows):
        lines.append(np.fromiter((line for line, _ in numbered), dtype="int64", count=len(numbered)))
        n_cells = np.fromiter((len(row) for _, row in numbered), dtype="int64", count=len(numbered))
        ragged.append(start + np.flatnonzero(n_cells != width))
        batches.append(_text_columns([row for _, row in numbered], width, is_even=not len(ragged[-1])))
        top += [tuple(row) for _, row in numbered[: _ROWS_AT_THE_TOP - len(top)]]
    return FileTable(
        where=where,
        header=header,
        header_line=header_line,
        columns=tuple(pa.chunked_array([batch[i] for batch in batches], pa.string()) for i in range(width)),
        lines=np.concatenate(lines) if lines else np.empty(0, dtype="int64"),
        ragged=np.concatenate(ragged) if ragged else np.empty(0, dtype="int64"),
        top=tuple(top),
    )


def table_of_columns(where: str, header: tuple[str, ...], columns: Sequence[pa.ChunkedArray]) -> FileTable:
    """A table of a format that keeps columns of text, as many cells in each; its rows are numbered from 1."""
    n_rows = len(columns[0]) if columns else 0
    top = tuple(zip(*(column[:_ROWS_AT_THE_TOP].to_pylist() for column in columns), strict=True))
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
    rows: Iterable[tuple[int, Sequence[Cell]]],
) -> Iterator[tuple[int, list[tuple[int, Sequence[Cell]]]]]:
    """Rows in batches, each with the position of its first row."""
    remaining, start = iter(rows), 0
    while batch := list(islice(remaining, _BATCH)):
        yield start, batch
        start += len(batch)


def _text_columns(rows: Sequence[Sequence[Cell]], width: int, is_even: bool) -> list[pa.Array]:
    if not is_even:
        rows = [[*row[:width], *[None] * (width - len(row))] for row in rows]
    return [without_empty(pa.array(cells, pa.string())) for cells in zip(*rows, strict=True)]


def without_empty(texts: Texts) -> Texts:
    """The same texts with null for every empty one."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


def cell_text(value: object) -> Cell:
    """The text of a typed cell: whole numbers without decimals (123.0 is `123`), dates as YYYY-MM-DD."""
    if value is None:
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, Decimal):
        return None if value.is_nan() else format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value == value else None  # NaT differs from itself
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number_text(value: float) -> Cell:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
