"""How good the links are, measured against truth: precision, recall, F1 and their kin, with intervals.

Belongs here: the counts behind each measure, over all cases, by rule and by sub-group. Not here: why a link is
false or missed (`losses.py`), intervals (`intervals.py`).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.linkage.accuracy.evidence import ITEMS, OUTCOMES, Evidence, is_among, judged_cases
from orchestration.methods.statistics.intervals import f1_interval, f1_score, wilson
from orchestration.tables.linkage_quality import LINKAGE_QUALITY

BASIS = "truth"
REVIEWED = "reviewed"  # the tier of a link that a reviewer asked for
_Row = dict[str, object]


def linkage_quality(evidence: Sequence[Evidence]) -> pd.DataFrame:
    """One row a source, measure, item and category: percentages with 95% intervals; empty without evidence.

    Wilson intervals; for F1 from the interval of true links among all links made or owed (`f1_interval`). Pairs
    and records are taken as independent of each other, although a case may have several. `value` and its interval
    are missing where nothing could be counted. Measures: see docs/linkage-quality.md.
    """
    rows = [
        {"source": part.source, "basis": BASIS, **row}
        for part in evidence
        if len(part.cases)
        for row in _rows_of_source(part)
    ]
    return frame_of(LINKAGE_QUALITY, rows)


def _rows_of_source(evidence: Evidence) -> Iterator[_Row]:
    cases = judged_cases(evidence)
    yield from _of_group(cases, "all_cases", "all", 1)
    yield _share("matched", "all_cases", "all", 1, cases["is_matched"])
    yield _share("linkable", "all_cases", "all", 1, cases["is_linkable"])
    lost = cases["has_rejected_record"] & ~cases["is_linkable"]
    yield _share("lost_before_linkage", "all_cases", "all", 1, lost)
    yield from _by_characteristic(cases)
    yield from _by_rule(cases, evidence.rules)
    yield from _of_blocks(cases, evidence.pairs)
    yield _closest_chosen(evidence.pairs)
    if evidence.source == "reoffending":
        yield from _of_records(evidence.pairs)
    for outcome in OUTCOMES[evidence.source]:
        yield from _of_outcome(cases, outcome)


def _of_group(cases: pd.DataFrame, item: str, category: str, order: int) -> Iterator[_Row]:
    """Precision, recall, F1 and specificity of a group of cases."""
    linkable = cases["is_linkable"]
    yield _share("precision", item, category, order, cases.loc[cases["is_matched"], "is_true_link"])
    yield _share("recall", item, category, order, cases.loc[linkable, "is_true_link"])
    true_links = int(cases["is_true_link"].sum())
    links = true_links, int(cases["is_matched"].sum()) - true_links, int(linkable.sum()) - true_links
    yield _row(
        "f1", item, category, order, 2 * true_links, true_links + sum(links), f1_score(*links), f1_interval(*links)
    )
    yield _share("specificity", item, category, order, ~cases.loc[~linkable, "is_matched"])


def _by_characteristic(cases: pd.DataFrame) -> Iterator[_Row]:
    """Sub-groups as in results.match_rates; cases without the characteristic are the category `missing`."""
    for item in ITEMS:
        values = cases[item.item].fillna("missing")
        codes = [*item.codes, *(["missing"] if (values == "missing").any() else [])]
        for order, code in enumerate(codes, start=1):
            yield from _of_group(cases[values == code], item.item, code, order)


def _by_rule(cases: pd.DataFrame, rules: pd.DataFrame) -> Iterator[_Row]:
    """Precision of the links of each rule, and of each tier, and their share of all true links.

    Links made otherwise (overrides) follow; each makes a tier of its own.
    """
    matched = cases[cases["is_matched"]]
    others = sorted(set(matched["rule"].dropna()) - set(rules["rule"]))
    ruled = rules.sort_values("tier_rank", kind="stable")
    tiers = dict(zip(ruled["rule"], ruled["tier"], strict=True)) | dict.fromkeys(others, REVIEWED)
    names = {"rule": [*rules["rule"], *others], "tier": list(dict.fromkeys(tiers.values()))}
    made_by = {"rule": matched["rule"], "tier": matched["rule"].map(tiers)}
    for item, made in made_by.items():
        for order, name in enumerate(names[item], start=1):
            yield _share("precision", item, name, order, matched.loc[made == name, "is_true_link"])
            yield _share("share_of_true_links", item, name, order, made[matched["is_true_link"]] == name)


def _of_blocks(cases: pd.DataFrame, pairs: pd.DataFrame) -> Iterator[_Row]:
    """What blocking kept: true pairs inside the window, cases with one, and cases linked although it lost one."""
    true_pairs = pairs[pairs["is_true_in_window"]]
    linkable = cases[cases["is_linkable"]]
    is_kept = is_among(linkable["case_id"], true_pairs.loc[true_pairs["is_candidate"], "case_id"])
    has_lost = is_among(linkable["case_id"], true_pairs.loc[~true_pairs["is_candidate"], "case_id"])
    yield _share("pairs_kept_by_blocks", "all_cases", "all", 1, true_pairs["is_candidate"])
    yield _share("cases_kept_by_blocks", "all_cases", "all", 1, is_kept)
    yield _share("linked_although_pair_lost", "all_cases", "all", 1, linkable.loc[has_lost, "is_true_link"])


def _closest_chosen(pairs: pd.DataFrame) -> _Row:
    """True links to the sentence itself: the chosen record is the closest of the true ones, by the choice's order."""
    true_pairs = pairs[pairs["is_true_in_window"]]
    ordered = true_pairs.assign(distance=true_pairs["date_difference_days"].abs()).sort_values(
        ["case_id", "distance", "date_difference_days", "record_id"], ascending=[True, True, False, True]
    )
    is_closest = ~ordered["case_id"].duplicated()
    return _share("closest_true_record", "all_cases", "all", 1, is_closest[ordered["is_chosen"]])


