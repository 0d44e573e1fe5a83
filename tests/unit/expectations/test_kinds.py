"""Every kind of damage that real extracts have, in every format in which it can occur: how it ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from expectations.column_findings import WORDS
from expectations.deliveries import deliveries_outcomes
from expectations.row_counts import rows_rules, rows_steps
from expectations.runner import ERROR, WARN, check, nowhere
from expectations.source_gate import SourceContext
from expectations.sources import assess_source, source_context
from orchestration.errors import PipelineError
from orchestration.settings import CODES_DIR, Parameters
from orchestration.tables.contract import WHOLE_CONTRACT
from tests.made_up import binary_workbooks, older_workbooks
from tests.made_up.deliveries import (
    FORMATS,
    as_text,
    half_converted,
    header_again,
    in_column,
    in_sheet,
    late_days_lost,
    misread,
    on_dates,
    opendocument,
    people,
    strict,
    with_last_row,
    workbook,
    write,
)
from tests.made_up.extracts import read, write_bytes

Change = Callable[[pd.DataFrame], pd.DataFrame]
INSPECTED = pd.DataFrame({"case_type": ["community"], "start_date": [pd.Timestamp("2018-06-01")]})
DAY_0 = date(1899, 12, 30)


@dataclass(frozen=True)
class Judged:
    """What a delivery comes to: its rows as parsed, and the names of the expectations that stop and that warn."""

    rows: pd.DataFrame
    stops: set[str]
    warns: set[str]
    told: str


def judge(folder: Path, source: str = "terminations", is_compared: bool = False) -> Judged:
    """What the judges of columns find; `is_compared`: and those of deliveries, which take seconds."""
    extract = read(folder, source)
    words = [WORDS[kind] for kind in extract.findings["kind"]]
    stops, warns = ({word.name for word in words if word.warns is warns} for warns in (False, True))
    told = "".join(frame.to_csv(header=False) for frame in (extract.findings, extract.notes, extract.rejected))
    if is_compared and not stops:
        contract, context = WHOLE_CONTRACT[source], SourceContext((), None)
        checked = deliveries_outcomes(contract, extract.parsed, extract.rejected, extract, Parameters(), context)
        failed = [item.outcome for item in checked if not item.outcome.success]
        stops |= {outcome.expectation for outcome in failed if outcome.severity == ERROR}
        warns |= {outcome.expectation for outcome in failed if outcome.severity == WARN}
        told += "".join(outcome.message for outcome in failed)
    return Judged(extract.parsed, stops, warns, told)


def content(accepted: pd.DataFrame) -> list[list[object]]:
    rows = accepted.drop(columns=["file", "line"]).astype(object)
    return rows.where(rows.notna(), None).to_numpy().tolist()


def one(frame: pd.DataFrame, column: str, value: object, row: int = 7) -> pd.DataFrame:
    cells = frame[column].tolist()
    cells[row] = value
    return frame.assign(**{column: cells})


def dates_as(pattern: str) -> Change:
    return lambda frame: as_text(frame, pattern)


def moments(hours: int) -> Change:
    return on_dates(lambda day: datetime(day.year, day.month, day.day) - timedelta(hours=hours * (4 <= day.month <= 9)))


def _first_of_three(cells: pd.Series) -> list[object]:
    return [cell if i % 3 == 0 else None for i, cell in enumerate(cells)]


def _entities(text: str) -> str:
    return text.replace("'", "&#39;").replace("e", "&#x65;")


def _swallowed(data: bytes) -> bytes:
    """A mark opened on one line and closed on another, so that the rows between are one cell."""
    return data.replace(b",X100010,", b',"X100010,').replace(b",X100012,", b',X100012",')


STOPS: dict[str, tuple[Change, str]] = {
    "half converted": (on_dates(half_converted), "dates_not_half_converted"),
    "the order of another country": (dates_as("%m/%d/%Y"), "dates_in_order"),
    "the order of another country, with dots": (dates_as("%Y-%d-%m"), "dates_in_order"),
    "years of two digits": (dates_as("%d/%m/%y"), "years_have_four_digits"),
    "written in UTC": (moments(1), "dates_without_times"),
    "written in UTC, as text": (
        lambda frame: as_text(moments(2)(frame), "%Y-%m-%d %H:%M:%S"),
        "dates_without_times",
    ),
    "serial numbers among dates": (
        lambda frame: in_column("termination_date", lambda _: "43500")(as_text(frame)),
        "serial_numbers_alone",
    ),
    "days counted from 1960": (
        on_dates(lambda day: str((day - date(1960, 1, 1)).days)),
        "serial_numbers_plausible",
    ),
    "half converted and the rest lost": (on_dates(late_days_lost), "late_days_kept"),
    "dates of which only the month was kept": (on_dates(lambda day: day.replace(day=1)), "dates_have_days"),
    "a number of rows that is not theirs": (with_last_row("(75 rows affected)"), "rows_as_stated"),
    "a total that is not theirs": (with_last_row("Total", "75"), "rows_as_stated"),
    "ids that lost digits": (in_column("record_id", lambda _: "1.23457E+11", 30), "ids_keep_digits"),
}
COMPARED: dict[str, tuple[Change, str]] = {
    "dates of birth in words": (
        lambda frame: frame.assign(date_of_birth=[day.strftime("%d %B %Y") for day in frame["date_of_birth"]]),
        "optional_dates_readable",
    ),
    "persons merged over their rows": (
        lambda frame: frame.assign(**{name: _first_of_three(frame[name]) for name in frame.columns[1:6]}),
        "rows_name_a_person",
    ),
    "a needed column empty": (lambda frame: frame.assign(termination_reason=None), "needed_column_filled"),
    "the same rows under new ids": (
        lambda frame: pd.concat([frame, frame.assign(record_id=[f"N{i}" for i in range(len(frame))])]),
        "rows_not_again",
    ),
    "a column filled down": (
        lambda _: people("terminations", 120).assign(termination_reason="excluded"),
        "column_has_several_values",
    ),
    "births in the wrong century": (
        on_dates(lambda day: day.replace(year=day.year + 100, day=min(day.day, 28)) if day.year < 1969 else day),
        "births_in_their_century",
    ),
    "names empty": (lambda frame: frame.assign(surname=None), "needed_column_filled"),
    "ids that became numbers": (
        lambda frame: pd.concat(
            [
                frame.assign(record_id=[f"{i:06d}" for i in range(len(frame))]),
                frame.assign(record_id=[f"{i}.0" for i in range(len(frame))], crn=None),
            ]
        ),
        "ids_keep_zeros",
    ),
    "ids that lost their zeros": (
        lambda frame: pd.concat(
            [
                frame.assign(record_id=[f"{i:06d}" for i in range(len(frame))]),
                frame.assign(record_id=[str(i) for i in range(len(frame))]),
            ]
        ).tail(-1),
        "ids_keep_zeros",
    ),
}
READ_ALIKE: dict[str, tuple[Change, set[str]]] = {
    "DD/MM/YYYY": (dates_as("%d/%m/%Y"), set()),
    "midnights": (dates_as("%Y-%m-%d 00:00:00.000"), set()),
    "midnights of another kind": (dates_as("%Y-%m-%dT00:00:00Z"), set()),
    "serial numbers": (on_dates(lambda day: str((day - DAY_0).days)), {"dates_not_numbers"}),
    "UTF-8 read as Windows-1252": (in_column("surname", misread, 1), {"text_as_written"}),
    "the same twice": (in_column("surname", lambda text: misread(misread(text)), 1), {"text_as_written"}),
    "UTF-8 read on a Macintosh": (in_column("surname", lambda t: misread(t, "mac_roman"), 1), {"text_as_written"}),
    "the header on every page": (header_again, {"header_once"}),
    "a total below": (with_last_row("Total", "60"), {"no_footer"}),
    "a note below": (with_last_row("Exported on 07/01/2019, official"), {"no_footer"}),
    "escapes of Open XML": (in_column("surname", lambda text: f"{text}_x000D_"), {"text_as_written"}),
    "entities": (
        in_column("surname", _entities),
        {"text_as_written"},
    ),
    "characters that nobody sees": (
        in_column("forenames", lambda text: f"\u200b{text[:2]}\u202e{text[2:]}\u00ad"),
        {"text_as_written"},
    ),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("kind", STOPS)
def test_a_column_that_cannot_be_trusted_stops_with_its_cause(tmp_path: Path, kind: str, ending: str) -> None:
    change, expectation = STOPS[kind]
    write(tmp_path / f"extract{ending}", change(people("terminations")))
    judged = judge(tmp_path)
    assert judged.stops == {expectation}
    assert not [name for name in ("Bailey", "Nowak", "X1000") if name in judged.told]


@pytest.mark.parametrize("kind", COMPARED)
def test_rows_that_cannot_be_trusted_stop_with_their_cause(tmp_path: Path, kind: str) -> None:
    change, expectation = COMPARED[kind]
    write(tmp_path / "extract.csv", change(people("terminations")))
    judged = judge(tmp_path, is_compared=True)
    assert judged.stops == {expectation}
    assert not [name for name in ("Bailey", "Nowak", "X1000") if name in judged.told]


def test_the_gate_tells_a_column_that_cannot_be_trusted_and_nothing_that_follows_from_it(tmp_path: Path) -> None:
    write(tmp_path / "extract.csv", on_dates(half_converted)(people("terminations")))
    context = source_context(CODES_DIR, INSPECTED)
    accepted, result = assess_source("terminations", read(tmp_path, "terminations"), Parameters(), context)
    assert ([outcome.expectation for outcome in result.failures()], len(accepted)) == (["dates_not_half_converted"], 0)


@pytest.fixture(scope="module")
def good_content(tmp_path_factory: pytest.TempPathFactory) -> list[list[object]]:
    folder = tmp_path_factory.mktemp("good")
    write(folder / "extract.csv", people("terminations"))
    return content(judge(folder).rows)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("kind", READ_ALIKE)
def test_what_can_be_undone_is_read_as_the_good_extract(
    tmp_path: Path, kind: str, ending: str, good_content: list[list[object]]
) -> None:
    change, warns = READ_ALIKE[kind]
    write(tmp_path / f"extract{ending}", change(people("terminations")))
    judged = judge(tmp_path)
    assert (judged.stops, judged.warns) == (set(), warns)
    assert content(judged.rows) == good_content


@pytest.mark.parametrize("ending", FORMATS)
def test_marks_for_missing_are_missing_where_another_column_has_them_too(tmp_path: Path, ending: str) -> None:
    good = as_text(people("terminations"))
    write(tmp_path / "marked" / f"e{ending}", one(one(good, "surname", "NA"), "date_of_birth", "NA", 3))
    write(tmp_path / "named" / f"e{ending}", one(good, "surname", "NA"))
    marked, named = judge(tmp_path / "marked"), judge(tmp_path / "named")
    assert (marked.stops, marked.warns, marked.rows["surname"].isna().sum()) == (set(), {"missing_is_empty"}, 1)
    assert (named.warns, named.rows["surname"].isna().sum()) == (set(), 0)


@pytest.mark.parametrize("ending", FORMATS)
def test_an_error_of_a_spreadsheet_is_missing_in_every_format(tmp_path: Path, ending: str) -> None:
    error = {".csv": "#ERROR!", ".ods": "Err:508"}.get(ending, "#REF!")  # of Google, of LibreOffice, of Excel
    write(tmp_path / f"e{ending}", in_column("surname", lambda _: error)(people("terminations")))
    judged = judge(tmp_path)
    assert (judged.stops, judged.warns, judged.rows["surname"].isna().sum()) == (set(), {"no_error_cells"}, 12)


def test_texts_written_as_formulas_in_csv_are_texts(tmp_path: Path) -> None:
    good = people("terminations")
    write(tmp_path / "good" / "e.csv", good)
    write(tmp_path / "other" / "e.csv", in_column("record_id", lambda text: f'="{text}"', 1)(good))
    judged = judge(tmp_path / "other")
    assert (judged.stops, judged.warns) == (set(), {"text_as_written"})
    assert content(judged.rows) == content(judge(tmp_path / "good").rows)


def test_dates_that_go_back_from_one_delivery_to_the_next_stop(tmp_path: Path) -> None:
    write(tmp_path / "a_2020-01-01.csv", people("terminations"))
    earlier = on_dates(lambda day: day.replace(year=day.year - 10, day=min(day.day, 28)))(
        people("terminations", seed=2)
    )
    write(tmp_path / "b_2020-02-01.csv", earlier.assign(record_id=[f"N{i}" for i in range(60)]))
    judged = judge(tmp_path, is_compared=True)
    assert judged.stops == {"dates_not_back"}
    assert "sentence_date in delivery 2" in judged.told


def test_a_date_after_the_day_of_delivery_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a_2019-06-01.csv", people("terminations"))
    assert judge(tmp_path, is_compared=True).warns == {"dates_before_delivery"}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_year_that_no_calendar_has_is_one_impossible_date(tmp_path: Path, ending: str) -> None:
    frame = as_text(people("terminations"))
    write(tmp_path / f"extract{ending}", one(frame, "date_of_birth", "20016-03-04"))
    judged = judge(tmp_path)
    assert judged.told.count("date_of_birth,impossible date") == 1
    assert (judged.stops, len(judged.rows)) == (set(), len(frame))


def test_a_number_of_seconds_beyond_the_calendar_is_one_impossible_date(tmp_path: Path) -> None:
    frame = people("terminations", 8)
    seconds = [(day - date(1582, 10, 14)).days * 86_400.0 for day in frame["date_of_birth"]]
    numbers = as_text(frame.drop(columns="date_of_birth")).assign(date_of_birth=[*seconds[:6], 1e15, float("inf")])
    pyreadstat.write_sav(numbers, str(tmp_path / "e.sav"), variable_format={"date_of_birth": "DATE11"})
    judged = judge(tmp_path)
    assert judged.told.count("date_of_birth,impossible date") == 2
    assert judged.rows["date_of_birth"].dt.date.tolist()[:6] == frame["date_of_birth"].tolist()[:6]


@pytest.mark.parametrize(("every", "stops"), [(30, set()), (5, {"numbers_are_known"})])
def test_a_number_that_stands_apart_is_told_and_stops_where_it_stands_in_many_rows(
    tmp_path: Path, every: int, stops: set[str]
) -> None:
    write(tmp_path / "e.csv", in_column("previous_sanctions", lambda _: "99", every)(people("inspections")))
    judged = judge(tmp_path, "inspections", is_compared=True)
    assert (judged.stops, judged.warns) == (stops, {"no_undeclared_missing"})
    assert f"previous_sanctions: 99 in {60 // every} rows" in judged.told


def test_a_placeholder_date_is_told(tmp_path: Path) -> None:
    frame = people("terminations")
    write(tmp_path / "e.csv", frame.assign(date_of_birth=[date(1970, 1, 1)] * 6 + frame["date_of_birth"].tolist()[6:]))
    assert judge(tmp_path).warns == {"no_placeholder_dates"}


def test_half_the_rows_of_the_delivery_before_stop_unless_that_many_were_promised(tmp_path: Path) -> None:
    write(tmp_path / "a_2019-01-01.csv", people("terminations", 120))
    later = write(tmp_path / "b_2019-02-01.xlsx", people("terminations", 60))
    judged = judge(tmp_path, is_compared=True)
    assert judged.stops == {"rows_not_fewer"}
    assert "60 rows, 50% of the 120 before it" in judged.told
    later.with_name(f"{later.name}.control").write_text("rows,60\n")
    assert judge(tmp_path, is_compared=True).stops == set()


PROMISES = [
    "rows,61",
    "sum,reoffences,1",
    "sha256," + "0" * 64,
    "rows,many",
    "rows," + "9" * 20,
    "rows," + "9" * 5000,
    "sum,x,1",
    "sum,line,20",
]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[:20])
def test_a_promise_that_is_not_kept_or_none_stops(tmp_path: Path, promise: str) -> None:
    path = write(tmp_path / "e.csv", people("reoffending", 60))
    path.with_name("e.csv.control").write_text(f"rows,60\n{promise}\n")
    with pytest.raises(PipelineError, match="ontrol file"):
        judge(tmp_path, "reoffending")


def test_a_promise_for_a_copy_of_another_file_is_held_against_it(tmp_path: Path) -> None:
    """Last month's file under this month's name is what control files are there to find."""
    write(tmp_path / "a_2019-01-01.csv", people("terminations", 60))
    copy = write(tmp_path / "b_2019-02-01.csv", people("terminations", 60))
    copy.with_name(f"{copy.name}.control").write_text("rows,60\n")
    assert judge(tmp_path).stops == set()
    copy.with_name(f"{copy.name}.control").write_text("rows,75\n")
    with pytest.raises(PipelineError, match="has 60 rows; its control file says 75"):
        judge(tmp_path)


@pytest.mark.parametrize("name", ["e.csv.CONTROL", "e.control", "f.csv.control"])
def test_a_control_file_without_its_delivery_is_told(tmp_path: Path, name: str) -> None:
    write(tmp_path / "e.csv", people("terminations", 60))
    (tmp_path / name).write_text("rows,75\n")
    with pytest.raises(PipelineError, match="A control file has no delivery beside it"):
        judge(tmp_path)
    (tmp_path / name).rename(tmp_path / "f.csv.control")
    (tmp_path / "f.csv.part").touch()  # its delivery is on the way
    assert judge(tmp_path).stops == set()


def test_a_number_in_a_last_row_is_not_repeated(tmp_path: Path) -> None:
    """It may be of a person."""
    mutate = with_last_row("Note: 1 record withheld, CRN 4711223")
    write(tmp_path / "e.csv", mutate(people("terminations")))
    judged = judge(tmp_path)
    assert judged.stops == {"rows_as_stated"}
    assert not [text for text in ("4711223", "4,711,223") if text in judged.told]


def test_a_column_that_a_bulletin_needs_is_not_suddenly_empty(tmp_path: Path) -> None:
    write(tmp_path / "a_2019-01-01.csv", people("inspections", 60))
    later = people("inspections", 110).tail(50).assign(gender=None)
    write(tmp_path / "b_2019-02-01.csv", one(later, "gender", "male"))
    assert judge(tmp_path, "inspections", is_compared=True).stops == {"column_not_newly_empty"}


@pytest.mark.parametrize("names", [("a_2019-01-01.csv", "b.csv"), ("a_2019-01-01.csv", "b_2019-01-01.csv")])
def test_an_order_that_is_not_known_stops_where_it_decides(tmp_path: Path, names: tuple[str, str]) -> None:
    write(tmp_path / names[0], people("terminations"))
    write(tmp_path / names[1], people("terminations").assign(termination_reason="excluded"))
    assert judge(tmp_path).stops == {"order_of_deliveries_known"}


def test_the_same_case_under_two_ids_stops_and_two_inspections_of_a_sentence_are_told(tmp_path: Path) -> None:
    good = people("inspections")
    again = good.head(1).assign(case_id="I900", gender="female", ogrs_score="50")
    write(tmp_path / "copy" / "e.csv", pd.concat([good, again]))
    assert judge(tmp_path / "copy", "inspections", is_compared=True).stops == {"case_is_no_copy"}
    write(tmp_path / "twice" / "e.csv", pd.concat([good, again.assign(fieldwork_date=date(2020, 1, 6))]))
    judged = judge(tmp_path / "twice", "inspections", is_compared=True)
    assert (judged.stops, judged.warns) == (set(), {"sentence_inspected_once"})


def _rows(frame: pd.DataFrame) -> list[list[object]]:
    return [list(frame.columns), *frame.to_numpy().tolist()]


def _with_hidden_rows(book: openpyxl.Workbook) -> None:
    book.active.row_dimensions[5].hidden = True


def _with_merged_cells(book: openpyxl.Workbook) -> None:
    book.active.merge_cells("D4:D6")


def _with_hidden_column(book: openpyxl.Workbook) -> None:
    book.active.column_dimensions["D"].hidden = True


def _with_formulas(book: openpyxl.Workbook) -> None:
    book.active["D4"] = '=UPPER("x")'


def _with_errors(book: openpyxl.Workbook) -> None:
    book.active["D4"] = "#REF!"


TOUCHED = {
    "hidden rows": (_with_hidden_rows, set(), {"no_hidden_rows"}),
    "a hidden column": (_with_hidden_column, set(), {"no_hidden_columns"}),
    "merged cells": (_with_merged_cells, {"cells_not_merged"}, set()),
    "formulas without values": (_with_formulas, {"formulas_have_values"}, set()),
    "error cells": (_with_errors, set(), {"no_error_cells"}),
}
_A_CELL = '<table:table-cell office:value-type="string"><text:p>X100010</text:p></table:table-cell>'
TOUCHED_OPENDOCUMENT = {
    "hidden rows": ("<table:table-row>", '<table:table-row table:visibility="filter">', set(), {"no_hidden_rows"}),
    "merged cells": (_A_CELL, "<table:covered-table-cell/>", {"cells_not_merged"}, set()),
    "formulas without values": (_A_CELL, '<table:table-cell table:formula="of:=A1"/>', {"formulas_have_values"}, set()),
}


@pytest.mark.parametrize("kind", TOUCHED_OPENDOCUMENT)
def test_what_an_opendocument_spreadsheet_hides_is_told_or_stops(tmp_path: Path, kind: str) -> None:
    old, new, stops, warns = TOUCHED_OPENDOCUMENT[kind]
    made = opendocument(_rows(people("terminations")), lambda sheet: new.join(sheet.rsplit(old, 1)))
    write_bytes(tmp_path, made, "extract.ods")
    judged = judge(tmp_path)
    assert (judged.stops, judged.warns) == (stops, warns)


def in_a_hidden_sheet(ending: str, rows: list[list[object]]) -> bytes:
    if ending == ".xls":
        return older_workbooks.workbook(rows, is_hidden=True)
    if ending == ".xlsb":
        return binary_workbooks.workbook(binary_workbooks.rows_of(rows), is_hidden=True)
    return opendocument(rows, lambda sheet: sheet.replace("<table:table ", '<table:table table:style-name="hidden" '))


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".ods"])
def test_the_one_sheet_of_a_spreadsheet_is_not_the_source_where_it_is_hidden(tmp_path: Path, ending: str) -> None:
    write_bytes(tmp_path, in_a_hidden_sheet(ending, _rows(people("terminations"))), f"extract{ending}")
    with pytest.raises(PipelineError, match="is hidden"):
        judge(tmp_path)


def test_formulas_that_a_library_has_set_to_0_have_no_values(tmp_path: Path) -> None:
    frame = as_text(people("inspections"))
    book = xlsxwriter.Workbook(tmp_path / "e.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate(_rows(frame)):
        sheet.write_row(number, 0, [cell for cell in row])
    column = list(frame.columns).index("previous_sanctions")
    for number in range(len(frame)):
        sheet.write_formula(number + 1, column, "=1+1")
    book.close()
    assert judge(tmp_path, "inspections").stops == {"formulas_have_values"}


@pytest.mark.parametrize("kind", TOUCHED)
def test_what_a_workbook_hides_is_told_or_stops(tmp_path: Path, kind: str) -> None:
    touch, stops, warns = TOUCHED[kind]
    write_bytes(tmp_path, workbook(_rows(people("terminations")), touch), "extract.xlsx")
    judged = judge(tmp_path)
    assert (judged.stops, judged.warns) == (stops, warns)


def test_strict_open_xml_is_read(tmp_path: Path) -> None:
    good = people("terminations")
    write_bytes(tmp_path / "strict", strict(workbook(_rows(good))), "extract.xlsx")
    write(tmp_path / "good" / "extract.csv", good)
    assert content(judge(tmp_path / "strict").rows) == content(judge(tmp_path / "good").rows)


def test_an_opendocument_spreadsheet_is_read(tmp_path: Path) -> None:
    good = people("terminations")
    write(tmp_path / "good" / "extract.csv", good)
    write_bytes(tmp_path / "other", opendocument(_rows(good)), "extract.ods")
    assert content(judge(tmp_path / "other").rows) == content(judge(tmp_path / "good").rows)


def test_a_hidden_sheet_is_never_the_source(tmp_path: Path) -> None:
    good = people("terminations")

    def touch(book: openpyxl.Workbook) -> None:
        book.active.sheet_state = "hidden"
        shown = book.create_sheet("Extract")
        for row in _rows(good.rename(columns={"termination_reason": "reason for it"})):
            shown.append(row)

    write_bytes(tmp_path, workbook(_rows(good), touch), "extract.xlsx")
    with pytest.raises(PipelineError, match=r"termination_reason\. A hidden sheet has them"):
        judge(tmp_path)


@pytest.mark.parametrize("number", ["2", "4"])
def test_rows_out_of_order_or_twice_in_a_sheet_stop(tmp_path: Path, number: str) -> None:
    content = in_sheet(workbook(_rows(people("terminations"))), r'<row r="6"', f'<row r="{number}"')
    write_bytes(tmp_path, content, "extract.xlsx")
    with pytest.raises(PipelineError, match="out of order, or twice"):
        judge(tmp_path)


def _csv(change: Callable[[bytes], bytes]) -> bytes:
    return change(people("reoffending").to_csv(index=False).encode())


CSV_FAULTS = {
    "cut in the middle of a row": (lambda data: data[:-20], "last_row_whole"),
    "cut in the last number": (lambda data: data[:-2], "last_row_whole"),
    "a DOS code page": (lambda data: data.decode().encode("cp850"), "code page of DOS"),
    "one stray byte": (lambda data: data.replace(b"Marsh", b"M\xe9rsh", 1), "mixes two encodings"),
    "a mark never closed": (lambda data: data.replace(b"R010,", b'"R010,', 1), "not closed"),
    "rows swallowed": (_swallowed, "swallowed"),
    "a very long cell": (lambda data: data.replace(b"R010,", b"R" * 200_000 + b","), "longer than"),
}


@pytest.mark.parametrize("kind", CSV_FAULTS)
def test_a_csv_file_that_lost_or_gained_something_stops_with_its_cause(tmp_path: Path, kind: str) -> None:
    change, cause = CSV_FAULTS[kind]
    write_bytes(tmp_path, _csv(change), "extract.csv")
    try:
        told = " ".join(judge(tmp_path, "reoffending").stops)
    except PipelineError as error:
        told = str(error)
    assert cause in told


ONE_VALUE_ROWS = Parameters().one_value_rows
CONTENTS: dict[str, tuple[str, Change, str]] = {
    "a score in tenths": (
        "inspections",
        lambda frame: frame.assign(ogrs_score=[str(i % 10 + 1) for i in range(len(frame))]),
        "numbers_on_their_scale",
    ),
    "weeks for days": (
        "reoffending",
        lambda frame: frame.assign(
            reoffended="1", reoffences="2", days_to_first_reoffence=[str(i % 52 + 1) for i in range(len(frame))]
        ),
        "numbers_on_their_scale",
    ),
    "a flag for a count": (
        "reoffending",
        lambda frame: frame.assign(
            reoffended="1", reoffences="1", days_to_first_reoffence=[str(i % 360 + 1) for i in range(len(frame))]
        ),
        "numbers_on_their_scale",
    ),
    "identifiers in each other's columns": (
        "terminations",
        lambda frame: frame.rename(columns={"crn": "pnc_id", "pnc_id": "crn"}),
        "identifiers_in_their_columns",
    ),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_column_that_holds_something_else_stops(tmp_path: Path, kind: str) -> None:
    source, change, expectation = CONTENTS[kind]
    write(tmp_path / "e.csv", change(people(source, ONE_VALUE_ROWS)))
    assert expectation in judge(tmp_path, source, is_compared=True).stops


@pytest.mark.parametrize(
    ("n_rows", "told"), [(65_535, {"rows_not_at_limit"}), (65_536, {"rows_not_at_limit"}), (3_000, {"rows_not_round"})]
)
def test_rows_that_end_where_programs_do_are_told_unless_that_many_were_promised(n_rows: int, told: set[str]) -> None:
    profile = pd.DataFrame({"delivery_order": [1], "delivery": ["delivery 1"], "rows": [n_rows]})
    for promised, expected in ((None, told), (n_rows, set())):
        made = pd.DataFrame({"delivery": ["delivery 1"], "expected_rows": pd.array([promised], dtype="Int64")})
        steps = rows_steps(profile, made)
        rules = rows_rules(WHOLE_CONTRACT["terminations"], steps, Parameters())
        checked = check("terminations", steps, rules, nowhere)
        assert {item.outcome.expectation for item in checked if not item.outcome.success} == expected


def from_1904(ending: str, rows: list[list[object]]) -> bytes:
    """A workbook whose days count from 1904, as those of old Macintoshes do, as bare numbers."""
    numbers = [[(cell - date(1904, 1, 1)).days if isinstance(cell, date) else cell for cell in row] for row in rows]
    if ending == ".xls":
        return older_workbooks.workbook(numbers, is_from_1904=True)
    if ending == ".xlsb":
        return binary_workbooks.workbook(binary_workbooks.rows_of(numbers), is_from_1904=True)
    setting = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    return opendocument(numbers, lambda sheet: setting + sheet)


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".ods"])
def test_days_counted_from_1904_are_read_so(tmp_path: Path, ending: str, good_content: list[list[object]]) -> None:
    frame = people("terminations")
    write_bytes(tmp_path, from_1904(ending, [list(frame.columns), *frame.to_numpy().tolist()]), f"extract{ending}")
    judged = judge(tmp_path)
    assert (judged.stops, judged.warns) == (set(), {"dates_not_numbers"})
    assert content(judged.rows) == good_content
