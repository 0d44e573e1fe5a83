"""Least squares and rates with errors that ask little of the data: the sandwich, one observation a person.

Belongs here: both fits on a design matrix. Not here: the published families (`fitting`), errors by provider
(`robustness/clustered_errors`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.negative_binomial import POISSON

TOO_FEW = "the model has no more cases than coefficients"
NOT_TOLD_APART = "the model's terms cannot be told apart in these cases"


@dataclass(frozen=True)
class RobustFit:
    """Estimates and their robust covariance (columns of the matrix); NaN, with `failure`, where there are none."""

    estimates: Vector
    covariance: Matrix
    failure: str = ""


def least_squares(matrix: Matrix, outcome: Vector) -> RobustFit:
    """Ordinary least squares (cases x columns) with White's covariance, times n / (n - columns) (HC1)."""
    why = _unfit(matrix)
    if why:
        return _none(matrix, why)
    inverse = np.linalg.pinv(matrix)
    estimates = inverse @ outcome
    scores = inverse.T * (outcome - matrix @ estimates)[:, None]
    n, width = matrix.shape
    return RobustFit(estimates, n / (n - width) * scores.T @ scores)


def rates(matrix: Matrix, events: Vector) -> RobustFit:
    """Log rate ratios of recurrent events, everybody followed equally long (Lin, Wei, Yang and Ying 2000).

    Then the proportional rates model is Poisson's with the sandwich: the mean is modelled, and neither independence of
    a person's events nor their variance is supposed.
    """
    fit = fit_family(POISSON, matrix, events)
    if _unfit(matrix) or fit.failure or not np.isfinite(fit.estimates).all():
        return _none(matrix, _unfit(matrix) or fit.failure or NOT_TOLD_APART)
    root = np.sqrt(fit.fitted)[:, None]
    bread = np.linalg.pinv(root * matrix)
    bread = bread @ bread.T
    scores = matrix * (events - fit.fitted)[:, None]
    return RobustFit(fit.estimates, bread @ (scores.T @ scores) @ bread)


def _unfit(matrix: Matrix) -> str:
    n, width = matrix.shape
    if n <= width:
        return TOO_FEW
    return "" if np.linalg.matrix_rank(matrix) == width else NOT_TOLD_APART


def _none(matrix: Matrix, why: str) -> RobustFit:
    width = matrix.shape[1]
    return RobustFit(np.full(width, np.nan), np.full((width, width), np.nan), why)
