"""How many reoffend when the measure is another: breaches count, a longer follow-up, a longer wait for proof.

Belongs here: each way beside the published one on the same cases. Not here: the counting of offences (dbt,
`reoffence_measures`).
"""

import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.outcomes import numbers
from orchestration.methods.statistics.intervals import wilson
from orchestration.tables.reoffence_types import REOFFENDING_MEASURES

PUBLISHED = "published"
WAYS = (PUBLISHED, "breaches_count", "followup_24", "waiting_9")
NOT_COVERED = "not measurable: the extract ends before the windows of every case"


def measures_table(measured: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.reoffending_measures; `measured`: marts.reoffence_measures, one row a case and way.

    A way is compared on the cases it can be measured in, since these are not a random part of all: the earlier ones.
    """
    by_way = {str(way): own.set_index("case_key") for way, own in measured.groupby("measure")}
    rows = (
        _row(way, by_way[way], numbers(by_way[PUBLISHED]["reoffences"]), significance_level)
        for way in WAYS
        if way in by_way
    )
    return frame_of(REOFFENDING_MEASURES, rows)


def _row(way: str, own: pd.DataFrame, published: pd.Series, significance_level: float) -> Row:
    number = numbers(own["reoffences"]).dropna()
    row: Row = {"measure": way, "n": len(number), "n_not_covered": len(own) - len(number)}
    row |= {name: int(own[name].iloc[0]) for name in ("followup_months", "waiting_months")}
    if number.empty:
        return row | {"not_estimable_because": NOT_COVERED}
    same = published.loc[number.index]
    told = {"percent_published": same, "percent": number}
    ends = {"percent_published": ("published_low", "published_high"), "percent": ("ci_low", "ci_high")}
    for name, values in told.items():
        reoffended, n = int((values > 0).sum()), len(values)
        limits = wilson(reoffended, n, 1 - significance_level)
        row |= {name: 100 * reoffended / n} | {end: 100 * at for end, at in zip(ends[name], limits, strict=True)}
    return row | {"mean_published": same[same > 0].mean(), "mean_reoffences": number[number > 0].mean()}
