"""The frame of the calibration: latent traits, case type and both outcomes.

Belongs here: what is fixed before any characteristic is drawn. Not here: how many reoffences.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.draw import count_row, draw_categories
from orchestration.synthetic.calibration.targets import annex_b, annex_c, headlines

# case type -> (reoffended, did not, unmatched). The margins are published (Tables B1 and C1); how the three
# cases matched without a case type split is ours.
REOFFENDING = {
    "community": (591, 1079, 118),
    "post_release": (520, 677, 302),
    "": (9, 9, 3),
}
UNMATCHED_TERMINATIONS = 94
TERMINATION_HEADLINES = {
    "ran_full_course": "term_ran_full_course",
    "early_good_progress": "term_early_good_progress",
    "early_conviction": "term_early_offence",
    "early_failure_to_comply": "term_early_noncompliance",
    "early_other": "term_early_other",
    "excluded": "term_excluded",
}
POSITIVE = ("ran_full_course", "early_good_progress")
NEGATIVE = ("early_conviction", "early_failure_to_comply")
LATENTS = ("risk", "harm", "quality", "needs")


@dataclass(frozen=True)
class Outcomes:
    """Who counts in which outcome, as boolean arrays over the cases."""

    community: np.ndarray
    analysed: np.ndarray  # terminated for a positive or a negative reason
    positive: np.ndarray
    matched: np.ndarray  # to the reoffending extract
    reoffended: np.ndarray


def outcomes_of(cases: pd.DataFrame) -> Outcomes:
    """The outcome flags of cases that have been through `draw_strata`."""
    reason = cases["termination_reason"]
    return Outcomes(
        community=(cases["case_type"] == "community").to_numpy(dtype=bool),
        analysed=reason.isin(POSITIVE + NEGATIVE).to_numpy(dtype=bool),
        positive=reason.isin(POSITIVE).to_numpy(dtype=bool),
        matched=(cases["reoffending_matched"] == 1).to_numpy(dtype=bool),
        reoffended=(cases["reoffended"] == 1).fillna(False).to_numpy(dtype=bool),
    )


def draw_strata(rng: np.random.Generator) -> pd.DataFrame:
    """3,308 cases with latent traits, case type, termination reason and reoffending, all margins exact."""
    n = annex_c()["all_cases", "all", "need_drugs"].n
    cases = pd.DataFrame({f"latent_{name}": rng.standard_normal(n) for name in LATENTS})
    cases["latent_harm"] = 0.3 * cases["latent_risk"] + 0.95 * cases["latent_harm"]
    cases["case_type"] = _draw_case_type(cases, rng)
    reoffending = _draw_reoffending(cases, rng)
    cases["reoffending_matched"] = (reoffending < 2).astype(int)
    cases["reoffended"] = pd.Series(reoffending).map({0: 1, 1: 0}).astype("Int64")
    cases["termination_reason"] = _draw_termination(cases, rng)
    matched = cases["termination_reason"].notna().astype("Int64")
    return cases.assign(termination_matched=matched.where(cases["case_type"] == "community"))


def _draw_case_type(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    codes = list(REOFFENDING)
    risk = cases["latent_risk"].to_numpy()
    utilities = np.column_stack([0 * risk, 0.25 * risk, 0 * risk])
    everyone = np.ones(len(cases))
    rows = [count_row(code, everyone, np.eye(3)[k], sum(REOFFENDING[code])) for k, code in enumerate(codes)]
    drawn = np.array(codes)[draw_categories("case type", utilities, rows, rng)]
    return pd.Series(drawn, dtype="str").where(drawn != "")


def _draw_reoffending(cases: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """0 reoffended, 1 did not, 2 unmatched."""
    risk, harm = cases["latent_risk"].to_numpy(), cases["latent_harm"].to_numpy()
    utilities = np.column_stack([1.3 * risk, 0 * risk, 0.5 * risk + 0.4 * harm])
    rows = []
    for code, sizes in REOFFENDING.items():
        members = (cases["case_type"].fillna("") == code).to_numpy(dtype=bool)
        rows += [count_row(f"{code} {k}", members, np.eye(3)[k], size) for k, size in enumerate(sizes)]
    return draw_categories("reoffending", utilities, rows, rng)


def _draw_termination(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """The reason of each matched community sentence; a conviction ends it mostly for those who reoffended."""
    reasons = [*TERMINATION_HEADLINES, ""]
    sizes = [int(headlines()[name].value) for name in TERMINATION_HEADLINES.values()] + [UNMATCHED_TERMINATIONS]
    community = (cases["case_type"] == "community").to_numpy(dtype=bool)
    risk = cases.loc[community, "latent_risk"].to_numpy()
    reoffended = (cases.loc[community, "reoffended"] == 1).fillna(False).to_numpy(dtype=float)
    none = 0 * risk
    utilities = np.column_stack(
        [none, -0.5 * risk, 3.2 * reoffended + 0.3 * risk, 0.7 * reoffended + 0.6 * risk, none, none, 0.4 * risk]
    )
    rows = [count_row(reason, none + 1, np.eye(7)[k], sizes[k]) for k, reason in enumerate(reasons)]
    drawn = pd.Series("", index=cases.index, dtype="str")
    drawn[community] = np.array(reasons)[draw_categories("termination reason", utilities, rows, rng)]
    return drawn.where(drawn != "")


def check_totals(cases: pd.DataFrame) -> None:
    """The strata's own constants against the tables' totals: a slip would make every later draw infeasible."""
    flags = outcomes_of(cases)
    for mask, count, outcome in (
        (flags.analysed, flags.positive, "termination_positive"),
        (flags.matched, flags.reoffended, "reoffended"),
    ):
        cell = annex_b()["all_cases", "all", outcome]
        low, high = cell.numerators()
        if mask.sum() != cell.n or not low <= count.sum() <= high:
            raise ValueError(f"the strata do not add up to the published total of {outcome}")
