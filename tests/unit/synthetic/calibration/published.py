"""The published tables computed from a profile in plain pandas, sharing no code with the calibration."""

import math
from fractions import Fraction

import pandas as pd

from orchestration.settings import PUBLISHED_FIGURES_DIR

POSITIVE = ["ran_full_course", "early_good_progress"]
NEGATIVE = ["early_conviction", "early_failure_to_comply"]


def printed(value: Fraction, decimals: int) -> str:
    """Half up from whole-number numerators, as the bulletins print."""
    scaled = math.floor(value * 10**decimals + Fraction(1, 2))
    return f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}" if decimals else str(scaled)


def table(name: str) -> list:
    """The rows of a published table, all text."""
    path = PUBLISHED_FIGURES_DIR / f"{name}.csv"
    return list(pd.read_csv(path, dtype=str, keep_default_na=False).itertuples(index=False))


def headline(identifier: str) -> str:
    """A headline as printed."""
    return next(row.value for row in table("headlines") if row.id == identifier)


def bands_2023(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases with the groupings of Bulletin 2023/04."""
    return cases.assign(
        all_cases="all",
        age_group=_cut(cases["age"], [17, 24, 39, 59, 999], ["18-24", "25-39", "40-59", "60+"]),
        previous_sanctions_group=_cut(
            cases["previous_sanctions"], [-1, 0, 1, 5, 10, 20, 999], ["0", "1", "2-5", "6-10", "11-20", "21+"]
        ),
        ogrs_group=_cut(cases["ogrs_score"], [-1, 49, 74, 89, 100], ["low", "medium", "high", "very_high"]),
        rosh_group=cases["rosh_level"].replace({"high": "high_very_high", "very_high": "high_very_high"}),
    )


def bands_2020(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases with the groupings of Bulletin 2020/03."""
    ages = ["18-20", "21-24", "25-29", "30-39", "40-49", "50+"]
    return bands_2023(cases).assign(
        age_group=_cut(cases["age"], [17, 20, 24, 29, 39, 49, 999], ages),
        ogrs_group=_cut(cases["ogrs_score"], [-1, 49, 74, 100], ["low", "medium", "high_very_high"]),
    )


def annex_b_cell(banded: pd.DataFrame, item: str, category: str, outcome: str) -> tuple[int, Fraction]:
    """n and value of one cell of Tables B1 to B3."""
    group = banded[banded[item] == category]
    if outcome == "termination_positive":
        reasons = group["termination_reason"]
        n, count = reasons.isin(POSITIVE + NEGATIVE).sum(), reasons.isin(POSITIVE).sum()
        return int(n), Fraction(100 * int(count), int(n))
    matched = group[group["reoffending_matched"] == 1]
    reoffenders = matched[matched["reoffended"] == 1]
    if outcome == "reoffended":
        return len(matched), Fraction(100 * len(reoffenders), len(matched))
    return len(reoffenders), Fraction(int(reoffenders["reoffences"].sum()), len(reoffenders))


def annex_c_cell(banded: pd.DataFrame, item: str, category: str, outcome: str) -> tuple[int, Fraction]:
    """n and value of one cell of Tables C1 to C6."""
    group = banded[banded[item] == category]
    if outcome in ("mean_needs", "mean_strengths"):
        columns = [name for name in group if name.startswith("need_" if outcome == "mean_needs" else "strength_")]
        return len(group), Fraction(int((group[columns] == "yes").sum().sum()), len(group))
    answers = group[outcome][group[outcome].isin(["yes", "no"])]
    return len(answers), Fraction(100 * int((answers == "yes").sum()), len(answers))


def _cut(values: pd.Series, edges: list[int], labels: list[str]) -> pd.Series:
    return pd.cut(values.astype(float), edges, labels=labels).astype("str")
