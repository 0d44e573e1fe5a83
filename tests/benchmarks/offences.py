"""`python -m tests.benchmarks.offences DATA [UNTIL]`: what the measure of reoffending costs, model by model.

DATA: a folder whose `landing/offences` the generator filled (`--road offences --format parquet`). The staging models
are built into `DATA/measured.duckdb`, up to the one named UNTIL if one is. Memory and threads are those of
PROBATION_MEMORY_LIMIT and PROBATION_THREADS. It prints seconds by the clock and of CPU, and gigabytes: the peak of the
process, of what was spilled and of the database.

Belongs here: running the models over a large extract, and timing. Not here: reading it through the gate.
"""

import resource
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from orchestration.settings import SOURCES, read_settings
from orchestration.storage.tables import make_table
from orchestration.storage.warehouse import CONFIG, limited_to
from orchestration.tables.catalogue import TABLES
from tests.benchmarks.linkage_data import stopwatch
from tests.integration.linkage_oracle.compiled import Project, compile_project

LOOK_EVERY = 2


def main(data: Path, until: str = "measured_reoffending") -> None:
    """Build the staging models of one folder and print what each costs."""
    database, spill = data / "measured.duckdb", data / "spill"
    database.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        project = compile_project(Path(folder))
    connection = duckdb.connect(config=CONFIG | limited_to(read_settings().limits, spill))
    connection.execute(f"attach '{database}' as warehouse")
    connection.execute("use warehouse")
    with _largest(spill) as spilled:
        _receive(connection, project, data / "landing" / "offences")
        for model in project.models("staging"):
            _timed(connection, model.name, model.statement)
            if model.name == until:
                break
    connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"memory {peak:.1f} GB, spilled {spilled() / 1e9:.1f} GB, database {database.stat().st_size / 1e9:.1f} GB")


def _receive(connection: duckdb.DuckDBPyConnection, project: Project, folder: Path) -> None:
    """The offences in the table that ingest leaves, the other sources empty, the reference tables loaded."""
    connection.execute("set enable_progress_bar = false")
    for schema in ("raw", "staging", "reference"):
        connection.execute(f"create schema {schema}")
    for seed in project.seeds():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in seed.column_types.items())
        connection.execute(f"create table {seed.relation} ({columns})")
        connection.execute(f"copy {seed.relation} from '{seed.path}' (format csv, header true)")
    for source in (*SOURCES, "offences"):
        make_table(connection, TABLES[f"raw.parsed_{source}"])
    files = f"read_parquet('{folder}/*.parquet', filename = true, file_row_number = true)"
    columns = "* exclude (filename, file_row_number), filename as file, file_row_number + 2 as line"
    _timed(connection, "received", f"insert into raw.parsed_offences by name select {columns} from {files}")


def _timed(connection: duckdb.DuckDBPyConnection, name: str, statement: str) -> None:
    with stopwatch() as spent:
        connection.execute(statement)
    clock, cpu = spent()
    print(f"{name:<28}{clock:>9.1f} s{cpu:>9.1f} s of CPU", flush=True)


@contextmanager
def _largest(folder: Path) -> Iterator[Callable[[], int]]:
    """Yields a function that gives the most bytes that the folder held, looked at every other second."""
    seen, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_EVERY):
            with suppress(OSError):  # a file may go while it is looked at
                seen.append(sum(path.stat().st_size for path in folder.iterdir()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield lambda: max(seen)
    ended.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
