"""The records of an uncalibrated population: planned for case people, drawn in parts for everybody.

Belongs here: which record stands where, whose it is, its date, faults and outcome. A part is a stretch of record
numbers with its own stream of draws, so that memory is bounded and parts may be drawn in any order. Not here:
files (`files.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.synthetic.calendar import between, date_differences, near_misses
from orchestration.synthetic.extracts.outcomes import draw_reoffending, draw_termination_reasons, termination_dates
from orchestration.synthetic.extracts.planning import draw_states
from orchestration.synthetic.extracts.sentences import SPANS, WINDOW
from orchestration.synthetic.identities.counters import key_of, permuted
from orchestration.synthetic.identities.rendering import render
from orchestration.synthetic.population.cases import draw_donors, has_twin, localised
from orchestration.synthetic.population.households import exchange_numbers, n_relatives
from orchestration.synthetic.population.register import MOST_RELATIVES, Register
from orchestration.synthetic.population.size import Population

RECORDS_A_PART = 1_000_000
SOURCE_NUMBERS = {"terminations": 1, "reoffending": 2, "offences": 3}


@dataclass(frozen=True)
class PlannedRecords:
    """The records of inspected people, their twins and relatives in one source, by place among all records.

    `position` (ascending), `person`, `date` (datetime64[D]) and `case`: the case whose inspected sentence it is
    (position among the cases), -1 for any other record. `size`: records of the source in all.
    """

    source: str
    size: int
    position: np.ndarray
    person: np.ndarray
    date: np.ndarray
    case: np.ndarray

    @property
    def n_parts(self) -> int:
        """Parts the source is drawn in."""
        return max(1, -(-self.size // RECORDS_A_PART))


def plan_records(
    rng: np.random.Generator,
    source: str,
    population: Population,
    profile: pd.DataFrame,
    cases: pd.DataFrame,
    everybody: Register,
) -> PlannedRecords:
    """The records of inspected people, their twins and relatives: nothing is done to make them linkable."""
    start = cases["start_date"].to_numpy().astype("datetime64[D]")
    parts = [
        *_inspected(rng, source, population, profile, cases, start),
        *_kin(rng, source, population, cases, everybody),
    ]
    person, date, case = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    size = max(population.n_records(source), len(person))
    position = _distinct(rng, len(person), size)
    return PlannedRecords(source, size, position, person, date, case)


def _inspected(
    rng: np.random.Generator,
    source: str,
    population: Population,
    profile: pd.DataFrame,
    cases: pd.DataFrame,
    start: np.ndarray,
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Inspected sentences, second ones within a week of them, near misses, and the people's other sentences."""
    person = cases["person"].to_numpy()
    eligible = _is_eligible(source, profile)[cases["profile_row"]]
    is_recorded = eligible & (rng.random(len(cases)) < population.recorded(source))
    case = np.flatnonzero(is_recorded)
    date = start[case] + date_differences(rng, len(case), population.exact_date)
    second = case[rng.random(len(case)) < population.second_in_window]
    second_date = start[second] + rng.integers(-WINDOW, WINDOW, len(second), endpoint=True)
    near, away, never = _missed(rng, np.flatnonzero(eligible & ~is_recorded), population)
    known = np.setdiff1d(np.unique(person), person[never])
    other = np.repeat(known, rng.poisson(population.other_sentences, len(known)))
    other_date = between(rng, *SPANS[source], len(other))
    people, dates = [person[second], person[near], other], [second_date, start[near] + away, other_date]
    none = np.full(sum(map(len, people)), -1)
    return [(person[case], date, case), (np.concatenate(people), np.concatenate(dates), none)]


def _is_eligible(source: str, profile: pd.DataFrame) -> np.ndarray:
    if source == "terminations":
        return (profile["case_type"] == "community").fillna(False).to_numpy(dtype=bool)
    return np.ones(len(profile), dtype=bool)


