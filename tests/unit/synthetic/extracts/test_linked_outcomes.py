"""What the written extracts link to is exactly the profile; the truth knows whose each record is.

The linkage here is the tests' own (plain loops over the files' text).
"""

import pytest

from orchestration.synthetic.extracts.drawing import draw_extracts
from orchestration.synthetic.identities.shares import Shares
from tests.unit.synthetic.extracts.conftest import Written, write_and_read
from tests.unit.synthetic.short_linkage import compare, link

SMALL_SEEDS = (11, 12, 13, 14)


@pytest.fixture(scope="package", params=["many", *SMALL_SEEDS])
def linked(request, written, tmp_path_factory):
    """Extracts with the profile's row, by case_id, and the links of both sources."""
    if request.param == "many":
        extracts, seed, sizes = written, 7, (6_000, 16_000)
    else:
        seed, sizes = request.param, (1_200, 3_000)
        extracts = write_and_read(tmp_path_factory.mktemp(f"seed{seed}"), 300, seed, *sizes)
    case_ids = draw_extracts(extracts.profile, seed, *sizes, Shares()).inspections["case_id"]
    expected = dict(zip(case_ids, extracts.profile.to_dict("records"), strict=True))
    cases = extracts.rows["inspections"]
    community = [case for case in cases if case["case_type"] == "community"]
    links = {
        "terminations": link(community, extracts.rows["terminations"]),
        "reoffending": link(cases, extracts.rows["reoffending"]),
    }
    return extracts, expected, links


def test_terminations_link_exactly_where_the_profile_says_with_its_reason(linked):
    _, expected, links = linked
    found = {
        case: records[0]["termination_reason"] if status == "matched" else None
        for case, (status, _, records) in links["terminations"].items()
    }
    wanted = {
        case: row["termination_reason"] if row["termination_matched"] == 1 else None
        for case, row in expected.items()
        if row["case_type"] == "community"
    }
    assert found == wanted


def combined(records: list[dict]) -> tuple[int, int, int | None]:
    days = [int(r["days_to_first_reoffence"]) for r in records if r["days_to_first_reoffence"]]
    most = max(int(r["reoffences"]) for r in records)
    return max(int(r["reoffended"]) for r in records), most, min(days, default=None)


def test_combined_reoffending_records_give_the_profiles_outcome(linked):
    _, expected, links = linked
    found = {
        case: combined(records) if status == "matched" else None
        for case, (status, _, records) in links["reoffending"].items()
    }
    outcome = ("reoffended", "reoffences", "days_to_first_reoffence")
    wanted = {
        case: tuple(row[c] if row[c] == row[c] else None for c in outcome) if row["reoffending_matched"] == 1 else None
        for case, row in expected.items()
    }
    assert {c: w for c, w in wanted.items() if w} == {c: f for c, f in found.items() if f}


def whole_years(born, on) -> int:
    birthday = (3, 1) if (born.month, born.day) == (2, 29) and on.year % 4 else (born.month, born.day)
    return on.year - born.year - ((on.month, on.day) < birthday)


def test_every_case_has_the_profiles_age_at_its_start(linked):
    extracts, expected, _ = linked
    for case in extracts.rows["inspections"]:
        born, on = case["fields"]["dob"], case["fields"]["on"]
        age = expected[case["case_id"]]["age"]
        assert (None if born is None else whole_years(born, on)) == (age if age == age else None)


@pytest.mark.parametrize("source", ["terminations", "reoffending"])
def test_every_link_is_true_by_the_truth_file(linked, source):
    extracts, _, links = linked
    for case, (_, _, records) in links[source].items():
        assert {record["record_id"] for record in records} <= extracts.truth[source].get(case, set())


@pytest.mark.parametrize("source", ["terminations", "reoffending"])
def test_the_truth_holds_every_record_of_the_same_identifier_birthday_and_surname(written: Written, source):
    by_pnc = {}
    for record in written.rows[source]:
        by_pnc.setdefault(record["fields"]["pnc"], []).append(record)
    n_found = 0
    for case in written.rows["inspections"]:
        for record in by_pnc.get(case["fields"]["pnc"], []) if case["fields"]["pnc"] else []:
            if 1 in compare(case, record)[0]:
                n_found += 1
                assert record["record_id"] in written.truth[source][case["case_id"]]
    assert n_found > 1000


def test_the_truth_names_known_cases_and_records_and_gives_no_record_to_two_cases(written: Written):
    for source, truth in written.truth.items():
        owned = [record for records in truth.values() for record in records]
        assert len(owned) == len(set(owned))
        assert set(owned) <= {row["record_id"] for row in written.rows[source]}
        assert set(truth) <= {row["case_id"] for row in written.rows["inspections"]}


@pytest.mark.parametrize("source", ["terminations", "reoffending"])
def test_the_truth_holds_records_in_the_window_that_the_rules_must_miss(linked, source):
    extracts, _, links = linked
    date_of = {r["record_id"]: r["fields"]["on"] for r in extracts.rows[source]}
    start_of = {c["case_id"]: c["fields"]["on"] for c in extracts.rows["inspections"]}
    missed = [
        case
        for case, (status, _, _) in links[source].items()
        if status != "matched"
        and any(abs((date_of[r] - start_of[case]).days) <= 7 for r in extracts.truth[source].get(case, ()))
    ]
    assert missed


@pytest.mark.parametrize("status", ["no_person", "no_record_in_window", "ambiguous"])
@pytest.mark.parametrize("source", ["terminations", "reoffending"])
def test_unmatched_cases_end_in_every_status(written: Written, source, status):
    linked = link(written.rows["inspections"], written.rows[source])
    assert sum(found == status for found, _, _ in linked.values()) >= 1
