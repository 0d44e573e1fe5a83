"""Overrides suggested where a reviewer and the rules disagree."""

from datetime import date

import pytest

from orchestration.linkage.review.suggestions import suggested_overrides


def _pair(record_id, verdict, is_linked=False, days=0, is_in_window=True):
    return {
        "pair": "AB-1", "source": "terminations", "case_id": "c", "record_id": record_id, "verdict": verdict,
        "is_linked": is_linked, "is_in_window": is_in_window, "date_difference_days": days, "reviewer": "AB",
        "reviewed_on": "2024-01-03", "comment": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([_pair("r1", "match", is_linked=True), _pair("r2", "match")], []),
        ([_pair("r1", "not_match", is_linked=True)], [("r1", "must_not_link")]),
        (
            [_pair("r1", "not_match", is_linked=True), _pair("r2", "match", days=3)],
            [("r1", "must_not_link"), ("r2", "must_link")],
        ),
        ([_pair("r1", "unsure", is_linked=True), _pair("r2", "match")], []),
        ([_pair("r1", "match", days=-2), _pair("r2", "match", days=2), _pair("r3", "match", days=5)],
            [("r2", "must_link")],
       ),
        ([_pair("r1", "match", days=30, is_in_window=False)], []),
        ([_pair("r1", "unsure"), _pair("r2", None)], []),
    ],
    ids=[
        "link confirmed", "link wrong", "another record right", "unsure of the link", "the later of equals",
        "outside the window", "nothing settled",
    ],
)  # fmt: skip
def test_suggestions_follow_the_verdicts_and_the_choice_by_date(pairs, expected):
    rows = suggested_overrides(pairs, date(2024, 1, 5))
    assert [(row["record_id"], row["decision"]) for row in rows] == expected
