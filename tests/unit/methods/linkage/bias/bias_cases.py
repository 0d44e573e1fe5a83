"""Cases for the study of match bias: with needs, and with a matching that depends on the risk of reoffending."""

import numpy as np
import pandas as pd

from orchestration.methods.linkage.bias.weights import LinkageWeights, Truncation
from tests.unit.methods.example_cases import example_cases

NEEDS = ("accommodation", "ete", "family", "lifestyle", "alcohol", "drugs", "thinking", "attitudes")
SHARE_MATCHED = {"low": 0.95, "medium": 0.3, "high": 0.2, "very_high": 0.2}
SHARE_REOFFENDED = {"low": 0.2, "medium": 0.6, "high": 0.8, "very_high": 0.9}


def with_needs(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases with the eight needs of marts.cases, drawn from a seed."""
    rng = np.random.default_rng(3)
    drawn = {f"need_{need}": pd.Series(rng.choice(["no", "yes"], len(cases)), dtype="str") for need in NEEDS}
    return cases.assign(**drawn)


def biased_population(n: int = 3000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A population whose outcome is known of all, and the same as linkage would leave it: high risk is missed."""
    cases = with_needs(example_cases(n, seed=11))
    truth = cases[cases["reoffending_matched"]].reset_index(drop=True)
    rng = np.random.default_rng(4)
    reoffended, matched = (_drawn(truth, shares, rng) for shares in (SHARE_REOFFENDED, SHARE_MATCHED))
    counts = np.where(reoffended, 1 + rng.negative_binomial(1, 0.3, len(truth)), 0)
    truth = truth.assign(
        reoffended=pd.array(reoffended.astype(int), dtype="Int64"), reoffences=pd.array(counts, dtype="Int64")
    )
    linked = truth.assign(reoffending_matched=pd.array(matched, dtype="boolean"))
    for outcome in ("reoffended", "reoffences"):
        linked[outcome] = linked[outcome].mask(~matched)
    return truth, linked


def _drawn(cases: pd.DataFrame, shares: dict[str, float], rng: np.random.Generator) -> np.ndarray:
    chance = cases["ogrs_group"].astype(object).map(shares).fillna(0.5).to_numpy(dtype=float)
    return rng.random(len(cases)) < chance


def given_weights(cases: pd.DataFrame, weights: np.ndarray) -> list[LinkageWeights]:
    """Weights of both sources taken from an array with one for each case."""
    series = pd.Series(weights, index=cases.index)
    return [
        LinkageWeights(source, Truncation(), series, series, len(cases), 0, np.nan)
        for source in ("terminations", "reoffending")
    ]
