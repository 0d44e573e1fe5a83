"""A file that was read before is not read again, and everything comes out as if it had been."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from orchestration.ingest import extracts
from orchestration.ingest.extracts import SourceExtract, read_source
from orchestration.ingest.readings import KeptReadings, nothing_kept
from orchestration.settings import CODES_DIR, IntakeLimits
from orchestration.tables.extracts import RECEIVED
from tests.made_up.extracts import sample, write_csv

SOURCE = "terminations"
VERSION = "the code of today"


def read(folder: Path, kept: KeptReadings, limits: IntakeLimits | None = None) -> SourceExtract:
    return read_source(SOURCE, folder, None, CODES_DIR, limits or IntakeLimits(), kept)


def keep(extract: SourceExtract, version: str = VERSION) -> KeptReadings:
    """What the warehouse gives back: files by their names."""
    return KeptReadings(version, extract.readings, extract.with_file_names(extract.rows)[RECEIVED[SOURCE].names])


def assert_the_same(one: SourceExtract, other: SourceExtract) -> None:
    for field in fields(SourceExtract):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, obj=field.name)
        else:
            assert left == right


@pytest.fixture
def files_read(monkeypatch) -> list[str]:
    """The deliveries that the reader was asked for."""
    asked: list[str] = []
    read_tables = extracts.read_tables

    def noted(where, *arguments):
        asked.append(where)
        return read_tables(where, *arguments)

    monkeypatch.setattr(extracts, "read_tables", noted)
    return asked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two deliveries with all that a reading holds: a column nobody knows, a row too short, a placeholder."""
    rows = sample(SOURCE, 6).assign(remarks="seen")
    path = write_csv(tmp_path, rows, "a_2019-01-01.csv")
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *lines[:3], "T900,too short", *lines[3:]]) + "\n", encoding="utf-8")
    write_csv(tmp_path, sample(SOURCE, 3).assign(termination_reason="early_other"), "b_2019-03-01.csv")
    return tmp_path


def test_only_the_new_file_is_read_also_one_that_comes_late_and_goes_between(folder, files_read):
    first = read(folder, nothing_kept(VERSION))
    assert len(files_read) == 2
    assert len(first.notes) > 0
    assert len(first.rejected) > 0
    write_csv(folder, sample(SOURCE, 8).tail(4), "c_2019-02-01.csv")
    again = read(folder, keep(first))
    assert len(files_read) == 3
    assert "delivery 2" in files_read[2]
    assert_the_same(again, read(folder, nothing_kept(VERSION)))


def test_what_was_kept_is_kept_on(folder, files_read):
    first = read(folder, nothing_kept(VERSION))
    third = read(folder, keep(read(folder, keep(first))))
    assert len(files_read) == 2
    assert_the_same(third, first)


def test_a_file_under_another_name_is_known_by_its_content(folder, files_read):
    first = read(folder, nothing_kept(VERSION))
    (folder / "b_2019-03-01.csv").rename(folder / "d_2018-01-01.csv")
    again = read(folder, keep(first))
    assert len(files_read) == 2
    assert_the_same(again, read(folder, nothing_kept(VERSION)))


def test_a_file_that_is_gone_leaves_no_row(folder, files_read):
    first = read(folder, nothing_kept(VERSION))
    (folder / "b_2019-03-01.csv").unlink()
    assert_the_same(read(folder, keep(first)), read(folder, nothing_kept(VERSION)))


@pytest.mark.parametrize("version", ["", "the code of tomorrow"])
def test_what_other_code_has_read_is_read_again(folder, files_read, version):
    first = read(folder, nothing_kept(VERSION))
    read(folder, keep(first, version))
    assert len(files_read) == 4


def test_nothing_that_was_read_without_a_version_is_trusted(folder, files_read):
    first = read(folder, nothing_kept())
    read(folder, keep(first))
    read(folder, keep(first, ""))
    assert len(files_read) == 6


def test_other_limits_read_again(folder, files_read):
    first = read(folder, nothing_kept(VERSION))
    read(folder, keep(first), IntakeLimits(max_rows=10_000))
    assert len(files_read) == 4
