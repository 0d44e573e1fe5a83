"""Failures that reach a user: what they name, what they leave behind."""

import duckdb
import pytest

from orchestration.commands.cleaning import clean
from orchestration.commands.sql_prompt import run_prompt
from orchestration.dbt.layers import NodeOutcome, _failed
from orchestration.defs.resources import readable_failure
from orchestration.errors import PipelineError
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


def test_a_full_disk_names_the_file_that_could_not_be_written():
    with pytest.raises(Exception, match=r"^/data/tables\.duckdb\nThe disk is full\."), readable_failure():
        raise duckdb.IOException('Could not write file "/data/tables.duckdb": No space left on device')


@pytest.mark.parametrize(
    ("status", "remedy"), [("error", "delete warehouse.duckdb if it is damaged"), ("fail", "look there first")]
)
def test_a_model_that_could_not_be_built_has_another_remedy_than_a_test_that_failed(status, remedy):
    error = _failed("marts", [NodeOutcome("model.probation_outcomes.cases", "model", status, 0)])
    assert isinstance(error, PipelineError)
    assert remedy in error.remedy


def test_a_damaged_ad_hoc_database_is_named_with_its_remedy(settings):
    settings.analysis_database.write_bytes(b"x" * 9000)
    with pytest.raises(PipelineError, match="make bulletin") as failure:
        run_prompt(settings.analysis_database, "select 1")
    assert failure.value.where == str(settings.analysis_database)


@pytest.mark.parametrize("text", ["{", "[]", '{"files": 1}'], ids=["cut short", "a list", "no list of files"])
def test_cleaning_removes_nothing_when_it_cannot_tell_synthetic_from_real(settings, text):
    settings.landing_dir.mkdir()
    (settings.landing_dir / "synthetic_manifest.json").write_text(text)
    with pytest.raises(PipelineError, match="Nothing was removed"):
        clean(settings)
    assert settings.warehouse.exists()
