import errno
import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import PipelineError
from orchestration.releases.publishing import latest_release, publish, read_withdrawn, releases, withdraw
from orchestration.releases.tables_database import write_tables_database


def build_small(folder: Path) -> None:
    (folder / "csv").mkdir()
    (folder / "csv" / "annex_b.csv").write_text("n\n1\n")
    (folder / "manifest.json").write_text("{}")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published folder with one release."""
    folder = tmp_path / "published"
    publish(folder, "2026-01", build_small)
    return folder


def visible(folder: Path) -> dict[str, str]:
    """Everything a reader can see: each file's text and where each link points."""
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else (path.read_text() if path.is_file() else "")
        for path in sorted(folder.rglob("*"))
        if not path.name.startswith(".publishing")
    }


def test_a_published_release_is_whole_and_latest(published: Path) -> None:
    assert latest_release(published) == published / "2026-01"
    assert (published / "latest" / "csv" / "annex_b.csv").read_text() == "n\n1\n"


def test_nothing_is_visible_while_a_release_is_being_built(published: Path) -> None:
    seen: list[list[str]] = []

    def build_and_look(folder: Path) -> None:
        build_small(folder)
        seen.append(releases(published))
        assert latest_release(published) == published / "2026-01"
        assert folder.name.startswith(".")

    publish(published, "2026-02", build_and_look)
    assert seen == [["2026-01"]]
    assert latest_release(published) == published / "2026-02"


def test_a_release_is_never_changed(published: Path) -> None:
    before = visible(published)
    with pytest.raises(PipelineError, match="never changed"):
        publish(published, "2026-01", build_small)
    assert visible(published) == before


def test_files_of_a_release_are_read_only(published: Path) -> None:
    assert (published / "2026-01" / "manifest.json").stat().st_mode & 0o222 == 0


@pytest.mark.parametrize(
    ("function", "call"),
    [
        *(("os.fsync", call) for call in range(1, 5)),
        ("os.rename", 1),
        ("os.symlink", 1),
        ("os.replace", 1),
        ("pathlib.Path.mkdir", 2),
        ("pathlib.Path.chmod", 1),
        ("pathlib.Path.write_text", 1),
    ],
)
def test_a_full_disk_at_any_step_changes_nothing(
    published: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    before = visible(published)
    fail_on_call(monkeypatch, function, call)
    with pytest.raises(PipelineError) as caught:
        publish(published, "2026-02", build_small)
    monkeypatch.undo()
    assert "No space left" in caught.value.problem
    assert visible(published) == before
    publish(published, "2026-02", build_small)
    assert latest_release(published) == published / "2026-02"


def fail_on_call(monkeypatch: pytest.MonkeyPatch, function: str, call: int) -> None:
    """Let the given call of a function fail as a full disk does."""
    owner, name = function.rsplit(".", 1)
    target = {"os": os, "pathlib.Path": Path}[owner]
    original: Callable = getattr(target, name)
    calls = 0

    def failing(*arguments, **options):
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*arguments, **options)

    monkeypatch.setattr(target, name, failing)


def test_a_failing_build_changes_nothing_and_keeps_its_own_error(published: Path) -> None:
    before = visible(published)

    def build_badly(folder: Path) -> None:
        build_small(folder)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish(published, "2026-02", build_badly)
    assert visible(published) == before


def test_a_database_that_cannot_be_written_is_explained(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr(duckdb, "connect", full)
    with pytest.raises(PipelineError, match=r"tables\.duckdb could not be written"):
        publish(published, "2026-02", lambda folder: write_tables_database({}, folder / "tables.duckdb"))
    assert releases(published) == ["2026-01"]


def test_a_second_publisher_is_told_to_wait(published: Path) -> None:
    with open(published / ".publishing", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PipelineError, match="Another run is publishing"):
            publish(published, "2026-02", build_small)


def test_a_file_where_the_folder_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("")
    with pytest.raises(PipelineError, match="could not be written"):
        publish(tmp_path / "published", "2026-01", build_small)


@pytest.mark.parametrize("name", ["../escape", "latest", ".hidden", "a/b", ""])
def test_a_name_that_is_no_folder_of_its_own_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PipelineError, match="not a release name"):
        publish(tmp_path, name, build_small)


def test_withdrawing_moves_latest_back_and_leaves_the_release(published: Path) -> None:
    publish(published, "2026-02", build_small)
    before = visible(published / "2026-02")
    assert withdraw(published, "2026-02", "wrong extract") == published / "2026-01"
    assert latest_release(published) == published / "2026-01"
    assert visible(published / "2026-02") == before
    assert read_withdrawn(published)["2026-02"]["reason"] == "wrong extract"


def test_withdrawing_an_older_release_leaves_latest(published: Path) -> None:
    publish(published, "2026-02", build_small)
    withdraw(published, "2026-01", "superseded")
    assert latest_release(published) == published / "2026-02"


def test_withdrawing_the_last_release_removes_latest(published: Path) -> None:
    assert withdraw(published, "2026-01", "wrong") is None
    assert latest_release(published) is None
    assert not (published / "latest").is_symlink()


@pytest.mark.parametrize("reason", ["", "  "], ids=["none", "blanks"])
def test_withdrawing_without_a_reason_is_refused(published: Path, reason: str) -> None:
    before = latest_release(published)
    with pytest.raises(PipelineError, match="needs a reason"):
        withdraw(published, releases(published)[-1], reason)
    assert latest_release(published) == before


def test_withdrawing_twice_keeps_the_first_reason(published: Path) -> None:
    withdraw(published, "2026-01", "first")
    withdraw(published, "2026-01", "second")
    assert json.loads((published / "withdrawn.json").read_text())["2026-01"]["reason"] == "first"


def test_a_withdrawn_release_does_not_come_back_when_a_newer_one_is_withdrawn(published: Path) -> None:
    publish(published, "2026-02", build_small)
    publish(published, "2026-03", build_small)
    withdraw(published, "2026-02", "wrong")
    assert withdraw(published, "2026-03", "wrong") == published / "2026-01"


def test_withdrawing_what_is_not_there_names_what_is(published: Path) -> None:
    with pytest.raises(PipelineError, match="2026-01"):
        withdraw(published, "2031-01", "typing error")


def test_latest_of_an_empty_folder_is_none(tmp_path: Path) -> None:
    assert latest_release(tmp_path) is None
    assert releases(tmp_path / "nowhere") == []
