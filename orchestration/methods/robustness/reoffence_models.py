"""Severity and rate of reoffences by the key questions, the published controls held.

Belongs here: which cases and outcomes enter, and the rows. Not here: the fits (`statistics/robust_fits`).

The year is also parted in halves: fieldwork is about six months into the sentence.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import t

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.outcomes import OUTCOME, numbers
from orchestration.methods.layouts.specification import BULLETIN_MODELS, model_id
from orchestration.methods.robustness.refits import wald_row
from orchestration.methods.statistics.design_matrix import Design, design_of
from orchestration.methods.statistics.robust_fits import least_squares, rates
from orchestration.tables.reoffence_types import REOFFENCE_MODELS

SEVERITY = "severity_highest"
PERIODS = {"rate_year": (1, 2, 3, 4), "rate_first_half": (1, 2), "rate_second_half": (3, 4)}
_PUBLISHED = next(m for m in BULLETIN_MODELS if m.model_id == model_id("reoffended", "key_questions"))


def reoffence_models(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.reoffence_models; `cases`: marts.cases with the columns of marts.reoffence_types, matched cases alone."""
    return frame_of(REOFFENCE_MODELS, _rows(cases, significance_level) if len(cases) else ())


def _rows(cases: pd.DataFrame, significance_level: float) -> Iterator[Row]:
    reoffended = cases[numbers(cases["reoffended"]).eq(1)]
    design = design_of(reoffended.assign(**{OUTCOME: numbers(reoffended[SEVERITY])}), _PUBLISHED.terms)
    yield from _model_rows(SEVERITY, design, significance_level)
    for name, quarters in PERIODS.items():
        events = sum(numbers(cases[f"reoffences_quarter_{quarter}"]) for quarter in quarters)
        yield from _model_rows(name, design_of(cases.assign(**{OUTCOME: events}), _PUBLISHED.terms), significance_level)


def _model_rows(name: str, design: Design, significance_level: float) -> Iterator[Row]:
    is_rate = name in PERIODS
    fit = (rates if is_rate else least_squares)(design.matrix, design.outcome)
    events = int(design.outcome.sum()) if is_rate else design.n
    for term in _PUBLISHED.judgements:
        for coefficient, column in zip(term.coefficients, design.columns(term), strict=True):
            row: Row = {"model": name, "coefficient": coefficient, "n": design.n, "n_events": events}
            if fit.failure:
                yield row | {"not_estimable_because": fit.failure}
                continue
            estimate, error = float(fit.estimates[column]), float(np.sqrt(fit.covariance[column, column]))
            df = np.inf if is_rate else design.n - design.matrix.shape[1]
            found = wald_row(estimate, error, significance_level, df)
            if is_rate:
                effects: Row = {"effect": found["exp_estimate"], "ci_low": found["ci_low"], "ci_high": found["ci_high"]}
            else:
                reach = float(t.isf(significance_level / 2, df)) * error
                effects = {"effect": estimate, "ci_low": estimate - reach, "ci_high": estimate + reach}
            yield row | {"estimate": estimate, "std_error": error, "p": found["p"], **effects}
