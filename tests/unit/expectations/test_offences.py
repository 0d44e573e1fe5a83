"""The gate of offences: what is rejected, what is told and kept, what stops, and the road that was not taken."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from expectations.coverage import coverage_frame
from expectations.runner import UNUSED, GateResult
from expectations.sources import assess_source
from orchestration.ingest.deliveries import no_deliveries
from orchestration.settings import ROADS, Parameters
from orchestration.tables.contract import OFFENCES
from tests.unit.expectations.good_data import context, deliveries, extract, stops_on_the_whole

N_ROWS = 8
DELIVERED = "2020-06-30"
AFTER_DELIVERY = {"offence_date_before_delivery", "disposal_date_before_delivery", "offence_led_to_index_date"}


def judge(*changes: dict[str, object], n_rows: int = N_ROWS, **parameters: float) -> tuple[pd.DataFrame, GateResult]:
    """The good extract with cells of a row changed, each change in a row of its own from line 3 on, delivered on a day
    that its rows lie before."""
    given = extract("offences", n_rows)
    rows = given.parsed.copy()
    for row, cells in enumerate(changes, start=1):
        for column, value in cells.items():
            rows.loc[row, column] = pd.Timestamp(value) if column.endswith("_date") and value else value
    rows["file"] = "delivery 1"
    given = replace(given, parsed=rows, deliveries=deliveries(DELIVERED))
    return assess_source("offences", given, Parameters(**parameters), context())


def failed(result: GateResult) -> dict[str, str]:
    return {outcome.expectation: outcome.message for outcome in result.failures()}


def lines_of(faults: list[tuple[dict[str, object], set[str]]]) -> dict[str, list[int]]:
    """Expectation -> the lines whose change breaks it."""
    names = sorted({name for _, names in faults for name in names})
    return {name: [line for line, (_, names) in enumerate(faults, start=3) if name in names] for name in names}


def lines_told(result: GateResult) -> dict[str, list[int]]:
    """Expectation on rows -> the lines its message names."""
    found = {name: re.search(r"delivery 1 lines? ([0-9, ]+)", message) for name, message in failed(result).items()}
    return {name: [int(n) for n in match[1].split(", ")] for name, match in sorted(found.items()) if match}


def test_a_good_extract_passes_with_every_row() -> None:
    accepted, result = judge()
    assert failed(result) == {}
    assert len(accepted) == N_ROWS


IMPOSSIBLE = [
    ({"disposal_date": "2017-01-01"}, {"disposal_after_offence"}),
    ({"offence_date": "2020-07-01", "disposal_date": "2020-07-01"}, AFTER_DELIVERY),
    ({"disposal_date": "2020-07-01"}, {"disposal_date_before_delivery"}),
    ({"index_date": "2020-07-01"}, {"index_date_before_delivery"}),
    ({"offence_date": "2048-01-01", "disposal_date": "2048-01-01"}, AFTER_DELIVERY),
]
UNKNOWN = [
    ({"offence_code": "99999"}, {"offence_code_known"}),
    ({"offence_code": None}, {"offence_code_known"}),
    ({"disposal": "odd"}, {"disposal_known"}),
    ({"offence_end_date": "2017-01-01"}, {"offence_ends_after_it_began"}),
    ({"disposal": "not guilty on a technicality"}, {"disposal_known"}),
    ({"disposal": None, "disposal_date": None}, {"disposal_known"}),
    ({"disposal": "unknown"}, {"disposal_known"}),
    ({"offence_code": "unknown"}, {"offence_code_known"}),
    ({"offence_code": "4600"}, {"offence_code_known"}),
    ({"index_date": "2017-01-01"}, {"offence_led_to_index_date"}),
    ({"disposal": "CAUTION ", "disposal_date": None}, {"proof_has_its_day"}),
    *(({"disposal": written}, set()) for written in ("Final warning", " CAUTION ", "final-warning")),
]


def test_an_impossible_row_is_rejected_and_told_with_its_line() -> None:
    accepted, result = judge(*(changes for changes, _ in IMPOSSIBLE), rejected_share_offences=0.9)
    assert len(accepted) == N_ROWS - len(IMPOSSIBLE)
    assert lines_told(result) == lines_of(IMPOSSIBLE)
    assert result.success


def test_more_impossible_rows_than_may_be_rejected_stop_the_run() -> None:
    assert not judge(IMPOSSIBLE[0][0])[1].success, "one row in eight"


def test_what_is_not_known_is_told_with_its_line_and_kept() -> None:
    accepted, result = judge(*(changes for changes, _ in UNKNOWN), n_rows=24)
    assert (result.success, len(accepted)) == (True, 24)
    assert lines_told(result) == lines_of(UNKNOWN)


def test_without_a_day_in_the_files_name_nothing_can_lie_after_today() -> None:
    """Else one wrong year would say that the extract covers everybody."""
    given = extract("offences", N_ROWS)
    rows = given.parsed.copy()
    rows.loc[1, ["offence_date", "disposal_date"]] = pd.Timestamp("2048-01-01")
    accepted, result = assess_source("offences", replace(given, parsed=rows), Parameters(), context())
    assert len(accepted) == N_ROWS - 1
    assert {"offence_date_before_delivery", "disposal_date_before_delivery"} <= failed(result).keys()


def test_the_same_row_under_two_ids_is_told() -> None:
    given = extract("offences", N_ROWS).parsed
    same = {name: given.loc[0, name] for name in given.columns if name not in ("record_id", "line", "file")}
    result = judge(same, alike_rows_high=0.5)[1]
    assert "rows_differ" in failed(result)
    assert result.success
    assert "rows_not_again" in failed(judge(same)[1])


def test_people_without_an_index_event_are_told_and_none_at_all_stops_the_run() -> None:
    result = judge({"surname": "Nobody", "pnc_id": None, "index_date": None})[1]
    assert set(failed(result)) == {"person_has_index_event"}
    assert "delivery 1 line 3" in failed(result)["person_has_index_event"]
    given = extract("offences", N_ROWS)
    rows = given.parsed.assign(index_date=pd.NaT, file="delivery 1").astype({"index_date": "datetime64[us]"})
    given = replace(given, parsed=rows, deliveries=deliveries(DELIVERED))
    assert "index_events_present" in stops_on_the_whole("offences", given)


@pytest.mark.parametrize("column", ["disposal", "disposal_date"])
def test_where_no_result_proves_anything_the_run_stops(column: str) -> None:
    given = extract("offences", N_ROWS)
    nothing = "no word of disposals.csv" if column == "disposal" else pd.NaT
    rows = given.parsed.assign(file="delivery 1", **{column: nothing})
    given = replace(given, parsed=rows, deliveries=deliveries(DELIVERED))
    stops = stops_on_the_whole("offences", given)
    assert "offences_proven" in stops
    assert ("follow_up_complete" in stops) == (column == "disposal_date")


@pytest.mark.parametrize(("followup", "waiting", "is_enough"), [(12, 6, True), (12, 9, False), (24, 0, False)])
def test_offences_and_results_must_reach_as_far_as_the_measure_looks(
    followup: int, waiting: int, is_enough: bool
) -> None:
    given = replace(extract("offences", N_ROWS), deliveries=deliveries(DELIVERED))
    stops = stops_on_the_whole("offences", given, followup_months=followup, waiting_months=waiting)
    assert ("follow_up_complete" not in stops) == is_enough


@pytest.mark.parametrize(("start", "is_covered"), [("2018-08-28", True), ("2018-09-01", False)])
def test_a_month_is_given_as_where_longer_windows_are_measured(start: str, is_covered: bool) -> None:
    """The dates of reoffence_measures__unit_tests.yml: one rule for the gate's windows and for 24 months."""
    told = [("2020-07-31", "2020-12-01"), ("2020-07-01", "2021-01-28"), ("2020-07-01", None)]
    rows = pd.DataFrame(told, columns=["offence_date", "disposal_date"]).assign(index_date="2018-08-28")
    rows = rows.apply(pd.to_datetime)
    starts, longer = pd.Series([pd.Timestamp(start)]), Parameters(followup_months=24)
    frame = coverage_frame(OFFENCES, rows, deliveries(DELIVERED), starts, longer)
    assert (frame["end_date"] >= frame["needed_until"]).tolist() == [is_covered]


@pytest.mark.parametrize("road", ROADS)
def test_of_the_road_that_was_not_taken_nothing_is_asked(road: str) -> None:
    given = extract(road, 2)
    nothing = replace(given, parsed=given.parsed.iloc[:0], rows=given.rows.iloc[:0], deliveries=no_deliveries())
    accepted, result = assess_source(road, nothing, Parameters(), context())
    assert (len(accepted), result.success) == (0, True)
    assert [outcome.severity for outcome in result.outcomes] == [UNUSED]
