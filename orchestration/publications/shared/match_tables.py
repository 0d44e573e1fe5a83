"""Match rates by sub-group, with tests of matched against unmatched cases.

Belongs here: results.match_rates laid out for readers (2023/04, Annex A (ii) and (iii)). Not here: the rates
and tests (`orchestration/methods/bulletin_2023_04`).
"""

import pandas as pd

from orchestration.methods.layouts.layout_2023 import ITEM_BY_CODE
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables
from orchestration.publications.shared.words import COMBINED_LABELS, SOURCE_LABELS


def table_m1(tables: Tables, significance_level: float) -> PublishedTable:
    """Match rates to the terminations data (2023/04, Annex A (ii))."""
    return _match_table(tables["match_rates"], "M1", "terminations", significance_level)


def table_m2(tables: Tables, significance_level: float) -> PublishedTable:
    """Match rates to the reoffending data (2023/04, Annex A (iii))."""
    return _match_table(tables["match_rates"], "M2", "reoffending", significance_level)


def _match_table(match_rates: pd.DataFrame, table_id: str, source: str, level: float) -> PublishedTable:
    rates = match_rates.loc[match_rates["source"] == source].reset_index(drop=True)
    frame = rates.assign(
        significant=rates["p_value"].astype("Float64").lt(level),
        category=[
            _category_label(item, category) for item, category in zip(rates["item"], rates["category"], strict=True)
        ],
    )
    frame[ROW_GROUP] = [ITEM_BY_CODE[item].label for item in rates["item"]]
    columns = (
        Column("category", "Category"),
        Column("eligible", "Cases", decimals=0),
        Column("matched", "Matched", decimals=0),
        Column("rate", "Match rate", decimals=1, suffix="%", significant="significant"),
        Column("p_value", "p (chi-square)", decimals=3, is_p_value=True),
    )
    notes = (
        "p: Pearson chi-square test of matched against unmatched cases over the characteristic's "
        "categories, missing values left out.",
        "Shaded rates in bold, marked with an asterisk: match rates differ significantly between the "
        f"categories (p<{level:g}).",
    )
    title = f"Match rates by sub-group: {SOURCE_LABELS[source]}"
    return PublishedTable(table_id, title, "Linkage of the inspection data", columns, frame, notes)


def _category_label(item: str, category: str) -> str:
    labels = {known.code: known.label for known in ITEM_BY_CODE[item].categories}
    is_own = category in labels and not (item == "ogrs_group" and category in COMBINED_LABELS)
    return labels[category] if is_own else COMBINED_LABELS.get(category, category)
