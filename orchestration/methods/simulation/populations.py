"""Cases drawn with effects that are known, in the shape of marts.cases.

Belongs here: who is drawn, what the judgements do to the outcomes, and what then goes wrong with the data. Not here:
what is estimated of them (`trials`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.layout_2020 import GROUPS
from orchestration.methods.layouts.specification import BULLETIN_MODELS, JUDGEMENTS

N_CASES = 2900
N_PROVIDERS = 28
DISPERSION = 0.5
MEASURE = "need_drugs"  # of which the stepwise selections are made: nothing moves it


@dataclass(frozen=True)
class Scenario:
    """What is true and what goes wrong.

    `effect`: log odds and log rate ratio of each key question; `false_share`: links that are another person's;
    `lost_share`: of desistance where engagement was good and the person reoffended; `spread`: standard deviation of the
    providers' levels and, as half of it, of what they are judged.
    """

    name: str
    effect: float = 0.0
    false_share: float = 0.0
    lost_share: float = 0.0
    spread: float = 0.0


SCENARIOS = (
    Scenario("no_effects"),
    Scenario("effects", effect=-0.4),
    Scenario("false_links", effect=-0.4, false_share=0.05),
    Scenario("missing_by_outcome", effect=-0.4, lost_share=0.3),
    Scenario("providers_differ", effect=-0.4, spread=0.4),
)


def draw_cases(scenario: Scenario, rng: np.random.Generator, n: int = N_CASES) -> pd.DataFrame:
    """One population of `n` cases, all matched: characteristics as the bulletin's, outcomes by the scenario."""
    cases = _characteristics(rng, n)
    place = rng.integers(N_PROVIDERS, size=n)
    levels, habits = rng.normal(size=(2, N_PROVIDERS))
    for term in (*JUDGEMENTS["key_questions"], *JUDGEMENTS["prompts"]):
        good = rng.random(n) < _chance(0.7 + 0.5 * scenario.spread * habits[place])
        others = rng.choice([level for level in term.levels if level != "yes"], n)
        cases[term.name] = np.where(good, "yes", others)
    cases["provider"], cases["provider_type"] = np.char.add("P", place.astype(str)), np.where(place < 21, "crc", "nps")
    judged = sum((cases[term.name] == "yes").astype(float) for term in JUDGEMENTS["key_questions"])
    level = scenario.effect * judged + scenario.spread * levels[place]
    risk = (cases["ogrs_score"] - 50) / 25
    reoffended = rng.random(n) < _chance(-0.3 + 0.8 * risk + level)
    mean = np.exp(1.0 + 0.2 * risk + level)
    counts = rng.negative_binomial(1 / DISPERSION, 1 / (1 + DISPERSION * mean))
    outcomes = np.column_stack([reoffended, np.where(reoffended, counts, 0)])
    false = rng.random(n) < scenario.false_share
    outcomes[false] = outcomes[rng.permutation(n)[false]]
    cases["reoffended"], cases["reoffences"] = outcomes.T
    is_lost = (cases["engagement"] == "yes") & (cases["reoffended"] == 1) & (rng.random(n) < scenario.lost_share)
    cases["desistance"] = cases["desistance"].mask(is_lost)
    return cases


def _characteristics(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Independent of each other, in shares near the bulletin's; the groups of 2020/03 and a need beside them."""
    drawn = {
        "age": rng.integers(18, 70, n),
        "previous_sanctions": rng.poisson(rng.gamma(0.8, 12, n)),
        "ogrs_score": np.clip(rng.normal(50, 22, n), 0, 100).round(),
    }
    for term in BULLETIN_MODELS[-1].controls:
        if not term.is_interval:
            shares = np.geomspace(8, 1, len(term.levels))
            drawn[term.name] = rng.choice(term.levels, n, p=shares / shares.sum())
    for group in GROUPS:
        if group.column not in drawn and group.column != "provider_type":
            drawn[group.column] = rng.choice(group.codes, n)
    return pd.DataFrame(drawn).assign(**{MEASURE: rng.choice(["yes", "no"], n)})


def _chance(log_odds: np.ndarray | pd.Series) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-log_odds)))
