"""Expectations on what a column holds as a whole, where each of its cells could be right.

Belongs here: numbers on another scale than the contract's, identifiers in each other's columns. Not here: numbers that
stand for not known (`sentinels`), columns that are empty or alike throughout (`fillings`).
"""

from typing import Any

import pandas as pd

from expectations.runner import about
from orchestration.settings import Parameters
from orchestration.tables.source import Source

# What some of a hundred rows above nought pass: a score in tenths, weeks for days, a flag for a count do not.
_PASSED_BY_SOME = {"ogrs_score": 50, "days_to_first_reoffence": 180, "reoffences": 1}
_LIKE = {"crn": r"[A-Za-z] ?[0-9]{6}", "pnc_id": r"(?:[0-9]{2}|[0-9]{4})/? ?[0-9]{1,7} ?[A-Za-z]"}
_EXCHANGED = 0.5


def column_contents(source: Source, accepted: pd.DataFrame) -> pd.DataFrame:
    """One row a column that can be asked: column, n_low (rows above nought, where none passes what some would), and
    share_exchanged (of the filled cells, those that look like the other identifier)."""
    low = [(name, _n_low(accepted[name], most), 0.0) for name, most in _PASSED_BY_SOME.items() if name in source.names]
    exchanged = [
        (name, None, _share_like(accepted[name], _LIKE[other]))
        for name, other in (("crn", "pnc_id"), ("pnc_id", "crn"))
        if name in source.names
    ]
    frame = pd.DataFrame([*low, *exchanged], columns=["column", "n_low", "share_exchanged"])
    return frame.astype({"n_low": "float64", "share_exchanged": "float64"})


def _n_low(numbers: pd.Series, most: int) -> int | None:
    above_nought = numbers[numbers > 0]
    return len(above_nought) if len(above_nought) and above_nought.max() <= most else None


def _share_like(texts: pd.Series, pattern: str) -> float:
    filled = texts.dropna().str.strip()
    return float(filled.str.fullmatch(pattern).mean()) if len(filled) else 0.0


def contents_rules(source: Source, contents: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `column_contents`."""
    import great_expectations.expectations as gxe

    most = parameters.one_value_rows - 1
    low, exchanged = contents[contents["n_low"] > most], contents[contents["share_exchanged"] > _EXCHANGED]
    scale = about(
        "numbers_on_their_scale",
        source.name,
        "numbers are so low throughout that they are probably on another scale (tenths for hundredths, weeks for days, "
        "a flag for a count)",
        "Ask what the column holds. If it is right, set PROBATION_ONE_VALUE_ROWS above its rows.",
        observed="; ".join(f"{row.column}, {row.n_low:,.0f} rows" for row in low.itertuples()) or "as expected",
    )
    place = about(
        "identifiers_in_their_columns",
        source.name,
        "most cells of an identifier look like another one: the names of the columns are probably exchanged",
        "Look at the columns and give each its own name.",
        observed=", ".join(exchanged["column"]) or "as expected",
    )
    return [
        gxe.ExpectColumnValuesToBeBetween(column="n_low", max_value=most, meta=scale),
        gxe.ExpectColumnValuesToBeBetween(column="share_exchanged", max_value=_EXCHANGED, meta=place),
    ]
