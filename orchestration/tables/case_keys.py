"""The keyed hash that stands for a case.

Belongs here: the one table that leads from a case key back to a case. Not here: how the hash is made (`storage/`).
"""

from orchestration.tables.table import Column, Table

CASE_KEYS = Table(
    "linkage",
    "case_keys",
    "One row a case: its id and the keyed hash that stands for it wherever identifiers may not go.",
    key=("case_id",),
    disclosure="restricted",
    columns=(
        Column("case_id", "varchar", "The inspectorate's id of the assessment."),
        Column("case_key", "varchar", "HMAC-SHA-256 of the case id with the key file, in hex."),
    ),
)
