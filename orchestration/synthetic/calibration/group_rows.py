"""Rows that hold a variable to the groups of Annex C, and the whole-number plan behind Tables C1 and C2.

Belongs here: groups as boolean arrays, and integer programmes over group sizes (no case in them). Not here:
draws of cases.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from orchestration.synthetic.calibration.bands import items_2020
from orchestration.synthetic.calibration.draw import InfeasibleDrawError, Row, count_row
from orchestration.synthetic.calibration.targets import annex_c, groups_c

Group = tuple[str, str]
ALL: Group = ("all_cases", "all")


def group_members(cases: pd.DataFrame) -> dict[Group, np.ndarray]:
    """Each Annex C group (item, category) -> which cases are in it."""
    items = items_2020(cases)
    return {(item, cat): (items[item] == cat).to_numpy(dtype=bool) for item, cat in groups_c()}


def plan_counts(outcomes: Sequence[str], mean: str) -> dict[tuple[Group, str], int]:
    """How many cases of each group have each need (or strength): Table C1 (C2) with its row of means.

    The plan nearest to the printed percentages for which every cell, every mean and every breakdown's total
    (less the cases whose item is missing) hold together.
    """
    groups, cells = groups_c(), annex_c()
    at = {(group, outcome): k for k, (group, outcome) in enumerate((g, o) for g in groups for o in outcomes)}
    sizes = {group: cells[*group, mean].n or 0 for group in groups}
    low, high = np.array([cells[*group, outcome].numerators() for group, outcome in at]).T
    middle = np.array([float(cells[*g, o].value) / 100 * sizes[g] for g, o in at])
    rows: list[tuple[np.ndarray, float, float]] = []
    for group in groups:
        row = np.zeros(2 * len(at))
        row[[at[group, outcome] for outcome in outcomes]] = 1
        rows.append((row, *cells[*group, mean].numerators()))
    for item in dict.fromkeys(item for item, _ in groups if item != "all_cases"):
        parts = [group for group in groups if group[0] == item]
        missing = sizes[ALL] - sum(sizes[group] for group in parts)
        for outcome in outcomes:
            row = np.zeros(2 * len(at))
            row[at[ALL, outcome]] = 1
            row[[at[group, outcome] for group in parts]] = -1
            rows.append((row, 0, missing))
    solution = _nearest(middle, low, high, rows)
    return {key: int(solution[k]) for key, k in at.items()}


def _nearest(
    middle: np.ndarray, low: np.ndarray, high: np.ndarray, rows: list[tuple[np.ndarray, float, float]]
) -> np.ndarray:
    """Whole numbers between low and high that meet the rows, the sum of absolute distances to `middle` least.

    Rows hold two columns a number: the number, then its distance.
    """
    n = len(middle)
    eye = np.eye(n)
    distance = LinearConstraint(
        np.vstack([np.hstack([eye, -eye]), np.hstack([eye, eye])]),
        np.concatenate([np.full(n, -np.inf), middle]),
        np.concatenate([middle, np.full(n, np.inf)]),
    )
    published = LinearConstraint(np.array([r for r, _, _ in rows]), [lo for _, lo, _ in rows], [hi for *_, hi in rows])
    solution = milp(
        np.concatenate([np.zeros(n), np.ones(n)]),
        integrality=np.concatenate([np.ones(n), np.zeros(n)]),
        bounds=Bounds(np.concatenate([low, np.zeros(n)]), np.concatenate([high, np.full(n, np.inf)])),
        constraints=[published, distance],
        options={"mip_rel_gap": 0.01},
    )
    if solution.x is None:
        raise InfeasibleDrawError(f"the published group sizes do not fit together ({solution.message})")
    return np.round(solution.x[:n])


def answered_rows(outcome: str, members: dict[Group, np.ndarray], answered: Sequence[bool], yes: Sequence[bool]) -> list[Row]:
    """Tables C3 and C4: of each group, the cases with an answer exactly, and those answered yes as printed."""
    rows = []
    for group, inside in members.items():
        cell = annex_c()[*group, outcome]
        rows.append(count_row(f"{group} answered", inside, np.array(answered), cell.n or 0))
        rows.append(count_row(f"{group} yes", inside, np.array(yes), *cell.numerators()))
    return rows
