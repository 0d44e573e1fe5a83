"""Cells that rest on few cases.

Belongs here: listing them, so that a reader knows which figures to treat with care. Not here: suppression,
which changes figures.
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.publications.shared.records import records
from orchestration.tables.annexes import ANNEX_B, FIGURE_DATA, MATCH_RATES
from orchestration.tables.linkage_quality import LINKAGE_QUALITY
from orchestration.tables.match_bias import MATCH_BIAS
from orchestration.tables.models import MODEL_LEVELS
from orchestration.tables.needs import STATED_DIFFERENCES
from orchestration.tables.release import SMALL_CELLS
from orchestration.tables.robustness import JUDGEMENT_GAPS
from orchestration.tables.sample_design import SAMPLE_ALLOCATION
from orchestration.tables.table import Table

# (table, the column that counts the cases a row rests on, what names the count where a row has two of them)
_COUNTED = (
    (ANNEX_B, "n", ""),
    (MATCH_RATES, "eligible", ""),
    (FIGURE_DATA, "n", ""),
    (MODEL_LEVELS, "n", ""),
    (LINKAGE_QUALITY, "n", ""),
    (MATCH_BIAS, "n_matched", "matched"),
    (MATCH_BIAS, "n_unmatched", "unmatched"),
    (SAMPLE_ALLOCATION, "caseload", "eligible"),
    (JUDGEMENT_GAPS, "n_yes", "yes"),
    (JUDGEMENT_GAPS, "n_no", "no"),
    (STATED_DIFFERENCES, "n_first", "first"),
    (STATED_DIFFERENCES, "n_second", "second"),
)
_ACCURACY = ("precision", "recall")


def small_cells(tables: Mapping[str, pd.DataFrame], minimum_cell: int) -> pd.DataFrame:
    """Cells of the published tables that rest on fewer than `minimum_cell` cases, in published order.

    Columns: table, cell (its keys, separated by " / "), cases, minimum.
    """
    found = [
        _small_in(table, tables[table.name], count, ending, minimum_cell)
        for table, count, ending in _COUNTED
        if table.name in tables
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=SMALL_CELLS.names)


def _small_in(table: Table, frame: pd.DataFrame, count: str, ending: str, minimum_cell: int) -> pd.DataFrame:
    few = frame.loc[(frame[count].astype("Float64") < minimum_cell).fillna(False)]
    if "model_id" in table.key:  # the variants of a model rest on the same cases
        few = few.loc[few["model_id"].isin([model.model_id for model in BULLETIN_MODELS])]
    if "measure" in table.key:  # the others rest on the same cases, or on all
        few = few.loc[few["measure"].isin(_ACCURACY)]
    endings = [ending] if ending else []
    rows = [
        (table.name, " / ".join([*(str(row[key]) for key in table.key), *endings]), int(row[count]), minimum_cell)
        for row in records(few)
    ]
    return pd.DataFrame(rows, columns=SMALL_CELLS.names)
