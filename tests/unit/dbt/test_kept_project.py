"""The project as dbt has read it is taken again as long as it is the same, and read again where it cannot be."""

import os
from importlib.metadata import version

import pytest

from orchestration.dbt import kept_project, layers
from orchestration.dbt.kept_project import MANIFEST, PROJECT, folder_now, kept_folder, read_kept
from orchestration.dbt.targets import in_duckdb
from orchestration.errors import PipelineError
from tests.conftest import settings_for


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder in the place of the dbt project."""
    folder = tmp_path / "dbt_project"
    folder.mkdir()
    (folder / "a.sql").write_text("select 1")
    monkeypatch.setattr(kept_project, "DBT_DIR", folder)
    return folder


def test_another_project_another_adapter_and_another_place_have_a_folder_of_their_own(project, tmp_path, monkeypatch):
    first = folder_now(tmp_path, "duckdb")
    assert folder_now(tmp_path, "duckdb") == first
    monkeypatch.setattr(kept_project, "version", lambda name: version("dbt-duckdb") + name)
    folders = {first, folder_now(tmp_path, "duckdb"), folder_now(tmp_path, "spark")}
    (project / "a.sql").write_text("select 2")
    folders.add(folder_now(tmp_path, "duckdb"))
    moved = project.rename(tmp_path / "moved")
    monkeypatch.setattr(kept_project, "DBT_DIR", moved)
    folders.add(folder_now(tmp_path, "duckdb"))
    assert len({folder.name for folder in folders}) == 5


def test_what_is_kept_does_not_change_what_the_project_is(project, tmp_path):
    folder = folder_now(tmp_path, "duckdb")
    folder.mkdir(parents=True)
    (folder / PROJECT).write_bytes(b"1")
    assert folder_now(tmp_path, "duckdb") == folder


def test_beside_a_project_that_cannot_be_written_it_is_kept_in_the_data_folder(project, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: path != project)
    assert folder_now(tmp_path / ".run", "duckdb").parent == tmp_path / ".run" / "dbt"


@pytest.mark.parametrize("content", [None, b"", b"\x93broken"])
def test_what_is_not_there_or_damaged_counts_for_nothing(tmp_path, content):
    if content is not None:
        (tmp_path / PROJECT).write_bytes(content)
    assert read_kept(tmp_path) is None


def test_a_manifest_taken_away_is_made_again_but_not_of_a_project_changed_meanwhile(tmp_path, monkeypatch):
    settings = settings_for(tmp_path)
    folder = tmp_path / "kept"
    monkeypatch.setattr(layers, "kept_folder", lambda *_: folder)
    monkeypatch.setattr(layers, "folder_now", lambda *_: folder)
    path = layers.manifest_path(settings)
    assert read_kept(folder).nodes.keys() == layers.read_project(settings, in_duckdb(settings)).nodes.keys()
    made = layers.read_manifest(path)["nodes"]
    path.unlink()
    assert layers.manifest_path(settings).name == MANIFEST
    assert layers.read_manifest.__wrapped__(path)["nodes"].keys() == made.keys()
    path.unlink()
    monkeypatch.setattr(layers, "folder_now", kept_folder.__wrapped__)
    with pytest.raises(PipelineError, match="changed while the program ran"):
        layers.manifest_path(settings)
