"""Every check of the findings.

Belongs here: all tables of the study. Not here: any one check, what remains of a finding (`finding_checks`), and
sentences.
"""

from dataclasses import dataclass

import pandas as pd

from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.robustness.calibration import calibration, calibration_groups, spline_tests
from orchestration.methods.robustness.clustered_errors import clustered_errors
from orchestration.methods.robustness.confounding import e_values
from orchestration.methods.robustness.finding_checks import finding_checks
from orchestration.methods.robustness.good_delivery import contrasts, delivery_balance, good_delivery
from orchestration.methods.robustness.imputed_estimates import imputed_estimates
from orchestration.methods.robustness.likelihood import judgement_gaps, likelihood_interactions
from orchestration.methods.robustness.linkage_error import relinked_estimates
from orchestration.methods.robustness.marginal_effects import marginal_effects
from orchestration.methods.robustness.multiplicity import multiplicity
from orchestration.methods.robustness.provider_intercepts import provider_intercepts
from orchestration.methods.robustness.published_fits import published_fits
from orchestration.methods.robustness.specification_curve import specification_curve
from orchestration.methods.robustness.strengths import strength_contrasts
from orchestration.methods.robustness.time_to_reoffence import reoffence_curves, reoffence_hazards


@dataclass(frozen=True)
class Published:
    """The results tables of these names for the same cases, of Bulletin 2023/04 alone."""

    model_terms: pd.DataFrame
    model_coefficients: pd.DataFrame
    model_coefficients_weighted: pd.DataFrame


def robustness_tables(
    cases: pd.DataFrame,
    results: Published,
    draws: int,
    false_link_share: float,
    significance_level: float = 0.05,
) -> dict[str, pd.DataFrame]:
    """Every table of the study by name.

    `cases` is marts.cases; `draws`: how often missing values, and links, are drawn; `false_link_share`: the probability
    (0 to below 1) that a link is another person's.
    """
    models, providers = published_fits(cases), _providers(cases)
    published = tuple(model.model_id for model in BULLETIN_MODELS)
    delivered = contrasts(models)
    tables = {
        "marginal_effects": marginal_effects(models, significance_level),
        "clustered_errors": clustered_errors(models, providers, significance_level),
        "multiplicity": multiplicity(results.model_terms, published, significance_level),
        "likelihood_interactions": likelihood_interactions(models, cases),
        "judgement_gaps": judgement_gaps(cases, significance_level),
        "strength_contrasts": strength_contrasts(models, significance_level),
        "e_values": e_values(models, significance_level),
        "reoffence_hazards": reoffence_hazards(cases, significance_level),
        "reoffence_curves": reoffence_curves(cases, significance_level),
        "imputed_estimates": imputed_estimates(models, cases, draws, significance_level),
        "relinked_estimates": relinked_estimates(models, false_link_share, draws, significance_level),
        "specifications": specification_curve(cases, significance_level),
        "calibration": calibration(models, providers, significance_level),
        "calibration_groups": calibration_groups(models, providers),
        "spline_tests": spline_tests(models),
        "good_delivery": good_delivery(delivered, significance_level),
        "delivery_balance": delivery_balance(delivered),
        "provider_intercepts": provider_intercepts(models, providers, significance_level),
    }
    checks = finding_checks(results.model_coefficients, results.model_coefficients_weighted, tables, significance_level)
    return tables | {"finding_checks": checks}


def _providers(cases: pd.DataFrame) -> pd.Series:
    """A CRC and an NPS division may share their name."""
    return cases["provider_type"] + " " + cases["provider"]
