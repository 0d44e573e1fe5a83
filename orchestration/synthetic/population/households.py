"""Households: who has relatives in the registers, and the rows that carry the number of another of the household.

Belongs here: who lives together, and whose number is typed on whose file. An address stands in no extract; what is
seen of a household is one surname. Not here: who relatives are (`register.py`), nor their records (`records.py`).
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.identities.states import MISSING, WRONG
from orchestration.synthetic.population.register import MOST_RELATIVES, Register
from orchestration.synthetic.population.size import Population


def n_relatives(everybody: Register, person: np.ndarray, population: Population) -> np.ndarray:
    """How many relatives inspected people have in the registers: none, or 1 to MOST_RELATIVES."""
    some = 1 + (everybody.draw("number of relatives", person) * MOST_RELATIVES).astype(np.int64)
    return np.where(everybody.draw("has relatives", person) < population.households, some, 0)


def exchange_numbers(
    rng: np.random.Generator, rows: pd.DataFrame, everybody: Register, population: Population
) -> pd.DataFrame:
    """The rows (person, donor, states), some of a household with the PNC identifier or CRN of another of it.

    A CRN only where the row has one. Without households nothing is drawn, and every row stays as it was.
    """
    member = everybody.member_of_household(rows["person"].to_numpy())
    family = np.where(member >= 0, everybody.family(rows["person"].to_numpy()), 0)
    size = np.where(member >= 0, 1 + n_relatives(everybody, family, population), 0)
    at = np.flatnonzero(size > 1)
    at = at[rng.random(len(at)) < population.household_numbers]
    other = (member[at] + 1 + (rng.random(len(at)) * (size[at] - 1)).astype(np.int64)) % size[at]
    field = np.where((rows["crn"].to_numpy()[at] != MISSING) & (rng.random(len(at)) < 0.5), "crn", "pnc")
    exchanged = rows.copy()
    exchanged.loc[exchanged.index[at], "donor"] = everybody.in_household(family[at], other)
    for name in ("pnc", "crn"):
        exchanged.loc[exchanged.index[at[field == name]], name] = WRONG
    return exchanged
