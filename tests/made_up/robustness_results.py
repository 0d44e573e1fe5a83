"""Made-up results tables of the checks of the findings, for the tests of pages and releases."""

from itertools import product

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.robustness.specification_curve import CASES, CONTROLS, JUDGED
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
from orchestration.tables.robustness_refits import (
    CALIBRATION,
    CALIBRATION_GROUPS,
    DELIVERY_BALANCE,
    GOOD_DELIVERY,
    IMPUTED_ESTIMATES,
    PROVIDER_INTERCEPTS,
    RELINKED_ESTIMATES,
    REOFFENCE_CURVES,
    REOFFENCE_HAZARDS,
    SPECIFICATIONS,
    SPLINE_TESTS,
)
from orchestration.tables.table import Table

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
    rows = _refits() | {
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


def _refits() -> dict[Table, list[tuple[object, ...]]]:
    """The findings estimated otherwise; of each table a row that says why it has no numbers, but of the tenths."""
    refitted = (0.55, 0.16, 1400.0, 0.0006, 1.73, 1.26, 2.37, 0.02, None)
    none = (*[None] * 8, WHY)
    model = "reoffended__key_questions"
    hazards = [
        ("year", model, "engagement=yes", 900, 200, -0.31, 0.1, 0.002, 0.73, 0.6, 0.89, None),
        ("before_fieldwork", model, "engagement=yes", 900, 146, -0.27, 0.12, 0.02, 0.76, 0.6, 0.97, None),
        ("after_fieldwork", model, "engagement=yes", 754, 54, *[None] * 6, "nobody reoffended after fieldwork"),
    ]
    curves = [
        (judgement, answer, day, 80, 80 - day // 15, day // 15, 100.0 - day / 10, 70.0, 99.0, None)
        for judgement in ("engagement", "desistance")
        for answer in ("yes", "no")
        for day in (0, 15, 30)
    ]
    specifications = [
        (KEY, "engagement=yes", *chosen, "published", set(chosen) == {"published"}, 640,
         0.1 * place - 0.2, 0.1, 0.04, 1.2, 1.01, 1.4, None)
        for place, chosen in enumerate(product(CONTROLS, JUDGED, CASES))
    ]  # fmt: skip
    return {
        REOFFENCE_HAZARDS: hazards,
        REOFFENCE_CURVES: [*curves, ("desistance", "no", 45, 0, *[None] * 5, WHY)],
        IMPUTED_ESTIMATES: [(*PLACES[0], 700, 640, 5, *refitted), (*PLACES[1], 330, 300, 0, *none)],
        RELINKED_ESTIMATES: [(*PLACES[0], 640, 0.01, 5, 6.4, *refitted), (*PLACES[1], 300, 0.01, 5, None, *none)],
        SPECIFICATIONS: [
            *specifications,
            (*PLACES[1], "none", "alone", "published", "ztnb", False, 300, *[None] * 6, WHY),
        ],
        CALIBRATION: [
            (KEY, 640, 28, 0.17, 16.2, 0.75, 0.004, 0.93, 0.8, 1.06, 4.2, 8, 0.83, None),
            ("reoffended__prompts", 600, 1, *[None] * 7, 16.6, 8, 0.034, "the cases are of fewer than two providers"),
        ],
        CALIBRATION_GROUPS: [(KEY, tenth, 64, 10.0 * tenth - 5, 10.0 * tenth - 4) for tenth in range(1, 11)],
        SPLINE_TESTS: [(KEY, 640, 6, 22.0, 0.0012, None), (PROMPTS, 300, None, None, None, WHY)],
        GOOD_DELIVERY: [
            (
                KEY,
                "engagement=yes",
                "percentage_points",
                400,
                240,
                21.0,
                13.8,
                12.1,
                4.2,
                4.0,
                20.3,
                0.004,
                0.035,
                None,
            ),
            (KEY, "desistance=yes", "percentage_points", 640, 0, *[None] * 8, "all cases have the same answer"),
        ],
        DELIVERY_BALANCE: [
            (KEY, "engagement=yes", "age", 35.8, 35.1, 0.17, 0.02, None),
            (KEY, "desistance=yes", "age", *[None] * 4, "all cases have the same answer"),
        ],
        PROVIDER_INTERCEPTS: [
            (*PLACES[0], 640, 28, 0.2, 0.55, 0.16, 0.001, 1.73, 1.26, 2.37, None),
            (*PLACES[1], 300, 1, *[None] * 7, "the cases are of fewer than two providers"),
        ],
    }
