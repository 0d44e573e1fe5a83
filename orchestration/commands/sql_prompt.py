"""A SQL prompt that reads and cannot write: on the ad hoc database or, restricted, on the warehouse.

DuckDB's wheel ships no command-line client, and the separate client is of another storage version.

Belongs here: reading statements and printing tables. Not here: what the databases hold (`analysis_database.py`,
`warehouse.py`).
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.commands.context import pass_settings
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage.safe_text import printable

if TYPE_CHECKING:
    import duckdb

HELP = (
    """Statements end with a semicolon. .tables lists the tables, .columns SCHEMA.TABLE describes one, .quit leaves."""
)
ROWS_SHOWN = 200
RESTRICTED = (
    "RESTRICTED: what you see is about identifiable people. Copy nothing of it, and leave soon: no run can start "
    "meanwhile. What you type is not kept."
)
# a semicolon with an even number of each quotation mark behind it stands outside them
_SEMICOLON = re.compile(r""";(?=(?:[^']*'[^']*')*[^']*\Z)(?=(?:[^"]*"[^"]*")*[^"]*\Z)""")


@click.command()
@click.argument("query", required=False)
@click.option("--restricted", is_flag=True, help="On the warehouse, with its identifiers, while no run is due.")
@pass_settings
def sql(settings: Settings, query: str | None, restricted: bool) -> int:
    """A read-only SQL prompt on the ad hoc database.

    Answers QUERY alone where one is given; without it, statements are read until the end of input.
    """
    if not restricted:
        return run_prompt(settings.analysis_database, query)
    with _warehouse_to_ourselves(settings) as connection:
        click.echo(RESTRICTED, err=True)
        return _answer_all(connection, settings.warehouse, query, history=None)


def run_prompt(database: Path, query: str | None = None) -> int:
    """Run one query, or a prompt until end of input; a wrong statement is explained and the prompt goes on."""
    from orchestration.storage.analysis_database import open_for_reading

    with open_for_reading(database) as connection:
        return _answer_all(connection, database, query, history=database.parent / ".run" / "sql_history")


@contextmanager
def _warehouse_to_ourselves(settings: Settings) -> Iterator["duckdb.DuckDBPyConnection"]:
    from orchestration.storage.locks import hold_run_lock
    from orchestration.storage.warehouse import READS_ONLY, open_warehouse

    if not settings.warehouse.exists():
        raise PipelineError("There is no warehouse yet.", "Make it first: make bulletin.", str(settings.warehouse))
    with (
        hold_run_lock(settings.run_dir, "make sql"),
        open_warehouse(settings.warehouse, settings.limits, read_only=True, config=READS_ONLY) as connection,
    ):
        yield connection


def _answer_all(
    connection: "duckdb.DuckDBPyConnection", database: Path, query: str | None, history: Path | None
) -> int:
    if query:
        return 0 if _answer(connection, _as_query(query.strip().rstrip(";"))) else 1
    if sys.stdin.isatty():
        print(f"{database} (read only). {HELP}")
    return _loop(connection, history)


def _loop(connection: "duckdb.DuckDBPyConnection", history: Path | None) -> int:
    is_fine = True
    for statement in _statements(history):
        if statement == ".quit":
            break
        is_fine &= _answer(connection, _as_query(statement))
    return 0 if is_fine or sys.stdin.isatty() else 1


def _statements(history: Path | None) -> Iterator[str]:
    """Statements from the terminal (with editing, and a history where it may be kept) or from a pipe."""
    if not sys.stdin.isatty():
        yield from _complete(line.rstrip("\n") for line in sys.stdin)
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    if history is not None:
        history.parent.mkdir(exist_ok=True)
    session: PromptSession = PromptSession(history=FileHistory(str(history)) if history else InMemoryHistory())
    lines: list[str] = []
    while True:
        try:
            line = session.prompt("sql> " if not lines else "...> ")
        except KeyboardInterrupt:
            lines = []
            continue
        except EOFError:
            return
        lines.append(line)
        text = "\n".join(lines).strip()
        if text.startswith(".") or text.endswith(";"):
            lines = []
            yield text.rstrip(";")


def _complete(lines: Iterable[str]) -> Iterator[str]:
    """Statements from lines: up to a semicolon outside quotation marks, or a line that begins with a dot."""
    text = ""
    for line in lines:
        if not text.strip() and line.strip().startswith("."):
            yield line.strip().rstrip(";")
            continue
        *statements, text = _SEMICOLON.split(f"{text}\n{line}".lstrip("\n"))
        yield from (statement.strip() for statement in statements if statement.strip())
    if text.strip():
        yield text.strip()


def _as_query(statement: str) -> str:
    if statement == ".tables":
        return (
            "select schema_name || '.' || table_name as table_name, estimated_size as n_rows, comment "
            "from duckdb_tables() union all by name "
            "select schema_name || '.' || view_name as table_name, comment from duckdb_views() where not internal "
            "order by 1"
        )
    if statement.startswith(".columns"):
        table = statement.removeprefix(".columns").strip().replace("'", "''")
        return (
            "select column_name, data_type, comment from duckdb_columns() "
            f"where schema_name || '.' || table_name = '{table}' order by column_index"
        )
    return "select '" + HELP.replace("'", "''") + "' as help" if statement.startswith(".") else statement


def _answer(connection: "duckdb.DuckDBPyConnection", query: str) -> bool:
    import duckdb
    import pandas as pd

    try:
        cursor = connection.execute(query)
        frame = cursor.df() if cursor.description else pd.DataFrame()
    except duckdb.Error as error:
        print(printable(str(error).strip(), keep="\n\t"), file=sys.stderr)
        return False
    shown = frame.head(ROWS_SHOWN)
    shown = shown.astype(object).where(shown.notna(), None)
    shown = shown.map(lambda cell: printable(cell, keep="\n") if isinstance(cell, str) else cell)
    print(
        shown.to_markdown(index=False, tablefmt="simple", floatfmt=".6g", missingval="")
        if len(frame.columns)
        else "done"
    )
    print(f"({len(frame)} row{'s' * (len(frame) != 1)}{f', {ROWS_SHOWN} shown' if len(frame) > ROWS_SHOWN else ''})")
    return True
