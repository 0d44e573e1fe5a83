"""Weighted regressions: pseudo-likelihood estimates and their sandwich standard errors.

Belongs here: the published kinds of model (logistic, Poisson, NB2) with a weight a case. Not here: where weights
come from (`linkage.linkage_weights`), and the unweighted models.

Estimates maximise the weighted sum of the cases' log-likelihoods. Their covariance is Huber and White's sandwich
without a small-sample factor (HC0): H^-1 (sum of w^2 s s') H^-1, with H the weighted observed information and s a
case's score; for NB2 jointly over coefficients and ln alpha. Weights count as known. A weighted log-likelihood is
not a likelihood, so there is no likelihood-ratio test; multiplying all weights by a number changes no estimate
and no standard error.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from orchestration.methods.statistics.dispersed_counts import Contribution, DispersedCounts, log_probability
from orchestration.methods.statistics.estimability import Estimability, assess
from orchestration.methods.statistics.fitting import Family, FamilyFit, Fit, constant_start, fit_assessed
from orchestration.methods.statistics.maximum_likelihood import Matrix, Maximum, Vector, maximise
from orchestration.methods.statistics.negative_binomial import (
    NO_OVERDISPERSION,
    NOT_MAXIMISED,
    dispersion_of,
    highest_dispersed,
    is_without_dispersion,
)

Triple = tuple[Vector, Vector, Vector]


@dataclass(frozen=True)
class WeightedMeans:
    """The weighted log-likelihood of a one-parameter family.

    `pieces` gives each case's log-likelihood and its first two derivatives by the linear predictor.
    """

    outcome: Vector
    columns: Matrix
    weights: Vector
    pieces: Callable[[Vector, Vector], Triple]

    def loglike(self, params: Vector) -> float:
        return float(self.weights @ self._at(params)[0])

    def score(self, params: Vector) -> Vector:
        return self.case_scores(params).sum(axis=0)

    def hessian(self, params: Vector) -> Matrix:
        return self.columns.T @ (self.columns * (self.weights * self._at(params)[2])[:, None])

    def case_scores(self, params: Vector) -> Matrix:
        """Each case's weighted score: cases x parameters."""
        return self.columns * (self.weights * self._at(params)[1])[:, None]

    def _at(self, params: Vector) -> Triple:
        return self.pieces(self.outcome, self.columns @ params)


def fit_weighted(
    family: str, matrix: Matrix, outcome: Vector, weights: Vector, found: Estimability | None = None
) -> Fit:
    """Fit a kind of model (a `Family`'s name) to cases with weights (all above 0).

    `matrix` is cases x columns. Estimability is that of the unweighted model: weights move no case to the other
    side; `found` is it, where known. `covariance` and the dispersion's error are the sandwich's;
    `log_likelihood` is the weighted one.
    Raises KeyError for a kind without weights here, ValueError for a weight that is not a number above 0.
    """
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("a weight is not a number above 0")
    kind = WEIGHTED[family]
    found = found or assess(matrix, outcome, kind.floor)
    used = weights[found.rows]
    weighted = Family(family, kind.floor, kind.mean, lambda columns, y: kind.fit(columns, y, used))
    return fit_assessed(weighted, matrix, outcome, found)


def sandwich(bread: Matrix, case_scores: Matrix) -> Matrix:
    """Huber (1967) and White (1980): `bread` is the inverse observed information, `case_scores` cases x params."""
    return bread @ (case_scores.T @ case_scores) @ bread


def _log_odds(y: Vector, eta: Vector) -> Triple:
    p = 1.0 / (1.0 + np.exp(-eta))
    return y * eta - np.logaddexp(0.0, eta), y - p, -p * (1.0 - p)


def _log_mean(y: Vector, eta: Vector) -> Triple:
    from scipy.special import gammaln

    mu = np.exp(eta)
    return y * eta - mu - gammaln(y + 1), y - mu, -mu


def _robust(likelihood: WeightedMeans, maximum: Maximum) -> FamilyFit:
    covariance = sandwich(maximum.covariance, likelihood.case_scores(maximum.params))
    robust = replace(maximum, covariance=covariance)
    return FamilyFit(robust, failure="" if robust.is_accepted else NOT_MAXIMISED)


def _fit_logistic(columns: Matrix, outcome: Vector, weights: Vector) -> FamilyFit:
    likelihood = WeightedMeans(outcome, columns, weights, _log_odds)
    return _robust(likelihood, maximise(likelihood, np.zeros(columns.shape[1])))


def _poisson(columns: Matrix, outcome: Vector, weights: Vector) -> tuple[WeightedMeans, Maximum]:
    likelihood = WeightedMeans(outcome, columns, weights, _log_mean)
    start = constant_start(columns, np.log(np.average(outcome, weights=weights)))
    return likelihood, maximise(likelihood, start)


def _fit_poisson(columns: Matrix, outcome: Vector, weights: Vector) -> FamilyFit:
    return _robust(*_poisson(columns, outcome, weights))


def _fit_negative_binomial(columns: Matrix, outcome: Vector, weights: Vector) -> FamilyFit:
    """Fails with NO_OVERDISPERSION as the unweighted model does: where no alpha gains anything."""
    _, poisson = _poisson(columns, outcome, weights)
    if not poisson.is_accepted:
        return FamilyFit(poisson, failure=NOT_MAXIMISED)
    mean = np.exp(columns @ poisson.params)
    moment = float((weights @ ((outcome - mean) ** 2 - outcome)) / (weights @ mean**2))
    likelihood = DispersedCounts(outcome, columns, (_weighted_piece(weights),))
    maximum = highest_dispersed(likelihood, poisson.params, moment)
    if is_without_dispersion(maximum, poisson.log_likelihood):
        return FamilyFit(poisson, failure=NO_OVERDISPERSION)
    if not maximum.is_accepted:
        return FamilyFit(maximum, failure=NOT_MAXIMISED)
    scores = _joint_scores(columns, outcome, weights, maximum.params)
    robust = replace(maximum, covariance=sandwich(maximum.covariance, scores))
    return FamilyFit(robust, dispersion_of(robust))


def _weighted_piece(weights: Vector) -> Callable[[Vector, Vector, float], Contribution]:
    return lambda y, mu, theta: log_probability(y, mu, theta).times(weights)


def _joint_scores(columns: Matrix, outcome: Vector, weights: Vector, params: Vector) -> Matrix:
    """Each case's weighted score by the coefficients and ln alpha."""
    theta = float(np.exp(-params[-1]))
    at = _weighted_piece(weights)(outcome, np.exp(columns @ params[:-1]), theta)
    return np.column_stack([columns * at.e[:, None], -theta * at.t])


@dataclass(frozen=True)
class _Kind:
    floor: float | None
    mean: Callable[[Vector], Vector]
    fit: Callable[[Matrix, Vector, Vector], FamilyFit]


WEIGHTED = {
    "logistic": _Kind(None, lambda eta: 1.0 / (1.0 + np.exp(-eta)), _fit_logistic),
    "poisson": _Kind(0.0, np.exp, _fit_poisson),
    "negative_binomial": _Kind(0.0, np.exp, _fit_negative_binomial),
}
