"""What can be wrong with a row's identifiers, and which rule still links two rows.

Belongs here: the states of a field on either side, and the verdict of the linkage method's exact rules
on a pair of states, so that a planted fault never decides by accident whether a case is matched. Not here:
how a state looks in the file (`rendering.py`).

A state frame has one row a record and the columns FIELDS (int, one of the constants below) and `swapped`.
"""

import numpy as np
import pandas as pd

MISSING, MALFORMED, RIGHT, WRONG, PARTIAL, UNLIKE = range(6)  # UNLIKE: a wrong name that is not near the person's
FIELDS = ("pnc", "crn", "dob", "surname", "forenames")
# the default rules that ask for equality, in rank order: name -> fields that must agree. Whether a wrong name is near
# the person's, which the other rules ask, is known only when it is written.
RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pnc_dob_surname", ("pnc", "dob", "surname")),
    ("pnc_dob", ("pnc", "dob")),
    ("pnc_surname", ("pnc", "surname")),
    ("crn_dob", ("crn", "dob")),
    ("crn_surname", ("crn", "surname")),
    ("surname_forenames_dob", ("surname", "forenames", "dob")),
    ("surname_forename_dob", ("surname", "first", "dob")),
    ("swapped_names_dob", ("swapped", "dob")),
    ("pnc", ("pnc",)),
    ("crn", ("crn",)),
)


def clean_states(size: int) -> pd.DataFrame:
    """States of rows without any fault."""
    states = pd.DataFrame({field: np.full(size, RIGHT, dtype=np.int64) for field in FIELDS})
    states["swapped"] = False
    return states


def is_present(state: np.ndarray) -> np.ndarray:
    """Whether a field holds something that linkage would compare."""
    return state >= RIGHT


def _agreements(case: pd.DataFrame, record: pd.DataFrame) -> dict[str, np.ndarray]:
    agree = {f: (case[f].to_numpy() == RIGHT) & (record[f].to_numpy() == RIGHT) for f in FIELDS}
    first = [np.isin(side["forenames"].to_numpy(), (RIGHT, PARTIAL)) for side in (case, record)]
    agree["first"] = first[0] & first[1]
    is_swapped = case["swapped"].to_numpy() ^ record["swapped"].to_numpy()
    agree["swapped"] = is_swapped & agree["surname"] & agree["first"]
    agree["half_swapped"] = is_swapped & (agree["surname"] | agree["first"])
    for name in ("surname", "first", "forenames"):
        agree[name] = agree[name] & ~is_swapped
    return agree


def _columns_filled(side: pd.DataFrame) -> np.ndarray:
    """Whether the columns of birthday, surname and forenames hold something, whosever (rows: the columns)."""
    dob, surname, forenames = (is_present(side[f].to_numpy()) for f in ("dob", "surname", "forenames"))
    is_swapped = side["swapped"].to_numpy()
    return np.stack([dob, np.where(is_swapped, forenames, surname), np.where(is_swapped, surname, forenames)])


def _is_contradicted(case: pd.DataFrame, record: pd.DataFrame, agree: dict[str, np.ndarray]) -> np.ndarray:
    any_compared = (_columns_filled(case) & _columns_filled(record)).any(axis=0)
    return any_compared & ~(agree["dob"] | agree["surname"] | agree["first"] | agree["half_swapped"])


def deciding_rule(case: pd.DataFrame, record: pd.DataFrame) -> np.ndarray:
    """Rank of the first rule of RULES that a case's row and its own person's row satisfy, 0 where none does.

    Follows the linkage method (2023/04, Annex A (ii)): conflict veto, contradiction guard, ranked rules.
    """
    agree = _agreements(case, record)
    both_pnc = is_present(case["pnc"].to_numpy()) & is_present(record["pnc"].to_numpy())
    is_vetoed = both_pnc & ~agree["pnc"]
    is_out = _is_contradicted(case, record, agree)
    rank = np.zeros(len(case), dtype=np.int64)
    for position, (_, fields) in enumerate(RULES, start=1):
        holds = np.logical_and.reduce([agree[f] for f in fields]) & ~is_out
        if not {"crn", "dob"} <= set(fields):
            holds &= ~is_vetoed
        rank = np.where((rank == 0) & holds, position, rank)
    return rank
