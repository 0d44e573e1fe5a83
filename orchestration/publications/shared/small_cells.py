"""Cells that rest on few cases.

Belongs here: listing them, so that a reader knows which figures to treat with care. Not here: suppression,
which changes figures.
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.publications.shared.records import records

COLUMNS = ["table", "cell", "cases", "minimum"]
# (table, columns that name the cell, the column that counts the cases it rests on, what names the count where a row
# has two of them)
_COUNTED = (
    ("annex_b", ("table_id", "item", "category", "outcome"), "n", ""),
    ("match_rates", ("source", "item", "category"), "eligible", ""),
    ("figure_data", ("figure_id", "series", "category"), "n", ""),
    ("model_levels", ("model_id", "term", "level"), "n", ""),
    ("linkage_quality", ("source", "measure", "item", "category"), "n", ""),
    ("match_bias", ("source", "item", "category"), "n_matched", "matched"),
    ("match_bias", ("source", "item", "category"), "n_unmatched", "unmatched"),
    ("sample_allocation", ("provider", "provider_type", "gender", "case_type", "rosh_level"), "caseload", "eligible"),
)
_ACCURACY = ("precision", "recall")


def small_cells(tables: Mapping[str, pd.DataFrame], minimum_cell: int) -> pd.DataFrame:
    """Cells of the published tables that rest on fewer than `minimum_cell` cases, in published order.

    Columns: table, cell (its keys, separated by " / "), cases, minimum.
    """
    found = [
        _small_in(table, tables[table], keys, count, ending, minimum_cell)
        for table, keys, count, ending in _COUNTED
        if table in tables
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def _small_in(
    table: str, frame: pd.DataFrame, keys: tuple[str, ...], count: str, ending: str, minimum_cell: int
) -> pd.DataFrame:
    few = frame.loc[(frame[count].astype("Float64") < minimum_cell).fillna(False)]
    if "model_id" in keys:  # the variants of a model rest on the same cases
        few = few.loc[few["model_id"].isin([model.model_id for model in BULLETIN_MODELS])]
    if "measure" in keys:  # the others rest on the same cases, or on all
        few = few.loc[few["measure"].isin(_ACCURACY)]
    endings = [ending] if ending else []
    rows = [
        (table, " / ".join([*(str(row[key]) for key in keys), *endings]), int(row[count]), minimum_cell)
        for row in records(few)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
