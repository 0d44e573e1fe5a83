"""The bulletins' groupings of age, sanctions, likelihood of reoffending and risk of serious harm.

Belongs here: which whole numbers a published group holds, and the group each case falls in. Not here: the
pipeline's own bands (reference tables of the dbt project): the calibration must not lean on what it tests.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

# Seven age bands that nest both bulletins' groupings.
AGE_BANDS = {
    "18-20": (18, 20),
    "21-24": (21, 24),
    "25-29": (25, 29),
    "30-39": (30, 39),
    "40-49": (40, 49),
    "50-59": (50, 59),
    "60+": (60, 85),
}
AGE_GROUPS = {
    "18-20": "18-24",
    "21-24": "18-24",
    "25-29": "25-39",
    "30-39": "25-39",
    "40-49": "40-59",
    "50-59": "40-59",
    "60+": "60+",
}
AGE_GROUPS_2020 = {band: "50+" if band in ("50-59", "60+") else band for band in AGE_BANDS}
SANCTION_BANDS = {
    "0": (0, 0),
    "1": (1, 1),
    "2-5": (2, 5),
    "6-10": (6, 10),
    "11-20": (11, 20),
    "21+": (21, 90),
}
OGRS_BANDS = {"low": (0, 49), "medium": (50, 74), "high": (75, 89), "very_high": (90, 100)}
OGRS_GROUPS_2020 = {"low": "low", "medium": "medium", "high": "high_very_high", "very_high": "high_very_high"}
ROSH_GROUPS = {"low": "low", "medium": "medium", "high": "high_very_high", "very_high": "high_very_high"}

BANDED_ITEMS = {
    "age_group": ("age", AGE_BANDS, AGE_GROUPS),
    "previous_sanctions_group": (
        "previous_sanctions",
        SANCTION_BANDS,
        {band: band for band in SANCTION_BANDS},
    ),
    "ogrs_group": ("ogrs_score", OGRS_BANDS, {band: band for band in OGRS_BANDS}),
}


def band_of(values: pd.Series, bands: Mapping[str, tuple[int, int]]) -> pd.Series:
    """The band of each whole number; missing stays missing."""
    inside = [values.between(low, high).fillna(False).to_numpy(dtype=bool) for low, high in bands.values()]
    banded = pd.Series(np.select(inside, list(bands), default=""), index=values.index, dtype="str")
    return banded.where(banded != "")


def items_2023(cases: pd.DataFrame) -> pd.DataFrame:
    """The items of Tables B1 to B3, a column each, for cases that hold the profile's characteristics."""
    banded = {item: band_of(cases[column], bands).map(groups) for item, (column, bands, groups) in BANDED_ITEMS.items()}
    return cases.assign(all_cases="all", rosh_group=cases["rosh_level"].map(ROSH_GROUPS), **banded)


def items_2020(cases: pd.DataFrame) -> pd.DataFrame:
    """The grouping items of Tables C1 to C6, a column each."""
    return cases[["provider_type", "gender", "ethnicity", "case_type"]].assign(
        all_cases="all",
        age_group=band_of(cases["age"], AGE_BANDS).map(AGE_GROUPS_2020),
        ogrs_group=band_of(cases["ogrs_score"], OGRS_BANDS).map(OGRS_GROUPS_2020),
        rosh_group=cases["rosh_level"].map(ROSH_GROUPS),
    )
