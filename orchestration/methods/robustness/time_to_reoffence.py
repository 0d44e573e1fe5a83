"""When people first reoffend: in the year, before the inspection's fieldwork, and after it.

Belongs here: the landmark, Cox models with the published models' terms, and curves by judgement. Not here: Cox's
likelihood (`statistics/survival`).

The published outcome is of the year from the sentence; the inspectors judged six months into it. Who had reoffended by
then was known to them, so that the association may run from the outcome to the judgement. From the landmark at
fieldwork (Anderson, Cain and Gelber 1983) only those count who had not, and only what came after.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.outcomes import OUTCOME, numbers
from orchestration.methods.layouts.specification import BULLETIN_MODELS, JUDGEMENTS, BulletinModel
from orchestration.methods.robustness.published_fits import NO_ESTIMATE
from orchestration.methods.robustness.refits import wald_row
from orchestration.methods.statistics.design_matrix import design_of
from orchestration.methods.statistics.significance import normal_quantile
from orchestration.methods.statistics.survival import fit_cox, product_limit
from orchestration.tables.robustness_refits import REOFFENCE_CURVES, REOFFENCE_HAZARDS

FOLLOW_UP_DAYS = 365
YEAR, BEFORE, AFTER = "year", "before_fieldwork", "after_fieldwork"
PERIODS = (YEAR, BEFORE, AFTER)
CURVE_DAYS = np.arange(0.0, 166.0, 15.0)
NO_TIMES = "no case has the days to its fieldwork and to its first reoffence"
NO_EVENTS = {
    YEAR: "nobody reoffended",
    BEFORE: "nobody reoffended before fieldwork",
    AFTER: "nobody reoffended after fieldwork",
}


@dataclass(frozen=True)
class Followed:
    """`cases` followed through a period, with the event as outcome, and the `days` of it until then."""

    cases: pd.DataFrame
    days: pd.Series


def followed(cases: pd.DataFrame, period: str) -> Followed:
    """The matched cases through a period: days to the first reoffence, or to the end of the period.

    `cases` is marts.cases. The year runs from the sentence, before fieldwork to that day, after it from the next to the
    end of the year: then those are left out who had reoffended. A case without the days that this takes is left out.
    """
    has_reoffended = numbers(cases["reoffended"])
    first = numbers(cases["days_to_first_reoffence"]).where(has_reoffended == 1, np.inf).where(has_reoffended.notna())
    wait = numbers(cases["days_to_fieldwork"])
    last = pd.Series(float(FOLLOW_UP_DAYS), index=cases.index)
    start, end = {YEAR: (0 * last - 1, last), BEFORE: (0 * last - 1, wait), AFTER: (wait, last)}[period]
    own = first.notna() & (first > start) & (end > start)
    event = (first <= end).astype(float)
    return Followed(cases[own].assign(**{OUTCOME: event[own]}), (np.minimum(first, end) - start)[own])


def reoffence_hazards(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.reoffence_hazards: one row a period, model of reoffending and coefficient of a judgement.

    What the judgements are associated with before fieldwork cannot have come of them.
    """
    models = [model for model in BULLETIN_MODELS if model.outcome == "reoffended"]
    rows = (
        row
        for period in PERIODS
        for own in [followed(cases, period)]
        for model in models
        for row in _hazard_rows(model, period, own, significance_level)
    )
    return frame_of(REOFFENCE_HAZARDS, rows)


def _hazard_rows(model: BulletinModel, period: str, own: Followed, significance_level: float) -> Iterator[Row]:
    design = design_of(own.cases, model.terms)
    fit = fit_cox(own.days.loc[design.cases].to_numpy(dtype=float), design.outcome, design.matrix)
    events = int(design.outcome.sum())
    why = NO_TIMES if not len(own.days) else fit.failure if events else NO_EVENTS[period]
    for term in model.judgements:
        for name, column in zip(term.coefficients, design.columns(term), strict=True):
            row: Row = {"period": period, "model_id": model.model_id, "coefficient": name}
            row |= {"n": design.n, "n_events": events}
            estimate = float(fit.estimates[column])
            if why or not np.isfinite(estimate):
                yield row | {"not_estimable_because": why or NO_ESTIMATE}
                continue
            error = float(np.sqrt(fit.covariance[column, column]))
            yield row | {"estimate": estimate, "std_error": error, **wald_row(estimate, error, significance_level)}


def reoffence_curves(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.reoffence_curves: one row a key question, answer and day after fieldwork (Kaplan-Meier)."""
    own = followed(cases, AFTER)
    rows = (
        row
        for term in JUDGEMENTS["key_questions"]
        for answer in reversed(term.levels)
        for row in _curve_rows(own, term.name, answer, normal_quantile(significance_level))
    )
    return frame_of(REOFFENCE_CURVES, rows)


def _curve_rows(own: Followed, judgement: str, answer: str, reach: float) -> Iterator[Row]:
    chosen = own.cases[judgement].eq(answer).fillna(False).to_numpy(dtype=bool)
    days = own.days.to_numpy(dtype=float)[chosen]
    events = own.cases[OUTCOME].to_numpy(dtype=float)[chosen]
    curve = product_limit(days, events, CURVE_DAYS, reach)
    for place, day in enumerate(CURVE_DAYS):
        row: Row = {"judgement": judgement, "answer": answer, "day": int(day), "n": len(days)}
        if not len(days):
            yield row | {"not_estimable_because": NO_TIMES}
            continue
        numbers_of = {"percent_free": curve.share, "ci_low": curve.low, "ci_high": curve.high}
        yield row | {
            "n_followed": int(curve.at_risk[place]),
            "n_events": int(curve.events[place]),
            **{name: 100 * float(values[place]) for name, values in numbers_of.items()},
        }
