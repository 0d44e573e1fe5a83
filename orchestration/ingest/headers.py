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

    `unknown` are the columns (from 1) outside the contract, `absent` optional contract columns the file lacks,
    `ignored` other tables of the same file: sheets that do not hold the source, or that are hidden.
    """

    table: FileTable
    positions: dict[str, int]
    unknown: tuple[int, ...]
    absent: tuple[str, ...]
    ignored: tuple[FileTable, ...] = ()


def match_tables(where: str, tables: Sequence[FileTable], source: Source) -> MatchedTable:
    """The one table of a file that holds the source.

    A hidden sheet never does: nobody who looks at the file would know. Raises PipelineError where no sheet does, where
    two do, or where the header is not the first row.
    """
    if not tables or all(not table.header for table in tables):
        raise PipelineError(
            problem="The file is empty: it has no header and no rows.",
            remedy="Copy the extract again in full, or take the file away.",
            where=where,
        )
    shown = [table for table in tables if not table.is_hidden]
    if not shown:
        raise _all_hidden(where)
    fitting = [table for table in shown if not _missing(table.header, source)]
    if len(fitting) > 1:
        raise PipelineError(
            problem=f"{len(fitting)} sheets of the workbook hold the columns of {source.name}.",
            remedy="Keep one of them in this file; deliver the others as files of their own.",
            where="; ".join(table.where for table in fitting),
        )
    if not fitting:
        raise _no_fitting_table(shown, source, tables)
    table = fitting[0]
    if table.header_line not in (None, 1):
        raise _header_is_lower(table, table.header_line)
    ignored = tuple(other for other in tables if other is not table)
    return _match(table, source, ignored)


def header_key(text: str) -> str:
    """Headers are matched ignoring case, blanks and underscores ("Case ID" is case_id)."""
    return "".join(text.split()).replace("_", "").casefold()


def _match(table: FileTable, source: Source, ignored: tuple[FileTable, ...]) -> MatchedTable:
    wanted = {header_key(name): name for name in source.names}
    positions: dict[str, int] = {}
    unknown: list[int] = []
    for position, text in enumerate(table.header):
        name = wanted.get(header_key(text))
        if name is None:
            unknown.append(position + 1)
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


def _no_fitting_table(tables: Sequence[FileTable], source: Source, with_hidden: Sequence[FileTable]) -> PipelineError:
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
    hidden = [other for other in with_hidden if other.is_hidden and not _missing(other.header, source)]
    note = " A hidden sheet has them; hidden sheets are not read." if hidden else ""
    return PipelineError(
        problem=f"{len(missing)} column{'s' if len(missing) > 1 else ''} that {source.name} must have "
        f"{'are' if len(missing) > 1 else 'is'} missing: {', '.join(missing)}.{note}",
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


def _all_hidden(where: str) -> PipelineError:
    return PipelineError(
        problem="Every sheet of the workbook that holds something is hidden; hidden sheets are not read.",
        remedy="Show the sheet that is the extract (right click on a sheet, Unhide), and save the workbook.",
        where=where,
    )
