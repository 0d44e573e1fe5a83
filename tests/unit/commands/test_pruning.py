"""What a year of runs leaves is shown, and removed when asked; what is needed stays, however old."""

import os
import time
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.events import StepMaterializationData

from orchestration.__main__ import main
from orchestration.commands import pruning
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.releases.publishing import publish, withdraw
from tests.conftest import settings_for

OLD = time.time() - 100 * 24 * 3600


@dg.job
def nothing():
    pass


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A data folder in which everything is old but one run's results."""
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    settings = settings_for(tmp_path)
    for folder in (settings.quality_dir / "old", settings.quality_dir / "new", settings.run_dir / "storage" / "old"):
        folder.mkdir(parents=True)
        (folder / "rows.csv").write_text("n")
    settings.published_dir.mkdir()
    for name in ("2025-01", "2025-02", "2025-03"):
        publish(settings.published_dir, name, lambda folder: (folder / "manifest.json").write_text("{}"))
    withdraw(settings.published_dir, "2025-02", "wrong")
    (settings.landing_dir / "inspections").mkdir(parents=True)
    (settings.landing_dir / "inspections" / "extract.csv").write_text("n")
    for path in tmp_path.rglob("*"):
        if "new" not in path.parts:
            os.utime(path, (OLD, OLD), follow_symlinks=False)
    return settings


def left(settings) -> set[str]:
    folders = [*settings.quality_dir.iterdir(), *(settings.run_dir / "storage").iterdir()]
    folders += [path for path in settings.published_dir.iterdir() if path.name.startswith("2025")]
    return {f"{path.parent.name}/{path.name}" for path in folders}


RELEASES = {"published/2025-01", "published/2025-02", "published/2025-03"}


@pytest.mark.parametrize(
    ("options", "stays"),
    [
        ([], {"quality/old", "quality/new", "storage/old", *RELEASES}),
        (["--do"], {"quality/new", *RELEASES}),
        (["--do", "--releases"], {"quality/new", *(RELEASES - {"published/2025-01"})}),
        (["--do", "--days", "200"], {"quality/old", "quality/new", "storage/old", *RELEASES}),
    ],
    ids=["shown", "removed", "releases too", "not so old"],
)
def test_only_what_is_old_and_not_needed_is_removed_and_only_when_asked(settings, capsys, options, stays):
    assert main(["prune", *options]) == 0
    assert ("Nothing was removed" in capsys.readouterr().out) == ("--do" not in options)
    assert left(settings) == stays
    assert (settings.landing_dir / "inspections" / "extract.csv").exists()


def test_records_of_removed_runs_give_the_disk_back_and_the_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ.copy())  # which the home is written into
    settings = settings_for(tmp_path)
    prepare_home(settings)
    history = settings.run_dir / "history"
    with open_instance(settings) as instance:
        old, kept = (instance.create_run_for_job(nothing) for _ in range(2))
        for run in (old, kept):
            instance.report_engine_event("x" * 1_000_000, run)
            materialized = dg.AssetMaterialization("table", metadata={"rows": "x" * 1_000_000})
            instance.report_dagster_event(_event_of(materialized), run.run_id)
        before = sum(path.stat().st_size for path in history.rglob("*"))
        instance.delete_run(old.run_id)
    pruning.give_back(history, [old.run_id])
    assert sum(path.stat().st_size for path in history.rglob("*")) < before - 2_000_000
    with open_instance(settings) as instance:
        assert len(instance.all_logs(kept.run_id)) == 2
        assert instance.get_latest_materialization_event(dg.AssetKey("table")) is not None


def _event_of(materialized: dg.AssetMaterialization) -> dg.DagsterEvent:
    step = StepMaterializationData(materialized)
    return dg.DagsterEvent("ASSET_MATERIALIZATION", "nothing", event_specific_data=step)


def test_the_last_runs_and_those_that_have_not_ended_are_kept(monkeypatch):
    monkeypatch.setattr(pruning, "RUNS_KEPT", 2)
    with dg.DagsterInstance.ephemeral() as instance:
        ended = [instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.FAILURE) for _ in range(4)]
        instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED)
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert set(pruning.old_runs(instance, later)) == {run.run_id for run in ended[:2]}
        assert pruning.old_runs(instance, datetime.now(UTC) - timedelta(minutes=1)) == []
