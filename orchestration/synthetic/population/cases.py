"""The cases of an uncalibrated population: whose they are, when they began, and the rows of their inspections.

Belongs here: case people, dates and the inspections extract. Judgements and characteristics are rows of a profile
drawn again. Not here: the records of other sources (`records.py`).
"""

import numpy as np
import pandas as pd

from orchestration.settings import CODES_DIR
from orchestration.synthetic import calendar
from orchestration.synthetic.extracts.inspections import draw_case_ids, in_columns
from orchestration.synthetic.extracts.planning import draw_states
from orchestration.synthetic.identities.rendering import render
from orchestration.synthetic.identities.states import WRONG
from orchestration.synthetic.population.households import exchange_numbers
from orchestration.synthetic.population.register import ETHNICITIES, Register
from orchestration.synthetic.population.size import Population


def draw_cases(
    rng: np.random.Generator, population: Population, profile: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, Register]:
    """The cases (case_id, person, row of the profile, dates, states, donor) and everybody.

    The last of the cases are further inspections of people inspected before: they keep the person's sex,
    ethnicity and birthday and have a start, a provider and judgements of their own.
    """
    size = population.n_cases
    row = rng.integers(0, len(profile), size)
    fieldwork = calendar.fieldwork_dates(
        rng, profile[["provider", "provider_type"]].iloc[row], pd.read_csv(CODES_DIR / "report_months.csv", dtype=str)
    )
    start = calendar.start_dates(rng, fieldwork)
    n_people = max(1, size - round(size * population.inspected_twice))
    person = np.concatenate([np.arange(n_people), rng.integers(0, n_people, size - n_people)])
    everybody = _register(rng, profile.iloc[row[:n_people]], start[:n_people], population.n_strangers, seed)
    states = draw_states(rng, size, population.faults("inspections"))
    donor = draw_donors(rng, states, person, everybody, population)
    cases = states.assign(case_id=draw_case_ids(rng, size), person=person, profile_row=row, donor=donor)
    cases = exchange_numbers(rng, cases, everybody, population)
    dates = {"fieldwork_date": fieldwork, "start_date": start}
    return cases.assign(**{name: day.astype("datetime64[s]") for name, day in dates.items()}), everybody


def _register(
    rng: np.random.Generator, attributes: pd.DataFrame, start: np.ndarray, n_strangers: int, seed: int
) -> Register:
    """Everybody, with the inspected people's sex, ethnicity and age; where these are missing others' are drawn."""
    filled = {name: _filled(rng, attributes[name]) for name in ("gender", "ethnicity", "age")}
    ethnicity = np.array([ETHNICITIES.index(group) for group in filled["ethnicity"]], dtype=np.int64)
    born = calendar.births(rng, filled["age"].astype(np.int64), start)
    return Register(seed, filled["gender"] == "female", ethnicity, born, n_strangers)


def _filled(rng: np.random.Generator, values: pd.Series) -> np.ndarray:
    known = values.dropna().to_numpy(dtype=object)
    drawn = known[rng.integers(0, len(known), len(values))]
    return np.where(values.isna(), drawn, values.to_numpy(dtype=object))


def draw_donors(
    rng: np.random.Generator, states: pd.DataFrame, person: np.ndarray, everybody: Register, population: Population
) -> np.ndarray:
    """Whose identifier stands in rows marked as another's: the twin's where there is one, or a stranger's; else -1."""
    donor = np.full(len(person), -1, dtype=np.int64)
    at = np.flatnonzero((states["pnc"] == WRONG) | (states["crn"] == WRONG))
    donor[at] = everybody.pick_strangers(rng, len(at))
    twin = np.where(person[at] < everybody.n_inspected, person[at] + everybody.n_inspected, -1)
    is_twin = (person[at] >= everybody.n_inspected) & (person[at] < everybody.first_stranger)
    twin = np.where(is_twin, person[at] - everybody.n_inspected, twin)
    takes_twin = (twin >= 0) & (is_twin | has_twin(everybody, np.maximum(twin, 0) % everybody.n_inspected, population))
    takes_twin &= rng.random(len(at)) < population.twin_donors
    donor[at] = np.where(takes_twin, twin, donor[at])
    return donor


def has_twin(everybody: Register, person: np.ndarray, population: Population) -> np.ndarray:
    """Whether inspected people have a twin in the registers."""
    return everybody.draw("has a twin", person) < population.twins


def inspection_rows(
    rng: np.random.Generator, population: Population, profile: pd.DataFrame, cases: pd.DataFrame, everybody: Register
) -> pd.DataFrame:
    """The inspections extract of some of the cases, in the order of their ids."""
    cases = cases.sort_values("case_id", ignore_index=True)
    attributes = profile.iloc[cases["profile_row"]].reset_index(drop=True)
    person = cases["person"].to_numpy()
    of_person = {
        "gender": np.where(everybody.female[person], "female", "male"),
        "ethnicity": np.array(ETHNICITIES, dtype=object)[everybody.ethnicity[person]],
    }
    # a person inspected twice has one sex and ethnicity; what an inspection left out stays out
    known = {name: attributes[name].where(attributes[name].isna(), value) for name, value in of_person.items()}
    numbers, local = localised(cases)
    identity = render(rng, "inspections", local, everybody.people(numbers), population.writing)
    return in_columns(attributes.assign(**known), cases, identity)


def localised(rows: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """The distinct people of some rows, and the rows with person and donor counted among them."""
    codes, numbers = pd.factorize(np.concatenate([rows["person"].to_numpy(), rows["donor"].to_numpy()]))
    person, donor = codes[: len(rows)], codes[len(rows) :]
    numbers = np.where(numbers < 0, 0, numbers)  # -1 stands for no donor and is never looked at
    return numbers, rows.assign(person=person, donor=donor)
