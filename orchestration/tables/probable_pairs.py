"""Splink's pairs as the linkage reads them.

Belongs here: pairs that a rule may ask for. Not here: Splink's answers beside ours (`second_opinion.py`).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Table

PROBABLE_PAIRS = Table(
    "linkage",
    "probable_pairs",
    "One row a pair of case and record that Splink holds to be one person's, with at least the probability asked for "
    "(`probable_threshold`); none where no rule in use holds the field `probable`.",
    key=("source", "case_id", "record_id"),
    disclosure="restricted",
    columns=(
        OF_SOURCE,
        Column("case_id", "varchar", "The inspectorate's id of the assessment."),
        Column("record_id", "varchar", "The id of the record in its source."),
        Column("probability", "double", "Splink's match probability (0 to 1), from the identifiers alone."),
    ),
)
