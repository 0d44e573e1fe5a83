"""Delivery against each identified need, and building on each strength (Tables C5 and C6).

Belongs here: delivery_<need> and building_<strength>. Not here: the delivery judgements of the case as a whole.

Both tables print percentages without their bases, and they cannot all be met if every identified need or
strength has a judgement: a few are missing. So the numbers of answers come from a small integer programme.
"""

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from orchestration.synthetic.calibration.draw import NODE_LIMIT, InfeasibleDrawError, Row, count_row, draw_categories
from orchestration.synthetic.calibration.group_rows import ALL, Group, group_members
from orchestration.synthetic.calibration.targets import annex_c, ratio_band
from orchestration.synthetic.profile import NEEDS, STRENGTHS

PAIRS = [(f"need_{name}", f"delivery_{name}") for name in NEEDS]
PAIRS += [(f"strength_{name}", f"building_{name}") for name in STRENGTHS]
CODES = np.array(["yes", "no", ""])
LARGEST_MISSING_SHARE = 0.08
FEWEST_MISSING = 3  # even a rare item may lack this many
Answers = dict[Group, tuple[int, int]]


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


def _rows(members: dict[Group, np.ndarray], plan: Answers) -> list[Row]:
    rows = []
    for group, (answered, yes) in plan.items():
        rows.append(count_row(f"{group} answered", members[group], np.array([True, True, False]), answered))
        rows.append(count_row(f"{group} yes", members[group], np.array([True, False, False]), yes))
    return rows


def plan_answers(column: str, sizes: dict[Group, int], rng: np.random.Generator) -> Answers:
    """Each group's number of answers and of `yes`, as many answers as the printed percentages allow.

    `sizes` are the cases of each group with the need or strength. The variables are the groups' answers, then
    their yeses. Weights differ a little with every attempt, so that a plan no cases fit is not met again.
    """
    groups = list(sizes)
    n = len(groups)
    size = np.array([sizes[group] for group in groups])
    rows = _ratio_rows(column, groups) + _breakdown_rows(groups, size) + _nested_rows(groups, size)
    fewest = size - np.maximum(np.floor(LARGEST_MISSING_SHARE * size), FEWEST_MISSING)
    solution = milp(
        np.concatenate([-1.0 - 0.5 * rng.random(n), 0.1 * (rng.random(n) - 0.5)]),
        integrality=np.ones(2 * n),
        bounds=Bounds(np.concatenate([np.maximum(fewest, 0), np.zeros(n)]), np.concatenate([size, size])),
        constraints=LinearConstraint(np.array([r for r, _, _ in rows]), [lo for _, lo, _ in rows], [hi for *_, hi in rows]),
        options={"mip_rel_gap": 1e-4, "node_limit": NODE_LIMIT},
    )
    if solution.x is None:
        raise InfeasibleDrawError(f"{column}: no numbers of answers give the printed percentages ({solution.message})")
    whole = np.round(solution.x).astype(int)
    return {group: (int(whole[k]), int(whole[n + k])) for k, group in enumerate(groups)}


PlanRow = tuple[np.ndarray, float, float]


def _ratio_rows(column: str, groups: list[Group]) -> list[PlanRow]:
    """yes / answered prints as published; a hair is kept off the upper, open end."""
    n = len(groups)
    rows = []
    for k, group in enumerate(groups):
        low, high = ratio_band(annex_c()[*group, column].value, "percent")
        at_least, at_most = np.zeros(2 * n), np.zeros(2 * n)
        at_least[[k, n + k]] = -1000 * float(low), 1000
        at_most[[k, n + k]] = -1000 * float(high), 1000
        rows += [(at_least, 0.001, np.inf), (at_most, -np.inf, -0.001)]
    return rows


def _breakdown_rows(groups: list[Group], size: np.ndarray) -> list[PlanRow]:
    """A breakdown's answers and yeses add up to all, less what the cases without the item can hold."""
    n, everyone = len(groups), groups.index(ALL)
    rows = []
    for item in dict.fromkeys(item for item, _ in groups if item != ALL[0]):
        parts = [k for k, group in enumerate(groups) if group[0] == item]
        left = float(size[everyone] - size[parts].sum())
        answered, yes = np.zeros(2 * n), np.zeros(2 * n)
        answered[everyone], answered[parts] = 1, -1
        yes[[n + k for k in parts]], yes[n + everyone] = -1, 1
        rows += [(answered, 0, left), (yes, 0, left), (answered - yes, 0, left)]
    return rows


def _nested_rows(groups: list[Group], size: np.ndarray) -> list[PlanRow]:
    """High or very high risk of serious harm lies inside the NPS, so do its yeses, noes and missing answers."""
    n = len(groups)
    outer, inner = groups.index(("provider_type", "nps")), groups.index(("rosh_group", "high_very_high"))
    rest = float(size[outer] - size[inner])
    answered, yes = np.zeros(2 * n), np.zeros(2 * n)
    answered[[outer, inner]] = 1, -1
    yes[[n + outer, n + inner]] = 1, -1
    return [(answered, 0, rest), (yes, 0, rest), (answered - yes, 0, rest)]
