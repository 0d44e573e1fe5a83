"""Fitting one model of a family to a matrix, whatever the data are like.

Belongs here: the way from a design matrix through estimability and a well-conditioned fit back to coefficients
in their own units. Not here: the likelihoods (`logistic`, `negative_binomial`, `zero_truncated`), and tests
between models (`significance`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.methods.estimability import Estimability, assess
from orchestration.methods.maximum_likelihood import Matrix, Maximum, Vector


@dataclass(frozen=True)
class FamilyFit:
    """What a family's likelihood gives on a full-rank matrix; `dispersion` is (alpha, standard error)."""

    maximum: Maximum
    dispersion: tuple[float, float] | None = None
    failure: str = ""


@dataclass(frozen=True)
class Family:
    """A kind of model. `floor`: the smallest count it knows, None for 0/1 outcomes."""

    name: str
    floor: float | None
    fit: Callable[[Matrix, Vector], FamilyFit]


@dataclass(frozen=True)
class Fit:
    """A fitted model. `estimates` and `covariance` are NaN for coefficients that are not estimable.

    `covariance` is of the coefficients, from the joint observed information where there is a dispersion.
    `failure` says why there are no estimates at all, if so; `rows` marks the cases that are not separated.
    """

    family: str
    estimability: Estimability
    estimates: Vector
    covariance: Matrix
    log_likelihood: float
    distance: float
    dispersion: tuple[float, float] | None
    failure: str

    @property
    def converged(self) -> bool:
        return self.failure == ""

    @property
    def is_estimable(self) -> np.ndarray:
        return np.isfinite(self.estimates)


def fit_family(family: Family, matrix: Matrix, outcome: Vector) -> Fit:
    """Fit a family to a design matrix (cases x columns) and outcome (cases).

    Separated cases are set aside (their limit contribution to the log-likelihood is nought); the rest is
    fitted on orthonormal columns, because raw ones lead optimisers astray, and brought back to the columns'
    own units.
    """
    found = assess(matrix, outcome, family.floor)
    if not found.basis.size:
        return _unfitted(family, found, "" if found.rows.size else "no case")
    columns, to_own_units = orthonormal(matrix[np.ix_(found.rows, found.basis)])
    fitted = family.fit(columns, outcome[found.rows])
    width = matrix.shape[1]
    estimates, covariance = np.full(width, np.nan), np.full((width, width), np.nan)
    if not fitted.failure:
        kept = columns.shape[1]
        estimates[found.basis] = to_own_units @ fitted.maximum.params[:kept]
        inner = to_own_units @ fitted.maximum.covariance[:kept, :kept] @ to_own_units.T
        covariance[np.ix_(found.basis, found.basis)] = inner
        estimates[~found.estimable] = np.nan
        covariance[~found.estimable, :] = covariance[:, ~found.estimable] = np.nan
    return Fit(
        family=family.name,
        estimability=found,
        estimates=estimates,
        covariance=covariance,
        log_likelihood=fitted.maximum.log_likelihood if not fitted.failure else np.nan,
        distance=fitted.maximum.distance,
        dispersion=fitted.dispersion if not fitted.failure else None,
        failure=fitted.failure,
    )


def orthonormal(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Orthogonal columns of length sqrt(n), and the map of their coefficients to the given columns' own."""
    scale = np.sqrt(len(matrix))
    q, r = np.linalg.qr(matrix)
    return q * scale, np.linalg.inv(r) * scale


def constant_start(columns: Matrix, level: float) -> Vector:
    """The coefficients whose linear predictor is nearest to a constant level."""
    return columns.T @ np.full(len(columns), level) / len(columns)


def _unfitted(family: Family, found: Estimability, failure: str) -> Fit:
    width = len(found.reasons)
    unknown = np.full((width, width), np.nan)
    return Fit(family.name, found, np.full(width, np.nan), unknown, 0.0, np.nan, None, failure)
