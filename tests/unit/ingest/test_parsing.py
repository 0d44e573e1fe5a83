"""One cell at a time: what is accepted, and the class of what is not."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest import labels as tables
from orchestration.ingest.extracts import read_source
from orchestration.ingest.labels import known_providers, read_labels
from orchestration.ingest.parsing import parse_date, parse_whole_number
from orchestration.settings import CODES_DIR
from orchestration.tables.contract import CONTRACT
from orchestration.tables.source import ACCEPTED_LABELS, TERMINATION_CODES
from tests.made_up.extracts import CANARY, read, sample, write_csv


@pytest.mark.parametrize("text", ["2018-03-04", "04/03/2018", " 2018-03-04 "])
def test_both_forms_of_a_date_are_read(text: str) -> None:
    assert parse_date(text) == (date(2018, 3, 4), None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2018-02-30", "impossible date"),
        ("29/02/2019", "impossible date"),
        ("12/31/2018", "impossible date"),
        ("0000-01-01", "impossible date"),
        ("2018-3-4", "text where a date is expected"),
        ("04/03/18", "text where a date is expected"),
        ("20180304", "text where a date is expected"),
        ("2018-03-04 10:00", "text where a date is expected"),
        ("٢٠١٨-03-04", "text where a date is expected"),
        (CANARY, "text where a date is expected"),
    ],
)
def test_what_is_no_date_has_its_class(text: str, fault: str) -> None:
    assert parse_date(text) == (None, fault)


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("012", 12), ("12.0", 12), ("-1", -1), (" 7 ", 7)])
def test_whole_numbers_are_read(text: str, number: int) -> None:
    assert parse_whole_number(text) == (number, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("twelve", "text where a whole number is expected"),
        ("1e3", "text where a whole number is expected"),
        ("1,000", "text where a whole number is expected"),
        ("١٢", "text where a whole number is expected"),
        ("12.5", "decimal number where a whole number is expected"),
        ("2147483648", "number too large"),
        ("9" * 400, "number too large"),
    ],
)
def test_what_is_no_whole_number_has_its_class(text: str, fault: str) -> None:
    assert parse_whole_number(text) == (None, fault)


@pytest.mark.parametrize(
    ("column", "label", "code"),
    [
        ("case_type", "Post-release", "post_release"),
        ("case_type", "POST_RELEASE", "post_release"),
        ("case_type", "  community   SENTENCE ", "community"),
        ("engagement", "Yes", "yes"),
        ("rosh_level", "very\u00a0high", "very_high"),
        (
            "strengths_built_upon",
            "No, there were no relevant strengths or protective factors",
            "none_present",
        ),
        ("contact_sufficient", "No, mostly due to non-compliance of the individual", "no_non_compliance"),
        ("provider_type", "National Probation Service", "nps"),
    ],
)
def test_labels_become_stored_codes(tmp_path: Path, column: str, label: str, code: str) -> None:
    write_csv(tmp_path, sample("inspections").assign(**{column: label}))
    extract = read(tmp_path)
    assert set(extract.parsed[column]) == {code}
    assert set(extract.rows[column]) == {label}


@pytest.mark.parametrize("column", ["engagement", "previous_sanctions"])
def test_a_label_whose_code_is_empty_is_a_missing_value(tmp_path: Path, column: str) -> None:
    codes = shutil.copytree(CODES_DIR, tmp_path / "codes")
    with (codes / ACCEPTED_LABELS).open("a") as table:
        table.write(f"inspections,{column},Not known,\n")
    frame = sample("inspections")
    frame.loc[2, column] = "NOT KNOWN"
    write_csv(tmp_path / "landing", frame)
    extract = read_source("inspections", tmp_path / "landing", None, codes)
    assert extract.rejected.empty
    assert extract.parsed[column].isna().tolist() == [row == 2 for row in range(len(frame))]


def test_raw_codes_of_terminations_are_read_as_the_reasons_they_stand_for(tmp_path: Path) -> None:
    """Every code of the table, as it is written or otherwise spelt, gives the very rows that the reasons give."""
    with (CODES_DIR / TERMINATION_CODES).open(encoding="utf-8", newline="") as file:
        codes = [(row["termination_code"], row["termination_reason"]) for row in csv.DictReader(file)]
    assert {reason for _, reason in codes} == set(CONTRACT["terminations"].column("termination_reason").codes)
    frame = sample("terminations", len(codes))
    read_as = {}
    for name, written in (
        ("raw", [code for code, _ in codes]),
        ("spelt", [f"  {code.upper().replace(' ', '  ')}" for code, _ in codes]),
        ("stored", [reason for _, reason in codes]),
    ):
        folder = tmp_path / name
        folder.mkdir()
        write_csv(folder, frame.assign(termination_reason=written))
        extract = read(folder, "terminations")
        assert extract.rejected.empty
        assert extract.rows["termination_reason"].tolist() == written, "raw keeps what was received"
        read_as[name] = extract.parsed.drop(columns="file")
    for name in ("raw", "spelt"):
        pd.testing.assert_frame_equal(read_as[name], read_as["stored"])


def test_a_code_of_terminations_that_nobody_knows_is_rejected_with_its_line_and_the_table_to_edit(
    tmp_path: Path,
) -> None:
    frame = sample("terminations", 4)
    frame.loc[2, "termination_reason"] = "ZZ99"
    write_csv(tmp_path, frame)
    extract = read(tmp_path, "terminations")
    assert len(extract.parsed) == 3
    (fault,) = extract.rejected.to_dict("records")
    assert (fault["line"], fault["column"], fault["value_class"]) == (4, "termination_reason", "unknown code")
    assert TERMINATION_CODES in fault["reason"]
    assert "ZZ99" not in str(fault)


@pytest.mark.parametrize("spelling", ["kent, surrey  and sussex", "Kent, Surrey & Sussex", "KSS"])
def test_provider_spellings_become_the_providers_name(tmp_path: Path, spelling: str) -> None:
    write_csv(tmp_path, sample("inspections").assign(provider=spelling))
    assert set(read(tmp_path).parsed["provider"]) == {"Kent, Surrey and Sussex"}


def test_every_stored_code_is_accepted_for_its_own_column() -> None:
    labels = read_labels(CODES_DIR)
    for source in CONTRACT.values():
        for column in source.of_kind("code"):
            accepted = labels.for_column(source.name, column)
            assert {accepted[code] for code in column.codes} == set(column.codes)


def test_every_provider_of_table_a1_is_known() -> None:
    assert len(set(known_providers(CODES_DIR))) == 28


def test_ids_are_trimmed_case_sensitive_text_that_keeps_leading_zeros(tmp_path: Path) -> None:
    frame = sample("terminations", 3)
    frame["record_id"] = [" 007 ", "a1", "A1"]
    write_csv(tmp_path, frame)
    assert read(tmp_path, "terminations").parsed["record_id"].tolist() == ["007", "a1", "A1"]


@pytest.mark.parametrize(
    ("source", "column", "value", "fault"),
    [
        ("inspections", "gender", CANARY, "unknown code"),
        ("inspections", "case_id", "  ", "missing"),
        ("inspections", "start_date", "31/02/2018", "impossible date"),
        ("inspections", "fieldwork_date", "", "missing"),
        ("inspections", "ogrs_score", CANARY, "text where a whole number is expected"),
        ("inspections", "previous_sanctions", "1.5", "decimal number where a whole number is expected"),
        ("terminations", "termination_reason", "", "missing"),
        ("terminations", "termination_reason", CANARY, "unknown code"),
        ("reoffending", "index_date", CANARY, "text where a date is expected"),
        ("reoffending", "reoffences", "", "missing"),
    ],
)
def test_a_cell_that_does_not_parse_rejects_its_row_by_line_and_class(
    tmp_path: Path, source: str, column: str, value: str, fault: str
) -> None:
    frame = sample(source)
    frame.loc[2, column] = value
    write_csv(tmp_path, frame)
    extract = read(tmp_path, source)
    assert extract.rejected[["source", "line", "column", "value_class"]].to_numpy().tolist() == [
        [source, 4, column, fault]
    ]
    assert len(extract.parsed) == len(frame) - 1
    assert CANARY not in extract.rejected.to_csv()


def test_a_date_of_birth_that_does_not_parse_is_missing_and_noted_and_keeps_its_row(tmp_path: Path) -> None:
    frame = sample("inspections")
    frame.loc[1, "date_of_birth"] = CANARY
    write_csv(tmp_path, frame)
    extract = read(tmp_path)
    assert extract.rejected.empty
    assert extract.parsed["date_of_birth"].isna().tolist() == [False, True, *[False] * 6]
    assert extract.notes[["line", "column"]].to_numpy().tolist() == [[3, "date_of_birth"]]
    assert CANARY not in extract.notes.to_csv()


def test_identifiers_are_kept_as_received(tmp_path: Path) -> None:
    frame = sample("terminations", 1).assign(pnc_id=" 01/12a ", surname="O'Neill ", crn="")
    write_csv(tmp_path, frame)
    row = read(tmp_path, "terminations").parsed.iloc[0]
    assert (row["pnc_id"], row["surname"]) == (" 01/12a ", "O'Neill ")
    assert pd.isna(row["crn"])


def test_types_are_those_of_the_contract_even_without_a_row(tmp_path: Path) -> None:
    write_csv(tmp_path, sample("reoffending").head(0))
    parsed = read(tmp_path, "reoffending").parsed
    kinds = {"text": "str", "id": "str", "code": "str", "date": "datetime64[us]", "integer": "Int64"}
    for column in CONTRACT["reoffending"].columns:
        assert str(parsed[column.name].dtype) == kinds[column.kind]


@pytest.mark.parametrize(
    ("table", "line", "problem"),
    [
        (ACCEPTED_LABELS, "inspections,gender,Lass,girl", "a code that gender does not have"),
        (ACCEPTED_LABELS, "inspections,provider_type,Not known,", "may not be"),
        (ACCEPTED_LABELS, "inspections,colour,Red,red", "source or column"),
        (ACCEPTED_LABELS, "inspections,gender, m ,female", "second code"),
        (ACCEPTED_LABELS, "inspections,gender", "too few or too many cells"),
        (ACCEPTED_LABELS, "terminations,termination_reason,CO1,excluded", "stand in termination_codes.csv"),
        (TERMINATION_CODES, "CO1,finished", "a reason that termination_reason does not have"),
        (TERMINATION_CODES, " ran  FULL course,excluded", "second reason"),
        (TERMINATION_CODES, "CO1", "too few or too many cells"),
        (tables.HEADERS_TABLE, "inspections,Colour,colour", "source or column"),
        (tables.HEADERS_TABLE, "inspections,Start Date,fieldwork_date", "name of one of the contract's columns"),
        (tables.HEADERS_TABLE, "inspections,crn number,pnc_id", "second column"),
        (tables.SPELLINGS_TABLE, "Narnia,Narnia and Archenland", "names a provider"),
    ],
)
def test_a_reference_table_that_cannot_be_used_names_its_line(
    tmp_path: Path, table: str, line: str, problem: str
) -> None:
    for name in (
        ACCEPTED_LABELS,
        TERMINATION_CODES,
        tables.HEADERS_TABLE,
        tables.SPELLINGS_TABLE,
        tables.PROVIDERS_TABLE,
    ):
        (tmp_path / name).write_text((CODES_DIR / name).read_text())
    text = (tmp_path / table).read_text()
    (tmp_path / table).write_text(f"{text}{line}\n")
    with pytest.raises(PipelineError) as error:
        read_labels(tmp_path)
    assert problem in error.value.problem
    assert error.value.where == f"{table}, line {len(text.splitlines()) + 1}"
