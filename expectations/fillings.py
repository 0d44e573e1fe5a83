"""Expectations on what fills the columns of a delivery: something, and not one value throughout.

Belongs here: columns that are empty, or hold the same in every row. Not here: columns emptier than before
(`deliveries`), and rows without a value (`contract_rules`).
"""

from typing import Any

import pandas as pd

from expectations.runner import MAX_PLACES, about
from orchestration.ingest.extracts import SourceExtract
from orchestration.ingest.file_reading import ABSENT_COLUMN
from orchestration.settings import Parameters
from orchestration.tables.contract import CONTRACT
from orchestration.tables.source import Source

_FEWEST_ROWS = 30  # below, a column may be empty by chance
_LINKED_BY = ("surname", "forenames", "date_of_birth")
_MAY_BE_ONE = ("provider", "provider_type", "fieldwork_date")  # a delivery may be of one inspection


def column_fillings(source: Source, profile: pd.DataFrame, extract: SourceExtract) -> pd.DataFrame:
    """One row a delivery and a column: delivery, column, share_filled of columns that are needed, n_alike of columns
    with one value (how many rows have it); each missing where it does not matter, the share where rows are few."""
    filled = 1 - profile["missing"].astype("float64") / profile["rows"].astype("float64").clip(lower=1)
    is_asked = _is_needed(source, profile, extract) & (profile["rows"] >= _FEWEST_ROWS)
    frame = profile[["delivery", "column"]].assign(share_filled=filled.where(is_asked))
    alike = _alike(source, extract.parsed)
    keys = zip(frame["delivery"], frame["column"], strict=True)
    return frame.assign(n_alike=pd.Series([alike.get(key) for key in keys], dtype="float64", index=frame.index))


def _is_needed(source: Source, profile: pd.DataFrame, extract: SourceExtract) -> pd.Series:
    """Columns that a bulletin needs, age among them; and names and birthdays, which link, where the file has them."""
    needed = {column.name for column in source.columns if column.must_be_in_file and not column.is_conditional}
    if source.name == "inspections":
        needed.add("date_of_birth")
    notes = extract.notes[extract.notes["value_class"] == ABSENT_COLUMN]
    absent = set(zip(notes["file"], notes["column"], strict=True))
    is_absent = pd.Series([key in absent for key in zip(profile["delivery"], profile["column"], strict=True)])
    is_link = profile["column"].isin(_LINKED_BY) & ~is_absent.set_axis(profile.index)
    return profile["column"].isin(needed) | is_link


def _alike(source: Source, parsed: pd.DataFrame) -> dict[tuple[str, str], int]:
    """(delivery, column) -> its number of values where they are all the same."""
    if source.name not in CONTRACT:
        return {}
    kinds = ("code", "integer", "date")
    names = [c.name for c in source.columns if (c.kind in kinds and not c.is_conditional) or c.name in _LINKED_BY]
    found: dict[tuple[str, str], int] = {}
    for delivery, rows in parsed.groupby("file", sort=False):
        for name in names:
            if name not in _MAY_BE_ONE and rows[name].nunique() == 1:
                found[str(delivery), name] = int(rows[name].count())
    return found


def filling_rules(source: Source, frame: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `column_fillings`: none of them is empty, or the same, throughout."""
    import great_expectations.expectations as gxe

    most = parameters.one_value_rows - 1
    empty = about(
        "needed_column_filled",
        source.name,
        "a column that a bulletin or the linkage needs is empty throughout",
        "Have the column exported with its values; without it the tables that need it would be empty. Where names or "
        "dates of birth are not to be had, take the empty column out of the file.",
        observed=_told(frame[frame["share_filled"] <= 0]) or "every one has values",
    )
    alike = about(
        "column_has_several_values",
        source.name,
        "a column holds the same value in every row: it was probably filled down, filtered, or never calculated",
        "Look at the column, and have it exported again. If it is right, set PROBATION_ONE_VALUE_ROWS above its rows.",
        observed=_told(frame[frame["n_alike"] > most], "n_alike") or "none",
    )
    return [
        gxe.ExpectColumnValuesToBeBetween(column="share_filled", min_value=0, strict_min=True, meta=empty),
        gxe.ExpectColumnValuesToBeBetween(column="n_alike", max_value=most, meta=alike),
    ]


def _told(at_fault: pd.DataFrame, measure: str = "") -> str:
    rows = at_fault.head(MAX_PLACES).to_dict("records")
    return "; ".join(
        f"{row['column']} in {row['delivery']}" + (f", {row[measure]:,.0f} rows" if measure else "") for row in rows
    )
