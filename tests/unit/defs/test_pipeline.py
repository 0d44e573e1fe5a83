"""What an asset is given: settings as they were read, and a lock that is its run's own."""

import dagster as dg
import pytest

from orchestration.defs.resources import Pipeline
from orchestration.settings import CODE_LOCATION
from orchestration.storage.locks import hold_run_lock, is_run_alive
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for


@dg.asset
def looked_at(pipeline: Pipeline) -> dict:
    """What an asset sees of the settings and the lock."""
    settings = pipeline.settings
    return {"settings": settings, "is_locked": is_run_alive(settings.run_dir)}


def made(settings, **options) -> dg.ExecuteInProcessResult:
    return dg.materialize([looked_at], resources={"pipeline": Pipeline.of(settings)}, **options)


def test_settings_are_those_that_were_read_and_not_those_of_the_environment(tmp_path, monkeypatch):
    settings = settings_for(tmp_path, match_window_days=10, memory_limit="50%")
    monkeypatch.setenv("PROBATION_MATCH_WINDOW_DAYS", "3")
    assert made(settings).output_for_node("looked_at") == {"settings": settings, "is_locked": True}
    assert not is_run_alive(settings.run_dir)


def test_a_run_of_this_process_is_one_of_those_that_the_ui_shows_in_its_timeline(tmp_path):
    """It leaves out what belongs to no code location. The run's own tags stay."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = made(settings_for(tmp_path), instance=instance, tags={"started_from": "terminal"})
        (run,) = instance.get_runs(dg.RunsFilter(tags={".dagster/repository": f"__repository__@{CODE_LOCATION}"}))
    assert run.run_id == result.run_id
    assert (run.remote_job_origin.location_name, run.remote_job_origin.job_name) == (CODE_LOCATION, run.job_name)
    assert run.status == dg.DagsterRunStatus.SUCCESS
    assert run.tags["started_from"] == "terminal"


def test_a_run_in_the_process_that_holds_the_lock_goes_on_and_leaves_it_held(tmp_path):
    settings = settings_for(tmp_path)
    with hold_run_lock(settings.run_dir, "terminal"):
        assert made(settings).success
        assert is_run_alive(settings.run_dir)
    assert not is_run_alive(settings.run_dir)


def test_a_run_is_refused_while_another_process_holds_the_lock(tmp_path):
    settings = settings_for(tmp_path)
    with run_lock_held_elsewhere(settings.run_dir, "the other run"), pytest.raises(dg.DagsterError) as refusal:
        made(settings)
    assert "in use by run the othe" in str(refusal.value.__cause__)
