"""The six regression models of Bulletin 2023/04 and their sensitivity variants.

Belongs here: which fits, blocks, tests and notes make up each model. Not here: likelihoods and table columns.
"""

from dataclasses import replace

import pandas as pd

from orchestration.methods.layouts.frames import Row
from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel
from orchestration.methods.statistics import model_notes
from orchestration.methods.statistics.design_matrix import Design, build_design
from orchestration.methods.statistics.dispersion_interval import dispersion_interval
from orchestration.methods.statistics.firth_models import with_firth
from orchestration.methods.statistics.fitting import Family, Fit, fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.model_blocks import fitted_block, logistic_block
from orchestration.methods.statistics.model_tables import FittedModel, ModelTables, model_tables
from orchestration.methods.statistics.negative_binomial import (
    NEGATIVE_BINOMIAL,
    NEGATIVE_BINOMIAL_FIXED,
    NO_OVERDISPERSION,
    POISSON,
)
from orchestration.methods.statistics.overdispersion import (
    OverdispersionTest,
    likelihood_ratio_test,
    tests_of_outcome,
    tests_of_regression,
)
from orchestration.methods.statistics.significance import term_tests
from orchestration.methods.statistics.zero_truncated import ZERO_TRUNCATED

VARIANTS = {"poisson": POISSON, "negbin1": NEGATIVE_BINOMIAL_FIXED, "ztnb": ZERO_TRUNCATED}


def fit_bulletin_models(cases: pd.DataFrame, significance_level: float = 0.05) -> ModelTables:
    """Fit every model of the bulletin and every variant (2023/04, Annex A, Analysis).

    `cases` is marts.cases, one row a case. Intervals have coverage 1 - `significance_level`. Whatever the
    data, every model, term and coefficient has its rows; those without an estimate say so and why.
    """
    fitted: list[FittedModel] = []
    for specification in BULLETIN_MODELS:
        design = build_design(cases, specification.outcome, specification.terms)
        if specification.outcome == "reoffences":
            fitted += _count_models(specification, design, significance_level)
        else:
            fitted += _logistic_models(specification, design, significance_level)
    return model_tables(fitted, significance_level)


def _logistic_models(specification: BulletinModel, design: Design, significance_level: float) -> list[FittedModel]:
    """The published model in two blocks and, where an estimate is infinite, Firth's beside it."""
    fit = fit_family(LOGISTIC, design.matrix, design.outcome)
    published = FittedModel(
        model_id=specification.model_id,
        specification=specification,
        is_published=True,
        design=design,
        fit=fit,
        blocks=_blocks(specification, design, fit),
        terms=term_tests(design, LOGISTIC, fit),
        notes=model_notes.of_estimability(design, fit),
    )
    return with_firth(published, significance_level)


def _blocks(specification: BulletinModel, design: Design, fit: Fit) -> tuple[Row, ...]:
    """Forced entry in two blocks: the controls, then the judgements."""
    constant = fit_family(LOGISTIC, design.matrix[:, :1], design.outcome, fit.separates)
    controls = fit_family(
        LOGISTIC, design.matrix[:, design.keep(specification.controls)], design.outcome, fit.separates
    )
    return (
        logistic_block("controls", design, constant, constant, controls),
        logistic_block("judgements", design, constant, controls, fit),
    )


def _count_models(specification: BulletinModel, design: Design, significance_level: float) -> list[FittedModel]:
    """The published negative binomial (Poisson where there is no over-dispersion), then the variants."""
    poisson = fit_family(POISSON, design.matrix, design.outcome)
    family, fit = NEGATIVE_BINOMIAL, fit_family(NEGATIVE_BINOMIAL, design.matrix, design.outcome)
    remarks: tuple[model_notes.Note, ...] = ()
    if fit.failure == NO_OVERDISPERSION:
        family, fit, remarks = POISSON, poisson, ((None, model_notes.NO_OVERDISPERSION),)
    published = replace(
        _count_model(specification.model_id, specification, design, family, fit, significance_level),
        is_published=True,
        has_dispersion=True,
        overdispersion=_overdispersion(design, poisson, fit),
    )
    variants = [
        _count_model(
            f"{specification.model_id}__{variant}",
            specification,
            design,
            other,
            fit_family(other, design.matrix, design.outcome),
            significance_level,
        )
        for variant, other in VARIANTS.items()
    ]
    return [replace(published, notes=remarks + published.notes), *variants]


def _count_model(
    model_id: str, specification: BulletinModel, design: Design, family: Family, fit: Fit, significance_level: float
) -> FittedModel:
    """All controls and judgements entered in one step."""
    constant = fit_family(family, design.matrix[:, :1], design.outcome, fit.separates)
    return FittedModel(
        model_id=model_id,
        specification=specification,
        is_published=False,
        design=design,
        fit=fit,
        blocks=(fitted_block("all", design, constant, constant, fit),),
        has_dispersion=family in (NEGATIVE_BINOMIAL_FIXED, ZERO_TRUNCATED),
        dispersion_limits=dispersion_interval(family, fit, design.matrix, design.outcome, significance_level),
        terms=term_tests(design, family, fit),
        notes=model_notes.of_estimability(design, fit),
    )


def _overdispersion(design: Design, poisson: Fit, fit: Fit) -> tuple[OverdispersionTest, ...]:
    if not (poisson.converged and fit.converged):
        return tests_of_outcome(design.outcome)
    return (
        *tests_of_outcome(design.outcome),
        likelihood_ratio_test(poisson.log_likelihood, fit.log_likelihood),
        *tests_of_regression(design.outcome, poisson.fitted),
    )
