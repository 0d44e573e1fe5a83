"""Reviewers' overrides: as read, and as counts.

Belongs here: the list that linking reads, and what became of it in numbers. Not here: what became of each
(`linkage.overrides_outcomes`, which dbt builds).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Table, by_name

OVERRIDES = Table(
    "linkage",
    "overrides",
    "One row a pair of case and record that a reviewer decided, as read from `review/overrides.csv`; none without "
    "that file.",
    key=("source", "case_id", "record_id"),
    disclosure="restricted",
    columns=(
        OF_SOURCE,
        Column("case_id", "varchar", "The inspectorate's id of the assessment."),
        Column("record_id", "varchar", "The id of the record in its source."),
        Column("decision", "varchar", "`must_link` or `must_not_link`."),
        Column("reviewer", "varchar", "Who decided."),
        Column("reviewed_on", "date", "When it was decided."),
        Column("reason", "varchar", "Why, in the reviewer's words."),
    ),
)

LINKAGE_OVERRIDES = Table(
    "results",
    "linkage_overrides",
    "One row a source, decision and outcome of reviewers' overrides; none without them.",
    key=("source", "decision", "outcome"),
    disclosure="aggregate",
    columns=(
        Column("source", "varchar", "`terminations` or `reoffending`: the extract searched."),
        Column("decision", "varchar", "`must_link` or `must_not_link`."),
        Column("outcome", "varchar", "`applied`, `refused_outside_window` or `refused_two_records`."),
        Column("n", "bigint", "Overrides."),
        Column("latest_review_date", "varchar", "The latest day on which one of them was reviewed (YYYY-MM-DD)."),
    ),
    stays="counts single decisions of reviewers",
)

LINKAGE_OVERRIDES_TABLES = by_name(LINKAGE_OVERRIDES)
