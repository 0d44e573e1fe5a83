"""`python -m tests.benchmarks.parity [POPULATION ...] [--data FOLDER]`: the same links on both engines.

Links the shipped extracts, a dirtier population, one that came by the offences' road and a national one of a million
records (shipped, dirty, offences, national) in the warehouse and on a Spark cluster of its own, and prints for every
table of staging, linkage and marts its rows, and how many of them the other engine does not have. Ends with 1 where a
row or a column's type differs. Many minutes.

Belongs here: which populations. Not here: how two tables are compared (`comparing.py`).
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from orchestration.settings import Settings
from orchestration.storage.stopping import end_quietly
from tests.benchmarks.comparing import TableComparison, compare_warehouses
from tests.benchmarks.engines import (
    build,
    fill_with_dirty,
    fill_with_national,
    fill_with_offences,
    fill_with_shipped,
    running_cluster,
    settings_of,
)

LAYERS = ("staging", "linkage", "marts")
NATIONAL_RECORDS = 1_000_000
POPULATIONS: dict[str, Callable[[Settings, Path], None]] = {
    "shipped": lambda settings, _: fill_with_shipped(settings),
    "dirty": fill_with_dirty,
    "offences": fill_with_offences,
    "national": lambda settings, folder: fill_with_national(settings, folder, NATIONAL_RECORDS),
}


def main(given: list[str] | None = None) -> int:
    """Fill, link twice, compare and print, population by population; 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.parity", description=__doc__)
    parser.add_argument("populations", nargs="*", choices=[*POPULATIONS, []], help="default: all of them")
    parser.add_argument("--data", type=Path, help="keep drawn populations and warehouses here")
    arguments = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.data or Path(scratch)
        duckdb, spark = (settings_of(folder / engine, engine) for engine in ("duckdb", "spark"))
        with running_cluster(spark):
            return int(
                not all([_is_same(name, duckdb, spark, folder) for name in arguments.populations or POPULATIONS])
            )


def _is_same(name: str, duckdb: Settings, spark: Settings, folder: Path) -> bool:
    duckdb.data_dir.mkdir(parents=True, exist_ok=True)
    for settings in (duckdb, spark):
        for file in settings.data_dir.glob(f"{settings.warehouse.name}*"):  # its journal too, where one was killed
            file.unlink()
    POPULATIONS[name](duckdb, folder / "populations")
    shutil.copyfile(duckdb.warehouse, spark.warehouse)
    (spark.data_dir / ".keys").mkdir(mode=0o700, exist_ok=True)
    for settings in (duckdb, spark):
        build(settings)
        shutil.copyfile(duckdb.key_file, spark.key_file)  # made by the first build; case keys are to be the same
    compared = compare_warehouses(duckdb.warehouse, spark.warehouse, LAYERS)
    _print(name, compared)
    return bool(compared) and all(table.is_same for table in compared)


def _print(name: str, compared: list[TableComparison]) -> None:
    print(f"\n{name:<44}{'rows: duckdb':>14}{'spark':>12}{'differ':>10}")
    for table in compared:
        columns = f"  other columns: {', '.join(table.other_columns)}" if table.other_columns else ""
        columns += "  a table and a view" if table.is_other_kind else ""
        place, differing = f"{table.schema}.{table.table}", sum(table.without_twin)
        print(f"{place:<44}{table.rows[0]:>14,}{table.rows[1]:>12,}{differing:>10,}{columns}", flush=True)


if __name__ == "__main__":
    end_quietly(main())