def _missed(
    rng: np.random.Generator, missed: np.ndarray, population: Population
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the cases whose sentence is not recorded: those dated just outside, by how much, and those of people
    without any record."""
    is_near = rng.random(len(missed)) < population.near_miss
    near, absent = missed[is_near], missed[~is_near]
    away = near_misses(rng, len(near))
    never_share = population.never_recorded / max(1.0 - population.near_miss, population.never_recorded, 1e-12)
    return near, away, absent[rng.random(len(absent)) < never_share]


def _kin(
    rng: np.random.Generator, source: str, population: Population, cases: pd.DataFrame, everybody: Register
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Records of the inspected people's twins and relatives: some within a week of the case's start, the others at any
    time."""
    person = cases["person"].to_numpy()
    start = cases["start_date"].to_numpy().astype("datetime64[D]")
    kin = [(has_twin(everybody, person, population), everybody.n_inspected + person, population.twins_together)]
    relatives = n_relatives(everybody, person, population)
    for member in range(1, 1 + MOST_RELATIVES):
        kin.append((relatives >= member, everybody.in_household(person, member), population.relatives_together))
    for is_there, number, share_together in kin:
        case = np.flatnonzero(is_there)
        together = case[rng.random(len(case)) < share_together]
        date = start[together] + rng.integers(-WINDOW, WINDOW, len(together), endpoint=True)
        alone = np.repeat(case, rng.poisson(population.other_sentences, len(case)))
        date = np.concatenate([date, between(rng, *SPANS[source], len(alone))])
        yield number[np.concatenate([together, alone])], date, np.full(len(date), -1)


def _distinct(rng: np.random.Generator, size: int, among: int) -> np.ndarray:
    """`size` distinct places below `among`, ascending."""
    if size > among // 2:
        return np.sort(rng.permutation(among)[:size])
    drawn = np.unique(rng.integers(0, among, int(size * 1.5) + 100))
    while len(drawn) < size:
        drawn = np.unique(np.concatenate([drawn, rng.integers(0, among, size)]))
    return np.sort(rng.permutation(drawn)[:size])


def record_ids(seed: int, source: str, position: np.ndarray, size: int) -> np.ndarray:
    """Ids of records, in no order: a letter and a number nobody else has."""
    thousands, rest = np.divmod(permuted(key_of(seed, f"{source} ids"), position, size), 1_000)
    codes, distinct = pd.factorize(thousands)
    starts = np.array([f"{source[0].upper()}{number:06d}" for number in distinct.tolist()], dtype=object)
    ends = np.array([f"{number:03d}" for number in range(1_000)], dtype=object)
    return starts[codes] + ends[rest]


def true_records(planned: PlannedRecords, cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Every record of each case's person (case_id, record_id), in their order."""
    is_own = planned.person < cases["person"].max() + 1
    own = pd.DataFrame(
        {
            "person": planned.person[is_own],
            "record_id": record_ids(seed, planned.source, planned.position[is_own], planned.size),
        }
    )
    pairs = cases[["case_id", "person"]].merge(own, on="person")
    return pairs[["case_id", "record_id"]].sort_values(["case_id", "record_id"], ignore_index=True)


def draw_part(
    part: int,
    planned: PlannedRecords,
    population: Population,
    profile: pd.DataFrame,
    cases: pd.DataFrame,
    everybody: Register,
) -> pd.DataFrame:
    """The records of one part as they are written: identifiers, date and outcome, columns of the data contract."""
    rng = np.random.default_rng([everybody.seed, SOURCE_NUMBERS[planned.source], part])
    first, last = part * RECORDS_A_PART, min((part + 1) * RECORDS_A_PART, planned.size)
    rows = _rows(rng, first, last, planned, population, cases, everybody)
    numbers, local = localised(rows)
    written = render(rng, planned.source, local, everybody.people(numbers), population.writing)
    record_id = record_ids(everybody.seed, planned.source, np.arange(first, last), planned.size)
    identified = pd.concat([pd.DataFrame({"record_id": record_id}), written], axis=1)
    row = np.where(rows["case"] >= 0, cases["profile_row"].to_numpy()[rows["case"]], -1)
    add = _with_terminations if planned.source == "terminations" else _with_reoffending
    return add(rng, identified, rows["date"].to_numpy(), row, profile)


def _rows(
    rng: np.random.Generator,
    first: int,
    last: int,
    planned: PlannedRecords,
    population: Population,
    cases: pd.DataFrame,
    everybody: Register,
) -> pd.DataFrame:
    """Whose each record is, its date, states and donor."""
    size = last - first
    person, case = everybody.pick_strangers(rng, size), np.full(size, -1)
    date = between(rng, *SPANS[planned.source], size)
    planned_here = slice(*np.searchsorted(planned.position, [first, last]))
    at = planned.position[planned_here] - first
    person[at], date[at] = planned.person[planned_here], planned.date[planned_here]
    case[at] = planned.case[planned_here]
    states = draw_states(rng, size, population.faults(planned.source))
    donor = draw_donors(rng, states, person, everybody, population)
    strangers = np.flatnonzero((donor >= 0) & everybody.is_stranger(person))
    mixed_up = strangers[rng.random(len(strangers)) < population.case_donors]
    whose = rng.integers(0, len(cases), len(mixed_up))
    donor[mixed_up] = cases["person"].to_numpy()[whose]
    is_near = rng.random(len(mixed_up)) < population.donors_near
    start = cases["start_date"].to_numpy().astype("datetime64[D]")[whose[is_near]]
    date[mixed_up[is_near]] = start + rng.integers(-WINDOW, WINDOW, int(is_near.sum()), endpoint=True)
    rows = states.assign(person=person, case=case, donor=donor, date=date.astype("datetime64[s]"))
    return exchange_numbers(rng, rows, everybody, population)


def _with_terminations(
    rng: np.random.Generator, rows: pd.DataFrame, date: np.ndarray, row: np.ndarray, profile: pd.DataFrame
) -> pd.DataFrame:
    reason = draw_termination_reasons(rng, len(rows))
    given = profile["termination_reason"].to_numpy(dtype=object)[row]
    reason = np.where((row >= 0) & ~pd.isna(given), given, reason)
    ended = termination_dates(rng, date.astype("datetime64[D]"), reason).astype("datetime64[s]")
    return rows.assign(sentence_date=date, termination_date=ended, termination_reason=reason)


def _with_reoffending(
    rng: np.random.Generator, rows: pd.DataFrame, date: np.ndarray, row: np.ndarray, profile: pd.DataFrame
) -> pd.DataFrame:
    columns = ("reoffended", "reoffences", "days_to_first_reoffence")
    drawn = draw_reoffending(rng, len(rows))
    is_given = (row >= 0) & profile["reoffended"].notna().to_numpy()[row]
    given = (profile[name].fillna(0).to_numpy(dtype=np.int64)[row] for name in columns)
    reoffended, reoffences, days = (np.where(is_given, *pair) for pair in zip(given, drawn, strict=True))
    return rows.assign(
        index_date=date,
        reoffended=reoffended,
        reoffences=np.where(reoffended == 0, 0, reoffences),
        days_to_first_reoffence=pd.Series(pd.array(days, dtype="Int64")).mask(reoffended == 0),
    )
