"""Made-up cases, and their cells counted by hand: plain loops over plain rows."""

from fractions import Fraction
from functools import cache

import pandas as pd

from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.layouts.layout_2020 import EVERYBODY, GROUPS, NEEDS, STRENGTHS
from tests.made_up.needs import example_needs

CASES = example_needs()
ROWS = CASES.astype(object).where(CASES.notna(), None).to_dict("records")
NO_VERDICTS = pd.DataFrame(columns=["outcome", "term", "is_retained", "p_value"])
RATINGS = pd.DataFrame(
    {
        "provider": ["Essex", "London", "Wales", "London"],
        "provider_type": ["crc", "crc", "crc", "nps"],
        "standard": "services",
        "rating": ["good", "good", "inadequate", "requires_improvement"],
    }
)


@cache
def annex() -> pd.DataFrame:
    """Annex C of the cases, without a verdict; not to be changed."""
    return annex_c(CASES, NO_VERDICTS)


def members(item: str, category: str) -> list[dict]:
    if item == EVERYBODY.item:
        return ROWS
    column = next(group.column for group in GROUPS if group.item == item)
    return [row for row in ROWS if row[column] == category]


def number_of(row: dict, kind: str) -> int:
    names = [f"need_{need}" for need in NEEDS] if kind == "needs" else [f"strength_{code}" for code in STRENGTHS]
    return sum(row[name] == "yes" for name in names)


def counted(outcome: str, rows: list[dict]) -> tuple[int, Fraction | None]:
    """n and value of a cell, by hand."""
    if outcome.startswith("mean_"):
        total = sum(number_of(row, outcome.removeprefix("mean_")) for row in rows)
        return len(rows), Fraction(total, len(rows)) if rows else None
    base = rows
    if not outcome.startswith(("need_", "strength_")):
        base = [row for row in rows if row[outcome] in ("yes", "no")]
    if outcome.startswith(("delivery_", "building_")):
        asked = outcome.replace("delivery_", "need_").replace("building_", "strength_")
        base = [row for row in base if row[asked] == "yes"]
    yes = sum(row[outcome] == "yes" for row in base)
    return len(base), Fraction(100 * yes, len(base)) if base else None


def codes(item: str) -> tuple[str, ...]:
    return next(group.codes for group in GROUPS if group.item == item)
