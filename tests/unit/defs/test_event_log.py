"""Dagster's log of events: the same files as Dagster's own, with few of them open."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.defs.event_log import INDEX, EventLog
from orchestration.defs.instance import open_instance, prepare_home
from tests.conftest import settings_for

CHECKED = dg.AssetKey("checked")


@dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset=CHECKED)])
def checked():
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def settings(tmp_path):
    settings = settings_for(tmp_path / "data")
    prepare_home(settings)
    return settings


def test_dagster_finds_in_its_own_files_what_was_kept(settings):
    with open_instance(settings) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        run = dg.materialize([checked], instance=instance)
        told = [record.dagster_event_type for record in instance.all_logs(run.run_id)]
    folder = settings.run_dir / "history" / "runs"
    assert {f"{INDEX}.db", f"{run.run_id}.db"} <= {path.name for path in folder.iterdir()}
    theirs = SqliteEventLogStorage(str(folder))
    assert [record.dagster_event_type for record in theirs.get_logs_for_run(run.run_id)] == told
    assert theirs.get_latest_materialization_events([CHECKED])[CHECKED].run_id == run.run_id
    theirs.dispose()


def test_only_the_index_and_the_last_run_are_open_and_nothing_afterwards(settings):
    with open_instance(settings) as instance:
        runs = [dg.materialize([checked], instance=instance).run_id for _ in range(3)]
        assert open_files(settings.run_dir / "history" / "runs") == {INDEX, runs[-1]}
        assert instance.all_logs(runs[0]), "an earlier run is read when it is asked for"
    assert open_files(settings.run_dir / "history" / "runs") == set()


def open_files(folder: Path) -> set[str]:
    """Databases of the folder that this process holds open, by name."""
    held = (link.resolve() for link in Path("/proc/self/fd").iterdir())
    return {path.stem for path in held if path.parent == folder.resolve() and path.suffix == ".db"}
