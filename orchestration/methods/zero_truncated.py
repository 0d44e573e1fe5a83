"""Zero-truncated negative binomial regression, the sensitivity analysis of the number of reoffences.

Belongs here: the likelihood of counts that cannot be zero. Not here: the published models. A reoffender has at
least one reoffence, so the published negative binomial is misspecified; this model is not.

The likelihood is our own: statsmodels' needs numerical second derivatives, too slow for a test of every term.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.fitting import Family, FamilyFit
from orchestration.methods.maximum_likelihood import Matrix, Vector, best
from orchestration.methods.negative_binomial import (
    NOT_MAXIMISED,
    moment_alpha,
    poisson_maximum,
    starting_alphas,
)

# Beyond, the likelihood is flat in alpha and the estimate is that of another model (trap 3).
LARGEST_LOG_ALPHA = 6.0
AT_THE_EDGE = "the dispersion runs to the edge of what can be told (|ln alpha| > 6)"


@dataclass(frozen=True)
class _Derivatives:
    """Each case's log-likelihood and its derivatives in eta = ln mu (`e`) and lambda = ln alpha (`l`)."""

    value: Vector
    e: Vector
    l: Vector  # noqa: E741
    ee: Vector
    el: Vector
    ll: Vector


def _derivatives(outcome: Vector, eta: Vector, log_alpha: float) -> _Derivatives:
    """With theta = 1 / alpha: the NB2 log-probability less ln(1 - P0), ln P0 = -theta ln(1 + mu / theta)."""
    from scipy.special import digamma, gammaln, polygamma

    y, mu, theta = outcome, np.exp(eta), np.exp(-log_alpha)
    total = theta + mu
    log_p0 = -theta * np.log1p(mu / theta)
    value = gammaln(y + theta) - gammaln(theta) - gammaln(y + 1) + log_p0 + y * np.log(mu / total)
    by_theta = digamma(y + theta) - digamma(theta) - np.log1p(mu / theta) + (mu - y) / total
    by_theta2 = polygamma(1, y + theta) - polygamma(1, theta) + mu / (theta * total) - (mu - y) / total**2
    odds = 1.0 / np.expm1(-log_p0)  # P0 / (1 - P0)
    p0_e, p0_t = -theta * mu / total, -np.log1p(mu / theta) + mu / total
    e = theta * (y - mu) / total + odds * p0_e
    t = by_theta + odds * p0_t
    ee = -theta * mu * (y + theta) / total**2 - odds * theta**2 * mu / total**2 + odds * (1 + odds) * p0_e**2
    et = (y - mu) * mu / total**2 - odds * mu**2 / total**2 + odds * (1 + odds) * p0_e * p0_t
    tt = by_theta2 + odds * mu**2 / (theta * total**2) + odds * (1 + odds) * p0_t**2
    return _Derivatives(
        value - np.log(-np.expm1(log_p0)), e, -theta * t, ee, -theta * et, theta**2 * tt + theta * t
    )


@dataclass(frozen=True)
class ZeroTruncatedNegativeBinomial:
    """The log-likelihood of (coefficients, ln alpha) for counts of one or more."""

    outcome: Vector
    columns: Matrix

    def loglike(self, params: Vector) -> float:
        return float(self._at(params).value.sum())

    def score(self, params: Vector) -> Vector:
        at = self._at(params)
        return np.append(self.columns.T @ at.e, at.l.sum())

    def hessian(self, params: Vector) -> Matrix:
        at = self._at(params)
        cross = self.columns.T @ at.el
        inner = self.columns.T @ (self.columns * at.ee[:, None])
        return np.block([[inner, cross[:, None]], [cross[None, :], np.array([[at.ll.sum()]])]])

    def _at(self, params: Vector) -> _Derivatives:
        with np.errstate(all="ignore"):
            return _derivatives(self.outcome, self.columns @ params[:-1], float(params[-1]))


def _fit(columns: Matrix, outcome: Vector) -> FamilyFit:
    poisson = poisson_maximum(columns, outcome)
    moment = moment_alpha(outcome, np.exp(columns @ poisson.params))
    starts = (np.append(poisson.params, np.log(alpha)) for alpha in starting_alphas(moment))
    maximum = best(ZeroTruncatedNegativeBinomial(outcome, columns), starts)
    if abs(maximum.params[-1]) > LARGEST_LOG_ALPHA:
        return FamilyFit(maximum, failure=AT_THE_EDGE)
    if not maximum.is_accepted:
        return FamilyFit(maximum, failure=NOT_MAXIMISED)
    alpha = float(np.exp(maximum.params[-1]))
    return FamilyFit(maximum, (alpha, alpha * float(np.sqrt(maximum.covariance[-1, -1]))))


ZERO_TRUNCATED = Family("zero_truncated_negative_binomial", 1.0, np.exp, _fit)
