"""`python -m tests.benchmarks.weekly DATA [RECORDS] [WEEKS] [whole|ends]`: what a week costs after a year of files.

DATA: a folder that is not there yet. A population of RECORDS records (default: a million) and their cases arrives in
WEEKS weekly deliveries (default: 52): four fifths of it in the first, as a register of four years would, the rest in
equal parts, each with a tenth more rows that correct earlier ones; every fifth delivery comes two weeks late, under its
own date. `whole`: each file repeats everything that came before. `ends`: only the first and the last weeks are lived
through; what came between arrives at once. Each week is read, cleaned and linked in the same
warehouse, without gates, models and pages; every fourth week also from nothing, and every table compared row for row.
It prints CPU seconds by week and the ratios of late weeks to early ones, and never judges but for that comparison.

Belongs here: the year. Not here: what arrives (`weekly_deliveries.py`).
"""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.ingest.extracts import read_source
from orchestration.ingest.keeping import KeptReadings, kept_readings, nothing_kept, write_received
from orchestration.settings import CODES_DIR, SOURCES, Settings, read_settings
from orchestration.storage.tables import make_table, replace_rows, write_table
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.catalogue import TABLES
from orchestration.tables.extracts import ACCEPTED, READINGS, SUPERSEDED_ROWS
from orchestration.tables.linkage_overrides import OVERRIDES
from orchestration.tables.probable_pairs import PROBABLE_PAIRS
from tests.benchmarks.weekly_deliveries import arriving_in, draw_year
from tests.integration.linkage_oracle.compiled import Project, compile_project

VERSION = "of this benchmark"
LAYERS = ("staging", "linkage")
COMPARED_EVERY = 4
FIRST_WEEKS = 4  # and as many last ones, where the year between is left out
Seconds = dict[str, float]


def main(data: Path, n_records: int = 1_000_000, n_weeks: int = 52, arrangement: str = "new") -> None:
    """Live through the year and print it."""
    (data / "dbt").mkdir(parents=True)
    year = draw_year(data / "population", n_records, n_weeks, repeats_everything=arrangement == "whole")
    project = compile_project(data / "dbt")
    settings = read_settings({"PROBATION_DATA_DIR": str(data / "year"), "PROBATION_THREADS": "2"})
    print(f"{'week':>4}{'rows':>12}{'reading':>10}{'cleaning':>10}{'linking':>10}{'all':>10}{'from nothing':>14}")
    spent: dict[int, Seconds] = {}
    for week in range(1, n_weeks + 1):
        year.deliver(week, settings.landing_dir)
        if arrangement == "ends" and FIRST_WEEKS < week < n_weeks - FIRST_WEEKS:
            continue
        spent[week] = _a_week(settings, project, _kept)
        rebuilt = _compared(data, settings, project) if week % COMPARED_EVERY == 0 else None
        _print(week, _n_rows(settings), spent[week], rebuilt)
    _print_ratios(spent, n_weeks)


def _a_week(settings: Settings, project: Project, kept: Callable[[Settings, str], KeptReadings]) -> Seconds:
    """Read, clean and link what lies there; CPU seconds of each step."""
    spent, started = {}, time.process_time()
    for source in SOURCES:
        readings = kept(settings, source)
        extract = read_source(source, settings.landing_dir / source, None, CODES_DIR, settings.intake, readings)
        with open_warehouse(settings.warehouse, settings.limits) as connection:
            write_received(connection, source, extract.with_file_names(extract.rows), extract.changed_from)
            write_table(connection, ACCEPTED[source], extract.with_file_names(extract.parsed))
            replace_rows(connection, SUPERSEDED_ROWS, "source", source, extract.with_file_names(extract.superseded))
            replace_rows(connection, READINGS, "source", source, extract.readings)
        del extract, readings
    spent["reading"] = time.process_time() - started
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        _prepare(connection, project)
        for layer in LAYERS:
            started = time.process_time()
            for model in project.models(layer):
                connection.execute(model.statement)
            spent[layer] = time.process_time() - started
    return spent | {"all": sum(spent.values())}


def _kept(settings: Settings, source: str) -> KeptReadings:
    return kept_readings(settings, source, VERSION)


def _from_nothing(settings: Settings, source: str) -> KeptReadings:
    return nothing_kept(source, VERSION)


def _prepare(connection: duckdb.DuckDBPyConnection, project: Project) -> None:
    """The reference tables, and tables of what did not come: offences, overrides and Splink's pairs."""
    for seed in project.seeds():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in seed.column_types.items())
        connection.execute(f"create or replace table {seed.relation} ({columns})")
        connection.execute(f"copy {seed.relation} from '{seed.path}' (format csv, header true)")
    make_table(connection, TABLES["raw.parsed_offences"])
    make_table(connection, OVERRIDES)
    make_table(connection, PROBABLE_PAIRS)


def _compared(data: Path, settings: Settings, project: Project) -> Seconds:
    """The same landing folder in a warehouse of its own, from nothing; raises SystemExit where a table differs."""
    folder = data / "rebuilt"
    folder.mkdir()
    (folder / "landing").symlink_to(settings.landing_dir)
    anew = read_settings({"PROBATION_DATA_DIR": str(folder), "PROBATION_THREADS": "2"})
    spent = _a_week(anew, project, _from_nothing)
    if differing := differing_tables(_contents(settings), _contents(anew)):
        raise SystemExit(f"not as from nothing: {', '.join(differing)}")
    shutil.rmtree(folder)
    return spent


def differing_tables(one: dict[str, tuple], other: dict[str, tuple]) -> list[str]:
    """The tables that are not the same in both, or in one alone."""
    return sorted(table for table in one.keys() | other.keys() if one.get(table) != other.get(table))


def _contents(settings: Settings) -> dict[str, tuple]:
    """Of every table: its rows and the sum of their hashes, whole rows in whatever order."""
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('raw', 'staging', 'linkage') order by 1"
        ).fetchall()
        query = "select count(*), sum(hash(t)::hugeint) from {} as t"
        return {table: connection.execute(query.format(table)).fetchall()[0] for (table,) in tables}


def _n_rows(settings: Settings) -> int:
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        counts = (connection.execute(f"select count(*) from raw.{source}").fetchall()[0][0] for source in SOURCES)
        return sum(counts)


def _print(week: int, n_rows: int, spent: Seconds, rebuilt: Seconds | None) -> None:
    cells = "".join(f"{value:>10.1f}" for value in spent.values())
    anew = f"{rebuilt['all']:>14.1f}, the same rows" if rebuilt else ""
    print(f"{week:>4}{n_rows:>12,}{cells}{anew}", flush=True)


def _print_ratios(spent: dict[int, Seconds], n_weeks: int) -> None:
    """The last week against the first after the register, of those in which as many files arrive: a late one is read
    beside the week's own."""
    for n_files in (1, 2):
        weeks = [week for week in spent if week > 1 and len(arriving_in(week, n_weeks)) == n_files]
        ratios = [f"{step} {spent[weeks[-1]][step] / spent[weeks[0]][step]:.2f}" for step in spent[1] if len(weeks) > 1]
        if ratios:
            print(f"files a source: {n_files}, week {weeks[-1]} / week {weeks[0]}: {', '.join(ratios)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:4]), *sys.argv[4:])
