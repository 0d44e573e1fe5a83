"""The evidence that links are judged by: what each frame holds.

Belongs here: the frames shared by `quality` and `losses`, and what both derive from them. Not here: where the
frames come from (`orchestration/linkage/evidence.py`).
"""

from dataclasses import dataclass

import pandas as pd

from orchestration.methods.layouts import layout_2023

FIELDS = ("pnc", "crn", "dob", "surname", "forenames", "first_forename")
STATES = ("agrees", "disagrees", "missing", "invalid")
OUTCOMES = {"terminations": ("termination_reason",), "reoffending": ("reoffended", "reoffences")}
PROVIDER_TYPE = layout_2023.Item(
    "", "provider_type", "Provider type", (layout_2023.Category("crc", "CRC"), layout_2023.Category("nps", "NPS"))
)
ITEMS = (*layout_2023.CHARACTERISTICS, PROVIDER_TYPE)
CHARACTERISTICS = tuple(item.item for item in ITEMS)


@dataclass(frozen=True)
class Evidence:
    """One source's links beside its truth.

    `cases`: one row an evaluated case: case_id, status, rule (that decided, or could not), the characteristics of
    marts.cases, has_rejected_record (a true record, perhaps inside the window, did not pass ingest), and
    linked_<outcome> beside true_<outcome>. `pairs`: one row a case and record that is true and inside the window
    or that the linkage took: date_difference_days, is_true, is_true_in_window, is_candidate, is_contradicted,
    has_conflicting_pnc, is_satisfying (a rule, guards heeded), is_satisfying_unguarded, is_decided (among the
    records the choice was made from), is_chosen, state_<field> (one of `STATES`), is_swapped. `rules`: rule_rank,
    rule, tier, tier_rank. `blocks`: block and its fields, separated by blanks.
    """

    source: str
    cases: pd.DataFrame
    pairs: pd.DataFrame
    rules: pd.DataFrame
    blocks: pd.DataFrame


def judged_cases(evidence: Evidence) -> pd.DataFrame:
    """The cases with is_linkable, is_matched and is_true_link, booleans.

    Linkable: the truth has an accepted record of the person inside the window. True link: the record chosen (of
    several the closest) is of the person.
    """
    cases, pairs = evidence.cases, evidence.pairs
    chosen = pairs[pairs["is_chosen"]]
    return cases.assign(
        is_linkable=is_among(cases["case_id"], pairs.loc[pairs["is_true_in_window"], "case_id"]),
        is_matched=is_among(cases["case_id"], chosen["case_id"]),
        is_true_link=is_among(cases["case_id"], chosen.loc[chosen["is_true"], "case_id"]),
    )


def is_among(ids: pd.Series, others: pd.Series) -> pd.Series:
    """Whether each id is one of the others. Asked of its own texts, pandas makes an object of every other, slowly."""
    return ids.astype(object).isin(others.astype(object))
