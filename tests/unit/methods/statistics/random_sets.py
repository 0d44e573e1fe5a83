"""Small random data sets in which models go wrong: separated, aliased, empty, nearly so; the same for the same seed.

Only whole numbers and uniform shares are drawn, whose streams NumPy keeps from version to version.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.layouts.specification import Term

FAMILIES = ("logistic", "poisson")
LETTERS = "abc"


@dataclass(frozen=True)
class RandomSet:
    """`cases`: the outcome and a column a term; `terms` with a reference level that changes from set to set."""

    number: int
    family: str
    cases: pd.DataFrame
    terms: tuple[Term, ...]


def random_set(number: int) -> RandomSet:
    """The set of this number: even ones have a 0/1 outcome, odd ones counts."""
    rng, family = np.random.default_rng(number), FAMILIES[number % 2]
    n = int(rng.integers(14, 70))
    columns = {letter: _levels(rng, n) for letter in LETTERS[: int(rng.integers(1, 4))]}
    if rng.random() < 0.3:
        columns["c"] = _resembling(rng, columns["a"])
    outcome = _outcome(rng, family, columns, n)
    cases = pd.DataFrame({name: [str(level) for level in levels] for name, levels in columns.items()})
    terms = [_term(rng, name, levels) for name, levels in columns.items()]
    if rng.random() < 0.5:
        cases["x"] = np.round(rng.random(n) * 10 - 2, 1)
        terms.insert(0, Term("x", "x"))
    return RandomSet(number, family, cases.assign(**{OUTCOME: outcome.astype(float)}), tuple(terms))


def _levels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Levels from 0, the last of them rare."""
    width = int(rng.integers(2, 5))
    return np.minimum((rng.random(n) ** rng.choice([0.5, 1, 2]) * width).astype(int), width - 1)


def _resembling(rng: np.random.Generator, levels: np.ndarray) -> np.ndarray:
    """A category that another one gives away: the same, or coarser, but for no case or one."""
    other = levels.copy() if rng.random() < 0.5 else (levels > 0).astype(int)
    if rng.random() < 0.5:
        other[int(rng.integers(len(other)))] = 0
    return other


def _outcome(rng: np.random.Generator, family: str, columns: dict[str, np.ndarray], n: int) -> np.ndarray:
    predictor = sum(rng.choice([-2.0, -0.5, 0.0, 0.5, 2.0]) * (levels - 1) for levels in columns.values())
    chance = 1 / (1 + np.exp(-predictor))
    hits = sum((rng.random(n) < chance).astype(int) for _ in range(1 if family == "logistic" else 4))
    outcome = np.array(hits)
    for levels in columns.values():  # a level without events, or with nothing else
        if rng.random() < 0.25:
            outcome[levels == levels.max()] = 0 if family == "poisson" or rng.random() < 0.5 else 1
    return outcome


def _term(rng: np.random.Generator, name: str, levels: np.ndarray) -> Term:
    """Any level may be the reference; now and then there is a level that no case has."""
    codes = tuple(str(level) for level in range(levels.max() + 1 + int(rng.random() < 0.1)))
    present = [code for code in codes if int(code) in levels]
    return Term(name, name, codes, str(rng.choice(present)))
