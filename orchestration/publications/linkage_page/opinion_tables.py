"""Splink's second opinion as a table for readers.

Belongs here: laying out results.second_opinion_agreement, which is made when asked for. Not here: the comparison
(`second_opinion/`).
"""

import pandas as pd

from orchestration.publications.linkage_page.rule_tables import share_columns
from orchestration.publications.linkage_page.words import SOURCE
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables
from orchestration.publications.shared.words import SOURCE_LABELS

AGREEMENT = "second_opinion_agreement"
MEASURE_LABELS = {
    "same_answer": "Cases with the same answer: the same record, or none",
    "links_confirmed": "Our links that Splink confirms",
    "links_shared": "Splink's links that are ours",
}
NOT_ASKED = "Empty where no second opinion was asked for on these extracts: make second-opinion."


def table_second_opinion(tables: Tables, _level: float) -> PublishedTable:
    """How far Splink, trained on the same extracts, links the same cases to the same records."""
    columns = (
        Column("label", "Measure"),
        Column("numerator", "Cases", decimals=0),
        Column("n", "Of", decimals=0),
        *share_columns(),
    )
    agreement = tables.get(AGREEMENT)
    if agreement is None:
        frame = pd.DataFrame(columns=[ROW_GROUP, *(column.key for column in columns)])
    else:
        frame = agreement[agreement["measure"].isin(list(MEASURE_LABELS))].reset_index(drop=True)
        frame = frame.assign(label=frame["measure"].map(MEASURE_LABELS))
        frame[ROW_GROUP] = [
            f"{SOURCE_LABELS[source]}: pairs of match probability {threshold:g} and above"
            for source, threshold in zip(frame["source"], frame["threshold"], strict=True)
        ]
    notes = (f"Intervals: Wilson's. {NOT_ASKED}",)
    return PublishedTable("L9", "A second opinion: Splink on the same extracts", SOURCE, columns, frame, notes)
