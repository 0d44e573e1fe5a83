"""Pairs that Splink holds probable, for a rule to ask for as it asks for any other field.

Belongs here: whether a rule asks for them, and finding them before cases are linked. Not here: what becomes of them:
`probable` is a field of reference.match_fields, and rules, blocks and guards do the rest.
"""

import csv
from pathlib import Path

import pandas as pd

from orchestration.ingest.frames import empty_frame
from orchestration.linkage.probabilistic.scoring import score_pairs, splink_in_use
from orchestration.linkage.probabilistic.workspace import compared_rows, splink_workspace
from orchestration.settings import CODES_DIR, Settings
from orchestration.tables.probable_pairs import PROBABLE_PAIRS

FIELD = "probable"
RULES = CODES_DIR / "match_rules.csv"
YES = {"true", "t", "1", "yes", "y"}  # as the database reads them
# The cases of each source, as the linkage will select them (eligible_cases.sql).
CASES = {
    "terminations": "(select * from warehouse.staging.staged_inspections where case_type = 'community')",
    "reoffending": "warehouse.staging.staged_inspections",
}


def is_asked_for() -> bool:
    """Whether a rule in use holds the field `probable`."""
    with open(RULES, encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    used = (row for row in rows if (row.get("is_used") or "").strip().lower() in YES)
    return any(FIELD in (row.get("fields") or "").split() for row in used)


def splink_asked_for(settings: Settings, stage: str) -> dict[str, str] | None:
    """The package, where a rule asks for it; else None. Raises PipelineError where it is asked for and is not there."""
    return splink_in_use(settings, stage) if is_asked_for() else None


def probable_pairs(warehouse: Path, threshold: float) -> pd.DataFrame:
    """Pairs of a case and a record with a match probability of at least `threshold`; the columns of PROBABLE_PAIRS.

    A model is trained for each source, on its cleaned cases and records. Raises PipelineError without a working Splink,
    where the warehouse cannot be read, or where a source has nothing to compare.
    """
    return pd.concat([_of_source(warehouse, source, threshold) for source in CASES], ignore_index=True)


def _of_source(warehouse: Path, source: str, threshold: float) -> pd.DataFrame:
    with splink_workspace(warehouse, compared_rows(source, CASES[source])) as connection:
        found = score_pairs(connection).pairs_from(threshold)
    pairs = found.rename(columns={"match_probability": "probability"}).assign(source=source)
    return pairs[PROBABLE_PAIRS.names]


def no_pairs() -> pd.DataFrame:
    """What there is where no rule asks: no rows."""
    return empty_frame(PROBABLE_PAIRS.dtypes)
