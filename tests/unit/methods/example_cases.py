"""Made-up cases in the shape of marts.cases, from a seed: enough dependence to give the models a story."""

import numpy as np
import pandas as pd

from orchestration.methods.layouts import layout_2023

LEVELS = {item.item: item.codes for item in layout_2023.ENGAGEMENT + layout_2023.DESISTANCE}
DAYS = ("days_to_first_reoffence", "days_to_fieldwork")
BANDS = {
    "age_group": ([17, 24, 39, 59, 200], layout_2023.ITEM_BY_CODE["age_group"].codes),
    "previous_sanctions_group": (
        [-1, 0, 1, 5, 10, 20, 1000],
        layout_2023.ITEM_BY_CODE["previous_sanctions_group"].codes,
    ),
    "ogrs_group": ([-1, 49, 74, 89, 100], layout_2023.ITEM_BY_CODE["ogrs_group"].codes),
}


def example_cases(n: int = 1200, seed: int = 1, missing: float = 0.01) -> pd.DataFrame:
    """`n` cases with both outcomes for most, in DuckDB's column types."""
    rng = np.random.default_rng(seed)
    cases = pd.DataFrame(
        {
            "case_key": [f"{number:064x}" for number in range(n)],
            "provider": rng.choice(["Essex", "London", "Wales"], n),
            "provider_type": rng.choice(["crc", "nps"], n, p=[0.75, 0.25]),
            "case_type": rng.choice(["community", "post_release"], n, p=[0.55, 0.45]),
            "age": rng.integers(18, 75, n),
            "gender": rng.choice(["male", "female"], n, p=[0.86, 0.14]),
            "ethnicity": rng.choice(["white", "black", "asian", "mixed", "other"], n, p=[0.75, 0.1, 0.07, 0.05, 0.03]),
            "previous_sanctions": rng.poisson(rng.gamma(0.8, 12, n)),
            "rosh_group": rng.choice(["low", "medium", "high_very_high"], n, p=[0.25, 0.62, 0.13]),
        }
    )
    cases["ogrs_score"] = np.clip(30 + cases["previous_sanctions"] + rng.normal(0, 15, n), 0, 100).astype(int)
    for item, codes in LEVELS.items():
        cases[item] = rng.choice(codes, n, p=[0.35, 0.65] if len(codes) == 2 else [0.3, 0.5, 0.2])
    _add_outcomes(cases, rng)
    for column in ["age", "gender", "ethnicity", "previous_sanctions", "ogrs_score", "rosh_group", *LEVELS]:
        cases[column] = cases[column].astype(object).mask(rng.random(n) < missing)
    for column, (edges, labels) in BANDS.items():
        source = {"age_group": "age", "ogrs_group": "ogrs_score"}.get(column, "previous_sanctions")
        cases[column] = pd.cut(cases[source].astype(float), edges, labels=labels).astype(object)
    return in_warehouse_types(cases)


def in_warehouse_types(cases: pd.DataFrame) -> pd.DataFrame:
    """The column types DuckDB's `.df()` gives marts.cases."""
    numbers = ("age", "previous_sanctions", "ogrs_score", "reoffended", "reoffences", *DAYS)
    flags = ("termination_matched", "reoffending_matched")
    numbers = tuple(name for name in numbers if name in cases)
    types = dict.fromkeys(cases, "str") | dict.fromkeys(numbers, "Int64") | dict.fromkeys(flags, "boolean")
    return cases.astype(types)


def _add_outcomes(cases: pd.DataFrame, rng: np.random.Generator) -> None:
    n = len(cases)
    good = (cases["engagement"] == "yes").astype(int) + (cases["desistance"] == "yes")
    risk = (cases["ogrs_score"] - 50) / 25
    community = cases["case_type"] == "community"
    matched = community & (rng.random(n) < 0.94)
    positive = rng.random(n) < 1 / (1 + np.exp(-(0.3 - 0.7 * risk + 0.5 * good)))
    reasons = np.where(positive, "ran_full_course", "early_conviction").astype(object)
    reasons[rng.random(n) < 0.03] = "excluded"
    recoded = np.where(positive, "positive", "negative").astype(object)
    outcome = np.where(reasons == "excluded", "excluded", recoded)
    cases["termination_matched"] = matched.astype(object).where(community)
    cases["termination_reason"] = pd.Series(reasons).where(matched)
    cases["termination_outcome"] = pd.Series(outcome).where(matched)
    known = pd.Series(rng.random(n) < 0.87)
    reoffended = (rng.random(n) < 1 / (1 + np.exp(-(-0.2 + 0.8 * risk - 0.3 * good)))).astype(int)
    mean = np.exp(1.0 + 0.3 * risk - 0.15 * good)
    counts = 1 + rng.negative_binomial(1.2, 1.2 / (1.2 + mean))
    cases["reoffending_matched"] = known.astype(object)
    cases["reoffended"] = pd.Series(reoffended).astype(object).where(known)
    cases["reoffences"] = pd.Series(counts * reoffended).astype(object).where(known)
    days = np.random.default_rng([n, 1])
    first = pd.Series(days.integers(0, 366, n)).astype(object)
    cases["days_to_first_reoffence"] = first.where(pd.Series(reoffended == 1) & known)
    cases["days_to_fieldwork"] = days.integers(180, 215, n)
