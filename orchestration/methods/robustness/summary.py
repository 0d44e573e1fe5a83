"""Every check of the findings.

Belongs here: all tables of the study. Not here: any one check, what remains of a finding (`finding_checks`), and
sentences.
"""

from concurrent.futures import Executor
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
    significance_level: float,
    workers: Executor,
) -> dict[str, pd.DataFrame]:
    """Every table of the study by name.

    `cases` is marts.cases; `draws`: how often missing values, and links, are drawn; `false_link_share`: the probability
    (0 to below 1) that a link is another person's; `workers` make the tables, side by side if they can.
    """
    models, providers, level = published_fits(cases), _providers(cases), significance_level
    published = tuple(model.model_id for model in BULLETIN_MODELS)
    delivered = contrasts(models)
    made = {  # what takes longest first
        "imputed_estimates": workers.submit(imputed_estimates, models, cases, draws, level),
        "specifications": workers.submit(specification_curve, cases, level),
        "relinked_estimates": workers.submit(relinked_estimates, models, false_link_share, draws, level),
        "provider_intercepts": workers.submit(provider_intercepts, models, providers, level),
        "calibration": workers.submit(calibration, models, providers, level),
        "calibration_groups": workers.submit(calibration_groups, models, providers),
        "marginal_effects": workers.submit(marginal_effects, models, level),
        "clustered_errors": workers.submit(clustered_errors, models, providers, level),
        "multiplicity": workers.submit(multiplicity, results.model_terms, published, level),
        "likelihood_interactions": workers.submit(likelihood_interactions, models, cases),
        "judgement_gaps": workers.submit(judgement_gaps, cases, level),
        "strength_contrasts": workers.submit(strength_contrasts, models, level),
        "e_values": workers.submit(e_values, models, level),
        "reoffence_hazards": workers.submit(reoffence_hazards, cases, level),
        "reoffence_curves": workers.submit(reoffence_curves, cases, level),
        "spline_tests": workers.submit(spline_tests, models),
        "good_delivery": workers.submit(good_delivery, delivered, level),
        "delivery_balance": workers.submit(delivery_balance, delivered),
    }
    tables = {name: table.result() for name, table in made.items()}
    checks = finding_checks(results.model_coefficients, results.model_coefficients_weighted, tables, level)
    return tables | {"finding_checks": checks}


def _providers(cases: pd.DataFrame) -> pd.Series:
    """A CRC and an NPS division may share their name."""
    return cases["provider_type"] + " " + cases["provider"]
