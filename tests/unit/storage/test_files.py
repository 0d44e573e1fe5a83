"""A file is written complete or not at all, and who may not read it cannot."""

import os

import pytest

from orchestration.storage import files


@pytest.mark.parametrize("write", [files.write_file, files.write_private_file])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_write_leaves_the_file_as_it_was(tmp_path, monkeypatch, write, step):
    path = tmp_path / "key.json"
    write(path, b"old")
    monkeypatch.setattr(os, step, lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write(path, b"new")
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("key.json", b"old")]


@pytest.mark.parametrize(("write", "mode"), [(files.write_file, 0o644), (files.write_private_file, 0o600)])
def test_a_file_is_open_to_whom_it_should_be_also_where_it_was_there_before(tmp_path, write, mode):
    path = tmp_path / "key.json"
    path.write_bytes(b"old")
    path.chmod(0o666)
    mask = os.umask(0o022)
    try:
        write(path, b"new")
    finally:
        os.umask(mask)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == mode


def test_every_folder_down_to_a_private_one_is_closed(tmp_path):
    root = tmp_path / "review"
    root.mkdir(mode=0o755)
    files.make_private_folder(root / "filled" / "sample", root)
    for folder in (root, root / "filled", root / "filled" / "sample"):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_a_full_disk_after_the_swap_is_no_failure_of_it(tmp_path, monkeypatch):
    (tmp_path / "new").write_bytes(b"new")
    monkeypatch.setattr(os, "fsync", lambda *_: (_ for _ in ()).throw(OSError("full")))
    files.put_in_place(tmp_path / "new", tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_sealed_folder_is_on_the_disk_and_read_only(tmp_path, monkeypatch):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "a.csv").write_text("n")
    (tmp_path / "csv" / "a.csv").chmod(0o640)
    flushed = []
    monkeypatch.setattr(files, "flush", flushed.append)
    files.seal(tmp_path)
    assert set(flushed) == {tmp_path, tmp_path / "csv", tmp_path / "csv" / "a.csv"}
    assert (tmp_path / "csv" / "a.csv").stat().st_mode & 0o777 == 0o440, "and open to nobody else than before"
