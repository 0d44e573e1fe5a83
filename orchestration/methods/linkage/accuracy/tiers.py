"""How many links each tier of certainty has, and how likely one of them is to be right.

Belongs here: the choice of what the probability rests on. Not here: judging links against truth (`quality.py`) and
estimating from a reviewed sample (`review_tables.py`), whose rows come in.
"""

from collections.abc import Iterator

import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.linkage.accuracy.counts import STATUS_COLUMN
from orchestration.methods.linkage.accuracy.quality import BASIS, REVIEWED
from orchestration.methods.linkage.accuracy.review_tables import TIER_PREFIX
from orchestration.tables.linkage_tiers import LINKAGE_TIERS

REVIEW = "review"


def linkage_tiers(
    steps: pd.DataFrame, tiers: pd.DataFrame, quality: pd.DataFrame, review: pd.DataFrame
) -> pd.DataFrame:
    """One row a source and tier: links, share, and the probability (percent) that a link is right, with 95% interval.

    `steps` is marts.linkage_steps, `tiers` reference.match_tiers (tier_rank, tier), `quality` results.linkage_quality,
    `review` results.linkage_review. A source's probabilities rest on its truth file where there is one, for that says
    of each link whether it is right; else on the current clerical review, which says it of a sample.
    """
    every = [(0, REVIEWED), *tiers.sort_values("tier_rank")[["tier_rank", "tier"]].itertuples(index=False, name=None)]
    rows = [row for source in STATUS_COLUMN for row in _rows_of_source(source, steps, every, quality, review)]
    return frame_of(LINKAGE_TIERS, rows)


def _rows_of_source(
    source: str, steps: pd.DataFrame, tiers: list[tuple[int, str]], quality: pd.DataFrame, review: pd.DataFrame
) -> Iterator[Row]:
    links = steps.loc[(steps["source"] == source) & (steps["step_outcome"] == "decides"), "tier"].value_counts()
    judged = _judged_against_truth(source, quality) or _judged_by_review(source, review)
    basis = next(iter(judged.values()))["basis"] if judged else None
    for rank, tier in tiers:
        n = int(links.get(tier, 0))
        if n or tier != REVIEWED:
            share = 100 * n / links.sum() if len(links) else None
            told = judged.get(tier, {"basis": basis, "n_judged": 0 if basis else None})
            yield {"source": source, "tier_rank": rank, "tier": tier, "links": n, "share_of_matched": share, **told}


def _judged_against_truth(source: str, quality: pd.DataFrame) -> dict[str, Row]:
    chosen = (quality["source"] == source) & (quality["item"] == "tier") & (quality["measure"] == "precision")
    return {str(row["category"]): _told(row, BASIS, "n") for _, row in quality[chosen].iterrows()}


def _judged_by_review(source: str, review: pd.DataFrame) -> dict[str, Row]:
    chosen = (review["source"] == source) & (review["status"] == "current")
    chosen &= review["stratum"].str.startswith(TIER_PREFIX)
    of_tiers = review[chosen]
    return {
        str(row["stratum"]).removeprefix(TIER_PREFIX): _told(row, REVIEW, "n_reviewed")
        for _, row in of_tiers.iterrows()
    }


def _told(row: pd.Series, basis: str, count: str) -> Row:
    ends = {name: row[name] for name in ("ci_low", "ci_high")}
    return {"basis": basis, "n_judged": row[count], "probability": row["value"], **ends}
