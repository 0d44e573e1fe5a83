"""Hundreds of refits without a linear programme each.

Belongs here: a logistic fit by Newton's steps with their proof that nothing is separated, and the full fit where that
does not hold. Not here: the steps (`statistics/newton`), the full fit (`statistics/fitting`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.fitting import Family, fit_family, orthonormal
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.newton import climb, logistic_value

LEAST_EIGENVALUE = 1e-6


@dataclass(frozen=True)
class Estimates:
    """Coefficients and their covariance, NaN where not estimable; `alpha` of counts; `failure` as a fit's."""

    estimates: Vector
    covariance: Matrix
    alpha: float | None = None
    failure: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every coefficient has an estimate."""
        return not self.failure and bool(np.isfinite(self.estimates).all())


def quick_fit(family: Family, matrix: Matrix, outcome: Vector) -> Estimates:
    """What `fit_family` estimates of a design matrix (cases x columns) and outcome, sooner where it can be."""
    found = _quick(matrix, outcome) if family == LOGISTIC else None
    if found is not None:
        return found
    fit = fit_family(family, matrix, outcome)
    return Estimates(fit.estimates, fit.covariance, fit.dispersion[0] if fit.dispersion else None, fit.failure)


def _quick(matrix: Matrix, outcome: Vector) -> Estimates | None:
    n, width = matrix.shape
    scale = np.abs(matrix).max(axis=0, initial=0.0)
    if n <= width or np.ptp(outcome) == 0 or not scale.all():
        return None
    scaled = matrix / scale
    if np.linalg.eigvalsh(scaled.T @ scaled / n)[0] < LEAST_EIGENVALUE:
        return None
    columns, to_own_units = orthonormal(scaled)
    top = climb(lambda params: logistic_value(columns, outcome, params), np.zeros(width))
    if top is None:
        return None
    back = to_own_units / scale[:, None]
    return Estimates(back @ top[0], back @ top[1] @ back.T)
