"""A run that has no room is told so before it begins, with the folder and how much it needs."""

import os
import shutil
from collections import namedtuple

import pytest

from orchestration.commands.running import ready_to_run, require_extracts
from orchestration.errors import PipelineError
from orchestration.settings import SOURCES
from orchestration.storage import room
from tests.conftest import settings_for

Usage = namedtuple("Usage", "free")


@pytest.mark.parametrize(("name", "needed"), [("data_dir", 100), ("run_dir", 20), ("published_dir", 50)])
def test_each_folder_without_room_is_named_with_what_it_needs(tmp_path, monkeypatch, name, needed):
    settings = settings_for(tmp_path)
    full = getattr(settings, name)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(7_000_000 if folder == full else 10**12))
    with pytest.raises(PipelineError) as refusal, ready_to_run(settings):
        pass
    assert refusal.value.where == str(full)
    assert refusal.value.problem == f"The disk has 7 MB left here, and a run needs {needed} MB."
    assert not settings.key_file.exists(), "nothing was begun"


def test_what_is_needed_grows_with_the_extracts_and_with_the_databases(tmp_path):
    settings = settings_for(tmp_path)
    (settings.landing_dir / "inspections").mkdir(parents=True)
    os.truncate(os.open(settings.landing_dir / "inspections" / "a.csv", os.O_CREAT | os.O_WRONLY), 200_000_000)
    assert room.room_needed(settings)[tmp_path] == 700_000_000
    os.truncate(os.open(settings.warehouse, os.O_CREAT | os.O_WRONLY), 900_000_000)
    assert room.room_needed(settings)[tmp_path] == 1_000_000_000


@pytest.mark.parametrize("name", ["data_dir", "run_dir", "published_dir", "spill_dir"])
def test_each_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch, name):
    settings = settings_for(tmp_path)
    closed = getattr(settings, name)

    def refuse(dir):
        if dir == closed:
            raise OSError(30, "Read-only file system")
        return open(os.devnull)

    monkeypatch.setattr(room.tempfile, "TemporaryFile", refuse)
    with pytest.raises(PipelineError, match="cannot be written: Read-only file system") as refusal:
        room.require_room(settings)
    assert refusal.value.where == str(closed)


def test_the_landing_folder_needs_room_where_extracts_are_generated_and_not_where_they_lie(tmp_path, monkeypatch):
    settings = settings_for(tmp_path)
    full = settings.landing_dir
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(7_000_000 if folder == full else 10**12))
    with ready_to_run(settings), pytest.raises(PipelineError) as refusal:
        require_extracts(settings)
    assert refusal.value.where == str(full)
    assert refusal.value.problem == "The disk has 7 MB left here, and synthetic extracts need 50 MB."
    for source in SOURCES:
        (full / source / "extract.csv").write_text("case_id\n1\n")
    assert not require_extracts(settings)
