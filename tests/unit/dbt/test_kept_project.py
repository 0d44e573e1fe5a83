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


@pytest.mark.parametrize(("what_is_kept", "is_read"), [(0o755, True), (0o700, False), (None, False)])
def test_where_nothing_can_be_written_beside_it_what_is_kept_there_is_read_or_the_data_folder_used(
    project, tmp_path, monkeypatch, what_is_kept, is_read
):
    """The project is somebody else's, as are the folders in it."""
    beside = folder_now(tmp_path / ".run", "duckdb")
    if what_is_kept is not None:
        beside.mkdir(parents=True)
        (beside / MANIFEST).write_text("{}")
        (beside / MANIFEST).chmod(0o644)
        beside.chmod(0o755)
        beside.parent.chmod(what_is_kept)

    def access(path, mode):
        """As for another user; the one of the tests may do everything."""
        needed = {os.F_OK: 0, os.R_OK: 0o004}.get(mode, 0o003)
        folders = [folder for folder in path.parents if folder.is_relative_to(project)]
        return (
            path.exists() and all(p.stat().st_mode & 0o001 for p in folders) and path.stat().st_mode & needed == needed
        )

    project.chmod(0o755)
    monkeypatch.setattr(os, "access", access)
    assert folder_now(tmp_path / ".run", "duckdb") == (beside if is_read else tmp_path / ".run" / "dbt" / beside.name)


@pytest.mark.parametrize("content", [None, b"", b"\x93broken"])
def test_what_is_not_there_or_damaged_counts_for_nothing(tmp_path, content):
    if content is not None:
        (tmp_path / PROJECT).write_bytes(content)
    assert read_kept(tmp_path) is None


def test_what_is_kept_is_what_dbt_has_read(tmp_path):
    settings = settings_for(tmp_path)
    manifest = layers.manifest_of(settings)
    kept = read_kept(kept_folder(settings.run_dir, in_duckdb(settings).name))
    assert kept.nodes.keys() == manifest["nodes"].keys()
    assert {name: node.raw_code for name, node in kept.nodes.items() if node.resource_type == "model"} == {
        name: node["raw_code"] for name, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }


def test_a_project_changed_while_the_program_ran_is_not_taken_for_the_one_it_began_with(tmp_path, monkeypatch):
    monkeypatch.setattr(layers, "kept_folder", lambda *_: tmp_path / "kept and taken away since")
    with pytest.raises(PipelineError, match="changed while the program ran"):
        layers.manifest_path(settings_for(tmp_path))
