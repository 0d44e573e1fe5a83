"""A read-only SQL prompt on the ad hoc database.

DuckDB's wheel ships no command-line client, and the separate client is of another storage version.

Belongs here: reading statements and printing tables. Not here: what the database holds (`analysis_database.py`).
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.commands.context import pass_settings
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

HELP = (
    """Statements end with a semicolon. .tables lists the tables, .columns SCHEMA.TABLE describes one, .quit leaves."""
)
ROWS_SHOWN = 200
# a semicolon with an even number of each quotation mark behind it stands outside them
_SEMICOLON = re.compile(r""";(?=(?:[^']*'[^']*')*[^']*\Z)(?=(?:[^"]*"[^"]*")*[^"]*\Z)""")


@click.command()
@click.argument("query", required=False)
@pass_settings
def sql(settings: Settings, query: str | None) -> int:
    """A read-only SQL prompt on the ad hoc database.

    Answers QUERY alone where one is given; without it, statements are read until the end of input.
    """
    return run_prompt(settings.analysis_database, query)


def run_prompt(database: Path, query: str | None = None) -> int:
    """Run one query, or a prompt until end of input; a wrong statement is explained and the prompt goes on."""
    from orchestration.storage.analysis_database import open_for_reading

    with open_for_reading(database) as connection:
        if query:
            return 0 if _answer(connection, _as_query(query.strip().rstrip(";"))) else 1
        if sys.stdin.isatty():
            print(f"{database} (read only). {HELP}")
        return _loop(connection, database)


def _loop(connection: "duckdb.DuckDBPyConnection", database: Path) -> int:
    is_fine = True
    for statement in _statements(database):
        if statement == ".quit":
            break
        is_fine &= _answer(connection, _as_query(statement))
    return 0 if is_fine or sys.stdin.isatty() else 1


def _statements(database: Path):
    """Statements from the terminal (with history and editing) or from a pipe."""
    if not sys.stdin.isatty():
        yield from _complete(line.rstrip("\n") for line in sys.stdin)
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    history = database.parent / ".run" / "sql_history"
    history.parent.mkdir(exist_ok=True)
    session: PromptSession = PromptSession(history=FileHistory(str(history)))
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
            "from duckdb_tables() order by 1"
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
        print(str(error).strip(), file=sys.stderr)
        return False
    shown = frame.head(ROWS_SHOWN)
    shown = shown.astype(object).where(shown.notna(), None)
    print(
        shown.to_markdown(index=False, tablefmt="simple", floatfmt=".6g", missingval="")
        if len(frame.columns)
        else "done"
    )
    print(f"({len(frame)} row{'s' * (len(frame) != 1)}{f', {ROWS_SHOWN} shown' if len(frame) > ROWS_SHOWN else ''})")
    return True
