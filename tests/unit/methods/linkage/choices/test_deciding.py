"""The decision on single cases, by hand. Against the SQL: `tests/integration/linkage_oracle/test_deciding_again.py`."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.linkage.choices.deciding import STATUSES, decide, reached_records

UNIQUE = [2]


def decided(rows: list[dict], ranks=(1, 2, 3), window: int = 7) -> dict:
    """What becomes of case 0, whose records are `rows`."""
    columns = ["case", "rule_rank", "record", "days", "pnc", "crn", "termination", "reoffended", "reoffences"]
    frame = pd.DataFrame([{"case": 0, "pnc": 1, "crn": 1} | row for row in rows], columns=columns)
    frame["person"] = [row.get("person", 1) for row in rows]
    frame["names"] = [row.get("names") for row in rows]
    frame["has_crn"] = [row.get("has_crn", crn) for row, crn in zip(rows, frame["crn"].notna(), strict=True)]
    for flag in ("is_override", "is_forced"):
        frame[flag] = [row.get(flag, False) for row in rows]
    found = decide(reached_records(frame, 2), UNIQUE, ranks, window)
    assert STATUSES[found.status[1]] == "no_person"
    return {
        "status": STATUSES[found.status[0]],
        "record": int(found.record[0]),
        "rank": int(found.rule_rank[0]),
        "is_tied": bool(found.is_tied[0]),
        **{name: float(values[0]) for name, values in found.findings.items()},
    }


@pytest.mark.parametrize(
    ("days", "window", "status"),
    [
        (-7, 7, "matched"),
        (7, 7, "matched"),
        (8, 7, "no_record_in_window"),
        (-8, 7, "no_record_in_window"),
        (8, 8, "matched"),
        (0, 0, "matched"),
        (1, 0, "no_record_in_window"),
    ],
)
def test_the_window_is_inclusive_on_either_side(days, window, status):
    assert decided([{"rule_rank": 1, "record": 5, "days": days}], window=window)["status"] == status


def test_a_rule_without_a_record_in_the_window_passes_the_case_on():
    rows = [{"rule_rank": 1, "record": 5, "days": 9}, {"rule_rank": 3, "record": 6, "days": 2}]
    assert decided(rows)["record"] == 6
    assert (decided(rows, window=9)["record"], decided(rows, window=9)["rank"]) == (5, 1)


def test_a_rule_left_out_leaves_the_case_to_the_next():
    rows = [{"rule_rank": 1, "record": 5, "days": 0}, {"rule_rank": 3, "record": 6, "days": 2}]
    assert decided(rows, ranks=[2, 3])["record"] == 6
    assert decided(rows, ranks=[2])["status"] == "no_person"


@pytest.mark.parametrize(
    ("days", "record"),
    [((3, -2), 1), ((-3, 3), 1), ((3, -3), 0), ((3, 3), 0), ((-3, -3), 0)],
    ids=["nearer", "after wins", "after wins again", "smaller id", "smaller id before"],
)
def test_the_closest_record_wins_and_a_tie_goes_to_the_one_after(days, record):
    rows = [{"rule_rank": 1, "record": number, "days": d} for number, d in enumerate(days)]
    found = decided(rows)
    assert found["record"] == record
    assert found["is_tied"] == (abs(days[0]) == abs(days[1]))


@pytest.mark.parametrize(
    ("pnc", "crn", "status"),
    [
        ((1, 2), (1, 1), "ambiguous"),
        ((1, 1), (1, 2), "ambiguous"),
        ((1, None), (1, 2), "ambiguous"),
        ((1, None), (1, 1), "matched"),
        ((1, None), (None, 2), "ambiguous"),
        ((None, None), (1, 2), "ambiguous"),
        ((None, None), (1, None), "matched"),
        ((None, None), (None, None), "matched"),
    ],
)
def test_a_unique_rule_is_ambiguous_between_two_identifiers(pnc, crn, status):
    rows = [
        {
            "rule_rank": 2,
            "record": n,
            "days": n,
            "pnc": pnc[n],
            "crn": crn[n],
            "names": 7,
            "person": pnc[n] or crn[n] or 7,
        }
        for n in range(2)
    ]
    assert decided(rows)["status"] == status
    assert decided([row | {"rule_rank": 3} for row in rows])["status"] == "matched"


def test_a_record_that_bears_both_numbers_ties_two_persons_together():
    rows = [{"rule_rank": 2, "record": 0, "days": 0, "pnc": 1, "crn": None}]
    rows += [{"rule_rank": 2, "record": 1, "days": 1, "pnc": None, "crn": 2}]
    assert decided(rows)["status"] == "ambiguous"
    assert decided([row | {"has_crn": True} for row in rows])["status"] == "matched"


@pytest.mark.parametrize(
    ("numbered", "names", "status"),
    [
        ((True, False), (7, 7), "matched"),
        ((True, False), (8, 7), "ambiguous"),
        ((True, False), (None, 7), "ambiguous"),
        ((True, False), (8, None), "ambiguous"),
        ((False, False), (7, 7), "matched"),
        ((False, False), (7, 8), "ambiguous"),
    ],
)
def test_somebody_without_a_number_is_another_person_unless_the_names_are_the_same(numbered, names, status):
    rows = [
        {"rule_rank": 2, "record": n, "days": n, "pnc": 1 if numbered[n] else None, "crn": None,
         "names": names[n], "person": 1 if numbered[n] else names[n] or 9}
        for n in range(2)
    ]  # fmt: skip
    assert decided(rows)["status"] == status


def test_an_ambiguous_case_has_no_record_and_no_findings():
    rows = [{"rule_rank": 2, "record": n, "days": n, "pnc": n, "reoffended": 1, "termination": 1} for n in range(2)]
    found = decided(rows)
    assert found["record"] == -1
    assert np.isnan([found["reoffended"], found["termination"]]).all()


def test_records_left_speak_together_and_the_termination_is_the_closest_records():
    rows = [
        {"rule_rank": 1, "record": 0, "days": 1, "reoffended": 0, "reoffences": 0, "termination": 0},
        {"rule_rank": 1, "record": 1, "days": 5, "reoffended": 1, "reoffences": 4, "termination": 1},
        {"rule_rank": 1, "record": 2, "days": 8, "reoffended": 1, "reoffences": 9, "termination": 1},
        {"rule_rank": 1, "record": 3, "days": 6, "reoffended": None, "reoffences": None},
    ]
    found = decided(rows)
    assert (found["reoffended"], found["reoffences"], found["termination"]) == (1, 4, 0)
    assert decided(rows, window=8)["reoffences"] == 9
    assert decided(rows, window=1)["reoffended"] == 0


def test_a_reviewers_link_comes_first_while_its_record_is_in_the_window_and_needs_no_rule():
    own = {"rule_rank": 0, "is_override": True}
    rows = [
        own | {"record": 7, "days": 5, "is_forced": True},
        own | {"record": 8, "days": 0},
        {"rule_rank": 1, "record": 9, "days": 0},
    ]
    assert decided(rows)["record"] == 7
    assert decided(rows, ranks=[])["record"] == 7
    assert decided(rows, window=4)["record"] == 9
    assert decided(rows, ranks=[], window=4)["status"] == "no_person"
