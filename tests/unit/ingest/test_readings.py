"""A file that was read before is not read again, nor looked at, and everything comes out as if it had been."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest import file_reading
from orchestration.ingest.extracts import SourceExtract, read_source
from orchestration.ingest.keeping import kept_readings, write_received
from orchestration.settings import CODES_DIR, IntakeLimits, Settings, read_settings
from orchestration.storage.tables import replace_rows
from orchestration.storage.warehouse import open_warehouse, read_table
from orchestration.tables.extracts import READINGS, RECEIVED, SUPERSEDED_ROWS
from tests.made_up.extracts import sample, write_csv

SOURCE = "terminations"
VERSION = "the code of today"
OF_THIS_RUN = ("rows", "changed_from")


class Warehouse:
    """What a run reads of the folder and writes, over what the run before it has left."""

    def __init__(self, data: Path) -> None:
        self.settings: Settings = read_settings({"PROBATION_DATA_DIR": str(data)})

    def read(self, folder: Path, version: str = VERSION, limits: IntakeLimits | None = None) -> SourceExtract:
        kept = kept_readings(self.settings, SOURCE, version)
        extract = read_source(SOURCE, folder, None, CODES_DIR, limits or IntakeLimits(), kept)
        with open_warehouse(self.settings.warehouse, self.settings.limits) as connection:
            write_received(connection, SOURCE, extract.with_file_names(extract.rows), extract.changed_from)
            superseded = extract.with_file_names(extract.superseded)
            replace_rows(connection, SUPERSEDED_ROWS, "source", SOURCE, superseded)
            replace_rows(connection, READINGS, "source", SOURCE, extract.readings)
        return extract

    def tables(self) -> dict[str, pd.DataFrame]:
        names = (RECEIVED[SOURCE].full_name, SUPERSEDED_ROWS.full_name, READINGS.full_name)
        with open_warehouse(self.settings.warehouse, self.settings.limits) as connection:
            return {name: read_table(connection, name) for name in names}


def assert_as_from_nothing(warehouse: Warehouse, extract: SourceExtract, folder: Path, tmp_path: Path) -> None:
    """That the extract and the tables are those of a warehouse that starts with this folder."""
    anew = Warehouse(tmp_path / "anew")
    expected = anew.read(folder)
    for field in fields(SourceExtract):
        left, right = getattr(extract, field.name), getattr(expected, field.name)
        if isinstance(left, pd.DataFrame) and field.name not in OF_THIS_RUN:
            pd.testing.assert_frame_equal(left, right, obj=field.name)
    for name, table in warehouse.tables().items():
        pd.testing.assert_frame_equal(table, anew.tables()[name], obj=name)


@pytest.fixture
def files_read(monkeypatch) -> list[str]:
    """The deliveries that the reader was asked for."""
    asked: list[str] = []
    read_tables = file_reading.read_tables

    def noted(where, *arguments):
        asked.append(where)
        return read_tables(where, *arguments)

    monkeypatch.setattr(file_reading, "read_tables", noted)
    return asked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two deliveries with all that a reading holds: a column nobody knows, a row too short, rows that stand twice or
    have no id."""
    folder = tmp_path / "terminations"
    rows = sample(SOURCE, 8).assign(remarks="seen")
    rows.loc[6, "record_id"] = rows.loc[5, "record_id"]
    rows.loc[7, "record_id"] = ""
    path = write_csv(folder, rows, "a_2019-01-01.csv")
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *lines[:3], "T900,too short", *lines[3:]]) + "\n", encoding="utf-8")
    write_csv(folder, sample(SOURCE, 3).assign(termination_reason="early_other"), "b_2019-03-01.csv")
    return folder


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "data")


