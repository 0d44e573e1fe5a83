"""Differences that the text of Bulletin 2020/03 states and no table of it holds, each with its size and its test.

Belongs here: delivery by likelihood of reoffending within CRC and within NPS cases (2.3.1: "Similar differences were
found when looking separately at the NPS cases and the CRC cases"), and the strengths of Asian against White people
(2.2.2: "more likely to have most of the strengths/protective factors"). Not here: the selections (`models`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.bulletin_2020_03.models import CANDIDATES
from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.layout_2020 import GROUPS, MEASURE_BY_CODE, STRENGTH_COLUMNS, Measure
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.statistics.design_matrix import design_of
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.model_rows import wald_estimates
from orchestration.tables.needs import STATED_DIFFERENCES

ALL = "all"
NO_CASES = "one of the two groups has no case"
NO_ESTIMATE = "the coefficient has no estimate"


@dataclass(frozen=True)
class Statement:
    """A measure compared between two categories of a characteristic, among all cases or one `provider_type`'s."""

    measure: Measure
    item: str
    first: str
    second: str
    provider_type: str = ALL


STATEMENTS = (
    *(
        Statement(MEASURE_BY_CODE[code], "ogrs_group", "low", "high_very_high", provider_type)
        for provider_type in ("crc", "nps")
        for code in ("services_reduce_reoffending", "strengths_built_upon")
    ),
    *(Statement(MEASURE_BY_CODE[code], "ethnicity", "white", "asian") for code in STRENGTH_COLUMNS),
)


def stated_differences(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.stated_differences from marts.cases: one row a statement.

    Percentages are of all cases with the measure, as in Annex C. The odds ratio is of the second category against the
    first with the other six characteristics in the model, on complete cases; its p is Wald's.
    """
    return frame_of(STATED_DIFFERENCES, (_row(cases, statement, significance_level) for statement in STATEMENTS))


def _row(cases: pd.DataFrame, statement: Statement, significance_level: float) -> Row:
    own = cases if statement.provider_type == ALL else cases[cases["provider_type"] == statement.provider_type]
    measure = statement.measure
    answers = own[[measure.code, *([measure.among] if measure.among else [])]]
    base = cases_with_measure(answers.assign(**{group.item: own[group.column] for group in GROUPS}), measure)
    row: Row = {
        "outcome": measure.code,
        "item": statement.item,
        "provider_type": statement.provider_type,
        "first_category": statement.first,
        "second_category": statement.second,
    }
    return row | dict(_raw(base, statement)) | _adjusted(base, statement, significance_level)


def _raw(base: pd.DataFrame, statement: Statement) -> Iterator[tuple[str, object]]:
    sides = {"first": statement.first, "second": statement.second}
    found = {side: base.loc[base[statement.item] == code, OUTCOME] for side, code in sides.items()}
    for side, outcomes in found.items():
        yield f"n_{side}", len(outcomes)
        yield f"percent_{side}", 100 * outcomes.mean() if len(outcomes) else np.nan
    if all(len(outcomes) for outcomes in found.values()):
        yield "gap", 100 * (found["second"].mean() - found["first"].mean())


def _adjusted(base: pd.DataFrame, statement: Statement, significance_level: float) -> Row:
    terms = tuple(t for t in CANDIDATES if statement.provider_type == ALL or t.name != "provider_type")
    if not all((base[statement.item] == code).any() for code in (statement.first, statement.second)):
        return {"not_estimable_because": NO_CASES}
    design = design_of(base, terms)
    fit = fit_family(LOGISTIC, design.matrix, design.outcome)
    column = design.coefficients.index(f"{statement.item}={statement.second}")
    if not np.isfinite(fit.estimates[column]):
        return {"n": design.n, "not_estimable_because": fit.failure or NO_ESTIMATE}
    values = wald_estimates(fit, significance_level)
    named = {"odds_ratio": "exp_estimate", "ci_low": "ci_low", "ci_high": "ci_high", "p_value": "p"}
    return {"n": design.n, **{name: float(values[key][column]) for name, key in named.items()}}
