"""The ad hoc database: made beside the old one and swapped, with nothing left of what went wrong."""

import json
import subprocess
import sys
import time

import duckdb
import pytest

from orchestration.errors import PipelineError
from orchestration.settings import read_settings
from orchestration.storage import analysis_database

READERS, OPENS, SWAPS, ROWS = 2, 250, 20, 5000
BETWEEN_SWAPS = 0.2  # seconds: twenty while they look, and the cores to those who look
# Which database it is by one table, and by every row of another.
LOOK = "select (select any_value(n) from marts.mark), min(n), max(n), count(*) from marts.cases"
READER = f"""
import json, pathlib, sys
from orchestration.storage.analysis_database import open_for_reading
seen = []
while len(seen) < {OPENS} or seen[-1][0] < {SWAPS}:
    with open_for_reading(pathlib.Path(sys.argv[1])) as connection:
        seen += connection.execute("{LOOK}").fetchall()
print(json.dumps(seen))
"""


@pytest.fixture
def settings(tmp_path):
    """Settings of a data folder whose warehouse holds one table."""
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema marts; create table marts.cases as select 1 as case_key")
    return settings


def test_a_journal_left_by_a_killed_run_does_not_reach_the_next_ad_hoc_database(settings):
    journal = settings.data_dir / "analysis.duckdb.next.wal"
    journal.write_bytes(b"left over")
    analysis_database.prepare(settings)
    analysis_database.swap(settings)
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        assert connection.execute("select case_key from marts.cases").fetchall() == [(1,)]
    assert not journal.exists()


def test_an_ad_hoc_database_that_cannot_be_prepared_leaves_nothing_and_keeps_the_old_one(settings):
    analysis_database.prepare(settings)
    analysis_database.swap(settings)
    before = settings.analysis_database.read_bytes()
    settings.warehouse.write_bytes(b"no database" * 999)
    with pytest.raises(duckdb.Error):
        analysis_database.prepare(settings)
    assert list(settings.data_dir.glob("analysis.duckdb*")) == [settings.analysis_database]
    assert settings.analysis_database.read_bytes() == before


def test_without_a_warehouse_it_says_what_is_needed(settings):
    settings.warehouse.unlink()
    with pytest.raises(PipelineError, match="There is no warehouse yet") as refusal:
        analysis_database.prepare(settings)
    assert "make bulletin" in refusal.value.remedy


@pytest.mark.parametrize(("given", "database", "folder"), [("", 0o600, 0o700), ("1", 0o640, 0o710)])
def test_the_group_reads_it_only_where_that_is_set(settings, given, database, folder):
    settings.data_dir.chmod(0o700)
    settings = read_settings({"PROBATION_DATA_DIR": str(settings.data_dir), "PROBATION_ANALYSIS_FOR_GROUP": given})
    analysis_database.prepare(settings)
    analysis_database.swap(settings)
    assert settings.analysis_database.stat().st_mode & 0o777 == database
    assert settings.data_dir.stat().st_mode & 0o777 == folder


def test_500_opens_during_20_swaps_meet_no_error_and_no_mixture(settings):
    """In processes of their own, as analysts are; one that fails to open it ends at once."""
    _replace(settings, 0)
    command = [sys.executable, "-c", READER, str(settings.analysis_database)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    swapped = 0
    while any(reader.poll() is None for reader in readers):
        _replace(settings, swapped := swapped + 1)
        time.sleep(BETWEEN_SWAPS)
    assert [reader.wait() for reader in readers] == [0] * READERS
    assert swapped >= SWAPS
    for seen in [json.loads(reader.communicate()[0]) for reader in readers]:
        numbers = [n for n, *_ in seen]
        assert len(numbers) >= OPENS
        assert seen == [[n, n, n, ROWS] for n in numbers], "one database at a time"
        assert numbers == sorted(numbers), "never an older one again"
        assert len(set(numbers)) > 2, "it was replaced while they looked"


def _replace(settings, n: int) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"create or replace table marts.mark as select {n} as n")
        connection.execute(f"create or replace table marts.cases as select {n} as n from range({ROWS})")
    analysis_database.prepare(settings)
    analysis_database.swap(settings)
