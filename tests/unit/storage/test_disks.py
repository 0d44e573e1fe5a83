"""Folders on disks of their own that are full or cannot be written: real ones, so for root on Linux alone."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.commands import running
from orchestration.commands.running import ready_to_run, require_extracts
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.errors import PipelineError
from orchestration.settings import SOURCES, DatabaseLimits, Settings
from orchestration.storage.warehouse import open_warehouse
from orchestration.synthetic.extracts import writing
from tests.conftest import settings_for

SORTED = "select row_number() over (order by md5(i::text)) as n from range(1000000) as t(i)"
SPILLING = f"select count(*) from ({SORTED}) where n > 5"
LITTLE = DatabaseLimits(memory_limit="30MB", threads=1)
Mount = Callable[[Path, str], None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Puts a disk of the given size, or the folder itself without the right to write, in a folder's place."""
    mounted: list[Path] = []

    def put(folder: Path, what: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if what == "read-only":
            _run("mount", "--bind", str(folder), str(folder))
            mounted.append(folder)
            _run("mount", "-o", "remount,ro,bind", str(folder))
        else:
            _run("mount", "-t", "tmpfs", "-o", f"size={what},mode=700", "none", str(folder))
            mounted.append(folder)

    yield put
    for folder in reversed(mounted):
        unmount(folder)


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here ({type(error).__name__}): needs root")


def deliver(settings: Settings) -> None:
    for source in SOURCES:
        (settings.landing_dir / source).mkdir(parents=True)
        (settings.landing_dir / source / "extract.csv").write_text("case_id\n1\n")


def told_by_a_run(settings: Settings) -> PipelineError:
    with pytest.raises(PipelineError) as refusal, ready_to_run(settings):
        require_extracts(settings)
    return refusal.value


@pytest.mark.parametrize("name", ["data_dir", "run_dir", "published_dir", "spill_dir"])
def test_a_folder_that_cannot_be_written_is_named_before_the_run_and_the_next_one_works(tmp_path, mount, name):
    settings = settings_for(tmp_path)
    deliver(settings)
    mount(getattr(settings, name), "read-only")
    told = told_by_a_run(settings)
    assert (told.where, told.problem) == (
        str(getattr(settings, name)),
        "The folder cannot be written: Read-only file system.",
    )
    unmount(Path(told.where))
    with ready_to_run(settings):
        assert not require_extracts(settings)


@pytest.mark.parametrize("name", ["run_dir", "published_dir"])
def test_a_small_disk_is_named_with_what_is_needed(tmp_path, mount, name):
    settings = settings_for(tmp_path)
    deliver(settings)
    mount(getattr(settings, name), "1m")
    told = told_by_a_run(settings)
    assert told.where == str(getattr(settings, name))
    assert "The disk has 1 MB left here, and a run needs " in told.problem


def test_extracts_are_read_where_nothing_can_be_written(tmp_path, mount):
    settings = settings_for(tmp_path)
    deliver(settings)
    mount(settings.landing_dir, "read-only")
    with ready_to_run(settings):
        assert not require_extracts(settings)


@pytest.mark.parametrize(
    ("disk", "problem"),
    [
        ("read-only", "The folder cannot be written: Read-only file system."),
        ("2m", "The disk has 2 MB left here, and synthetic extracts need 50 MB."),
    ],
)
def test_an_empty_landing_folder_without_room_is_named_before_anything_is_generated(tmp_path, mount, disk, problem):
    settings = settings_for(tmp_path)
    mount(settings.landing_dir, disk)
    told = told_by_a_run(settings)
    assert (told.where, told.problem) == (str(settings.landing_dir), problem)
    assert not settings.truth_dir.exists()


def test_extracts_are_generated_into_a_landing_folder_on_a_disk_of_its_own(tmp_path, mount, monkeypatch):
    settings = settings_for(tmp_path)
    mount(settings.landing_dir, "100m")

    def write(_profile: object, _seed: int, landing: Path, truth: Path) -> None:
        for folder in (landing / "inspections", truth):
            folder.mkdir(parents=True)
            (folder / "made.csv").write_text("x")

    monkeypatch.setattr(writing, "write_extracts", write)
    with ready_to_run(settings):
        assert require_extracts(settings)
    made = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*made.csv"))
    assert made == ["landing/inspections/made.csv", "truth/made.csv"]
    assert list(tmp_path.glob(f"*/{running.GENERATING}")) == []


@pytest.mark.parametrize("disk", ["1m", "8m"])
def test_a_disk_too_small_for_what_is_spilled_is_named_and_the_next_statement_works(tmp_path, mount, disk):
    settings = settings_for(tmp_path)
    mount(settings.spill_dir, disk)
    with (
        pytest.raises(PipelineError, match="MB that are free are too few") as refusal,
        open_warehouse(settings.warehouse, LITTLE) as connection,
    ):
        connection.execute(SPILLING).fetchall()
    assert refusal.value.where == str(settings.spill_dir)
    unmount(settings.spill_dir)
    with ready_to_run(settings), open_warehouse(settings.warehouse, LITTLE) as connection:
        assert connection.execute(SPILLING).fetchall() == [(999_995,)]


@pytest.mark.parametrize("disk", ["100k", "read-only"])
def test_a_disk_that_takes_none_of_dagsters_records_is_named(tmp_path, mount, monkeypatch, disk):
    monkeypatch.setattr(os, "environ", os.environ.copy())  # which the home is written into
    settings = settings_for(tmp_path)
    prepare_home(settings)
    mount(settings.run_dir / "history", disk)
    with (
        pytest.raises(PipelineError, match=r"Dagster's records .* cannot be read or written") as refusal,
        open_instance(settings) as instance,
    ):
        instance.get_runs_count()
    assert refusal.value.where == str(settings.run_dir)
    assert "correct the permissions" in refusal.value.remedy


def test_a_disk_that_fills_up_under_the_warehouse_is_told_and_the_warehouse_stays_whole(tmp_path, mount):
    from orchestration.defs.resources import readable_failure

    settings = settings_for(tmp_path / "disk")
    mount(settings.data_dir, "16m")
    with open_warehouse(settings.warehouse, DatabaseLimits()) as connection:
        connection.execute("create table kept as select 1 as x")
    with (
        pytest.raises(Exception, match=r"/warehouse\.duckdb.*\nThe disk is full\.\nMake room, then run again"),
        readable_failure(),
        open_warehouse(settings.warehouse, DatabaseLimits()) as connection,
    ):
        connection.execute("create table large as select md5(range::text) as x from range(1000000)")
    with duckdb.connect(str(settings.warehouse)) as connection:
        assert connection.execute("select * from kept").fetchall() == [(1,)]
        assert connection.execute("select count(*) from duckdb_tables()").fetchall() == [(1,)]
