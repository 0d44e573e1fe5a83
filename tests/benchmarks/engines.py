"""The layers built by one engine or the other, from warehouses as ingest leaves them.

Belongs here: filling such a warehouse and building its layers. Not here: comparing tables (`parity.py`) and measuring
(`scale.py`).
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from orchestration.commands.running import require_extracts
from orchestration.engines.building import build_layer
from orchestration.engines.cluster import start_cluster, stop_cluster
from orchestration.linkage.linking import checked_overrides, link_cases
from orchestration.settings import Settings, read_settings
from orchestration.storage.case_keys import case_keys, read_or_make_key
from orchestration.storage.tables import write_table
from orchestration.storage.warehouse import open_warehouse
from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import PRESETS
from orchestration.tables.case_keys import CASE_KEYS
from tests.benchmarks.bare import ingest
from tests.benchmarks.linkage_data import Files, files_of, open_linking
from tests.integration.linkage_oracle.compiled import compile_project

ENGINES = ("duckdb", "spark")
# Not that of a cluster that somebody works on.
PORT = 7177


def settings_of(data_dir: Path, engine: str, workers: int = 2, memory: str = "2g") -> Settings:
    """Settings of a data folder that links with this engine, whatever the environment says."""
    given = {"DATA_DIR": data_dir, "ENGINE": engine, "SPARK_WORKERS": workers, "SPARK_MEMORY": memory}
    return read_settings({f"PROBATION_{name}": str(value) for name, value in (given | {"SPARK_PORT": PORT}).items()})


def fill_with_shipped(settings: Settings) -> None:
    """The warehouse with the shipped synthetic extracts, read."""
    require_extracts(settings)
    ingest(settings)


def fill_with_dirty(settings: Settings, folder: Path) -> None:
    """The warehouse with a population of the preset `dirty`, which is drawn into `folder` unless it is there."""
    files = Files(folder / "dirty", 0)
    if not files.truth("reoffending").exists():
        write_population(PRESETS["dirty"], 1, files.folder / "landing", files.folder / "truth", "parquet")
    _fill(settings, files)


def fill_with_offences(settings: Settings, folder: Path) -> None:
    """The warehouse with a dirty population that came by the other road: the offences behind its records."""
    drawn = settings_of(folder / "offences", "duckdb")
    if not drawn.warehouse.exists():
        population = replace(PRESETS["dirty"], n_terminations=10_000, n_reoffending=40_000)
        write_population(population, 1, drawn.landing_dir, drawn.truth_dir, "parquet", road="offences")
        ingest(drawn)
    shutil.copyfile(drawn.warehouse, settings.warehouse)


def fill_with_national(settings: Settings, folder: Path, n_records: int) -> None:
    """The warehouse with a national population of so many records."""
    _fill(settings, files_of(folder, n_records))


def build(settings: Settings) -> dict[str, float]:
    """Staging, linkage and marts, by the engine of the settings; seconds by the clock of each."""
    seconds = {}
    for layer in ("staging", "linkage", "marts"):
        began = time.perf_counter()
        if layer == "linkage":
            link_cases(settings, checked_overrides(settings))
        else:
            build_layer(settings, layer)
        seconds[layer] = time.perf_counter() - began
        if layer == "staging":
            _write_case_keys(settings)
    return seconds


@contextmanager
def running_cluster(settings: Settings) -> Iterator[None]:
    """The data folder's cluster for as long as it is needed; none where the engine is not Spark."""
    if settings.parameters.engine != "spark":
        yield
        return
    start_cluster(settings)
    try:
        yield
    finally:
        stop_cluster(settings)


def _fill(settings: Settings, files: Files) -> None:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        open_linking(compile_project(Path(scratch)), files, str(settings.warehouse), {}).close()


def _write_case_keys(settings: Settings) -> None:
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        cases = connection.execute("select case_id from raw.parsed_inspections order by case_id").df()
        write_table(connection, CASE_KEYS, case_keys(cases["case_id"], read_or_make_key(settings.key_file)))


if __name__ == "__main__":  # a process of its own, so that its memory can be told
    print(json.dumps(build(settings_of(Path(sys.argv[1]), sys.argv[2]))))
