"""What a case's explanation says in short, where a reviewer or a guard has set records aside."""

import pandas as pd
import pytest

from orchestration.linkage.explaining.reading import SourceExplanation
from orchestration.linkage.explaining.text import explanation_text

IDENTIFIERS = ("pnc", "crn", "dob", "surname", "forenames")
STATES = {f"{side}_{name}_state": "valid" for side in ("case", "record") for name in IDENTIFIERS}
STEPS = pd.DataFrame(columns=["rule_rank", "rule", "fields", "step_outcome"])


def _record(status: str, outcome: str, days: int, reached: str | None) -> dict[str, object]:
    return STATES | {
        "record_id": f"R{days}",
        "status": status,
        "record_outcome": outcome,
        "date_difference_days": days,
        "is_in_window": abs(days) <= 7,
        "person_reached_by": reached,
        "brought_by": "pnc",
        "probability": None,
        "fields_agreeing": "pnc",
        "fields_disagreeing": "",
        "fields_missing": "",
        "rules_satisfied": "pnc",
        "rules_refused": "",
        "is_runner_up": False,
    }


def _explanation(looked_at: pd.DataFrame, offences: pd.DataFrame | None = None) -> SourceExplanation:
    return SourceExplanation(
        source="reoffending",
        case_type="community",
        looked_at=looked_at,
        steps=STEPS,
        overrides=pd.DataFrame(),
        outcome=None,
        offences=pd.DataFrame() if offences is None else offences,
        identifiers=None,
    )


def _in_short(*records: dict[str, object]) -> str:
    source = _explanation(pd.DataFrame(records))
    return " ".join(explanation_text("C1", "key", [source], 7).partition("In short")[2].split())


@pytest.mark.parametrize("set_aside", ["must_not_link", "contradicted"])
def test_the_nearest_record_is_sought_among_those_that_are_too_far(set_aside):
    told = _in_short(
        _record("no_record_in_window", set_aside, 1, "pnc"),
        _record("no_record_in_window", "outside_window", -52, "pnc"),
        _record("no_record_in_window", "no_rule_satisfied", 9, None),
    )
    assert told == (
        "The person was found, but the nearest record lies 52 days away; 7 are allowed. "
        "1 record inside the window was set aside."
    )


def test_nothing_is_said_of_records_inside_the_window_where_there_are_none():
    told = _in_short(_record("no_record_in_window", "outside_window", 8, "pnc"))
    assert told == "The person was found, but the nearest record lies 8 days away; 7 are allowed."


def test_records_a_reviewer_set_aside_are_counted_among_those_compared():
    told = _in_short(_record("no_person", "must_not_link", 1, None), _record("no_person", "vetoed", 2, None))
    assert told == "Records compared: 1 set aside by a reviewer, 1 vetoed."


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (None, "There was no runner-up: no other record of the person lies within 7 days."),
        (
            "C2 C3",
            "There was no runner-up: no other record of the person lies within 7 days. The record is linked to C2, C3 "
            "too, visibly another person: one of the links is false. A reviewer decides which (must_not_link).",
        ),
    ],
)
def test_a_record_that_a_case_of_somebody_else_claims_is_told(others, told):
    link = {"rule": "pnc_dob", "tier": "number_and_birthday", "contested_by": others, "is_person_decided": True}
    assert _in_short(_record("matched", "chosen", 1, "pnc_dob") | link) == told


def test_each_offence_is_told_by_days_and_by_why_it_counts_or_not():
    offences = pd.DataFrame(
        [["R1", -80, 66.0, "pseudo_reconviction"], ["R1", 154, None, "not_proven"], ["R1", 365, 547.0, "counted"]],
        columns=["record_id", "days_after_index", "days_to_proof", "verdict"],
    )
    matched = pd.DataFrame([_record("no_person", "vetoed", 2, None)])
    text = explanation_text("C1", "key", [_explanation(matched, offences)], 7)
    assert text.endswith(
        "  Offences counted from R1\n"
        "    day -80, proven on day 66: not counted: committed before the follow-up began, proven after\n"
        "    day 154: not counted: not proven\n"
        "    day 365, proven on day 547: COUNTED"
    )
