"""The gate of a source as it arrives: what is rejected, what stops, what is told."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from expectations.runner import GateResult
from expectations.sources import assess_source, source_context
from orchestration.ingest.contract import CONTRACT
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import CODES_DIR, Parameters
from tests.unit.expectations.good_data import context, deliveries, extract, typed_rows
from tests.unit.ingest.samples import CANARY, read, sample, write_csv


def judge(source: str, given: SourceExtract, **parameters: float) -> tuple[pd.DataFrame, GateResult]:
    return assess_source(source, given, Parameters(**parameters), context())


def judge_cells(folder: Path, source: str, cells: dict[str, str], n_rows: int = 8) -> GateResult:
    """Judge the sample with some cells of its fourth row (line 5) replaced."""
    frame = sample(source, n_rows)
    for column, value in cells.items():
        frame.loc[3, column] = value
    write_csv(folder / source, frame)
    return judge(source, read(folder / source, source))[1]


def failed(result: GateResult) -> set[str]:
    return {outcome.expectation for outcome in result.failures()}


@pytest.mark.parametrize("source", CONTRACT)
def test_a_good_extract_passes_with_every_row(source: str) -> None:
    accepted, result = judge(source, extract(source))
    assert result.success
    assert failed(result) == set()
    pd.testing.assert_frame_equal(accepted, typed_rows(source))
    assert result.rejected.empty


@pytest.mark.parametrize(
    ("source", "cells", "expectation", "columns"),
    [
        ("inspections", {"provider": "Narnia"}, "provider_known", ["provider", "provider_type"]),
        ("inspections", {"provider_type": "nps"}, "provider_known", ["provider", "provider_type"]),
        (
            "inspections",
            {"start_date": "2018-10-02"},
            "started_before_fieldwork",
            ["fieldwork_date", "start_date"],
        ),
        (
            "inspections",
            {"need_drugs": "no", "delivery_drugs": "no"},
            "answered_only_where_asked",
            ["delivery_drugs"],
        ),
        (
            "inspections",
            {"strength_identity": "", "building_identity": "yes"},
            "answered_only_where_asked",
            ["building_identity"],
        ),
        ("inspections", {"ogrs_score": "101"}, "range", ["ogrs_score"]),
        ("inspections", {"previous_sanctions": "-1"}, "range", ["previous_sanctions"]),
        ("inspections", {"start_date": "0218-03-01"}, "not_too_early", ["start_date"]),
        (
            "terminations",
            {"termination_date": "2018-01-01"},
            "terminated_after_sentence",
            ["termination_date"],
        ),
        ("terminations", {"termination_date": "2108-01-01"}, "not_too_late", ["termination_date"]),
        ("reoffending", {"reoffences": "0"}, "reoffended_has_reoffences", ["reoffences", "reoffended"]),
        (
            "reoffending",
            {"reoffended": "0", "days_to_first_reoffence": ""},
            "reoffences_only_where_reoffended",
            ["reoffences", "reoffended"],
        ),
        (
            "reoffending",
            {"reoffended": "0", "reoffences": "0"},
            "days_only_where_reoffended",
            ["days_to_first_reoffence"],
        ),
        ("reoffending", {"days_to_first_reoffence": "366"}, "range", ["days_to_first_reoffence"]),
        ("reoffending", {"reoffended": "2"}, "range", ["reoffended"]),
    ],
)
def test_a_broken_rule_on_rows_rejects_the_row_and_names_its_line(
    tmp_path: Path, source: str, cells: dict[str, str], expectation: str, columns: list[str]
) -> None:
    result = judge_cells(tmp_path, source, cells)
    assert expectation in failed(result)
    message = next(outcome.message for outcome in result.failures() if outcome.expectation == expectation)
    assert "extract.csv line 5" in message
    rejected = result.rejected[result.rejected["column"].isin(columns)]
    assert sorted(set(rejected["column"])) == columns
    assert set(rejected["line"]) == {5}
    assert not result.success  # one row of eight is more than any share


@pytest.mark.parametrize(
    ("source", "cells", "expectation"),
    [
        ("inspections", {"date_of_birth": "2001-03-01"}, "adult_at_start"),
        ("inspections", {"date_of_birth": "2019-01-01"}, "date_of_birth_before_row"),
        ("terminations", {"date_of_birth": "2019-01-01"}, "date_of_birth_before_row"),
        ("reoffending", {"days_to_first_reoffence": ""}, "days_where_reoffended"),
        ("terminations", {"date_of_birth": "31/02/1985"}, "nothing_passed_over"),
    ],
)
def test_a_warning_keeps_the_row_and_does_not_stop_the_run(
    tmp_path: Path, source: str, cells: dict[str, str], expectation: str
) -> None:
    result = judge_cells(tmp_path, source, cells)
    assert failed(result) == {expectation}
    assert result.success
    assert result.rejected.empty


def test_somebody_whose_eighteenth_birthday_is_the_start_date_is_no_warning(tmp_path: Path) -> None:
    assert failed(judge_cells(tmp_path, "inspections", {"date_of_birth": "2000-03-04"})) == set()


@pytest.mark.parametrize(
    ("source", "n_rows", "n_faulty", "passes"),
    [
        ("terminations", 1000, 1, True),
        ("terminations", 1000, 2, False),
        ("reoffending", 1000, 1, True),
        ("inspections", 1000, 1, False),
    ],
)
def test_rejected_rows_stop_the_run_beyond_the_sources_share(
    tmp_path: Path, source: str, n_rows: int, n_faulty: int, passes: bool
) -> None:
    frame = sample(source, n_rows)
    contract = CONTRACT[source]
    frame[contract.date_column] = "2018-03-01"
    frame.loc[frame.index[:n_faulty], contract.date_column] = "31/02/2018"
    write_csv(tmp_path, frame)
    starts = pd.DataFrame({"case_type": ["community"], "start_date": [pd.Timestamp("2018-03-01")]})
    accepted, result = assess_source(
        source, read(tmp_path, source), Parameters(), source_context(CODES_DIR, starts)
    )
    assert result.success is passes
    assert len(accepted) == n_rows - n_faulty
    assert "rows_parse" in failed(result)


def test_the_share_is_a_parameter(tmp_path: Path) -> None:
    frame = sample("inspections").astype(object)
    frame.loc[3, "gender"] = CANARY
    write_csv(tmp_path, frame)
    given = read(tmp_path)
    assert not judge("inspections", given)[1].success
    assert judge("inspections", given, rejected_share_inspections=0.125)[1].success


def test_an_extract_without_rows_stops_the_run(tmp_path: Path) -> None:
    write_csv(tmp_path, sample("terminations").head(0))
    result = judge("terminations", read(tmp_path, "terminations"))[1]
    assert not result.success
    assert "rows_present" in failed(result)


def test_duplicated_case_ids_stop_the_run_and_are_named_by_line(tmp_path: Path) -> None:
    result = judge_cells(tmp_path, "inspections", {"case_id": "I005"})
    assert not result.success
    assert "case_id: duplicated id, 2 rows, extract.csv lines 5, 7" in result.summary()


@pytest.mark.parametrize("source", ["terminations", "reoffending"])
@pytest.mark.parametrize(
    ("shift_days", "expectation"),
    [(-20, "starts_early_enough"), (20, "ends_late_enough")],
    ids=["before the extract", "after the extract"],
)
def test_a_case_outside_the_extracts_dates_stops_the_run(
    source: str, shift_days: int, expectation: str
) -> None:
    inspected = typed_rows("inspections")
    inspected.loc[0, "start_date"] += pd.Timedelta(days=shift_days)
    result = assess_source(source, extract(source), Parameters(), source_context(CODES_DIR, inspected))[1]
    assert not result.success
    assert expectation in failed(result)
    assert "1 of 8 rows" in result.summary()


def test_a_release_outside_the_terminations_dates_does_not_matter() -> None:
    inspected = typed_rows("inspections")
    inspected.loc[0, ["case_type", "start_date"]] = ["post_release", pd.Timestamp("2017-01-01")]
    given = source_context(CODES_DIR, inspected)
    assert assess_source("terminations", extract("terminations"), Parameters(), given)[1].success


@pytest.mark.parametrize(
    ("days", "passes"),
    [(("2019-09-08",), True), (("2019-09-07",), False), (("2019-01-01", "2019-09-08"), True)],
    ids=["18 months after the last start", "a day too early", "the last delivery counts"],
)
def test_follow_up_and_waiting_period_must_have_ended_when_the_extract_was_made(
    days: tuple[str, ...], passes: bool
) -> None:
    given = replace(extract("reoffending"), deliveries=deliveries(*days))
    result = judge("reoffending", given)[1]
    assert result.success is passes
    assert failed(result) == (set() if passes else {"follow_up_complete"})


def test_without_dates_in_file_names_the_last_event_seen_must_reach_the_end_of_follow_up() -> None:
    given = extract("reoffending")
    short = given.parsed.assign(days_to_first_reoffence=given.parsed["days_to_first_reoffence"] - 330)
    result = judge("reoffending", replace(given, parsed=short))[1]
    assert failed(result) == {"follow_up_complete"}


def test_the_span_gates_cannot_run_without_the_inspected_cases() -> None:
    with pytest.raises(ValueError, match="accepted inspections"):
        assess_source("terminations", extract("terminations"), Parameters(), source_context(CODES_DIR))


def test_the_outcomes_have_the_columns_of_gate_results() -> None:
    frame = judge("terminations", extract("terminations"))[1].frame()
    assert list(frame.columns) == [
        "gate",
        "expectation",
        "subject",
        "success",
        "observed",
        "severity",
        "message",
    ]
    assert not frame.duplicated(["expectation", "subject"]).any()


def test_an_expectation_that_cannot_be_evaluated_fails_without_quoting_anything() -> None:
    given = extract("terminations")
    broken = replace(given, parsed=given.parsed.assign(termination_date=CANARY))
    result = judge("terminations", broken)[1]
    assert not result.success
    assert CANARY not in result.frame().to_csv()


@pytest.mark.parametrize("source", CONTRACT)
def test_a_planted_name_in_every_faulty_cell_is_never_told(tmp_path: Path, source: str) -> None:
    """A canary in each column in turn, a row each: no message, outcome, rejected row or note repeats it."""
    contract = CONTRACT[source]
    frame = sample(source, 2 * len(contract.columns) + 8)
    for i, name in enumerate(contract.names):
        frame.loc[2 * i, name] = CANARY if name != contract.id_column else f"{CANARY}1"
        frame.loc[2 * i + 1, name] = f"{CANARY}," if name != contract.id_column else f"{CANARY}1"
    write_csv(tmp_path, frame)
    given = read(tmp_path, source)
    _, result = judge(source, given)
    told = result.frame().to_csv() + result.rejected.to_csv() + given.notes.to_csv() + result.summary()
    assert not result.success
    assert len(result.rejected) > 4
    assert CANARY not in told
