"""From a file's header to the contract's column names.

Belongs here: which file column is which contract column, and what a reader is told when they do not fit.
Not here: cells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from orchestration.errors import PipelineError
from orchestration.ingest.labels import header_key
from orchestration.ingest.readers.tables import FileTable
from orchestration.tables.source import Source

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


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


def match_tables(
    where: str, tables: Sequence[FileTable], source: Source, accepted: Mapping[str, str] = NO_HEADERS
) -> MatchedTable:
    """The one table of a file that holds the source; `accepted`: header key -> column, beside the contract's names.

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
    wanted = columns_by_header(source, accepted)
    fitting = [table for table in shown if not _missing(table.header, source, wanted)]
    if len(fitting) > 1:
        raise PipelineError(
            problem=f"{len(fitting)} sheets of the workbook hold the columns of {source.name}.",
            remedy="Keep one of them in this file; deliver the others as files of their own.",
            where="; ".join(table.where for table in fitting),
        )
    if not fitting:
        raise _no_fitting_table(shown, source, wanted, tables)
    table = fitting[0]
    if table.header_line not in (None, 1):
        raise _header_is_lower(table, table.header_line)
    ignored = tuple(other for other in tables if other is not table)
    return _match(table, source, wanted, ignored)


def columns_by_header(source: Source, accepted: Mapping[str, str]) -> dict[str, str]:
    """Header key -> contract column: the contract's own names, and those that accepted_headers.csv adds."""
    return dict(accepted) | {header_key(name): name for name in source.names}


def _match(table: FileTable, source: Source, wanted: Mapping[str, str], ignored: tuple[FileTable, ...]) -> MatchedTable:
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


def _missing(header: Sequence[str | None], source: Source, wanted: Mapping[str, str]) -> list[str]:
    named = {wanted.get(header_key(text)) for text in header if text}
    return [column.name for column in source.columns if column.must_be_in_file and column.name not in named]


def _no_fitting_table(
    tables: Sequence[FileTable], source: Source, wanted: Mapping[str, str], with_hidden: Sequence[FileTable]
) -> PipelineError:
    for table in tables:
        for line, row in zip(table.lines, table.top, strict=False):
            if not _missing(row, source, wanted):
                return _header_is_lower(table, int(line))
    table = min(tables, key=lambda candidate: len(_missing(candidate.header, source, wanted)))
    missing = _missing(table.header, source, wanted)
    n_wanted = sum(column.must_be_in_file for column in source.columns)
    hidden = [other for other in with_hidden if other.is_hidden and not _missing(other.header, source, wanted)]
    note = " A hidden sheet has them; hidden sheets are not read." if hidden else ""
    if len(missing) == n_wanted:
        return PipelineError(
            problem=f"None of the {n_wanted} columns that {source.name} must have is named in the first row: "
            f"the header row is missing, or this is another extract.{note}",
            remedy=f"Put the column names on line 1 ({', '.join(missing[:5])} ...).",
            where=_header_place(table),
        )
    return PipelineError(
        problem=f"{len(missing)} column{'s' if len(missing) > 1 else ''} that {source.name} must have "
        f"{'are' if len(missing) > 1 else 'is'} missing: {', '.join(missing)}.{note}",
        remedy="Add or rename the columns (case and blanks do not matter), or say in accepted_headers.csv what they "
        "are called here: make contract-check FILE=... drafts its rows.",
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
