"""Splink's answer beside ours, case by case and in tables.

Belongs here: choosing Splink's record as our step 2 chooses ours, and counting. Not here: scores (`scoring.py`) and
the list for review (`disagreements.py`). Frames in, frames out; no identifiers.
"""

from collections.abc import Iterable
from math import nan

import pandas as pd

from orchestration.methods.statistics.intervals import wilson

OURS = ("matched", "ambiguous", "no_record_in_window", "no_person")
SPLINK_BESIDE_A_LINK = ("same_record", "other_record", "no_record_in_window", "no_pair")
SPLINK_BESIDE_NONE = ("a_record", "no_record_in_window", "no_pair")
SPLINK_HAS_LINK = ("same_record", "other_record", "a_record")


def answers(ours: pd.DataFrame, pairs: pd.DataFrame, threshold: float, window_days: int) -> pd.DataFrame:
    """One row a case: what we and Splink say of it.

    ours: case_id, our_status, our_record_id, our_rule, one row an eligible case. pairs: as `score_pairs` gives
    them. A pair counts from `threshold` on; of a case's pairs inside the window (days, either side, inclusive) the
    closest in time is Splink's record, ties as in ours: on or after the start date, then the smaller record_id.
    Adds splink_record_id, match_weight of that record, our_match_weight (null where our record was not scored or
    there is none) and splink: `same_record`, `other_record`, `a_record` (where we have none),
    `no_record_in_window`, `no_pair`.
    """
    likely = pairs[pairs["match_probability"] >= threshold]
    chosen = closest_records(likely, window_days).rename(columns={"record_id": "splink_record_id"})
    own = pairs.rename(columns={"record_id": "our_record_id", "match_weight": "our_match_weight"})
    joined = ours.merge(chosen[["case_id", "splink_record_id", "match_weight"]], on="case_id", how="left").merge(
        own[["case_id", "our_record_id", "our_match_weight"]], on=["case_id", "our_record_id"], how="left"
    )
    return joined.assign(splink=_splink_answer(joined, set(likely["case_id"]))).reset_index(drop=True)


def closest_records(pairs: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """One row a case: of its pairs inside the window, the closest in time (2023/04, Annex A (ii))."""
    inside = pairs[pairs["date_difference_days"].abs() <= window_days]
    ordered = inside.assign(
        distance=inside["date_difference_days"].abs(), is_before=inside["date_difference_days"] < 0
    ).sort_values(["case_id", "distance", "is_before", "record_id"], kind="stable")
    return ordered.drop_duplicates("case_id")[list(pairs.columns)].reset_index(drop=True)


def _splink_answer(joined: pd.DataFrame, cases_with_pair: set[str]) -> pd.Series:
    has_record, we_have = joined["splink_record_id"].notna(), joined["our_record_id"].notna()
    is_same = has_record & we_have & (joined["splink_record_id"] == joined["our_record_id"])
    has_pair = joined["case_id"].isin(cases_with_pair)
    answer = pd.Series("no_pair", index=joined.index, dtype="object")
    answer = answer.mask(has_pair, "no_record_in_window").mask(has_record, "a_record")
    return answer.mask(has_record & we_have, "other_record").mask(is_same, "same_record")


def agreement_table(by_threshold: dict[float, pd.DataFrame]) -> pd.DataFrame:
    """One row a threshold and pair of answers: threshold, ours, splink, n. Every possible pair is there, if 0."""
    rows = []
    for threshold, table in by_threshold.items():
        counts = table.groupby(["our_status", "splink"]).size()
        for ours in OURS:
            for splink in SPLINK_BESIDE_A_LINK if ours == "matched" else SPLINK_BESIDE_NONE:
                rows.append((threshold, ours, splink, int(counts.get((ours, splink), 0))))
    return pd.DataFrame(rows, columns=["threshold", "ours", "splink", "n"])


def agreement_measures(by_threshold: dict[float, pd.DataFrame]) -> pd.DataFrame:
    """One row a threshold and measure: threshold, measure, numerator, n, value, ci_low, ci_high.

    In percent with 95% Wilson intervals: `same_answer` (the same record, or none on both sides, of all cases),
    `links_confirmed` (of our links, the same record), `links_shared` (of Splink's links, the same record). `kappa`
    (-1 to 1, no interval) is Cohen's (1960) for linked or not, chance taken out. Null where nothing could be counted.
    """
    rows = [row for threshold, table in by_threshold.items() for row in _measures(threshold, table)]
    return pd.DataFrame(rows, columns=["threshold", "measure", "numerator", "n", "value", "ci_low", "ci_high"])


def _measures(threshold: float, table: pd.DataFrame) -> Iterable[tuple]:
    ours = table["our_status"] == "matched"
    splink = table["splink"].isin(SPLINK_HAS_LINK)
    same = table["splink"] == "same_record"
    counted = {
        "same_answer": (int(same.sum() + (~ours & ~splink).sum()), len(table)),
        "links_confirmed": (int(same.sum()), int(ours.sum())),
        "links_shared": (int(same.sum()), int(splink.sum())),
    }
    for measure, (numerator, n) in counted.items():
        low, high = wilson(numerator, n)
        yield threshold, measure, numerator, n, 100 * numerator / n if n else nan, 100 * low, 100 * high
    yield threshold, "kappa", int((ours == splink).sum()), len(table), cohens_kappa(ours, splink), nan, nan


def cohens_kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa of two yes-or-no answers, case by case; nan where both always say the same one thing."""
    if not len(first):
        return nan
    observed = float((first == second).mean())
    yes_first, yes_second = float(first.mean()), float(second.mean())
    by_chance = yes_first * yes_second + (1 - yes_first) * (1 - yes_second)
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else nan
