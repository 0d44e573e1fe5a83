"""The inspectors' judgements: assessment, planning, delivery (C3, C4) and prompts (B2, B3).

Belongs here: every judgement but delivery against single needs and strengths. Not here: the rows' mechanics.
Judgements share the latent quality of the supervision; prompts also go with their key question.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.draw import Row, count_row, draw_categories
from orchestration.synthetic.calibration.group_rows import answered_rows, group_members
from orchestration.synthetic.calibration.needs_and_strengths import n_identified
from orchestration.synthetic.calibration.outcome_rows import balance_rows, outcome_rows
from orchestration.synthetic.calibration.strata import outcomes_of
from orchestration.synthetic.calibration.targets import headlines

MISSING = ""
YES_NO = ("yes", "no")
# Table C4 leaves 647 cases without an answer; most of them are cases without strengths to build upon.
NONE_PRESENT = (590, 625)
SELDOM = -4.0  # Annex B leaves a prompt unanswered in one case of a hundred

# The third category of a prompt, and the key question it goes with.
ENGAGEMENT_PROMPTS = (
    "starts_promptly",
    "working_relationship",
    "supports_completion",
    "non_compliance_addressed",
)
DESISTANCE_PROMPTS = {
    "organisations_coordinated": "none_involved",
    "key_individuals_engaged": "none_appropriate",
    "contact_sufficient": "no_non_compliance",
    "local_services_engaged": "not_required",
}


def draw_assessment_and_planning(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The six judgements of Tables C3 and C4; their delivery columns are prompts of Table B3 as well."""
    for column, utilities in _needs_and_strengths_judgements():
        codes = ("yes", "no", "none_present") if column == "strengths_built_upon" else YES_NO
        last = [False] * (len(codes) - 2) + [False]
        rows = answered_rows(column, group_members(cases), [True, True, *last], [True, False, *last])
        if column in ("services_reduce_reoffending", "strengths_built_upon"):
            rows += _outcome_rows(column, codes, cases, sized=True)
        if column == "strengths_built_upon":
            none_present = np.array([False, False, True, False])
            rows.append(count_row("no strengths present", np.ones(len(cases)), none_present, *NONE_PRESENT))
        cases = _with(column, codes, cases, utilities(cases), rows, rng)
    return cases


def draw_prompts(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The other prompts of Tables B2 and B3, given the key questions; and the responsible officer's view."""
    for column in ENGAGEMENT_PROMPTS:
        utilities = _columns(cases, yes=0.6 * _quality(cases) + 1.3 * _is(cases, "engagement"), missing=SELDOM)
        cases = _with(column, YES_NO, cases, utilities, _outcome_rows(column, YES_NO, cases), rng)
    for column, third in DESISTANCE_PROMPTS.items():
        codes = (*YES_NO, third)
        yes = 0.6 * _quality(cases) + 1.1 * _is(cases, "desistance")
        other = 0.3 * yes + (0.4 if third == "no_non_compliance" else -0.2) * cases["latent_risk"].to_numpy()
        utilities = _columns(cases, yes=yes, other=other, missing=SELDOM)
        cases = _with(column, codes, cases, utilities, _outcome_rows(column, codes, cases), rng)
    return _with("services_available", YES_NO, cases, _officer(cases), _officer_rows(cases), rng)


def _needs_and_strengths_judgements() -> list[tuple[str, Callable[[pd.DataFrame], np.ndarray]]]:
    """In the order of the case's progress: what was planned well was mostly assessed well."""
    return [
        ("assessment_needs", lambda c: _columns(c, yes=0.9 * _quality(c), missing=0.0)),
        ("planning_needs", lambda c: _follows(c, "assessment_needs", 0.0)),
        ("services_reduce_reoffending", lambda c: _follows(c, "planning_needs", 0.0)),
        ("assessment_strengths", lambda c: _columns(c, yes=0.9 * _quality(c), missing=2.5 * _no_strength(c))),
        ("planning_strengths", lambda c: _follows(c, "assessment_strengths", 2.0 * _no_strength(c))),
        ("strengths_built_upon", _building_utilities),
    ]


def _follows(cases: pd.DataFrame, earlier: str, missing: np.ndarray | float) -> np.ndarray:
    missing = missing + 1.5 * cases[earlier].isna().to_numpy(dtype=float)
    return _columns(cases, yes=0.7 * _quality(cases) + 1.2 * _is(cases, earlier), missing=missing)


def _building_utilities(cases: pd.DataFrame) -> np.ndarray:
    yes = 0.7 * _quality(cases) + 0.9 * _is(cases, "planning_strengths")
    none = 1.5 * _no_strength(cases) + 0.3 * cases["latent_risk"].to_numpy()
    none = none + 1.0 * cases["planning_strengths"].isna().to_numpy(dtype=float)
    return _columns(cases, yes=yes, other=none, missing=0.0)


def _officer(cases: pd.DataFrame) -> np.ndarray:
    return _columns(cases, yes=0.4 * _quality(cases) + 0.9 * _is(cases, "services_reduce_reoffending"), missing=0.0)


def _officer_rows(cases: pd.DataFrame) -> list[Row]:
    """78% and n = 1,912 in one bracket (2020/03, 2.1.2), read as 1,912 of those asked: about 2,451."""
    yes = int(headlines()["officers_services_available_n"].value)
    asked = int(yes / float(headlines()["officers_services_available_pct"].value) * 100 + 0.5)
    everyone = np.ones(len(cases))
    return [
        count_row("services available", everyone, np.array([True, False, False]), yes),
        count_row("asked", everyone, np.array([True, True, False]), asked),
    ]


def _outcome_rows(column: str, codes: Sequence[str], cases: pd.DataFrame, sized: bool = False) -> list[Row]:
    flags, groups = outcomes_of(cases), {code: code for code in codes}
    return outcome_rows(column, codes, groups, flags) + balance_rows(column, codes, groups, flags, sized)


def _with(
    column: str,
    codes: Sequence[str],
    cases: pd.DataFrame,
    utilities: np.ndarray,
    rows: list[Row],
    rng: np.random.Generator,
) -> pd.DataFrame:
    drawn = np.array([*codes, MISSING])[draw_categories(column, utilities, rows, rng)]
    return cases.assign(**{column: pd.Series(drawn, dtype="str").where(drawn != MISSING)})


def _columns(
    cases: pd.DataFrame, yes: np.ndarray, missing: np.ndarray | float, other: np.ndarray | None = None
) -> np.ndarray:
    """Utilities of yes, no, (the third category,) missing."""
    none = np.zeros(len(cases))
    middle = [] if other is None else [other]
    return np.column_stack([yes, none, *middle, none + missing])


def _quality(cases: pd.DataFrame) -> np.ndarray:
    return cases["latent_quality"].to_numpy()


def _is(cases: pd.DataFrame, column: str) -> np.ndarray:
    return (cases[column] == "yes").to_numpy(dtype=float)


def _no_strength(cases: pd.DataFrame) -> np.ndarray:
    return (n_identified(cases, "strength_") == 0).astype(float)
