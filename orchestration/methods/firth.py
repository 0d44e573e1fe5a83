"""Firth's bias-reduced logistic regression, shown beside a logistic model that has infinite estimates.

Belongs here: finite estimates under separation (trap 1 of docs/statistics.md). Not here: published models.
The p-value is the penalised likelihood ratio's and the interval its profile, so that both are of one method.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from orchestration.methods.estimability import ALIASED, EMPTY, Estimability
from orchestration.methods.maximum_likelihood import Matrix, Vector

MAX_ITERATIONS = 500
TOLERANCE = 1e-7


@dataclass(frozen=True)
class FirthFit:
    """One value a column, NaN where the column is empty or aliased; `low` and `high` on the logit scale."""

    estimates: Vector
    std_errors: Vector
    p: Vector
    low: Vector
    high: Vector
    penalised_log_likelihood: float
    converged: bool


def fit_firth(matrix: Matrix, outcome: Vector, found: Estimability, significance_level: float) -> FirthFit:
    """Fit the columns of a separated logistic model that are neither empty nor aliased.

    `matrix` is cases x columns with the intercept first, `outcome` 0/1. Columns are brought to a largest
    absolute value of one, which leaves the penalty and the profiles unchanged.
    """
    from firthmodels import FirthLogisticRegression

    width = matrix.shape[1]
    kept = [column for column in range(width) if found.reasons[column] not in (EMPTY, ALIASED)]
    scale = np.abs(matrix[:, kept]).max(axis=0)
    model = FirthLogisticRegression(
        backend="numpy", max_iter=MAX_ITERATIONS, gtol=TOLERANCE, xtol=TOLERANCE, fit_intercept=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what did not converge shows as NaN or in `converged`
        model.fit(matrix[:, kept] / scale, outcome.astype(int)).lrt()
        # Near the top, rounding can stop step-halving short: such a test is made again with whole steps.
        model.set_params(max_halfstep=0).lrt()
        limits = model.conf_int(significance_level, "pl", max_iter=MAX_ITERATIONS, tol=TOLERANCE)

    def spread(values: Vector, unit: Vector | float) -> Vector:
        everywhere = np.full(width, np.nan)
        everywhere[kept] = values / unit
        return everywhere

    return FirthFit(
        estimates=spread(model.coef_, scale),
        std_errors=spread(_std_errors(matrix[:, kept] / scale, model.coef_), scale),
        p=spread(model.lrt_pvalues_, 1.0),
        low=spread(limits[:, 0], scale),
        high=spread(limits[:, 1], scale),
        penalised_log_likelihood=float(model.loglik_),
        converged=bool(model.converged_),
    )


def _std_errors(columns: Matrix, estimates: Vector) -> Vector:
    """From the Fisher information at the estimates, as brglm2; the library's own use augmented weights."""
    probability = 1.0 / (1.0 + np.exp(-(columns @ estimates)))
    information = columns.T @ (columns * (probability * (1 - probability))[:, None])
    return np.sqrt(np.diag(np.linalg.inv(information)))
