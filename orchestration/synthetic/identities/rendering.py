"""How people look in the rows of an extract: identifiers as text, in the state planned for each row.

Belongs here: state and person in, cell out. Not here: drawing states (`planning.py`) or writing files
(`extracts/deliveries.py`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.synthetic.identities.identifiers import (
    PNC_FORMS,
    write_crn,
    write_malformed_crn,
    write_malformed_pnc,
    write_pnc,
)
from orchestration.synthetic.identities.names import each_distinct, upper_each, with_joints, without_accents_each
from orchestration.synthetic.identities.shares import Writing
from orchestration.synthetic.identities.spelling import (
    NAME_PLACEHOLDERS,
    TITLES,
    initials,
    other_forename_joints,
    other_joints,
    unlike_surname,
    wrong_first,
    wrong_surname,
)
from orchestration.synthetic.identities.states import MALFORMED, MISSING, PARTIAL, UNLIKE, WRONG

INITIALS_SHARE = 0.4  # of rows that lost further forenames: initials are left
PLACEHOLDER_BIRTHS = (np.datetime64("1900-01-01"), np.datetime64("1901-01-01"))


@dataclass(frozen=True)
class Hand:
    """How a source's staff write: shares of PNC forms (as in PNC_FORMS), capitals, accents, titles."""

    pnc_forms: tuple[float, ...]
    capitals: bool
    accents_kept: float
    titles: bool


HANDS = {
    "inspections": Hand((0.62, 0.18, 0.06, 0.05, 0.05, 0.03, 0.01), capitals=False, accents_kept=0.9, titles=True),
    "terminations": Hand((0.80, 0.08, 0.05, 0.03, 0.02, 0.01, 0.01), capitals=False, accents_kept=0.5, titles=True),
    "reoffending": Hand((0.10, 0.78, 0.02, 0.08, 0.00, 0.02, 0.00), capitals=True, accents_kept=0.0, titles=False),
}


def render(
    rng: np.random.Generator, source: str, rows: pd.DataFrame, people: pd.DataFrame, writing: Writing
) -> pd.DataFrame:
    """Columns crn, pnc_id, surname, forenames (text, "" = missing), date_of_birth (NaT = missing).

    `rows` has person, donor and the state columns; birthdays in state WRONG differ from the person's.
    """
    hand = HANDS[source]
    surname, forenames = _names(rng, rows, people, hand, writing)
    return pd.DataFrame(
        {
            "crn": _crns(rng, rows, people),
            "pnc_id": _pncs(rng, rows, people, hand),
            "surname": surname,
            "forenames": forenames,
            "date_of_birth": _births(rng, rows, people),
        }
    )


def _holder(rows: pd.DataFrame, field: str) -> np.ndarray:
    """Whose identifier stands in each row: the person's, or the donor's where it is wrong."""
    return np.where(rows[field] == WRONG, rows["donor"], rows["person"])


def _pncs(rng: np.random.Generator, rows: pd.DataFrame, people: pd.DataFrame, hand: Hand) -> np.ndarray:
    holder = _holder(rows, "pnc")
    year, serial = people["pnc_year"].to_numpy()[holder], people["pnc_serial"].to_numpy()[holder]
    text = write_pnc(year, serial, rng.choice(len(PNC_FORMS), len(rows), p=hand.pnc_forms))
    faulty = np.flatnonzero(rows["pnc"] == MALFORMED)
    text[faulty] = write_malformed_pnc(rng, year[faulty], serial[faulty])
    text[(rows["pnc"] == MISSING).to_numpy()] = ""
    return text


def _crns(rng: np.random.Generator, rows: pd.DataFrame, people: pd.DataFrame) -> np.ndarray:
    crn = people["crn"].to_numpy(dtype=object)[_holder(rows, "crn")]
    text = write_crn(rng, crn)
    faulty = np.flatnonzero(rows["crn"] == MALFORMED)
    text[faulty] = write_malformed_crn(rng, crn[faulty])
    text[(rows["crn"] == MISSING).to_numpy()] = ""
    return text


def _names(
    rng: np.random.Generator, rows: pd.DataFrame, people: pd.DataFrame, hand: Hand, writing: Writing
) -> tuple[np.ndarray, np.ndarray]:
    surname, first, middle = _names_in_state(rng, rows, people, writing)
    swapped = rows["swapped"].to_numpy()
    surname[swapped], first[swapped] = first[swapped], surname[swapped]
    middle[swapped] = ""
    forenames = np.where(middle == "", first, first + " " + middle)
    surname, forenames = (_in_hand(rng, text, hand) for text in (surname, forenames))
    _add_titles(rng, forenames, writing.title if hand.titles else 0.0)
    for text in (surname, forenames):
        stray = np.flatnonzero((text != "") & (rng.random(len(text)) < writing.stray_blanks))
        text[stray] = " " + text[stray] + "  "
    return surname, forenames


