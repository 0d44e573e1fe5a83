"""The ad hoc database: made beside the old one and swapped, with nothing left of what went wrong."""

import duckdb
import pytest

from orchestration.settings import read_settings
from orchestration.storage import analysis_database


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
    settings.warehouse.unlink()
    with pytest.raises(duckdb.Error):
        analysis_database.prepare(settings)
    assert list(settings.data_dir.glob("analysis.duckdb*")) == [settings.analysis_database]
    assert settings.analysis_database.read_bytes() == before


@pytest.mark.parametrize(("given", "database", "folder"), [("", 0o600, 0o700), ("1", 0o640, 0o710)])
def test_the_group_reads_it_only_where_that_is_set(settings, given, database, folder):
    settings.data_dir.chmod(0o700)
    settings = read_settings({"PROBATION_DATA_DIR": str(settings.data_dir), "PROBATION_ANALYSIS_FOR_GROUP": given})
    analysis_database.prepare(settings)
    analysis_database.swap(settings)
    assert settings.analysis_database.stat().st_mode & 0o777 == database
    assert settings.data_dir.stat().st_mode & 0o777 == folder
