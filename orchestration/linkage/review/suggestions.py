"""Where reviewer and rules disagree: overrides that could be made of it.

Belongs here: turning verdicts into a draft. Not here: applying overrides; nothing of the draft is applied by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any


def suggested_overrides(pairs: list[dict[str, Any]], today: date) -> list[dict[str, str]]:
    """`must_not_link` for a linked record judged not to match, `must_link` for the record that was missed.

    A missed record is suggested only where the linked one is not a match: the closest in date of those in the window
    judged a match, the later and then the smaller id where two are equally close, as the linkage itself decides.
    """
    by_case: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for pair in pairs:
        by_case[(pair["source"], pair["case_id"])].append(pair)
    return [row for case in sorted(by_case) for row in _of_case(by_case[case], today)]


def _of_case(pairs: list[dict[str, Any]], today: date) -> Iterable[dict[str, str]]:
    linked = [pair for pair in pairs if pair["is_linked"]]
    if any(pair["verdict"] != "not_match" for pair in linked):
        return
    for pair in linked:
        yield _row(pair, "must_not_link", today)
    found = [pair for pair in pairs if pair["verdict"] == "match" and pair["is_in_window"] and not pair["is_linked"]]
    if found:
        yield _row(min(found, key=_closeness), "must_link", today)


def _closeness(pair: dict[str, Any]) -> tuple[int, int, str]:
    return abs(pair["date_difference_days"]), -pair["date_difference_days"], pair["record_id"]


def _row(pair: dict[str, Any], decision: str, today: date) -> dict[str, str]:
    return {
        "source": pair["source"],
        "case_id": pair["case_id"],
        "record_id": pair["record_id"],
        "decision": decision,
        "reviewer": pair["reviewer"],
        "reviewed_on": pair["reviewed_on"] or today.isoformat(),
        "reason": pair["comment"] or f"clerical review, pair {pair['pair']}",
    }
