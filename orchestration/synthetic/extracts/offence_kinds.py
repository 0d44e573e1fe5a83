"""Kinds of offences, their proofs, and offences that do not count, at plausible rates.

Belongs here: shares and draws of single offences. Not here: whose they are and how many count (`offences.py`).

Types differ by age and sex (`offence_types.csv`). Which way is meant to be that of published statistics: women have
more theft, fraud and assaults on constables, and less of most others (Ministry of Justice, Statistics on Women and the
Criminal Justice System 2019, chapter 8); the young have more robbery, weapons, drugs and damage, the older more theft
from shops and drink. By how much is ours, and no number is taken from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

TYPES = Path(__file__).with_name("offence_types.csv")
CAUTIONED = 0.15
CAUTIONED_CODES = ("04600", "10501", "14900", "09260", "14100")
LAST_RESULT = np.datetime64("2021-12-31")  # the end of the extract
LATEST_PROOF = 540  # days from the index date: within eighteen months whatever the months
BREACH = "08401"


@dataclass(frozen=True)
class IndexEvents:
    """Index events, one an element: `date` and `first_date`, the earliest of the same person; whether the person has
    no other (`is_alone`); which group of people they belong to (`people`, as `groups_of_people` gives it)."""

    date: np.ndarray
    first_date: np.ndarray
    is_alone: np.ndarray
    people: np.ndarray

    def take(self, rows: np.ndarray) -> "IndexEvents":
        """Those at these places."""
        return IndexEvents(self.date[rows], self.first_date[rows], self.is_alone[rows], self.people[rows])


def groups_of_people(age: np.ndarray, is_female: np.ndarray) -> np.ndarray:
    """The group whose shares of types hold, 0 to 5; `age` in years at the index date, missing as from 25 to 39."""
    return 3 * is_female.astype(np.int64) + (age < 25) + 2 * (age >= 40)


@cache
def types() -> tuple[np.ndarray, np.ndarray]:
    """Home Office codes (class and subclass), and how often each is drawn: cumulated shares, group of people x code.

    The file's `share` is that of men from 25 to 39; its other columns multiply it.
    """
    table = pd.read_csv(TYPES, dtype={"offence_code": str})
    of_age = (np.ones(len(table)), table["under_25"], table["from_40"])
    weights = np.array([table["share"] * age * sex for sex in (1.0, table["women"]) for age in of_age])
    return table["offence_code"].to_numpy(dtype=object), np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)


def draw_codes(rng: np.random.Generator, people: np.ndarray) -> np.ndarray:
    """A Home Office code for each offence; `people`: the group of who committed it."""
    codes, cumulated = types()
    drawn, place = rng.random(len(people)), np.zeros(len(people), dtype=np.int64)
    for group, edges in enumerate(cumulated):
        of_group = people == group
        place[of_group] = np.searchsorted(edges[:-1], drawn[of_group], side="right")
    return codes[place]


def draw_proofs(rng: np.random.Generator, offset: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days from each offence to its proof, in time, and what proved it; `offset`: days from the index date."""
    delay = (rng.beta(1.0, 2.5, len(offset)) * (LATEST_PROOF - offset)).astype(np.int64)
    is_cautioned = (rng.random(len(offset)) < CAUTIONED) & np.isin(codes, CAUTIONED_CODES)
    return delay, np.where(is_cautioned, "caution", "conviction").astype(object)


def sample_not_counted(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    """Offences that a clause of the definition leaves out, for some of the index events."""
    everybody = np.ones(len(events.date), dtype=bool)
    kinds: list[tuple[float, np.ndarray, Callable[..., pd.DataFrame]]] = [
        (0.15, everybody, _breaches),
        (0.03, everybody, _elsewhere),
        (0.06, everybody, _not_proven),
        (0.02, everybody, _overturned),
        (0.05, everybody, _pseudo_reconvictions),
        (0.03, events.is_alone, _proven_too_late),
        (0.10, everybody, _after_the_followup),
    ]
    parts = []
    for share, may, draw in kinds:
        record = np.flatnonzero(may & (rng.random(len(may)) < share))
        drawn = draw(rng, events.take(record))
        parts.append(drawn.assign(record=record[drawn["record"]]))
    return pd.concat(parts, ignore_index=True)


def _offences(
    rng: np.random.Generator, events: IndexEvents, offence_date: np.ndarray, delay: np.ndarray, may_count: bool
) -> pd.DataFrame:
    """One offence an event, `record` its place among them."""
    return pd.DataFrame(
        {
            "record": np.arange(len(events.date)),
            "offence_date": offence_date,
            "offence_code": draw_codes(rng, events.people),
            "disposal_date": offence_date + delay,
            "disposal": "conviction",
            "country": "england_and_wales",
            "is_index": False,
            "may_count": may_count,
            "told_again": False,
        }
    )


def _within(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    """Offences in the follow-up that are proven in time; what keeps them from counting is added."""
    size = len(events.date)
    offset = rng.integers(1, 300, size)
    return _offences(rng, events, events.date + offset, rng.integers(0, 200, size), may_count=False)


def _breaches(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    return _within(rng, events).assign(offence_code=BREACH)


def _elsewhere(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    countries = np.array(["scotland", "northern_ireland", "elsewhere"], dtype=object)
    return _within(rng, events).assign(country=rng.choice(countries, len(events.date), p=(0.7, 0.2, 0.1)))


def _not_proven(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    results = np.array(["not_guilty", "withdrawn", "discontinued", "no_further_action"], dtype=object)
    return _within(rng, events).assign(disposal=rng.choice(results, len(events.date)))


def _overturned(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    """A conviction, and on the next row the appeal that set it aside: two courts of one offence."""
    convicted = _within(rng, events)
    appealed = convicted.assign(
        disposal="quashed", disposal_date=convicted["disposal_date"] + pd.Timedelta(days=90), told_again=True
    )
    is_known = appealed["disposal_date"] <= LAST_RESULT  # an appeal after the extract's end would leave the proof
    return pd.concat([convicted[is_known], appealed[is_known]]).sort_index(kind="stable").reset_index(drop=True)


def _pseudo_reconvictions(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    size = len(events.date)
    committed = events.first_date - rng.integers(1, 120, size)
    delay = (events.date - committed).astype(np.int64) + rng.integers(1, 200, size)
    return _offences(rng, events, committed, delay, may_count=False)


def _proven_too_late(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    size = len(events.date)
    offset = rng.integers(200, 360, size)
    delay = 555 + rng.integers(0, 120, size) - offset
    return _offences(rng, events, events.date + offset, delay, may_count=False)


def _after_the_followup(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    size = len(events.date)
    offset = 367 + rng.integers(0, 300, size)
    return _offences(rng, events, events.date + offset, rng.integers(0, 200, size), may_count=True)
