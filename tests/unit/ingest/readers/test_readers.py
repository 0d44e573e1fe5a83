"""What a file of each format must give, and the message where it cannot be read."""

import datetime
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.readers import tables
from tests.made_up.extracts import CANARY, read, sample, write_bytes, write_csv


def csv_bytes(frame: pd.DataFrame, encoding: str = "utf-8") -> bytes:
    return frame.to_csv(index=False).encode(encoding)


def write_excel(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)


def rows_of(frame: pd.DataFrame) -> list[list[object]]:
    return [list(frame.columns), *frame.to_numpy().tolist()]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b"")],
    ids=["utf-8", "utf-8 with a byte-order mark", "Windows-1252"],
)
def test_a_csv_file_is_read_in_every_accepted_encoding(tmp_path: Path, encoding: str, mark: bytes) -> None:
    frame = sample("inspections").assign(surname="Brontë")
    write_bytes(tmp_path, mark + csv_bytes(frame, encoding))
    assert set(read(tmp_path).parsed["surname"]) == {"Brontë"}


def test_lines_are_physical_even_after_a_quoted_line_break_and_blank_lines(tmp_path: Path) -> None:
    frame = sample("terminations", 3)
    frame.loc[0, "forenames"] = "Ann\nMay"
    text = frame.to_csv(index=False).splitlines(keepends=True)
    write_bytes(tmp_path, "".join([*text[:3], "\n", *text[3:]]).encode())
    assert read(tmp_path, "terminations").rows["line"].tolist() == [2, 5, 6]


def test_a_row_with_too_many_or_too_few_cells_is_rejected_by_its_line(tmp_path: Path) -> None:
    lines = sample("terminations", 4).to_csv(index=False).splitlines()
    lines[2] += f",{CANARY}"
    lines[3] = CANARY
    write_bytes(tmp_path, "\n".join(lines).encode())
    extract = read(tmp_path, "terminations")
    assert extract.rejected["line"].tolist() == [3, 4]
    assert set(extract.rejected["value_class"]) == {"wrong number of cells"}
    assert (len(extract.rows), len(extract.parsed)) == (4, 2)


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_a_file_reads_alike_in_batches_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    frame = sample("terminations", 7)
    frame.loc[1, "forenames"] = "Ann\nMay"
    lines = frame.to_csv(index=False).splitlines()
    lines[5] += f",{CANARY}"
    lines.insert(6, "")
    write_bytes(tmp_path, "\n".join(lines).encode())
    whole = read(tmp_path, "terminations")
    monkeypatch.setattr(tables, "_BATCH", batch)
    in_batches = read(tmp_path, "terminations")
    assert len(whole.rows) == 7
    assert whole.rejected["line"].tolist() == [6]
    for name in ("rows", "parsed", "rejected", "deliveries"):
        pd.testing.assert_frame_equal(getattr(in_batches, name), getattr(whole, name))


def test_the_column_names_are_found_below_a_title_whatever_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_BATCH", 3)
    write_bytes(tmp_path, b"Cases of round one\n" + b"a\n" * 8 + csv_bytes(sample("inspections")))
    with pytest.raises(PipelineError, match="row 10, not on row 1"):
        read(tmp_path)


GOOD = csv_bytes(sample("inspections"))
BAD_CSV = {
    "UTF-16": (csv_bytes(sample("inspections"), "utf-16"), "UTF-16", "line 1"),
    "NUL bytes": (GOOD.replace(b"I003", b"I\x003"), "NUL bytes", "line 5"),
    "mixed encodings": (
        GOOD.replace(b"surname text", "Brontë".encode(), 1).replace(b"I005", b"I\xe95"),
        "mixes two encodings",
        "line 7",
    ),
    "neither encoding": (GOOD.replace(b"I004", b"I\x814"), "neither UTF-8 nor Windows-1252", "line 6"),
    "neither, with an old Macintosh's ends of lines": (
        GOOD.replace(b"I004", b"I\x814").replace(b"\n", b"\r"),
        "neither UTF-8 nor Windows-1252",
        "line 6",
    ),
    "open quotation mark": (GOOD.replace(b"I002", b'"I002'), "quotation mark", "line 4"),
    "semicolons": (GOOD.replace(b",", b";"), "not separated by commas", "line 1"),
    "0 bytes": (b"", "0 bytes", "inspections, file 1 of 1 by name"),
    "only blank lines": (b"\n\n\n", "no header and no rows", "inspections, delivery 1"),
    "a name for a header": (f"{CANARY},{CANARY}\n".encode() * 3, "header row is missing", "line 1"),
    "no header": (GOOD.split(b"\n", 1)[1], "header row is missing", "line 1"),
    "a title row": (b"Cases of round one\n" + GOOD, "row 2, not on row 1", "row 2"),
    "missing columns": (
        csv_bytes(sample("inspections").drop(columns=["start_date", "provider"])),
        "2 columns that inspections must have are missing: provider, start_date",
        "line 1",
    ),
    "a column twice": (
        GOOD.replace(b"services_available", b"Start Date", 1),
        "The column start_date is there twice",
        "line 1",
    ),
}


