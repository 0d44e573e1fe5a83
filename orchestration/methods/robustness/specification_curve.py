"""Every defensible specification of a finding, and where the published one lies among them.

Belongs here: which choices are crossed, and each one's estimate (Simonsohn, Simmons and Nelson 2020). Not here: choices
of the linkage, whose estimates are `results.sensitivity_ratios`.

Crossed are the controls, the judgements beside the one looked at, the cases, and of counts the distribution. The
reference level of a judgement moves nothing: the contrast of yes and no is the same with any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.layout_2023 import ITEM_BY_CODE
from orchestration.methods.layouts.outcomes import cases_with_outcome
from orchestration.methods.layouts.specification import BULLETIN_MODELS, JUDGEMENTS, BulletinModel, Term
from orchestration.methods.robustness.published_fits import NO_ESTIMATE
from orchestration.methods.robustness.quick_fits import Estimates, quick_fit
from orchestration.methods.robustness.refits import wald_row
from orchestration.methods.statistics.design_matrix import Design, design_of
from orchestration.methods.statistics.fitting import Family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.negative_binomial import (
    NEGATIVE_BINOMIAL,
    NEGATIVE_BINOMIAL_FIXED,
    NO_OVERDISPERSION,
    POISSON,
)
from orchestration.methods.statistics.zero_truncated import ZERO_TRUNCATED
from orchestration.tables.robustness_refits import SPECIFICATIONS

PUBLISHED = "published"
CONTROLS = (PUBLISHED, "none", "without_score", "groups", "with_provider_type")
JUDGED = (PUBLISHED, "alone", "with_prompts")
CASES = (PUBLISHED, "complete_in_both")
COUNT_FAMILIES = {PUBLISHED: NEGATIVE_BINOMIAL, "negbin1": NEGATIVE_BINOMIAL_FIXED, "ztnb": ZERO_TRUNCATED}
_GROUPED = {"age": "age_group", "previous_sanctions": "previous_sanctions_group", "ogrs_score": "ogrs_group"}
_PROVIDER_TYPE = Term("provider_type", "Provider", ("crc", "nps"), "crc")


@dataclass(frozen=True)
class Choice:
    """One specification: what is chosen of each."""

    controls: str
    judged: str
    cases: str
    family: str

    @property
    def is_published(self) -> bool:
        return {self.controls, self.judged, self.cases, self.family} == {PUBLISHED}


def specification_curve(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.specifications from marts.cases: one row a key question of a key-questions model and specification."""
    models = [model for model in BULLETIN_MODELS if model.judgements == JUDGEMENTS["key_questions"]]
    rows = (row for model in models for row in _model_rows(cases, model, significance_level))
    return frame_of(SPECIFICATIONS, rows)


def choices(model: BulletinModel) -> Iterator[Choice]:
    """Every specification of a model, the published first."""
    families = COUNT_FAMILIES if model.outcome == "reoffences" else (PUBLISHED,)
    yield from (Choice(*chosen) for chosen in product(CONTROLS, JUDGED, CASES, families))


def _model_rows(cases: pd.DataFrame, model: BulletinModel, significance_level: float) -> Iterator[Row]:
    base = cases_with_outcome(cases, model.outcome)
    in_both = base.loc[design_of(base, (*model.terms, *JUDGEMENTS["prompts"])).cases]
    for choice in choices(model):
        own = base if choice.cases == PUBLISHED else in_both
        for judged in _judged(model, choice.judged):
            design = design_of(own, (*_controls(model, choice.controls), *judged))
            fit = _fit(design, model, choice)
            for term in (term for term in judged if term in model.judgements):
                row: Row = {"model_id": model.model_id, "coefficient": f"{term.name}=yes"}
                row |= {"controls": choice.controls, "judgements": choice.judged, "cases": choice.cases}
                row |= {"distribution": choice.family, "is_published": choice.is_published, "n": design.n}
                yield row | _estimate(fit, design.coefficients.index(f"{term.name}=yes"), significance_level)


def _controls(model: BulletinModel, chosen: str) -> tuple[Term, ...]:
    if chosen == "none":
        return ()
    if chosen == "without_score":
        return tuple(term for term in model.controls if term.name != "ogrs_score")
    if chosen == "groups":
        return tuple(_as_group(term) for term in model.controls)
    return (*model.controls, *((_PROVIDER_TYPE,) if chosen == "with_provider_type" else ()))


def _as_group(term: Term) -> Term:
    if term.name not in _GROUPED:
        return term
    item = ITEM_BY_CODE[_GROUPED[term.name]]
    return Term(item.item, item.label, item.codes, item.codes[0])


def _judged(model: BulletinModel, chosen: str) -> tuple[tuple[Term, ...], ...]:
    """The judgements of each model to be fitted: one a key question where each stands alone."""
    if chosen == "alone":
        return tuple((term,) for term in model.judgements)
    return ((*model.judgements, *(JUDGEMENTS["prompts"] if chosen == "with_prompts" else ())),)


def _fit(design: Design, model: BulletinModel, choice: Choice) -> Estimates:
    family: Family = COUNT_FAMILIES[choice.family] if model.outcome == "reoffences" else LOGISTIC
    fit = quick_fit(family, design.matrix, design.outcome)
    return quick_fit(POISSON, design.matrix, design.outcome) if fit.failure == NO_OVERDISPERSION else fit


def _estimate(fit: Estimates, column: int, significance_level: float) -> Row:
    estimate = float(fit.estimates[column])
    if not np.isfinite(estimate):
        return {"not_estimable_because": fit.failure or NO_ESTIMATE}
    error = float(np.sqrt(fit.covariance[column, column]))
    return {"estimate": estimate, "std_error": error, **wald_row(estimate, error, significance_level)}
