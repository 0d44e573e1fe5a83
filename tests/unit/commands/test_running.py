"""From a command to the job: what is found out first, and under which lock."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.__main__ import main
from orchestration.commands.bulletins import make_bulletins
from orchestration.commands.running import ready_to_run
from orchestration.errors import PipelineError
from orchestration.releases import freshness
from orchestration.settings import PROJECT_DIR, SOURCES, Settings
from orchestration.storage.locks import is_run_alive
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for

SLOW = ("dagster", "dbt", "great_expectations", "matplotlib", "duckdb", "pandas")
DATABASE = ["duckdb", "pandas"]
# Ends with what was printed, the exit code, and the slow packages that were loaded for it.
PROGRAM = f"""
import json, sys
from orchestration.__main__ import main
code = main(sys.argv[1:])
print(json.dumps([code, [name for name in {SLOW} if name in sys.modules]]))
"""


def deliver(settings: Settings, *sources: str) -> None:
    for source in sources:
        folder = settings.landing_dir / source
        folder.mkdir(parents=True)
        (folder / "extract.csv").write_text("case_id\n1\n")


def call(data_dir: Path, *arguments: str) -> tuple[int, list[str], str, float]:
    """A command in a process of its own: exit code, slow packages it loaded, what it said, seconds."""
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=PROJECT_DIR, env={"PATH": "/usr/bin:/bin", "PROBATION_DATA_DIR": str(data_dir)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    code, slow = json.loads(ended.stdout.splitlines()[-1])
    return code, slow, ended.stderr, time.monotonic() - started


@pytest.mark.parametrize("command", ["bulletin", "ingest"])
def test_a_missing_source_is_told_at_once_before_anything_slow_is_loaded(tmp_path, command):
    deliver(settings_for(tmp_path), "inspections", "terminations")
    code, slow, told, seconds = call(tmp_path, command)
    assert "The folder of reoffending is empty while others are not." in told
    assert (code, slow) == (1, DATABASE)
    assert seconds < 20, "an import of Dagster alone is not in it; the machine may be busy"


def test_a_key_that_cannot_be_used_is_told_before_anything_slow_is_loaded(tmp_path):
    settings = settings_for(tmp_path)
    deliver(settings, *SOURCES)
    settings.key_file.parent.mkdir()
    settings.key_file.write_text("short")
    settings.key_file.chmod(0o600)
    code, slow, told, _ = call(tmp_path, "link")
    assert "does not hold a key of 64 hexadecimal digits" in told
    assert (code, slow) == (1, DATABASE)


def test_a_folder_in_use_is_told_before_anything_is_opened_or_generated(tmp_path):
    """Without the lock, reading the warehouse could shut a run out of it just when it wants to write."""
    settings = settings_for(tmp_path)
    with run_lock_held_elsewhere(settings.run_dir, "the first run"):
        code, slow, told, _ = call(tmp_path, "bulletin")
    assert "in use by run the firs" in told
    assert (code, slow) == (1, [])
    assert [path for path in settings.landing_dir.rglob("*") if path.is_file()] == []


def test_the_lock_is_held_while_it_is_asked_whether_anything_has_changed(tmp_path, monkeypatch, capsys):
    settings, seen = settings_for(tmp_path), []
    deliver(settings, *SOURCES)
    monkeypatch.setattr(freshness, "is_up_to_date", lambda given: seen.append(is_run_alive(given.run_dir)) or True)
    make_bulletins(settings)
    assert seen == [True]
    assert not is_run_alive(settings.run_dir)
    assert "nothing was done again" in capsys.readouterr().err


def test_a_published_folder_that_cannot_be_written_is_told_first(tmp_path):
    settings = settings_for(tmp_path)
    settings.published_dir.write_text("a file in its place")
    with pytest.raises(FileExistsError) as refusal, ready_to_run(settings):
        pass
    assert refusal.value.filename == str(settings.published_dir)


@pytest.mark.parametrize(
    ("command", "damage"),
    [
        ("link", "history/runs.db"),
        ("link", "history/runs/index.db"),
        ("clear-dead-runs", "history/runs.db"),
        ("prune", "history/runs.db"),
        ("ui --port 39217", "schedules/schedules.db"),
    ],
)
def test_damaged_records_of_dagster_are_told_from_damaged_data(tmp_path, monkeypatch, capfd, command, damage):
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    settings = settings_for(tmp_path)
    deliver(settings, *SOURCES)
    path = settings.run_dir / damage
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 999)
    assert main(command.split()) == 1
    told = capfd.readouterr().err
    assert f"{settings.run_dir}\nDagster's records of runs cannot be read or written" in told
    assert "Traceback" not in told


def test_what_was_delivered_is_never_mixed_with_what_is_generated(tmp_path):
    settings = settings_for(tmp_path)
    deliver(settings, "inspections")
    with pytest.raises(PipelineError, match="is empty while others are not"):
        make_bulletins(settings)
    assert [path.name for path in settings.landing_dir.rglob("*") if path.is_file()] == ["extract.csv"]