@pytest.mark.parametrize(("data", "problem", "where"), BAD_CSV.values(), ids=BAD_CSV.keys())
def test_a_csv_file_that_cannot_be_read_gives_one_clear_message(
    tmp_path: Path, data: bytes, problem: str, where: str
) -> None:
    folder = tmp_path / "inspections"
    write_bytes(folder, data)
    with pytest.raises(PipelineError) as error:
        read(folder)
    assert problem in error.value.problem
    assert where in error.value.where
    assert error.value.where.startswith("inspections, ")
    assert error.value.remedy
    assert CANARY not in str(error.value)


def test_headers_are_matched_ignoring_case_blanks_and_underscores(tmp_path: Path) -> None:
    frame = sample("inspections")
    write_csv(tmp_path, frame.rename(columns=lambda name: f" {name.replace('_', ' ').upper()} "))
    pd.testing.assert_frame_equal(
        read(tmp_path).parsed.drop(columns="file"), _parsed(tmp_path / "other", frame).drop(columns="file")
    )


def _parsed(folder: Path, frame: pd.DataFrame) -> pd.DataFrame:
    write_csv(folder, frame)
    return read(folder).parsed


def test_unknown_and_absent_optional_columns_are_noted_and_do_not_stop_the_file(tmp_path: Path) -> None:
    frame = sample("inspections").drop(columns=["services_available"]).assign(colour="blue")
    write_csv(tmp_path, frame)
    extract = read(tmp_path)
    assert set(zip(extract.notes["value_class"], extract.notes["column"], strict=True)) == {
        ("unknown column", "file column 59"),
        ("absent column", "services_available"),
    }
    assert extract.parsed["services_available"].isna().all()
    assert "colour" not in extract.rows


def test_parquet_types_become_the_contracts_values(tmp_path: Path) -> None:
    frame = sample("reoffending", 4)
    typed = frame.assign(
        record_id=[1.0, 2.0, 3.0, 4.0],
        index_date=pd.to_datetime(frame["index_date"]),
        date_of_birth=[datetime.date(1985, 5, 17)] * 4,
        reoffended=[False, True, False, True],
        reoffences=pd.array([0, 3, 0, 3], dtype="Int64"),
        days_to_first_reoffence=[None, 360.0, None, 360.0],
        surname=pd.Categorical(["Brontë"] * 4),
    )
    typed.to_parquet(tmp_path / "extract.parquet")
    parsed = read(tmp_path, "reoffending").parsed
    assert parsed["record_id"].tolist() == ["1", "2", "3", "4"]
    assert parsed["index_date"].tolist() == pd.to_datetime(frame["index_date"]).tolist()
    assert parsed["reoffended"].tolist() == [0, 1, 0, 1]
    assert parsed["days_to_first_reoffence"].isna().tolist() == [True, False, True, False]
    assert parsed["date_of_birth"].eq(pd.Timestamp("1985-05-17")).all()
    assert parsed["line"].tolist() == [1, 2, 3, 4]


