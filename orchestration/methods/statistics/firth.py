"""Firth's bias-reduced logistic regression, shown beside a logistic model that has infinite estimates.

Belongs here: finite estimates under separation (trap 1 of docs/statistics.md). Not here: published models.
The p-value is the penalised likelihood ratio's and the interval its profile, so that both are of one method.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.methods.statistics.estimability import INFINITE, Estimability
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector

MAX_ITERATIONS = 500
# The first is met unless rounding stops the iteration short of it.
TOLERANCES = (1e-7, 1e-5)


@dataclass(frozen=True)
class FirthFit:
    """One value a column, NaN where it is empty or aliased or nothing converged; limits on the log odds."""

    estimates: Vector
    std_errors: Vector
    p: Vector
    low: Vector
    high: Vector
    penalised_log_likelihood: float
    converged: bool


def fit_firth(matrix: Matrix, outcome: Vector, found: Estimability, significance_level: float) -> FirthFit:
    """Fit columns that span a separated logistic model's; those that are empty or aliased have no estimate.

    `matrix` is cases x columns with the intercept first, `outcome` 0/1, `found` what `assess` says of them. Of columns
    that stand in for each other the earlier stay in the model, or it would be another. Columns are brought to a
    largest absolute value of one, which leaves the penalty and the profiles unchanged.
    """
    width, kept = matrix.shape[1], found.spanning
    is_told = np.array([reason in ("", INFINITE) for reason in found.reasons])
    scale = np.abs(matrix[:, kept]).max(axis=0)
    columns = matrix[:, kept] / scale
    try:
        model, limits = _maximise(columns, outcome, significance_level)
    except np.linalg.LinAlgError:  # columns so nearly aliased that the weighted ones are
        nothing = np.full(width, np.nan)
        return FirthFit(nothing, nothing, nothing, nothing, nothing, np.nan, converged=False)

    def spread(values: Vector, unit: Vector | float) -> Vector:
        everywhere = np.full(width, np.nan)
        everywhere[kept] = values / unit if model.converged_ else np.nan
        return np.where(is_told, everywhere, np.nan)

    return FirthFit(
        estimates=spread(model.coef_, scale),
        std_errors=spread(_std_errors(columns, model.coef_), scale),
        p=spread(model.lrt_pvalues_, 1.0),
        low=spread(limits[:, 0], scale),
        high=spread(limits[:, 1], scale),
        penalised_log_likelihood=float(model.loglik_) if model.converged_ else np.nan,
        converged=bool(model.converged_),
    )


def _maximise(columns: Matrix, outcome: Vector, significance_level: float) -> tuple[Any, Matrix]:
    """The fitted model with its tests, and the limits of the profiles; NaN where a profile has no end."""
    from firthmodels import FirthLogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what did not converge shows in `converged_` or as NaN
        for tolerance in TOLERANCES:
            model = FirthLogisticRegression(
                backend="numpy", max_iter=MAX_ITERATIONS, gtol=tolerance, xtol=tolerance, fit_intercept=False
            )
            if model.fit(columns, outcome.astype(int)).converged_:
                break
        # Rounding can stop a test's step-halving short of its top: it is then made again with whole steps.
        model.lrt().set_params(max_halfstep=0).lrt()
        strict, loose = (
            model.conf_int(significance_level, "pl", max_iter=MAX_ITERATIONS, tol=tolerance) for tolerance in TOLERANCES
        )
    return model, np.where(np.isnan(strict), loose, strict)


def _std_errors(columns: Matrix, estimates: Vector) -> Vector:
    """From the Fisher information at the estimates, as brglm2; the library's own use augmented weights."""
    probability = 1.0 / (1.0 + np.exp(-(columns @ estimates)))
    information = columns.T @ (columns * (probability * (1 - probability))[:, None])
    return np.sqrt(np.diag(np.linalg.inv(information)))
