"""A random profile of any size, valid as the solved one is, for tests of what is drawn from it.

Belongs here: profiles for tests. Not here: figures that agree with any bulletin.
"""

import numpy as np
import pandas as pd

from orchestration.settings import CODES_DIR
from orchestration.synthetic.profile import PROFILE_COLUMNS

YES_NO = ("yes", "no")
JUDGEMENTS = {
    "engagement": YES_NO, "starts_promptly": YES_NO, "working_relationship": YES_NO,
    "supports_completion": YES_NO, "non_compliance_addressed": YES_NO, "desistance": YES_NO,
    "services_reduce_reoffending": YES_NO, "strengths_built_upon": (*YES_NO, "none_present"),
    "organisations_coordinated": (*YES_NO, "none_involved"),
    "key_individuals_engaged": (*YES_NO, "none_appropriate"),
    "contact_sufficient": (*YES_NO, "no_non_compliance"), "local_services_engaged": (*YES_NO, "not_required"),
    "assessment_needs": YES_NO, "planning_needs": YES_NO, "assessment_strengths": YES_NO,
    "planning_strengths": YES_NO, "services_available": YES_NO,
}  # fmt: skip
NEEDS = ("accommodation", "ete", "family", "lifestyle", "alcohol", "drugs", "thinking", "attitudes")
STRENGTHS = ("family", "social_group", "motivation", "employment", "identity")


def _some_missing(rng: np.random.Generator, values: np.ndarray, share: float = 0.02) -> pd.Series:
    return pd.Series(values).astype(object).mask(rng.random(len(values)) < share)


def _follow_up(rng: np.random.Generator, present: np.ndarray) -> pd.Series:
    return pd.Series(rng.choice(YES_NO, len(present)).astype(object)).where(present == "yes")


def stand_in_profile(size: int, seed: int) -> pd.DataFrame:
    """A profile of `size` cases with the columns and codes of the solved one."""
    rng = np.random.default_rng(seed)
    months = pd.read_csv(CODES_DIR / "report_months.csv", dtype=str)
    providers = months.iloc[rng.integers(0, len(months), size)].reset_index(drop=True)
    columns: dict[str, object] = {
        "profile_id": np.arange(1, size + 1),
        "provider": providers["provider"],
        "provider_type": providers["provider_type"].str.lower(),
        "case_type": _some_missing(rng, rng.choice(["community", "post_release"], size)),
        "age": _some_missing(rng, rng.integers(18, 81, size)).astype("Int64"),
        "gender": _some_missing(rng, rng.choice(["male", "female"], size, p=[0.85, 0.15])),
        "ethnicity": _some_missing(rng, rng.choice(["white", "black", "asian", "mixed", "other"], size)),
        "previous_sanctions": _some_missing(rng, rng.integers(0, 60, size)).astype("Int64"),
        "ogrs_score": _some_missing(rng, rng.integers(0, 101, size)).astype("Int64"),
        "rosh_level": _some_missing(rng, rng.choice(["low", "medium", "high", "very_high"], size)),
    }
    columns |= {name: _some_missing(rng, rng.choice(codes, size)) for name, codes in JUDGEMENTS.items()}
    for items, present, delivered in ((NEEDS, "need", "delivery"), (STRENGTHS, "strength", "building")):
        for item in items:
            columns[f"{present}_{item}"] = rng.choice(YES_NO, size)
            columns[f"{delivered}_{item}"] = _follow_up(rng, columns[f"{present}_{item}"])
    return pd.DataFrame(columns | _outcomes(rng, columns["case_type"]))[list(PROFILE_COLUMNS)]


def _outcomes(rng: np.random.Generator, case_type: pd.Series) -> dict[str, pd.Series]:
    size = len(case_type)
    is_community = (case_type == "community").to_numpy()
    ended = is_community & (rng.random(size) < 0.9)
    reasons = (
        "ran_full_course",
        "early_good_progress",
        "early_conviction",
        "early_failure_to_comply",
        "excluded",
    )
    matched = rng.random(size) < 0.87
    reoffended = matched & (rng.random(size) < 0.4)
    return {
        "termination_matched": pd.Series(ended.astype(int)).where(is_community).astype("Int64"),
        "termination_reason": pd.Series(rng.choice(reasons, size)).astype(object).where(ended),
        "reoffending_matched": pd.Series(matched.astype(int)),
        "reoffended": pd.Series(reoffended.astype(int)).where(matched).astype("Int64"),
        "reoffences": pd.Series(np.where(reoffended, rng.geometric(0.25, size), 0)).where(matched).astype("Int64"),
        "days_to_first_reoffence": pd.Series(rng.integers(0, 366, size)).where(reoffended).astype("Int64"),
    }