def test_a_parquet_file_reads_alike_in_row_groups_of_any_size(tmp_path: Path) -> None:
    """Each distinct value is written as text once a piece of a column: pieces must not exchange their values."""
    frame = sample("reoffending", 8).assign(reoffences=[0, 3, 0, 4, 0, 5, 0, 3], surname=["", "A", *"BCDEF", None])
    typed = frame.assign(
        index_date=pd.to_datetime(frame["index_date"]).dt.date,
        days_to_first_reoffence=pd.to_numeric(frame["days_to_first_reoffence"]),
    )
    for rows in (8, 3, 1):
        (tmp_path / str(rows)).mkdir()
        typed.to_parquet(tmp_path / str(rows) / "extract.parquet", row_group_size=rows)
    whole, *others = (read(tmp_path / str(rows), "reoffending").parsed for rows in (8, 3, 1))
    assert whole["index_date"].tolist() == pd.to_datetime(frame["index_date"]).tolist()
    assert whole["reoffences"].tolist() == [0, 3, 0, 4, 0, 5, 0, 3]
    assert whole["surname"].isna().tolist() == [True, *[False] * 6, True]
    for other in others:
        pd.testing.assert_frame_equal(other.drop(columns="file"), whole.drop(columns="file"))


@pytest.mark.parametrize(("zone", "found"), [("Europe/London", []), ("UTC", ["times in dates"])])
def test_midnight_is_asked_for_in_the_time_zone_that_is_named(tmp_path: Path, zone: str, found: list[str]) -> None:
    frame = sample("terminations")
    summer = pd.to_datetime(frame["sentence_date"]) + pd.Timedelta(days=120)
    frame["sentence_date"] = summer.dt.tz_localize("Europe/London").dt.tz_convert(zone)
    frame.to_parquet(tmp_path / "extract.parquet")
    assert read(tmp_path, "terminations").findings["kind"].tolist() == found


def test_a_column_of_lists_in_parquet_is_refused_by_name(tmp_path: Path) -> None:
    table = pa.Table.from_pandas(sample("terminations", 2))
    table = table.set_column(1, "crn", pa.array([[CANARY], [CANARY]]))
    pq.write_table(table, tmp_path / "extract.parquet")
    with pytest.raises(PipelineError, match="lists or bytes") as error:
        read(tmp_path, "terminations")
    assert CANARY not in str(error.value)


def test_a_truncated_parquet_file_gives_one_clear_message(tmp_path: Path) -> None:
    whole = io.BytesIO()
    sample("terminations").to_parquet(whole)
    write_bytes(tmp_path / "terminations", whole.getvalue()[:-20], "extract.parquet")
    with pytest.raises(PipelineError, match="cut short") as error:
        read(tmp_path / "terminations", "terminations")
    assert error.value.where.startswith("terminations, delivery 1")


def test_excel_cells_become_text_and_rows_keep_their_sheet_number(tmp_path: Path) -> None:
    frame = sample("terminations", 3)
    rows = rows_of(frame)
    header = rows[0]
    for i, row in enumerate(rows[1:]):
        row[header.index("record_id")] = 100.0 + i
        row[header.index("sentence_date")] = datetime.datetime(2018, 3, 1 + i)
        row[header.index("surname")] = None
    write_excel(tmp_path / "extract.xlsx", {"Data": [rows[0], rows[1], [None] * 3, *rows[2:]]})
    extract = read(tmp_path, "terminations")
    assert extract.parsed["record_id"].tolist() == ["100", "101", "102"]
    assert extract.parsed["line"].tolist() == [2, 4, 5]
    assert extract.parsed["sentence_date"].dt.day.tolist() == [1, 2, 3]
    assert extract.rows["sentence_date"].tolist() == ["2018-03-01", "2018-03-02", "2018-03-03"]
    assert extract.parsed["surname"].isna().all()


def test_the_sheet_that_holds_the_source_is_found_and_the_others_are_noted(tmp_path: Path) -> None:
    sheets = {"Notes": [["Contact", "The team"]], "Data": rows_of(sample("terminations"))}
    write_excel(tmp_path / "extract.xlsx", sheets)
    extract = read(tmp_path, "terminations")
    assert len(extract.parsed) == 8
    assert extract.notes["value_class"].tolist() == ["other sheet"]


EXCEL_FAULTS = {
    "a title row": ({"Data": [["Round one"], *rows_of(sample("terminations"))]}, "row 2, not on row 1"),
    "two sheets": (
        {"A": rows_of(sample("terminations")), "B": rows_of(sample("terminations"))},
        "2 sheets of the workbook",
    ),
    "no such sheet": ({"A": [["Contact"], ["x"]]}, "None of the 4 columns"),
    "no cells": ({"A": []}, "no header and no rows"),
}


