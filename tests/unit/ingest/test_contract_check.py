"""How a file would be read, told before it is delivered, and the draft that maps its columns."""

import csv
import io
import shutil
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.contract_check import ContractCheck, check_file
from orchestration.ingest.labels import HEADERS_TABLE
from orchestration.settings import CODES_DIR, IntakeLimits
from orchestration.tables.contract import INSPECTIONS
from tests.made_up.deliveries import FORMATS, as_text, half_converted, on_dates, people, with_last_row, write

# What a form may call them: names that say nothing, with questions behind them.
QUESTIONS = {
    "case_id": "Case reference",
    "surname": "Surname of the service user",
    "forenames": "Forenames of the service user",
    "date_of_birth": "Date of birth",
    "start_date": "Start date of sentence or release",
    "fieldwork_date": "First week of fieldwork",
    "gender": "Gender",
    "previous_sanctions": "Number of previous sanctions",
    "ogrs_score": "OGRS score, two years",
    "engagement": "Is the sentence implemented with a focus on engaging the person?",
    "working_relationship": "Is an effective working relationship maintained?",
    "assessment_needs": "Does the assessment cover the factors linked to offending?",
    "planning_needs": "Does planning cover the factors linked to offending?",
    "need_alcohol": "Factor linked to offending: alcohol misuse",
    "delivery_alcohol": "Delivery sufficient: alcohol misuse",
    "services_available": "Were the services needed available?",
}


def check(path: Path, source: str | None = None, codes_dir: Path = CODES_DIR) -> ContractCheck:
    return check_file(path, source, codes_dir, IntakeLimits())


def draft(found: ContractCheck) -> dict[str, str]:
    rows = list(csv.DictReader(io.StringIO(found.draft)))
    assert {row["source"] for row in rows} <= {found.source}
    return {row["header"]: row["column"] for row in rows}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("source", ["inspections", "terminations", "reoffending"])
def test_a_good_file_is_known_by_its_columns_and_lacks_nothing(tmp_path: Path, source: str, ending: str) -> None:
    found = check(write(tmp_path / f"any{ending}", people(source)))
    assert (found.source, found.n_rows, found.missing, found.unknown) == (source, 60, [], {})
    assert found.findings.empty
    assert (found.columns["unreadable"] == 0).all()


def test_a_form_of_spss_with_names_of_its_own_is_mapped_by_its_questions(tmp_path: Path) -> None:
    frame = people("inspections")
    names = {column: f"Q{number}" for number, column in enumerate(QUESTIONS)}
    pyreadstat.write_sav(
        as_text(frame).rename(columns=names),
        str(tmp_path / "form.sav"),
        column_labels=[QUESTIONS.get(column, "") for column in frame.columns],
    )
    found = check(tmp_path / "form.sav")
    assert found.source == "inspections"
    assert draft(found) == {name: column for column, name in names.items()}
    assert "Q0 (Case reference)" in found.unknown
    codes = shutil.copytree(CODES_DIR, tmp_path / "codes")
    with (codes / HEADERS_TABLE).open("a") as table:
        table.write(found.draft.split("\n", 1)[1])
    mapped = check(tmp_path / "form.sav", "inspections", codes)
    assert (mapped.missing, mapped.unknown) == ([], {})


def test_a_guess_never_names_a_column_that_the_cells_cannot_be(tmp_path: Path) -> None:
    frame = people("inspections").rename(columns={"gender": "gender of case"}).assign(**{"gender code": "Q7"})
    assert draft(check(write(tmp_path / "e.csv", frame))) == {"gender of case": "gender", "gender code": ""}


def test_labels_that_one_column_has_alone_tell_it_whatever_it_is_called(tmp_path: Path) -> None:
    names = {"gender": "f12", "provider": "f13", "rosh_level": "f14", "engagement": "f15", "surname": "f16"}
    frame = people("inspections").rename(columns=names)
    guessed = draft(check(write(tmp_path / "e.csv", frame)))
    assert guessed == {"f12": "gender", "f13": "provider", "f14": "rosh_level", "f15": "", "f16": ""}


def test_no_column_is_guessed_twice(tmp_path: Path) -> None:
    frame = people("terminations").rename(columns={"surname": "last surname"})
    frame["first surname"] = frame["last surname"]
    guessed = [column for column in draft(check(write(tmp_path / "e.csv", frame))).values() if column]
    assert guessed == ["surname"]


def test_missing_columns_unreadable_cells_and_findings_are_told_by_line(tmp_path: Path) -> None:
    frame = on_dates(half_converted)(people("terminations")).drop(columns="termination_reason")
    frame.loc[frame.index[4], "sentence_date"] = "soon"
    found = check(write(tmp_path / "e.csv", frame))
    assert found.missing == ["termination_reason"]
    assert "half converted dates" in set(found.findings["kind"])
    row = found.columns.set_index("column").loc["sentence_date"]
    assert (row["first_lines"], row["problem"], row["unreadable"]) == ("6", "text where a date is expected", 1 / 60)


def test_rows_that_are_no_records_are_told_and_not_counted(tmp_path: Path) -> None:
    found = check(write(tmp_path / "e.xlsx", with_last_row("Total", "60")(people("terminations"))))
    assert (found.n_rows, found.findings["kind"].tolist()) == (60, ["footer"])


def test_a_header_that_is_a_formula_is_none_in_the_draft_and_is_still_accepted(tmp_path: Path) -> None:
    header = '=HYPERLINK("http://x","CRN")'
    path = write(tmp_path / "e.csv", people("terminations").rename(columns={"crn": header}))
    found = check(path)
    (drafted,) = draft(found)
    assert drafted == f"'{header}"
    codes = shutil.copytree(CODES_DIR, tmp_path / "codes")
    pd.DataFrame([["terminations", drafted, "crn"]]).to_csv(codes / HEADERS_TABLE, mode="a", header=False, index=False)
    assert check(path, codes_dir=codes).unknown == {}


def test_a_header_that_moves_a_terminal_does_not_in_the_draft_and_is_still_accepted(tmp_path: Path) -> None:
    path = write(tmp_path / "e.csv", people("terminations").rename(columns={"crn": "\x1b[31mNum\u202eber"}))
    (drafted,) = draft(check(path))
    assert drafted == "[31mNumber"
    codes = shutil.copytree(CODES_DIR, tmp_path / "codes")
    pd.DataFrame([["terminations", drafted, "crn"]]).to_csv(codes / HEADERS_TABLE, mode="a", header=False, index=False)
    assert check(path, codes_dir=codes).unknown == {}


@pytest.mark.parametrize(
    ("name", "content"), [("none.csv", None), ("e.csv", b""), ("e.csv", b"a;b\n1;2\n"), ("e.doc", b"x")]
)
def test_a_file_that_cannot_be_read_at_all_is_told_in_one_message(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PipelineError) as error:
        check(tmp_path / name)
    assert name in error.value.where


def test_a_file_of_which_nothing_is_known_lacks_everything(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes(b"zzqx,qqzx\n1,2\n")
    found = check(tmp_path / "e.csv", "inspections")
    assert found.missing == [column.name for column in INSPECTIONS.columns if column.must_be_in_file]
    assert draft(found) == {"zzqx": "", "qqzx": ""}
