"""The inspections extract: the profile's cases with an identity, dates and a place in the file.

Belongs here: putting the profile's columns and the drawn identities together. Not here: solving the profile
(`calibration/`), nor which faults a row has (`planning.py`).
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.calendar import births
from orchestration.synthetic.identities.rendering import render
from orchestration.synthetic.identities.shares import Writing
from orchestration.synthetic.identities.states import WRONG

IDENTIFIERS = ("crn", "pnc_id", "surname", "forenames", "date_of_birth")
NOT_EXTRACTED = (
    "profile_id",
    "age",
    "termination_matched",
    "termination_reason",
    "reoffending_matched",
    "reoffended",
    "reoffences",
    "days_to_first_reoffence",
)


def draw_case_ids(rng: np.random.Generator, size: int) -> np.ndarray:
    """Case ids in no order, some beginning with zeros (they are text)."""
    numbers = rng.permutation(np.arange(1, size + 1)) * 3 + 20
    return np.array([f"{number:06d}" for number in numbers.tolist()], dtype=object)


def build_inspections(
    rng: np.random.Generator,
    profile: pd.DataFrame,
    cases: pd.DataFrame,
    people: pd.DataFrame,
    writing: Writing,
) -> pd.DataFrame:
    """One row a case, columns as the data contract names them.

    `cases` has case_id, fieldwork_date, start_date, person, donor and the state columns, in the profile's
    order. A wrong birthday is one that leaves the age at the start as it is.
    """
    identity = render(rng, "inspections", cases, people, writing)
    slipped = np.flatnonzero(cases["dob"] == WRONG)
    age = profile["age"].to_numpy(dtype=float, na_value=np.nan)[slipped].astype(np.int64)
    start = cases["start_date"].to_numpy().astype("datetime64[D]")
    identity.loc[slipped, "date_of_birth"] = births(rng, age, start[slipped]).astype("datetime64[s]")
    return in_columns(profile, cases, identity)


def in_columns(profile: pd.DataFrame, cases: pd.DataFrame, identity: pd.DataFrame) -> pd.DataFrame:
    """Cases, written identities and a profile's rows (all in one order) as the extract's columns."""
    attributes = profile.drop(columns=list(NOT_EXTRACTED)).reset_index(drop=True)
    front = ["provider", "provider_type"]
    return pd.concat(
        [
            cases[["case_id"]],
            attributes[front],
            cases[["fieldwork_date"]],
            identity[list(IDENTIFIERS)],
            attributes[["case_type"]],
            cases[["start_date"]],
            attributes.drop(columns=[*front, "case_type"]),
        ],
        axis=1,
    )
