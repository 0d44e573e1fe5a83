"""An outcome by sub-group: how many cases, and their mean or percentage.

Belongs here: counting, for the annex of any bulletin. Not here: which cases have an outcome (`outcomes`, `measures`),
which sub-groups a table lists.
"""

from collections.abc import Sequence

import pandas as pd

from orchestration.methods.layouts.outcomes import OUTCOME


def grouped(with_outcome: pd.DataFrame, by: Sequence[str], scale: int = 100) -> pd.DataFrame:
    """The mean of the column `outcome` by one or more columns, times `scale`: `by`, n (Int64) and value.

    Rows with any of `by` missing leave the base. With `by` empty: one row, everybody. The value is one division of
    whole numbers, the float nearest to the exact share, which half-up rounding relies on.
    """
    base = with_outcome[[*by, OUTCOME]].dropna(subset=list(by))
    if not by:
        totals = pd.DataFrame({"n": [len(base)], "total": [base[OUTCOME].sum()]})
    else:
        totals = base.groupby(list(by), observed=True, sort=False)[OUTCOME].agg(n="size", total="sum").reset_index()
    value = (scale * totals["total"]) / totals["n"].where(totals["n"] > 0)
    return totals[list(by)].assign(n=totals["n"].astype("Int64"), value=value.astype("float64"))
