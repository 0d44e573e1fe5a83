"""Made-up results tables of the checks of the findings, for the tests of pages and releases."""

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.tables.robustness import (
    CLUSTERED_ERRORS,
    E_VALUES,
    FINDING_CHECKS,
    JUDGEMENT_GAPS,
    LIKELIHOOD_INTERACTIONS,
    MARGINAL_EFFECTS,
    MULTIPLICITY,
    STRENGTH_CONTRASTS,
)

KEY, PROMPTS = "termination__key_questions", "reoffences__prompts"
WHY = "another coefficient of the model has no estimate"
PLACES = ((KEY, "engagement=yes"), (PROMPTS, "strengths_built_upon=none_present"))


def make_robustness_tables() -> dict[str, pd.DataFrame]:
    """Of each table a row with numbers and one that says why it has none; one finding holds and one is lost."""
    effects = [
        (*PLACES[0], "percentage_points", 640, 9.51, 2.9, 3.83, 15.19, 0.001, None),
        (*PLACES[1], "reoffences", 300, *[None] * 5, WHY),
    ]
    clustered = [
        (*PLACES[0], 640, 28, 0.55, 0.16, 0.18, 22.4, 0.002, 1.73, 1.26, 2.38, None),
        (*PLACES[1], 300, 28, 0.2, 0.1, *[None] * 6, WHY),
    ]
    terms = [
        (KEY, "engagement", 0.001, 1, 0.02, 0.01, True, True, True, None),
        (PROMPTS, "strengths_built_upon", None, 1, None, None, None, None, None, "the term has no Wald test"),
    ]
    interactions = [(KEY, "engagement", 640, 2, 10.33, 0.0057, None), (KEY, "desistance", 640, 0, None, None, WHY)]
    gaps = [
        ("termination_positive", "both", "all", 400, 200, 79.4, 55.3, 24.06, 18.34, 29.78, None),
        ("termination_positive", "both", "very_high", 3, 9, 33.3, 66.7, -33.3, None, None, "too few cases"),
    ]
    contrasts = [(PROMPTS, 300, -0.31, 0.07, 0.73, 0.64, 0.84, 0.00001, None)]
    checks = [
        (*place, check, sign, p, holds)
        for place, sign, lost in ((PLACES[0], 1, ()), (PLACES[1], -1, ("clustered", "holm")))
        for check in ("published", "points", "clustered", "bh", "holm")
        for p, holds in [(0.2, False) if check in lost else (0.001, True)]
    ]
    rows = {
        MARGINAL_EFFECTS: effects,
        CLUSTERED_ERRORS: clustered,
        MULTIPLICITY: terms,
        LIKELIHOOD_INTERACTIONS: interactions,
        JUDGEMENT_GAPS: gaps,
        STRENGTH_CONTRASTS: contrasts,
        E_VALUES: [(*PLACES[0], 640, 1.32, 1.96, 1.5, None), (*PLACES[1], 300, *[None] * 3, WHY)],
        FINDING_CHECKS: checks,
    }
    return {table.name: frame_of(table, own) for table, own in rows.items()}
