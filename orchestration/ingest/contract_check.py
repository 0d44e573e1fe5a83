"""How a file would be read, told before it is delivered.

Belongs here: the account of one file and the draft of its mapping rows. Not here: reading (`extracts`), and whether a
whole delivery passes its gate (`expectations`).
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest.columns import judge_columns
from orchestration.ingest.findings import findings_frame
from orchestration.ingest.guessing import guesses
from orchestration.ingest.headers import MatchedTable, columns_by_header
from orchestration.ingest.labels import HEADERS_TABLE, Labels, header_key, read_labels
from orchestration.ingest.landed_files import LandingFile, read_file
from orchestration.ingest.parsing import parse_column
from orchestration.ingest.readers.formats import read_tables
from orchestration.ingest.readers.tables import FileTable
from orchestration.ingest.stray_rows import without_stray_rows
from orchestration.ingest.writing_faults import undone
from orchestration.settings import IntakeLimits
from orchestration.storage.safe_text import inert
from orchestration.tables.contract import WHOLE_CONTRACT
from orchestration.tables.source import Column, Source

_MOST = 0.5  # of its columns: a file that names so many is of that source
_KINDS = {"text": "text", "id": "text", "code": "labels", "date": "dates", "integer": "whole numbers"}


@dataclass(frozen=True)
class ContractCheck:
    """`source`: whose columns the file has most of. `columns`: one row a contract column: column, kind, needed, header
    (as in the file; missing where it has none), filled and unreadable (shares of the rows), first_lines, problem.
    `unknown`: headers that are no column, with what the file says of them, and the column that each may be; empty where
    none is near. `findings`: see `findings_frame`. `draft`: rows for accepted_headers.csv."""

    source: str
    n_rows: int
    columns: pd.DataFrame
    unknown: dict[str, str]
    findings: pd.DataFrame
    draft: str

    @property
    def missing(self) -> list[str]:
        """Needed columns that the file does not name."""
        frame = self.columns
        return list(frame.loc[frame["needed"] & frame["header"].isna(), "column"])


def check_file(path: Path, source_name: str | None, codes_dir: Path, limits: IntakeLimits) -> ContractCheck:
    """The account of a file; `source_name`: what it is, where it is not to be guessed.

    Raises PipelineError where the file cannot be read at all.
    """
    if not path.is_file():
        raise PipelineError("There is no such file.", "Name a file: make contract-check FILE=...", str(path))
    labels = read_labels(codes_dir)
    file = read_file("", path, limits, path.name)
    table, source = _table_and_source(path.name, file, source_name, labels, limits)
    matched, stray = without_stray_rows(source, _matched(table, source, labels))
    judged = judge_columns(source, matched, labels)
    columns = [
        _account(source, column, matched, pd.Series(judged.texts[column.name], dtype="str"), labels)
        for column in source.columns
    ]
    guessed = guesses(source, matched.table, matched.unknown, matched.absent, labels)
    frame = pd.DataFrame(columns)
    return ContractCheck(
        source.name,
        len(matched.table.lines),
        frame,
        {_named(table, number - 1): guessed.get(number, "") for number in matched.unknown},
        findings_frame("", stray + judged.findings),
        _draft(source, matched, guessed),
    )


def _table_and_source(
    where: str, file: LandingFile, source_name: str | None, labels: Labels, limits: IntakeLimits
) -> tuple[FileTable, Source]:
    """The sheet and the source that fit each other best."""
    tables = [table for table in read_tables(where, file.form, file.data, limits) if not table.is_hidden]
    sources = [WHOLE_CONTRACT[source_name]] if source_name else list(WHOLE_CONTRACT.values())
    if not tables:
        raise PipelineError("The file has no rows in any sheet that is shown.", "Look into it in its program.", where)
    pairs = [(table, source) for table in tables for source in sources]
    named = max(pairs, key=lambda pair: _share(pair[1], _named_columns(pair[0], pair[1], labels)))
    if len(sources) == 1 or _share(named[1], _named_columns(named[0], named[1], labels))[1] >= _MOST:
        return named
    return max(
        pairs,
        key=lambda pair: _share(pair[1], _named_columns(pair[0], pair[1], labels) + _guessed(pair[0], pair[1], labels)),
    )


def _named_columns(table: FileTable, source: Source, labels: Labels) -> int:
    return len(_matched(table, source, labels).positions)


def _guessed(table: FileTable, source: Source, labels: Labels) -> int:
    matched = _matched(table, source, labels)
    return len(guesses(source, table, matched.unknown, matched.absent, labels))


def _share(source: Source, n_found: int) -> tuple[int, float]:
    """How many columns of the source were found, then how large a part of the source they are."""
    return n_found, n_found / len(source.columns)


def _matched(table: FileTable, source: Source, labels: Labels) -> MatchedTable:
    """The columns that are known, whether or not they are all."""
    wanted = columns_by_header(source, labels.headers.get(source.name, {}))
    names = [wanted.get(header_key(text)) for text in table.header]
    positions = {name: position for position, name in reversed(list(enumerate(names))) if name}
    unknown = tuple(number for number, name in enumerate(names, start=1) if name is None and table.header[number - 1])
    return MatchedTable(table, positions, unknown, tuple(n for n in source.names if n not in positions))


def _account(source: Source, column: Column, matched: MatchedTable, texts: pd.Series, labels: Labels) -> dict[str, Any]:
    """One contract column: what it is called in the file and how much of it can be read."""
    position = matched.positions.get(column.name)
    found = {"column": column.name, "kind": _KINDS[column.kind], "needed": column.must_be_in_file}
    if position is None:
        return found | {"header": None, "filled": 0.0, "unreadable": 0.0, "first_lines": "", "problem": ""}
    _, faults = parse_column(source.name, column, texts, labels)
    lines = matched.table.lines[faults.index]
    kinds = faults.value_counts()
    return found | {
        "header": matched.table.header[position],
        "filled": float(texts.notna().mean()) if len(texts) else 0.0,
        "unreadable": len(faults) / max(len(texts), 1),
        "first_lines": ", ".join(str(line) for line in lines[:3]),
        "problem": str(kinds.index[0]) if len(kinds) else "",
    }


def _named(table: FileTable, position: int) -> str:
    """`Q12 (Gender of the person)`: a header, and what the format says of it."""
    title = table.titles[position] if table.titles else ""
    return f"{table.header[position]} ({title})" if title else table.header[position]


def _draft(source: Source, matched: MatchedTable, guessed: dict[int, str]) -> str:
    """Rows for accepted_headers.csv: each unknown header with the column it may be; empty where none is near."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["source", "header", "column"])
    for number in matched.unknown:
        header = undone(matched.table.header[number - 1])  # matched alike, and moves no terminal that shows the draft
        writer.writerow([source.name, inert(header), guessed.get(number, "")])
    return text.getvalue()


def draft_path(data_dir: Path) -> Path:
    """Where the draft is put: beside the data, for headers are text that somebody typed."""
    return data_dir / "contract_check" / HEADERS_TABLE
