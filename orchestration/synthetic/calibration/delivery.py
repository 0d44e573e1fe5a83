"""Delivery against each identified need, and building on each strength (Tables C5 and C6).

Belongs here: delivery_<need> and building_<strength>. Not here: judgements of the case as a whole.

Both tables print percentages without their bases, and they cannot all be met if every identified need or
strength has a judgement: a few are missing. So the numbers of answers come from a small integer programme.
A draw whose stepwise model finds other differences than the text (`differences`) is refused.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.differences import lean, wrong_differences
from orchestration.synthetic.calibration.draw import InfeasibleDrawError, Row, count_row, draw_categories
from orchestration.synthetic.calibration.group_rows import group_members
from orchestration.synthetic.calibration.plans import Group, plan_answers
from orchestration.synthetic.profile import NEEDS, STRENGTHS

PAIRS = [(f"need_{name}", f"delivery_{name}") for name in NEEDS]
PAIRS += [(f"strength_{name}", f"building_{name}") for name in STRENGTHS]
RAREST = (("need_ete", "delivery_ete"), ("strength_social_group", "building_social_group"))
TRIALS = 3
CODES = np.array(["yes", "no", ""])


def draw_delivery(cases: pd.DataFrame, identified: str, column: str, rng: np.random.Generator) -> pd.Series:
    """`yes` or `no` for cases whose `identified` column is yes (a few missing), empty for the others.

    Raises InfeasibleDrawError where no draw meets the column's percentages, or the draw not the text's findings.
    """
    inside = cases[cases[identified] == "yes"].reset_index(drop=True)
    overall = "services_reduce_reoffending" if column.startswith("delivery_") else "strengths_built_upon"
    good = (inside[overall] == "yes").to_numpy(dtype=float)
    quality = inside["latent_quality"].to_numpy()
    drawn = _draw(inside, column, 0.6 * quality + 0.9 * good + lean(inside, column), rng)
    wrong = wrong_differences(inside.assign(**{column: pd.Series(drawn, dtype="str")}), column)
    if wrong:
        raise InfeasibleDrawError(f"{column}: {', '.join(wrong)}")
    answers = pd.Series("", index=cases.index, dtype="str")
    answers[(cases[identified] == "yes").to_numpy(dtype=bool)] = drawn
    return answers.where(answers != "")


def rare_answers_exist(cases: pd.DataFrame) -> bool:
    """Whether the rarest need and the rarest strength fell on cases whose answers can print as published.

    Asked as soon as needs are drawn, with random numbers of its own; a later step could not mend it.
    """
    for identified, column in RAREST:
        inside = cases[cases[identified] == "yes"].reset_index(drop=True)
        if not any(_is_drawn(inside, column, np.random.default_rng(k)) for k in range(TRIALS)):
            return False
    return True


def _is_drawn(inside: pd.DataFrame, column: str, rng: np.random.Generator) -> bool:
    try:
        _draw(inside, column, np.zeros(len(inside)), rng)
    except InfeasibleDrawError:
        return False
    return True


def _draw(inside: pd.DataFrame, column: str, yes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    members = group_members(inside)
    plan = plan_answers(column, {group: int(mask.sum()) for group, mask in members.items()}, rng)
    utilities = np.column_stack([yes, 0 * yes, 0 * yes])
    return CODES[draw_categories(column, utilities, _rows(members, plan), rng)]


def _rows(members: dict[Group, np.ndarray], plan: dict[Group, tuple[int, int]]) -> list[Row]:
    rows = []
    for group, (answered, yes) in plan.items():
        rows.append(count_row(f"{group} answered", members[group], np.array([True, True, False]), answered))
        rows.append(count_row(f"{group} yes", members[group], np.array([True, False, False]), yes))
    return rows
