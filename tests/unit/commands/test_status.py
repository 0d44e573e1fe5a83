"""`make status`: what it says of a folder, and that each damaged store is told from the others; it changes nothing."""

import os
from pathlib import Path

import duckdb
import pytest

from orchestration.__main__ import main
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.releases.publishing import publish
from orchestration.storage.case_keys import read_or_make_key
from orchestration.storage.tables import make_table
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.ledger import STAGES
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for
from tests.made_up.extracts import sample, write_csv

MANIFEST = '{"created_at": "2026-11-29T00:32:51+00:00", "fingerprints": {"release": "a"}}'


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A data folder with extracts, a release, a warehouse with an empty ledger, an ad hoc database and a key."""
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    settings = settings_for(tmp_path)
    for source in ("inspections", "terminations", "reoffending"):
        write_csv(settings.landing_dir / source, sample(source))
    settings.published_dir.mkdir()
    publish(settings.published_dir, "2026-11", lambda folder: (folder / "manifest.json").write_text(MANIFEST) and None)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        make_table(connection, STAGES)
    duckdb.connect(str(settings.analysis_database)).close()
    read_or_make_key(settings.key_file)
    return settings


def told(capsys) -> tuple[int, str]:
    return main(["status"]), capsys.readouterr().out


def test_it_says_what_was_published_what_is_due_and_that_nothing_is_damaged(settings, capsys):
    code, text = told(capsys)
    assert "2026-11, made on 29 November 2026 at 00:32 UTC" in text
    assert "stages, from 'reading case assessments' on: make bulletin" in text
    assert "no damage found" in text
    assert code == 0


def spoil(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(b"no database" * 999)
    path.chmod(0o600)


def without_a_column(settings) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"alter table {STAGES.full_name} drop column inputs")


def with_half_a_text(settings) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"insert into {STAGES.full_name} (stage, fingerprint, inputs) values ('staging', 'a', '{{')")


def damaged_records(settings) -> None:
    (settings.run_dir / "history").mkdir(parents=True)
    spoil(settings.run_dir / "history" / "runs.db")


DAMAGES = {
    "warehouse": (lambda s: spoil(s.warehouse), "The warehouse cannot be opened", "it can be deleted"),
    "ledger, a column": (without_a_column, "The ledger (quality.stages in the warehouse) is damaged", "Delete wareh"),
    "ledger, a text": (with_half_a_text, "The ledger (quality.stages in the warehouse) is damaged", "Delete wareh"),
    "Dagster": (damaged_records, "Dagster's records of runs cannot be read", "move the folders history"),
    "key": (lambda s: s.key_file.write_text("short"), "The key file does not hold a key", "Restore it from a backup"),
    "no key": (lambda s: s.key_file.unlink(), "The key of the case keys is missing", "Restore it from a backup"),
    "open key": (lambda s: s.key_file.chmod(0o644), "The key file can be read by others", "chmod 600"),
    "ad hoc": (lambda s: spoil(s.analysis_database), "The ad hoc database cannot be opened", "make bulletin"),
    "release": (
        lambda s: spoil(s.published_dir / "2026-11" / "manifest.json"), "manifest of this release", "from a backup",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damaged_store_is_told_from_the_others_with_its_remedy(settings, capsys, name):
    damage, what, remedy = DAMAGES[name]
    damage(settings)
    code, text = told(capsys)
    stores = text.partition("Stores\n")[2]
    assert what in stores
    assert remedy in stores
    assert [other for other, (_, words, _) in DAMAGES.items() if words in stores and words != what] == []
    assert code == 1


def test_it_changes_nothing(settings, capsys):
    """But for what dbt has read of the project, beside Dagster's records, which the next run finds there."""

    def seen() -> dict[Path, int]:
        files = (path for path in settings.data_dir.rglob("*") if path.is_file())
        return {path: path.stat().st_mtime_ns for path in files if settings.run_dir not in path.parents}

    before = seen()
    told(capsys)
    assert seen() == before


def test_while_a_run_is_alive_it_says_so_and_leaves_the_warehouse_alone(settings, capsys):
    with run_lock_held_elsewhere(settings.run_dir, "the first run"):
        code, text = told(capsys)
    assert "in use by run the firs" in text
    assert code == 0


def test_a_folder_without_room_is_named(settings, capsys, monkeypatch):
    monkeypatch.setattr("orchestration.storage.room.IN_PUBLISHED", 10**18)
    code, text = told(capsys)
    assert f"{settings.published_dir}: " in text
    assert "MAKE ROOM" in text
    assert code == 1


def test_an_empty_folder_is_no_fault_and_stays_empty(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path / "none"))
    assert told(capsys)[0] == 0
    assert not (tmp_path / "none").exists()


def test_dagsters_records_are_read_from_a_shell_that_knows_no_home_of_dagsters(settings, capsys, monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ.copy())  # which the home is written into
    prepare_home(settings)
    with open_instance(settings):
        pass
    os.environ.pop("DAGSTER_HOME")
    _, text = told(capsys)
    assert "sensor: off" in text
    assert "cannot be read" not in text


def test_what_starts_next_is_told_once_it_is_switched_on(tmp_path):
    """The daemon is asked too: without it nothing starts, however much is switched on."""
    from dagster._core.scheduler.instigation import InstigatorStatus

    from orchestration.commands.status import _next_run

    class Records:
        def all_instigator_state(self, instigator_statuses):
            assert instigator_statuses == {InstigatorStatus.RUNNING}
            return [type("State", (), {"instigator_name": "weekly_bulletin"})]

        def get_daemon_heartbeats(self):
            return {}

    schedule, sensor, service = _next_run(Records())
    assert schedule.startswith("next by schedule: Monday")
    assert " at 06:00 " in schedule
    assert sensor == "sensor: off"
    assert "none of these starts" in service
