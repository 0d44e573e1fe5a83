"""Rows that hold a variable to Annex B.

Belongs here: translating the cells of one Annex B item into rows of a draw. Not here: the items themselves.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor

import numpy as np

from orchestration.synthetic.calibration.draw import Row, count_row
from orchestration.synthetic.calibration.strata import Outcomes
from orchestration.synthetic.calibration.targets import annex_b, categories_b

BALANCE = 0.25


def outcome_rows(item: str, codes: Sequence[str], groups: Mapping[str, str], flags: Outcomes) -> list[Row]:
    """For each category of `item`: cases, positive terminations and reoffenders, exactly as published.

    `codes` are the drawn categories in order (missing, the last, is not among them); `groups` maps each to
    its published category.
    """
    return [row for category in categories_b(item) for row in _category_rows(item, category, codes, groups, flags)]


def _category_rows(
    item: str, category: str, codes: Sequence[str], groups: Mapping[str, str], flags: Outcomes
) -> list[Row]:
    cells = annex_b()
    chosen = chosen_of(category, codes, groups)
    rows = []
    if (item, category, "termination_positive") in cells:
        cell = cells[item, category, "termination_positive"]
        rows.append(count_row(f"{category} terminated", flags.analysed, chosen, cell.n or 0))
        rows.append(count_row(f"{category} positive", flags.positive, chosen, *cell.numerators()))
    matched, reoffences = cells[item, category, "reoffended"], cells[item, category, "reoffences"]
    rows.append(count_row(f"{category} matched", flags.matched, chosen, matched.n or 0))
    rows.append(count_row(f"{category} reoffended", flags.reoffended, chosen, reoffences.n or 0))
    return rows


def balance_rows(
    item: str, codes: Sequence[str], groups: Mapping[str, str], flags: Outcomes, sized: bool = False
) -> list[Row]:
    """Keeps the cases outside an outcome near the category's share of those inside it.

    Nothing is published about them; without these rows the rarest category would be as likely as any other.
    Where all cases' sizes are published (`sized`) the cases not matched to reoffending follow from them.
    """
    community = ("termination_positive", flags.analysed, flags.community & ~flags.analysed)
    matched = ("reoffended", flags.matched, ~flags.matched)
    rows = []
    for outcome, inside, outside in [community] if sized else [community, matched]:
        for category in categories_b(item):
            share = (annex_b()[item, category, outcome].n or 0) / inside.sum()
            low, high = (share * outside.sum() * factor for factor in (1 - BALANCE, 1 + BALANCE))
            chosen = chosen_of(category, codes, groups)
            rows.append(count_row(f"{category} outside {outcome}", outside, chosen, floor(low), ceil(high)))
    return rows


def chosen_of(category: str, codes: Sequence[str], groups: Mapping[str, str]) -> np.ndarray:
    """Which drawn categories make up a published one; missing is last and never does."""
    return np.array([groups[code] == category for code in codes] + [False])
