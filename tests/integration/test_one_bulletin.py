"""Each bulletin alone: its job makes what it needs, publishes that, and takes nothing of the other away."""

import shutil

import dagster as dg
import duckdb
import pandas as pd
import pytest

from orchestration.commands.running import run_job
from orchestration.definitions import build_definitions
from orchestration.defs.job_names import BULLETIN_JOBS
from orchestration.ledger.stages import lineage
from orchestration.releases.publishing import latest_release
from orchestration.tables.annexes import ANNEX_TABLES
from orchestration.tables.bulletins import BULLETIN_2020, BULLETIN_2023
from orchestration.tables.catalogue import SHARED_TABLES
from orchestration.tables.models import MODEL_TABLES
from orchestration.tables.needs import NEEDS_MODEL_TABLES, NEEDS_TABLES

BULLETIN_2023_JOB, BULLETIN_2020_JOB = BULLETIN_JOBS[BULLETIN_2023], BULLETIN_JOBS[BULLETIN_2020]

OWN_TABLES = {
    BULLETIN_2023_JOB: {*MODEL_TABLES, *ANNEX_TABLES},
    BULLETIN_2020_JOB: {*NEEDS_MODEL_TABLES, *NEEDS_TABLES},
}


@pytest.mark.parametrize("job", OWN_TABLES)
def test_a_bulletins_job_selects_all_that_its_tables_are_made_from_and_none_of_the_others(finished_run, job):
    definitions = build_definitions(finished_run)
    selected = definitions.resolve_job_def(job).asset_layer.executable_asset_keys
    own = dg.AssetSelection.assets(*(["results", name] for name in OWN_TABLES[job]))
    needed = own.upstream().resolve(definitions.resolve_asset_graph())
    assert needed <= selected
    results = {key.path[1] for key in selected if key.path[0] == "results"}
    assert results == OWN_TABLES[job]
    assert dg.AssetKey(["published", "release"]) in selected


@pytest.fixture
def nothing_published(run_copy):
    """A finished run's data folder with everything up to the marts and nothing after them."""
    shutil.rmtree(run_copy.published_dir)
    run_copy.analysis_database.unlink()
    with duckdb.connect(str(run_copy.warehouse)) as connection:
        kept = [*lineage("marts"), "ratings", "caseload"]
        connection.execute("delete from quality.stages where not list_contains(?, stage)", [kept])
        connection.execute("drop schema results cascade")
    return run_copy


def bulletins(release, table: str) -> set[str]:
    return set(pd.read_csv(release / "csv" / f"{table}.csv")["bulletin"])


def own_csvs(release) -> set[str]:
    names = {path.stem for path in (release / "csv").glob("*.csv")}
    return names & (OWN_TABLES[BULLETIN_2023_JOB] | OWN_TABLES[BULLETIN_2020_JOB])


def test_one_bulletin_is_published_alone_and_the_other_joins_it(finished_run, nothing_published):
    run_job(nothing_published, BULLETIN_2020_JOB)
    first = latest_release(nothing_published.published_dir)
    assert own_csvs(first) == OWN_TABLES[BULLETIN_2020_JOB] | set(SHARED_TABLES)
    assert not (first / "bulletin.html").exists()
    assert bulletins(first, "headlines") == bulletins(first, "models") == {"2020/03"}

    run_job(nothing_published, BULLETIN_2023_JOB)
    second = latest_release(nothing_published.published_dir)
    assert own_csvs(second) == OWN_TABLES[BULLETIN_2023_JOB] | OWN_TABLES[BULLETIN_2020_JOB]
    assert (second / "bulletin.html").exists()
    for table in ("headlines", "models", "figure_data"):
        assert bulletins(second, table) == {"2023/04", "2020/03"}
    pages = {path.name for path in first.glob("*.html")}
    assert pages < {path.name for path in second.glob("*.html")}
    assert bytes_of(first, "annex_c") == bytes_of(second, "annex_c")
    both_at_once = latest_release(finished_run.published_dir)
    names = sorted(OWN_TABLES[BULLETIN_2023_JOB] | OWN_TABLES[BULLETIN_2020_JOB])
    assert [name for name in names if lines_of(second, name) != lines_of(both_at_once, name)] == []


def bytes_of(release, table: str) -> bytes:
    return (release / "csv" / f"{table}.csv").read_bytes()


def lines_of(release, table: str) -> list[bytes]:
    """In one order: of a table that bulletins share, the rows of the one made first come first."""
    return sorted(bytes_of(release, table).splitlines())
