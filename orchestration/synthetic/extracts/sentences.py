"""The sentences of each source: whose they are, when they began, in which state their rows are.

Belongs here: one row a record with person, date and states, before outcomes and before anything is written.
Not here: outcomes (`outcomes.py`), text (`identities/rendering.py`).

A sentence frame has person (int), date (datetime64[D]), case (position of the case, -1 without), role and the
state columns. Roles: `window` (the inspected sentence), `second` (another of the same person within the
window), `other` (the person's other sentences), `lookalike`, `stranger`.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.calendar import (
    FIRST_INDEX,
    FIRST_SENTENCE,
    LAST_INDEX,
    LAST_SENTENCE,
    between,
    date_differences,
    keep_clear,
    near_misses,
)
from orchestration.synthetic.extracts.planning import draw_states
from orchestration.synthetic.identities.people import resembles
from orchestration.synthetic.identities.shares import RowFaults, Shares
from orchestration.synthetic.identities.states import MISSING, RIGHT, WRONG, clean_states, is_present

SPANS = {"terminations": (FIRST_SENTENCE, LAST_SENTENCE), "reoffending": (FIRST_INDEX, LAST_INDEX)}
WITHOUT_WINDOW_RECORD = ("absent", "outside", "ineligible")
WINDOW = 7
CASE_DONORS = 0.4  # of strangers' rows with another's identifier: it is a case person's


def _sentences(person: np.ndarray, date: np.ndarray, case: np.ndarray, role: str, states: pd.DataFrame) -> pd.DataFrame:
    frame = states.reset_index(drop=True)
    return frame.assign(person=person, date=date.astype("datetime64[D]").astype("datetime64[s]"), case=case, role=role)


def window_sentences(
    rng: np.random.Generator, start: np.ndarray, reasons: pd.Series, states: pd.DataFrame, shares: Shares
) -> pd.DataFrame:
    """The record of each inspected sentence that the source has, and second ones beside it.

    A second record repeats the first one's identifiers, so that both are reached or neither.
    """
    case = np.flatnonzero(~reasons.isin(WITHOUT_WINDOW_RECORD))
    away = date_differences(rng, len(case), shares.exact_date)
    is_near = (reasons.iloc[case] == "near_miss").to_numpy()
    away = np.where(is_near, near_misses(rng, len(case)), away)
    first = _sentences(case, start[case] + away, case, "window", states.iloc[case])

    is_doubled = (reasons.iloc[case] == "matched").to_numpy() & (rng.random(len(case)) < shares.second_in_window)
    doubled = case[is_doubled]
    second_away = _second_differences(rng, away[is_doubled])
    second = _sentences(doubled, start[doubled] + second_away, doubled, "second", states.iloc[doubled])
    return pd.concat([first, second], ignore_index=True)


def _second_differences(rng: np.random.Generator, away: np.ndarray) -> np.ndarray:
    """Differences of second records: farther off; a quarter a tie on the other side or on the very day.

    On a tie the record on or after the start is the closer one: a first record before the start gets a tie
    only on its own day.
    """
    farther = np.minimum(np.abs(away) + rng.integers(1, WINDOW, len(away)), WINDOW) * rng.choice([-1, 1], len(away))
    farther = np.where(np.abs(away) == WINDOW, away, farther)
    kind = rng.random(len(away))
    opposite = np.where(away > 0, -away, away)
    return np.where(kind < 0.18, opposite, np.where(kind < 0.26, away, farther))


def other_sentences(
    rng: np.random.Generator,
    source: str,
    start: np.ndarray,
    reasons: pd.Series,
    faults: RowFaults,
    mean: float,
) -> pd.DataFrame:
    """Case people's other sentences, clear of the inspected one; at least one for the reason `outside`."""
    n_others = rng.poisson(mean, len(start))
    n_others = np.where(reasons == "outside", np.maximum(n_others, 1), n_others)
    case = np.repeat(np.arange(len(start)), np.where(reasons == "absent", 0, n_others))
    date = keep_clear(rng, between(rng, *SPANS[source], len(case)), start[case])
    states = draw_states(rng, len(case), faults)
    # an own record with a CRN would tell an ambiguous case's person from the stranger
    states.loc[(reasons.iloc[case] == "ambiguous").to_numpy(), "crn"] = MISSING
    return _sentences(case, date, case, "other", states)


