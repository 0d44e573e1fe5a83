"""The reviewer's spreadsheet: what it shows, what it hides, and how a filled one is read."""

import io
from datetime import date, timedelta

import pandas as pd
import pytest
from openpyxl import load_workbook

from orchestration.errors import PipelineError
from orchestration.linkage.review.contents import VALUES, row_digest
from orchestration.linkage.review.reading import read_workbook
from orchestration.linkage.review.workbook import COLUMNS, INPUTS, workbook_bytes

SAMPLE = "20240102-abcdef01-10-1"
COLUMN = {heading: number for number, heading in enumerate(COLUMNS, start=1)}


@pytest.fixture
def contents() -> pd.DataFrame:
    """Two pairs of terminations and one of reoffending, with values that spreadsheet programs like to change."""
    rows = [
        {"pair": "AB-00001", "source": "terminations", "case_surname": "=1+1", "record_surname": "00123"},
        {"pair": "AB-00002", "source": "terminations", "case_received_surname": "O\x0bBRIEN", "days": "-7"},
        {"pair": "AB-00003", "source": "reoffending", "case_date_of_birth": "1990-02-01", "days": "0"},
    ]
    return pd.DataFrame(rows, columns=["pair", "source", *VALUES]).fillna("").astype(str)


@pytest.fixture
def drawn(contents, tmp_path):
    path = tmp_path / "review.xlsx"
    path.write_bytes(workbook_bytes(SAMPLE, contents))
    return path


def _filled(path, **cells):
    """Every line answered; `cells`: (sheet, line, column) -> value for what differs, given as sheet_line_column."""
    workbook = load_workbook(path)
    for sheet in workbook.worksheets[1:]:
        for line in range(2, sheet.max_row + 1):
            sheet.cell(line, COLUMN["Verdict"], "match")
            sheet.cell(line, COLUMN["Reviewer"], "AB")
            sheet.cell(line, COLUMN["Reviewed on"], "2024-01-03")
    for place, value in cells.items():
        sheet, line, column = place.split("__")
        workbook[sheet].cell(int(line), COLUMN[column.replace("_", " ")], value)
    workbook.save(path)
    return path


def test_values_stay_the_text_they_are(drawn, contents):
    sheet = load_workbook(drawn)["terminations"]
    cell = sheet.cell(2, COLUMN["Surname: case, normalised"])
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert sheet.cell(2, COLUMN["Surname: record, normalised"]).value == "00123"
    assert sheet.cell(3, COLUMN["Days between"]).value == "-7"


def test_only_the_answers_can_be_written_and_a_list_offers_the_verdicts(drawn):
    sheet = load_workbook(drawn)["terminations"]
    assert sheet.protection.sheet
    unlocked = {heading for heading, number in COLUMN.items() if not sheet.cell(2, number).protection.locked}
    assert unlocked == set(INPUTS)
    (verdicts,) = sheet.data_validations.dataValidation
    assert (verdicts.formula1, str(verdicts.sqref)) == ('"match,not_match,unsure"', "B2:B3")


def test_lines_differ_in_nothing_but_their_values(drawn):
    """No colour, comment, height, hidden row or hidden sheet tells one kind of pair from another."""
    workbook = load_workbook(drawn)
    assert all(sheet.sheet_state == "visible" for sheet in workbook.worksheets)
    sheet = workbook["terminations"]
    looks = [[(cell.fill.fgColor.rgb, cell.comment) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert looks[0] == looks[1]
    assert not any(sheet.row_dimensions[line].hidden or sheet.row_dimensions[line].height for line in (2, 3))


def test_a_filled_workbook_gives_back_what_was_written(drawn, contents):
    path = _filled(drawn, terminations__3__Verdict="Not match", reoffending__2__Reviewed_on=date(2024, 1, 4))
    reading = read_workbook(path)
    assert (reading.sample, reading.faults) == (SAMPLE, [])
    assert [(line.pair, line.verdict) for line in reading.lines] == [
        ("AB-00001", "match"),
        ("AB-00002", "not_match"),
        ("AB-00003", "match"),
    ]
    assert [line.reviewed_on for line in reading.lines] == ["2024-01-03", "2024-01-03", "2024-01-04"]


def test_what_stands_on_a_line_is_recognised_after_saving(drawn, contents):
    digests = [line.digest for line in read_workbook(_filled(drawn)).lines]
    assert digests == row_digest(contents)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"terminations__2__Verdict": "perhaps"}, "sheet 'terminations', line 2, column 'Verdict'"),
        ({"terminations__2__Reviewer": ""}, "sheet 'terminations', line 2, column 'Reviewer'"),
        ({"reoffending__2__Reviewed_on": "31/02/2024"}, "sheet 'reoffending', line 2, column 'Reviewed on'"),
        ({"reoffending__2__Reviewed_on": date.today() + timedelta(days=1)}, "lies in the future"),
        ({"terminations__1__Comment": "Notes"}, "headings missing or twice: Comment"),
    ],
    ids=["unknown verdict", "no reviewer", "impossible date", "future date", "changed heading"],
)
def test_a_fault_is_named_by_sheet_line_and_column(drawn, cells, fault):
    (found,) = read_workbook(_filled(drawn, **cells)).faults
    assert fault in found


def test_a_missing_sheet_is_a_fault(drawn):
    workbook = load_workbook(drawn)
    del workbook["reoffending"]
    workbook.save(drawn)
    assert read_workbook(drawn).faults == ["sheet 'reoffending' is missing: take it from the workbook as drawn"]


@pytest.mark.parametrize("content", [b"pair,verdict\n", b"PK\x03\x04 torn"], ids=["a CSV file", "a torn archive"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "filled.xlsx"
    path.write_bytes(content)
    with pytest.raises(PipelineError, match="not an Excel workbook"):
        read_workbook(path)


def test_the_same_contents_give_the_same_lines(contents):
    first, second = (load_workbook(io.BytesIO(workbook_bytes(SAMPLE, contents))) for _ in range(2))
    lines = [[list(sheet.values) for sheet in workbook.worksheets] for workbook in (first, second)]
    assert lines[0] == lines[1]
