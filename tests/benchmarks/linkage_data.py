"""The files of the linkage benchmark: uncalibrated populations in Parquet, kept between runs.

Belongs here: drawing them, and how each side reads them. Not here: anything that is timed.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.settings import SOURCES
from orchestration.storage.tables import make_table
from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import MOST_PEOPLE, PRESETS, Population
from orchestration.tables.catalogue import TABLES
from tests.integration.linkage_oracle.compiled import Project

SEED = 2023
IN_MEMORY = ":memory:"
RECORDS_A_CASE = 40
TERMINATIONS_SHARE = 3 / 13  # of the records, as in the shipped extracts
DATES = {"terminations": "sentence_date", "reoffending": "index_date"}


@dataclass(frozen=True)
class Files:
    """One population: `landing/<source>/*.parquet` and `truth/<source>.csv` in a folder."""

    folder: Path
    n_records: int

    @property
    def n_cases(self) -> int:
        return self.n_records // RECORDS_A_CASE

    def parts(self, source: str) -> str:
        """The source's files as a pattern that DuckDB reads."""
        return str(self.folder / "landing" / source / "*.parquet")

    def truth(self, source: str) -> Path:
        """Pairs case_id, record_id that are right."""
        return self.folder / "truth" / f"{source}.csv"


def files_of(folder: Path, n_records: int) -> Files:
    """The population of this many records (both sources together), drawn unless it is there already."""
    files = Files(folder / f"{n_records}_records", n_records)
    if not files.truth("reoffending").exists():
        n_terminations = round(n_records * TERMINATIONS_SHARE)
        population = replace(
            PRESETS["national"],
            n_cases=files.n_cases,
            n_terminations=n_terminations,
            n_reoffending=n_records - n_terminations,
        )
        write_population(_fitting(population), SEED, files.folder / "landing", files.folder / "truth", "parquet")
    return files


def _fitting(population: Population) -> Population:
    """Beyond some 45 million records there would be more people than identifiers: strangers then have more records."""
    room = MOST_PEOPLE - population.n_near_cases - 1
    return replace(population, stranger_records=max(1.0, population.n_strangers / room))


@contextmanager
def stopwatch() -> Iterator[Callable[[], tuple[float, float]]]:
    """Yields a function that gives the seconds by the clock and of CPU since it was started."""
    clock, cpu = time.perf_counter(), time.process_time()
    yield lambda: (time.perf_counter() - clock, time.process_time() - cpu)


def open_linking(
    project: Project, files: Files, database: str, config: dict[str, str | bool | int | float | list[str]]
) -> duckdb.DuckDBPyConnection:
    """A warehouse as ingest leaves it: the parsed extracts are views on the files, the reference tables loaded.

    `database`: a path, or ":memory:". Nothing of the files has been read yet.
    """
    connection = duckdb.connect(config=config)
    connection.execute("set enable_progress_bar = false")
    if database == IN_MEMORY:  # nothing goes to a disk, so no side pays for tables being packed to go there
        connection.execute("set checkpoint_threshold = '1TB'")
    connection.execute(f"attach '{database}' as warehouse")
    connection.execute("use warehouse")
    for schema in ("raw", "staging", "linkage", "marts", "reference"):
        connection.execute(f"create schema {schema}")
    for seed in project.seeds():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in seed.column_types.items())
        connection.execute(f"create table {seed.relation} ({columns})")
        connection.execute(f"copy {seed.relation} from '{seed.path}' (format csv, header true)")
    for source in SOURCES:
        connection.execute(
            f"create view raw.parsed_{source} as select * exclude (filename, file_row_number), filename as file, "
            f"file_row_number + 2 as line from read_parquet('{files.parts(source)}', filename = true, "
            "file_row_number = true)"
        )
    make_table(connection, TABLES["raw.parsed_offences"])  # the other road to reoffending: nothing came by it
    make_table(connection, TABLES["linkage.probable_pairs"])  # no rule in use asks for them
    connection.execute(
        "create table linkage.overrides (source varchar, case_id varchar, record_id varchar, decision varchar, "
        "reviewer varchar, reviewed_on date, reason varchar)"
    )
    return connection
