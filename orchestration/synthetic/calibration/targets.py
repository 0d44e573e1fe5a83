"""The published figures as whole-number targets.

Belongs here: reading the transcribed tables and turning a printed value into the numerators it allows. Not
here: which variable meets which target.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor

import pandas as pd

from orchestration.settings import PUBLISHED_FIGURES_DIR

# 23.3% of 366 is no whole number of cases (85 gives 23.2, 86 gives 23.5).
IMPOSSIBLE_EMPLOYMENT = ("C2", "age_group", "50+", "strength_employment")
# 80.7% of 411 is none either (331 gives 80.5, 332 gives 80.8), and the categories would then fall 88 short of
# the total with only 62 levels missing: 441 was probably meant.
IMPOSSIBLE_PLANNING = ("C3", "rosh_group", "high_very_high", "planning_needs")
IMPOSSIBLE = (IMPOSSIBLE_EMPLOYMENT, IMPOSSIBLE_PLANNING)
READ_INSTEAD = {IMPOSSIBLE_EMPLOYMENT: (366, "23.2"), IMPOSSIBLE_PLANNING: (441, "80.7")}


@dataclass(frozen=True)
class Cell:
    """One published cell: the group's size (None where not printed) and its value as printed."""

    n: int | None
    value: Decimal
    unit: str

    def numerators(self, n: int | None = None) -> tuple[int, int]:
        """The smallest and largest numerator printed as this value over `n` (by default the cell's own)."""
        n = self.n if n is None else n
        if n is None:
            raise ValueError("a cell without a size needs one")
        return numerators(n, self.value, self.unit)


def numerators(n: int, value: Decimal, unit: str) -> tuple[int, int]:
    """The whole numbers (low, high) whose share or mean over `n` rounds half up to `value`.

    A numerator exactly on the tie is left out where another one remains.
    """
    low, high = ratio_band(value, unit)
    first, last = ceil(low * n), ceil(high * n) - 1
    if first == low * n and first < last:
        first += 1
    return first, last


def ratio_band(value: Decimal, unit: str) -> tuple[Decimal, Decimal]:
    """The half-open interval of numerator / denominator printed as `value` (percent or mean_count)."""
    half_step = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    divisor = 100 if unit == "percent" else 1
    return (value - half_step) / divisor, (value + half_step) / divisor


@lru_cache(maxsize=1)
def annex_b() -> dict[tuple[str, str, str], Cell]:
    """Tables B1 to B3 (2023/04): (item, category, outcome) -> cell; the row without a value is left out."""
    return {(r.item, r.category, r.outcome): _cell(r.n, r.value, r.unit) for r in _rows("annex_b") if r.value}


@lru_cache(maxsize=1)
def annex_c() -> dict[tuple[str, str, str], Cell]:
    """Tables C1 to C6 (2020/03): (item, category, outcome) -> cell, the two impossible ones as read."""
    cells = {}
    for r in _rows("annex_c"):
        n, value = READ_INSTEAD.get((r.table_id, r.item, r.category, r.outcome), (r.n, r.value))
        cells[r.item, r.category, r.outcome] = _cell(n, value, r.unit)
    return cells


@lru_cache(maxsize=1)
def headlines() -> dict[str, Cell]:
    """Figures stated in the text: id -> cell without a size."""
    return {r.id: _cell("", r.value, r.unit) for r in _rows("headlines")}


def categories_b(item: str) -> list[str]:
    """The published categories of an Annex B item, in order."""
    return list(dict.fromkeys(category for name, category, _ in annex_b() if name == item))


def groups_c() -> list[tuple[str, str]]:
    """The groups (item, category) of every Annex C table, in order, all cases first."""
    return list(dict.fromkeys((item, category) for item, category, _ in annex_c()))


def band_of_counts(headline: str, n: int) -> tuple[int, int]:
    """The numerators over `n` that are printed as a percentage headline."""
    low, high = ratio_band(headlines()[headline].value, "percent")
    return floor(low * n) + 1, ceil(high * n) - 1


def _rows(table: str) -> list:
    path = PUBLISHED_FIGURES_DIR / f"{table}.csv"
    return list(pd.read_csv(path, dtype=str, keep_default_na=False).itertuples(index=False))


def _cell(n: str | int, value: str, unit: str) -> Cell:
    return Cell(int(n) if n != "" else None, Decimal(value), unit)
