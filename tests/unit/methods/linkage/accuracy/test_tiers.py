"""Links by tier, and which evidence their probability rests on."""

import pandas as pd
import pytest

from orchestration.methods.linkage.accuracy.tiers import linkage_tiers

TIERS = pd.DataFrame({"tier_rank": [2, 1], "tier": ["near", "sure"]})
STEPS = pd.DataFrame(
    [
        *[("terminations", "sure", "decides")] * 3,
        ("terminations", "near", "decides"),
        ("terminations", "near", "ambiguous"),
        ("terminations", "sure", "no_person"),
        ("reoffending", "reviewed", "decides"),
        ("reoffending", "near", "decides"),
    ],
    columns=["source", "tier", "step_outcome"],
)
ENDS = {"ci_low": 80.0, "ci_high": 99.0}
TRUTH = pd.DataFrame(
    [
        {"source": "terminations", "measure": measure, "item": item, "category": name, "n": n, "value": value, **ENDS}
        for measure, item, name, n, value in (
            ("precision", "tier", "sure", 3, 100.0),
            ("precision", "rule", "sure", 7, 1.0),
            ("share_of_true_links", "tier", "sure", 7, 2.0),
            ("precision", "all_cases", "all", 7, 3.0),
        )
    ]
)
REVIEW = pd.DataFrame(
    [
        {"source": source, "status": status, "stratum": stratum, "n_reviewed": 40, "value": value, **ENDS}
        for source, status, stratum, value in (
            ("terminations", "current", "tier:sure", 12.0),
            ("reoffending", "stale", "tier:near", 13.0),
            ("reoffending", "current", "tier:near", 97.5),
            ("reoffending", "current", "rule:near", 14.0),
        )
    ]
)


def _told(quality: pd.DataFrame, review: pd.DataFrame, *names: str) -> dict[tuple[str, str], list]:
    table = linkage_tiers(STEPS, TIERS, quality, review).set_index(["source", "tier"])
    return {
        key: [None if pd.isna(v) else v for v in row]
        for key, row in zip(table.index, table[list(names)].values, strict=True)
    }


def test_links_are_counted_by_the_tier_that_decided_the_surest_first():
    assert _told(TRUTH, REVIEW, "tier_rank", "links", "share_of_matched") == {
        ("terminations", "sure"): [1, 3, 75.0],
        ("terminations", "near"): [2, 1, 25.0],
        ("reoffending", "reviewed"): [0, 1, 50.0],
        ("reoffending", "sure"): [1, 0, 0.0],
        ("reoffending", "near"): [2, 1, 50.0],
    }


def test_the_truth_comes_before_the_current_review_source_by_source():
    found = _told(TRUTH, REVIEW, "basis", "n_judged", "probability", "ci_low")
    assert found["terminations", "sure"] == ["truth", 3, 100.0, 80.0]
    assert found["terminations", "near"] == ["truth", 0, None, None]
    assert found["reoffending", "near"] == ["review", 40, 97.5, 80.0]
    assert found["reoffending", "sure"] == ["review", 0, None, None]


@pytest.mark.parametrize("evidence", [(TRUTH.head(0), REVIEW[REVIEW["status"] == "stale"])])
def test_without_evidence_no_probability_is_claimed(evidence):
    found = _told(*evidence, "basis", "n_judged", "probability", "ci_low", "ci_high")
    assert set(map(tuple, found.values())) == {(None,) * 5}