def _of_records(pairs: pd.DataFrame) -> Iterator[_Row]:
    """Reoffending combines records: how many of those combined are true, and of the true ones are combined."""
    yield _share("precision_of_records", "all_cases", "all", 1, pairs.loc[pairs["is_decided"], "is_true"])
    yield _share("recall_of_records", "all_cases", "all", 1, pairs.loc[pairs["is_true_in_window"], "is_decided"])


def _of_outcome(cases: pd.DataFrame, outcome: str) -> Iterator[_Row]:
    """Matched cases whose outcome is not the one their true records give, or should have none."""
    matched = cases[cases["is_matched"]]
    linked, true = matched[f"linked_{outcome}"], matched[f"true_{outcome}"]
    differs = ~(linked.eq(true).fillna(False).astype(bool) | (linked.isna() & true.isna() & matched["is_linkable"]))
    measure = f"{outcome}_differs"
    yield _share(measure, "all_cases", "all", 1, differs)
    yield _share(measure, "link", "true_link", 1, differs[matched["is_true_link"]])
    yield _share(measure, "link", "false_link", 2, differs[~matched["is_true_link"]])


def _share(measure: str, item: str, category: str, order: int, hits: pd.Series) -> _Row:
    numerator, n = int(hits.sum()), len(hits)
    return _row(measure, item, category, order, numerator, n, numerator / n if n else np.nan, wilson(numerator, n))


def _row(
    measure: str, item: str, category: str, order: int, numerator: int, n: int, value: float, ends: tuple[float, float]
) -> _Row:
    return {
        "measure": measure,
        "item": item,
        "category": category,
        "category_order": order,
        "numerator": numerator,
        "n": n,
        "value": 100 * value,
        "ci_low": 100 * ends[0],
        "ci_high": 100 * ends[1],
    }
