"""Needs and strengths identified in each case (Tables C1 and C2, and the text of 2020/03, 2.2).

Belongs here: the eight needs and five strengths, one at a time. Not here: delivery against them.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.draw import Row, count_row, draw_categories
from orchestration.synthetic.calibration.group_rows import group_members
from orchestration.synthetic.calibration.plans import plan_identified
from orchestration.synthetic.calibration.targets import band_of_counts
from orchestration.synthetic.profile import NEEDS, STRENGTHS

# The order of drawing: drugs after the lifestyle they go with; last an item common enough to settle how many
# cases have four or more needs (no, one, two or more strengths).
NEEDS_DRAWN = ("accommodation", "ete", "family", "lifestyle", "drugs", "alcohol", "thinking", "attitudes")
STRENGTHS_DRAWN = ("employment", "identity", "social_group", "motivation", "family")
YES = np.array([True, False])


def draw_needs_and_strengths(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The cases with need_<name> and strength_<name>, `yes` or `no` for everyone."""
    members = group_members(cases)
    plan = plan_identified([(f"need_{name}", f"delivery_{name}") for name in NEEDS], "mean_needs")
    plan |= plan_identified([(f"strength_{name}", f"building_{name}") for name in STRENGTHS], "mean_strengths")
    for name in NEEDS_DRAWN:
        rows = _planned(f"need_{name}", members, plan) + _need_headlines(name, cases)
        cases = _with(f"need_{name}", cases, _need_utility(name, cases), rows, rng)
    for name in STRENGTHS_DRAWN:
        rows = _planned(f"strength_{name}", members, plan) + _strength_headlines(name, cases)
        cases = _with(f"strength_{name}", cases, _strength_utility(name, cases), rows, rng)
    return cases


def n_identified(cases: pd.DataFrame, prefix: str) -> np.ndarray:
    """How many of the columns that start with `prefix` are `yes`, by case."""
    columns = [column for column in cases if str(column).startswith(prefix)]
    return (cases[columns] == "yes").sum(axis=1).to_numpy(dtype=int)


def _with(
    column: str, cases: pd.DataFrame, utility: np.ndarray, rows: list[Row], rng: np.random.Generator
) -> pd.DataFrame:
    drawn = draw_categories(column, np.column_stack([utility, 0 * utility]), rows, rng)
    return cases.assign(**{column: pd.Series(np.array(["yes", "no"])[drawn], dtype="str")})


def _planned(column: str, members: Mapping, plan: Mapping) -> list[Row]:
    return [count_row(f"{group}", inside, YES, plan[group, column]) for group, inside in members.items()]


def _need_utility(name: str, cases: pd.DataFrame) -> np.ndarray:
    """Needs go together, and with risk; drugs go with lifestyle and alcohol less so."""
    utility = 0.45 * cases["latent_needs"].to_numpy() + 0.15 * cases["latent_risk"].to_numpy()
    if name in ("drugs", "alcohol"):
        utility = utility + 0.5 * (cases["need_lifestyle"] == "yes").to_numpy(dtype=float)
    return utility


def _need_headlines(name: str, cases: pd.DataFrame) -> list[Row]:
    n = len(cases)
    if name == "drugs":
        lifestyle = (cases["need_lifestyle"] == "yes").to_numpy(dtype=bool)
        return [count_row("drugs and lifestyle", lifestyle, YES, *band_of_counts("need_drugs_and_lifestyle_pct", n))]
    if name == NEEDS_DRAWN[-1]:
        so_far = n_identified(cases, "need_")
        low, high = band_of_counts("needs_four_or_more_pct", n)
        already = int((so_far >= 4).sum())
        return [count_row("four or more needs", so_far == 3, YES, low - already, high - already)]
    return []


def _strength_utility(name: str, cases: pd.DataFrame) -> np.ndarray:
    """Fewer strengths where risk and needs are high; a social group and another identity go together."""
    utility = -0.25 * cases["latent_needs"].to_numpy() - 0.2 * cases["latent_risk"].to_numpy()
    if name == "social_group":
        utility = utility + 0.7 * (cases["strength_identity"] == "yes").to_numpy(dtype=float)
    return utility


def _strength_headlines(name: str, cases: pd.DataFrame) -> list[Row]:
    if name != STRENGTHS_DRAWN[-1]:
        return []
    n, so_far = len(cases), n_identified(cases, "strength_")
    no_strength, one_strength = so_far == 0, so_far == 1
    none = band_of_counts("strengths_none_pct", n)
    two = band_of_counts("strengths_two_plus_pct", n)
    one = band_of_counts("strengths_one_pct", n)
    n_none, n_one, n_two = int(no_strength.sum()), int(one_strength.sum()), int((so_far >= 2).sum())
    one_more = Row(
        "one strength",
        np.outer(no_strength.astype(float) - one_strength, YES),
        one[0] - n_one,
        one[1] - n_one,
    )
    return [
        count_row("no strength", no_strength, YES, n_none - none[1], n_none - none[0]),
        one_more,
        count_row("two or more strengths", one_strength, YES, two[0] - n_two, two[1] - n_two),
    ]
