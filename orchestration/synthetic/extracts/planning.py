"""Why each case will be matched or not, and what its row must look like for it.

Belongs here: turning the profile's matched / unmatched into realistic reasons, and the states of the cases'
identifiers. Not here: the sentences that carry the reasons out (`sentences.py`).

Reasons: `matched`; `absent` (no record of the person), `outside` (only other sentences), `near_miss` (the
sentence is dated 8 to 20 days off), `unidentifiable` (the sentence's record has no usable identifier),
`vetoed` (another person's PNC identifier on one side), `ambiguous` (a stranger of the same names and
birthday, and nothing to tell them apart), `unusable` (the case's row has no usable identifier);
`ineligible` where the source does not apply.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.identities.shares import RowFaults
from orchestration.synthetic.identities.states import (
    MALFORMED,
    MISSING,
    PARTIAL,
    RIGHT,
    UNLIKE,
    WRONG,
    clean_states,
    deciding_rule,
)

UNMATCHED = ("absent", "outside", "near_miss", "unidentifiable", "vetoed", "ambiguous", "unusable")
REASON_SHARES = {  # percent of the unmatched cases, in the order of UNMATCHED
    "terminations": (26, 26, 20, 11, 6, 5, 6),
    "reoffending": (30, 27, 16, 12, 5, 4, 6),
}
NAMED: dict[str, int | np.ndarray] = {"surname": RIGHT, "forenames": RIGHT, "swapped": False}
CASE_SIDE_VETO = 0.2  # of vetoed cases: the wrong PNC identifier stands in the inspection's row


def draw_states(rng: np.random.Generator, size: int, faults: RowFaults) -> pd.DataFrame:
    """States of `size` rows, each field spoiled independently at its share."""

    def draw(*shares: tuple[int, float]) -> np.ndarray:
        edges = np.cumsum([share for _, share in shares])
        states = np.array([*(state for state, _ in shares), RIGHT], dtype=np.int64)
        return states[np.searchsorted(edges, rng.random(size), side="right")]

    return pd.DataFrame(
        {
            "pnc": draw((MISSING, faults.pnc_missing), (MALFORMED, faults.pnc_malformed), (WRONG, faults.pnc_wrong)),
            "crn": draw((MISSING, faults.crn_missing), (MALFORMED, faults.crn_malformed), (WRONG, faults.crn_wrong)),
            "dob": draw((MISSING, faults.dob_missing), (MALFORMED, faults.dob_malformed), (WRONG, faults.dob_wrong)),
            "surname": draw(
                (MISSING, faults.surname_missing),
                (MALFORMED, faults.surname_malformed),
                (WRONG, faults.surname_wrong),
            ),
            "forenames": draw(
                (MISSING, faults.forenames_missing),
                (PARTIAL, faults.forenames_partial),
                (WRONG, faults.forenames_wrong),
            ),
            "swapped": rng.random(size) < faults.swapped,
        }
    )


def draw_reasons(rng: np.random.Generator, profile: pd.DataFrame) -> pd.DataFrame:
    """One reason a case and source (columns terminations, reoffending), true to the profile's matches."""
    is_community = (profile["case_type"] == "community").fillna(False).to_numpy(dtype=bool)
    matched = {
        "terminations": profile["termination_matched"].fillna(0).to_numpy(dtype=float) == 1,
        "reoffending": profile["reoffending_matched"].fillna(0).to_numpy(dtype=float) == 1,
    }
    reasons = pd.DataFrame(index=range(len(profile)))
    for source, percent in REASON_SHARES.items():
        drawn = rng.choice(np.array(UNMATCHED, dtype=object), len(profile), p=np.array(percent) / 100)
        reasons[source] = np.where(matched[source], "matched", drawn)
    reasons.loc[~is_community, "terminations"] = "ineligible"
    return _reconciled(reasons, profile["age"].isna().to_numpy())


def _reconciled(reasons: pd.DataFrame, age_missing: np.ndarray) -> pd.DataFrame:
    """Reasons that go together: what spoils the case's own row spoils it for both sources."""
    is_linked = (reasons == "matched").any(axis=1).to_numpy()[:, None]
    is_lost = (reasons == "unusable").any(axis=1).to_numpy()[:, None]
    settled = reasons.mask((reasons == "unusable") & is_linked, "outside")
    settled = settled.mask((settled != "ineligible") & (is_lost & ~is_linked), "unusable")
    settled = settled.mask((settled == "ambiguous") & age_missing[:, None], "near_miss")
    is_ambiguous = (settled == "ambiguous").any(axis=1).to_numpy()[:, None]
    return settled.mask((settled == "vetoed") & is_ambiguous, "near_miss")