def test_of_a_new_file_only_the_rows_that_count_before_it_are_looked_at(folder, tmp_path, warehouse, files_read):
    first = warehouse.read(folder)
    assert len(files_read) == 2
    assert len(first.notes) > 0
    assert len(first.rejected) > 0
    write_csv(folder, sample(SOURCE, 7).assign(termination_reason="excluded"), "c_2019-04-01.csv")
    again = warehouse.read(folder)
    assert [where[:25] for where in files_read[2:]] == ["terminations, delivery 3 "]
    assert again.changed_from == 3
    seen = again.rows.groupby("delivery_order").size().to_dict()
    assert seen == {1: 6, 2: 3, 3: 7}, "of the first, its rows that the second has are left out"
    assert_as_from_nothing(warehouse, again, folder, tmp_path)


def test_a_file_that_comes_late_goes_between_and_what_follows_it_is_looked_at_again(
    folder, tmp_path, warehouse, files_read
):
    warehouse.read(folder)
    write_csv(folder, sample(SOURCE, 8).tail(6), "c_2019-02-01.csv")
    again = warehouse.read(folder)
    assert len(files_read) == 3
    assert "delivery 2" in files_read[2]
    assert again.changed_from == 2
    assert_as_from_nothing(warehouse, again, folder, tmp_path)


@pytest.mark.parametrize("weeks", [[1, 2, 3, 4], [1, 3, 2, 4], [2, 4, 1, 3], [4, 3, 2, 1]])
def test_files_that_repeat_everything_come_to_the_same_in_whatever_order_they_arrive(tmp_path, warehouse, weeks):
    folder = tmp_path / "terminations"
    for week in weeks:
        rows = sample(SOURCE, 4 + week)
        rows.loc[week, "termination_reason"] = "excluded"
        rows.loc[0, "termination_reason"] = ["early_other", "excluded", "early_other", "early_other"][week - 1]
        write_csv(folder, rows, f"2019-01-0{week}.csv")
        extract = warehouse.read(folder)
    assert extract.deliveries["repeated"].sum() > len(extract.superseded) > 0
    assert_as_from_nothing(warehouse, extract, folder, tmp_path)


def test_what_was_kept_is_kept_on(folder, tmp_path, warehouse, files_read):
    warehouse.read(folder)
    warehouse.read(folder)
    third = warehouse.read(folder)
    assert len(files_read) == 2
    assert_as_from_nothing(warehouse, third, folder, tmp_path)


@pytest.mark.parametrize("name", ["d_2018-01-01.csv", "d_2019-05-01.csv"])
def test_a_file_under_another_name_is_known_by_its_content(folder, tmp_path, warehouse, files_read, name):
    warehouse.read(folder)
    (folder / "b_2019-03-01.csv").rename(folder / name)
    again = warehouse.read(folder)
    assert len(files_read) == 2
    assert_as_from_nothing(warehouse, again, folder, tmp_path)


@pytest.mark.parametrize("gone", ["a_2019-01-01.csv", "b_2019-03-01.csv"])
def test_a_file_that_is_gone_leaves_no_row(folder, tmp_path, warehouse, gone):
    warehouse.read(folder)
    (folder / gone).unlink()
    again = warehouse.read(folder)
    assert_as_from_nothing(warehouse, again, folder, tmp_path)


@pytest.mark.parametrize("version", ["", "the code of tomorrow"])
def test_what_other_code_has_read_is_read_again(folder, warehouse, files_read, version):
    warehouse.read(folder)
    assert warehouse.read(folder, version).changed_from == 1
    assert len(files_read) == 4


def test_nothing_that_was_read_without_a_version_is_trusted(folder, warehouse, files_read):
    warehouse.read(folder, "")
    warehouse.read(folder)
    warehouse.read(folder, "")
    assert len(files_read) == 6


def test_other_limits_read_again(folder, warehouse, files_read):
    warehouse.read(folder)
    warehouse.read(folder, limits=IntakeLimits(max_rows=10_000))
    assert len(files_read) == 4


def test_a_promise_that_comes_later_is_held_against_the_file(folder, warehouse):
    warehouse.read(folder)
    (folder / "b_2019-03-01.csv.control").write_text("rows,4\n")
    with pytest.raises(PipelineError, match="3 rows"):
        warehouse.read(folder)