def _names_in_state(
    rng: np.random.Generator, rows: pd.DataFrame, people: pd.DataFrame, writing: Writing
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Surname, first and further forenames of each row, right or wrong, not yet swapped."""
    person = rows["person"].to_numpy()
    surname, first, middle = (people[c].to_numpy(dtype=object)[person] for c in ("surname", "first", "middle"))
    others = rng.choice(people["surname"].to_numpy(dtype=object), len(rows))
    for row in np.flatnonzero(rows["surname"] == WRONG):
        surname[row] = wrong_surname(surname[row], others[row], rng)
    for row in np.flatnonzero(rows["surname"] == UNLIKE):
        surname[row] = unlike_surname(surname[row], others, rng)
    for row in np.flatnonzero(rows["forenames"] == WRONG):
        first[row] = wrong_first(first[row], rng)
    partial = np.flatnonzero(rows["forenames"] == PARTIAL)
    shortened = each_distinct(initials, middle[partial])
    middle[partial] = np.where(rng.random(len(partial)) < INITIALS_SHARE, shortened, "")
    _vary_joints(rng, surname, first, writing.other_joints)
    for text, state in ((surname, rows["surname"]), (first, rows["forenames"])):
        placed = np.flatnonzero(state == MALFORMED)
        text[placed] = rng.choice(np.array(NAME_PLACEHOLDERS, dtype=object), len(placed))
        text[(state == MISSING).to_numpy()] = ""
    middle[rows["forenames"].isin((MISSING, MALFORMED)).to_numpy()] = ""
    return surname, first, middle


def _vary_joints(rng: np.random.Generator, surname: np.ndarray, first: np.ndarray, share: float) -> None:
    """Write some hyphens, blanks and apostrophes another way (in place); what is compared stays the same."""
    for text, rewrite in ((surname, other_joints), (first, other_forename_joints)):
        for row in np.flatnonzero(with_joints(text) & (rng.random(len(text)) < share)):
            text[row] = rewrite(text[row], rng)


def _in_hand(rng: np.random.Generator, text: np.ndarray, hand: Hand) -> np.ndarray:
    kept = rng.random(len(text)) < hand.accents_kept
    written = np.where(kept, text, without_accents_each(text))
    return upper_each(written) if hand.capitals else written


def _add_titles(rng: np.random.Generator, forenames: np.ndarray, share: float) -> None:
    """Put a title before some forenames (in place); the wrong one now and then, as in life."""
    titled = np.flatnonzero((forenames != "") & (rng.random(len(forenames)) < share))
    forenames[titled] = rng.choice(np.array(TITLES, dtype=object), len(titled)) + " " + forenames[titled]


def _births(rng: np.random.Generator, rows: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    born = people["dob"].to_numpy().astype("datetime64[D]")[rows["person"]]
    state = rows["dob"].to_numpy()
    born = np.where(state == WRONG, _wrong_births(rng, born), born)
    century_slip = _shifted_years(born, 100)
    kind = rng.random(len(born))
    malformed = np.where(kind < 0.5, PLACEHOLDER_BIRTHS[0], np.where(kind < 0.6, PLACEHOLDER_BIRTHS[1], century_slip))
    born = np.where(state == MALFORMED, malformed, born)
    return pd.Series(np.where(state == MISSING, np.datetime64("NaT"), born).astype("datetime64[s]"))


def _shifted_years(day: np.ndarray, years: np.ndarray | int) -> np.ndarray:
    month = day.astype("datetime64[M]")
    return (month + 12 * years).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))


def _wrong_births(rng: np.random.Generator, born: np.ndarray) -> np.ndarray:
    """Birthdays with day and month exchanged where that is a date, else a year or a few days off."""
    month_start = born.astype("datetime64[M]")
    day = (born - month_start.astype("datetime64[D]")).astype(np.int64)  # from 0
    month = month_start.astype(np.int64) % 12
    exchanged = (month_start - month + day).astype("datetime64[D]") + month
    can_exchange = (day < 12) & (day != month)
    off_year = _shifted_years(born, rng.choice([-10, -1, 1, 2], len(born)))
    off_days = born + rng.choice([-10, -2, -1, 1, 2, 10], len(born))
    other = np.where(rng.random(len(born)) < 0.6, off_year, off_days)
    return np.where(can_exchange & (rng.random(len(born)) < 0.6), exchanged, other)