def lookalike_sentences(
    rng: np.random.Generator,
    source: str,
    lookalikes: pd.DataFrame,
    start: np.ndarray,
    may_be_near: np.ndarray,
) -> pd.DataFrame:
    """Sentences of twins and namesakes: one in the case's window where it may be, others elsewhere.

    `lookalikes` has person and case; `may_be_near` says it for each of them.
    """
    near = lookalikes[may_be_near]
    near_date = start[near["case"]] + rng.integers(-WINDOW, WINDOW, len(near), endpoint=True)
    far = lookalikes.loc[lookalikes.index.repeat(rng.integers(1, 4, len(lookalikes)))]
    far_date = keep_clear(rng, between(rng, *SPANS[source], len(far)), start[far["case"]])
    person = np.concatenate([near["person"], far["person"]])
    states = clean_states(len(person))
    if source == "reoffending":
        states["crn"] = MISSING
    return _sentences(person, np.concatenate([near_date, far_date]), np.full(len(person), -1), "lookalike", states)


def stranger_sentences(
    rng: np.random.Generator, source: str, strangers: np.ndarray, size: int, faults: RowFaults
) -> pd.DataFrame:
    """`size` sentences of people who were not inspected: most have one or two in a source, some have many."""
    weights = rng.gamma(1.2, 1.0, len(strangers))
    person = strangers[rng.choice(len(strangers), size, p=weights / weights.sum())]
    date = between(rng, *SPANS[source], size)
    return _sentences(person, date, np.full(size, -1), "stranger", draw_states(rng, size, faults))


def may_lookalike_be_near(case_states: pd.DataFrame, reasons: pd.Series, lookalikes: pd.DataFrame) -> np.ndarray:
    """Whether a look-alike's record may stand in the case's window.

    A twin's always: another first forename satisfies no rule. A namesake's where the case has a PNC
    identifier, which vetoes the namesake's; and where the namesake is to make the case ambiguous.
    """
    case = lookalikes["case"]
    has_pnc = is_present(case_states["pnc"].to_numpy())[case]
    is_ambiguous = (reasons == "ambiguous").to_numpy()[case]
    return has_pnc | is_ambiguous | lookalikes["is_twin"].to_numpy()


def borrow_identifiers(
    rng: np.random.Generator,
    sentences: pd.DataFrame,
    people: pd.DataFrame,
    first_stranger: int,
    start: np.ndarray,
) -> pd.DataFrame:
    """Whose PNC identifier or CRN stands in the rows marked as another person's (column `donor`, else -1).

    A donor resembles the row's person in nothing, so that the contradiction guard can do its work; strangers'
    rows with a case person's identifier keep their own names and birthday readable, and a quarter of them are
    dated in that case's window.
    """
    frame = sentences.assign(donor=-1)
    at = np.flatnonzero((frame["pnc"] == WRONG) | (frame["crn"] == WRONG))
    person = frame["person"].to_numpy()[at]
    from_case = (frame["role"] == "stranger").to_numpy()[at] & (rng.random(len(at)) < CASE_DONORS)
    donor = draw_donors(rng, people, person, np.where(from_case, len(start), 0), first_stranger)
    from_case = donor < len(start)
    frame.loc[at, "donor"] = donor
    frame.loc[at[from_case], ["dob", "surname", "forenames"]] = RIGHT
    frame.loc[at[from_case], "swapped"] = False
    is_near = from_case & (rng.random(len(at)) < 0.25)
    near_date = start[donor[is_near]] + rng.integers(-WINDOW, WINDOW, int(is_near.sum()), endpoint=True)
    frame.loc[at[is_near], "date"] = near_date.astype("datetime64[s]")
    return frame


def draw_donors(
    rng: np.random.Generator,
    people: pd.DataFrame,
    person: np.ndarray,
    n_cases: np.ndarray,
    first_stranger: int,
) -> np.ndarray:
    """Another person for each, who shares nothing: of the first n_cases, or a stranger where that is 0."""
    donor = np.where(
        n_cases > 0,
        rng.integers(0, np.maximum(n_cases, 1)),
        rng.integers(first_stranger, len(people), len(person)),
    )
    while (alike := resembles(people, person, donor)).any():
        donor[alike] = rng.integers(first_stranger, len(people), int(alike.sum()))
    return donor