def plan_case_states(
    rng: np.random.Generator,
    profile: pd.DataFrame,
    reasons: pd.DataFrame,
    faults: RowFaults,
    can_swap: np.ndarray,
) -> pd.DataFrame:
    """States of the cases' rows: every reason can do its work and every matched case can still be linked."""
    size = len(profile)
    states = draw_states(rng, size, faults)
    states["swapped"] &= can_swap
    age_missing = profile["age"].isna().to_numpy()
    states.loc[age_missing, "dob"] = rng.choice([MISSING, MALFORMED], int(age_missing.sum()), p=(0.6, 0.4))
    absent = rng.choice([MISSING, MALFORMED], size, p=(0.75, 0.25))
    spoiled = rng.choice([MISSING, MALFORMED, UNLIKE], size, p=(0.2, 0.5, 0.3))
    ambiguous, vetoed, unusable = (
        (reasons == name).any(axis=1).to_numpy() for name in ("ambiguous", "vetoed", "unusable")
    )
    without_crn = (reasons["terminations"] == "ambiguous").to_numpy()
    on_case_side = vetoed & (rng.random(size) < CASE_SIDE_VETO) & ~age_missing

    states = _put(states, ambiguous, NAMED | {"pnc": absent, "crn": RIGHT, "dob": RIGHT})
    states = _put(states, without_crn, {"crn": MISSING})
    states = _put(states, vetoed, {"pnc": RIGHT})
    # without a CRN, or another record of the person that holds one would lead to the vetoed record
    states = _put(states, on_case_side, NAMED | {"pnc": WRONG, "crn": MISSING})
    states = _put(states, unusable, {"pnc": absent, "crn": absent, "surname": spoiled, "swapped": False})
    return _put(states, ~is_linkable(states, reasons), NAMED | {"pnc": RIGHT, "crn": RIGHT})


def _put(states: pd.DataFrame, rows: np.ndarray, fields: dict[str, int | np.ndarray]) -> pd.DataFrame:
    """The states with the given ones in some rows."""
    return states.assign(**{field: np.where(rows, value, states[field]) for field, value in fields.items()})


def fallbacks(source: str, size: int) -> tuple[pd.DataFrame, ...]:
    """The cleanest rows a source can hold: the first without a fault, the second without a PNC identifier."""
    clean = clean_states(size)
    if source == "reoffending":
        clean["crn"] = MISSING  # the Police National Computer does not know probation's reference
    return clean, clean.assign(pnc=MISSING)


def is_linkable(states: pd.DataFrame, reasons: pd.DataFrame) -> np.ndarray:
    """Whether some row each source could hold links the case, wherever the case is to be matched."""
    linkable = np.ones(len(states), dtype=bool)
    for source in ("terminations", "reoffending"):
        best = np.maximum.reduce([deciding_rule(states, row) for row in fallbacks(source, len(states))])
        linkable &= (best > 0) | (reasons[source] != "matched").to_numpy()
    return linkable


def plan_window_states(
    rng: np.random.Generator,
    source: str,
    faults: RowFaults,
    case_states: pd.DataFrame,
    reasons: pd.Series,
    can_swap: np.ndarray,
) -> pd.DataFrame:
    """States of the record of each case's inspected sentence (read only where the reason gives it one).

    A matched case keeps the drawn faults if some rule still links it, else its record is written cleanly.
    """
    size = len(case_states)
    states = draw_states(rng, size, faults)
    states["swapped"] &= can_swap & ~case_states["swapped"]
    is_lost = (deciding_rule(case_states, states) == 0) & (reasons == "matched").to_numpy()
    clean, without_pnc = fallbacks(source, size)
    states.loc[is_lost] = clean.loc[is_lost]
    is_lost &= deciding_rule(case_states, states) == 0
    states.loc[is_lost] = without_pnc.loc[is_lost]

    ambiguous, vetoed, hidden = ((reasons == name).to_numpy() for name in ("ambiguous", "vetoed", "unidentifiable"))
    spoiled = ambiguous | vetoed | hidden | (reasons == "unusable").to_numpy()
    states.loc[spoiled] = clean.loc[spoiled]
    states.loc[ambiguous | vetoed | hidden, "crn"] = MISSING
    states.loc[vetoed & (case_states["pnc"] == RIGHT).to_numpy(), "pnc"] = WRONG
    states.loc[hidden, "pnc"] = MISSING
    by_dob = hidden & (rng.random(size) < 0.5)
    states.loc[by_dob, "dob"] = rng.choice([MISSING, MALFORMED, WRONG], int(by_dob.sum()))
    states.loc[hidden & ~by_dob, "surname"] = UNLIKE
    return states.astype({"swapped": bool})
