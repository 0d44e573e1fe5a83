"""The six published models as they were fitted, for every check that goes on from them.

Belongs here: each model's design, family and fit. Not here: what the bulletin reports of them
(`bulletin_2023_04/models`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel, Term
from orchestration.methods.statistics.design_matrix import Design, build_design
from orchestration.methods.statistics.fitting import Family, Fit, fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.negative_binomial import NEGATIVE_BINOMIAL, NO_OVERDISPERSION, POISSON

NO_ESTIMATE = "the coefficient has no estimate"
OTHERS_WITHOUT = "another coefficient of the model has no estimate"


@dataclass(frozen=True)
class PublishedFit:
    """One published model: `design` its complete cases, `family` what it was fitted as."""

    specification: BulletinModel
    design: Design
    family: Family
    fit: Fit

    @property
    def is_count(self) -> bool:
        return self.family != LOGISTIC

    def judgements(self) -> Iterator[tuple[Term, str, int]]:
        """Term, level and column of each judgement's coefficients."""
        for term in self.specification.judgements:
            yield from zip([term] * len(term.contrasts), term.contrasts, self.design.columns(term), strict=True)

    def why_not(self, column: int) -> str:
        """Why nothing can be said that rests on the whole model and this coefficient; "" where it can."""
        if not self.fit.converged:
            return self.fit.failure
        if not np.isfinite(self.fit.estimates[column]):
            return NO_ESTIMATE
        return "" if np.isfinite(self.fit.estimates).all() else OTHERS_WITHOUT


def published_fits(cases: pd.DataFrame) -> tuple[PublishedFit, ...]:
    """The six models of marts.cases, counts without over-dispersion as Poisson, as published."""
    return tuple(published_fit(cases, specification) for specification in BULLETIN_MODELS)


def published_fit(cases: pd.DataFrame, specification: BulletinModel) -> PublishedFit:
    """One of them."""
    design = build_design(cases, specification.outcome, specification.terms)
    family = NEGATIVE_BINOMIAL if specification.outcome == "reoffences" else LOGISTIC
    fit = fit_family(family, design.matrix, design.outcome)
    if fit.failure == NO_OVERDISPERSION:
        family, fit = POISSON, fit_family(POISSON, design.matrix, design.outcome)
    return PublishedFit(specification, design, family, fit)
