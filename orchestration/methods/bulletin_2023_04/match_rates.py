"""Match rates by sub-group, and whether matched and unmatched cases differ.

Belongs here: 2023/04, Annex A (ii) and (iii). Not here: linkage itself, or the outcomes of matched cases.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.outcomes import MATCHED_COLUMNS
from orchestration.methods.statistics.significance import ChiSquare, pearson
from orchestration.tables.annexes import MATCH_RATES

# The groups the bulletin names in the text beside the published categories.
COMBINED = {
    "ogrs_group": ("high_very_high", ("high", "very_high")),
    "rosh_group": ("low_medium", ("low", "medium")),
}


def match_rates(cases: pd.DataFrame) -> pd.DataFrame:
    """Eligible and matched cases and the rate (percent, unrounded) for each source, item and category.

    The p-value is Pearson's chi-square of matched against unmatched over the item's categories, missing left
    out, without continuity correction; every row of the item carries it, combined categories too. Missing
    for all cases, where all or no case of the item is matched, and where one category holds them all (case
    type among terminations: community sentences only; the other category has no eligible case and no rate).
    """
    rows = [
        {"source": source, **row}
        for source, column in MATCHED_COLUMNS.items()
        for row in _rows_of_source(cases[cases[column].notna()], column)
    ]
    return frame_of(MATCH_RATES, rows)


def _rows_of_source(eligible: pd.DataFrame, column: str) -> Iterator[dict[str, object]]:
    matched = eligible[column].astype(bool)
    untested = ChiSquare(np.nan, 0, np.nan)
    yield _row(layout_2023.ALL_CASES.item, "all", len(eligible), int(matched.sum()), untested)
    for item in layout_2023.CHARACTERISTICS:
        n = np.array([int((eligible[item.item] == code).sum()) for code in item.codes])
        hits = np.array([int((matched & (eligible[item.item] == code)).sum()) for code in item.codes])
        test = pearson(hits, n)
        for code, of, found in zip(item.codes, n, hits, strict=True):
            yield _row(item.item, code, int(of), int(found), test)
        if item.item in COMBINED:
            name, parts = COMBINED[item.item]
            chosen = [code in parts for code in item.codes]
            yield _row(item.item, name, int(n[chosen].sum()), int(hits[chosen].sum()), test)


def _row(item: str, category: str, eligible: int, matched: int, test: ChiSquare) -> dict[str, object]:
    return {
        "item": item,
        "category": category,
        "eligible": eligible,
        "matched": matched,
        "rate": 100 * matched / eligible if eligible else np.nan,
        "chi2": test.chi2,
        "df": test.df if np.isfinite(test.chi2) else pd.NA,
        "p_value": test.p,
    }
