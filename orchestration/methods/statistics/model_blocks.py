"""Blocks of a fitted model as rows of results.models: the tests against the block before, and the fit.

Belongs here: what one block's row holds, for the models of any bulletin or study. Not here: which blocks a model has
(each bulletin), likelihoods and tests.
"""

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row
from orchestration.methods.statistics import logistic
from orchestration.methods.statistics.design_matrix import Design
from orchestration.methods.statistics.fitting import Fit
from orchestration.methods.statistics.significance import likelihood_ratio

# What is left below this is the rounding of the machine, which differs from run to run.
NOISE_DECIMALS = 9


def logistic_block(block: str, design: Design, constant: Fit, before: Fit, fit: Fit) -> Row:
    """One block of a logistic model as results.models shows it: tests against the block before, fit, R-squared."""
    return {**fitted_block(block, design, constant, before, fit), **logistic_fit(design, fit)}


def logistic_fit(design: Design, fit: Fit) -> Row:
    """How well one logistic model fits: R-squared twice, and the Hosmer-Lemeshow test with its number of groups."""
    at_constant = logistic.log_likelihood_of_constant(design.outcome)
    fitness = logistic.hosmer_lemeshow(design.outcome, fit.fitted)
    return {
        "cox_snell_r2": logistic.cox_snell(fit.log_likelihood, at_constant, design.n),
        "nagelkerke_r2": logistic.nagelkerke(fit.log_likelihood, at_constant, design.n),
        "hosmer_lemeshow_chi2": fitness.chi2,
        "hosmer_lemeshow_df": fitness.df,
        "hosmer_lemeshow_p": fitness.p,
        "hosmer_lemeshow_groups": fitness.groups,
    }


def fitted_block(block: str, design: Design, constant: Fit, before: Fit, fit: Fit) -> Row:
    """One block of any model as results.models shows it: tests against the block before and the constant, and fit."""
    block_test, model_test = likelihood_ratio(fit, before), likelihood_ratio(fit, constant)
    return {
        "block": block,
        "family": fit.family,
        "n_separated": int((~fit.estimability.rows).sum()) if fit.converged else pd.NA,
        "minus_two_log_likelihood": 0.0 - 2.0 * fit.log_likelihood,
        "block_chi2": block_test.chi2,
        "block_df": block_test.df,
        "block_p": block_test.p,
        "model_chi2": model_test.chi2,
        "model_df": model_test.df,
        "model_p": model_test.p,
        **_fit_measures(design, fit),
        "converged": fit.converged,
        "distance_to_maximum": float(np.round(fit.distance, NOISE_DECIMALS)),
    }


def _fit_measures(design: Design, fit: Fit) -> Row:
    """Information criteria, counting a dispersion that was estimated, and the dispersion itself."""
    alpha, error = fit.dispersion or (np.nan, np.nan)
    n_parameters = fit.estimability.rank + int(np.isfinite(error))
    deviance = -2 * fit.log_likelihood
    return {
        "alpha": alpha,
        "aic": deviance + 2 * n_parameters,
        "bic": deviance + np.log(max(design.n, 1)) * n_parameters,
    }
