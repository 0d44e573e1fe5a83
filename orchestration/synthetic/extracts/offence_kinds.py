"""Kinds of offences, their proofs, and offences that do not count, at plausible rates.

Belongs here: shares and draws of single offences. Not here: whose they are and how many count (`offences.py`).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

# Home Office codes (class and subclass) and how often each is drawn: theft most, as in published statistics.
CODES = {
    "04600": 0.24,
    "10501": 0.12,
    "00806": 0.06,
    "12509": 0.07,
    "14900": 0.06,
    "09260": 0.08,
    "80301": 0.05,
    "80901": 0.07,
    "04910": 0.06,
    "03000": 0.03,
    "02800": 0.03,
    "10401": 0.04,
    "05301": 0.02,
    "01010": 0.02,
    "19500": 0.02,
    "14100": 0.02,
    "03400": 0.006,
    "02000": 0.004,
}
CAUTIONED = 0.15
CAUTIONED_CODES = ("04600", "10501", "14900", "09260", "14100")
LAST_RESULT = np.datetime64("2021-12-31")  # the end of the extract
LATEST_PROOF = 540  # days from the index date: within eighteen months whatever the months
BREACH = "08401"


def draw_codes(rng: np.random.Generator, size: int) -> np.ndarray:
    """Home Office codes of `size` offences."""
    shares = np.array(list(CODES.values()))
    return rng.choice(np.array(list(CODES), dtype=object), size, p=shares / shares.sum())


def draw_proofs(rng: np.random.Generator, offset: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days from each offence to its proof, in time, and what proved it; `offset`: days from the index date."""
    delay = (rng.beta(1.0, 2.5, len(offset)) * (LATEST_PROOF - offset)).astype(np.int64)
    is_cautioned = (rng.random(len(offset)) < CAUTIONED) & np.isin(codes, CAUTIONED_CODES)
    return delay, np.where(is_cautioned, "caution", "conviction").astype(object)


def sample_not_counted(
    rng: np.random.Generator, date: np.ndarray, first_date: np.ndarray, is_alone: np.ndarray
) -> pd.DataFrame:
    """Offences that a clause of the definition leaves out, for some of the index events.

    `date`: index dates; `first_date`: the earliest of each one's person; `is_alone`: whether the person has one only.
    """
    kinds: list[tuple[float, np.ndarray, Callable[..., pd.DataFrame]]] = [
        (0.15, np.ones(len(date), dtype=bool), _breaches),
        (0.03, np.ones(len(date), dtype=bool), _elsewhere),
        (0.06, np.ones(len(date), dtype=bool), _not_proven),
        (0.02, np.ones(len(date), dtype=bool), _overturned),
        (0.05, np.ones(len(date), dtype=bool), _pseudo_reconvictions),
        (0.03, is_alone, _proven_too_late),
        (0.10, np.ones(len(date), dtype=bool), _after_the_followup),
    ]
    parts = []
    for share, may, draw in kinds:
        record = np.flatnonzero(may & (rng.random(len(date)) < share))
        parts.append(draw(rng, record, date[record], first_date[record]))
    return pd.concat(parts, ignore_index=True)


def _offences(
    rng: np.random.Generator, record: np.ndarray, offence_date: np.ndarray, delay: np.ndarray, may_count: bool
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "record": record,
            "offence_date": offence_date,
            "offence_code": draw_codes(rng, len(record)),
            "disposal_date": offence_date + delay,
            "disposal": "conviction",
            "country": "england_and_wales",
            "is_index": False,
            "may_count": may_count,
            "told_again": False,
        }
    )


def _within(rng: np.random.Generator, record: np.ndarray, date: np.ndarray) -> pd.DataFrame:
    """Offences in the follow-up that are proven in time; what keeps them from counting is added."""
    offset = rng.integers(1, 300, len(record))
    return _offences(rng, record, date + offset, rng.integers(0, 200, len(record)), may_count=False)


def _breaches(rng: np.random.Generator, record: np.ndarray, date: np.ndarray, _first: np.ndarray) -> pd.DataFrame:
    return _within(rng, record, date).assign(offence_code=BREACH)


def _elsewhere(rng: np.random.Generator, record: np.ndarray, date: np.ndarray, _first: np.ndarray) -> pd.DataFrame:
    countries = np.array(["scotland", "northern_ireland", "elsewhere"], dtype=object)
    return _within(rng, record, date).assign(country=rng.choice(countries, len(record), p=(0.7, 0.2, 0.1)))


def _not_proven(rng: np.random.Generator, record: np.ndarray, date: np.ndarray, _first: np.ndarray) -> pd.DataFrame:
    results = np.array(["not_guilty", "withdrawn", "discontinued", "no_further_action"], dtype=object)
    return _within(rng, record, date).assign(disposal=rng.choice(results, len(record)))


def _overturned(rng: np.random.Generator, record: np.ndarray, date: np.ndarray, _first: np.ndarray) -> pd.DataFrame:
    """A conviction, and on the next row the appeal that set it aside: two courts of one offence."""
    convicted = _within(rng, record, date)
    appealed = convicted.assign(
        disposal="quashed", disposal_date=convicted["disposal_date"] + pd.Timedelta(days=90), told_again=True
    )
    is_known = appealed["disposal_date"] <= LAST_RESULT  # an appeal after the extract's end would leave the proof
    return pd.concat([convicted[is_known], appealed[is_known]]).sort_index(kind="stable").reset_index(drop=True)


def _pseudo_reconvictions(
    rng: np.random.Generator, record: np.ndarray, date: np.ndarray, first_date: np.ndarray
) -> pd.DataFrame:
    committed = first_date - rng.integers(1, 120, len(record))
    delay = (date - committed).astype(np.int64) + rng.integers(1, 200, len(record))
    return _offences(rng, record, committed, delay, may_count=False)


def _proven_too_late(
    rng: np.random.Generator, record: np.ndarray, date: np.ndarray, _first: np.ndarray
) -> pd.DataFrame:
    offset = rng.integers(200, 360, len(record))
    delay = 555 + rng.integers(0, 120, len(record)) - offset
    return _offences(rng, record, date + offset, delay, may_count=False)


def _after_the_followup(
    rng: np.random.Generator, record: np.ndarray, date: np.ndarray, _first: np.ndarray
) -> pd.DataFrame:
    offset = 367 + rng.integers(0, 300, len(record))
    return _offences(rng, record, date + offset, rng.integers(0, 200, len(record)), may_count=True)
