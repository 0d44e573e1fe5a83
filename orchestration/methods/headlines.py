"""The figures stated in the bulletin's text.

Belongs here: results.headlines, ids as in the published figures. Not here: Annex B's cells, and what cannot
be reproduced: parameters of the method, the termination match count and rates of the text (they contradict
the tables), and indictable-only reoffences (not in the extract).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from orchestration.methods.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.rounding import round_half_up, share

HEADLINES = {
    "id": "str",
    "value": "float64",
    "value_published": "float64",
    "unit": "str",
    "n": "Int64",
    "description": "str",
}
HIGH_LIKELIHOOD = ("high", "very_high")
BOTH_KEY_QUESTIONS = ("engagement", "desistance")

# id -> (item, category, description) of results.match_rates, source reoffending; whole per cent.
MATCHED_GROUPS = {
    "reoff_match_rate_ogrs_low": ("ogrs_group", "low", "PNC match rate, low likelihood of reoffending"),
    "reoff_match_rate_ogrs_high": (
        "ogrs_group",
        "high_very_high",
        "PNC match rate, high or very high likelihood of reoffending",
    ),
    "reoff_match_rate_rosh_low_medium": (
        "rosh_group",
        "low_medium",
        "PNC match rate, low or medium risk of serious harm",
    ),
    "reoff_match_rate_rosh_high": (
        "rosh_group",
        "high_very_high",
        "PNC match rate, high or very high risk of serious harm",
    ),
}

# id -> (item, category, outcome, decimals, description) of results.annex_b.
ANNEX_CELLS = {
    "term_positive_pct": ("all_cases", "all", "termination_positive", 0, "terminations for positive reasons"),
    "reoffended_pct": ("all_cases", "all", "reoffended", 0, "reoffended within one year"),
    "reoffences_mean": ("all_cases", "all", "reoffences", 1, "mean reoffences among reoffenders"),
    "fig6_reoff_engagement_no": (
        "engagement",
        "no",
        "reoffended",
        0,
        "reoffending rate, engagement not effective",
    ),
    "fig6_reoff_engagement_yes": (
        "engagement",
        "yes",
        "reoffended",
        0,
        "reoffending rate, engagement effective",
    ),
    "fig8_mean_support_yes": (
        "supports_completion",
        "yes",
        "reoffences",
        1,
        "mean reoffences, completion support sufficient",
    ),
    "fig8_mean_support_no": (
        "supports_completion",
        "no",
        "reoffences",
        1,
        "mean reoffences, completion support insufficient",
    ),
    "fig10_completion_desistance_no": (
        "desistance",
        "no",
        "termination_positive",
        0,
        "completion rate, desistance not effectively supported",
    ),
    "fig10_completion_desistance_yes": (
        "desistance",
        "yes",
        "termination_positive",
        0,
        "completion rate, desistance effectively supported",
    ),
    "fig11_reoff_desistance_no": (
        "desistance",
        "no",
        "reoffended",
        0,
        "reoffending rate, desistance not effectively supported",
    ),
    "fig11_reoff_desistance_yes": (
        "desistance",
        "yes",
        "reoffended",
        0,
        "reoffending rate, desistance effectively supported",
    ),
    "fig14_reoff_strengths_yes": (
        "strengths_built_upon",
        "yes",
        "reoffended",
        0,
        "reoffending rate, delivery built on strengths",
    ),
    "fig14_reoff_strengths_none": (
        "strengths_built_upon",
        "none_present",
        "reoffended",
        0,
        "reoffending rate, no strengths identified",
    ),
}

# id -> (termination_reason, description)
REASONS = {
    "term_ran_full_course": ("ran_full_course", "termination reason: ran full course"),
    "term_early_good_progress": ("early_good_progress", "termination reason: early for good progress"),
    "term_early_offence": ("early_conviction", "termination reason: early for new conviction"),
    "term_early_noncompliance": (
        "early_failure_to_comply",
        "termination reason: early for failure to comply",
    ),
    "term_early_other": ("early_other", "termination reason: early for other reasons, not analysed"),
    "term_excluded": ("excluded", "termination reason: excluded code, not analysed"),
}


@dataclass(frozen=True)
class Headline:
    """A figure, exact, with the number of cases it rests on."""

    id: str
    description: str
    unit: str
    value: float | Fraction | None
    n: int
    decimals: int


def headlines(cases: pd.DataFrame, annex_b: pd.DataFrame, match_rates: pd.DataFrame) -> pd.DataFrame:
    """One row a headline: value unrounded, value_published as the bulletin's text has it, n cases behind it.

    `annex_b` and `match_rates` are the results tables of the same cases: what the text repeats from them is
    read there. Gaps are positive as printed, from unrounded rates.
    """
    rows = [
        {
            "id": headline.id,
            "value": None if headline.value is None else float(headline.value),
            "value_published": round_half_up(headline.value, headline.decimals),
            "unit": headline.unit,
            "n": headline.n,
            "description": headline.description,
        }
        for part in (
            _match_headlines(cases, match_rates),
            _outcome_headlines(cases, annex_b),
            _judgement_headlines(cases),
            _gap_headlines(cases),
            _reason_headlines(cases),
            _provider_headlines(cases),
        )
        for headline in part
    ]
    return pd.DataFrame(rows, columns=list(HEADLINES)).astype(HEADLINES)


def _count(headline_id: str, description: str, value: int, n: int) -> Headline:
    return Headline(headline_id, description, "count", float(value), n, 0)


def _percent(headline_id: str, description: str, value: float | Fraction | None, n: int) -> Headline:
    return Headline(headline_id, description, "percent", value, n, 0)


def _match_headlines(cases: pd.DataFrame, match_rates: pd.DataFrame) -> Iterator[Headline]:
    of_reoffending = match_rates[match_rates["source"] == "reoffending"]
    groups = zip(of_reoffending["item"], of_reoffending["category"], strict=True)
    rates = dict(
        zip(groups, zip(of_reoffending["rate"], of_reoffending["eligible"], strict=True), strict=True)
    )
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
    keys = zip(annex_b["item"], annex_b["category"], annex_b["outcome"], strict=True)
    cells = dict(zip(keys, zip(annex_b["value"], annex_b["n"], strict=True), strict=True))
    for name, (item, category, outcome, decimals, description) in ANNEX_CELLS.items():
        value, n = cells[item, category, outcome]
        unit = "mean_count" if outcome == "reoffences" else "percent"
        yield Headline(name, description, unit, float(value), int(n), decimals)
    counts = cases_with_outcome(cases, "reoffences")[OUTCOME]
    few = share(int((counts <= 3).sum()), len(counts), 100)
    yield _percent(
        "reoffences_three_or_fewer_pct", "reoffenders with three or fewer reoffences", few, len(counts)
    )
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
    high, low = cases["ogrs_group"].isin(HIGH_LIKELIHOOD), cases["ogrs_group"] == "low"
    engaged, not_engaged = cases["engagement"] == "yes", cases["engagement"] == "no"
    both = (cases[list(BOTH_KEY_QUESTIONS)] == "yes").all(axis=1)
    neither = (cases[list(BOTH_KEY_QUESTIONS)] == "no").all(axis=1)
    completed, reoffended = "termination_positive", "reoffended"
    for name, description, outcome, better, worse in (
        (
            "fig5_gap_ogrs_high",
            "completion gap by engagement, high or very high likelihood of reoffending",
            completed,
            engaged & high,
            not_engaged & high,
        ),
        (
            "fig5_gap_ogrs_low",
            "completion gap by engagement, low likelihood of reoffending",
            completed,
            engaged & low,
            not_engaged & low,
        ),
        (
            "both_kq_completion_gap",
            "completion gap, both key questions positive against both negative",
            completed,
            both,
            neither,
        ),
        (
            "both_kq_reoffending_gap",
            "reoffending gap, both key questions positive against both negative",
            reoffended,
            neither,
            both,
        ),
    ):
        value, n = _gap(cases[better], cases[worse], outcome)
        yield Headline(name, description, "percentage_points", value, n, 0)


def _gap(more: pd.DataFrame, less: pd.DataFrame, outcome: str) -> tuple[Fraction | None, int]:
    """The first group's percentage less the second's, exactly, and the cases in both."""
    first, second = (cases_with_outcome(group, outcome)[OUTCOME] for group in (more, less))
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
