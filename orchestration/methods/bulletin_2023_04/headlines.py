"""The figures stated in the bulletin's text.

Belongs here: results.headlines, ids as in the published figures. Not here: Annex B's cells, and what cannot
be reproduced: parameters of the method, the termination match count and rates of the text (they contradict
the tables), and indictable-only reoffences (not in the extract).
"""

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from orchestration.methods.layouts.headlines import Headline, annex_headlines, headline_table
from orchestration.methods.layouts.headlines_2023 import (
    CELLS,
    GAPS,
    MATCHED_GROUPS,
    REASONS,
    Group,
)
from orchestration.methods.layouts.layout_2023 import OUTCOMES
from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.layouts.rounding import share

UNITS = {outcome.code: outcome.unit for outcome in OUTCOMES}


def headlines(cases: pd.DataFrame, annex_b: pd.DataFrame, match_rates: pd.DataFrame) -> pd.DataFrame:
    """One row a headline: value unrounded, value_published as the bulletin's text has it, n cases behind it.

    `annex_b` and `match_rates` are the results tables of the same cases: what the text repeats from them is
    read there. Gaps are positive as printed, from unrounded rates.
    """
    parts = (
        _match_headlines(cases, match_rates),
        _outcome_headlines(cases, annex_b),
        _judgement_headlines(cases),
        _gap_headlines(cases),
        _reason_headlines(cases),
        _provider_headlines(cases),
    )
    return headline_table(headline for part in parts for headline in part)


def _count(headline_id: str, description: str, value: int, n: int) -> Headline:
    return Headline(headline_id, description, "count", float(value), n, 0)


def _percent(headline_id: str, description: str, value: float | Fraction | None, n: int) -> Headline:
    return Headline(headline_id, description, "percent", value, n, 0)


def _match_headlines(cases: pd.DataFrame, match_rates: pd.DataFrame) -> Iterator[Headline]:
    of_reoffending = match_rates[match_rates["source"] == "reoffending"]
    groups = zip(of_reoffending["item"], of_reoffending["category"], strict=True)
    rates = dict(zip(groups, zip(of_reoffending["rate"], of_reoffending["eligible"], strict=True), strict=True))
    rate, eligible = rates["all_cases", "all"]
    matched = int(cases["reoffending_matched"].fillna(False).sum())
    yield _count("cases_inspected", "inspection cases assessed", len(cases), len(cases))
    yield _count("reoff_matched", "cases matched to the PNC extract", matched, eligible)
    for name, decimals in (("reoff_match_rate_round", 0), ("reoff_match_rate", 1)):
        words = "PNC match rate, whole per cent" if decimals == 0 else "PNC match rate, one decimal"
        yield Headline(name, words, "percent", float(rate), eligible, decimals)
    community = int((cases["case_type"] == "community").sum())
    yield _count("community_cases", "community sentence cases in the inspection data", community, len(cases))
    for name, (item, category, description) in MATCHED_GROUPS.items():
        rate, eligible = rates[item, category]
        yield _percent(name, description, float(rate), int(eligible))


def _outcome_headlines(cases: pd.DataFrame, annex_b: pd.DataFrame) -> Iterator[Headline]:
    yield from annex_headlines(CELLS, annex_b, UNITS)
    counts = cases_with_outcome(cases, "reoffences")[OUTCOME]
    few = share(int((counts <= 3).sum()), len(counts), 100)
    yield _percent("reoffences_three_or_fewer_pct", "reoffenders with three or fewer reoffences", few, len(counts))
    modes = counts.mode()  # ascending: the smallest, where several numbers are equally frequent
    mode = float(modes.iloc[0]) if len(modes) else None
    yield Headline("reoffences_mode", "modal number of reoffences", "count", mode, len(counts), 0)


def _judgement_headlines(cases: pd.DataFrame) -> Iterator[Headline]:
    for item, words in (("engagement", "engagement"), ("desistance", "desistance")):
        judged = cases[item].isin(("yes", "no"))
        positive = share(int((cases[item] == "yes").sum()), int(judged.sum()), 100)
        description = f"{words} key question positive, all inspected"
        yield _percent(f"kq_{item}_yes_pct", description, positive, int(judged.sum()))


def _gap_headlines(cases: pd.DataFrame) -> Iterator[Headline]:
    """Figure 5's gaps by likelihood of reoffending, and the combined finding of the conclusion."""
    for name, (outcome, higher, lower, description) in GAPS.items():
        value, n = _gap(_members(cases, higher), _members(cases, lower), outcome)
        yield Headline(name, description, "percentage_points", value, n, 0)


def _members(cases: pd.DataFrame, group: Group) -> pd.DataFrame:
    chosen = pd.Series(True, index=cases.index)
    for column, codes in group.items():
        chosen &= cases[column].isin(codes)
    return cases[chosen]


def _gap(higher: pd.DataFrame, lower: pd.DataFrame, outcome: str) -> tuple[Fraction | None, int]:
    """The first group's percentage less the second's, exactly, and the cases in both."""
    first, second = (cases_with_outcome(group, outcome)[OUTCOME] for group in (higher, lower))
    shares = [share(int(values.sum()), len(values), 100) for values in (first, second)]
    n = len(first) + len(second)
    return (None, n) if shares[0] is None or shares[1] is None else (shares[0] - shares[1], n)


def _reason_headlines(cases: pd.DataFrame) -> Iterator[Headline]:
    reasons = cases.loc[cases["termination_matched"].fillna(False).astype(bool), "termination_reason"]
    for name, (code, description) in REASONS.items():
        yield _count(name, description, int((reasons == code).sum()), len(reasons))


def _provider_headlines(cases: pd.DataFrame) -> Iterator[Headline]:
    for name, code, description in (
        ("crc_inspected", "crc", "CRCs inspected"),
        ("nps_inspected", "nps", "NPS divisions inspected"),
    ):
        inspected = cases.loc[cases["provider_type"] == code, "provider"]
        yield _count(name, description, int(inspected.nunique()), len(inspected))
