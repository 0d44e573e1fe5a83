"""The gates of ratings and caseload: contradictions stop the run with lines named, gaps are told."""

from pathlib import Path

import pandas as pd
import pytest

from expectations.runner import GateResult
from expectations.sources import assess_source, source_context
from orchestration.settings import CODES_DIR, OPTIONAL_SOURCES, Parameters
from tests.made_up.extracts import CANARY, read, sample, unlabelled, write_csv
from tests.unit.expectations.good_data import context, typed_rows

HERE = "Kent, Surrey and Sussex"
FIRST_LINE = 6  # of a fault; the header is line 1


def judge(folder: Path, source: str, frame: pd.DataFrame, **parameters: float) -> tuple[pd.DataFrame, GateResult]:
    """The gate on one file of these rows, on inspections of one provider."""
    write_csv(folder, frame, "new.csv")
    return assess_source(source, read(folder, source), Parameters(**parameters), context())


def message(result: GateResult, expectation: str) -> str:
    return unlabelled(next(outcome.message for outcome in result.failures() if outcome.expectation == expectation))


def errors(result: GateResult) -> set[str]:
    return {outcome.expectation for outcome in result.failures("error")}


def with_cells(source: str, *cells: tuple[str, str]) -> pd.DataFrame:
    """Nine rows, one more than there are inspected cases, each value in a row of its own from line 6 of the file on."""
    frame = sample(source, 9)
    for row, (column, value) in enumerate(cells, start=FIRST_LINE - 2):
        frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_good_rows_pass_with_every_row(tmp_path: Path, source: str) -> None:
    accepted, result = judge(tmp_path, source, sample(source))
    assert result.failures() == []
    assert len(accepted) == 8


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_where_nothing_was_delivered_the_gate_passes_and_warns_of_nothing(tmp_path: Path, source: str) -> None:
    accepted, result = assess_source(source, read(tmp_path / "nowhere", source), Parameters(), context())
    assert accepted.empty
    assert result.outcomes
    assert result.failures() == []


CONTRADICTIONS = {
    "ratings": [
        ("provider", CANARY, "provider_inspected"),  # unknown
        ("provider", "Essex", "provider_inspected"),  # not inspected
        ("provider_type", "nps", "provider_inspected"),  # the other provider of a name
    ],
    "caseload": [
        ("provider", CANARY, "provider_inspected"),
        ("case_id", CANARY, "case_inspected"),
        ("case_id", "I001", "case_stands_once"),
    ],
}


@pytest.mark.parametrize(("source", "faults"), CONTRADICTIONS.items())
def test_contradictions_stop_whatever_share_may_be_rejected(
    tmp_path: Path, source: str, faults: list[tuple[str, str, str]]
) -> None:
    frame = with_cells(source, *((column, value) for column, value, _ in faults))
    _, result = judge(tmp_path, source, frame, **{f"rejected_share_{source}": 1.0})
    assert errors(result) == {expectation for _, _, expectation in faults}
    for line, (_, _, expectation) in enumerate(faults, start=FIRST_LINE):
        assert str(line) in message(result, expectation).partition("delivery line")[2]
    assert CANARY not in result.summary()


def test_a_case_inspected_elsewhere_stops_with_its_line(tmp_path: Path) -> None:
    elsewhere = typed_rows("inspections").assign(provider="Essex", case_id=lambda rows: "E" + rows["case_id"])
    inspected = pd.concat([typed_rows("inspections"), elsewhere])
    write_csv(tmp_path, with_cells("caseload", ("case_id", "EI002")), "new.csv")
    _, result = assess_source(
        "caseload", read(tmp_path, "caseload"), Parameters(), source_context(CODES_DIR, inspected)
    )
    assert errors(result) == {"case_of_provider"}
    assert "delivery line 6)" in message(result, "case_of_provider")


