"""A backup is whole, without the key, and comes back as it was; whatever is wrong with it is found out before."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from orchestration.__main__ import main
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import backups, files, fingerprints, restoring
from orchestration.storage.backups import MANIFEST, back_up, restore
from orchestration.storage.leftovers import clear_leftovers
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for

KEPT = {
    "landing/inspections/a.csv": "case_id\n1\n",
    "review/reviewed.csv": "pair",
    "public/2026-11/index.html": "page",
    "published/2026-11/manifest.json": "{}",
    "warehouse.duckdb": "rows",
    "first_seen.json": "{}",
    ".run/stability/request.json": "{}",
}
LEFT_OUT = {".run/history/runs.db": "records", ".keys/case_key": "the key", ".run/spill/x": "rows"}


def in_folder(folder: Path) -> dict[str, str]:
    """What each file holds, below a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "latest" not in path.parts)
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in paths if path.name not in (MANIFEST, "lock")
    }


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = settings_for(tmp_path / "data")
    for name, text in (KEPT | LEFT_OUT).items():
        path = settings.data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (settings.data_dir / "public").chmod(0o755)
    (settings.published_dir / "latest").symlink_to("2026-11")
    return settings


@pytest.fixture
def backup(settings, tmp_path) -> Path:
    back_up(settings, tmp_path / "backup", tmp_path / "key")
    return tmp_path / "backup"


@pytest.fixture
def empty(tmp_path) -> Settings:
    """A new data folder, as `make ui` leaves one: folders and records, and nothing in them."""
    settings = settings_for(tmp_path / "new")
    (settings.landing_dir / "inspections").mkdir(parents=True)
    return settings


def test_it_holds_everything_but_records_and_the_key_and_comes_back_as_it_was(backup, empty, tmp_path):
    assert in_folder(backup) == KEPT
    assert (tmp_path / "key").read_text() == "the key"
    assert [path.stat().st_mode & 0o777 for path in (backup, backup / MANIFEST, tmp_path / "key")] == [
        0o700,
        0o600,
        0o600,
    ]
    restore(empty, backup, tmp_path / "key")
    assert in_folder(empty.data_dir) == KEPT | {".keys/case_key": "the key"}
    assert (empty.published_dir / "latest").readlink() == Path("2026-11")
    assert empty.key_file.stat().st_mode & 0o777 == 0o600
    assert (empty.data_dir / "public").stat().st_mode & 0o777 == 0o755


def changed(backup: Path) -> None:
    (backup / "warehouse.duckdb").write_text("rowz")


def without_a_file(backup: Path) -> None:
    (backup / "landing" / "inspections" / "a.csv").unlink()


def with_another_file(backup: Path) -> None:
    (backup / "landing" / "inspections" / "b.csv").write_text("case_id\n2\n")


def with_another_link(backup: Path) -> None:
    (backup / "published" / "latest").unlink()
    (backup / "published" / "latest").symlink_to("/etc")


def not_whole(backup: Path) -> None:
    (backup / MANIFEST).unlink()


def cut_short(backup: Path) -> None:
    (backup / MANIFEST).write_text("{")


@pytest.mark.parametrize(
    "damage", [changed, without_a_file, with_another_file, with_another_link, not_whole, cut_short]
)
def test_a_damaged_backup_is_refused_before_anything_is_restored(backup, empty, damage):
    damage(backup)
    with pytest.raises(PipelineError) as refused:
        restore(empty, backup)
    assert in_folder(empty.data_dir) == {}
    assert "a.csv" not in str(refused.value)
    assert "b.csv" not in str(refused.value)


def test_nothing_is_restored_over_anything(backup, settings):
    before = in_folder(settings.data_dir)
    with pytest.raises(PipelineError, match="not empty"):
        restore(settings, backup)
    assert in_folder(settings.data_dir) == before


def killed_at(step: int, settings: Settings, backup: Path, key: Path) -> bool:
    """Restore in another process that kills itself before its `step`-th work on the disk; whether it got so far."""
    if (child := os.fork()) == 0:
        left = iter(range(step))

        def or_killed(do):
            def done(*args, **kwargs):
                if next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return do(*args, **kwargs)

            return done

        for module, name in (
            (fingerprints, "of_file"), (backups.os, "sync"), (files, "write_private_file"),
            (restoring.shutil, "move"), (restoring.shutil, "rmtree"), (Path, "rmdir"),
        ):  # fmt: skip
            setattr(module, name, or_killed(getattr(module, name)))
        try:
            restore(settings, backup, key)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.parametrize("then", [lambda settings, *_: clear_leftovers(settings.data_dir), restore])
def test_a_restore_killed_at_any_moment_has_done_nothing_or_is_finished_by_what_comes_next(backup, tmp_path, then):
    step, ends = 0, set()
    while True:
        settings = settings_for(tmp_path / f"killed at {step}")
        (settings.landing_dir / "inspections").mkdir(parents=True)
        if not killed_at(step, settings, backup, tmp_path / "key"):
            break
        with suppress(PipelineError):  # "not empty", where it was killed after its very last move
            then(settings, backup, tmp_path / "key")
        found = in_folder(settings.data_dir)
        whole = KEPT | {".keys/case_key": "the key"}
        assert found == whole or not found.keys() - {".keys/case_key"}
        assert not (settings.run_dir / "restoring").exists()
        ends.add(found == whole)
        step += 1
    assert ends == ({True} if then is restore else {False, True})


def test_another_key_is_refused_and_a_missing_one_told(backup, empty, tmp_path, monkeypatch, capsys):
    (tmp_path / "other").write_text("another key")
    with pytest.raises(PipelineError, match="not the key"):
        restore(empty, backup, tmp_path / "other")
    assert in_folder(empty.data_dir) == {}
    monkeypatch.setenv("PROBATION_DATA_DIR", str(empty.data_dir))
    assert main(["restore", "--from", str(backup)]) == 0
    assert "THE KEY IS MISSING" in capsys.readouterr().err


def test_while_a_run_is_alive_nothing_is_copied(settings, backup, tmp_path):
    shutil.rmtree(backup)
    with (
        run_lock_held_elsewhere(settings.run_dir, "the first run"),
        pytest.raises(PipelineError, match="in use by run"),
    ):
        back_up(settings, backup)
    assert not backup.exists()


def test_places_that_would_mix_are_refused(settings, tmp_path):
    for to, key in (("data/backup", None), (".", None), ("backup", "backup/key"), ("data", None)):
        with pytest.raises(PipelineError):
            back_up(settings, tmp_path / to, tmp_path / key if key else None)
    assert not (tmp_path / "backup").exists()
    assert not (settings.data_dir / "backup").exists()


def test_a_backup_that_fails_midway_leaves_nothing(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("orchestration.storage.backups.os.sync", lambda: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(OSError, match="No space"):
        back_up(settings, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_link_out_of_the_folder_is_told_and_not_followed(settings, tmp_path):
    (settings.landing_dir / "terminations").symlink_to(tmp_path)
    with pytest.raises(PipelineError, match="leads out"):
        back_up(settings, tmp_path / "backup")
