"""Strata of a caseload, and a sample spread over them in proportion.

2020/03 and 2023/04, Annex A: "we ensured that the ratios in relation to gender, type of disposal and risk of serious
harm level matched those in the eligible population". Strata are the combinations of the three within a provider. A
missing value is a level of its own: such a case is in the caseload and can be drawn.

Belongs here: strata and whole numbers of cases in each. Not here: which cases (`drawing`), weights (`design_weights`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.methods.sampling.sample_size import BULLETIN_PRECISION, Precision, required_sample

PROVIDER = ("provider", "provider_type")
MISSING = "missing"
# Each characteristic with its levels in reading order; a level that is not listed follows in alphabetical order.
LEVELS = {
    "gender": ("male", "female", MISSING),
    "case_type": ("community", "post_release", MISSING),
    "rosh_level": ("low", "medium", "high", "very_high", MISSING),
}
STRATUM = tuple(LEVELS)
CELL = (*PROVIDER, *STRATUM)


def allocate(sizes: Sequence[int], n: int) -> list[int]:
    """`n` cases over strata of these `sizes`, in proportion, by the largest remainder (Hamilton's method).

    Each stratum gets the whole part of its exact share; the cases left over go to the largest fractions. Of equal
    fractions the larger stratum comes first, then the earlier one. Whole-number arithmetic, so no rounding decides.
    The result adds up to `n`, is within one of each exact share, and never exceeds a stratum. Raises ValueError where
    `n` is negative or more than there are.
    """
    counts = [int(size) for size in sizes]
    total = sum(counts)
    if not 0 <= n <= total or min(counts, default=0) < 0:
        raise ValueError("the sample must lie between nought and the population, and no stratum be negative")
    if total == 0:
        return [0] * len(counts)
    shares = [divmod(int(n) * size, total) for size in counts]
    left = int(n) - sum(whole for whole, _ in shares)
    order = sorted(range(len(counts)), key=lambda i: (-shares[i][1], -counts[i], i))
    raised = set(order[:left])
    return [whole + (i in raised) for i, (whole, _) in enumerate(shares)]


def with_strata(cases: pd.DataFrame) -> pd.DataFrame:
    """`cases` (CELL among the columns) with plain text in the stratum's columns, missing values as `missing`."""
    texts = {name: cases[name].astype(object).where(cases[name].notna(), MISSING).astype("str") for name in STRATUM}
    return cases.assign(**texts)


def count_cells(caseload: pd.DataFrame, achieved: pd.DataFrame) -> pd.DataFrame:
    """One row a provider and stratum that the caseload or the achieved sample has: CELL, caseload, achieved (int64).

    In order of provider, type and the levels' reading order. Both frames have the columns of CELL.
    """
    counts = [
        with_strata(cases).groupby(list(CELL), observed=True).size().rename(name)
        for name, cases in (("caseload", caseload), ("achieved", achieved))
    ]
    table = pd.concat(counts, axis=1).fillna(0).astype("int64").reset_index()
    return table.sort_values(list(CELL), key=_reading_order, ignore_index=True)


def allocate_cells(cells: pd.DataFrame, precision: Precision = BULLETIN_PRECISION) -> pd.Series:
    """The cases each row of `count_cells` would hold in a required sample of its provider's caseload (int64)."""
    allocated = pd.Series(0, index=cells.index, dtype="int64")
    for _, rows in cells.groupby(list(PROVIDER), sort=False):
        sizes = rows["caseload"].tolist()
        allocated.loc[rows.index] = np.array(allocate(sizes, required_sample(sum(sizes), precision)), dtype="int64")
    return allocated


def _reading_order(column: pd.Series) -> pd.Series:
    levels = LEVELS.get(str(column.name))
    if levels is None:
        return column.astype("str")
    known = [*levels, *sorted(set(column) - set(levels))]
    return column.map({level: position for position, level in enumerate(known)})
