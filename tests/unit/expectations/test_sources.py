"""The gate of a source as it arrives: what is rejected, what stops, what is told."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from expectations.inspections import inspections_frame
from expectations.runner import GateResult
from expectations.sources import assess_source, source_context
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import CODES_DIR, Parameters
from orchestration.tables.contract import CONTRACT
from tests.made_up.extracts import CANARY, read, sample, unlabelled, write_csv
from tests.unit.expectations.good_data import context, deliveries, extract, stops_on_the_whole, typed_rows

GATE_RESULTS = ["gate", "expectation", "subject", "success", "observed", "severity", "message"]


def judge(source: str, given: SourceExtract, **parameters: float) -> tuple[pd.DataFrame, GateResult]:
    return assess_source(source, given, Parameters(**parameters), context())


def failed(result: GateResult) -> set[str]:
    return {outcome.expectation for outcome in result.failures()}


@pytest.mark.parametrize("source", CONTRACT)
def test_a_good_extract_passes_with_every_row(source: str) -> None:
    accepted, result = judge(source, extract(source))
    assert result.success
    assert failed(result) == set()
    pd.testing.assert_frame_equal(accepted, typed_rows(source))
    assert result.rejected.empty
    outcomes = result.frame()
    assert list(outcomes.columns) == GATE_RESULTS
    assert not outcomes.duplicated(["expectation", "subject"]).any()


REJECTING = [
    ("inspections", {"provider": "Narnia"}, "provider_known", ["provider", "provider_type"]),
    ("inspections", {"provider_type": "nps"}, "provider_known", ["provider", "provider_type"]),
    (
        "inspections",
        {"start_date": "2018-10-02"},
        "started_before_fieldwork",
        ["fieldwork_date", "start_date"],
    ),
    ("inspections", {"need_drugs": "no"}, "answered_only_where_asked", ["delivery_drugs"]),
    ("inspections", {"strength_identity": ""}, "answered_only_where_asked", ["building_identity"]),
    ("inspections", {"ogrs_score": "101"}, "range", ["ogrs_score"]),
    ("inspections", {"previous_sanctions": "-1"}, "range", ["previous_sanctions"]),
    ("inspections", {"start_date": "0218-03-01"}, "not_too_early", ["start_date"]),
    ("terminations", {"termination_date": "2018-01-01"}, "terminated_after_sentence", ["termination_date"]),
    ("terminations", {"termination_date": "2108-01-01"}, "not_too_late", ["termination_date"]),
    (
        "reoffending",
        {"reoffended": "1", "reoffences": "0", "days_to_first_reoffence": "3"},
        "reoffended_has_reoffences",
        ["reoffences", "reoffended"],
    ),
    (
        "reoffending",
        {"reoffended": "0", "reoffences": "2", "days_to_first_reoffence": ""},
        "reoffences_only_where_reoffended",
        ["reoffences", "reoffended"],
    ),
    (
        "reoffending",
        {"reoffended": "0", "reoffences": "0", "days_to_first_reoffence": "3"},
        "days_only_where_reoffended",
        ["days_to_first_reoffence"],
    ),
    (
        "reoffending",
        {"reoffended": "1", "reoffences": "1", "days_to_first_reoffence": "366"},
        "range",
        ["days_to_first_reoffence"],
    ),
    ("reoffending", {"reoffended": "2", "reoffences": "2"}, "range", ["reoffended"]),
]
WARNING = [
    ("inspections", {"date_of_birth": "2001-03-01"}, "adult_at_start", "date_of_birth"),
    ("inspections", {"date_of_birth": "2019-01-01"}, "date_of_birth_before_row", "date_of_birth"),
    ("terminations", {"date_of_birth": "2019-01-01"}, "date_of_birth_before_row", "date_of_birth"),
    ("terminations", {"date_of_birth": "1753-01-01"}, "date_of_birth_in_a_lifetime", "date_of_birth"),
    ("terminations", {"date_of_birth": "31/02/1985"}, "nothing_passed_over", "terminations"),
    (
        "reoffending",
        {"reoffended": "1", "reoffences": "1", "days_to_first_reoffence": ""},
        "days_where_reoffended",
        "days_to_first_reoffence",
    ),
]


def line_of(faults: list, fault: tuple) -> int:
    """Each fault has a row of its own, below the header."""
    return faults.index(fault) + 2


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], GateResult]:
    """Each source judged once with all the faults that reject, and once with all that only warn."""
    results = {}
    for is_warning, faults in ((False, REJECTING), (True, WARNING)):
        for source in CONTRACT:
            frame = sample(source, 20)
            for fault in faults:
                for column, value in fault[1].items() if fault[0] == source else ():
                    frame.loc[line_of(faults, fault) - 2, column] = value
            folder = tmp_path_factory.mktemp(source)
            write_csv(folder, frame)
            results[source, is_warning] = judge(source, read(folder, source))[1]
    return results


@pytest.mark.parametrize("fault", REJECTING, ids=lambda fault: f"{fault[0]} {fault[2]} {fault[3][0]}")
def test_a_broken_rule_on_rows_rejects_the_row_and_names_its_line(judged: dict, fault: tuple) -> None:
    source, _, expectation, columns = fault
    result, line = judged[source, False], line_of(REJECTING, fault)
    messages = [outcome.message for outcome in result.failures() if outcome.expectation == expectation]
    assert any(re.search(rf"delivery 1( \(\w+\))? lines? (\d+, )*{line}\b", message) for message in messages)
    at_fault = result.rejected.loc[result.rejected["line"] == line, "column"]
    assert set(columns) <= set(at_fault)
    assert not result.success  # more rows than any share


@pytest.mark.parametrize("source", CONTRACT)
def test_only_rows_at_fault_are_rejected(judged: dict, source: str) -> None:
    lines = {line_of(REJECTING, fault) for fault in REJECTING if fault[0] == source}
    assert set(judged[source, False].rejected["line"]) == lines


@pytest.mark.parametrize("fault", WARNING, ids=lambda fault: f"{fault[0]} {fault[2]}")
def test_a_warning_keeps_the_row_and_does_not_stop_the_run(judged: dict, fault: tuple) -> None:
    source, _, expectation, subject = fault
    result, line = judged[source, True], line_of(WARNING, fault)
    told = [o for o in result.failures() if (o.expectation, o.subject) == (expectation, subject)]
    assert f"delivery line {line}" in unlabelled(told[0].message)
    assert result.success
    assert result.rejected.empty
    assert failed(result) == {name for other, _, name, _ in WARNING if other == source}


@pytest.mark.parametrize(
    ("born", "age"),
    [("2000-03-01", 18), ("2000-03-02", 17), ("2018-03-02", None), (None, None), ("1952-02-29", 66)],
)
def test_age_at_start_is_in_whole_years(born: str | None, age: int | None) -> None:
    rows = typed_rows("inspections", 1).assign(date_of_birth=pd.Timestamp(born) if born else pd.NaT)
    found = inspections_frame(rows)["age_at_start"].iloc[0]
    assert (None if pd.isna(found) else found) == age


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
    for name in ("crn", "pnc_id", "surname"):  # one person a row
        frame[name] = [f"{name} {i}" for i in range(n_rows)]
    frame.loc[frame.index[:n_faulty], contract.date_column] = "31/02/2018"
    write_csv(tmp_path, frame)
    starts = pd.DataFrame({"case_type": ["community"], "start_date": [pd.Timestamp("2018-03-01")]})
    parameters = Parameters(one_value_rows=n_rows + 1)  # the rows of a sample are alike
    accepted, result = assess_source(source, read(tmp_path, source), parameters, source_context(CODES_DIR, starts))
    assert result.success is passes
    assert len(accepted) == n_rows - n_faulty
    assert "rows_parse" in failed(result)


def test_the_share_is_a_parameter(tmp_path: Path) -> None:
    frame = sample("inspections").astype(object)
    frame.loc[3, "gender"] = CANARY
    write_csv(tmp_path, frame)
    assert judge("inspections", read(tmp_path), rejected_share_inspections=0.125)[1].success


def test_a_row_left_out_within_the_share_is_told_with_place_class_and_remedy(tmp_path: Path) -> None:
    frame = sample("terminations").astype(object)
    frame.loc[3, "termination_reason"] = CANARY
    write_csv(tmp_path, frame)
    result = judge("terminations", read(tmp_path, "terminations"), rejected_share_terminations=0.125)[1]
    (told,) = [outcome.message for outcome in result.outcomes if outcome.expectation == "rows_parse"]
    assert result.success
    assert re.search(r"left out \(termination_reason: unknown code, 1 row, delivery 1 \(\w{8}\) line 5\)", told)
    assert "add the label to termination_codes.csv" in told
    assert "rejected_rows.csv" in told


def test_an_extract_without_rows_stops_the_run(tmp_path: Path) -> None:
    write_csv(tmp_path, sample("terminations").head(0))
    result = judge("terminations", read(tmp_path, "terminations"))[1]
    assert not result.success
    assert "rows_present" in failed(result)


def test_a_file_without_rows_beside_others_stops_the_run_and_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path, sample("terminations"))
    (tmp_path / "copy.csv").write_bytes((tmp_path / "extract.csv").read_bytes())  # a copy is no file without rows
    (tmp_path / "later.csv").write_text(",".join(sample("terminations").columns) + "\n")
    result = judge("terminations", read(tmp_path, "terminations"))[1]
    (outcome,) = [o for o in result.failures("error") if o.expectation == "rows_present"]
    assert "1 of 2 rows (delivery 3" in outcome.message


def test_duplicated_case_ids_stop_the_run_and_are_named_by_line(tmp_path: Path) -> None:
    frame = sample("inspections")
    frame.loc[3, "case_id"] = "I005"
    write_csv(tmp_path, frame)
    result = judge("inspections", read(tmp_path))[1]
    assert not result.success
    assert re.search(r"case_id: duplicated id, 2 rows, delivery 1 \(\w+\) lines 5, 7", result.summary())


@pytest.mark.parametrize("source", ["terminations", "reoffending"])
@pytest.mark.parametrize(
    ("shift_days", "expectation"),
    [(-20, "starts_early_enough"), (20, "ends_late_enough")],
    ids=["before the extract", "after the extract"],
)
def test_a_case_outside_the_extracts_dates_stops_the_run(source: str, shift_days: int, expectation: str) -> None:
    inspected = typed_rows("inspections")
    inspected.loc[0, "start_date"] += pd.Timedelta(days=shift_days)
    stops = stops_on_the_whole(source, extract(source), source_context(CODES_DIR, inspected))
    assert "1 of 8 rows" in stops[expectation]


def test_a_release_outside_the_terminations_dates_does_not_matter() -> None:
    inspected = typed_rows("inspections")
    inspected.loc[0, ["case_type", "start_date"]] = ["post_release", pd.Timestamp("2017-01-01")]
    given = source_context(CODES_DIR, inspected)
    assert stops_on_the_whole("terminations", extract("terminations"), given) == {}


@pytest.mark.parametrize(
    ("delivered", "passes"),
    [
        (deliveries("2019-09-08"), True),
        (deliveries("2019-09-07"), False),
        (deliveries("2019-01-01", "2019-09-08"), True),
        (deliveries("2019-09-07", resent="2019-12-01"), False),
    ],
    ids=[
        "18 months after the last start",
        "a day too early",
        "the last delivery counts",
        "a file sent again is as old as it was",
    ],
)
def test_follow_up_and_waiting_period_must_have_ended_when_the_extract_was_made(
    delivered: pd.DataFrame, passes: bool
) -> None:
    stops = stops_on_the_whole("reoffending", replace(extract("reoffending"), deliveries=delivered))
    assert set(stops) == (set() if passes else {"follow_up_complete"})


def test_without_dates_in_file_names_the_last_event_seen_must_reach_the_end_of_follow_up() -> None:
    given = extract("reoffending")
    short = given.parsed.assign(days_to_first_reoffence=given.parsed["days_to_first_reoffence"] - 330)
    assert set(stops_on_the_whole("reoffending", replace(given, parsed=short))) == {"follow_up_complete"}


def test_the_span_gates_cannot_run_without_the_inspected_cases() -> None:
    with pytest.raises(ValueError, match="accepted inspections"):
        stops_on_the_whole("terminations", extract("terminations"), source_context(CODES_DIR))


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
        frame.loc[2 * i, name] = CANARY if name != contract.id_columns[0] else f"{CANARY}1"
        frame.loc[2 * i + 1, name] = f"{CANARY}," if name != contract.id_columns[0] else f"{CANARY}1"
    write_csv(tmp_path, frame)
    given = read(tmp_path, source)
    _, result = judge(source, given)
    told = result.frame().to_csv() + result.rejected.to_csv() + given.notes.to_csv() + result.summary()
    assert not result.success
    assert len(result.rejected) > 4
    assert CANARY not in told


@pytest.mark.parametrize("source", CONTRACT)
def test_optional_columns_may_be_empty_throughout(tmp_path: Path, source: str) -> None:
    frame = sample(source)
    optional = [column.name for column in CONTRACT[source].columns if not column.required]
    kept = ["days_to_first_reoffence"]
    write_csv(tmp_path, frame.assign(**{name: "" for name in optional if name not in kept}))
    result = judge(source, read(tmp_path, source))[1]
    assert failed(result) == set()


@pytest.mark.parametrize("source", CONTRACT)
def test_an_extract_of_which_no_row_parses_is_told_plainly(tmp_path: Path, source: str) -> None:
    write_csv(tmp_path, sample(source).assign(**{CONTRACT[source].date_column: CANARY}))
    accepted, result = judge(source, read(tmp_path, source))
    assert accepted.empty
    assert not result.success
    assert re.search(r"8 rows, delivery 1 \(\w+\) lines 2, 3, 4, 5, 6 and 3 more", result.summary())
    assert "could not be evaluated" not in result.summary()
    assert CANARY not in result.summary()
