"""The three outcomes: which cases are eligible for them, which have them, and their numeric value.

Belongs here: the bases of Annex B and of match rates, shared by tables and models. Not here: any percentage or mean.
"""

import pandas as pd

OUTCOME = "outcome"
# The columns of marts.cases that outcomes are made from.
OUTCOME_COLUMNS = ("termination_outcome", "reoffended", "reoffences")
ANALYSED_TERMINATIONS = ("positive", "negative")
# source -> the column of marts.cases that says whether an eligible case was matched to it; missing where not eligible
MATCHED_COLUMNS = {"terminations": "termination_matched", "reoffending": "reoffending_matched"}


def numbers(values: pd.Series) -> pd.Series:
    """A nullable integer, boolean or decimal column as floats with NaN where missing."""
    return pd.Series(values.to_numpy(dtype=float, na_value=float("nan")), index=values.index, name=values.name)


def cases_with_outcome(cases: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The cases that have an outcome, with it in a float column `outcome`.

    2023/04, Annex A, Analysis, and the data contract's bases: `termination_positive` is 1 or 0 among positive
    and negative terminations, `reoffended` 1 or 0 among matched cases, `reoffences` the number among matched
    cases that reoffended. Missing outcomes leave the base. Raises KeyError for any other outcome.
    """
    if outcome == "termination_positive":
        base = cases[cases["termination_outcome"].isin(ANALYSED_TERMINATIONS)]
        values = (base["termination_outcome"] == "positive").astype(float)
    elif outcome == "reoffended":
        base = cases[cases["reoffended"].notna()]
        values = numbers(base["reoffended"])
    elif outcome == "reoffences":
        base = cases[numbers(cases["reoffended"]).eq(1) & cases["reoffences"].notna()]
        values = numbers(base["reoffences"])
    else:
        raise KeyError(outcome)
    return base.assign(**{OUTCOME: values})
