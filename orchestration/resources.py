"""What assets need from the outside: settings, the warehouse, the run lock.

Belongs here: opening, locking, reading and writing DuckDB. Not here: what is written (`assets/`).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
from pydantic import PrivateAttr

from orchestration.errors import PipelineError
from orchestration.locks import hold_run_lock
from orchestration.settings import Settings, read_settings

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
SCHEMAS = ("raw", "staging", "linkage", "marts", "results", "quality", "reference")


@contextmanager
def open_warehouse(path: Path, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse, opened and closed around one piece of work.

    Raises PipelineError where another process holds the file or it cannot be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    previous_mask = os.umask(0o077)
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=CONFIG)
    except duckdb.Error as error:
        raise _cannot_open(path, error) from None
    finally:
        os.umask(previous_mask)
    try:
        if not read_only:
            for schema in SCHEMAS:
                connection.execute(f"create schema if not exists {schema}")
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def write_table(
    connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame, types: Mapping[str, str] | None = None
) -> None:
    """Replace `schema.table` with the frame's rows and columns; `types` gives columns a DuckDB type.

    pandas knows moments and 64-bit numbers only, so that a day would arrive as midnight.
    """
    typed = ", ".join(f'try_cast("{column}" as {kind}) as "{column}"' for column, kind in (types or {}).items())
    columns = f"* replace ({typed})" if typed else "*"
    connection.register("frame_to_write", frame)
    try:
        connection.execute(f"create or replace table {table} as select {columns} from frame_to_write")
    finally:
        connection.unregister("frame_to_write")


def append_rows(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Add the frame's rows to `schema.table` by column name, creating it when absent."""
    connection.register("frame_to_write", frame)
    try:
        connection.execute(f"create table if not exists {table} as select * from frame_to_write limit 0")
        connection.execute(f"insert into {table} by name select * from frame_to_write")
    finally:
        connection.unregister("frame_to_write")


def replace_rows(connection: duckdb.DuckDBPyConnection, table: str, source: str, frame: pd.DataFrame) -> None:
    """Replace one source's rows in a table that all sources share (column `source`)."""
    if has_table(connection, table):
        connection.execute(f"delete from {table} where source = ?", [source])
    append_rows(connection, table, frame)


def read_table(connection: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    """All rows of `schema.table`."""
    return connection.execute(f"select * from {table}").df()


def has_table(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether `schema.table` exists."""
    schema, name = table.split(".")
    query = "select count(*) from information_schema.tables where table_schema = ? and table_name = ?"
    return bool(connection.execute(query, [schema, name]).fetchall()[0][0])


class Pipeline(dg.ConfigurableResource):
    """The data folder as one run sees it: settings, the warehouse, and the lock held while the run lasts.

    The in-process executor sets resources up once a run, so the lock spans all steps.
    """

    data_dir: str = ""
    _settings: Settings | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Pipeline"]:
        run_id = context.run_id or "unknown"
        with readable_failure(), hold_run_lock(self.settings.run_dir, run_id):
            yield self

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            environment = dict(os.environ)
            if self.data_dir:
                environment["PROBATION_DATA_DIR"] = self.data_dir
            self._settings = read_settings(environment)
        return self._settings

    @contextmanager
    def warehouse(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_warehouse(self.settings.warehouse, read_only) as connection:
            yield connection


@contextmanager
def readable_failure(restricted: str = "") -> Iterator[None]:
    """Turn a user's error into a Dagster failure that reads well and says nothing personal.

    `restricted`: name of a stage that handles identifiers. There every unforeseen error is replaced by its kind
    alone, because database and parser messages quote the values they choke on and Dagster stores messages.
    """
    try:
        yield
    except dg.Failure:
        raise
    except PipelineError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    except OSError as error:
        raise dg.Failure(description=str(_disk_error(error)), allow_retries=False) from None
    except duckdb.Error as error:
        raise dg.Failure(description=str(_database_error(error, restricted)), allow_retries=False) from None
    except Exception as error:
        if not restricted:
            raise
        kind = type(error).__name__
        place = f"{Path(error.__traceback__.tb_frame.f_code.co_filename).name}" if error.__traceback__ else ""
        description = f"The stage '{restricted}' failed ({kind} in {_innermost_line(error) or place})."
        remedy = "Its message is withheld because it may quote a record. This is a fault of the program: report it."
        raise dg.Failure(description=f"{description}\n{remedy}", allow_retries=False) from None


def _innermost_line(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        filename = Path(trace.tb_frame.f_code.co_filename)
        if "site-packages" not in filename.parts:
            place = f"{filename.name} line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _disk_error(error: OSError) -> PipelineError:
    return PipelineError(
        problem=f"A file could not be read or written: {error.strerror or type(error).__name__}.",
        remedy="Make room or correct the permissions, then run again. Nothing was published.",
        where=str(error.filename or ""),
    )


def _database_error(error: duckdb.Error, restricted: str) -> PipelineError:
    stage = f" in the stage '{restricted}'" if restricted else ""
    kind = type(error).__name__
    if "No space left" in str(error):
        return PipelineError("The disk is full.", "Make room, then run again. Nothing was published.")
    return PipelineError(
        problem=f"The database refused a statement{stage} ({kind} at {_innermost_line(error)}).",
        remedy="Its message is withheld because it may quote a record. Run again; if it stays, report it.",
    )


def _cannot_open(path: Path, error: duckdb.Error) -> PipelineError:
    if "lock" in str(error).lower():
        return PipelineError(
            problem="The warehouse is open in another program.",
            remedy="Close it and run again. For queries use analysis.duckdb (make sql), which is never locked.",
            where=str(path),
        )
    return PipelineError(
        problem=f"The warehouse cannot be opened ({type(error).__name__}).",
        remedy="Check that the file is readable and not damaged; it can be deleted and is then built again.",
        where=str(path),
    )
