"""Delivery against each identified need, and building on each strength (Tables C5 and C6).

Belongs here: delivery_<need> and building_<strength>. Not here: judgements of the case as a whole.

Both tables print percentages without their bases, and they cannot all be met if every identified need or
strength has a judgement: a few are missing. So the numbers of answers come from a small integer programme.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.draw import Row, count_row, draw_categories
from orchestration.synthetic.calibration.group_rows import group_members
from orchestration.synthetic.calibration.plans import Group, plan_answers
from orchestration.synthetic.profile import NEEDS, STRENGTHS

PAIRS = [(f"need_{name}", f"delivery_{name}") for name in NEEDS]
PAIRS += [(f"strength_{name}", f"building_{name}") for name in STRENGTHS]
CODES = np.array(["yes", "no", ""])


def draw_delivery(cases: pd.DataFrame, identified: str, column: str, rng: np.random.Generator) -> pd.Series:
    """`yes` or `no` for cases whose `identified` column is yes (a few missing), empty for the others.

    Raises InfeasibleDrawError where no draw meets the column's percentages.
    """
    inside = cases[cases[identified] == "yes"].reset_index(drop=True)
    members = group_members(inside)
    plan = plan_answers(column, {group: int(mask.sum()) for group, mask in members.items()}, rng)
    quality = inside["latent_quality"].to_numpy()
    overall = "services_reduce_reoffending" if column.startswith("delivery_") else "strengths_built_upon"
    yes = 0.6 * quality + 0.9 * (inside[overall] == "yes").to_numpy(dtype=float)
    utilities = np.column_stack([yes, 0 * yes, 0 * yes])
    drawn = CODES[draw_categories(column, utilities, _rows(members, plan), rng)]
    answers = pd.Series("", index=cases.index, dtype="str")
    answers[(cases[identified] == "yes").to_numpy(dtype=bool)] = drawn
    return answers.where(answers != "")


def _rows(members: dict[Group, np.ndarray], plan: dict[Group, tuple[int, int]]) -> list[Row]:
    rows = []
    for group, (answered, yes) in plan.items():
        rows.append(count_row(f"{group} answered", members[group], np.array([True, True, False]), answered))
        rows.append(count_row(f"{group} yes", members[group], np.array([True, False, False]), yes))
    return rows
