"""Fitting one model of a family to a matrix, whatever the data are like.

Belongs here: the way from a design matrix through estimability and a well-conditioned fit back to
coefficients in their own units. Not here: the likelihoods (`logistic`, `negative_binomial`,
`zero_truncated`), and tests between models (`significance`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from orchestration.methods.statistics.estimability import CONSTANT, TOO_FEW, Estimability, assess
from orchestration.methods.statistics.maximum_likelihood import Matrix, Maximum, Vector

UNFITTABLE = {
    TOO_FEW: "the model has no more cases than coefficients",
    CONSTANT: "every case has the same outcome",
}


@dataclass(frozen=True)
class FamilyFit:
    """What a family's likelihood gives on a full-rank matrix; `dispersion` is (alpha, standard error)."""

    maximum: Maximum
    dispersion: tuple[float, float] | None = None
    failure: str = ""


@dataclass(frozen=True)
class Family:
    """A kind of model. `floor`: its smallest count, None for 0/1 outcomes; `mean`: the inverse link."""

    name: str
    floor: float | None
    mean: Callable[[Vector], Vector]
    fit: Callable[[Matrix, Vector], FamilyFit]


@dataclass(frozen=True)
class Fit:
    """A fitted model. `estimates` and `covariance` are NaN for coefficients that are not estimable.

    `covariance` is of the coefficients, from the joint observed information where there is a dispersion.
    `fitted` is each case's mean (probability); `failure` says why there are no estimates at all, if so.
    """

    family: str
    estimability: Estimability
    estimates: Vector
    covariance: Matrix
    fitted: Vector
    log_likelihood: float
    distance: float
    dispersion: tuple[float, float] | None
    failure: str

    @property
    def converged(self) -> bool:
        return self.failure == ""

    @property
    def separates(self) -> bool:
        return not self.estimability.rows.all()


def fit_family(family: Family, matrix: Matrix, outcome: Vector, may_separate: bool = True) -> Fit:
    """Fit a family to a design matrix (cases x columns) and outcome (cases).

    Separated cases are set aside (their limit contribution to the log-likelihood is nought); the rest is
    fitted on orthonormal columns, because raw ones lead optimisers astray, and brought back to the columns'
    own units. `may_separate` is False for a model within one that does not separate.
    """
    return fit_assessed(family, matrix, outcome, assess(matrix, outcome, family.floor, may_separate))


def fit_assessed(family: Family, matrix: Matrix, outcome: Vector, found: Estimability) -> Fit:
    """The same where `found` is known: what `assess` says of this matrix and outcome for this family's floor."""
    if not found.basis.size:
        return _without_estimates(family, found, outcome)
    columns, to_own_units = orthonormal(matrix[np.ix_(found.rows, found.basis)])
    result = family.fit(columns, outcome[found.rows])
    if result.failure:
        return _failed(family, found, outcome, result.failure)
    kept = columns.shape[1]
    params, inner = result.maximum.params[:kept], result.maximum.covariance[:kept, :kept]
    fitted = outcome.copy()
    fitted[found.rows] = family.mean(columns @ params)
    return Fit(
        family=family.name,
        estimability=found,
        estimates=_spread(found, to_own_units @ params),
        covariance=_spread(found, to_own_units @ inner @ to_own_units.T),
        fitted=fitted,
        log_likelihood=result.maximum.log_likelihood,
        distance=result.maximum.distance,
        dispersion=result.dispersion,
        failure="",
    )


def _spread(found: Estimability, values: Vector) -> np.ndarray:
    """Values of the basis columns at their places among all columns, NaN where not estimable."""
    width = len(found.reasons)
    spread = np.full((width,) * values.ndim, np.nan)
    spread[np.ix_(*[found.basis] * values.ndim)] = values
    for axis in range(values.ndim):
        np.moveaxis(spread, axis, 0)[~found.estimable] = np.nan
    return spread


def _failed(family: Family, found: Estimability, outcome: Vector, failure: str) -> Fit:
    nothing, width = np.full_like(outcome, np.nan), len(found.reasons)
    unknown = np.full((width, width), np.nan)
    return Fit(family.name, found, unknown[0].copy(), unknown, nothing, np.nan, np.nan, None, failure)


def _without_estimates(family: Family, found: Estimability, outcome: Vector) -> Fit:
    """No case is left to fit; where every one is separated, the log-likelihood is 0 in the limit."""
    for reason, failure in UNFITTABLE.items():
        if reason in found.reasons:
            return _failed(family, found, outcome, failure)
    return replace(_failed(family, found, outcome, ""), fitted=outcome.copy(), log_likelihood=0.0)


def orthonormal(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Orthogonal columns of length sqrt(n), and the map of their coefficients to the given columns' own."""
    scale = np.sqrt(len(matrix))
    q, r = np.linalg.qr(matrix)
    return q * scale, np.linalg.inv(r) * scale


def constant_start(columns: Matrix, level: float) -> Vector:
    """The coefficients whose linear predictor is nearest to a constant level."""
    return columns.T @ np.full(len(columns), level) / len(columns)
