"""Who lives in the synthetic extracts: the people of the cases, their look-alikes, and everybody else.

Belongs here: identities (name, birth, PNC identifier, CRN), one row a person. Not here: what the files say of
them (`rendering.py`) nor their sentences (`sentences.py`).

A people frame has surname, first, middle, plain_surname, plain_first (text), is_female (bool), dob (datetime),
pnc_year, pnc_serial (int), crn (text). Its index is the person's number.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.calendar import births
from orchestration.synthetic.identities.identifiers import draw_crns, draw_serials
from orchestration.synthetic.identities.names import draw_names, each_distinct, plain_first, plain_surname
from orchestration.synthetic.identities.spelling import is_near

PNC_YEARS = (1951, 2017)  # an earlier year cannot be read without a slash, a later one is after some starts
LARGEST_SERIAL = 9_999_999
POPULATION_DATE = np.datetime64("2018-06-01")
ETHNIC_SHARES = {"white": 0.83, "black": 0.07, "asian": 0.06, "mixed": 0.03, "other": 0.01}
FEMALE_SHARE = 0.15


def _with_plain_names(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(
        plain_surname=each_distinct(plain_surname, people["surname"]),
        plain_first=each_distinct(plain_first, people["first"]),
    )


def draw_strangers(rng: np.random.Generator, size: int) -> pd.DataFrame:
    """People of the extracts who were not inspected: names and births."""
    gender = np.where(rng.random(size) < FEMALE_SHARE, "female", "male")
    ethnicity = rng.choice(np.array(list(ETHNIC_SHARES)), size, p=list(ETHNIC_SHARES.values()))
    age = np.minimum(18 + rng.gamma(2.0, 8.0, size), 88).astype(np.int64)
    people = _with_plain_names(draw_names(rng, gender, ethnicity)).assign(is_female=gender == "female")
    return people.assign(dob=births(rng, age, np.full(size, POPULATION_DATE)))


def draw_case_people(rng: np.random.Generator, profile: pd.DataFrame, start: np.ndarray) -> pd.DataFrame:
    """The people of the cases: each of the profile's age at the start, no two of one name and birthday."""
    gender = profile["gender"].fillna("").to_numpy(dtype=object)
    ethnicity = profile["ethnicity"].fillna("").to_numpy(dtype=object)
    stand_in = rng.integers(19, 60, len(profile))
    age = profile["age"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    age = np.where(np.isnan(age), stand_in, age).astype(np.int64)
    people = _with_plain_names(draw_names(rng, gender, ethnicity)).assign(
        is_female=gender == "female", dob=births(rng, age, start)
    )
    while (clash := _shares_a_key(people, people, same_frame=True)).any():
        redrawn = _with_plain_names(draw_names(rng, gender[clash], ethnicity[clash]))
        people.loc[clash, redrawn.columns] = redrawn.to_numpy()
    return people


def apart_from(rng: np.random.Generator, strangers: pd.DataFrame, case_people: pd.DataFrame) -> pd.DataFrame:
    """The strangers, with another birthday where one has a case person's names and birthday (swapped too).

    Look-alikes are planted on purpose and sparingly; by chance they would decide matches of the profile.
    """
    settled = strangers.copy()
    while (clash := _shares_a_key(settled, case_people, same_frame=False)).any():
        settled.loc[clash, "dob"] = settled.loc[clash, "dob"].to_numpy() - rng.integers(1, 3000, int(clash.sum()))
    return settled


def _keys(people: pd.DataFrame, first: str, second: str) -> pd.Index:
    born = people["dob"].to_numpy().astype("datetime64[D]").astype(str)
    return pd.Index(people[first].to_numpy(dtype=object) + "|" + people[second].to_numpy(dtype=object) + "|" + born)


def _shares_a_key(people: pd.DataFrame, others: pd.DataFrame, same_frame: bool) -> np.ndarray:
    own = _keys(people, "plain_surname", "plain_first")
    swapped = _keys(others, "plain_first", "plain_surname")
    is_palindrome = (people["plain_surname"] == people["plain_first"]).to_numpy()
    if same_frame:
        return own.duplicated() | (own.isin(swapped) & ~is_palindrome)
    return own.isin(_keys(others, "plain_surname", "plain_first")) | own.isin(swapped)


def twins_of(rng: np.random.Generator, case_people: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """Twins of some case people: their surname and birthday, another first forename, not near theirs."""
    twins = case_people.iloc[rows].reset_index(drop=True)
    first, taken = twins["first"].to_numpy(dtype=object).copy(), twins["plain_first"].to_numpy()
    while (is_alike := _are_alike(each_distinct(plain_first, first), taken)).any():
        first[is_alike] = rng.choice(case_people["first"].to_numpy(dtype=object), int(is_alike.sum()))
    return _with_plain_names(twins.assign(first=first, middle=""))


def _are_alike(names: np.ndarray, others: np.ndarray) -> np.ndarray:
    pairs = zip(names.tolist(), others.tolist(), strict=True)
    return np.array([one == other or is_near(one, other) for one, other in pairs], dtype=bool)


def with_identifiers(rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """The people with a PNC identifier (year of first arrest, serial) and a CRN each, no two alike."""
    size = len(people)
    born = people["dob"].to_numpy().astype("datetime64[Y]").astype(np.int64) + 1970
    first_arrest = born + 13 + rng.exponential(7.0, size).astype(np.int64)
    return people.assign(
        pnc_year=np.clip(first_arrest, *PNC_YEARS),
        pnc_serial=draw_serials(rng, size, LARGEST_SERIAL),
        crn=draw_crns(rng, size),
    )


def resembles(people: pd.DataFrame, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two people (numbers) share a surname, first forename or birthday, swapped names included."""
    surname = people["plain_surname"].to_numpy()
    first = people["plain_first"].to_numpy()
    dob = people["dob"].to_numpy()
    alike = (surname[one] == surname[other]) | (first[one] == first[other]) | (dob[one] == dob[other])
    return alike | (surname[one] == first[other]) | (first[one] == surname[other])


def can_swap(people: pd.DataFrame) -> np.ndarray:
    """Whether surname and first forename still recognise each other in the other's column: one word each."""
    one_surname = ~people["surname"].str.contains("[- .]", regex=True)
    return (one_surname & ~people["first"].str.contains("[- ]", regex=True)).to_numpy(dtype=bool)