def test_two_ratings_for_one_standard_in_one_delivery_stop_the_run_with_both_lines(tmp_path: Path) -> None:
    frame = sample("ratings").assign(rating="good")
    frame.loc[3, ["provider", "standard", "rating"]] = ["KSS", "Services", "inadequate"]
    accepted, result = judge(tmp_path, "ratings", frame)
    assert errors(result) == {"rejected_rows_within_share"}
    assert "duplicated id, 2 rows, delivery lines 2, 5" in message(result, "rejected_rows_within_share")
    assert "services" not in set(accepted["standard"])


@pytest.mark.parametrize(("source", "columns"), [("ratings", ["rating", "standard"]), ("caseload", ["rosh_level"])])
def test_an_unknown_label_is_rejected_with_its_line_and_never_repeated(
    tmp_path: Path, source: str, columns: list[str]
) -> None:
    _, result = judge(tmp_path, source, with_cells(source, *((column, CANARY) for column in columns)))
    assert "rejected_rows_within_share" in errors(result)
    for line, column in enumerate(columns, start=FIRST_LINE):
        told = message(result, "rejected_rows_within_share")
        assert f"{column}: unknown code, 1 row, delivery line {line}" in told
    assert CANARY not in result.summary()


def test_providers_without_a_rating_for_services_are_named_and_stop_nothing(tmp_path: Path) -> None:
    frame = sample("ratings")
    accepted, result = judge(tmp_path, "ratings", frame[frame["standard"] != "services"])
    assert result.success
    assert len(accepted) == 7
    assert f"({HERE} / crc)" in message(result, "every_provider_rated")


def test_providers_without_a_caseload_are_named_and_stop_nothing(tmp_path: Path) -> None:
    other = typed_rows("inspections", 1).assign(provider="Essex", case_id="E1")
    inspected = pd.concat([typed_rows("inspections"), other])
    write_csv(tmp_path, sample("caseload"), "new.csv")
    _, result = assess_source(
        "caseload", read(tmp_path, "caseload"), Parameters(), source_context(CODES_DIR, inspected)
    )
    assert result.success
    assert "(Essex / crc)" in message(result, "every_provider_has_caseload")


def test_a_part_of_a_caseload_stops_for_its_weights_would_be_wrong(tmp_path: Path) -> None:
    _, result = judge(tmp_path, "caseload", sample("caseload", 7))
    assert errors(result) == {"caseload_holds_sample"}
    assert f"({HERE} / crc)" in message(result, "caseload_holds_sample")


def test_strata_may_be_missing_as_in_the_inspections(tmp_path: Path) -> None:
    frame = sample("caseload").assign(gender="", case_type="", rosh_level="", case_id="")
    accepted, result = judge(tmp_path, "caseload", frame)
    assert result.failures() == []
    assert accepted[["gender", "case_type", "rosh_level", "case_id"]].isna().all(axis=None)


def test_an_identifier_of_a_person_in_the_place_of_the_id_is_told_and_not_repeated(tmp_path: Path) -> None:
    identifiers = ("X123456", "x 123456", "2012/0123456K", "12/123456K")
    _, result = judge(tmp_path, "caseload", with_cells("caseload", *(("caseload_id", text) for text in identifiers)))
    assert result.success
    told = message(result, "id_is_no_identifier")
    assert "delivery lines 6, 7, 8, 9" in told
    assert not [text for text in identifiers if text in told]


ASKED = {"need_drugs": "delivery_drugs", "strength_identity": "building_identity"}


def test_delivery_answered_for_what_was_not_identified_stops_with_lines_and_remedy(tmp_path: Path) -> None:
    frame = sample("inspections")
    for absent in ASKED:
        frame.loc[3, absent], frame.loc[5, absent] = "no", ""
    accepted, result = judge(tmp_path, "inspections", frame)
    assert errors(result) == {"answered_only_where_asked", "rejected_rows_within_share"}
    assert len(accepted) == 6
    told = unlabelled(result.summary())
    for absent, asked in ASKED.items():
        assert f"{asked} is answered where {absent} is not yes: 2 of 8 rows (delivery lines 5, 7)" in told
        assert f"Set {absent} to yes where it was identified, or empty {asked}" in told
