"""Made-up results tables of what reoffences were, for the tests of the robustness page."""

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.tables.reoffence_types import (
    REOFFENCE_MODELS,
    REOFFENCE_SEVERITY,
    REOFFENCE_TYPES,
    REOFFENDING_MEASURES,
)

TOO_SHORT = "not measurable: the extract ends before the windows of every case"


def make_reoffence_tables() -> dict[str, pd.DataFrame]:
    """Of each table a row with numbers and one that says why it has none."""
    rows = {
        REOFFENCE_TYPES: [
            ("theft", "all", "all", 200, 40, 20.0, 15.0, 26.1, 30, None),
            ("theft", "engagement", "no", 0, *[None] * 5, "no case has this answer"),
        ],
        REOFFENCE_SEVERITY: [
            ("all", "all", 50, 31.5, 28.1, 34.9, 21.2, 19.1, 23.3, None),
            ("engagement", "yes", 1, *[None] * 6, "fewer than two cases with this answer reoffended"),
        ],
        REOFFENCE_MODELS: [
            ("severity_highest", "engagement=yes", 50, 50, -4.25, 2.0, 0.039, -4.25, -8.27, -0.23, None),
            ("rate_year", "engagement=yes", 12, 3, *[None] * 6, "the model has no more cases than coefficients"),
        ],
        REOFFENDING_MEASURES: [
            ("published", 12, 6, 200, 0, 25.0, 19.5, 31.4, 25.0, 19.5, 31.4, 2.5, 2.5, None),
            ("breaches_count", 12, 6, 200, 0, 25.0, 19.5, 31.4, 32.0, 25.9, 38.8, 2.5, 2.9, None),
            ("followup_24", 24, 6, 0, 200, *[None] * 8, TOO_SHORT),
            ("waiting_9", 12, 9, 150, 50, 26.0, 19.6, 33.6, 27.3, 20.8, 34.9, 2.5, 2.6, None),
        ],
    }
    return {table.name: frame_of(table, own) for table, own in rows.items()}
