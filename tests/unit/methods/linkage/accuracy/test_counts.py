"""Counts of statuses and rules, against worlds small enough to count by eye."""

import pandas as pd

from orchestration.methods.linkage.accuracy.counts import linkage_rules, linkage_statuses

CASES = pd.DataFrame(
    {
        "termination_status": ["matched", "matched", "ambiguous", None, "no_person"],
        "reoffending_status": ["matched", "no_record_in_window", "matched", "matched", "no_person"],
    }
)
RULES = pd.DataFrame(
    {"rule_rank": [1, 2, 3], "rule": ["pnc_dob", "names_dob", "crn"], "tier": ["sure", "near", "sure"]}
)
STEPS = pd.DataFrame(
    [
        ("terminations", 1, "pnc_dob", "sure", "decides"),
        ("terminations", 1, "pnc_dob", "sure", "no_record_in_window"),
        ("terminations", 2, "names_dob", "near", "decides"),
        ("terminations", 2, "names_dob", "near", "ambiguous"),
        ("reoffending", 0, "override", "reviewed", "decides"),
    ],
    columns=["source", "rule_rank", "rule", "tier", "step_outcome"],
)


def test_every_status_has_its_count_and_they_add_up_to_the_eligible_cases():
    counts = linkage_statuses(CASES).set_index(["source", "status"])
    assert counts.loc["terminations", "n"].to_dict() == {
        "matched": 2, "ambiguous": 1, "no_record_in_window": 0, "no_person": 1,
    }  # fmt: skip
    assert counts.loc["reoffending", "n"].to_dict() == {
        "matched": 3, "ambiguous": 0, "no_record_in_window": 1, "no_person": 1,
    }  # fmt: skip
    assert counts.loc["terminations", "eligible"].unique().tolist() == [4]
    assert counts.loc[("terminations", "matched"), "share"] == 50.0


def test_a_source_without_an_eligible_case_has_counts_and_no_share():
    counts = linkage_statuses(CASES.assign(termination_status=None))
    own = counts[counts["source"] == "terminations"]
    assert own["n"].tolist() == [0, 0, 0, 0]
    assert own["share"].isna().all()


def test_a_rule_counts_what_it_was_tried_on_decided_and_left_ambiguous():
    counts = linkage_rules(STEPS, RULES)
    own = counts[counts["source"] == "terminations"].set_index("rule")
    assert own["tried"].to_dict() == {"override": 0, "pnc_dob": 2, "names_dob": 2, "crn": 0}
    assert own["decided"].to_dict() == {"override": 0, "pnc_dob": 1, "names_dob": 1, "crn": 0}
    assert own["left_ambiguous"].to_dict() == {"override": 0, "pnc_dob": 0, "names_dob": 1, "crn": 0}
    assert own["share_of_matched"].to_dict() == {"override": 0.0, "pnc_dob": 50.0, "names_dob": 50.0, "crn": 0.0}


def test_a_reviewers_override_stands_among_the_rules_where_it_was_used():
    counts = linkage_rules(STEPS, RULES).set_index(["source", "rule"])
    assert counts.loc[("reoffending", "override"), "decided"] == 1
    assert "override" not in set(linkage_rules(STEPS[STEPS["rule"] != "override"], RULES)["rule"])