@pytest.mark.parametrize(("sheets", "problem"), EXCEL_FAULTS.values(), ids=EXCEL_FAULTS.keys())
def test_a_workbook_that_does_not_fit_gives_one_clear_message(
    tmp_path: Path, sheets: dict[str, list[list[object]]], problem: str
) -> None:
    write_excel(tmp_path / "terminations" / "extract.xlsx", sheets)
    with pytest.raises(PipelineError) as error:
        read(tmp_path / "terminations", "terminations")
    assert problem in error.value.problem
    assert error.value.where.startswith("terminations, delivery 1")


@pytest.mark.parametrize("kind", ["no workbook", "cut short", "damaged inside"])
def test_a_workbook_that_cannot_be_read_gives_one_clear_message(tmp_path: Path, kind: str) -> None:
    whole = tmp_path / "whole.xlsx"
    write_excel(whole, {"Data": rows_of(sample("terminations", 200))})
    data = whole.read_bytes()
    start = data.index(b"sheet1.xml") + 60
    damaged = {
        "no workbook": CANARY.encode(),
        "cut short": data[: len(data) // 2],
        "damaged inside": data[:start] + b"\xff" * 400 + data[start + 400 :],
    }
    write_bytes(tmp_path / "terminations", damaged[kind], "extract.xlsx")
    with pytest.raises(PipelineError, match="Excel workbook") as error:
        read(tmp_path / "terminations", "terminations")
    assert error.value.where.startswith("terminations, delivery 1")
    assert CANARY not in str(error.value)


def test_a_parquet_file_with_bytes_that_are_no_text_gives_one_clear_message(tmp_path: Path) -> None:
    frame = sample("terminations", 50).assign(surname=[f"{CANARY}{i}" for i in range(50)])
    whole = io.BytesIO()
    frame.to_parquet(whole, compression=None)
    write_bytes(tmp_path, whole.getvalue().replace(CANARY.encode(), b"\xff" * len(CANARY)), "extract.parquet")
    with pytest.raises(PipelineError, match=r"no UTF-8 text|cannot be read as Parquet"):
        read(tmp_path, "terminations")


def test_days_before_1970_keep_their_date_in_parquet(tmp_path: Path) -> None:
    frame = sample("terminations", 2)
    frame["date_of_birth"] = pd.to_datetime(["1949-12-31 00:00:00", "1950-01-01 00:00:00"])
    frame.to_parquet(tmp_path / "extract.parquet")
    days = read(tmp_path, "terminations").parsed["date_of_birth"]
    assert days.dt.strftime("%Y-%m-%d").tolist() == ["1949-12-31", "1950-01-01"]


def write_spss(path: Path, frame: pd.DataFrame) -> None:
    labels = {"reoffended": {0.0: "No", 1.0: "Yes"}}
    typed = frame.assign(
        index_date=pd.to_datetime(frame["index_date"]).dt.date,
        reoffended=frame["reoffended"].astype(float),
        reoffences=frame["reoffences"].astype(float),
        days_to_first_reoffence=pd.to_numeric(frame["days_to_first_reoffence"]),
    )
    pyreadstat.write_sav(typed, str(path), variable_value_labels=labels)


def test_spss_value_labels_and_dates_are_resolved(tmp_path: Path) -> None:
    frame = sample("reoffending", 4)
    write_spss(tmp_path / "extract.sav", frame)
    extract = read(tmp_path, "reoffending")
    assert extract.rows["reoffended"].tolist() == ["No", "Yes", "No", "Yes"]
    assert extract.parsed["reoffended"].tolist() == [0, 1, 0, 1]
    assert extract.parsed["index_date"].tolist() == pd.to_datetime(frame["index_date"]).tolist()
    assert extract.parsed["days_to_first_reoffence"].isna().tolist() == [True, False, True, False]
    assert extract.parsed["line"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("kept", [0, 40, -30], ids=["0 bytes", "header cut", "rows cut"])
def test_a_truncated_spss_file_gives_one_clear_message(tmp_path: Path, kept: int) -> None:
    write_spss(tmp_path / "whole.sav", sample("reoffending", 50))
    data = (tmp_path / "whole.sav").read_bytes()
    write_bytes(tmp_path / "reoffending", data[:kept], "extract.sav")
    with pytest.raises(PipelineError, match=r"cut short|0 bytes") as error:
        read(tmp_path / "reoffending", "reoffending")
    assert error.value.where.startswith("reoffending, ")
