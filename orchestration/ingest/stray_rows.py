"""Rows of a table that are no records: blank ones, the header again, and what a report writes below its rows.

Belongs here: telling such rows, and holding a delivery against the number that its own last rows state. Not here:
records that do not parse (`parsing`), and what the sender promises beside the file (`control`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingest.findings import Finding
from orchestration.ingest.headers import MatchedTable
from orchestration.ingest.labels import header_key
from orchestration.ingest.parsing import parse_whole_number
from orchestration.ingest.readers.tables import FileTable
from orchestration.ingest.writing_faults import undone
from orchestration.tables.source import Source

FOOTER, OTHER_COUNT, HEADER_AGAIN = "footer", "other number than stated", "header again"

_AT_THE_END = 10  # rows that a footer may take
_COUNTING = r"totals?|grand total|sum|counts?|rows?|records?|cases|selected|affected|returned"
_STATES_A_NUMBER = re.compile(rf"\b(?:{_COUNTING})\b", re.IGNORECASE)
_FOOTER = re.compile(
    rf"\b(?:{_COUNTING}|end of|page|source|exported|printed|created|generated|report|notes?|official|confidential)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w/:.,-])(?:[0-9]{1,3}(?:[,  ][0-9]{3})+|[0-9]+)(?![\w/:-])")


def without_stray_rows(source: Source, matched: MatchedTable) -> tuple[MatchedTable, list[Finding]]:
    """The table of records alone, and what is to be told of the other rows; blank ones need no telling."""
    table = matched.table
    if not matched.positions:
        return matched, []
    blank, again = _blank_rows(source, matched), _header_rows(source, matched)
    footer = _footer_rows(source, matched, {*blank, *again})
    if not (blank or again or footer):
        return matched, []
    kept = without_rows(table, [*blank, *again, *footer])
    if footer:
        kept = replace(kept, is_open=False)  # what broke off, if anything did, is no record
    records = replace(matched, table=kept)
    found = [Finding(kind, "", table.lines[rows]) for kind, rows in ((HEADER_AGAIN, again), (FOOTER, footer)) if rows]
    for row in footer:
        found += _other_count(source, records, table, row)
    return records, found


def without_rows(table: FileTable, positions: Sequence[int]) -> FileTable:
    """The table without the rows at these positions."""
    is_kept = np.ones(len(table.lines), dtype=bool)
    is_kept[list(positions)] = False
    is_ragged = np.zeros(len(table.lines), dtype=bool)
    is_ragged[table.ragged] = True
    mask = pa.array(is_kept)
    columns = tuple(
        replace(cells, texts=cells.texts.filter(mask), kinds=cells.kinds[is_kept]) for cells in table.columns
    )
    return replace(table, columns=columns, lines=table.lines[is_kept], ragged=np.flatnonzero(is_ragged[is_kept]))


def _required(source: Source, matched: MatchedTable) -> list[pa.ChunkedArray]:
    names = [column.name for column in source.columns if column.required]
    return [matched.table.columns[matched.positions[name]].texts for name in names if name in matched.positions]


def _blank_rows(source: Source, matched: MatchedTable) -> list[int]:
    """Rows in which every cell is empty, or holds blanks and characters that nobody sees."""
    is_empty = np.ones(len(matched.table.lines), dtype=bool)
    for texts in _required(source, matched):
        is_empty &= pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), True).to_numpy()
    kinds = [cells.kinds for cells in matched.table.columns]
    return [
        row
        for row in np.flatnonzero(is_empty).tolist()
        if not any(kind[row] for kind in kinds) and not any(undone(text).strip() for text in _cells(matched.table, row))
    ]


def _header_rows(source: Source, matched: MatchedTable) -> list[int]:
    """Rows that hold the header again, as where files or pages were put one below the other."""
    table = matched.table
    position = min(matched.positions.values())
    candidates = np.flatnonzero(pc.fill_null(pc.equal(table.columns[position].texts, table.header[position]), False))
    return [
        row
        for row in candidates.tolist()
        if all(
            header_key(table.columns[at].texts[row].as_py() or "") == header_key(table.header[at])
            for at in matched.positions.values()
        )
    ]


def _footer_rows(source: Source, matched: MatchedTable, others: set[int]) -> list[int]:
    """The last rows, as far as they hold a report's words and two at most of the values that a record must have."""
    found = []
    for row in range(len(matched.table.lines) - 1, max(len(matched.table.lines) - 1 - _AT_THE_END, -1), -1):
        if row in others:
            continue
        is_filled = [texts[row].is_valid for texts in _required(source, matched)]
        if (
            sum(is_filled) > 2
            or sum(is_filled) > len(is_filled) - 2
            or not any(_FOOTER.search(text) for text in _cells(matched.table, row))
        ):
            break
        found.append(row)
    return found[::-1]


def _cells(table: FileTable, row: int) -> Iterator[str]:
    """The texts of a row, empty cells aside."""
    texts = (cells.texts[row].as_py() for cells in table.columns)
    return (text for text in texts if text)


def _other_count(source: Source, records: MatchedTable, table: FileTable, row: int) -> list[Finding]:
    """That a row states a number of rows, or the sum of a column, which the records do not have."""
    if not any(_STATES_A_NUMBER.search(text) for text in _cells(table, row)):
        return []
    n_rows, line = len(records.table.lines), table.lines[row : row + 1]
    sums = {column.name: _sum(records, column.name) for column in source.of_kind("integer")}
    positions = {position: name for name, position in records.positions.items()}
    found = []
    for position, cells in enumerate(table.columns):
        name = positions.get(position, "")
        stated = [int(re.sub(r"\D", "", number)) for number in _NUMBER.findall(cells.texts[row].as_py() or "")]
        if stated and name and not {n_rows, sums.get(name, n_rows)} & set(stated):
            held = sums.get(name, n_rows)
            found.append(Finding(OTHER_COUNT, name, line, f"{held:,} read, and another number stated"))
    return found


def _sum(records: MatchedTable, name: str) -> int:
    texts = records.table.columns[records.positions[name]].texts if name in records.positions else []
    numbers = (parse_whole_number(text.as_py())[0] for text in texts if text.is_valid)
    return sum(number for number in numbers if isinstance(number, int))
