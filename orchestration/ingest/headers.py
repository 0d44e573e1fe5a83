"""From a file's header to the contract's column names.

Belongs here: which file column is which contract column, and what a reader is told when they do not fit.
Not here: cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import FileTable
from orchestration.tables.source import Source


@dataclass(frozen=True)
class MatchedTable:
    """A file's table whose columns are known: `positions` maps contract name to position in the file.

    `unknown` are header texts outside the contract, `absent` optional contract columns the file lacks,
    `ignored` other tables of the same file (sheets) that do not hold the source.
    """

    table: FileTable
    positions: dict[str, int]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]
    ignored: tuple[str, ...] = ()


def match_tables(where: str, tables: Sequence[FileTable], source: Source) -> MatchedTable:
    """The one table of a file that holds the source.

    Raises PipelineError where none does, where two sheets do, or where the header is not the first row.
    """
    if not tables or all(not table.header for table in tables):
        raise PipelineError(
            problem="The file is empty: it has no header and no rows.",
            remedy="Copy the extract again in full, or take the file away.",
            where=where,
        )
    fitting = [table for table in tables if not _missing(table.header, source)]
    if len(fitting) > 1:
        raise PipelineError(
            problem=f"{len(fitting)} sheets of the workbook hold the columns of {source.name}.",
            remedy="Keep one of them in this file; deliver the others as files of their own.",
            where="; ".join(table.where for table in fitting),
        )
    if not fitting:
        raise _no_fitting_table(tables, source)
    table = fitting[0]
    if table.header_line not in (None, 1):
        raise _header_is_lower(table, table.header_line)
    ignored = tuple(other.where for other in tables if other is not table)
    return _match(table, source, ignored)


def header_key(text: str) -> str:
    """Headers are matched ignoring case, blanks and underscores ("Case ID" is case_id)."""
    return "".join(text.split()).replace("_", "").casefold()


def _match(table: FileTable, source: Source, ignored: tuple[str, ...]) -> MatchedTable:
    wanted = {header_key(name): name for name in source.names}
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for position, text in enumerate(table.header):
        name = wanted.get(header_key(text))
        if name is None:
            unknown.append(text)
        elif name in positions:
            where = f"file columns {positions[name] + 1} and {position + 1}"
            raise PipelineError(
                problem=f"The column {name} is there twice ({where}).",
                remedy="Keep the right one and delete or rename the other.",
                where=_header_place(table),
            )
        else:
            positions[name] = position
    absent = tuple(name for name in source.names if name not in positions)
    return MatchedTable(table, positions, tuple(unknown), absent, ignored)


def _missing(header: Sequence[str | None], source: Source) -> list[str]:
    keys = {header_key(text) for text in header if text}
    return [c.name for c in source.columns if c.must_be_in_file and header_key(c.name) not in keys]


def _no_fitting_table(tables: Sequence[FileTable], source: Source) -> PipelineError:
    for table in tables:
        for line, row in zip(table.lines, table.top, strict=False):
            if not _missing(row, source):
                return _header_is_lower(table, int(line))
    table = min(tables, key=lambda candidate: len(_missing(candidate.header, source)))
    missing = _missing(table.header, source)
    n_wanted = sum(column.must_be_in_file for column in source.columns)
    if len(missing) == n_wanted:
        return PipelineError(
            problem=f"None of the {n_wanted} columns that {source.name} must have is named in the first row: "
            "the header row is missing, or this is another extract.",
            remedy=f"Put the column names on line 1 ({', '.join(missing[:5])} ...).",
            where=_header_place(table),
        )
    return PipelineError(
        problem=f"{len(missing)} column{'s' if len(missing) > 1 else ''} that {source.name} must have "
        f"{'are' if len(missing) > 1 else 'is'} missing: {', '.join(missing)}.",
        remedy="Add or rename the columns; case and blanks in headers do not matter.",
        where=_header_place(table),
    )


def _header_is_lower(table: FileTable, line: int | None) -> PipelineError:
    return PipelineError(
        problem=f"The column names are on row {line}, not on row 1: a title or blank rows stand above them.",
        remedy="Delete the rows above the column names.",
        where=f"{table.where}, row {line}",
    )


def _header_place(table: FileTable) -> str:
    return table.where if table.header_line is None else f"{table.where}, line {table.header_line}"
