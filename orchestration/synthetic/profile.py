"""The solved profile: attributes and outcomes of the synthetic cases, without identities.

Belongs here: its columns, reading, writing and the rules a profile must keep. Not here: how it is solved
(`calibration`), or who the people are and what their records look like (the generator).
"""

import gzip
from io import StringIO
from pathlib import Path

import pandas as pd

from orchestration.errors import PipelineError

SHIPPED_PROFILE = Path(__file__).parent / "data" / "profile.csv.gz"

NEEDS = ("accommodation", "ete", "family", "lifestyle", "alcohol", "drugs", "thinking", "attitudes")
STRENGTHS = ("family", "social_group", "motivation", "employment", "identity")
YES_NO = ("yes", "no")
THIRD_CATEGORY = {
    "strengths_built_upon": "none_present",
    "organisations_coordinated": "none_involved",
    "key_individuals_engaged": "none_appropriate",
    "contact_sufficient": "no_non_compliance",
    "local_services_engaged": "not_required",
}
JUDGEMENTS = (
    "engagement",
    "starts_promptly",
    "working_relationship",
    "supports_completion",
    "non_compliance_addressed",
    "desistance",
    "services_reduce_reoffending",
    *THIRD_CATEGORY,
    "assessment_needs",
    "planning_needs",
    "assessment_strengths",
    "planning_strengths",
    *(f"need_{name}" for name in NEEDS),
    *(f"delivery_{name}" for name in NEEDS),
    *(f"strength_{name}" for name in STRENGTHS),
    *(f"building_{name}" for name in STRENGTHS),
    "services_available",
)
CODES: dict[str, tuple[str, ...]] = {
    "provider_type": ("crc", "nps"),
    "case_type": ("community", "post_release"),
    "gender": ("male", "female"),
    "ethnicity": ("white", "black", "asian", "mixed", "other"),
    "rosh_level": ("low", "medium", "high", "very_high"),
    **{name: (*YES_NO, THIRD_CATEGORY[name]) if name in THIRD_CATEGORY else YES_NO for name in JUDGEMENTS},
    "termination_reason": (
        "ran_full_course",
        "early_good_progress",
        "early_conviction",
        "early_failure_to_comply",
        "early_other",
        "excluded",
    ),
}
WHOLE_NUMBERS: dict[str, tuple[int, int]] = {
    "profile_id": (1, 10**6),
    "age": (18, 110),
    "previous_sanctions": (0, 10**4),
    "ogrs_score": (0, 100),
    "termination_matched": (0, 1),
    "reoffending_matched": (0, 1),
    "reoffended": (0, 1),
    "reoffences": (0, 10**4),
    "days_to_first_reoffence": (0, 365),
}
REQUIRED = ("profile_id", "provider", "provider_type", "reoffending_matched")
PROFILE_COLUMNS = (
    "profile_id",
    "provider",
    "provider_type",
    "case_type",
    "age",
    "gender",
    "ethnicity",
    "previous_sanctions",
    "ogrs_score",
    "rosh_level",
    *JUDGEMENTS,
    "termination_matched",
    "termination_reason",
    "reoffending_matched",
    "reoffended",
    "reoffences",
    "days_to_first_reoffence",
)


def read_profile(path: Path = SHIPPED_PROFILE) -> pd.DataFrame:
    """The profile, one row a case: codes as text, whole numbers as Int64, missing where empty.

    Raises PipelineError, naming the file, where it cannot be read or breaks a rule.
    """
    try:
        text = pd.read_csv(path, dtype="str", keep_default_na=False, compression="gzip")
        _refuse_wrong_columns(text)
        cases = _typed(text)
    except (OSError, EOFError, ValueError) as error:
        raise _unusable(path, "it cannot be read as a gzipped CSV of the profile's columns") from error
    broken = broken_rules(cases)
    if broken:
        raise _unusable(path, "; ".join(broken))
    return cases


def write_profile(cases: pd.DataFrame, path: Path) -> None:
    """Writes the profile as gzipped CSV; the same cases give the same bytes."""
    text = StringIO()
    cases.to_csv(text, index=False, lineterminator="\n")
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def broken_rules(cases: pd.DataFrame) -> list[str]:
    """What in a typed profile breaks the extracts' rules, as one phrase a rule; empty where nothing does."""
    broken = [f"{name} is missing somewhere" for name in REQUIRED if cases[name].isna().any()]
    if cases["profile_id"].duplicated().any():
        broken.append("profile_id is not unique")
    for name, codes in CODES.items():
        if not cases[name].dropna().isin(codes).all():
            broken.append(f"{name} holds an unknown code")
    for name, (low, high) in WHOLE_NUMBERS.items():
        if not cases[name].dropna().between(low, high).all():
            broken.append(f"{name} is outside {low} to {high}")
    return broken + _broken_across_columns(cases)


def _broken_across_columns(cases: pd.DataFrame) -> list[str]:
    """The contract's cross-field rules, and what the outcomes ask of each other."""
    pairs = [(f"need_{name}", f"delivery_{name}") for name in NEEDS]
    pairs += [(f"strength_{name}", f"building_{name}") for name in STRENGTHS]
    community, matched = _is(cases, "case_type", "community"), _is(cases, "reoffending_matched", 1)
    reoffended = _is(cases, "reoffended", 1)
    rules = {f"{answer} without {given}": cases[answer].notna() & ~_is(cases, given, "yes") for given, answer in pairs}
    rules |= {
        "a termination of no community sentence": cases["termination_matched"].notna() != community,
        "a reason without a termination": cases["termination_reason"].notna() != _is(cases, "termination_matched", 1),
        "reoffending unknown of a matched case": cases["reoffended"].notna() != matched,
        "reoffences unknown of a matched case": cases["reoffences"].notna() != matched,
        "reoffences that disagree with reoffended": matched & ((cases["reoffences"].fillna(0) > 0) != reoffended),
        "days to a first reoffence there was not": cases["days_to_first_reoffence"].notna() != reoffended,
    }
    return [rule for rule, wrong in rules.items() if wrong.any()]


def _is(cases: pd.DataFrame, column: str, value: str | int) -> pd.Series:
    return (cases[column] == value).fillna(False).astype(bool)


def _refuse_wrong_columns(text: pd.DataFrame) -> None:
    if tuple(text.columns) != PROFILE_COLUMNS:
        raise ValueError("the columns are not the profile's")


def _typed(text: pd.DataFrame) -> pd.DataFrame:
    cases = text.where(text != "")
    return cases.assign(**{name: pd.to_numeric(cases[name]).astype("Int64") for name in WHOLE_NUMBERS})


def _unusable(path: Path, what: str) -> PipelineError:
    return PipelineError(
        problem=f"The synthetic profile cannot be used: {what}.",
        remedy="Restore the file, or solve it again with python -m orchestration.synthetic.calibration.",
        where=str(path),
    )
