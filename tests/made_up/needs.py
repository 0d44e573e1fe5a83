"""Made-up cases with needs, strengths and judgements, from a seed: some dependence, missing answers in all."""

import numpy as np
import pandas as pd

from orchestration.methods.layouts.layout_2020 import GROUPS, NEEDS, STRENGTHS

SHARES = {
    "provider_type": [0.75, 0.25],
    "gender": [0.85, 0.15],
    "age_group": [0.05, 0.12, 0.18, 0.35, 0.2, 0.1],
    "ethnicity": [0.75, 0.1, 0.08, 0.05, 0.02],
    "case_type": [0.55, 0.45],
    "ogrs_group": [0.4, 0.3, 0.3],
    "rosh_group": [0.25, 0.6, 0.15],
}
JUDGEMENTS = ("assessment_needs", "planning_needs", "services_reduce_reoffending")
STRENGTH_JUDGEMENTS = ("assessment_strengths", "planning_strengths", "strengths_built_upon")


def example_needs(n: int = 900, seed: int = 5, missing: float = 0.04) -> pd.DataFrame:
    """`n` cases in the shape of marts.cases, a share of every answer and characteristic missing."""
    rng = np.random.default_rng(seed)
    columns = {group.column: rng.choice(group.codes, n, p=SHARES[group.item]) for group in GROUPS}
    is_nps = (columns["provider_type"] == "nps").astype(float)
    risk = np.array([group_code != "low" for group_code in columns["ogrs_group_2020"]], dtype=float)
    lifestyle = rng.normal(size=n)
    for position, need in enumerate(NEEDS):
        pull = lifestyle if need in ("lifestyle", "drugs") else 0
        columns[f"need_{need}"] = _answers(rng, -0.8 + 0.2 * position + 0.5 * is_nps + 0.4 * risk + 1.2 * pull)
        asked = columns[f"need_{need}"] == "yes"
        columns[f"delivery_{need}"] = np.where(asked, _answers(rng, -0.3 + 0.7 * is_nps - 0.4 * risk), None)
    for position, strength in enumerate(STRENGTHS):
        columns[f"strength_{strength}"] = _answers(rng, 0.2 - 0.3 * position - 0.5 * risk)
        asked = columns[f"strength_{strength}"] == "yes"
        columns[f"building_{strength}"] = np.where(asked, _answers(rng, 0.6 + 0.6 * is_nps - 0.3 * risk), None)
    for judgement in (*JUDGEMENTS, *STRENGTH_JUDGEMENTS):
        columns[judgement] = _answers(rng, 0.4 + 0.6 * is_nps)
    none_present = rng.random(n) < 0.15
    columns["strengths_built_upon"] = np.where(none_present, "none_present", columns["strengths_built_upon"])
    columns["services_available"] = _answers(rng, np.full(n, 1.2))
    cases = pd.DataFrame(columns).astype(object)
    return cases.mask(rng.random(cases.shape) < missing).astype("str")


def _answers(rng: np.random.Generator, log_odds: np.ndarray) -> np.ndarray:
    return np.where(rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds)), "yes", "no").astype(object)
